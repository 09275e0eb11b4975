"""Obsidian's marks: `[[note]]`, `![[picture.png|300]]`, `==mark==`, `%%remarks%%`.

A tag `#tag` is left as it is; it shows as its author wrote it. Callouts are part of
the markup.
"""

from __future__ import annotations

import re

from pipeline.content.tags.pieces import link, picture
from pipeline.content.tags.tag import Ledger, abridged

OPENING = r"""
    (?P<wiki>!?\[\[)
  | (?P<remark>(?<![\w%])%%(?!%))
  | (?P<mark>(?<![A-Za-z0-9=<>!])==(?![=\s]))
  | (?P<block_id>(?:(?<![ \t\n])[ \t]++|^)\^(?=[0-9-]*[A-Za-z])[A-Za-z0-9-]++[ \t]*+$)
"""
"""What opens a mark, for a verbose, multi-line pattern."""

_WIKI = re.compile(r"(!?)\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]*))?\]\](?!\()")
_MARK = re.compile(r"==((?:[^=\n]|=(?!=))++)(?<!\s)==(?![A-Za-z0-9=])")
_NOT_A_NOTE = re.compile(r"[\d\s.,;:+*/()'\"-]+")
_SIZE = re.compile(r"(\d+)(?:x(\d+))?")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp)$", re.IGNORECASE)
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


def read_wiki(opening: re.Match[str], ledger: Ledger) -> tuple[str, int] | None:
    """Return what stands for `[[…]]` or `![[…]]`, and where it ends.

    None for what only looks like it: `[[1, 2], [3, 4]]`, `[[1]](url)`, `[[ -f x ]]`.
    `[[toc]]` asks for a table of contents, which only a site shows.
    """
    found = _WIKI.match(opening.string, opening.start())
    if found is None or found[2][0].isspace():
        return None
    embedded, target, shown = found[1], found[2].removesuffix("\\").strip(), found[3]
    if embedded and _PICTURE.search(target):
        return _picture(target, shown or ""), found.end()
    url = _url(target, ledger)
    if not url and target.strip("_").lower() == "toc":
        return "", found.end()
    if not url and _NOT_A_NOTE.fullmatch(target):
        return None
    if not url:
        ledger.warn(
            found.start(),
            f"{abridged(found[0])} names a note that is not there; its text was kept",
            "name a post by its file name, path or title",
        )
    return link(
        (shown or "").strip() or _own_text(target), url, ledger.markup
    ), found.end()


def end_of_mark(opening: re.Match[str]) -> int | None:
    """Return where the closing `==` of a highlight begins, None for no highlight."""
    found = _MARK.match(opening.string, opening.start())
    # An odd backtick: the closing marks may be in a code span.
    return found.end(1) if found and found[1].count("`") % 2 == 0 else None


def _url(target: str, ledger: Ledger) -> str:
    name, _, part = target.partition("#")
    anchor = "" if "^" in part else _anchor(part.rpartition("#")[2])
    url = ledger.post_url(f"{name.strip()}#{anchor}" if anchor else name.strip())
    return url or (ledger.file_url(name.strip()) if name else "")


def _anchor(heading: str) -> str:
    """Return a heading's anchor as GitHub, Hugo and most generators make it."""
    return _NOT_IN_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")


def _own_text(target: str) -> str:
    """Return the text Obsidian shows for a link that brings none."""
    name, _, part = target.partition("#")
    return " > ".join(step for step in (name, *part.split("#")) if step.strip("^"))


def _picture(target: str, shown: str) -> str:
    """Return a picture: `alt|300`, `300x200` or nothing may say how it shows."""
    *words, last = shown.split("|")
    size = _SIZE.fullmatch(last.strip())
    alt = " ".join(words if size else [*words, last]).strip()
    width, height = (size[1], size[2] or "") if size else ("", "")
    stem = target.rpartition("/")[2].rpartition(".")[0]
    return picture(target, alt or stem, width=width, height=height)
