"""One pass: what `pressroom once` does, and the daemon again and again.

    lock → recover → letters → collect → publish feeds → publish archives
         → clear stale files → mail out → sweep → troubles → letters to the owner

Whatever stops one site or newsletter is told at the end; the others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.base.clock import Clock, to_micros
from pipeline.base.errors import ConfigError, InputError, OutputError, StoreError
from pipeline.base.faults import Severity
from pipeline.base.files import make_folder
from pipeline.base.lock import exclusive_lock
from pipeline.config.settings import Configuration, SiteSettings
from pipeline.content.scan import POST_ENDINGS
from pipeline.outbox.spool import Spool
from pipeline.runs.events import Events
from pipeline.runs.issues.deliver import recover
from pipeline.runs.issues.editions import publish_archives
from pipeline.runs.issues.mailout import mail_out
from pipeline.runs.issues.mailroom import Mailroom
from pipeline.runs.issues.previewing import begin_shown_holds
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.owner.notices import find_notices
from pipeline.runs.owner.ownermail import send_owner_letters
from pipeline.runs.owner.troubles import Watch
from pipeline.runs.pace import TO_THE_END, Pace
from pipeline.runs.readers.joining import sweep_asks
from pipeline.runs.readers.letters import send_letters
from pipeline.runs.readers.retention import finish_readers, sweep
from pipeline.runs.report import Progress, Report, SiteReport
from pipeline.runs.sites.clearing import clear_feeds
from pipeline.runs.sites.collect import Collected, collect, rename_sites
from pipeline.runs.sites.composing import Compositor
from pipeline.runs.sites.memory import Memory
from pipeline.runs.sites.publish import publish
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Database, open_store
from pipeline.store.ownerletters import waiting_owner_letters
from pipeline.store.restores import open_restore


def run_once(configuration: Configuration, clock: Clock, progress: Progress) -> Report:
    """Do everything that is to be done now, and return what was done.

    Raises BusyError while another run is under way, StoreError when the store cannot
    be used; all else is in the report.
    """
    with closing(Works(configuration, clock)) as works:
        return works.run(progress)


class Works:
    """Makes pass after pass with one configuration, in one thread.

    Between passes the store stays open, so that `is_called` can tell that another
    process, or another thread of ours, has written to it.
    """

    def __init__(
        self, configuration: Configuration, clock: Clock, events: Events | None = None
    ) -> None:
        self.configuration = configuration
        self._clock = clock
        self._events = events or Events()
        self._store: Database | None = None
        self._memory = Memory()

    def run(
        self,
        progress: Progress,
        pace: Pace = TO_THE_END,
        jobs: Mapping[str, str] | None = None,
    ) -> Report:
        """Do what is to be done now, as far as `pace` goes, and return what was done.

        `jobs` are the daemon's own that fail, each with its error; who is no daemon
        has none to judge. Raises as `run_once` does, and Halted when `progress` does;
        the next pass goes on where this one ended.
        """
        store = self.configuration.store.path
        make_folder(store.parent)
        with exclusive_lock(store.with_name("lock")):
            try:
                return self._run(progress, pace, jobs)
            except StoreError:
                # What was opened while the disk failed may be for reading only.
                self.close()
                raise

    def _run(
        self, progress: Progress, pace: Pace, jobs: Mapping[str, str] | None
    ) -> Report:
        database, begun = self._open(), self._clock.now()
        watch = Watch(
            database=database,
            configuration=self.configuration,
            events=self._events,
            clock=self._clock,
        )
        compositor = Compositor.of(self.configuration, begun)
        run = _Run(
            configuration=self.configuration,
            database=database,
            compositor=compositor,
            clock=self._clock,
            progress=progress,
            pace=pace,
            memory=self._memory,
            events=self._events,
        )
        with watch.noting_faults():
            report = run.run()
            watch.look(report, jobs)
            run.tell_owner(report)
        if any(site.rendered for site in report.sites):
            compositor.trim_cache()
        watch.note_pass(report, begun)
        database.checkpoint()
        return report

    def is_called(self) -> bool:
        """Tell whether somebody else has written to the store since the last pass.

        Also where its file is another one, or gone, or cannot be read: the next pass
        opens it anew, and tells what is wrong.
        """
        if self._store is None:
            return False
        try:
            return not self._store.is_untouched()
        except StoreError:
            return True

    def close(self) -> None:
        """Close the store."""
        if self._store:
            self._store.close()
            self._store = None

    def _open(self) -> Database:
        """Return the store as it is now, opened anew when somebody else wrote to it.

        It may be another file, a backup put in its place, or another version's.
        """
        if self.is_called():
            self.close()
        if self._store is None:
            self._store = open_store(self.configuration.store.path)
            self._memory = Memory()
        return self._store


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    configuration: Configuration
    database: Database
    compositor: Compositor
    clock: Clock
    progress: Progress
    pace: Pace
    memory: Memory
    events: Events

    def run(self) -> Report:
        report = Report()
        recovered = self._recover(report)
        if recovered:
            report.notes += find_notices(self.database, self.configuration)
            self._finish_erasures(report)
            self._answer(report)
            self.tell_owner(report)
        with self.database.transaction() as tx:
            rename_sites(tx, self.configuration.sites)
        collected = {
            site.name: found
            for site in self.configuration.sites
            if (found := self._site(site, report))
        }
        self._clear(report, self._archives(report))
        if recovered:
            mail_out(
                Mailroom(
                    database=self.database,
                    configuration=self.configuration,
                    collected=collected,
                    compositor=self.compositor,
                    clock=self.clock,
                    progress=self.progress,
                    report=report,
                    pace=self.pace,
                    events=self.events,
                )
            )
            self._withdraw(report)
            self._sweep(report)
        report.notes += self.compositor.notes()
        return report

    def _answer(self, report: Report) -> None:
        """Forget what nobody confirmed, and send the letters that wait."""
        with self.database.transaction() as tx:
            sweep_asks(tx, self.clock.now())
        try:
            sent = send_letters(self.database, self.configuration, self.clock)
        except (ConfigError, OutputError) as error:
            report.add_errors([error])
            return
        if sent:
            self.events.letters_sent("readers", sent)
            report.mail_moved = True
            letters = "1 letter" if sent == 1 else f"{sent:,} letters"
            report.notes.append(f"{letters} about joining went out")

    def tell_owner(self, report: Report) -> None:
        """Send the letters to the owner that wait."""
        try:
            sent = send_owner_letters(self.database, self.configuration, self.clock)
        except OutputError as error:
            report.add_errors([error])
            return
        with self.database.transaction() as tx:
            report.due += begin_shown_holds(tx, self.clock.now())
            report.letters_wait = bool(waiting_owner_letters(tx, 1))
        if sent:
            self.events.letters_sent("owner", sent)
            report.mail_moved = True
            letters = "1 letter" if sent == 1 else f"{sent:,} letters"
            report.notes.append(f"{letters} to the owner went out")

    def _withdraw(self, report: Report) -> None:
        """Pull out who left while the run was under way."""
        try:
            apply_withdrawals(self.database, Spool(self.configuration.outbox.folder))
        except OutputError as error:
            report.add_errors([error])

    def _finish_erasures(self, report: Report) -> None:
        """Go on with erasures under way; mail goes out meanwhile, but not to them."""
        try:
            notes = finish_readers(self.database, self.configuration)
            report.notes += [note for note in notes if note not in report.notes]
        except (OutputError, StoreError) as error:
            report.add_errors([error])

    def _sweep(self, report: Report) -> None:
        """Remove what need not be kept, and whoever was erased while the run went."""
        try:
            now = self.clock.now()
            report.notes += sweep(self.database, self.configuration, now)
        except OutputError as error:
            report.add_errors([error])
        self._finish_erasures(report)

    def _archives(self, report: Report) -> set[Path]:
        """Bring back what is missing of the archives; return the files they have."""
        return publish_archives(
            self.database, self.configuration, self.progress, report
        )

    def _clear(self, report: Report, archives: Set[Path]) -> None:
        """Remove stale files, once it is sure which ones: every site was published."""
        if report.errors:
            return
        feeds = {path for site in report.sites for path in (*site.written, *site.kept)}
        asked_for = feeds | archives
        outputs = {site.output for site in self.configuration.sites}
        try:
            report.removed = clear_feeds(self.database, asked_for, outputs)
        except OutputError as error:
            report.add_errors([error])

    def _recover(self, report: Report) -> bool:
        """Recover the outbox; False when it cannot be, and no mail must be made."""
        spool = Spool(self.configuration.outbox.folder)
        try:
            recovered = recover(self.database, spool, self.clock.now())
        except OutputError as error:
            report.add_errors([error])
            return False
        self._tell_restore()
        report.recovered = recovered.published
        for name in recovered.published:
            self.events.batch_recovered(name)
        if recovered.published:
            names = ", ".join(recovered.published)
            report.notes.append(f"a run was cut short: published {names} now")
        report.notes += [
            f"batch {name} was sealed but lies nowhere in the outbox: a relay has sent "
            "it and it was swept, or somebody has deleted it"
            for name in recovered.gone
        ]
        return True

    def _tell_restore(self) -> None:
        """Tell the owner, once, of a store that does not fit its outbox."""
        with self.database.transaction() as tx:
            restore = open_restore(tx)
            if restore is not None:
                event = Event(
                    key=f"restore {to_micros(restore.found)}",
                    kind="restore",
                    values={"found": restore.kind},
                )
                tell_owner(tx, event, self.clock.now())

    def _site(self, site: SiteSettings, report: Report) -> Collected | None:
        """Collect a site and publish its feeds; None when it cannot be read."""
        now, trouble = self.clock.now(), f"site:{site.name}"
        try:
            collected = collect(self.database, site, now, self.progress, self.memory)
        except InputError as error:
            report.add_errors([error], trouble)
            return None
        if not collected.found:
            report.notes.append(
                f"{site.name}: there is no post in {site.folder}; posts are files "
                f"that end in {', '.join(POST_ENDINGS)}"
            )
        report.add_faults(collected.faults)
        feeds = self.configuration.feeds
        published = publish(
            self.database, collected, feeds, self.compositor, now, self.progress
        )
        report.add_faults(published.faults)
        report.add_errors(published.errors, trouble)
        report.due += collected.next_turn(now)
        wrong = Counter(f.severity for f in {*collected.faults, *published.faults})
        report.sites.append(
            SiteReport(
                site=site.name,
                folder=site.folder,
                found=collected.found,
                opened=collected.opened,
                live=len(collected.live(now)),
                rendered=published.rendered,
                written=published.written,
                kept=published.kept,
                faults=wrong[Severity.FAULT],
                warnings=wrong[Severity.WARNING],
                seconds=(self.clock.now() - now).total_seconds(),
            )
        )
        return collected
