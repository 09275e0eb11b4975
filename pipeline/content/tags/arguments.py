"""The words between the braces of a tag: positional, named, quoted, raw."""

from __future__ import annotations

import re

_SHORTCODE_WORD = r"""
    (?:[\w-]+\s*+=\s*+)?+
    (?:"(?:[^"\\]|\\.)*+" | `[^`]*+` | (?:(?!/?[>%]\}\})[^\s"`{}<])++)
"""
SHORTCODE = re.compile(
    rf"""\{{\{{[<%] \s*+ (?P<slash>/?) \s*+ (?P<name>[\w-]+(?:[./][\w-]+)*+)
    (?P<words>(?:\s++{_SHORTCODE_WORD})*+) \s*+ (?P<single>/?) [>%]\}}\}}""",
    re.VERBOSE,
)
"""A Hugo shortcode, opening or closing, written with `<` or with `%`."""

LIQUID = re.compile(
    r"""\{%-?\s*+ (?P<name>[A-Za-z][\w-]*+)
    (?P<words>(?:[^%{\n]|%(?!\})|\{(?!%)|\n(?![ \t]*+\n))*+) %\}""",
    re.VERBOSE,
)
"""A tag of Liquid (Jekyll), Nunjucks (Hexo) or Tera (Zola): `{% name words %}`."""

CALL = re.compile(
    r"""\{\{-?\s*+ (?P<name>[A-Za-z]\w*+) \(
    (?P<words> \s*+ (?: [A-Za-z]\w*+ \s*+ = [^{}]*? )? ) \) \s*+ -?\}\}""",
    re.VERBOSE,
)
"""A Zola shortcode with nothing in it: `{{ name(named="…") }}`."""

_WORD = re.compile(
    r"""(?:(?P<name>[\w-]+)\s*=\s*)?
    (?: "(?P<double>(?:[^"\\]|\\.)*+)" | '(?P<single>[^']*+)' | `(?P<raw>[^`]*+)`
      | (?P<bare>[^\s"'`]\S*) )""",
    re.VERBOSE,
)
_PARAMETER = re.compile(
    r"""(?P<name>[A-Za-z]\w*)\s*=\s*
    (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | `(?P<raw>[^`]*)`
      | (?P<bare>[^\s,)]+) )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r'\\(["\\])')


def split_words(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the positional and the named arguments in `text`.

    `go "hl_lines=1" title="a b"` gives `("go", "hl_lines=1")` and
    `{"title": "a b"}`. Hexo's `lang:js` stays one positional word.
    """
    words: list[str] = []
    named: dict[str, str] = {}
    for found in _WORD.finditer(text):
        if found["name"]:
            named[found["name"]] = _value(found)
        else:
            words.append(_value(found))
    return tuple(words), named


def split_parameters(text: str) -> dict[str, str]:
    """Return the named arguments of a call: `id="x", autoplay=true`."""
    return {found["name"]: _value(found) for found in _PARAMETER.finditer(text)}


def _value(found: re.Match[str]) -> str:
    if found["double"] is not None:
        return _ESCAPE.sub(r"\1", found["double"])
    return found["single"] or found["raw"] or found["bare"] or ""
