"""Whether a page is there, as a real server answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from pipeline.runs.issues import answering
from pipeline.runs.issues.answering import (
    NoAnswer,
    ask_page,
    is_nobodys,
    is_own,
    is_there,
)
from tests.runs.site_server import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def ask(site: Site, path: str = "a/") -> str:
    return ask_page(site.url + path, site.url)


def test_a_page_that_is_there_is_asked_for_by_its_head_alone(site: Site) -> None:
    site.answers["/a/"] = 200
    assert ask(site) == ""
    assert site.asked == ["HEAD /a/"]


def test_a_page_that_is_not_there_says_what_it_is_instead(site: Site) -> None:
    assert ask(site) == "404 Not Found"
    site.answers["/a/"] = 503
    assert ask(site) == "503 Service Unavailable"


def test_a_server_that_refuses_head_is_asked_by_get(site: Site) -> None:
    site.no_head = True
    site.answers["/a/"] = 200
    assert ask(site) == ""
    assert site.asked == ["HEAD /a/", "GET /a/"]


def test_redirects_are_followed_on_the_same_site(site: Site) -> None:
    site.answers |= {"/a": "/a/", "/a/": "b/", "/a/b/": 200}
    assert ask(site, "a") == ""
    assert site.asked == ["HEAD /a", "HEAD /a/", "HEAD /a/b/"]


def test_a_redirect_in_a_circle_ends(site: Site) -> None:
    site.answers["/a/"] = "/a/"
    assert ask(site) == "it leads on more than 5 times"
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "away",
    ["http://198.51.100.1/", "//localhost:1/a/", "ftp://127.0.0.1/", "mailto:a@b"],
)
def test_nothing_but_the_site_is_ever_asked(site: Site, away: str) -> None:
    site.answers["/a/"] = away
    assert ask(site).startswith("it leads to another site")
    assert ask_page("http://198.51.100.1/", site.url).startswith("it leads to another")


def test_a_server_that_drips_is_given_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "DEADLINE_S", 0.3)
    site.answers["/a/"] = "slow"
    with pytest.raises(NoAnswer, match="does not answer"):
        ask(site)


def test_a_server_that_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(NoAnswer, match="it takes too long"):
            ask_page(url, url)


def test_a_server_that_is_not_there_has_no_page() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    with pytest.raises(NoAnswer, match="refused"):
        ask_page(url, url)
    assert not is_there(url)


def test_init_asks_a_site_but_not_one_that_nobody_has(site: Site) -> None:
    site.answers["/"] = 200
    assert is_there(site.url)
    assert not is_there("")
    for nobodys in (
        "https://example.org/",
        "https://blog.example.com/",
        "http://a.test/",
    ):
        assert is_nobodys(nobodys)
        assert not is_there(nobodys)
    assert not is_nobodys("https://example.blog/")


def test_a_host_is_a_sites_own_under_http_and_https() -> None:
    assert is_own("https://a.org/x", "http://a.org/")
    assert not is_own("https://b.org/x", "https://a.org/")
    assert not is_own("http://a.org:81/x", "http://a.org/")
