"""Posts of a few words, as the documents show them, read and parsed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipeline.config.settings import SiteSettings
from pipeline.content.links import SiteIndex
from pipeline.content.markup.parse import parse_body
from pipeline.content.post import Post
from pipeline.content.read import read_post
from pipeline.content.scan import Found, StatKey
from pipeline.content.tree import Body

URL = "https://example.org/"


def read(text: str, path: str = "a.md") -> Post:
    """Return the post that a file with this text is."""
    found = read_post(
        Found(path, StatKey(1, 1, 1, 1)),
        text.encode(),
        SiteSettings(folder=Path(), url=URL, title="Example"),
        fallback_date=lambda _: datetime(2026, 11, 20, tzinfo=UTC),
        display_path=path,
    )
    assert found.post is not None
    return found.post


def parse(text: str, path: str = "a.md") -> Body:
    """Return the body of the post that a file with this text is."""
    post = read(text, path)
    return parse_body(post, SiteIndex.build(URL, [post], ()))
