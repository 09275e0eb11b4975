"""Every door of the table: each method, each kind of token good and bad, and anything.

A door that is added is tried here without a word; one with a new kind of token must say
in TOKENS how one is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from pipeline.runs.outgoing.keys import read_key
from pipeline.subscribers.limited import LimitedPurpose, sign_until
from pipeline.subscribers.tokens import sign
from pipeline.web.app import base_path, doors
from pipeline.web.desk import Desk
from pipeline.web.doors import Door
from pipeline.web.pages import Pages
from pipeline.web.postman import Postman
from pipeline.web.service import Service
from tests.dump import dump
from tests.web.clients import PUBLIC_URL, Office, WorldClock, office, reader, with_pages
from tests.web.forms import ask, fill_in
from tests.world import World

ANN = "ann@example.org"
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "QUERY")


@dataclass
class Shop:
    """An application, its doors, and tokens that open them."""

    office: Office
    table: tuple[Door, ...]
    key: bytes

    @property
    def store(self) -> dict[str, list[tuple[object, ...]]]:
        return dump(self.office.world.folder / "var/pressroom.db")

    def tokens(self) -> dict[str, str]:
        """Return a token that is good, by the first part of the door it opens."""
        return {kind: make(self) for kind, make in TOKENS.items()}

    def limited(self, purpose: LimitedPurpose, hours: float = 1) -> str:
        until = self.office.world.time + timedelta(hours=hours)
        return sign_until(self.key, purpose, ASKS[purpose], until)

    @property
    def ann(self) -> int:
        return reader(self.office.world, ANN).id


ASKS: Mapping[str, int] = {"confirm": 1, "move": 2, "issue": 1}
"""What somebody has asked in the shop, by the id of the ask; an issue that waits."""

TOKENS: Mapping[str, Callable[[Shop], str]] = {
    "unsubscribe": lambda shop: sign(shop.key, "leave", shop.ann, "weekly"),
    "preferences": lambda shop: sign(shop.key, "preferences", shop.ann),
    "confirm": lambda shop: shop.limited("confirm"),
    "address": lambda shop: shop.limited("move"),
    "issue": lambda shop: shop.limited("issue"),
}


def table_of(world: World) -> tuple[Door, ...]:
    configuration, clock = world.configuration(), WorldClock(world)
    service = Service(
        configuration=configuration,
        desk=Desk(configuration.store.path),
        pages=Pages.of(configuration, base_path(configuration)),
        postman=Postman(configuration, clock),
        keys=lambda: (read_key(configuration.store.path),),
        clock=clock,
    )
    return doors(service)


@pytest.fixture
def shop(world: World) -> Iterator[Shop]:
    world.configure(with_pages(f"{world.config}    hold: 30m\n"))
    world.post("a")
    world.join(ANN)
    world.run()
    world.write("public/rss.xml", b"<rss/>")
    with office(world) as found:
        key = read_key(world.configuration().store.path)
        shop = Shop(found, table_of(world), key)
        ask(found, "bob@example.org")
        page = f"/preferences/{shop.tokens()['preferences']}/address"
        found.client.post(page, data={"address": "ann@new.example"})
        yield shop


def kind_of(door: Door) -> str:
    """Return the first part of a door's path; nothing where it takes no token."""
    return door.path.split("/")[1] if "{token}" in door.path else ""


