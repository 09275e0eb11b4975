"""Attributes of real tags in finished HTML, changed where they stand.

A tag is what a browser takes for one (HTML, 13.2.5), and not what a comment, a style
sheet, a title or another attribute's value shows. Whatever is not changed stays as it
was, to the byte. Knows no meaning of any attribute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

Change = Callable[[str, str], tuple[str, str] | None]
"""An attribute's lower-case name and its value, to what they become; None drops it."""

_ATTRIBUTE = r"""
    [\s/]*+ ([^\s/>][^\s/>=]*+)
    (?: \s*+ = \s*+ ( "[^"]*+" | '[^']*+' | [^\s>"'][^\s>]*+ )? )?+
"""
# Elements whose content is text even where it looks like tags (HTML, 13.1.2).
_RAW = "iframe|noembed|noframes|script|style|textarea|title|xmp"
_FLAGS = re.VERBOSE | re.DOTALL | re.IGNORECASE | re.ASCII
_MARKUP = re.compile(
    rf"""
    <!-- (?: -?> | .*? (?: --!?> | \Z ) )
  | < [!?/] [^>]*+ >
  | (?P<opening> < (?P<tag> (?P<raw> (?:{_RAW}) (?=[\s/>]) ) | [a-z][^\s/>]*+ ) )
    (?P<attributes> (?:{_ATTRIBUTE})*+ )
    (?P<rest> [\s/]*+ > (?(raw) .*? (?: (?=</(?P=raw)[\s/>]) | \Z ) ) )
    """,
    _FLAGS,
)
_PAIR = re.compile(_ATTRIBUTE, _FLAGS)


def change_attributes(html: str, tag: str, change: Change) -> str:
    """Return `html` with `change` made to every attribute of every `tag`, in order."""

    def one(pair: re.Match[str]) -> str:
        before = (pair[1].lower(), _value(pair[2] or ""))
        after = change(*before)
        if after == before:
            return pair[0]
        return f' {after[0]}="{escape(after[1])}"' if after else ""

    def all_of(found: re.Match[str]) -> str:
        if found["tag"] is None or found["tag"].lower() != tag:
            return found[0]
        return found["opening"] + _PAIR.sub(one, found["attributes"]) + found["rest"]

    return _MARKUP.sub(all_of, html)


def _value(written: str) -> str:
    return unescape(written[1:-1] if written[:1] in ('"', "'") else written)
