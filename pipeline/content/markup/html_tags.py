"""The grammar of HTML's tags: where one ends, its attributes, which elements exist.

Reads as the HTML standard does (section 13.2.5), but for a `<` outside of quotes,
which begins another tag here: whoever leaves a quote open loses no text.
"""

from __future__ import annotations

import re
from html import escape, unescape

NAME = r"[a-zA-Z][a-zA-Z0-9:_-]*+(?=[\s/>])"
# An attribute's quotes follow a `=`, else the tag ends at the next `<` or `>`. Two
# tags read from different places are never within the same quotes, so that all of a
# text's tags together take time in proportion to it.
ATTRIBUTES = (
    r"(?:[\s/]*+[^\s\"'<>/=]++"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?+)*+[\s/]*+"
)
TAG = re.compile(rf"<(?P<slash>/?)(?P<name>{NAME})(?P<attributes>{ATTRIBUTES})>")
"""A tag whose quotes are in order; linear in the text, however hostile."""

_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?+"
)

_CURRENT = (
    "a abbr address area article aside audio b base bdi bdo blockquote body br button "
    "canvas caption cite code col colgroup data datalist dd del details dfn dialog div "
    "dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head "
    "header hgroup hr html i iframe img input ins kbd label legend li link main map "
    "mark math menu meta meter nav noscript object ol optgroup option output p param "
    "picture pre progress q rp rt ruby s samp script search section select slot small "
    "source span strong style sub summary sup svg table tbody td template textarea "
    "tfoot th thead time title tr track u ul var video wbr"
)
_OBSOLETE = (
    "acronym applet basefont bgsound big blink center dir font frame frameset image "
    "keygen listing marquee menuitem multicol nobr noembed noframes rb rtc spacer "
    "strike tt xmp"
)
_ELEMENTS = frozenset(f"{_CURRENT} {_OBSOLETE}".split())


def is_element(name: str) -> bool:
    """Tell whether HTML has, or had, an element called `name`, in lower case.

    Names with `-` or `:` are elements that pages and programs make for themselves.
    """
    return name in _ELEMENTS or "-" in name or ":" in name


def read_attributes(written: str) -> dict[str, str]:
    """Read the attributes of a tag; the first of a name counts, as in HTML."""
    values: dict[str, str] = {}
    for name, *quoted in _ATTRIBUTE.findall(written):
        values.setdefault(name.lower(), unescape(next(filter(None, quoted), "")))
    return values


def write_attributes(values: dict[str, str]) -> str:
    """Return the attributes as a tag holds them, each after a space."""
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items())
