"""The outbox on the disk: stage, publish, recover. Knows nothing of the store.

    new/.NAME.ATTEMPT/   staged: hidden, being written or waiting for its seal
    new/NAME/            published: any relay may claim it
    new/.NAME.set-aside/ published, and hidden for the moment that its files change
    cur/NAME/            claimed by a relay
    sent/NAME/ failed/NAME/   finished

The protocol, whose every step a crash may follow (outbox/batch.py has the states):

    1  stage(name, attempt)      every file, the folder and new/ are on the disk
    2  the store commits `sealed`, naming the attempt, if is_staged(name, attempt)
    3  publish(name, attempt)    one rename within new/, then new/ is on the disk
    4  the store commits `handed`

The seal decides. After a crash `recover` does 3 for whatever is sealed, and removes the
stages that nobody sealed. What the files hold is told in outbox/README.md.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.base.errors import OutputError, UsageError
from pipeline.base.files import make_folder, rename_durably, sync_directory, telling
from pipeline.outbox.batch import About, Envelope, Place, issue_of
from pipeline.outbox.listing import read_listing
from pipeline.outbox.stage import write_stage

# The way a batch goes: looked through in this order, one on the move is never missed.
_WAY = (Place.NEW, Place.CUR, Place.SENT, Place.FAILED)

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_ATTEMPT = re.compile(r"[A-Za-z0-9]+")
_ASIDE = re.compile(r"\.(?P<name>[a-z0-9][a-z0-9-]*)\.set-aside")
_STAGE = re.compile(r"\.(?P<name>[a-z0-9][a-z0-9-]*)\.(?P<attempt>[A-Za-z0-9]+)(~?)")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What recovery did: names it published, and how many stages it removed.

    `gone` names the sealed batches that lie nowhere: a relay has finished them and they
    were swept, or somebody deleted them, which the owner should be told.
    """

    published: tuple[str, ...]
    gone: tuple[str, ...]
    removed: int


Gone = Callable[[str, Path], Iterable[int]]
"""Tells which members must not be in a batch, by its name and where it lies."""


def _nobody(_name: str, _stage: Path) -> Iterable[int]:
    return ()


