"""Zola's shortcodes: `{{ name(key="…") }}` and `{% name(key="…") %}…{% end %}`."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.content.tags.embeds import EMBEDS
from pipeline.content.tags.formulas import show_formula
from pipeline.content.tags.hexo import TAGS as HEXO_TAGS
from pipeline.content.tags.hugo import SHORTCODES
from pipeline.content.tags.tag import Handler

TAGS: Mapping[str, Handler] = {
    **EMBEDS,
    "figure": SHORTCODES["figure"],
    "image": SHORTCODES["image"],
    "img": SHORTCODES["img"],
    "details": SHORTCODES["details"],
    "mermaid": SHORTCODES["mermaid"],
    "katex": show_formula,
    "math": show_formula,
    "quote": HEXO_TAGS["quote"],
}
"""What to do with each shortcode, by name; most themes name them alike."""
