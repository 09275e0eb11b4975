"""Every dialect there is, and which one a file is in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.subscribers.dialects.buttondown import BUTTONDOWN
from pipeline.subscribers.dialects.dialect import Dialect
from pipeline.subscribers.dialects.ghost import GHOST
from pipeline.subscribers.dialects.kit import KIT
from pipeline.subscribers.dialects.listmonk import LISTMONK
from pipeline.subscribers.dialects.mailchimp import MAILCHIMP
from pipeline.subscribers.dialects.plain import PLAIN
from pipeline.subscribers.dialects.substack import SUBSTACK

DIALECTS: Final = {
    dialect.name: dialect
    for dialect in (MAILCHIMP, SUBSTACK, GHOST, BUTTONDOWN, LISTMONK, KIT, PLAIN)
}
"""Every dialect by its name, those with the clearest signs first."""


def recognise(headings: Iterable[str]) -> Dialect:
    """Return the dialect of a file whose columns have these headings.

    A file that none gives away is a plain list.
    """
    found = frozenset(headings)
    return next((one for one in DIALECTS.values() if one.wrote(found)), PLAIN)
