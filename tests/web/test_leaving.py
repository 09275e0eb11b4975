"""Leaving by a link: a look changes nothing, a POST leaves, and there is a way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.base.errors import OutputError, StoreError
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.leaving import Holder, Reason, find_holder
from pipeline.store.departures import count_departures, departure_remarks
from pipeline.store.subscribers import move_subscriber
from pipeline.subscribers.address import normalise
from pipeline.subscribers.subscriber import State
from tests.dump import counts
from tests.web.clients import Office, office, reader, with_pages
from tests.world import World

ANN = "ann@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MONTHLY = """\
  - name: monthly
    title: Monthly
    schedule: monthly 1 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""


@pytest.fixture
def desk(world: World) -> Iterator[Office]:
    """Give an application whose Ann reads `weekly` and `monthly`."""
    world.configure(with_pages(world.config + MONTHLY))
    world.join(ANN)
    with office(world) as found:
        yield found


def newsletters(world: World) -> tuple[str, ...]:
    return reader(world, ANN).newsletters


def reasons(world: World) -> dict[str, dict[str, int]]:
    database = world.store()
    with database.transaction() as tx:
        counts = count_departures(tx)
    database.close()
    return counts


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("door", ["", "/others", "/back", "/reason"])
def test_looking_changes_nothing(desk: Office, method: str, door: str) -> None:
    before = reader(desk.world, ANN)
    path = desk.link(ANN) + door
    headers = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"}
    assert desk.client.request(method, path, headers=headers).status_code < 300
    assert reader(desk.world, ANN) == before


def test_the_page_has_one_button_and_says_what_it_does(desk: Office) -> None:
    page = desk.client.get(desk.link(ANN)).text
    assert page.count("<button") == page.count("<form") == 1
    assert "a…@example.org will get no more mail from Weekly" in page
    assert ANN not in page
    assert f'action="/mail{desk.link(ANN)}"' in page


def test_a_post_leaves_that_newsletter_and_no_other(desk: Office) -> None:
    page = desk.client.post(desk.link(ANN))
    assert (page.status_code, newsletters(desk.world)) == (200, ("monthly",))
    assert "You have left Weekly" in page.text
    assert "<li>Monthly</li>" in page.text


def test_a_provider_posts_without_a_cookie_and_may_repeat_it(desk: Office) -> None:
    for _ in range(2):
        answer = desk.client.post(desk.link(ANN), data=ONE_CLICK)
        assert (answer.status_code, answer.text) == (200, "unsubscribed\n")
        assert answer.history == []
        assert "set-cookie" not in answer.headers
        assert newsletters(desk.world) == ("monthly",)


def test_a_provider_may_post_a_form_of_parts(desk: Office) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
        b"One-Click\r\n--x--\r\n"
    )
    kind = {"Content-Type": 'multipart/form-data; boundary="x"'}
    answer = desk.client.post(desk.link(ANN), content=body, headers=kind)
    assert (answer.status_code, answer.text) == (200, "unsubscribed\n")
    assert newsletters(desk.world) == ("monthly",)


@pytest.mark.parametrize(
    "kind",
    ["", "multipart/form-data", "multipart/form-data; boundary=é", "text/plain", "a/b"],
)
def test_a_body_of_whatever_form_does_not_keep_anybody_in(
    desk: Office, kind: str
) -> None:
    headers = {"Content-Type": kind.encode("latin-1")}
    desk.client.post(desk.link(ANN), content=b"--\xff=%zz", headers=headers)
    assert newsletters(desk.world) == ("monthly",)


@pytest.mark.parametrize("charset", ["undefined", "punycode", "\0", "utf-16"])
def test_a_charset_that_nobody_can_read_does_not_keep_anybody_in(
    desk: Office, charset: str
) -> None:
    part = 'Content-Disposition: form-data; name="List-Unsubscribe"'
    body = f"--b\r\n{part}\r\n\r\nOne-Click\r\n--b--\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    answer = desk.client.post(desk.link(ANN), content=body, headers=headers)
    assert answer.status_code == 200
    assert newsletters(desk.world) == ("monthly",)


