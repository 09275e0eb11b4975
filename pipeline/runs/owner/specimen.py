"""One message of an issue that is made, for its owner to look at."""

from __future__ import annotations

from datetime import datetime

from pipeline.base.clock import to_micros
from pipeline.base.errors import InputError
from pipeline.config.settings import Configuration
from pipeline.digest.issue import Issue
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Transaction
from pipeline.store.images import find_image
from pipeline.store.issues import find_variant, has_variants
from pipeline.store.ownerletters import Enclosed


def tell_test(
    tx: Transaction, configuration: Configuration, issue: Issue, to: str, now: datetime
) -> None:
    """Leave a letter to `to` in the store that holds the issue's first variant.

    Raises InputError for an issue that is not made, or whose images are gone.
    """
    if not has_variants(tx, issue.id):
        raise InputError(
            f"{issue.label} is {issue.state}, and not made yet: `pressroom once --into "
            "trial` shows what it would be"
        )
    page = find_variant(tx, issue.id, 1).page
    found = {part.digest: find_image(tx, part.digest) for part in page.embedded}
    parts = {digest: data for digest, data in found.items() if data is not None}
    if len(parts) < len(found):
        raise InputError(f"{issue.label} is out, and its images are kept no longer")
    url = configuration.sites[0].url
    links = {"address": to, "unsubscribe_url": url, "preferences_url": url}
    event = Event(
        key=f"test {issue.id} {to_micros(now)}",
        kind="test",
        values={
            "label": issue.label,
            "subject": page.subject,
            "by_command": to != configuration.owner.address,
        },
        enclosed=Enclosed(page=page, values=links, parts=parts),
        recipient=to,
    )
    tell_owner(tx, event, now)
