"""Footnotes: their number in the text, the list at the end, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markdown_it.token import Token


def reference_html(token: Token) -> str:
    """Return the number that stands in the text."""
    number = token.meta["id"] + 1
    return (
        f'<sup><a href="#fn-{number}" id="{_reference_id(token)}">[{number}]</a></sup>'
    )


def back_link_html(token: Token, *, chinese: bool) -> str:
    """Return the link from a footnote back to where it was called."""
    number = token.meta["id"] + 1
    label = (
        f"回到正文（注 {number}）" if chinese else f"Back to the text (note {number})"
    )
    return f' <a href="#{_reference_id(token)}" aria-label="{label}">↩︎</a>'


def _reference_id(token: Token) -> str:
    meta: Mapping[str, Any] = token.meta
    again = meta.get("subId", 0)
    return f"fnref-{meta['id'] + 1}" + (f"-{again + 1}" if again > 0 else "")
