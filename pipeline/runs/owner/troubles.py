"""What is wrong now: found after each pass, kept in the store, told if it lasts.

    a pass's report, the outbox, the disks → troubles → the store → letters to the owner

A trouble has a short name that stays while it lasts, `site:blog` or `disk`, so that one
that stays is told once, and one that comes back is told anew. It is kept in the store:
`once` by cron knows what the last one knew, and no restart tells anything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.base.clock import Clock, to_micros
from pipeline.base.errors import PressroomError, StoreError
from pipeline.config.settings import Configuration
from pipeline.config.values import parse_duration
from pipeline.outbox.batch import Place
from pipeline.runs.events import Events
from pipeline.runs.owner.measures import OutboxMeasures, measure_disks, measure_outbox
from pipeline.runs.pace import Halted
from pipeline.runs.report import Report
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Database, Transaction
from pipeline.store.standing import (
    LastPass,
    Scan,
    Trouble,
    end_trouble,
    find_last_pass,
    last_scans,
    note_told,
    put_pass,
    put_scans,
    put_trouble,
    standing_troubles,
)

PASS = "pass"
"""The trouble that a pass is in which ended in a fault of ours."""

_JOB = "job:"

ROOM_AGAIN = 1.25
"""How many times `owner.alert_free_bytes` must be free until a disk has room again:
one that goes up and down around it has not."""

KEPT_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Keeps an eye on troubles, with what it is given of a run."""

    database: Database
    configuration: Configuration
    events: Events
    clock: Clock

    @contextmanager
    def noting_faults(self) -> Iterator[None]:
        """Keep that a pass ended in a fault of ours, and let it through."""
        try:
            yield
        except (PressroomError, Halted):
            raise
        except Exception as error:
            fault = self._new(PASS, f"{type(error).__name__}: {error}")
            with suppress(StoreError):
                self._tell(lambda tx: self._note(tx, [fault]))
            raise

    def note_pass(self, report: Report, begun: datetime) -> None:
        """Keep how a pass was that ends now, and what it found of each site.

        One that did nothing, and finds what the last one found, is kept once a minute:
        an idle daemon writes no more than that. Raises StoreError.
        """
        now = self.clock.now()
        scans = {
            site.site: Scan(
                site=site.site,
                time=now,
                posts=site.found,
                public=site.live,
                faults=site.faults,
                warnings=site.warnings,
            )
            for site in report.sites
        }
        last = LastPass(ended=now, took=now - begun, exit_status=report.exit_status())
        with self.database.transaction() as tx:
            before, known = find_last_pass(tx), last_scans(tx)
            if (
                before
                and not _has_done_something(report, begun)
                and _is_fresh(before, known, last, scans)
            ):
                return
            sites = [site.name for site in self.configuration.sites]
            put_scans(tx, scans.values(), sites)
            put_pass(tx, last)

    def look(self, report: Report, jobs: Mapping[str, str] | None) -> None:
        """Keep what is wrong after a pass, and forget what is not any more.

        `jobs` are those of the daemon that fail, each with its error. A pass that has
        none, since it is no daemon's, leaves those that are known alone. Raises
        StoreError.
        """
        with self.database.transaction() as tx:
            known = {trouble.name for trouble in standing_troubles(tx)}
        found = [
            *(self._new(name, what) for name, what in report.troubles.items()),
            *(self._new(f"{_JOB}{name}", what) for name, what in (jobs or {}).items()),
            *self._in_outbox(measure_outbox(self.configuration)),
            *self._on_disks(measure_disks(self.configuration), "disk" in known),
        ]
        over = known - {trouble.name for trouble in found}
        if jobs is None:
            over = {name for name in over if not name.startswith(_JOB)}
        self._tell(lambda tx: [*self._note(tx, found), *self._end(tx, over)])

    def _new(self, name: str, what: str) -> Trouble:
        return Trouble(
            name=name, what="; ".join(what.splitlines()), since=self.clock.now()
        )

    def _tell(self, keep: Callable[[Transaction], list[Callable[[], None]]]) -> None:
        """Commit what is to be kept, and tell events after it."""
        with self.database.transaction() as tx:
            events = keep(tx)
        for tell in events:
            tell()

    def _note(self, tx: Transaction, found: list[Trouble]) -> list[Callable[[], None]]:
        """Keep what was found; return what is to be told in the log."""
        events: list[Callable[[], None]] = []
        known = {trouble.name: trouble for trouble in standing_troubles(tx)}
        now = self.clock.now()
        patience = parse_duration(self.configuration.owner.alert_after)
        for trouble in found:
            before = known.get(trouble.name)
            since = before.since if before else trouble.since
            if before is None:
                events.append(_began(self.events, trouble))
            if before is None or before.what != trouble.what:
                put_trouble(tx, trouble)
            if not (before and before.told) and now - since >= patience:
                self._write(tx, "trouble", trouble, since)
                note_told(tx, trouble.name)
                events.append(_told(self.events, trouble, since))
        return events

    def _end(self, tx: Transaction, over: set[str]) -> list[Callable[[], None]]:
        """Forget what is over, and tell the owner who was told of it."""
        events: list[Callable[[], None]] = []
        for trouble in standing_troubles(tx):
            if trouble.name not in over:
                continue
            if trouble.told:
                self._write(tx, "relief", trouble, trouble.since)
            end_trouble(tx, trouble.name)
            events.append(_over(self.events, trouble, self.clock.now()))
        return events

    def _write(
        self, tx: Transaction, kind: str, trouble: Trouble, since: datetime
    ) -> None:
        now, zone = self.clock.now(), ZoneInfo(self.configuration.sites[0].zone)
        subject, _, name = trouble.name.partition(":")
        values = {
            "kind": subject,
            "name": name,
            "what": trouble.what,
            "since": f"{since.astimezone(zone):%Y-%m-%d %H:%M}",
            "now": f"{now.astimezone(zone):%Y-%m-%d %H:%M}",
            "outbox": str(self.configuration.outbox.folder),
        }
        key = f"{kind} {trouble.name} {to_micros(since)}"
        tell_owner(tx, Event(key=key, kind=kind, values=values), now)

    def _in_outbox(self, outbox: OutboxMeasures) -> Iterator[Trouble]:
        """Yield that no relay takes batches, since the oldest was made."""
        patience = parse_duration(self.configuration.owner.alert_after)
        oldest = outbox.oldest_waiting
        if oldest and self.clock.now() - oldest >= patience:
            n = outbox.batches[Place.NEW]
            batches = "1 batch waits" if n == 1 else f"{n:,} batches wait"
            yield Trouble(
                name="outbox", what=f"{batches} for a relay to take", since=oldest
            )

    def _on_disks(self, free: Mapping[str, int], was_full: bool) -> Iterator[Trouble]:
        """Yield that there is little room, where there is the least."""
        if not free:
            return
        place, octets = min(free.items(), key=lambda item: item[1])
        bound = self.configuration.owner.alert_free_bytes
        if octets < bound * (ROOM_AGAIN if was_full else 1):
            # In steps: each pass would find it changed, and write it down.
            megabytes = octets // 10_000_000 * 10
            yield self._new(
                "disk", f"about {megabytes:,} MB are free where the {place} lies"
            )


def _has_done_something(report: Report, begun: datetime) -> bool:
    return (
        report.changed()
        or report.mail_moved
        or any(hold.since >= begun for hold in report.holds)
    )


def _is_fresh(
    before: LastPass,
    known: Mapping[str, Scan],
    last: LastPass,
    scans: Mapping[str, Scan],
) -> bool:
    """Tell whether what is kept of the last pass says of this one what there is."""
    said = {name: replace(scan, time=last.ended) for name, scan in known.items()}
    return (
        said == dict(scans)
        and before.exit_status == last.exit_status
        and timedelta() <= last.ended - before.ended < KEPT_AGAIN
    )


def _began(events: Events, trouble: Trouble) -> Callable[[], None]:
    return lambda: events.trouble_began(trouble.name, trouble.what)


def _told(events: Events, trouble: Trouble, since: datetime) -> Callable[[], None]:
    return lambda: events.trouble_told(trouble.name, since)


def _over(events: Events, trouble: Trouble, now: datetime) -> Callable[[], None]:
    seconds = (now - trouble.since).total_seconds()
    return lambda: events.trouble_over(trouble.name, seconds)
