"""Another address for a reader's mail: its mailbox decides, and nobody else learns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.readers.choosing import choose
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.joining import MOST_BY_ADDRESS, MOST_BY_NETWORK
from pipeline.runs.readers.suppressing import block
from pipeline.store.consents import find_consents
from pipeline.store.subscribers import move_subscriber
from pipeline.store.subscriptions import find_choices
from pipeline.subscribers.address import normalise
from pipeline.subscribers.choice import Choice
from pipeline.subscribers.subscriber import State
from pipeline.subscribers.tokens import sign
from tests.dump import dump
from tests.web.clients import Office, office, reader, with_pages
from tests.web.forms import letters, links_of
from tests.world import World, part

ANN, BOB, NEW = "ann@example.org", "bob@example.org", "ann@new.example"
CHINESE = {"Accept-Language": "zh-CN"}


@pytest.fixture
def desk(world: World) -> Iterator[Office]:
    world.configure(with_pages(world.config))
    world.join(ANN)
    with office(world) as found:
        yield found


def own_page(desk: Office, address: str = ANN) -> str:
    key = read_key(desk.world.configuration().store.path)
    token = sign(key, "preferences", reader(desk.world, address).id)
    return f"/preferences/{token}"


def ask(desk: Office, address: str = NEW, of: str = ANN) -> Any:
    """Name another address on the reader's own page."""
    return desk.client.post(f"{own_page(desk, of)}/address", data={"address": address})


def link_to(desk: Office, address: str = NEW) -> str:
    """Return the link of the last letter that an address got."""
    [link] = links_of(letters(desk.world, address)[-1])
    return link


def subjects(desk: Office, address: str) -> list[str]:
    return [str(each["Subject"]) for each in letters(desk.world, address)]


def known(desk: Office, address: str) -> bool:
    rows = dump(desk.world.folder / "var/pressroom.db")["subscribers"]
    return any(address in row for row in rows)


def test_a_reader_moves_by_the_new_mailbox(desk: Office) -> None:
    page = desk.client.get(own_page(desk))
    assert f'href="/mail{own_page(desk)}/address"' in page.text
    form = desk.client.get(f"{own_page(desk)}/address").text
    assert "a…@example.org" in form
    assert ANN not in form
    assert "Look into your mailbox" in ask(desk).text
    assert known(desk, ANN)
    page = desk.client.get(link_to(desk)).text
    assert page.count("<button") == page.count("<form") == 1
    assert "a…@example.org" in page
    assert known(desk, ANN)
    answer = desk.client.post(link_to(desk))
    assert "It goes to ann@new.example from now on" in answer.text
    assert known(desk, NEW)
    assert not known(desk, ANN)


def test_the_address_before_is_told_and_how_to_object(desk: Office) -> None:
    ask(desk)
    desk.client.post(link_to(desk))
    [letter] = letters(desk.world, ANN)
    assert letter["Subject"] == "Your address was changed"
    for kind in ("plain", "html"):
        assert "a…@new.example" in part(letter, kind)
        assert NEW not in part(letter, kind)
        assert "If it was not you, change it back" in part(letter, kind)
        assert "leave@example.org" in part(letter, kind)
    [page] = links_of(letter)
    desk.client.post(f"{page}/address", data={"address": ANN})
    [back] = links_of(letters(desk.world, ANN)[-1])
    desk.client.post(back)
    assert known(desk, ANN)
    assert not known(desk, NEW)


def test_all_else_about_the_reader_stays(desk: Office) -> None:
    desk.world.post("a")
    desk.world.run()
    ann, database = reader(desk.world, ANN), desk.world.store()
    weekly = desk.world.configuration().newsletters[0]
    with database.transaction() as tx:
        choose(tx, ann, weekly, Choice(newsletter="weekly", language="zh-CN"))
        before = find_choices(tx, ann.id), find_consents(tx, ann.id)
    ask(desk)
    desk.client.post(link_to(desk))
    moved = reader(desk.world, NEW)
    with database.transaction() as tx:
        assert (find_choices(tx, moved.id), find_consents(tx, moved.id)) == before
    database.close()
    assert (moved.id, moved.created, moved.source) == (ann.id, ann.created, ann.source)
    desk.world.post("b", date="2026-11-22")
    desk.world.later(days=7)
    desk.world.run()
    [issue] = [m for m in desk.world.messages() if m["List-Id"] and m["To"] == NEW]
    assert issue["Content-Language"] == "zh-CN"
    assert "https://example.org/b/" in part(issue, "plain")
    assert "https://example.org/a/" not in part(issue, "plain")