def test_who_leaves_is_pulled_out_of_what_no_relay_has(desk: Office) -> None:
    desk.world.join("bob@example.org")
    desk.world.post("a")
    desk.world.run()
    assert sorted(desk.world.got()) == [ANN, "bob@example.org"]
    desk.client.post(desk.link(ANN))
    assert list(desk.world.got()) == ["bob@example.org"]
    desk.client.post(desk.link("bob@example.org"))
    assert desk.world.got() == {}


def test_an_outbox_that_refuses_keeps_nobody_in(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(spool: Spool) -> tuple[str, ...]:
        raise OutputError("the disk is full")

    monkeypatch.setattr(Spool, "unclaimed", refuse)
    assert desk.client.post(desk.link(ANN)).status_code == 200
    assert newsletters(desk.world) == ("monthly",)


def test_who_leaves_while_a_run_holds_the_store_is_not_sent_away(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([StoreError("locked")] * 3)

    def find(*given: Any) -> Holder | None:
        for error in failures:
            raise error
        return find_holder(*given)

    monkeypatch.setattr("pipeline.web.leaving.find_holder", find)
    assert desk.client.post(desk.link(ANN)).status_code == 200
    assert newsletters(desk.world) == ("monthly",)


def test_one_may_leave_all_at_once(desk: Office) -> None:
    page = desk.client.post(f"{desk.link(ANN)}/others")
    assert (page.status_code, newsletters(desk.world)) == (200, ())
    assert reader(desk.world, ANN).state is State.UNSUBSCRIBED
    assert "You still get" not in page.text


def test_one_who_left_may_come_back(desk: Office) -> None:
    desk.client.post(f"{desk.link(ANN)}/others")
    page = desk.client.post(f"{desk.link(ANN)}/back")
    assert "Welcome back" in page.text
    found = reader(desk.world, ANN)
    assert (found.state, found.newsletters) == (State.ACTIVE, ("weekly",))


@pytest.mark.parametrize("state", [State.BLOCKED, State.BOUNCED, State.COMPLAINED])
def test_a_button_brings_nobody_back_who_was_put_out(
    desk: Office, state: State
) -> None:
    desk.client.post(f"{desk.link(ANN)}/others")
    ann, database = reader(desk.world, ANN), desk.world.store()
    with database.transaction() as tx:
        move_subscriber(tx, ann.id, state)
    database.close()
    assert "Subscribe again" not in desk.client.get(desk.link(ANN)).text
    page = desk.client.post(f"{desk.link(ANN)}/back")
    assert "You have left Weekly" in page.text
    assert reader(desk.world, ANN).state is state


def test_a_reason_is_kept_without_the_person(desk: Office) -> None:
    desk.client.post(desk.link(ANN))
    said = {"reason": Reason.TOO_MANY, "words": "Too\nmuch\x00 " + "x" * 900}
    page = desk.client.post(f"{desk.link(ANN)}/reason", data=said)
    assert "Thank you" in page.text
    assert reasons(desk.world) == {"weekly": {"too many": 1}}
    database = desk.world.store()
    with database.transaction() as tx:
        [remark] = departure_remarks(tx)
        row = tx.one("SELECT * FROM departures")
    database.close()
    assert row is not None
    assert set(row.keys()) == {"id", "newsletter", "day", "reason", "words"}
    assert remark.day == desk.world.time.date()
    assert remark.words == ("Too much " + "x" * 900)[:500]


def test_a_reason_is_told_once_for_a_link(desk: Office) -> None:
    desk.client.post(desk.link(ANN))
    for _ in range(3):
        answer = desk.client.post(f"{desk.link(ANN)}/reason", data={"words": "Bye"})
        assert answer.status_code == 200
    assert reasons(desk.world) == {"weekly": {"other": 1}}


@pytest.mark.parametrize("said", [{}, {"reason": "x"}, {"reason": "", "words": " \n"}])
def test_a_reason_that_says_nothing_is_not_kept(
    desk: Office, said: dict[str, str]
) -> None:
    desk.client.post(desk.link(ANN))
    assert desk.client.post(f"{desk.link(ANN)}/reason", data=said).status_code == 200
    assert reasons(desk.world) == {}


def test_who_has_not_left_has_no_reason_to_tell(desk: Office) -> None:
    desk.client.post(f"{desk.link(ANN)}/reason", data={"reason": Reason.OTHER})
    assert reasons(desk.world) == {}


@pytest.mark.parametrize("door", ["", "/others", "/back", "/reason"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_we_never_made_gets_a_page_that_helps(
    desk: Office, method: str, door: str
) -> None:
    good = desk.token(ANN)
    strangers = [good[:-1], good[:10], "0" * 24, good[1:] + good[0], "é" * 24, "%2e%2e"]
    for token in strangers:
        page = desk.client.request(method, f"/unsubscribe/{token}{door}")
        assert page.status_code == 404
        assert "To unsubscribe all the same" in page.text
        assert "mailto:leave%40example.org" in page.text
    assert newsletters(desk.world) == ("monthly", "weekly")


def test_a_provider_is_told_that_a_link_is_none(desk: Office) -> None:
    answer = desk.client.post("/unsubscribe/abc", data=ONE_CLICK)
    assert (answer.status_code, answer.text) == (404, "no such link\n")


def test_without_a_mailbox_the_sender_is_who_to_write_to(world: World) -> None:
    plain = world.config.replace("  unsubscribe_address: leave@example.org\n", "")
    world.configure(with_pages(plain))
    with office(world) as found:
        page = found.client.get("/unsubscribe/abc")
    assert "mailto:ann%40example.org" in page.text


def test_a_link_in_capitals_is_the_same_link(desk: Office) -> None:
    desk.client.post(f"/unsubscribe/{desk.token(ANN).upper()}")
    assert newsletters(desk.world) == ("monthly",)


def test_a_link_of_a_newsletter_that_is_gone_still_leaves_it(desk: Office) -> None:
    desk.world.post("a")
    desk.world.run()
    link = desk.link(ANN)
    desk.world.configure(desk.world.config.replace("name: weekly", "name: daily"))
    with office(desk.world) as later:
        page = later.client.post(link)
        assert "You have left weekly" in page.text
        assert "Subscribe again" not in page.text
    assert newsletters(desk.world) == ("monthly",)


def test_a_link_of_somebody_who_was_erased_says_that_nothing_is_sent(
    desk: Office,
) -> None:
    link, world, database = desk.link(ANN), desk.world, desk.world.store()
    spool, store = Spool(world.folder / "outbox"), world.configuration().store.path
    erase_reader(database, spool, store, normalise(ANN), world.time)
    database.close()
    for page in (desk.client.get(link), desk.client.post(link)):
        assert page.status_code == 200
        assert "keep no address of yours" in page.text
    assert desk.client.post(f"{link}/back").status_code == 200
    assert desk.client.post(f"{link}/others").status_code == 200


def test_a_link_used_back_and_forth_fills_nothing(desk: Office) -> None:
    """But for the lines that the next run takes to the outbox's ledger."""
    store = desk.world.folder / "var/pressroom.db"

    def kept() -> dict[str, int]:
        return {table: n for table, n in counts(store).items() if table != "ledger"}

    def back_and_forth() -> None:
        desk.client.post(desk.link(ANN))
        desk.client.post(f"{desk.link(ANN)}/back")
        desk.world.later(minutes=1)

    back_and_forth()
    after_one = kept()
    for _ in range(20):
        back_and_forth()
    assert kept() == after_one
    desk.world.later(days=1)
    back_and_forth()
    assert sum(kept().values()) == sum(after_one.values()) + 2
    assert newsletters(desk.world) == ("monthly", "weekly")