class Spool:
    """One outbox folder. Every method raises OutputError when the disk refuses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def stage(
        self, name: str, attempt: str, envelopes: Iterable[Envelope], about: About
    ) -> int:
        """Write a batch under its hidden name, durably; return how many messages.

        `attempt` is letters and digits that no other attempt has (secrets.token_hex).
        When a message breaks the contract or the disk is full, what was written is
        removed, by `recover` at the latest.
        A name that a relay could have sent is refused: the store is then older than
        the outbox, and sending again would double.
        """
        self._refuse_public(name)
        stage = self._stage(name, attempt)
        for place in _WAY:
            make_folder(self.folder / place)
        with telling(stage):
            # It holds addresses and the readers' links to leave: nothing for others.
            stage.mkdir(mode=0o770)
        try:
            return write_stage(stage, name, envelopes, about)
        except BaseException:
            with suppress(OutputError):
                self.discard(name, attempt)
            raise

    def is_staged(self, name: str, attempt: str) -> bool:
        """Tell whether the stage is there: to be asked in the transaction that seals.

        Recovery in another process may have removed it since it was written.
        """
        return self._stage(name, attempt).is_dir()

    def publish(self, name: str, attempt: str, gone: Gone = _nobody) -> bool:
        """Make a sealed stage public; False when it was handed over before.

        Without those who are `gone`, given its name and its stage: call it in the write
        transaction that tells, so that whoever leaves later finds the batch public.
        In either case the rename is on the disk on return: it may have been the last
        thing a killed run did, and `handed` must not be committed ahead of it.
        """
        target, stage = self._at(Place.NEW, name), self._stage(name, attempt)
        try:
            if stage.is_dir():
                _withdraw(stage, gone(name, stage))
            rename_durably(stage, target)
        except FileNotFoundError:
            make_folder(target.parent)
            sync_directory(target.parent)
            return False
        return True

    def discard(self, name: str, attempt: str) -> None:
        """Remove a stage that is not sealed, whole or part, if it is there.

        One rename comes first, so that `is_staged` never says yes to a part of it.
        """
        stage = self._stage(name, attempt)
        doomed = stage.with_name(f"{stage.name}~")
        with suppress(FileNotFoundError):
            rename_durably(stage, doomed)
        _remove_tree(doomed)

    def leftovers(self) -> tuple[tuple[str, str], ...]:
        """Return name and attempt of every hidden stage, in order."""
        found = {
            (match["name"], match["attempt"])
            for entry in self._names(Place.NEW)
            if (match := _STAGE.fullmatch(entry))
        }
        return tuple(sorted(found))

    def recover(self, sealed: Mapping[str, str], gone: Gone = _nobody) -> Recovered:
        """Publish what is sealed, then remove every stage that no seal names.

        `sealed` maps names to attempts, `gone` is as for `publish`. Call it in the
        write transaction that read them, so that nothing is sealed meanwhile; mark them
        handed after it. Raises OutputError when there is no outbox where sealed batches
        should lie.
        """
        if sealed and not (self.folder / Place.NEW).is_dir():
            raise OutputError(
                f"{self.folder / Place.NEW} is missing, where finished batches lay "
                f"({', '.join(sealed)}): mount it again; if it is lost for good, make "
                "the folder anew, and they count as sent"
            )
        published = tuple(
            name for name in sealed if self.publish(name, sealed[name], gone)
        )
        lost = tuple(name for name in sealed if self.where(name) is Place.NOWHERE)
        doomed = [pair for pair in self.leftovers() if pair not in sealed.items()]
        for name, attempt in doomed:
            self.discard(name, attempt)
        return Recovered(published, lost, len(doomed))

    def where(self, name: str, attempt: str = "") -> Place:
        """Return where the batch lies: in public, or else as a stage of `attempt`."""
        for place in _WAY:
            if self._at(place, name).is_dir():
                return place
        staged = bool(attempt) and self.is_staged(name, attempt)
        return Place.STAGED if staged else Place.NOWHERE

    def unclaimed(self) -> tuple[str, ...]:
        """Return the names of the published batches that no relay has claimed."""
        return tuple(folder.name for folder in self.folders(Place.NEW))

    def waiting(self) -> int:
        """Return how many published batches no relay has claimed."""
        return len(self.unclaimed())

    def withdraw(self, name: str, member: int) -> bool:
        """Take one reader's message out of a published, unclaimed batch.

        The file is renamed from `.eml` to `.withdrawn`. False when the batch is not
        there (a relay has claimed it, perhaps just now) or has no such message left. A
        relay that claims between the look and the rename finds the file gone: one that
        vanishes under its hands was withdrawn.
        """
        return _withdraw(self._at(Place.NEW, name), [member])

    def set_aside(self, name: str) -> Path | None:
        """Hide a published, unclaimed batch, so that no relay takes it meanwhile.

        Returns its folder, or None when a relay has claimed it. `put_back` must follow,
        at the latest in the next run: `aside` names those that wait for it.
        """
        aside = self._aside(name)
        try:
            rename_durably(self._at(Place.NEW, name), aside)
        except FileNotFoundError:
            return None
        return aside

    def aside(self) -> tuple[str, ...]:
        """Return the names of the batches that are set aside."""
        found = map(_ASIDE.fullmatch, sorted(self._names(Place.NEW)))
        return tuple(match["name"] for match in found if match)

    def put_back(self, name: str, gone: Iterable[int]) -> None:
        """Publish a batch that is set aside again, without the readers who left.

        Call it in the write transaction that read them: whoever leaves later finds the
        batch in its place.
        """
        _withdraw(self._aside(name), gone)
        with suppress(FileNotFoundError):
            rename_durably(self._aside(name), self._at(Place.NEW, name))

    def folders(self, place: Place) -> tuple[Path, ...]:
        """Return the folders of the batches in a public place, in order of sending."""
        names = sorted(name for name in self._names(place) if _NAME.fullmatch(name))
        return tuple(self._at(place, name) for name in names)

    def claim(self, name: str) -> Path | None:
        """Take a published batch for sending; None when another relay has it.

        On return the claim is on the disk: only then may the first message go out.
        """
        claimed = self._at(Place.CUR, name)
        try:
            rename_durably(self._at(Place.NEW, name), claimed)
        except FileNotFoundError:
            return None
        return claimed

    def finish(self, name: str, *, failed: bool = False) -> None:
        """Move a claimed batch to sent/, or failed/. Raises UsageError if unclaimed."""
        done = Place.FAILED if failed else Place.SENT
        try:
            rename_durably(self._at(Place.CUR, name), self._at(done, name))
        except FileNotFoundError:
            raise UsageError(f"batch {name} is not claimed") from None

    def _at(self, place: Place, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a batch name: {name!r}")
        return self.folder / place / name

    def _stage(self, name: str, attempt: str) -> Path:
        if not _ATTEMPT.fullmatch(attempt):
            raise ValueError(f"not an attempt: {attempt!r}")
        return self._at(Place.NEW, name).with_name(f".{name}.{attempt}")

    def _aside(self, name: str) -> Path:
        return self._at(Place.NEW, name).with_name(f".{name}.set-aside")

    def _names(self, place: Place) -> list[str]:
        folder = self.folder / place
        with telling(folder), suppress(FileNotFoundError):
            return [entry.name for entry in folder.iterdir()]
        return []

    def _refuse_public(self, name: str) -> None:
        place = self.where(name)
        if place is not Place.NOWHERE:
            raise OutputError(
                f"{self._at(place, name)} is there already, although the store has not "
                "sealed it: the store looks older than the outbox (a backup?). If its "
                f"readers have it, `pressroom issue stop {issue_of(name)}` passes over "
                "the issue; if they have not, move that folder out of the outbox, and "
                "the next run sends it"
            )


def _withdraw(folder: Path, members: Iterable[int]) -> bool:
    """Rename readers' messages to `.withdrawn`; False when none of them is there."""
    asked, found = set(members), False
    with suppress(FileNotFoundError):
        listed = read_listing(folder) if asked else {}
        for member in sorted(asked.intersection(listed)):
            source = folder / listed[member]
            with suppress(FileNotFoundError):
                rename_durably(source, source.with_suffix(".withdrawn"))
                found = True
    return found


def _remove_tree(folder: Path) -> None:
    with telling(folder), suppress(FileNotFoundError):
        shutil.rmtree(folder)
