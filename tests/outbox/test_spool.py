"""The outbox on the disk: what lies where, and who may move it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline.base.errors import OutputError, UsageError
from pipeline.outbox.batch import About, Envelope, Place
from pipeline.outbox.spool import Recovered, Spool

NAME = "weekly-000001-001-0001"
OTHER = "weekly-000001-001-0002"
MESSAGE = b"Subject: One\r\nMessage-ID: <%d@news.example>\r\n\r\nHello\r\n"
ABOUT = About(
    newsletter="weekly",
    issue=1,
    variant=1,
    created=datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=8))),
)


def envelopes(*members: int) -> Iterator[Envelope]:
    for member in members:
        yield Envelope(
            member=member,
            sender=f"bounce+{member}@news.example",
            recipient=f"reader{member}@mail.example",
            message=MESSAGE % member,
        )


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "outbox")


@pytest.fixture
def published(spool: Spool) -> Spool:
    spool.stage(NAME, "a1", envelopes(7, 9), ABOUT)
    spool.publish(NAME, "a1")
    return spool


def hidden(spool: Spool) -> list[str]:
    return sorted(path.name for path in (spool.folder / "new").glob(".*"))


def files(spool: Spool, place: str = "new", name: str = NAME) -> list[str]:
    return sorted(path.name for path in (spool.folder / place / name).iterdir())


def test_a_stage_is_hidden_until_it_is_published(spool: Spool) -> None:
    assert spool.stage(NAME, "a1", envelopes(7, 9), ABOUT) == 2
    assert hidden(spool) == [f".{NAME}.a1"]
    assert (spool.waiting(), spool.where(NAME, "a1")) == (0, Place.STAGED)
    assert spool.is_staged(NAME, "a1")
    assert spool.publish(NAME, "a1")
    assert hidden(spool) == []
    assert (spool.waiting(), spool.where(NAME, "a1")) == (1, Place.NEW)
    assert not spool.is_staged(NAME, "a1")


def test_a_batch_holds_its_messages_their_listing_and_what_it_is(
    published: Spool,
) -> None:
    folder = published.folder / "new" / NAME
    assert files(published) == [
        "00000001.eml",
        "00000002.eml",
        "batch.json",
        "envelope.jsonl",
    ]
    message = (folder / "00000002.eml").read_bytes()
    assert message == (
        b"X-Sender: <bounce+9@news.example>\r\n"
        b"X-Receiver: <reader9@mail.example>\r\n" + MESSAGE % 9
    )
    listing = (folder / "envelope.jsonl").read_bytes()
    assert json.loads(listing.splitlines()[1]) == {
        "n": 2,
        "member": 9,
        "sender": "bounce+9@news.example",
        "recipient": "reader9@mail.example",
        "file": "00000002.eml",
        "message_id": "<9@news.example>",
        "size": len(message),
    }
    assert json.loads((folder / "batch.json").read_bytes()) == {
        "format": 1,
        "name": NAME,
        "newsletter": "weekly",
        "issue": 1,
        "variant": 1,
        "created": "2026-01-05T01:00:00Z",
        "count": 2,
        "octets": 2 * len(message),
        "envelope_sha256": hashlib.sha256(listing).hexdigest(),
    }


def test_others_on_the_machine_cannot_read_a_batch(published: Spool) -> None:
    assert (published.folder / "new" / NAME).stat().st_mode & 0o007 == 0


def test_the_same_messages_make_the_same_bytes(spool: Spool) -> None:
    for name in (NAME, OTHER):
        spool.stage(name, "a1", envelopes(7), ABOUT)
        spool.publish(name, "a1")
    for file in ("00000001.eml", "envelope.jsonl"):
        one, other = (spool.folder / "new" / name / file for name in (NAME, OTHER))
        assert one.read_bytes() == other.read_bytes()


def test_a_batch_that_everyone_has_left_is_still_a_batch(spool: Spool) -> None:
    assert spool.stage(NAME, "a1", [], ABOUT) == 0
    assert spool.publish(NAME, "a1")
    assert spool.waiting() == 1


def test_publishing_again_says_that_it_was_handed_over(published: Spool) -> None:
    assert not published.publish(NAME, "a1")
    published.claim(NAME)
    assert not published.publish(NAME, "a1")


def test_a_batch_is_staged_anew_beside_an_older_attempt(spool: Spool) -> None:
    spool.stage(NAME, "a1", envelopes(7), ABOUT)
    spool.stage(NAME, "a2", envelopes(7), ABOUT)
    assert spool.leftovers() == ((NAME, "a1"), (NAME, "a2"))


def test_an_attempt_is_never_written_over(spool: Spool) -> None:
    spool.stage(NAME, "a1", envelopes(7), ABOUT)
    with pytest.raises(OutputError, match="in the way"):
        spool.stage(NAME, "a1", envelopes(9), ABOUT)
    assert spool.is_staged(NAME, "a1")


@pytest.mark.parametrize("place", ["new", "cur", "sent", "failed"])
def test_a_batch_that_a_relay_could_have_sent_is_never_staged_again(
    spool: Spool, place: str
) -> None:
    (spool.folder / place / NAME).mkdir(parents=True)
    with pytest.raises(OutputError, match=f"{place}/{NAME} is there already"):
        spool.stage(NAME, "a1", envelopes(7), ABOUT)


def test_a_message_that_breaks_the_contract_leaves_no_stage(spool: Spool) -> None:
    bad = Envelope(member=8, sender="", recipient="a@b.example", message=b"S: 1\n\n")
    with pytest.raises(OutputError, match=r"for member 8 .* last line has no end"):
        spool.stage(NAME, "a1", [*envelopes(7), bad], ABOUT)
    assert hidden(spool) == []


def test_nobody_is_in_a_batch_twice(spool: Spool) -> None:
    with pytest.raises(OutputError, match=r"member 7 .* in the batch twice"):
        spool.stage(NAME, "a1", envelopes(7, 7), ABOUT)
    assert hidden(spool) == []


def test_messages_that_cannot_be_made_leave_no_stage(spool: Spool) -> None:
    def broken() -> Iterator[Envelope]:
        yield from envelopes(7)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spool.stage(NAME, "a1", broken(), ABOUT)
    assert hidden(spool) == []


@pytest.mark.parametrize("name", ["", ".", "../weekly", "a/b", "A", ".a", "a.b", "a\n"])
def test_a_name_that_could_lead_elsewhere_is_refused(spool: Spool, name: str) -> None:
    with pytest.raises(ValueError, match="not a batch name"):
        spool.stage(name, "a1", envelopes(7), ABOUT)


@pytest.mark.parametrize("attempt", ["", "../a", "a.b", "a~", "a\n"])
def test_an_attempt_that_could_lead_elsewhere_is_refused(
    spool: Spool, attempt: str
) -> None:
    with pytest.raises(ValueError, match="not an attempt"):
        spool.stage(NAME, attempt, envelopes(7), ABOUT)


def test_recovery_publishes_the_sealed_and_removes_the_rest(spool: Spool) -> None:
    spool.stage(NAME, "a1", envelopes(7), ABOUT)
    spool.stage(NAME, "a2", envelopes(7), ABOUT)
    spool.stage(OTHER, "a1", envelopes(9), ABOUT)
    assert spool.recover({NAME: "a2"}) == Recovered((NAME,), (), 2)
    assert (spool.where(NAME), spool.where(OTHER, "a1")) == (Place.NEW, Place.NOWHERE)
    assert hidden(spool) == []
    assert spool.recover({NAME: "a2"}) == Recovered((), (), 0)


def test_recovery_of_an_outbox_that_is_not_there_does_nothing(spool: Spool) -> None:
    assert spool.recover({}) == Recovered((), (), 0)
    assert not spool.folder.exists()


def test_recovery_tells_of_a_sealed_batch_that_lies_nowhere(spool: Spool) -> None:
    (spool.folder / "new").mkdir(parents=True)
    assert spool.recover({NAME: "a1"}) == Recovered((), (NAME,), 0)


def test_recovery_declares_nothing_sent_where_the_outbox_is_missing(
    spool: Spool,
) -> None:
    with pytest.raises(OutputError, match="mount it again"):
        spool.recover({NAME: "a1"})
    assert spool.recover({}) == Recovered((), (), 0)


def test_what_is_no_batch_does_not_count_as_one(published: Spool) -> None:
    (published.folder / "new" / "README.md").write_text("How to take mail")
    (published.folder / "new" / "hooks.d").mkdir()
    assert published.unclaimed() == (NAME,)


def test_recovery_removes_what_another_recovery_left_half_removed(
    spool: Spool,
) -> None:
    (spool.folder / "new" / f".{NAME}.a1~").mkdir(parents=True)
    assert not spool.is_staged(NAME, "a1")
    assert spool.recover({}).removed == 1
    assert hidden(spool) == []


@pytest.mark.parametrize("name", [".git", ".DS_Store", ".nfs0001", f".{NAME}", ".A.b"])
def test_recovery_leaves_what_is_not_ours(published: Spool, name: str) -> None:
    (published.folder / "new" / name).mkdir()
    assert published.recover({}).removed == 0
    assert hidden(published) == [name]


def test_a_discarded_stage_is_no_stage(spool: Spool) -> None:
    spool.stage(NAME, "a1", envelopes(7), ABOUT)
    spool.discard(NAME, "a1")
    spool.discard(NAME, "a1")
    assert not spool.is_staged(NAME, "a1")
    assert hidden(spool) == []


def test_what_waits_is_named_in_the_order_of_sending(spool: Spool) -> None:
    for name in (OTHER, NAME):
        spool.stage(name, "a1", envelopes(7), ABOUT)
        spool.publish(name, "a1")
    spool.stage(NAME[:-1] + "3", "a1", envelopes(7), ABOUT)
    assert spool.unclaimed() == (NAME, OTHER)
    spool.claim(NAME)
    assert spool.unclaimed() == (OTHER,)


def test_nothing_waits_in_an_outbox_that_is_not_there(spool: Spool) -> None:
    assert spool.waiting() == 0


def test_a_reader_who_leaves_is_taken_out_of_a_batch(published: Spool) -> None:
    assert published.withdraw(NAME, 9)
    assert files(published)[:2] == ["00000001.eml", "00000002.withdrawn"]


def test_withdrawing_twice_or_a_stranger_changes_nothing(published: Spool) -> None:
    published.withdraw(NAME, 9)
    before = files(published)
    assert not published.withdraw(NAME, 9)
    assert not published.withdraw(NAME, 1000)
    assert files(published) == before


@pytest.mark.parametrize("recovers", [False, True])
def test_who_left_since_the_seal_is_in_no_batch_that_is_published(
    spool: Spool, *, recovers: bool
) -> None:
    def gone(name: str, stage: Path) -> set[int]:
        assert (name, stage.is_dir()) == (NAME, True)
        return {9, 1000}

    spool.stage(NAME, "a1", envelopes(7, 9), ABOUT)
    if recovers:
        spool.recover({NAME: "a1"}, gone)
    else:
        spool.publish(NAME, "a1", gone)
    assert files(spool)[:2] == ["00000001.eml", "00000002.withdrawn"]


def test_a_claimed_batch_is_the_relays(published: Spool) -> None:
    assert published.claim(NAME) == published.folder / "cur" / NAME
    assert not published.withdraw(NAME, 9)
    assert files(published, "cur")[:2] == ["00000001.eml", "00000002.eml"]


def test_a_relay_that_claims_between_the_look_and_the_rename_is_no_error(
    published: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claimed_meanwhile(folder: Path) -> dict[int, str]:
        published.claim(NAME)
        return {9: "00000002.eml"}

    monkeypatch.setattr("pipeline.outbox.spool.read_listing", claimed_meanwhile)
    assert not published.withdraw(NAME, 9)


def test_a_batch_is_claimed_once(published: Spool) -> None:
    assert published.claim(NAME)
    assert published.claim(NAME) is None
    assert published.waiting() == 0


def test_a_finished_batch_lies_with_the_sent_or_the_failed(spool: Spool) -> None:
    for name, failed in ((NAME, False), (OTHER, True)):
        spool.stage(name, "a1", envelopes(7), ABOUT)
        spool.publish(name, "a1")
        spool.claim(name)
        spool.finish(name, failed=failed)
    assert (spool.where(NAME), spool.where(OTHER)) == (Place.SENT, Place.FAILED)


def test_only_a_claimed_batch_can_be_finished(published: Spool) -> None:
    with pytest.raises(UsageError, match="not claimed"):
        published.finish(NAME)
