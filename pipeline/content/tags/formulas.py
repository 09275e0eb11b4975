"""Formulas in tags of their own: `{{< katex >}}x^2{{< /katex >}}` and its kin."""

from __future__ import annotations

import re

from pipeline.content.tags.tag import Ledger, Tag

_DELIMITED = re.compile(r"\$|\\[\[(]|\\begin\{")
_TRUE = frozenset({"true", "1", "block", "display"})


def show_formula(tag: Tag, ledger: Ledger) -> str:
    """What the tag wraps, as a formula; on display where it says so or has lines.

    A tag that only tells a theme to load something wraps nothing, or text whose
    formulas have delimiters already: that stays as it is.
    """
    tex = (tag.inner or "").strip()
    if not tex or _DELIMITED.search(tex):
        return tag.inner or ""
    if _is_on_display(tag, tex):
        return f"$$\n{tag.place.prefix}{tex}\n{tag.place.prefix}$$"
    # GitLab's way to write it, which nothing takes for money.
    return f"$`{tex}`$"


def _is_on_display(tag: Tag, tex: str) -> bool:
    said = {*tag.words, tag.argument("display"), tag.argument("block")}
    return bool(said & _TRUE) or "\n" in tex or "`" in tex
