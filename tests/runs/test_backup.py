"""A backup: whole or not at all, for its owner alone, enough to go on from."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from pipeline.base.errors import InputError, OutputError, StoreError
from pipeline.runs.backups.backup import Thinned, back_up, remove_older
from pipeline.runs.outgoing.keys import read_keys, rotate_keys
from pipeline.store.database import copy_store, open_store
from tests.world import World


def back_up_world(world: World) -> Path:
    return back_up(
        world.folder / "config.yaml",
        world.configuration().store.path,
        world.folder / "backups",
        world.time,
    )


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_backup_holds_store_keys_and_configuration_for_their_owner(
    world: World,
) -> None:
    world.join("ann@example.org")
    world.run()
    made = back_up_world(world)
    assert made == world.folder / "backups" / "pressroom-20261120-090000Z"
    assert sorted(path.name for path in made.iterdir()) == [
        "config.yaml",
        "key",
        "pressroom.db",
    ]
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert modes(made) == {0o600}
    assert (made / "config.yaml").read_text() == world.config
    assert (made / "key").read_bytes() == (world.folder / "var" / "key").read_bytes()


def test_a_site_goes_on_from_a_backup_without_a_word(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    keys = read_keys(world.configuration().store.path)
    made = back_up_world(world)
    shutil.rmtree(world.folder / "var")
    (world.folder / "var").mkdir()
    for name in ("key", "pressroom.db"):
        shutil.copy(made / name, world.folder / "var" / name)
    report = world.run()
    assert (report.errors, report.notes) == ([], [])
    assert read_keys(world.configuration().store.path) == keys
    assert world.got() == {"ann@example.org": ["Weekly #1: A"]}


def test_a_backup_may_be_made_amid_a_transaction_of_a_run(world: World) -> None:
    world.join("ann@example.org")
    database = world.store()
    with database.transaction() as tx:
        tx.run("UPDATE subscribers SET name = 'half'")
        made = back_up_world(world)
    database.close()
    copied = open_store(made / "pressroom.db")
    with copied.transaction() as tx:
        row = tx.one("SELECT name FROM subscribers")
    copied.close()
    assert row is not None
    assert row["name"] == ""


def test_a_key_rotated_while_a_backup_is_made_is_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run()
    store = world.configuration().store.path

    def copy_and_rotate(source: Path, target: Path) -> None:
        copy_store(source, target)
        rotate_keys(store, world.time)

    monkeypatch.setattr("pipeline.runs.backups.backup.copy_store", copy_and_rotate)
    made = back_up_world(world)
    assert read_keys(made / "pressroom.db") == read_keys(store)
    assert len(read_keys(store)) == 2


def test_a_backup_that_fails_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run()

    def fail(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("pipeline.runs.backups.backup.copy_store", fail)
        with pytest.raises(StoreError, match="full"):
            back_up_world(world)
    assert [p.name for p in (world.folder / "backups").iterdir()] == [".lock"]
    assert back_up_world(world).is_dir()


def test_what_a_killed_backup_left_is_cleared_by_the_next(world: World) -> None:
    world.run()
    left = world.folder / "backups" / ".partial"
    left.mkdir(parents=True)
    (left / "pressroom.db").write_bytes(b"half")
    assert back_up_world(world).is_dir()
    assert not left.exists()


def test_two_backups_of_one_second_do_not_mix(world: World) -> None:
    world.run()
    back_up_world(world)
    with pytest.raises(OutputError, match="try again in a second"):
        back_up_world(world)


def test_only_the_newest_are_kept_and_nothing_that_is_no_backup(world: World) -> None:
    world.run()
    made = []
    for _ in range(4):
        made.append(back_up_world(world))
        world.later(days=1)
    folder = made[0].parent
    (folder / "pressroom-mine").mkdir()
    assert remove_older(made[3], 2) == Thinned(2)
    assert remove_older(made[3], 2) == Thinned(0)
    assert {path.name for path in folder.iterdir()} == {
        ".lock",
        "pressroom-mine",
        made[2].name,
        made[3].name,
    }


def test_what_was_made_while_the_clock_was_ahead_takes_no_place(world: World) -> None:
    world.run()
    made = []
    for days in (0, 400, 400, -799, 1):
        world.later(days=days)
        made.append(back_up_world(world))
    assert remove_older(made[4], 2) == Thinned(1, (made[1].name, made[2].name))
    assert [path.is_dir() for path in made] == [False, True, True, True, True]


def test_without_a_store_there_is_nothing_to_back_up(world: World) -> None:
    with pytest.raises(InputError, match="`pressroom once` makes it"):
        back_up_world(world)
    assert not (world.folder / "backups").exists()
