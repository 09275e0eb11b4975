"""The web server of a site, on loopback: it answers each path as a test says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Answers by path, and what was asked; a path without one is not found."""

    url: str = ""
    answers: dict[str, int | str] = field(default_factory=dict)
    no_head: bool = False
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving() -> Iterator[Site]:
    """Give a site that is served; `slow` is an answer that never ends, a string a
    redirect."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            if site.no_head:
                site.asked.append(f"HEAD {self.path}")
                self.send_error(405)
                return
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            site.asked.append(f"{self.command} {self.path}")
            answer = site.answers.get(self.path, 404)
            if answer == "slow":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not site.released.wait(0.05):
                    self.wfile.write(b"X-Drip: a\r\n")
                return
            self.send_response(answer if isinstance(answer, int) else 302)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield site
    finally:
        site.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
