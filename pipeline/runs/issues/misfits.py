"""What is wrong with settings, each of which is right by itself."""

from __future__ import annotations

from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.digest.headers import parse_sender
from pipeline.schedule.cadence import parse_schedule
from pipeline.subscribers.address import normalise

LONGEST_LOCAL_PART = 64 - 1 - 32
"""RFC 5321, 4.5.3.1.1, less `+` and the longest token."""


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
