"""Looks at everything there is and writes nothing: what `pressroom check` does.

Every post is read and rendered, shown or not, a page of each newsletter is made from
its newest posts, and a letter of each kind, all on a copy of the store that is thrown
away.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.base.clock import Clock
from pipeline.base.errors import ConfigError, InputError
from pipeline.config.settings import Configuration
from pipeline.digest.issue import Issue
from pipeline.digest.page import DigestEntry
from pipeline.digest.selection import selects
from pipeline.digest.variant import Variant
from pipeline.runs.issues.editions import proof
from pipeline.runs.issues.freezing import Copy, render_variant
from pipeline.runs.issues.mailimages import gather_images
from pipeline.runs.issues.newsroom import Newsroom, open_newsroom
from pipeline.runs.proxies import tell_distrusted
from pipeline.runs.readers.specimens import try_letters
from pipeline.runs.report import Progress, Report, SiteReport
from pipeline.runs.resources import read_catalogues, read_templates
from pipeline.runs.sites.collect import Collected, collect
from pipeline.runs.sites.composing import Compositor
from pipeline.runs.sites.render import load_rendition, render_posts
from pipeline.runs.trial import prepare_trial
from pipeline.store.database import Database, open_store


def inspect(configuration: Configuration, clock: Clock, progress: Progress) -> Report:
    """Return a report of everything that is wrong, without changing anything."""
    with TemporaryDirectory() as scratch:
        trial = prepare_trial(configuration, Path(scratch) / "check")
        database = open_store(trial.store.path)
        try:
            return _Inspection(trial, database, clock, progress).run()
        finally:
            database.close()


class _Inspection:
    """One look at everything."""

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self.configuration = configuration
        self.database = database
        self.clock = clock
        self.progress = progress
        self.compositor = Compositor.of(configuration, clock.now())
        self.report = Report()
        self.collected: list[Collected] = []

    def run(self) -> Report:
        """Look at every site, then at every newsletter."""
        for site in self.configuration.sites:
            try:
                found = collect(self.database, site, self.clock.now(), self.progress)
            except InputError as error:
                self.report.errors.append(error)
            else:
                self._look_at_site(found)
        try:
            self._look_at_newsletters()
        except ConfigError as error:
            self.report.errors.append(error)
        self.report.notes += self.compositor.notes()
        self.report.notes += tell_distrusted(
            self.database, self.configuration, self.clock.now()
        )
        return self.report

    def _look_at_site(self, found: Collected) -> None:
        rendered = render_posts(
            self.database, found, found.posts, self.compositor, self.progress
        )
        self.collected.append(found)
        self.report.add_faults(found.faults)
        self.report.add_faults(rendered.faults, advice=True)
        self.report.sites.append(
            SiteReport(
                site=found.site.name,
                folder=found.site.folder,
                found=found.found,
                opened=found.opened,
                live=len(found.live(self.clock.now())),
                rendered=rendered.made,
            )
        )

    def _look_at_newsletters(self) -> None:
        catalogues = read_catalogues()
        templates = read_templates(self.configuration.mail.templates)
        for settings in self.configuration.newsletters:
            try:
                newsroom = open_newsroom(
                    self.configuration, settings, catalogues, templates
                )
            except ConfigError as error:
                self.report.errors.append(error)
            else:
                self._try(newsroom, self._make_page)
                self._try(newsroom, try_letters)

    def _try(self, newsroom: Newsroom, make: Callable[[Newsroom], None]) -> None:
        """Make something of a newsletter; what another told already is told once."""
        try:
            make(newsroom)
        except ConfigError as error:
            if str(error) not in map(str, self.report.errors):
                self.report.errors.append(error)

    def _make_page(self, newsroom: Newsroom) -> None:
        """Make a page of the newest posts: templates are wrong only in use."""
        names = {site.name for site in newsroom.sites}
        posts = [
            kept.post
            for found in self.collected
            for kept in found.live(self.clock.now())
            if found.site.name in names and selects(newsroom.settings.filter, kept.post)
        ]
        newest = sorted(posts, key=lambda post: post.published)
        entries = {
            post.id: DigestEntry(post, rendition)
            for post in newest[-newsroom.settings.max_posts :]
            if (rendition := load_rendition(self.database, post.id))
        }
        issue = Issue(
            id=0,
            newsletter=newsroom.name,
            number=1,
            boundary=self.clock.now(),
            from_number=0,
            upto_number=len(entries),
        )
        if entries:
            variant = Variant(1, tuple(entries), newsroom.languages[0], ())
            images = gather_images(
                self.database,
                self.configuration,
                {found.site.name: found for found in self.collected},
                [*entries.values()],
                self.progress,
                whole=newsroom.settings.body == "full",
            )
            self.report.add_faults(images.faults)
            copy = Copy(entries=entries, images=images)
            page = render_variant(newsroom, issue, variant, copy)
            if newsroom.settings.archive:
                proof(self.database, newsroom, issue, [*entries.values()])
            self.report.notes += [f"{newsroom.name}: {note}" for note in page.notes]
