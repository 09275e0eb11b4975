"""Takes readers out of a batch for good: their files, and every line that names them.

    lines of journals → messages → batch.json → envelope.jsonl

The listing comes last, since it is what tells whose files they are: after a crash the
same call does the rest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.base.files import sync_directory, telling, write_whole
from pipeline.outbox.listing import LISTING, Line, read_lines
from pipeline.outbox.stage import ABOUT
from pipeline.subscribers.suppression import address_rule

_About = dict[str, Any]
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_OF_ONE_MESSAGE = re.compile(r"\d{8}\..+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to take out: the id they had, their address as a rule, and since when.

    A batch of an issue knows them by the id, whatever their address was then; a letter
    about joining by the address alone. One who was written to later has come back.
    """

    member: int
    rule: str
    begun: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """Whom to look for; `key` is that of the rules."""

    wanted: Collection[Wanted]
    key: bytes

    def find(self, folder: Path) -> set[Wanted]:
        """Return those whom the batch in `folder` still names.

        A batch that is moved away meanwhile holds nobody. Raises OutputError when its
        listing cannot be read.
        """
        return {wanted for wanted in self._lines(folder).values() if wanted}

    def members(self, folder: Path) -> set[int]:
        """Return what the batch in `folder` knows them by; nothing, and raises, so."""
        return {line.member for line, wanted in self._lines(folder).items() if wanted}

    def erase(self, folder: Path) -> None:
        """Remove all that the batch in `folder` holds of them.

        No relay may be at work in it. Raises FileNotFoundError when it is not there,
        and OutputError when the disk refuses.
        """
        lines, about = read_lines(folder), _read_about(folder)
        doomed = [line for line in lines if self._whom(line, about)]
        if doomed:
            _clean_journals(folder, [line.recipient for line in doomed])
            _remove_messages(folder, {Path(line.file).stem for line in doomed})
            _list(folder, [line for line in lines if line not in doomed], about)

    def _lines(self, folder: Path) -> dict[Line, Wanted | None]:
        with suppress(FileNotFoundError):
            about = _read_about(folder)
            return {line: self._whom(line, about) for line in read_lines(folder)}
        return {}

    def _whom(self, line: Line, about: _About) -> Wanted | None:
        rule = address_rule(self.key, line.recipient.casefold())
        for wanted in self.wanted:
            by_address = line.recipient and rule == wanted.rule
            if by_address and about.get("created", "") <= f"{wanted.begun:{_TIME}}":
                return wanted
            if about.get("issue") != 0 and line.member == wanted.member:
                return wanted
        return None


def _clean_journals(folder: Path, recipients: Iterable[str]) -> None:
    """Take the lines that name a reader out of whatever a relay has written there."""
    names = [recipient.lower().encode() for recipient in recipients]
    for path in _files(folder):
        if path.name in (LISTING, ABOUT) or _OF_ONE_MESSAGE.fullmatch(path.name):
            continue
        with telling(path, but=FileNotFoundError):
            data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        kept = [line for line in lines if not any(n in line.lower() for n in names)]
        if len(kept) < len(lines):
            write_whole(path, b"".join(kept))


def _remove_messages(folder: Path, stems: Collection[str]) -> None:
    """Remove the files of these messages: waiting, withdrawn, or renamed by a relay."""
    for path in _files(folder):
        if path.name.partition(".")[0] in stems:
            with telling(path), suppress(FileNotFoundError):
                path.unlink()
    sync_directory(folder)


def _list(folder: Path, lines: Collection[Line], about: _About) -> None:
    """Write what is left into the two files that tell what a batch holds."""
    listing = "".join(f"{line.json()}\n" for line in lines).encode("ascii")
    if about:
        told = about | {
            "count": len(lines),
            "octets": sum(line.size for line in lines),
            "envelope_sha256": hashlib.sha256(listing).hexdigest(),
        }
        data = json.dumps(told, indent=2).encode("ascii") + b"\n"
        write_whole(folder / ABOUT, data)
    write_whole(folder / LISTING, listing)


def _read_about(folder: Path) -> _About:
    """Return what batch.json says; nothing where there is none that can be read."""
    path = folder / ABOUT
    with suppress(FileNotFoundError, ValueError), telling(path, but=FileNotFoundError):
        record: _About = json.loads(path.read_bytes())
        return record
    return {}


def _files(folder: Path) -> list[Path]:
    with telling(folder, but=FileNotFoundError):
        return sorted(path for path in folder.iterdir() if path.is_file())
