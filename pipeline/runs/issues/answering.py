"""Asks a page of the owner's own site whether it is there: HEAD, or GET where need be.

Nothing else is ever asked: another host is not, whatever a post or a redirect says. The
standard library will do: no body is read, and nothing is kept between two pages.
"""

from __future__ import annotations

import ssl
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR
from threading import Event, Timer
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pipeline.content.urls import absolute

TIMEOUT_S, DEADLINE_S = 5.0, 10.0
"""What one step of an answer may take, and one answer: a server may send a letter a
second."""

MOST_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_HEAD = frozenset({400, 403, 404, 405, 501})
"""What servers say that have pages for GET alone."""

_HEADERS: Final = {"User-Agent": "Pressroom (is this page there?)", "Accept": "*/*"}
_NOBODYS = ("example", "test", "invalid", "localhost")


class NoAnswer(Exception):
    """The server cannot be asked, and so none of its pages: its text says why."""


def is_own(url: str, site_url: str) -> bool:
    """Tell whether `url` is on the site's own host, at any of the web's ports."""
    return _is_same_host(urlsplit(url), urlsplit(site_url))


def is_nobodys(site_url: str) -> bool:
    """Tell whether an address is one that nobody can have a site at (RFC 2606)."""
    names = (urlsplit(site_url).hostname or "").split(".")
    return names[-1] in _NOBODYS or (
        names[-2:-1] == ["example"] and names[-1] in ("com", "net", "org")
    )


def is_there(site_url: str) -> bool:
    """Tell whether a site is there; one at nobody's address is not asked."""
    if not site_url or is_nobodys(site_url):
        return False
    try:
        return not ask_page(site_url, site_url)
    except NoAnswer:
        return False


def ask_page(url: str, site_url: str) -> str:
    """Return nothing where the page is there (200), else what is answered instead.

    Redirects are followed on the site's own host. Raises NoAnswer.
    """
    answer = ""
    for _ in range(MOST_REDIRECTS + 1):
        if not is_own(url, site_url):
            return f"it leads to another site, {url}"
        status, reason, location = _ask("HEAD", url)
        if status in _NO_HEAD:
            status, reason, location = _ask("GET", url)
        if status == 200:
            return ""
        answer = f"{status} {reason}".strip()
        if status not in _REDIRECTS or not location:
            return answer
        url = absolute(location, url) or ""
    return f"it leads on more than {MOST_REDIRECTS} times"


def _is_same_host(one: SplitResult, other: SplitResult) -> bool:
    return (
        {one.scheme, other.scheme} <= {"http", "https"}
        and one.hostname is not None
        and one.hostname == other.hostname
        and (one.port == other.port or one.scheme != other.scheme)
    )


def _ask(method: str, url: str) -> tuple[int, str, str]:
    """Return status, reason and Location of an answer; raises NoAnswer."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    late = Event()
    with closing(_connection(parts)) as connection:
        hurry = Timer(DEADLINE_S, _cut, [connection, late])
        hurry.daemon = True
        hurry.start()
        try:
            connection.request(method, target, headers=_HEADERS)
            answer = _read(connection.getresponse())
        except ValueError as error:
            return 0, f"no address that can be asked: {error}", ""
        except (OSError, HTTPException) as error:
            raise NoAnswer(
                f"{parts.netloc} does not answer ({_words(error)})"
            ) from error
        finally:
            hurry.cancel()
    if late.is_set():
        raise NoAnswer(f"{parts.netloc} does not answer (it takes too long)")
    return answer


def _connection(parts: SplitResult) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, parts.port, timeout=TIMEOUT_S, context=context)
    return HTTPConnection(host, parts.port, timeout=TIMEOUT_S)


def _read(response: HTTPResponse) -> tuple[int, str, str]:
    """Return what matters of an answer; its body stays unread."""
    reason = "".join(filter(str.isprintable, response.reason))[:80]
    return response.status, reason, response.getheader("Location", "") or ""


def _cut(connection: HTTPConnection, late: Event) -> None:
    late.set()
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(SHUT_RDWR)


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it takes too long"
    return str(error) or type(error).__name__
