"""How many requests a second the readers' pages answer, beside a bare starlette route.

    python -m benchmarks.web [SECONDS]

Servers run as they do in use, one process each, and are asked in turn by 50 connections
that are kept open, from a process of their own; the best round of each counts. Leaving
is measured with readers who leave and, by the same link, have left before.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from time import perf_counter

from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.readers.signup import Joining, join
from pipeline.store.database import open_store
from pipeline.subscribers.address import normalise
from pipeline.subscribers.tokens import sign

CONNECTIONS = 50
ROUNDS = 3
READERS = 2_000
NOW = datetime(2026, 1, 5, tzinfo=UTC)

CONFIG = """\
sites:
  - folder: content
    url: https://example.org/
    title: Example
newsletters:
  - name: weekly
    title: Weekly
    schedule: every monday 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
web:
  public_url: https://example.org/
"""
BARE = """\
import socket, sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def hello(request):
    return PlainTextResponse("hello")

bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
bound.bind(("127.0.0.1", 0))
bound.listen(512)
print("Serving at http://127.0.0.1:%d/" % bound.getsockname()[1], file=sys.stderr)
config = uvicorn.Config(
    Starlette(routes=[Route("/", hello)]), http="h11", access_log=False, log_config=None
)
uvicorn.Server(config).run(sockets=[bound])
"""

Asked = tuple[str, Sequence[str]]
"""A method, and the paths it is asked of in turn."""


def make_site(folder: Path) -> list[str]:
    """Make a site with readers and a feed; return the paths of their links to leave."""
    (folder / "content").mkdir(parents=True)
    (folder / "public").mkdir()
    (folder / "public/rss.xml").write_bytes(b"<rss>" + b"<item/>" * 5_000 + b"</rss>")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    store = folder / "var/pressroom.db"
    database = open_store(store)
    with database.transaction() as tx:
        for n in range(READERS):
            address = normalise(f"reader{n}@example.org")
            joining = Joining(address=address, newsletters=("weekly",), source="bench")
            join(tx, joining, NOW)
    database.close()
    key = read_key(store)
    ids = range(1, READERS + 1)
    return [f"/unsubscribe/{sign(key, 'leave', n, 'weekly')}" for n in ids]


@contextmanager
def server(*words: str, cwd: Path) -> Iterator[int]:
    """Run a server; give the port that it says it listens at."""
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        told = (re.search(r"http://[\d.]+:(\d+)", line) for line in process.stderr)
        port = next(found[1] for found in told if found)
        # A pipe that nobody reads is full after some hundred requests.
        listener = Thread(target=deque, args=(process.stderr, 0))
        listener.start()
        yield int(port)
    finally:
        process.terminate()
        process.wait()


async def _ask(port: int, method: str, paths: Iterator[str], until: float) -> int:
    """Ask on one connection until the time is over; return how many were answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while perf_counter() < until:
        head = (
            f"{method} {next(paths)} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n"
        )
        writer.write(f"{head}Content-Length: 0\r\n\r\n".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
        length = answer.lower().partition(b"content-length: ")[2].split()[0]
        await reader.readexactly(int(length))
        answered += 1
    writer.close()
    return answered


def rate(port: int, asked: Asked, seconds: float) -> float:
    """Return requests a second, asked by all connections at once."""

    async def crowd() -> int:
        until, paths = perf_counter() + seconds, cycle(asked[1])
        asking = (_ask(port, asked[0], paths, until) for _ in range(CONNECTIONS))
        return sum(await asyncio.gather(*asking))

    return asyncio.run(crowd()) / seconds


def measure(
    ports: Mapping[str, int], asked: Mapping[str, Asked], seconds: float
) -> None:
    """Take turns, and print the best round of each beside the bare route's."""
    best = dict.fromkeys(asked, 0.0)
    with get_context("spawn").Pool(1) as asker:
        for _ in range(ROUNDS):
            for name, one in asked.items():
                port = ports.get(name, ports["pages"])
                best[name] = max(best[name], asker.apply(rate, (port, one, seconds)))
    for name, found in best.items():
        print(f"{name:<24}{found:8.0f}/s{found / best['bare route']:8.2f}")


def main() -> None:
    """Run both servers, and measure."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        links = make_site(site)
        asked: dict[str, Asked] = {
            "bare route": ("GET", ["/"]),
            "feed, gzipped": ("GET", ["/rss.xml"]),
            "page with a button": ("GET", links),
            "leaving": ("POST", links),
        }
        serve = ("-m", "pipeline", "serve", "--port", "0")
        with (
            server("-c", BARE, cwd=site) as bare,
            server(*serve, cwd=site) as pages,
        ):
            measure({"bare route": bare, "pages": pages}, asked, seconds)


if __name__ == "__main__":
    main()
