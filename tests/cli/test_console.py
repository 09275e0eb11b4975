"""What the command line prints: never what a post or a file's name would have it do.

Progress bars: on a terminal, for what takes over a second, and never in a pipe.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from itertools import count as count_up

import pytest
from rich.console import Console

from pipeline.base.errors import ContentError, OutputError
from pipeline.base.faults import Fault
from pipeline.base.text import visible
from pipeline.cli.console import Bars, Voice, count, relative

HOSTILE = "a\x1b[2J\x9b31m\u202egpj.exe\u2066\r\x07"
WRITTEN_OUT = "a\\x1b[2J\\x9b31m\\u202egpj.exe\\u2066\\r\\x07"


class Said:
    """A voice, and what it has said on both its consoles."""

    def __init__(self) -> None:
        self.written = StringIO()
        console = Console(file=self.written, soft_wrap=True)
        self.voice = Voice(console, console)

    def lines(self) -> Iterator[str]:
        return iter(self.written.getvalue().rstrip("\n").split("\n"))


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


def test_no_control_of_a_terminal_and_no_turned_letters_are_printed() -> None:
    said = Said()
    said.voice.say(HOSTILE)
    said.voice.tell(HOSTILE)
    said.voice.fault(Fault(path=HOSTILE, what="is odd"))
    said.voice.error(OutputError(HOSTILE))
    said.voice.table(["name"], [[HOSTILE]])
    assert [line.strip() for line in said.lines()] == [
        WRITTEN_OUT,
        WRITTEN_OUT,
        f"fault: {WRITTEN_OUT}: is odd",
        f"error: {WRITTEN_OUT}",
        "name",
        WRITTEN_OUT,
    ]


def test_text_in_any_script_is_printed_as_it_is() -> None:
    text = "深度学习 مرحبا 👨‍👩‍👧 a\tb\nc"
    assert visible(text) == text


def test_a_name_with_a_line_feed_makes_no_line_of_its_own() -> None:
    said = Said()
    fault = Fault(path="a\nfault: b.md", what="is odd")
    said.voice.fault(fault)
    said.voice.error(ContentError([fault, fault]))
    said.voice.table(["name"], [["a\nb"]])
    assert [line.strip() for line in said.lines()] == [
        r"fault: a\nfault: b.md: is odd",
        r"error: a\nfault: b.md: is odd",
        r"error: a\nfault: b.md: is odd",
        "name",
        r"a\nb",
    ]


def test_an_error_is_told_line_by_line_and_one_without_words_by_its_name() -> None:
    said = Said()
    said.voice.error(OutputError("one\ntwo"))
    said.voice.error(OutputError())
    assert list(said.lines()) == ["error: one", "error: two", "error: OutputError"]


def test_nothing_in_a_title_is_taken_for_markup() -> None:
    said = Said()
    said.voice.say("[red]a[/] :warning:")
    said.voice.table(["[b]"], [["[/nothing] :b:"]])
    assert [line.strip() for line in said.lines()] == [
        "[red]a[/] :warning:",
        "[b]",
        "[/nothing] :b:",
    ]


def test_json_holds_every_text_exactly() -> None:
    said = Said()
    said.voice.data({"name": HOSTILE})
    assert json.loads(said.written.getvalue()) == {"name": HOSTILE}


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