def spoilt(good: str) -> dict[str, str]:
    """Return what a token may come to on its way, or be made up as."""
    return {
        "cut": good[:-1],
        "cut in two": good[: len(good) // 2],
        "begun late": good[1:],
        "changed": good[:-2] + ("a" if good[-2] != "a" else "b") + good[-1],
        "turned round": good[::-1],
        "longer": f"{good}a",
        "with a full stop": f"{good}.",
        "made up": "aaaaaaaaaaaaaaaaaaaaa",
        "nothing": "x",
        "long": "a" * 3_000,
        "no ASCII": "é",
        "a zero": "%00",
    }


def test_every_kind_of_token_is_known_here(shop: Shop) -> None:
    assert {kind_of(door) for door in shop.table} - {""} == TOKENS.keys()


def test_a_good_token_opens_every_door(shop: Shop) -> None:
    tokens = shop.tokens()
    for door in shop.table:
        if kind_of(door):
            path = door.path.replace("{token}", tokens[kind_of(door)])
            assert shop.office.client.get(path).status_code == 200, path


def test_each_door_answers_its_methods_and_no_other(shop: Shop) -> None:
    tokens = shop.tokens()
    for door in shop.table:
        path = door.path.replace("{path:path}", "rss.xml")
        path = path.replace("{token}", tokens.get(kind_of(door), ""))
        for method in METHODS:
            answer = shop.office.client.request(method, path)
            if method in door.allowed:
                assert answer.status_code < 500, (method, path)
            else:
                assert answer.status_code == 405, (method, path)
                assert "GET" in answer.headers["allow"]


def bad_tokens(shop: Shop, kind: str) -> dict[str, str]:
    """Return tokens that open no door of a kind: spoilt, of another kind or key."""
    tokens = shop.tokens()
    others = {f"for {other}": tokens[other] for other in tokens if other != kind}
    stranger = Shop(shop.office, shop.table, b"another key, as long as it must be")
    return spoilt(tokens[kind]) | others | {"forged": TOKENS[kind](stranger)}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_bad_token_changes_nothing_and_gets_a_page_that_helps(
    shop: Shop, method: str
) -> None:
    before = shop.store
    for door in shop.table:
        kind = kind_of(door)
        for name, token in bad_tokens(shop, kind).items() if kind else ():
            path = door.path.replace("{token}", token)
            answer = shop.office.client.request(method, path)
            assert answer.status_code == 404, (name, path)
            helps = re.search(
                r"mailto:|<a href=\"/|Follow the link|copy it whole", answer.text
            )
            assert helps or method == "HEAD", (name, path)
    assert shop.store == before


@pytest.mark.parametrize(
    ("kind", "purpose"), [("confirm", "confirm"), ("address", "move")]
)
def test_a_token_that_is_over_changes_nothing_and_says_so(
    shop: Shop, kind: str, purpose: LimitedPurpose
) -> None:
    before = shop.store
    for hours in (-1, 0):
        token = shop.limited(purpose, hours)
        for method in ("GET", "POST"):
            page = shop.office.client.request(method, f"/{kind}/{token}")
            assert "This link is used up" in page.text
    assert shop.store == before


TEXTS = st.text(max_size=30)
FIELDS = (
    *("address", "shown", "website", "language", "page", "newsletter-weekly", "form"),
    *("reason", "words", "weekly.get", "weekly.cadence", "weekly.tags", "weekly.pause"),
    *("weekly.language", "List-Unsubscribe", "do", "post"),
)
VALUES = st.one_of(
    TEXTS,
    st.sampled_from(
        ["yes", "ann@example.org", "x@例子.中国", "2026-12-31", "own", "en", "stop"]
    ),
    st.integers().map(str),
)
FORM = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data; boundary=x"
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("Accept-Language", "Accept-Encoding", "If-None-Match", "Content-Type"),
            *("If-Modified-Since", "Range", "X-Forwarded-For", "Host", "Origin"),
            *("Referer", "Cookie", "Transfer-Encoding", "Expect", "Purpose"),
        ]
    ),
    st.one_of(
        st.binary(max_size=40).map(lambda data: re.sub(rb"[\r\n\0]", b"", data)),
        st.sampled_from([MULTIPART, b"bytes=0-", b"gzip;q=2", FORM]),
    ),
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), max_size=8).map(
        lambda fields: urlencode(fields, errors="surrogatepass").encode()
    ),
    st.just(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--'),
    st.just(b"reason=other&words=%ff%00"),
)


def any_path(shop: Shop, data: DataObject) -> str:
    """Return the path of some door with some token, or a path of any parts."""
    tokens = shop.tokens()
    good = sorted(tokens.values())
    bad = sorted(spoilt(good[0]).values())
    some = st.one_of(st.sampled_from(good), st.sampled_from(bad), TEXTS)
    door = data.draw(st.sampled_from(shop.table))
    token = quote(data.draw(some), safe="%")
    parts = data.draw(st.lists(TEXTS, max_size=3))
    rest = "/".join(quote(part) for part in parts)
    path = door.path.replace("{token}", token).replace("{path:path}", rest)
    beyond = data.draw(st.sampled_from(["", "/", "/x", f"/{rest}", f"?{rest}", "//"]))
    return f"{path}{beyond}"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), method=st.sampled_from(METHODS), headers=HEADERS, body=BODIES)
def test_nothing_that_is_sent_makes_us_fail(
    shop: Shop, data: DataObject, method: str, headers: dict[str, bytes], body: bytes
) -> None:
    if data.draw(st.booleans()):
        headers = headers | {"Content-Type": FORM}
    url = f"http://testserver{any_path(shop, data)}"
    answer = shop.office.client.request(method, url, headers=headers, content=body)
    assert answer.status_code < 500
    assert PUBLIC_URL not in str(answer.headers)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_nothing_that_a_form_says_makes_us_fail(
    shop: Shop, fields: dict[str, str]
) -> None:
    office = shop.office
    shown = fill_in(office, ANN)["shown"]
    office.world.later(seconds=10)
    for kind, token in shop.tokens().items():
        for door in shop.table:
            if door.post and kind_of(door) == kind:
                path = door.path.replace("{token}", token)
                assert office.client.post(path, data=fields).status_code < 500
    said = {"shown": shown} | fields
    assert office.client.post("/subscribe", data=said).status_code < 500