def test_what_lay_ready_goes_where_it_was_going_and_nothing_twice(desk: Office) -> None:
    desk.world.post("a")
    desk.world.run()
    ask(desk)
    desk.client.post(link_to(desk))
    desk.world.run()
    issues = [m for m in desk.world.messages() if m["List-Id"]]
    assert [message["To"] for message in issues] == [ANN]


def complained(world: World) -> None:
    world.join(NEW)
    put_into(world, State.COMPLAINED)


def was_blocked(world: World) -> None:
    database = world.store()
    with database.transaction() as tx:
        block(tx, "@new.example", world.time)
    database.close()


def put_into(world: World, state: State) -> None:
    member = reader(world, NEW).id
    database = world.store()
    with database.transaction() as tx:
        move_subscriber(tx, member, state, world.time)
    database.close()


def is_new(world: World) -> None:
    pass


def reads_too(world: World) -> None:
    world.join(NEW)


def had_left(world: World) -> None:
    world.join(NEW)
    world.leave(NEW)


@pytest.mark.parametrize(
    ("prepare", "subject"),
    [
        (is_new, "Please confirm your new address"),
        (reads_too, "We know this address already"),
        (had_left, "We know this address already"),
        (complained, None),
        (was_blocked, None),
    ],
)
def test_only_the_new_mailbox_is_told_how_it_stands(
    desk: Office, prepare: Callable[[World], None], subject: str | None
) -> None:
    prepare(desk.world)
    answer = ask(desk)
    assert answer.status_code == 200
    assert subjects(desk, NEW) == ([subject] if subject else [])


def test_the_answer_is_the_same_whoever_has_the_address(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    answers = set()
    for prepare in (is_new, reads_too, had_left, complained, was_blocked):
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(with_pages(world.config))
        world.join(ANN)
        prepare(world)
        with office(world) as desk:
            page = own_page(desk)
            answer = ask(desk)
            text = answer.text.replace(page, "")
            answers.add((answer.status_code, text))
    assert len(answers) == 1


def test_nobody_is_moved_onto_another_readers_address(desk: Office) -> None:
    ask(desk)
    link = link_to(desk)
    desk.world.join(NEW)
    before = dump(desk.world.folder / "var/pressroom.db")["subscribers"]
    assert "This link is used up" in desk.client.post(link).text
    assert dump(desk.world.folder / "var/pressroom.db")["subscribers"] == before


def test_who_is_known_is_led_to_joining_and_leaving(desk: Office) -> None:
    desk.world.join(NEW)
    ask(desk)
    [letter] = letters(desk.world, NEW)
    assert links_of(letter) == {"/subscribe", desk.link(NEW)}
    assert "a…@example.org" in part(letter, "plain")
    assert ANN not in part(letter, "plain")


def test_of_two_asks_the_first_that_is_confirmed_counts(desk: Office) -> None:
    ask(desk, "slip@new.example")
    slip = link_to(desk, "slip@new.example")
    ask(desk)
    desk.client.post(link_to(desk))
    assert "This link is used up" in desk.client.post(slip).text
    assert known(desk, NEW)


def test_confirming_again_does_nothing_also_after_moving_on(desk: Office) -> None:
    ask(desk)
    link = link_to(desk)
    pages = [desk.client.post(link).text for _ in range(2)]
    assert pages[0] == pages[1]
    assert subjects(desk, ANN) == ["Your address was changed"]
    ask(desk, BOB, of=NEW)
    desk.client.post(link_to(desk, BOB))
    assert "This link is used up" in desk.client.post(link).text
    assert known(desk, BOB)


@pytest.mark.parametrize("when", ["over", "left", "blocked", "erased"])
def test_a_link_that_holds_no_more_moves_nobody(desk: Office, when: str) -> None:
    ask(desk)
    link = link_to(desk)
    if when == "over":
        desk.world.later(hours=72, seconds=1)
    elif when == "left":
        desk.world.leave(ANN)
    elif when == "blocked":
        was_blocked(desk.world)
    else:
        erase(desk.world)
    for method in ("GET", "POST"):
        page = desk.client.request(method, link)
        assert "This link is used up" in page.text
    assert not known(desk, NEW)


def erase(world: World) -> None:
    database, spool = world.store(), Spool(world.configuration().outbox.folder)
    store = world.configuration().store.path
    erase_reader(database, spool, store, normalise(ANN), world.time)
    database.close()


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t[:12], lambda t: "x", lambda t: t[::-1]]
)
def test_a_link_that_was_cut_or_made_up_gets_a_page_that_helps(
    desk: Office, spoil: Callable[[str], str]
) -> None:
    ask(desk)
    token = link_to(desk).removeprefix("/address/")
    page = desk.client.post(f"/address/{spoil(token)}")
    assert page.status_code == 404
    assert "This link does not work" in page.text
    assert "Follow the link to your own page" in page.text
    assert not known(desk, NEW)


