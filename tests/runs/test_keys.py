"""The keys that sign the readers' links: made once, rotated, never lost by us."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.base.errors import BusyError, StoreError
from pipeline.base.lock import exclusive_lock
from pipeline.runs.outgoing.keys import (
    key_path,
    load_keys,
    read_key,
    read_keys,
    rotate_keys,
)
from pipeline.runs.owner.notices import find_notices
from pipeline.subscribers.tokens import sign, verify
from tests.world import World

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "var" / "pressroom.db"


def test_a_key_is_made_when_it_is_first_needed_for_its_owner_alone(store: Path) -> None:
    assert load_keys(store) == ()
    (made,) = read_keys(store)
    assert (len(made), read_key(store)) == (32, made)
    assert stat.S_IMODE(key_path(store).stat().st_mode) == 0o600


def test_a_rotated_key_signs_and_all_verify(store: Path) -> None:
    old = read_key(store)
    os.utime(key_path(store), (1e9, 1e9))
    rotate_keys(store, NOW)
    rotate_keys(store, NOW)
    keys = read_keys(store)
    assert (len(keys), len(set(keys)), keys[-1]) == (3, 3, old)
    assert [key.since for key in load_keys(store)] == [
        NOW,
        NOW,
        datetime.fromtimestamp(1e9, UTC),
    ]
    assert stat.S_IMODE(key_path(store).stat().st_mode) == 0o600


def test_a_link_to_leave_outlives_every_rotation(store: Path) -> None:
    token = sign(read_key(store), "leave", 7, "weekly")
    for _ in range(3):
        rotate_keys(store, NOW)
    assert verify(read_keys(store), "leave", token, "weekly") == 7
    newest = sign(read_key(store), "leave", 7, "weekly")
    assert newest != token
    assert verify(read_keys(store), "leave", newest, "weekly") == 7


def test_no_key_is_rotated_under_a_run(store: Path) -> None:
    key = read_key(store)
    with (
        exclusive_lock(store.with_name("lock")),
        pytest.raises(BusyError, match="another run is under way"),
    ):
        rotate_keys(store, NOW)
    assert read_keys(store) == (key,)


@pytest.mark.parametrize(
    "text", ["zz\n", "", "\n", "00ff\n", f"{'ab' * 32} yesterday\n", "é\n"]
)
def test_a_file_that_holds_no_keys_is_refused_and_left_as_it_is(
    store: Path, text: str
) -> None:
    store.parent.mkdir()
    key_path(store).write_text(text, encoding="utf-8")
    for read in (read_keys, load_keys, read_key):
        with pytest.raises(StoreError, match=r"the key .* (cannot be read|too short)"):
            read(store)
    with pytest.raises(StoreError):
        rotate_keys(store, NOW)
    assert key_path(store).read_text(encoding="utf-8") == text


def test_a_key_never_shows_itself(store: Path) -> None:
    secret = read_key(store)
    (key,) = load_keys(store)
    for text in (repr(key), key.digest, key.fingerprint):
        assert secret.hex() not in text
        assert repr(secret) not in text
    assert key.digest.startswith(key.fingerprint)


def notices(world: World) -> list[str]:
    database = world.store()
    try:
        return find_notices(database, world.configuration())
    finally:
        database.close()


def test_rotation_alarms_nobody(world: World) -> None:
    store = world.configuration().store.path
    assert notices(world) == []
    rotate_keys(store, NOW)
    assert notices(world) == []
    assert notices(world) == []


def test_a_key_taken_out_after_a_rotation_is_told_once(world: World) -> None:
    store = world.configuration().store.path
    notices(world)
    rotate_keys(store, NOW)
    notices(world)
    newest = key_path(store).read_text().splitlines()[0]
    key_path(store).write_text(f"{newest}\n")
    (told,) = notices(world)
    assert "var/key is not the one of the last run" in told
    assert notices(world) == []
