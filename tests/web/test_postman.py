"""Letters go out beside the answers: nothing waits for one, and none is forgotten."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from pipeline.base.errors import OutputError
from pipeline.store import database as databases
from pipeline.web import postman as postmen
from tests.web.clients import Office, office, with_pages
from tests.web.forms import ask, fill_in, letters
from tests.web.test_joining import ANN, BOB, STANDINGS
from tests.world import World


@pytest.fixture
def pages(world: World) -> World:
    world.configure(with_pages(world.config))
    return world


def test_an_answer_does_not_wait_for_the_letter_it_brings(
    pages: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(*_: object, **__: object) -> int:
        begun.set()
        assert go_on.wait(30)
        return 0

    monkeypatch.setattr(postmen, "GATHER_SECONDS", 0)
    monkeypatch.setattr(postmen, "send_letters", wait)
    with office(pages, client=TestClient) as desk:
        assert ask(desk, ANN).status_code == 200
        assert begun.wait(30)
        assert ask(desk, BOB).status_code == 200
        go_on.set()


def test_letters_wait_for_each_other_and_share_a_batch(pages: World) -> None:
    with office(pages, client=TestClient) as desk:
        for address in (ANN, BOB):
            ask(desk, address)
        assert letters(pages, ANN) == []
    assert len(letters(pages, ANN)) == len(letters(pages, BOB)) == 1
    assert len(pages.batches()) == 1


def test_the_end_of_the_server_sends_what_was_asked_for(pages: World) -> None:
    with office(pages, client=TestClient) as desk:
        ask(desk, ANN)
    assert len(letters(pages, ANN)) == 1


def test_the_end_waits_for_one_round_and_the_next_start_sends_the_rest(
    pages: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmen, "ROUND_LETTERS", 1)
    with office(pages, client=TestClient) as desk:
        for address in (ANN, BOB):
            ask(desk, address)
    assert len(pages.messages()) == 1
    with office(pages, client=TestClient):
        pass
    assert len(letters(pages, ANN)) == len(letters(pages, BOB)) == 1


@pytest.mark.parametrize("fault", [OutputError("no room"), RuntimeError("ours")])
def test_what_cannot_be_sent_waits_for_the_next_call(
    pages: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    with office(pages) as desk:
        with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
            broken.setattr(postmen, "send_letters", fail)
            assert ask(desk, ANN).status_code == 200
        assert "letters wait in the store" in caplog.text
        assert letters(pages, ANN) == []
        ask(desk, BOB)
        assert len(letters(pages, ANN)) == 1


def statements(desk: Office, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the store is told when somebody asks for Ann."""
    said: list[str] = []

    def listening(name: str) -> Callable[..., object]:
        method = getattr(databases.Transaction, name)

        def note(self: object, sql: str, **values: object) -> object:
            said.append(sql)
            return method(self, sql, **values)

        return note

    fields = fill_in(desk, ANN)
    desk.world.later(seconds=10)
    with monkeypatch.context() as heard:
        for name in ("run", "one", "all"):
            heard.setattr(databases.Transaction, name, listening(name))
        desk.client.post("/subscribe", data=fields)
    return said


def test_whoever_it_is_the_same_is_done_before_the_answer(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    for prepare in STANDINGS:
        world = World(tmp_path_factory.mktemp("world") / "site")
        world.configure(with_pages(world.config))
        world.store().close()
        prepare(world)
        with office(world, client=TestClient) as desk:
            done.append(statements(desk, monkeypatch))
    assert len(done[0]) > 3
    assert all(each == done[0] for each in done)
