"""What feedgen 1.0.0 says wrongly or not at all, as extensions of it.

Correct with a feedgen that has its faults mended, too: each extension takes away what
it writes itself. Inside feedgen's Atom, elements carry no namespace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class ChannelExtension(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """The feed's date in RSS, which feedgen would write by way of the locale."""

    updated: datetime

    def extend_rss(self, root: etree._Element) -> etree._Element:
        """Add lastBuildDate to the channel."""
        _append(root[0], "lastBuildDate", rfc_822_date(self.updated))
        return root


class ItemExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """Links, dates and language of an entry.

    `links` are the attributes of every Atom link; feedgen's own lose their rel.
    """

    published: datetime
    updated: datetime
    language: str
    links: Sequence[Mapping[str, str]]

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Write links and language anew, and when it was published."""
        for link in entry.findall("link"):
            entry.remove(link)
        for attributes in self.links:
            etree.SubElement(entry, "link", dict(attributes))
        if self.language:
            entry.set(_XML_LANG, self.language)
        _append(entry, "published", self.published.isoformat())
        return entry

    def extend_rss(self, item: etree._Element) -> etree._Element:
        """Add pubDate, and the time of the last change, which RSS has no word for."""
        _append(item, "pubDate", rfc_822_date(self.published))
        _append(item, f"{_ATOM}updated", self.updated.isoformat())
        return item


def rfc_822_date(time: datetime) -> str:
    """Return a UTC time as RSS writes it, whatever the locale."""
    return format_datetime(time, usegmt=True)


def _append(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text
