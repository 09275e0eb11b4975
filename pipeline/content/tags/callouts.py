"""Boxes of themes, `note` and the like, as the containers that the markup reads.

NexT, Butterfly and Fluid: `{% note info Title %}`; LoveIt, Hextra, Book:
`{{< admonition type=tip title="Title" >}}`, `{{< callout >}}`, `{{< hint >}}`.
"""

from __future__ import annotations

from html import escape

from pipeline.content.tags.pieces import inline_text, wrap
from pipeline.content.tags.tag import Ledger, Tag

_KNOWN = (
    "abstract bug caution danger error example failure important info note question "
    "quote success tip warning"
)
_KINDS = frozenset(_KNOWN.split())
# How a box looks on its site, said in the same breath as what it is.
_LOOKS = frozenset({"disabled", "flat", "icon", "modern", "no-icon", "simple"})
_LOOKS |= {"default", "primary"}


def show_callout(tag: Tag, ledger: Ledger) -> str:
    """Return what a tag wraps as a callout; a kind that nobody knows is a note."""
    words = [word for word in tag.words if word not in _LOOKS]
    named = tag.argument("type", "kind") or (words[0] if words else "")
    kind = named.lower() if named.lower() in _KINDS else "note"
    if words and words[0] == named:
        words.pop(0)
    title = tag.argument("title") or " ".join(w for w in words if not _is_switch(w))
    if ledger.markup == "markdown":
        opening = f":::{kind} {inline_text(title, 'markdown')}".rstrip()
        return wrap(opening, tag.inner or "", ":::", tag)
    heading = f"<strong>{escape(title)}</strong>" if title else ""
    heading = heading and f'<p class="callout-title">{heading}</p>'
    opening = f'<blockquote class="callout callout-{kind}">{heading}'
    return wrap(opening, tag.inner or "", "</blockquote>", tag)


def _is_switch(word: str) -> bool:
    return word in {"true", "false"}
