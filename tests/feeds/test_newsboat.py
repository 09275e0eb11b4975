"""newsboat, a reader from Debian, takes the feeds over loopback HTTP."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.capability import require
from tests.feeds.builders import entry, feed

TITLES = ["变分自编码器", "Why <b> & <i> matter", "第三篇"]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal of the tests."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files of `folder` and yield their address."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def reload(newsboat: str, url: str, home: Path) -> Path:
    """Let newsboat fetch the feed at `url`; return its cache."""
    home.mkdir()
    (home / "urls").write_text(f"{url}\n")
    (home / "config").write_text("")
    files = {"url": "urls", "cache": "cache.db", "config": "config"}
    options = [f"--{kind}-file={home / name}" for kind, name in files.items()]
    subprocess.run(
        [newsboat, *options, "--execute=reload"],
        env={"HOME": str(home), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        timeout=60,
    )
    return home / "cache.db"


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_newsboat_takes_every_entry(format: str, tmp_path: Path) -> None:
    newsboat = require("newsboat", "a feed reader tries our feeds")
    entries = [entry(f"p{n}", title=title) for n, title in enumerate(TITLES)]
    public = tmp_path / "public"
    public.mkdir()
    (public / "feed.xml").write_bytes(feed(format, *entries))
    with served(public) as address:
        cache = reload(newsboat, f"{address}/feed.xml", tmp_path / "home")
    with closing(sqlite3.connect(cache)) as database:
        feeds = database.execute("SELECT title, url FROM rss_feed").fetchall()
        items = database.execute(
            "SELECT guid, url, title, author, content FROM rss_item ORDER BY guid"
        ).fetchall()
    assert feeds == [("例子", "https://example.org/")]
    urls = [f"https://example.org/p{n}/" for n in range(len(TITLES))]
    assert items == [
        (url, url, title, "苏剑林", "<p>All of it.</p>")
        for url, title in zip(urls, TITLES, strict=True)
    ]
