"""How much lies where in the outbox, and since when the oldest batch waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.base.errors import OutputError
from pipeline.outbox.batch import About, Envelope, Place
from pipeline.outbox.spool import Spool
from pipeline.outbox.waiting import count_places, oldest_waiting
from tests.world import NOW

MESSAGE = b"Message-ID: <1@example.org>\r\nSubject: x\r\n\r\nx\r\n"


def publish(spool: Spool, name: str, hours: float) -> None:
    about = About(
        newsletter="weekly", issue=1, variant=1, created=NOW + timedelta(hours=hours)
    )
    envelope = Envelope(
        member=1, sender="", recipient="ann@example.org", message=MESSAGE
    )
    spool.stage(name, "a1", [envelope], about)
    spool.publish(name, "a1")


def test_an_outbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "outbox")
    assert set(count_places(spool).values()) == {0}
    assert oldest_waiting(spool) is None


def test_batches_are_counted_by_place_and_the_oldest_that_waits_is_found(
    tmp_path: Path,
) -> None:
    spool = Spool(tmp_path)
    for name, hours in (("a-1", 0), ("b-1", 2), ("c-1", 1), ("d-1", 3)):
        publish(spool, name, hours)
    for name in ("a-1", "d-1"):
        spool.claim(name)
    spool.finish("d-1")
    places = {Place.NEW: 2, Place.CUR: 1, Place.SENT: 1, Place.FAILED: 0}
    assert count_places(spool) == places
    assert oldest_waiting(spool) == NOW + timedelta(hours=1)
    spool.withdraw("c-1", 1)
    assert oldest_waiting(spool) == NOW + timedelta(hours=1)


def test_a_batch_that_is_claimed_meanwhile_does_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    publish(spool, "a-1", 0)
    folders = spool.folders(Place.NEW)
    monkeypatch.setattr(Spool, "folders", lambda *_: folders)
    spool.claim("a-1")
    assert oldest_waiting(spool) is None


def test_a_batch_that_is_not_ours_any_more_is_told(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    publish(spool, "a-1", 0)
    (tmp_path / "new" / "a-1" / "batch.json").write_text("{}")
    with pytest.raises(OutputError, match="not as Pressroom wrote it"):
        oldest_waiting(spool)
