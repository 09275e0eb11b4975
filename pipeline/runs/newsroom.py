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
from pipeline.schedule.cadence import Cadence, Kind, parse_schedule
from pipeline.schedule.chosen import chosen_cadence
from pipeline.subscribers.address import normalise
from pipeline.subscribers.choice import OWN_CADENCE

LONGEST_LOCAL_PART = 64 - 1 - 32
"""RFC 5321, 4.5.3.1.1, less `+` and the longest token."""


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


def newsletter_faults(
    configuration: Configuration, settings: NewsletterSettings
) -> list[tuple[str, str, str]]:
    """Return what is wrong with a newsletter, as (setting, what, what to do)."""
    found = []
    for key, check in (("schedule", parse_schedule), ("sender", parse_sender)):
        try:
            check(getattr(settings, key))
        except ValueError as error:
            found.append((key, str(error), ""))
    if settings.reply_to:
        try:
            parse_sender(settings.reply_to)
        except ValueError as error:
            found.append(("reply_to", str(error), ""))
    known = [site.name for site in configuration.sites]
    found += [
        ("sites", f"there is no site '{name}'", f"there are {', '.join(known)}")
        for name in settings.sites
        if name not in known
    ]
    if settings.backfill > settings.max_posts:
        remedy = f"set backfill to {settings.max_posts} or less, or raise max_posts"
        found.append(("backfill", "is more than max_posts", remedy))
    return found + _no_way_to_leave(configuration)


def _no_way_to_leave(configuration: Configuration) -> list[tuple[str, str, str]]:
    if configuration.web.public_url or configuration.mail.unsubscribe_address:
        return []
    what = "its readers could not leave, so it is not sent"
    remedy = (
        "set mail.unsubscribe_address (an address you read), "
        "or web.public_url (the readers' pages)"
    )
    return [("name", what, remedy)]


Misfit = tuple[tuple[str | int, ...], str, str]
"""A setting that does not fit: its key in config.yaml, what is wrong, what to do."""


def shared_misfits(configuration: Configuration) -> list[Misfit]:
    """Return what is wrong with settings taken together, and stops every run.

    Such as two sites of one name, or a bounce address that is none.
    """
    found: list[Misfit] = []
    for group in ("sites", "newsletters"):
        names = [entry.name for entry in getattr(configuration, group)]
        found += [
            ((group, n, "name"), f"the name '{name}' is taken", "choose another")
            for n, name in enumerate(names)
            if name in names[:n]
        ]
    return found + _sharing_sites(configuration) + _mail_misfits(configuration)


def _sharing_sites(configuration: Configuration) -> list[Misfit]:
    """Return where two sites would write over each other's feeds, or share their ids.

    The names of feeds are the same in both, so that an output must be one's own; one
    may lie within another's.
    """
    sites, found = configuration.sites, list[Misfit]()
    for n, site in enumerate(sites):
        if site.url in (other.url for other in sites[:n]):
            what = f"another site has the address {site.url}"
            remedy = "put their folders together as one site, or give each its own"
            found.append((("sites", n, "url"), what, remedy))
        elif site.output in (other.output for other in sites[:n]):
            what = f"another site writes into {site.output}"
            remedy = "give one of them another `output`"
            found.append((("sites", n, "output"), what, remedy))
    return found


def _mail_misfits(configuration: Configuration) -> list[Misfit]:
    """Return what is wrong with the addresses that a reader's token is put into."""
    found: list[Misfit] = []
    for key in ("unsubscribe_address", "bounce_address"):
        text = getattr(configuration.mail, key)
        try:
            local = normalise(text).address.rpartition("@")[0] if text else ""
        except ValueError as error:
            found.append((("mail", key), str(error), ""))
            continue
        if len(local) > LONGEST_LOCAL_PART:
            what = f"is longer than {LONGEST_LOCAL_PART} characters before the @"
            remedy = "choose a shorter one: `+` and a token are put behind it"
            found.append((("mail", key), what, remedy))
    return found + _owner_misfits(configuration)


def _owner_misfits(configuration: Configuration) -> list[Misfit]:
    try:
        _ = configuration.owner.address and normalise(configuration.owner.address)
    except ValueError as error:
        return [(("owner", "address"), str(error), "")]
    return []


def newsletter_misfits(configuration: Configuration) -> list[Misfit]:
    """Return what is wrong with single newsletters, and stops only them."""
    return [
        (("newsletters", n, key), what, remedy)
        for n, newsletter in enumerate(configuration.newsletters)
        for key, what, remedy in newsletter_faults(configuration, newsletter)
    ]


def _sites(
    configuration: Configuration, settings: NewsletterSettings
) -> tuple[SiteSettings, ...]:
    by_name = {site.name: site for site in configuration.sites}
    return tuple(by_name[name] for name in settings.sites or by_name)
