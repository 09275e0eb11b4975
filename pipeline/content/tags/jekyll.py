"""Jekyll's Liquid: `{% name … %}` and the values in `{{ … }}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pipeline.content.tags.embeds import EMBEDS
from pipeline.content.tags.formulas import show_formula
from pipeline.content.tags.hugo import keep, missing_post, show_code, show_figure
from pipeline.content.tags.pieces import in_place, inline_text
from pipeline.content.tags.tag import Handler, Ledger, Tag
from pipeline.content.urls import quote_part

_VALUE = r"""(?:"[^"{}\n]*+"|'[^'{}\n]*+'|[A-Za-z_][\w.-]*+)"""
VALUE = re.compile(
    rf"""\{{\{{-?(?P<space>[ \t]*+)(?P<value>{_VALUE})
    (?P<filters>(?:\s*+\|\s*+[a-z_]+(?:\s*+:\s*+(?:{_VALUE}|[\d.]+)
        (?:\s*+,\s*+(?:{_VALUE}|[\d.]+))*+)?+)*+)
    [ \t]*+-?\}}\}}""",
    re.VERBOSE,
)
"""A value as Liquid prints it: a text or a name, and filters."""

_FILTER = re.compile(rf"\|\s*([a-z_]+)(?:\s*:\s*({_VALUE}|[\d.]+))?")
_KNOWN = re.compile(r"(?:site|page|layout|include|config|section)\.")
_PATH = "/:@!$&*+,;=~%?#."


def is_value(found: re.Match[str]) -> bool:
    """Tell whether what `VALUE` found is Liquid, and not TeX or prose in braces.

    `{{x}}` and `\\frac{{ a }}` are not; `{{ x }}`, `{{site.url}}` and what has
    filters are. A bare text in quotes is nobody's Liquid.
    """
    if found["filters"]:
        return True
    before = found.string[found.start() - 1 : found.start()]
    if _KNOWN.match(found["value"]):
        return True
    in_word = before.isalnum() or (before and before in "\\^_}{")
    return bool(found["space"]) and not in_word and found["value"][0] not in "\"'"


def print_value(tag: Tag, ledger: Ledger) -> str:
    """Return what `{{ … }}` prints, as far as it can be known here."""
    value = _evaluate(tag.word(0), ledger)
    for name, argument in _FILTER.findall(tag.word(1)):
        value = None if value is None else _filter(value, name, argument, ledger)
    if value is None:
        ledger.warn(
            tag.place.at,
            f"{tag.source} is a value only Jekyll knows, and was left out",
            "write it out, or put it into `…` if it is to be read as it is",
        )
        return ""
    if tag.word(0) == "page.title":
        return inline_text(value, ledger.markup)
    return in_place(quote_part(value, _PATH))


def _evaluate(expression: str, ledger: Ledger) -> str | None:
    if expression[0] in "\"'":
        return expression[1:-1]
    site = urlsplit(ledger.site_url)
    match expression:
        case "site.url":
            return f"{site.scheme}://{site.netloc}"
        case "site.baseurl":
            return site.path.rstrip("/")
        case "page.url":
            return urlsplit(ledger.page_url).path
        case "page.title":
            return ledger.post_title()
    return None


def _filter(value: str, name: str, argument: str, ledger: Ledger) -> str | None:
    match name:
        case "relative_url":
            return urlsplit(ledger.site_url).path + value.lstrip("/")
        case "absolute_url":
            return ledger.site_url + value.lstrip("/")
        case "prepend" | "append":
            added = _evaluate(argument, ledger) if argument else None
            if added is None:
                return None
            return added + value if name == "prepend" else value + added
        case "escape" | "xml_escape" | "uri_escape" | "strip":
            return value.strip()
    return None


def _post_url(tag: Tag, ledger: Ledger) -> str:
    url = ledger.post_url(tag.word(0))
    return in_place(url) if url else missing_post(tag, ledger)


def link_path(tag: Tag, ledger: Ledger) -> str:
    """`link path`: the URL of a post or file, by its path from the site's folder."""
    path = "/" + tag.word(0).lstrip("/")
    url = ledger.post_url(path) or ledger.file_url(path)
    return in_place(url) if url else missing_post(tag, ledger)


def _include(tag: Tag, ledger: Ledger) -> str:
    """Leave an include out, but for a picture or a player that says what it shows."""
    name = tag.word(0).removesuffix(".html").rpartition("/")[2]
    shown = {**EMBEDS, "figure": show_figure, "image": show_figure}.get(name)
    if shown and tag.named:
        return shown(tag, ledger)
    ledger.warn(
        tag.place.at,
        f"{tag.source} was left out: the files a theme includes are not read",
        "write what it shows into the post as Markdown or HTML",
    )
    return ""


def _nothing(tag: Tag, ledger: Ledger) -> str:
    return ""


TAGS: Mapping[str, Handler] = {
    **EMBEDS,
    "highlight": show_code,
    "post_url": _post_url,
    "include": _include,
    "include_relative": _include,
    "katex": show_formula,
    "katexmm": keep,
    "math": show_formula,
    "mathjax": show_formula,
    "raw": keep,
    "comment": _nothing,
}
"""What to do with each tag, by name; `link` is told from Hexo's in `expand`."""

VERBATIM = frozenset(
    {"highlight", "raw", "comment", "katex", "katexmm", "math", "mathjax"}
)
"""Those whose inside holds no tags."""
