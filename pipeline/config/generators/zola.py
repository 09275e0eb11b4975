"""Zola: config.toml with base_url; posts below content/, published by their path."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.generators.files import (
    group_in,
    is_on,
    read_mapping,
    text_of,
    web_address,
)
from pipeline.config.generators.found import FoundSite, Generator, Layout

# Zola reads every file in templates/ as one of its own, and stops at ours.
_LAYOUT = Layout(templates="mail-templates")


def find_zola(home: Path, zone: str) -> Generator | None:
    """Return the Zola site in `home`; `zone` is not asked for: its dates are in UTC."""
    source = next((n for n in ("config.toml", "zola.toml") if (home / n).is_file()), "")
    settings = read_mapping(home / source) if source else {}
    if "base_url" not in settings:
        return None
    site = FoundSite(
        folder="content",
        url=web_address(text_of(settings, "base_url")),
        title=text_of(settings, "title"),
        description=text_of(settings, "description"),
        language=text_of(settings, "default_language"),
        author=text_of(settings, "author")
        or text_of(group_in(settings, "extra"), "author"),
        permalink="/{folder}/{slug}/",
        permalink_note="Zola publishes a post by its path",
        output=text_of(settings, "output_dir") or "public",
        assets=("static",) if (home / "static").is_dir() else (),
    )
    feeds = is_on(settings, "generate_feeds") or is_on(settings, "generate_feed")
    note = "Zola writes a feed of its own; set `generate_feeds = false`, or use one"
    return Generator(
        name="Zola",
        source=source,
        sites=(site,),
        layout=_LAYOUT,
        notes=(note,) if feeds else (),
    )
