"""How a line of the log looks: one event a line, as text or as JSON.

    2026-11-20T09:00:00Z info batch_published batch=weekly-3-1 messages=40
    {"time": "2026-11-20T09:00:00Z", "level": "info", "event": "batch_published", …}

Which events there are stands in runs/events.py. Whatever a post or a path holds, a line
stays one line and no terminal obeys it; and no line names a reader: a mail address in
one, from whatever error, is told as `(address)`.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import FilteringBoundLogger

from pipeline.base.clock import Clock
from pipeline.base.text import UNSHOWN

Log = FilteringBoundLogger
LogFormat = Literal["text", "json"]
Write = Callable[[str], None]

_Event = MutableMapping[str, Any]

_PRIORITIES = {"info": 6, "warning": 4, "error": 3}
"""Those of syslog(3), as sd-daemon(3) has them before a line."""

# Bounded, or a word of 100,000 letters takes minutes.
_ADDRESS = re.compile(
    r"[^\s<>\"'=,;:()/\\]{1,128}(?:@|%40)[^\s<>\"'=,;:()/\\]{1,255}", re.IGNORECASE
)
_BARE = re.compile(r"[^\s\"\\=]+")


@dataclass(frozen=True, slots=True)
class LogStyle:
    """How lines are told: `journal` where systemd's journal takes them.

    It has the time of each itself, and reads how grave one is from `<4>` before it.
    """

    format: LogFormat = "text"
    journal: bool = False

    @classmethod
    def of(
        cls, log_format: LogFormat, stream: TextIO, environ: Mapping[str, str]
    ) -> LogStyle:
        """Return the style for a stream, which JOURNAL_STREAM names if it is that."""
        with suppress(OSError, ValueError):
            status = os.fstat(stream.fileno())
            place = f"{status.st_dev}:{status.st_ino}"
            return cls(log_format, environ.get("JOURNAL_STREAM") == place)
        return cls(log_format)


def open_log(style: LogStyle, write: Write, clock: Clock) -> Log:
    """Return a log whose every event becomes one line for `write`."""
    render = _as_json if style.format == "json" else _as_text

    def stamp(_: object, level: str, event: _Event) -> _Event:
        name, time = event.pop("event"), {}
        if style.format == "json" or not style.journal:
            time = {"time": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"}
        return {**time, "level": level, "event": name, **event}

    def finish(_: object, level: str, event: _Event) -> str:
        line = render({key: _plain(value) for key, value in event.items()})
        return f"<{_PRIORITIES[level]}>{line}" if style.journal else line

    log: Log = structlog.wrap_logger(
        _Lines(write),
        processors=[structlog.processors.format_exc_info, stamp, finish],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        context_class=dict,
    )
    return log


def write_to(stream: TextIO) -> Write:
    """Return what writes whole lines to a stream, from any thread.

    A reader of the log that has gone away stops nothing.
    """
    lock = threading.Lock()

    def write(line: str) -> None:
        with lock, suppress(OSError, ValueError):
            stream.write(f"{line}\n")
            stream.flush()

    return write


def process_log(log_format: LogFormat, clock: Clock) -> Log:
    """Return the log of this process, on its stderr."""
    style = LogStyle.of(log_format, sys.stderr, os.environ)
    return open_log(style, write_to(sys.stderr), clock)


@dataclass(frozen=True, slots=True)
class _Lines:
    """What structlog hands finished lines to, by the name of their level."""

    info: Write

    @property
    def warning(self) -> Write:
        return self.info

    @property
    def error(self) -> Write:
        return self.info


def _plain(value: object) -> str | int | float | bool | None:
    """Return a value as JSON has it, and without the address of anybody."""
    if value is None or isinstance(value, (int, float)):
        return value
    return _ADDRESS.sub("(address)", str(value))


def _as_json(event: Mapping[str, object]) -> str:
    return _escape(json.dumps(event, ensure_ascii=False))


def _as_text(event: Mapping[str, object]) -> str:
    """Return the time, the level and the name, then `key=value` of what says more."""
    words = [
        str(value) if key in ("time", "level", "event") else f"{key}={_word(value)}"
        for key, value in event.items()
        if value not in (None, "")
    ]
    return " ".join(words)


def _word(value: object) -> str:
    text = str(value)
    if _BARE.fullmatch(text) and not UNSHOWN.search(text):
        return text
    return _escape(json.dumps(text, ensure_ascii=False))


def _escape(text: str) -> str:
    """Return JSON with what no terminal may get written out: it means the same."""
    return UNSHOWN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
