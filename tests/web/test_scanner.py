"""A scanner that follows every link of every mail changes nothing; one click leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from pipeline.runs.outgoing.keys import read_key
from pipeline.subscribers.tokens import sign
from tests.dump import dump
from tests.web.clients import PUBLIC_URL, Office, office, reader, with_pages
from tests.web.forms import ask, letters, link_in, links_of
from tests.world import CONFIG, World, part

ANN, BOB, CAT, NEW = (f"{name}@example.org" for name in ("ann", "bob", "cat", "new"))
KINDS = {
    "Please confirm: Weekly",
    "You already get Weekly",
    "Welcome to Weekly",
    "Please confirm your new address",
    "We know this address already",
    "Your address was changed",
}
LOOKS = (
    ("GET", {}),
    ("HEAD", {}),
    ("OPTIONS", {}),
    ("GET", {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"}),
    ("GET", {"X-Moz": "prefetch", "User-Agent": "BingPreview/1.0b"}),
)


@pytest.fixture
def desk(world: World) -> Iterator[Office]:
    """Give an application whose outbox holds a mail of every kind, unclaimed."""
    config = CONFIG.replace("backfill: 5", "backfill: 5\n    welcome: true")
    world.configure(with_pages(config))
    world.post("a", "Words, and a [link](https://example.org/mail/health).")
    for address in (ANN, CAT):
        world.join(address)
    world.run()
    with office(world) as found:
        ask(found, BOB)
        ask(found, ANN)
        found.client.post(link_in(letters(world, BOB)[0]))
        ask(found, "dan@example.org")
        move(found, CAT, NEW)
        [link] = links_of(letters(world, NEW)[0])
        found.client.post(link)
        for address in (ANN, "eve@example.org"):
            move(found, NEW, address)
        yield found


def move(desk: Office, who: str, to: str) -> None:
    """Name another address on a reader's own page."""
    key = read_key(desk.world.configuration().store.path)
    token = sign(key, "preferences", reader(desk.world, who).id)
    desk.client.post(f"/preferences/{token}/address", data={"address": to})


def paths(message: EmailMessage) -> set[str]:
    """Return where every link of a mail leads to: its headers, its text, its HTML."""
    texts = [part(message, "plain"), part(message, "html"), *map(str, message.values())]
    found = re.findall(r"https?://[^\s\"'<>,)]+", " ".join(texts))
    urls = {link.replace("&amp;", "&") for link in found}
    return {urlsplit(url).path for url in urls if url.startswith(PUBLIC_URL)}


def everything(desk: Office) -> tuple[object, ...]:
    """Return all that the store holds, and every file of the outbox."""
    folder = desk.world.folder
    files = sorted(path for path in (folder / "outbox").rglob("*") if path.is_file())
    return dump(folder / "var/pressroom.db"), [(p, p.read_bytes()) for p in files]


def test_a_scanner_that_follows_every_link_of_every_mail_changes_nothing(
    desk: Office,
) -> None:
    messages = desk.world.messages()
    subjects = {str(message["Subject"]) for message in messages}
    assert subjects >= KINDS
    assert any(message["List-Unsubscribe"] for message in messages)
    before = everything(desk)
    links = {path for message in messages for path in paths(message)}
    doors = {path.split("/")[2] for path in links}
    assert doors >= {"unsubscribe", "preferences", "confirm", "address", "subscribe"}
    for path in sorted(links) * 2:
        for method, headers in LOOKS:
            answer = desk.client.request(method, path, headers=headers)
            assert answer.status_code < 300, (method, path)
            assert "set-cookie" not in answer.headers
    assert everything(desk) == before


def test_a_one_click_post_leaves_also_the_second_time_and_no_mail_comes(
    desk: Office,
) -> None:
    [issue] = [
        m for m in desk.world.messages() if m["To"] == ANN and m["List-Unsubscribe"]
    ]
    [link] = re.findall(r"<(https:[^>]+)>", str(issue["List-Unsubscribe"]))
    for _ in range(2):
        desk.client.cookies.clear()
        answer = desk.client.post(
            urlsplit(link).path, data={"List-Unsubscribe": "One-Click"}
        )
        assert (answer.status_code, answer.text) == (200, "unsubscribed\n")
    assert reader(desk.world, ANN).newsletters == ()
    assert issue["Message-ID"] not in {m["Message-ID"] for m in desk.world.messages()}
    desk.world.take_all()
    desk.world.post("b", date="2026-11-22")
    desk.world.later(days=7)
    desk.world.run()
    got = {str(m["To"]) for m in desk.world.messages()}
    assert got >= {BOB, NEW}
    assert ANN not in got
