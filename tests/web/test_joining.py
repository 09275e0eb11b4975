"""Joining by the form: nothing before the mailbox confirms, and no word to others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.base.errors import OutputError
from pipeline.base.text import fold_line
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.joining import MOST_BY_ADDRESS, MOST_BY_NETWORK
from pipeline.runs.readers.suppressing import block
from pipeline.store.asks import asks_of
from pipeline.store.consents import Consent, How, find_consents
from pipeline.store.subscribers import move_subscriber
from pipeline.subscribers.address import normalise
from pipeline.subscribers.subscriber import State
from tests.web.clients import Office, office, reader, with_pages
from tests.web.forms import (
    ask,
    fill_in,
    letters,
    link_in,
    links_of,
    newsletters_of,
)
from tests.world import World, part

ANN, BOB = "ann@example.org", "bob@example.org"
MONTHLY = """\
  - name: monthly
    title: Monthly
    schedule: monthly 1 09:00
    sender: Mo <mo@example.org>
    postal_address: 1 Main Street
"""
CHINESE = {"Accept-Language": "zh-CN"}


@pytest.fixture
def desk(world: World) -> Iterator[Office]:
    world.configure(with_pages(world.config))
    with office(world) as found:
        yield found


@pytest.fixture
def two(world: World) -> Iterator[Office]:
    """Give an application with two newsletters to choose from."""
    world.configure(with_pages(world.config + MONTHLY))
    with office(world) as found:
        yield found


def test_who_fills_in_the_form_and_confirms_gets_the_next_issue(desk: Office) -> None:
    assert ask(desk, ANN).status_code == 200
    assert newsletters_of(desk.world, ANN) == ()
    [letter] = letters(desk.world, ANN)
    page = desk.client.get(link_in(letter)).text
    assert page.count("<button") == page.count("<form") == 1
    assert "Subscribe to Weekly?" in page
    answer = desk.client.post(link_in(letter))
    assert "You are subscribed to Weekly" in answer.text
    assert newsletters_of(desk.world, ANN) == ("weekly",)


def test_what_a_title_holds_is_text_and_no_markup(world: World) -> None:
    title = "title: 'Maths <b>& more'"
    world.configure(with_pages(world.config.replace("title: Weekly", title)))
    with office(world) as desk:
        page = desk.client.get("/subscribe").text
        assert "<b>" not in page
        assert page.count("Maths &lt;b&gt;&amp; more by mail") == 1
        ask(desk, ANN)
    database = world.store()
    with database.transaction() as tx:
        [kept] = asks_of(tx, ANN)
    database.close()
    assert "Maths <b>& more by mail" in kept.words


@pytest.mark.parametrize("language", ["<b>", "\0", "=1+1", "../en", "en-", "q" * 40])
def test_what_is_no_language_is_not_kept(desk: Office, language: str) -> None:
    ask(desk, ANN, language=language)
    [letter] = letters(desk.world, ANN)
    desk.client.post(link_in(letter))
    assert reader(desk.world, ANN).language == "en"


def test_a_letter_is_no_lists_mail(desk: Office) -> None:
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    assert letter["Subject"] == "Please confirm: Weekly"
    assert letter["From"] == "Ann <ann@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert not {"List-Unsubscribe", "List-Id", "Precedence"} & set(letter.keys())
    for kind in ("plain", "html"):
        assert "The link works for 72 hours." in part(letter, kind)
        assert link_in(letter) in part(letter, kind)
        assert "If it was not you, do nothing" in part(letter, kind)
    assert "<img" not in part(letter, "html")


def test_page_and_letter_are_in_the_readers_language(desk: Office) -> None:
    desk.client.headers.update(CHINESE)
    assert "订阅" in desk.client.get("/subscribe").text
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    assert letter["Content-Language"] == "zh-CN"
    assert "请确认" in letter["Subject"]
    desk.client.post(link_in(letter))
    assert reader(desk.world, ANN).language == "zh-CN"


def test_a_scanner_that_opens_every_link_changes_nothing(desk: Office) -> None:
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    for link in links_of(letter):
        for method in ("GET", "HEAD", "OPTIONS"):
            headers = {"Purpose": "prefetch"}
            answer = desk.client.request(method, link, headers=headers)
            assert answer.status_code < 300
    assert links_of(letter) == {link_in(letter)}
    assert newsletters_of(desk.world, ANN) == ()


def consents_of(world: World, address: str) -> list[Consent]:
    member = reader(world, address).id
    database = world.store()
    with database.transaction() as tx:
        found = find_consents(tx, member)
    database.close()
    return found


def stays_new(world: World) -> None:
    pass


def is_subscribed(world: World) -> None:
    world.join(ANN)


def has_left(world: World) -> None:
    world.join(ANN)
    world.leave(ANN)


def complained(world: World) -> None:
    world.join(ANN)
    put_into(world, State.COMPLAINED)


def was_blocked(world: World) -> None:
    database = world.store()
    with database.transaction() as tx:
        block(tx, "@example.org", world.time)
    database.close()


def put_into(world: World, state: State) -> None:
    member = reader(world, ANN).id
    database = world.store()
    with database.transaction() as tx:
        move_subscriber(tx, member, state, world.time)
    database.close()


STANDINGS = [stays_new, is_subscribed, has_left, complained, was_blocked]


def test_the_answer_is_the_same_whoever_it_is(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    answers = set()
    for prepare in STANDINGS:
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(with_pages(world.config))
        prepare(world)
        with office(world) as desk:
            answer = ask(desk, ANN)
            headers = frozenset(answer.headers.items())
            answers.add((answer.status_code, answer.content, headers))
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("prepare", "subject"),
    [
        (stays_new, "Please confirm: Weekly"),
        (is_subscribed, "You already get Weekly"),
        (has_left, "Please confirm: Weekly"),
        (complained, "Please confirm: Weekly"),
        (was_blocked, None),
    ],
)
def test_only_the_mailbox_is_told_how_it_stands(
    desk: Office, prepare: Callable[[World], None], subject: str | None
) -> None:
    prepare(desk.world)
    ask(desk, ANN)
    subjects = [str(each["Subject"]) for each in letters(desk.world, ANN)]
    assert subjects == ([subject] if subject else [])


def test_who_is_subscribed_is_led_to_leaving(desk: Office) -> None:
    desk.world.join(ANN)
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    assert links_of(letter) == {desk.link(ANN)}
    desk.client.post(desk.link(ANN))
    assert newsletters_of(desk.world, ANN) == ()


@pytest.mark.parametrize("prepare", [has_left, complained])
def test_who_had_left_comes_back_by_confirming_alone(
    desk: Office, prepare: Callable[[World], None]
) -> None:
    prepare(desk.world)
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    desk.client.get(link_in(letter))
    assert reader(desk.world, ANN).state is not State.ACTIVE
    desk.client.post(link_in(letter))
    assert newsletters_of(desk.world, ANN) == ("weekly",)


def test_who_is_blocked_meanwhile_cannot_confirm(desk: Office) -> None:
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    was_blocked(desk.world)
    assert "This link is used up" in desk.client.post(link_in(letter)).text
    assert newsletters_of(desk.world, ANN) == ()


def test_confirming_again_does_nothing_also_after_leaving(desk: Office) -> None:
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    pages = [desk.client.post(link_in(letter)).text for _ in range(2)]
    assert pages[0] == pages[1]
    desk.client.post(desk.link(ANN))
    assert "This link is used up" in desk.client.post(link_in(letter)).text
    assert newsletters_of(desk.world, ANN) == ()


def test_a_link_is_over_when_its_time_is(desk: Office) -> None:
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    desk.world.later(hours=72, seconds=1)
    for forgotten in (False, True):
        for method in ("GET", "POST"):
            page = desk.client.request(method, link_in(letter))
            assert "This link is used up" in page.text
            assert page.status_code == (404 if forgotten else 200)
        desk.world.take_all()
        desk.world.run()
    assert newsletters_of(desk.world, ANN) == ()


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t[:12], lambda t: "x", str.swapcase]
)
def test_a_link_that_was_cut_or_made_up_gets_a_page_that_helps(
    desk: Office, spoil: Callable[[str], str]
) -> None:
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    token = link_in(letter).removeprefix("/confirm/")
    page = desk.client.post(f"/confirm/{spoil(token)}")
    if spoil is str.swapcase:
        assert newsletters_of(desk.world, ANN) == ("weekly",)
        return
    assert (page.status_code, 'href="/mail/subscribe"' in page.text) == (404, True)
    assert newsletters_of(desk.world, ANN) == ()


def test_evidence_is_kept_of_when_how_and_where(desk: Office) -> None:
    page = "https://example.org/about/"
    fields = fill_in(desk, ANN, page=f"{page}?from=mail#form")
    desk.world.later(seconds=10)
    headers = {"X-Forwarded-For": "192.0.2.77"}
    desk.client.post("/subscribe", data=fields, headers=headers)
    [letter] = letters(desk.world, ANN)
    desk.client.post(link_in(letter))
    [consent] = consents_of(desk.world, ANN)
    assert (consent.how, consent.time) == (How.FORM, desk.world.time)
    assert consent.source.startswith(f"form at {page}, from ")
    assert "77" not in consent.source
    assert "I would like to get Weekly by mail." in consent.shown


def test_a_form_from_elsewhere_is_shown_once_more_filled_in(desk: Office) -> None:
    headers = {"Referer": "https://example.org/about/?x=1"}
    page = desk.client.post("/subscribe", data={"address": ANN}, headers=headers)
    assert (page.status_code, "One more press" in page.text) == (200, True)
    assert f'value="{ANN}"' in page.text
    assert 'value="https://example.org/about/"' in page.text
    assert letters(desk.world, ANN) == []


@pytest.mark.parametrize("seconds", [0, 1, 12 * 3600 + 1])
def test_a_form_sent_too_soon_or_too_late_is_shown_again(
    desk: Office, seconds: int
) -> None:
    fields = fill_in(desk, ANN)
    desk.world.later(seconds=seconds)
    page = desk.client.post("/subscribe", data=fields)
    assert "One more press" in page.text
    assert letters(desk.world, ANN) == []


def test_who_is_too_quick_gets_there_by_pressing_on(desk: Office) -> None:
    fields = fill_in(desk, ANN)
    for _ in range(2):
        page = desk.client.post("/subscribe", data=fields)
        assert f'value="{fields["shown"]}"' in page.text
        desk.world.later(seconds=1)
    page = desk.client.post("/subscribe", data=fields)
    assert "Look into your mailbox" in page.text


def test_a_program_that_fills_in_every_field_learns_nothing(desk: Office) -> None:
    answer = ask(desk, BOB, website="https://spam.example/")
    assert letters(desk.world, BOB) == []
    assert answer.content == ask(desk, BOB).content
    assert len(letters(desk.world, BOB)) == 1


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "a b@example.org", "你@例子.中国"]
)
def test_what_is_no_address_is_asked_for_again(desk: Office, address: str) -> None:
    page = ask(desk, address)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text


def test_a_slip_in_the_address_is_pointed_out(desk: Office) -> None:
    assert "Did you mean ann@gmail.com?" in ask(desk, "ann@gmial.com").text


def test_with_several_newsletters_the_reader_chooses(two: Office) -> None:
    assert "checked" not in two.client.get("/subscribe").text
    assert two.client.get("/subscribe?newsletter=monthly").text.count("checked") == 1
    page = ask(two, ANN)
    assert (page.status_code, "Please choose at least one." in page.text) == (422, True)
    ask(two, ANN, **{"newsletter-monthly": "yes"})
    [letter] = letters(two.world, ANN)
    assert letter["From"] == "Mo <mo@example.org>"
    two.client.post(link_in(letter))
    assert newsletters_of(two.world, ANN) == ("monthly",)
    [consent] = consents_of(two.world, ANN)
    assert consent.newsletters == ("monthly",)
    assert fold_line(consent.shown) in fold_line(two.client.get("/subscribe").text)
    assert "what is ticked above" in consent.shown


def test_one_mailbox_gets_only_so_many_letters(desk: Office) -> None:
    for _ in range(MOST_BY_ADDRESS):
        assert ask(desk, ANN).status_code == 200
    refused = ask(desk, ANN.upper())
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "86400")
    assert "its link works all the same" in refused.text
    assert len(letters(desk.world, ANN)) == MOST_BY_ADDRESS
    desk.world.later(days=1)
    desk.world.run()
    assert ask(desk, ANN).status_code == 200


def test_one_network_may_ask_only_so_often(desk: Office) -> None:
    desk.client.headers["X-Forwarded-For"] = "192.0.2.7"
    for n in range(MOST_BY_NETWORK):
        assert ask(desk, f"reader{n}@example.org").status_code == 200
    assert ask(desk, ANN).headers["Retry-After"] == "3600"
    desk.world.later(hours=1)
    assert ask(desk, ANN).status_code == 200


def test_two_confirm_at_once_and_one_is_subscribed_once(desk: Office) -> None:
    ask(desk, ANN)
    [letter] = letters(desk.world, ANN)
    with office(desk.world) as other, ThreadPoolExecutor(4) as threads:
        clients = [desk.client, other.client] * 2
        pages = threads.map(lambda client: client.post(link_in(letter)), clients)
        assert [page.status_code for page in pages] == [200] * 4
    assert len(consents_of(desk.world, ANN)) == 1


def test_a_newsletter_may_welcome_with_its_last_issue(world: World) -> None:
    config = world.config.replace("backfill: 5", "backfill: 5\n    welcome: true")
    world.configure(with_pages(config))
    world.join(BOB)
    world.post("a")
    world.run()
    with office(world) as desk:
        ask(desk, ANN)
        [letter] = letters(world, ANN)
        desk.client.post(link_in(letter))
        [_, welcome] = letters(world, ANN)
        assert welcome["Subject"] == "Welcome to Weekly"
        assert desk.link(ANN) in welcome["List-Unsubscribe"]
        for kind in ("plain", "html"):
            assert "https://example.org/a/" in part(welcome, kind)
            assert desk.link(ANN) in part(welcome, kind)
        desk.client.post(link_in(letter))
        assert len(letters(world, ANN)) == 2


def test_without_pages_or_newsletters_there_is_no_form(world: World) -> None:
    with office(world) as desk:
        assert desk.client.get("/subscribe").status_code == 404


def test_letters_that_cannot_be_sent_wait_for_the_next_run(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OutputError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Spool, "stage", refuse)
        assert ask(desk, ANN).status_code == 200
    assert letters(desk.world, ANN) == []
    assert "1 letter about joining went out" in desk.world.run().notes
    assert len(letters(desk.world, ANN)) == 1


def test_what_was_never_confirmed_is_forgotten(desk: Office) -> None:
    ask(desk, ANN)
    desk.world.later(hours=73)
    desk.world.take_all()
    desk.world.run()
    database = desk.world.store()
    with database.transaction() as tx:
        assert asks_of(tx, normalise(ANN).key) == []
    database.close()


PEOPLE = (ANN, BOB)
DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "look", "confirm", "forge", "leave", "wait"]),
        st.sampled_from(PEOPLE),
    ),
    max_size=8,
)


@given(doings=DOINGS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_subscribes_who_has_not_confirmed_since_they_left(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[str, str]]
) -> None:
    world = World(tmp_path_factory.mktemp("world") / "site")
    world.configure(with_pages(world.config))
    wanted: set[str] = set()
    with office(world) as desk:
        for doing, address in doings:
            links = [
                link_in(m) for m in letters(world, address) if "confirm" in m["Subject"]
            ]
            if doing == "ask":
                ask(desk, address)
            elif doing == "wait":
                world.later(hours=20)
            elif doing == "leave" and address in wanted:
                desk.client.post(desk.link(address))
                wanted.discard(address)
            elif doing == "forge" and links:
                desk.client.post(re.sub(r".$", "a", links[-1][:-1]))
            elif links:
                method = "POST" if doing == "confirm" else "GET"
                page = desk.client.request(method, links[-1]).text
                if "You are subscribed" in page and method == "POST":
                    wanted.add(address)
            got = {each for each in PEOPLE if newsletters_of(world, each)}
            assert got == wanted
