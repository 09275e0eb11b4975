"""What a reader chooses of a newsletter, by whatever way they tell us.

A choice holds from the next issue on. It changes the stream that a reader is in, never
how far they have come: nothing is lost, and nothing comes twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pipeline.base.errors import InputError, UsageError
from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.store.database import Transaction
from pipeline.store.subscriptions import find_choices, put_choice
from pipeline.subscribers.choice import OWN_CADENCE, Choice
from pipeline.subscribers.subscriber import Subscriber


def offered_cadences(newsletter: NewsletterSettings) -> tuple[str, ...]:
    """Return what a reader may choose among, the newsletter's own schedule first."""
    return (OWN_CADENCE, *newsletter.cadences)


def find_choice(tx: Transaction, reader: Subscriber, newsletter: str) -> Choice:
    """Return what a reader chose; raises InputError where they do not subscribe."""
    for choice in find_choices(tx, reader.id):
        if choice.newsletter == newsletter:
            return choice
    raise InputError(f"{reader.address} is not subscribed to {newsletter}")


def choose(
    tx: Transaction, reader: Subscriber, newsletter: NewsletterSettings, choice: Choice
) -> None:
    """Keep what a reader chose of a newsletter, for the next issue on.

    A cadence that they have and that is not offered any more becomes the newsletter's
    own, as the next run would make it. Raises UsageError for another that its owner
    does not allow, and InputError where the reader does not subscribe to it.
    """
    offered = offered_cadences(newsletter)
    kept = find_choice(tx, reader, newsletter.name)
    if choice.cadence == kept.cadence and kept.cadence not in offered:
        choice = replace(choice, cadence=OWN_CADENCE)
    if choice.cadence not in offered:
        raise UsageError(
            f"{newsletter.name} is not sent '{choice.cadence}'; there is "
            f"{_listed(offered)} (`newsletters[].cadences` allows more)"
        )
    if not put_choice(tx, reader.id, choice):
        raise InputError(f"{reader.address} is not subscribed to {newsletter.name}")


def pause_end(
    configuration: Configuration, newsletter: NewsletterSettings, day: date
) -> datetime:
    """Return when a pause until `day` ends: as that day begins where the newsletter is.

    What is published meanwhile, and sent, is passed by: nobody comes home to a pile.
    """
    sites = {site.name: site for site in configuration.sites}
    names = newsletter.sites or tuple(sites)
    zone = ZoneInfo(newsletter.zone or sites[names[0]].zone)
    return datetime.combine(day, time(), tzinfo=zone)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
