"""Progress bars: on a terminal, for what takes over a second, and never in a pipe."""

from __future__ import annotations

from io import StringIO
from itertools import count as count_up

import pytest
from rich.console import Console

from pipeline.cli.console import Bars, count, relative


def terminal(written: StringIO) -> Console:
    return Console(file=written, force_terminal=True, width=80)


def test_what_is_quick_shows_no_bar() -> None:
    written = StringIO()
    assert list(Bars(terminal(written)).track("Reading", [1, 2, 3])) == [1, 2, 3]
    assert written.getvalue() == ""


def test_what_takes_over_a_second_shows_how_far_it_is() -> None:
    seconds = count_up(step=2)
    written = StringIO()
    bars = Bars(terminal(written), get_time=lambda: float(next(seconds)))
    assert list(bars.track("Reading posts", [1, 2, 3])) == [1, 2, 3]
    assert "Reading posts" in written.getvalue()
    assert "/3" in written.getvalue()


def test_a_pipe_gets_no_bar_and_no_items_are_lost_without_any() -> None:
    written = StringIO()
    bars = Bars(Console(file=written, force_terminal=False))
    assert list(bars.track("Reading", ["a"])) == ["a"]
    assert list(Bars(terminal(written)).track("Reading", [])) == []
    assert written.getvalue() == ""


def test_numbers_come_with_their_noun() -> None:
    assert count(1, "post") == "1 post"
    assert count(2_000, "batch", "batches") == "2,000 batches"


def test_paths_are_shown_from_where_the_owner_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.getcwd", lambda: "/srv/site")
    assert relative("fault in /srv/site/content/a.md") == "fault in content/a.md"
    monkeypatch.setattr("os.getcwd", lambda: "/")
    assert relative("/srv/site") == "/srv/site"
