"""newsboat, a reader from Debian, run headless: what it takes from feeds over HTTP."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from tests.capability import require


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as newsboat keeps it."""

    guid: str
    url: str
    title: str
    author: str
    content: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One feed as newsboat keeps it; `url` is the site's, `items` are by guid."""

    title: str
    url: str
    items: tuple[Item, ...]


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal of the tests."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve the files of `folder` over loopback and yield their address."""
    handler = partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def read_feeds(public: Path, names: Iterable[str], home: Path) -> dict[str, Taken]:
    """Let newsboat fetch the files `names` of `public`; return what it took, by name.

    `home` is an empty folder. Each feed has a cache of its own there: newsboat keeps an
    entry once, in one feed, however many feeds it is in.
    """
    newsboat = require("newsboat", "a feed reader tries our feeds")
    with _served(public) as address:
        return {
            name: _read(newsboat, f"{address}/{quote(name)}", home / str(n))
            for n, name in enumerate(names)
        }


def _read(newsboat: str, url: str, home: Path) -> Taken:
    home.mkdir(parents=True)
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
    with closing(sqlite3.connect(home / "cache.db")) as cache:
        (found,) = cache.execute("SELECT title, url FROM rss_feed").fetchall()
        items = cache.execute(
            "SELECT guid, url, title, author, content FROM rss_item ORDER BY guid"
        )
        return Taken(*found, tuple(Item(*row) for row in items))
