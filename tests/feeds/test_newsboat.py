"""newsboat, a reader from Debian, takes the feeds over loopback HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.feeds.builders import entry, feed
from tests.newsboat import Item, read_feeds

TITLES = ["变分自编码器", "Why <b> & <i> matter", "第三篇"]


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_newsboat_takes_every_entry(format: str, tmp_path: Path) -> None:
    entries = [entry(f"p{n}", title=title) for n, title in enumerate(TITLES)]
    public = tmp_path / "public"
    public.mkdir()
    (public / "feed.xml").write_bytes(feed(format, *entries))
    taken = read_feeds(public, ["feed.xml"], tmp_path / "home")["feed.xml"]
    assert (taken.title, taken.url) == ("例子", "https://example.org/")
    urls = [f"https://example.org/p{n}/" for n in range(len(TITLES))]
    assert taken.items == tuple(
        Item(url, url, title, "苏剑林", "<p>All of it.</p>")
        for url, title in zip(urls, TITLES, strict=True)
    )
