"""The store's log is emptied while pages are served, when nobody is in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.base.lock import exclusive_lock
from pipeline.store.database import Database, open_store
from pipeline.store.ties import change_key_digest
from pipeline.web import upkeep
from pipeline.web.desk import Desk
from pipeline.web.upkeep import empty_if_large, log_bytes


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(upkeep, "LOG_BYTES", 50_000)
    return tmp_path / "store.db"


def write(database: Database) -> None:
    with database.transaction() as tx:
        change_key_digest(tx, "x" * 60_000)


def after_looking(store: Path, beside: Callable[[], object] = lambda: None) -> int:
    """Write through a desk, look after the log, and return what is left of it."""

    async def serve() -> int:
        desk = Desk(store)
        await desk.ask(write)
        assert log_bytes(store) > 50_000
        beside()
        await empty_if_large(desk, store)
        left = log_bytes(store)
        assert await desk.ask(read) == "x" * 60_000
        await desk.close()
        return left

    return asyncio.run(serve())


def read(database: Database) -> str:
    with database.transaction() as tx:
        return change_key_digest(tx, "")


def test_a_large_log_is_emptied(store: Path) -> None:
    assert after_looking(store) == 0
    with exclusive_lock(store.with_name("lock")):
        pass


def test_a_small_one_is_left_alone(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "LOG_BYTES", 10_000_000)
    assert after_looking(store) > 50_000


def test_while_a_run_holds_the_lock_nothing_is_moved(store: Path) -> None:
    with exclusive_lock(store.with_name("lock")):
        assert after_looking(store) > 50_000


def test_one_who_writes_just_then_is_not_waited_for(store: Path) -> None:
    other = open_store(store)
    transaction = other.transaction()

    async def serve() -> int:
        desk = Desk(store)
        await desk.ask(write)
        with transaction:
            begun = asyncio.get_running_loop().time()
            await empty_if_large(desk, store)
            assert asyncio.get_running_loop().time() - begun < 4
        await desk.close()
        return log_bytes(store)

    try:
        assert asyncio.run(serve()) > 50_000
    finally:
        other.close()


def test_without_a_store_there_is_no_log(tmp_path: Path) -> None:
    assert log_bytes(tmp_path / "store.db") == 0


def test_a_lock_that_cannot_be_had_is_told(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.with_name("lock").mkdir()
    assert after_looking(store) > 50_000
    assert "the store's log stays as it is" in caplog.text
