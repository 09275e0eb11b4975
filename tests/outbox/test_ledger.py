"""The ledger's file: it grows by whole lines, whatever was left at its end."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import OutputError
from pipeline.outbox.entries import (
    Erased,
    Kept,
    Line,
    Position,
    dump_entry,
    dump_line,
    load_entry,
    load_line,
)
from pipeline.outbox.ledger import Ledger

LONG = "x" * 100_000


def line(seq: int, rule: str = "r") -> Line:
    return Line(seq=seq, mark=f"m{seq}", entry=Kept(rule=rule, reason="blocked", at=1))


def numbers(ledger: Ledger, after: int = 0) -> list[int]:
    return [one.seq for one in ledger.read(after)]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def test_without_a_file_there_is_no_end_and_no_line(ledger: Ledger) -> None:
    assert ledger.end() is None
    assert numbers(ledger) == []
    assert ledger.octets() == 0
    ledger.remove()


def test_lines_are_read_as_they_were_appended(ledger: Ledger) -> None:
    ledger.append([line(1), line(2)])
    ledger.append([line(3)])
    assert list(ledger.read()) == [line(1), line(2), line(3)]
    assert numbers(ledger, after=1) == [2, 3]
    assert ledger.end() == Position(3, "m3")


def test_the_end_is_found_behind_long_lines(ledger: Ledger) -> None:
    ledger.append([line(1, LONG), line(2, LONG)])
    assert ledger.end() == Position(2, "m2")


@pytest.mark.parametrize(
    "torn",
    [b'{"seq":3', b"\0" * 100_000, b"\n", dump_line(line(3, LONG))[:70_000]],
    ids=["half a line", "zeros", "a line end", "half of a long one"],
)
def test_what_a_crash_left_is_not_read_and_cut_off(ledger: Ledger, torn: bytes) -> None:
    ledger.append([line(1), line(2, LONG)])
    with ledger.path.open("ab") as file:
        file.write(torn)
    assert ledger.end() == Position(2, "m2")
    assert numbers(ledger) == [1, 2]
    ledger.append([line(4)])
    assert numbers(ledger) == [1, 2, 4]


def test_a_line_amid_the_others_that_is_none_is_told_with_its_number(
    ledger: Ledger,
) -> None:
    ledger.path.write_bytes(dump_line(line(1)) + b"{}\n" + dump_line(line(2)))
    with pytest.raises(OutputError, match=r"ledger\.jsonl:2 is not as Pressroom wrote"):
        numbers(ledger)


def test_it_is_rewritten_whole_and_removed(ledger: Ledger) -> None:
    ledger.append([line(1), line(2)])
    ledger.rewrite([line(2)])
    assert numbers(ledger) == [2]
    ledger.remove()
    assert not ledger.path.exists()


def test_others_may_not_read_it(ledger: Ledger) -> None:
    ledger.append([line(1)])
    assert ledger.path.stat().st_mode & 0o007 == 0
    ledger.rewrite([line(2)])
    assert ledger.path.stat().st_mode & 0o007 == 0


def test_who_may_read_it_may_so_when_it_is_rewritten(ledger: Ledger) -> None:
    ledger.append([line(1)])
    ledger.path.chmod(0o600)
    ledger.rewrite([line(2)])
    assert ledger.path.stat().st_mode & 0o777 == 0o600
    ledger.path.chmod(0o660)
    ledger.rewrite([line(3)])
    assert ledger.path.stat().st_mode & 0o777 == 0o660


def test_lines_that_the_disk_did_not_take_are_not_there(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "the disk")

    ledger.append([line(1)])
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(OutputError):
            ledger.append([line(2)])
    assert numbers(ledger) == [1]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.binary(max_size=40))
def test_any_lines_outlive_any_end(
    tmp_path_factory: pytest.TempPathFactory, rules: list[str], torn: bytes
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("any"))
    lines = [line(n, rule) for n, rule in enumerate(rules, 1)]
    ledger.append(lines)
    with ledger.path.open("ab") as file:
        file.write(torn)
    assert list(ledger.read()) == lines
    assert ledger.end() == lines[-1].position


def test_an_entry_is_one_line_of_json() -> None:
    entry = Erased(member=7)
    assert load_entry(dump_entry(entry)) == entry
    assert load_line(dump_line(line(1, "a\nb"))) == line(1, "a\nb")
    assert dump_line(line(1, "a\nb")).count(b"\n") == 1
    with pytest.raises(ValueError, match="JSON"):
        load_line(b"nothing")