def test_a_link_for_another_purpose_is_none(desk: Office) -> None:
    ask(desk)
    token = link_to(desk).removeprefix("/address/")
    assert desk.client.post(f"/confirm/{token}").status_code == 404
    assert desk.client.post(f"/preferences/{token}/address").status_code == 404
    assert not known(desk, NEW)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "This is not a mail address"),
        ("ann", "This is not a mail address"),
        ("Ann@Example.org", "That is where our mail goes already"),
    ],
)
def test_what_cannot_be_taken_is_asked_for_again(
    desk: Office, text: str, told: str
) -> None:
    page = ask(desk, text)
    assert page.status_code == 422
    assert told in page.text
    assert 'aria-invalid="true"' in page.text
    assert subjects(desk, NEW) == []


def test_a_slip_in_the_address_is_pointed_out(desk: Office) -> None:
    assert "Did you mean ann@gmail.com?" in ask(desk, "ann@gmial.com").text


def test_who_gets_nothing_has_nothing_to_move(desk: Office) -> None:
    desk.world.leave(ANN)
    assert f"{own_page(desk)}/address" not in desk.client.get(own_page(desk)).text
    page = ask(desk)
    assert "cannot be changed here" in page.text
    assert subjects(desk, NEW) == []


def test_one_mailbox_gets_only_so_many_letters(desk: Office) -> None:
    for _ in range(MOST_BY_ADDRESS):
        assert ask(desk).status_code == 200
    refused = ask(desk, NEW.upper())
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "86400")
    assert len(letters(desk.world, NEW)) == MOST_BY_ADDRESS


def test_one_network_may_ask_only_so_often(desk: Office) -> None:
    for n in range(MOST_BY_NETWORK):
        assert ask(desk, f"ann{n}@new.example").status_code == 200
    assert ask(desk).headers["Retry-After"] == "3600"


def test_pages_and_letters_are_in_the_readers_language(desk: Office) -> None:
    desk.client.headers.update(CHINESE)
    assert "更改地址" in desk.client.get(f"{own_page(desk)}/address").text
    ask(desk)
    [letter] = letters(desk.world, NEW)
    assert letter["Subject"] == "请确认您的新地址"
    page = desk.client.post(link_to(desk)).text
    assert "我们的邮件会寄到这里" in page
    [told] = letters(desk.world, ANN)
    assert told["Subject"] == "您的地址已更改"
    english = re.compile(r"[A-Za-z]{4,} [a-z]{3,}")
    for message in (letter, told):
        assert not english.search(part(message, "plain").partition("Weekly\n")[0])


def test_without_an_address_of_the_pages_there_is_no_such_door(world: World) -> None:
    world.join(ANN)
    with office(world) as found:
        page = own_page(found)
        assert found.client.get(f"{page}/address").status_code == 404
        assert "Change the address" not in found.client.get(page).text
