"""What holds at every door: headers, methods, bounds, languages, and what is logged."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from pipeline.base.clock import FixedClock
from pipeline.base.errors import BusyError, ConfigError, StoreError
from pipeline.base.log import LogStyle, open_log
from pipeline.runs.events import Events
from pipeline.runs.inspect import inspect
from pipeline.runs.report import Silent
from pipeline.runs.resources import read_page_templates
from pipeline.store.database import Database
from pipeline.web import desk as desks
from pipeline.web import forms
from pipeline.web.app import base_path
from pipeline.web.desk import Desk
from pipeline.web.distrust import MOST_TOLD
from pipeline.web.failures import Failures
from pipeline.web.forms import MAX_BODY_BYTES
from pipeline.web.languages import choose_language
from pipeline.web.log import ServerLog, told_path
from pipeline.web.pages import Pages
from pipeline.web.proxy import ProxyMiddleware, client_network
from tests.web.clients import (
    Office,
    WorldClock,
    office,
    reader,
    with_pages,
)
from tests.world import NOW, World

ANN = "ann@example.org"
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}


@pytest.fixture
def shop(world: World) -> Iterator[Office]:
    world.configure(with_pages(world.config))
    world.write("public/rss.xml", b"<rss/>")
    world.join(ANN)
    with office(world) as found:
        yield found


@pytest.fixture
def faulty(world: World) -> Iterator[Office]:
    """Give an application whose faults are answered, as a server answers them."""
    world.configure(with_pages(world.config))
    world.join(ANN)
    with office(world, raises=False) as found:
        yield found


def test_every_page_says_how_little_a_browser_may_do(shop: Office) -> None:
    link = shop.link(ANN)
    for method, path in [
        ("GET", link),
        ("POST", link),
        ("GET", "/nowhere"),
        ("DELETE", link),
        ("GET", "/health"),
    ]:
        headers = shop.client.request(method, path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers


def test_pages_keep_to_their_policy(shop: Office) -> None:
    pages = [shop.client.get(shop.link(ANN)).text, shop.client.get("/x").text]
    pages += [shop.client.post(shop.link(ANN)).text]
    for page in pages:
        assert not re.search(r"<script|<style|style=|javascript:|<img|https?:", page)


def test_the_style_sheet_is_kept_under_the_name_of_its_text(shop: Office) -> None:
    page = shop.client.get(shop.link(ANN)).text
    [address] = re.findall(r'href="/mail(/styles/[0-9a-f]{16}\.css)"', page)
    answer = shop.client.get(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert shop.client.get("/styles/0123456789abcdef.css").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X"])
def test_other_methods_are_refused_with_those_that_are_taken(
    shop: Office, method: str
) -> None:
    for path in (shop.link(ANN), "/health", "/rss.xml"):
        answer = shop.client.request(method, path)
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]


def test_options_tells_the_methods(shop: Office) -> None:
    told = shop.client.options(shop.link(ANN)).headers["allow"]
    assert told == "GET, HEAD, OPTIONS, POST"
    assert shop.client.options("/rss.xml").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("streamed", [True, False])
def test_a_body_is_bounded(shop: Office, streamed: bool) -> None:
    def pieces() -> Iterator[bytes]:
        yield from [b"x" * 1_000] * 20

    body = pieces() if streamed else b"x" * (MAX_BODY_BYTES + 1)
    answer = shop.client.post(shop.link(ANN), content=body)
    assert answer.status_code == 413
    assert "That was too much text" in answer.text
    assert reader(shop.world, ANN).newsletters == ("weekly",)


def test_a_body_that_does_not_come_is_not_waited_for(
    shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(request: Request, most_bytes: int) -> bytes:
        await asyncio.Event().wait()
        return b""

    monkeypatch.setattr(forms, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(forms, "_read_body", never)
    assert shop.client.post(shop.link(ANN)).status_code == 408


def test_pages_speak_the_language_of_the_browser(shop: Office) -> None:
    page = shop.client.get(shop.link(ANN), headers=CHINESE)
    assert page.headers["content-language"] == "zh-CN"
    assert page.headers["vary"] == "Accept-Language"
    assert '<html lang="zh-CN">' in page.text
    assert "要退订“Weekly”吗？" in page.text
    assert "没有这个页面" in shop.client.get("/x", headers=CHINESE).text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("fr", "en"),
        ("zh", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("zh-Hans-CN,en;q=0.1", "zh-CN"),
        ("en;q=0.5, zh;q=0.8", "zh-CN"),
        ("zh;q=0,en", "en"),
        ("fr, zh;q=0.2, en;q=0.1", "zh-CN"),
        ("zh;q=x,;;,en-GB", "en"),
        ("zh;q=nan", "en"),
    ],
)
def test_the_best_language_is_chosen(header: str, language: str) -> None:
    assert choose_language(header, ["en", "zh-CN"], "en") == language


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1", "", "a b"])
def test_nothing_is_made_of_the_host_header(shop: Office, host: str) -> None:
    for path in (shop.link(ANN), "/x", "/archive"):
        headers = {"Host": host, "X-Forwarded-Host": "evil.example"}
        answer = shop.client.get(path, headers=headers)
        assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("prefix", ["", "/mail"])
def test_a_proxy_may_hand_on_the_path_whole_or_cut(shop: Office, prefix: str) -> None:
    page = shop.client.get(prefix + shop.link(ANN))
    assert page.status_code == 200
    assert f'action="/mail{shop.link(ANN)}"' in page.text
    assert shop.client.post(prefix + shop.link(ANN)).status_code == 200
    assert reader(shop.world, ANN).newsletters == ()


def test_a_path_without_its_slash_is_not_sent_elsewhere(shop: Office) -> None:
    assert shop.client.get("/mail", follow_redirects=False).status_code == 404


def test_without_an_address_pages_are_at_the_root(world: World) -> None:
    world.join(ANN)
    with office(world) as found:
        page = found.client.get(found.link(ANN)).text
    assert f'action="{found.link(ANN)}"' in page


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "1.1.1.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7, 10.0.0.1", "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7:4711", "192.0.2.7:4711"),
        ("::ffff:127.0.0.1", "[2001:db8::1]:80", "[2001:db8::1]:80"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7, evil\r\nx", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("192.0.2.9", "1.1.1.1", "192.0.2.9"),
        ("", "1.1.1.1", ""),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(
    peer: str, forwarded: str, client: str
) -> None:
    async def nothing(*_: object) -> None: ...

    proxy = ProxyMiddleware(nothing, ["127.0.0.0/8", "10.0.0.0/24"], "/", nothing)
    assert proxy.find_client(peer, forwarded) == client


@pytest.mark.parametrize(
    ("peer", "told"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:172.17.0.1", "172.17.0.1"),
        ("fd00::7", "fd00::7"),
        ("8.8.8.8", "8.8.8.0/24"),
    ],
)
def test_a_proxy_that_nobody_trusts_is_told_once(
    world: World, caplog: pytest.LogCaptureFixture, peer: str, told: str
) -> None:
    world.post("a")
    world.configure(with_pages(world.config))
    forwarded = {"X-Forwarded-For": "192.0.2.7"}
    with office(world) as found:
        proxied = TestClient(found.client.app, client=(peer, 1))
        for _ in range(3):
            proxied.get("/health", headers=forwarded)
        found.client.get("/health", headers=forwarded)
    assert caplog.text.count(f"X-Forwarded-For comes from {told}, which is none") == 1

    def notes() -> str:
        report = inspect(world.configuration(), WorldClock(world), Silent())
        return " ".join(report.notes)

    assert f"comes from {told}, which is none of web.trusted_proxies" in notes()
    config = world.config
    world.configure(f"{config}  trusted_proxies: ['{told}']\n")
    assert "X-Forwarded-For" not in notes()
    world.configure(config)
    world.later(days=8)
    assert "X-Forwarded-For" not in notes()


def test_who_makes_the_header_up_does_not_fill_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with office(world) as found:
        for n in range(1, 2 * MOST_TOLD):
            proxied = TestClient(found.client.app, client=(f"10.0.0.{n}", 1))
            proxied.get("/health", headers={"X-Forwarded-For": "192.0.2.7"})
    assert caplog.text.count("X-Forwarded-For comes from") == MOST_TOLD


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.7:4711", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("[2001:db8:1:2::3]:80", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("testclient", "-"),
        ("", "-"),
    ],
)
def test_a_network_is_what_is_kept_of_an_address(client: str, network: str) -> None:
    assert client_network(client) == network


def test_no_token_is_logged(shop: Office) -> None:
    token = shop.token(ANN)
    for path in (
        f"/unsubscribe/{token}",
        f"/unsubscribe/{token}/back",
        f"/mail/unsubscribe/{token}",
        f"/unsubscribe/{token}/x",
        f"/unsubscribed/{token}",
        f"/{token}",
        f"/rss.xml?x={token}",
        f"/unsubscribe%2F{token}",
    ):
        shop.client.get(path)
        shop.client.post(path, data={"x": token})
        shop.client.delete(path)
    told = "\n".join(shop.log)
    assert token[:8] not in told
    assert ANN not in told
    assert "method=GET path=/unsubscribe/{token} status=200" in told
    assert "method=POST path=/unsubscribe/{token}/back status=200" in told
    assert "method=GET path=/unsubscribed/… status=404" in told
    assert "method=GET path=/… status=404" in told
    assert "method=GET path=/rss.xml status=200 octets=6" in told


def test_a_line_is_logged_for_a_request_as_text_or_json(world: World) -> None:
    world.configure(with_pages(world.config))
    with office(world, log_format="json") as found:
        found.client.get("/health", headers={"X-Forwarded-For": "192.0.2.7"})
        [line] = found.log
    told = json.loads(line)
    assert told.pop("ms") >= 0
    assert told == {
        "time": "2026-11-20T09:00:00Z",
        "level": "info",
        "event": "request",
        "network": "-",
        "method": "GET",
        "path": "/health",
        "status": 200,
        "octets": 10,
    }


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "/"),
        ("/a", "/a"),
        ("/a/b", "/a/…"),
        ("//evil", "/evil"),
        ("/a\nb/c", "/a%0Ab/…"),
        ("/é", "/%C3%A9"),
        ("/abcdefghijklmnop", "/…"),
        ("", "/"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_in_part(path: str, told: str) -> None:
    assert told_path({"path": path}) == told


def test_what_the_server_says_is_an_event_like_others() -> None:
    lines: list[str] = []
    log = ServerLog(Events(open_log(LogStyle(), lines.append, FixedClock(NOW))))
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "a\n%s", ("b",), None)
    log.emit(record)
    assert lines == [r'2026-11-20T09:00:00Z error server_said message="a\nb"']


def raising(error: Exception) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


@pytest.mark.parametrize("error", [StoreError("locked"), BusyError("full")])
def test_a_store_that_is_busy_asks_to_come_again(
    faulty: Office, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    link = faulty.link(ANN)
    monkeypatch.setattr("pipeline.web.leaving.find_holder", raising(error))
    for answer in (faulty.client.get(link), faulty.client.post(link)):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "10"
        assert "Just a moment" in answer.text
        assert str(error) not in answer.text


def test_a_fault_of_ours_is_told_without_its_details(
    faulty: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = faulty.link(ANN)
    monkeypatch.setattr(
        "pipeline.web.leaving.find_holder", raising(RuntimeError("secret"))
    )
    answer = faulty.client.get(link)
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "path=/unsubscribe/{token} status=500" in faulty.log[-1]


def test_a_template_that_is_wrong_still_gets_an_answer(world: World) -> None:
    world.write("templates/web/error.html", "{{ nothing_of_that_name }}")
    world.write("templates/web/unknown.html", "{{ nothing_of_that_name }}")
    with office(world, raises=False) as found:
        assert found.client.get("/x").text == "Something went wrong.\n"
        assert found.client.get("/unsubscribe/x").status_code == 500


def test_an_owner_may_have_pages_of_their_own(world: World) -> None:
    world.write("templates/web/unknown.html", "<p>{{ mailbox }}</p>")
    world.write("templates/web/style.css", "p { color: red }")
    with office(world) as found:
        assert found.client.get("/unsubscribe/x").text == "<p>leave@example.org</p>"


def test_a_template_that_cannot_be_read_stops_the_start(world: World) -> None:
    world.write("templates/web/error.html", b"\xff")
    with pytest.raises(ConfigError, match=r"web/error\.html"):
        read_page_templates(world.folder / "templates")


def test_every_status_has_a_page_in_every_language(shop: Office) -> None:
    configuration = shop.world.configuration()
    failures = Failures(Pages.of(configuration, base_path(configuration)))
    for language in ("en", "zh"):
        header = [(b"accept-language", language.encode())]
        request = Request({"type": "http", "headers": header})
        titles = set()
        for status in (400, 404, 405, 408, 413, 429, 500, 503):
            page = failures.tell(request, status)
            assert page.status_code == status
            titles |= set(re.findall("<h1>(.+)</h1>", bytes(page.body).decode()))
        assert len(titles) == 8


def test_the_desk_answers_one_after_another_and_refuses_a_crowd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "MAX_WAITING", 3)
    threads: set[int] = set()

    def work(database: Database) -> int:
        threads.add(threading.get_ident())
        return 1

    async def crowd() -> Sequence[object]:
        desk = Desk(tmp_path / "store.db")
        asked = [desk.ask(work) for _ in range(5)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert await desk.ask(work) == 1
        await desk.close()
        return answers

    answers = asyncio.run(crowd())
    assert [one for one in answers if one == 1] == [1, 1, 1]
    assert sum(isinstance(one, BusyError) for one in answers) == 2
    assert len(threads) == 1


def test_a_store_that_was_put_in_place_anew_is_the_one_that_counts(
    shop: Office,
) -> None:
    link, store = shop.link(ANN), shop.world.folder / "var/pressroom.db"
    assert "no more mail" in shop.client.get(link).text
    database = shop.world.store()
    database.checkpoint()
    database.close()
    backup = store.with_name("backup.db")
    backup.write_bytes(store.read_bytes())
    backup.replace(store)
    shop.client.post(link)
    assert reader(shop.world, ANN).newsletters == ()
