"""Lines of the log: one an event, harmless on a terminal, naming no reader."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.clock import FixedClock
from pipeline.base.log import LogStyle, open_log, write_to
from pipeline.base.text import UNSHOWN
from tests.world import NOW

BELL = "\x1b]0;owned\x07"


def told(style: LogStyle, level: str = "info", **fields: object) -> str:
    lines: list[str] = []
    log = open_log(style, lines.append, FixedClock(NOW))
    getattr(log, level)("it_happened", **fields)
    [line] = lines
    return line


def test_text_has_the_time_the_level_the_event_and_its_fields() -> None:
    line = told(LogStyle(), path="content/a.md", line=3, what="no date", remedy="")
    assert line == (
        '2026-11-20T09:00:00Z info it_happened path=content/a.md line=3 what="no date"'
    )


def test_json_has_the_same() -> None:
    line = told(LogStyle("json"), "warning", path=Path("a"), n=3, title="“问”")
    assert json.loads(line) == {
        "time": "2026-11-20T09:00:00Z",
        "level": "warning",
        "event": "it_happened",
        "path": "a",
        "n": 3,
        "title": "“问”",
    }
    assert "“问”" in line


def test_the_journal_has_the_time_itself_and_is_told_how_grave_it_is() -> None:
    assert told(LogStyle(journal=True), "error") == "<3>error it_happened"
    line = told(LogStyle("json", journal=True), "warning")
    assert line.startswith('<4>{"time": "2026-11-20T09:00:00Z", "level": "warning"')


def test_a_stream_is_the_journals_if_the_journal_says_so(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as stream:
        status = os.fstat(stream.fileno())
        environ = {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        assert LogStyle.of("text", stream, environ) == LogStyle("text", True)
        assert LogStyle.of("json", stream, {}) == LogStyle("json", False)
        other = {"JOURNAL_STREAM": "1:2"}
        assert LogStyle.of("text", stream, other) == LogStyle("text", False)
    assert LogStyle.of("text", StringIO(), environ) == LogStyle("text", False)


@pytest.mark.parametrize("style", [LogStyle(), LogStyle("json")])
def test_no_terminal_obeys_a_line(style: LogStyle) -> None:
    line = told(style, what=f"a{BELL}\n\u202eb\udc80", path="x y\rz")
    assert line.isprintable()
    assert "\\u001b]0;owned\\u0007\\n\\u202eb\\udc80" in line


@given(st.text())
def test_whatever_is_told_is_one_line_and_json_means_the_same(text: str) -> None:
    line = told(LogStyle("json"), what=text)
    assert len(line.splitlines()) == 1
    assert not UNSHOWN.search(line)
    if "@" not in text and "%40" not in text:
        assert json.loads(line)["what"] == text
    assert len(told(LogStyle(), what=text).splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "no mail for ann@example.org today",
        "<ann@example.org>",
        "To: ann+x@例子.中国, and so on",
        "/subscribe?address=ann%40example.org&x",
        "KeyError('ann@localhost')",
    ],
)
@pytest.mark.parametrize("style", [LogStyle(), LogStyle("json")])
def test_no_line_names_a_reader(style: LogStyle, text: str) -> None:
    line = told(style, error=ValueError(text))
    assert "(address)" in line
    assert not {"ann", "example", "例子", "localhost"} & set(line.split("="))
    assert "ann" not in line
    assert "example" not in line


def test_a_path_with_an_at_sign_is_no_address() -> None:
    assert told(LogStyle(), path="node/@me/a.md").endswith(" path=node/@me/a.md")


def test_a_long_word_is_told_at_once() -> None:
    assert len(told(LogStyle(), what="a" * 300_000)) > 300_000


def fail() -> None:
    raise RuntimeError("ann@example.org")


def test_a_bug_is_told_with_its_traceback_in_the_same_line() -> None:
    try:
        fail()
    except RuntimeError as error:
        line = told(LogStyle(), "error", exc_info=error)
    assert 'exception="Traceback' in line
    assert "test_log.py" in line
    assert "ann@" not in line


def test_a_log_that_nobody_takes_any_more_stops_nothing() -> None:
    stream = StringIO()
    write = write_to(stream)
    write("a")
    assert stream.getvalue() == "a\n"
    stream.close()
    write("b")
    read, end = os.pipe()
    os.close(read)
    with open(end, "w") as broken:
        write_to(broken)("c")
        os.dup2(os.open(os.devnull, os.O_WRONLY), broken.fileno())
