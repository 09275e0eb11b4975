"""What an owner is told before mail is made."""

from __future__ import annotations

import pytest

from pipeline.base.errors import StoreError
from pipeline.runs.owner.notices import find_notices
from tests.world import World


def notices(world: World) -> list[str]:
    database = world.store()
    try:
        return find_notices(database, world.configuration())
    finally:
        database.close()


def lose_key(world: World) -> str:
    """Remove the key; return what it was."""
    key = world.folder / "var" / "key"
    text = key.read_text()
    key.unlink()
    return text


def test_a_key_that_stays_is_not_spoken_of(world: World) -> None:
    assert notices(world) == []
    assert notices(world) == []


def test_a_lost_key_is_made_anew_and_told_once(world: World) -> None:
    notices(world)
    lose_key(world)
    (told,) = notices(world)
    assert "var/key was missing, and a new one was made: the links to leave" in told
    assert "put the one of your backup in its place" in told
    assert notices(world) == []


def test_a_key_put_back_is_another_one_and_told_once(world: World) -> None:
    notices(world)
    first = lose_key(world)
    notices(world)
    (world.folder / "var" / "key").write_text(first)
    (told,) = notices(world)
    assert "var/key is not the one of the last run" in told
    assert "Unless you have put this key there yourself" in told
    assert notices(world) == []


def test_a_key_that_is_none_stops_mail(world: World) -> None:
    notices(world)
    (world.folder / "var" / "key").write_text("zz")
    with pytest.raises(StoreError, match="key"):
        notices(world)


def test_a_site_without_newsletters_needs_no_key(world: World) -> None:
    world.configure(world.config.partition("mail:")[0])
    assert notices(world) == []
    assert not (world.folder / "var" / "key").exists()


def test_an_issue_of_a_newsletter_that_is_set_no_more_is_told(world: World) -> None:
    world.configure(
        world.config.replace("mail:\n", "mail:\n  batch_size: 1\n")
        + "outbox:\n  ahead: 1\n"
    )
    world.post("a")
    for name in ("ann", "bob", "eve"):
        world.join(f"{name}@example.org")
    world.run()
    assert notices(world) == []
    world.configure(world.config.replace("name: weekly", "name: monthly"))
    (told,) = notices(world)
    assert told == (
        "weekly #1 is under way (2 batches wait), but config.yaml has no newsletter "
        "'weekly' any more: put it back to send the rest, or run `pressroom issue "
        "stop 1` to leave it unsent"
    )
