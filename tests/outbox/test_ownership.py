"""Whose an outbox is: one store's, and no other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.base.errors import OutputError
from pipeline.outbox.ownership import MARK, take_ownership


def test_an_outbox_belongs_to_the_first_store_that_takes_it(tmp_path: Path) -> None:
    take_ownership(tmp_path, "a1")
    take_ownership(tmp_path, "a1")
    with pytest.raises(OutputError, match="belongs to another store") as caught:
        take_ownership(tmp_path, "b2")
    assert "`outbox.folder` of its own" in str(caught.value)
    assert str(tmp_path / MARK) in str(caught.value)


def test_the_remedy_it_names_works(tmp_path: Path) -> None:
    take_ownership(tmp_path, "a1")
    (tmp_path / MARK).unlink()
    take_ownership(tmp_path, "b2")
    assert (tmp_path / MARK).read_text() == "b2\n"


def test_an_outbox_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    take_ownership(tmp_path / "outbox", "a1")
    assert not (tmp_path / "outbox").exists()


def test_a_file_in_the_place_of_an_outbox_is_left_to_those_who_write_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "outbox").write_text("a file")
    take_ownership(tmp_path / "outbox", "a1")
    assert (tmp_path / "outbox").read_text() == "a file"


@pytest.mark.parametrize("left", [b"", b"\n"])
def test_a_mark_that_a_full_disk_left_empty_is_written_again(
    tmp_path: Path, left: bytes
) -> None:
    (tmp_path / MARK).write_bytes(left)
    take_ownership(tmp_path, "a1")
    assert (tmp_path / MARK).read_text() == "a1\n"


def test_a_mark_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / MARK).mkdir()
    with pytest.raises(OutputError, match=MARK):
        take_ownership(tmp_path, "a1")
