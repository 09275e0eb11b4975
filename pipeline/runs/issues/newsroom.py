"""What one newsletter's issues are made from, gathered before the first is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.config.settings import Configuration, NewsletterSettings, SiteSettings
from pipeline.digest.catalogue import Catalogue, match_language
from pipeline.digest.headers import Mailbox, parse_sender
from pipeline.runs.issues.misfits import newsletter_faults
from pipeline.schedule.cadence import Cadence, Kind, parse_schedule
from pipeline.schedule.chosen import chosen_cadence
from pipeline.subscribers.choice import OWN_CADENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A newsletter's settings, understood: nothing in it can be wrong any more.

    `sites` are those it draws on, its own first; `languages` those it can speak, its
    own first. `schedules` has the cadence of each of its streams, its own first.
    """

    configuration: Configuration
    settings: NewsletterSettings
    sites: tuple[SiteSettings, ...]
    schedules: Mapping[str, Cadence]
    zone: ZoneInfo
    sender: Mailbox
    reply_to: Mailbox | None
    languages: tuple[str, ...]
    catalogues: Mapping[str, Catalogue]
    templates: Mapping[str, str]

    @property
    def name(self) -> str:
        """The newsletter's short name."""
        return self.settings.name

    @property
    def site(self) -> SiteSettings:
        """The site whose name and address its mail shows."""
        return self.sites[0]


def open_newsroom(
    configuration: Configuration,
    settings: NewsletterSettings,
    catalogues: Mapping[str, Catalogue],
    templates: Mapping[str, str],
) -> Newsroom:
    """Return the newsroom of one newsletter.

    Raises ConfigError with every fault in its settings; their path is the setting's
    name, `newsletters.weekly.schedule`.
    """
    faults = [
        Fault(path=f"newsletters.{settings.name}.{key}", what=what, remedy=remedy)
        for key, what, remedy in newsletter_faults(configuration, settings)
    ]
    if faults:
        raise ConfigError(faults)
    sites = _sites(configuration, settings)
    own = match_language(settings.language or sites[0].language, catalogues) or "en"
    return Newsroom(
        configuration=configuration,
        settings=settings,
        sites=sites,
        schedules=stream_schedules(settings),
        zone=ZoneInfo(settings.zone or sites[0].zone),
        sender=parse_sender(settings.sender),
        reply_to=parse_sender(settings.reply_to) if settings.reply_to else None,
        languages=(own, *sorted(set(catalogues) - {own})),
        catalogues=catalogues,
        templates=templates,
    )


def stream_schedules(settings: NewsletterSettings) -> dict[str, Cadence]:
    """Return the cadence of each stream of a newsletter, that of its own first.

    Raises ValueError where its schedule is none.
    """
    own = parse_schedule(settings.schedule)
    chosen = {
        cadence: chosen_cadence(own, Kind(cadence)) for cadence in settings.cadences
    }
    return {OWN_CADENCE: own} | chosen


def _sites(
    configuration: Configuration, settings: NewsletterSettings
) -> tuple[SiteSettings, ...]:
    by_name = {site.name: site for site in configuration.sites}
    return tuple(by_name[name] for name in settings.sites or by_name)
