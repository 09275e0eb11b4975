"""Links of Pelican and Zola: `{filename}post.md`, `{static}a.png`, `@/post.md`."""

from __future__ import annotations

import re
from urllib.parse import unquote

from pipeline.content.tags.pieces import MISSING, in_place
from pipeline.content.tags.tag import Ledger, abridged
from pipeline.content.urls import quote_part

OPENING = r"""(?P<destination>
    (?: (?<=\]\() | (?<=\]\(<) | (?<=\]:[ ]) | (?<==") | (?<==') )
    (?: \{(?:filename|attach|static|tag|category|author|index)\}
      | \|(?:filename|attach|static|tag|category|author|index)\|
      | @/ ))"""
"""Where a link begins with such a mark, for a verbose pattern."""

_REST = {
    '"': re.compile(r'[^"<>\n]*'),
    "'": re.compile(r"[^'<>\n]*"),
    "<": re.compile(r"[^<>\n]*"),
}
_BARE = re.compile(r"[^\s<>()\"']*")


def read_destination(opening: re.Match[str], ledger: Ledger) -> tuple[str, int]:
    """Return the URL that the destination at `opening` means, and where it ends."""
    text, start = opening.string, opening.start()
    rest = _REST.get(text[start - 1], _BARE).match(text, opening.end())
    name, end = (rest[0], rest.end()) if rest else ("", opening.end())
    kind = opening[0].strip("{|}")
    url = _url(kind, unquote(name), ledger)
    if not url:
        ledger.warn(
            start,
            f"{abridged(opening[0] + name)} names a post that is not there",
            "name it by its path from the content folder, or from this post",
        )
    return in_place(url) or MISSING, end


def _url(kind: str, name: str, ledger: Ledger) -> str:
    match kind:
        case "@/":
            return ledger.post_url(f"@/{name}")
        case "filename":
            return ledger.post_url(name) or ledger.file_url(name)
        case "static" | "attach":
            return ledger.file_url(name) or quote_part(name)
        case "index":
            return ledger.site_url
    slug = "-".join(name.lower().split())
    return f"{ledger.site_url}{kind}/{quote_part(slug)}.html"
