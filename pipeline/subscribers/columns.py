"""The words of subscriber lists: columns, states, cells, in English and Chinese.

Knows no lines and no files (`subscribers.interchange` does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from pipeline.base.text import fold_line
from pipeline.subscribers.subscriber import State

COLUMNS: Final = (
    "email",
    "name",
    "language",
    "newsletters",
    "status",
    "created",
    "source",
)
"""The columns that are written, in this order; each can be read."""

# What programs call a column; where several are there, the first name wins.
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": (
        *("email", "e-mail", "mail", "email address", "e-mail address"),
        *("邮箱", "电子邮箱", "邮箱地址", "邮件", "邮件地址", "电子邮件"),
        *("电子邮件地址", "郵箱", "電子郵件", "subscriber", "address"),
    ),
    "name": ("name", "full name", "姓名", "名字", "名称", "昵称", "称呼"),
    "language": ("language", "lang", "locale", "语言"),
    "newsletters": ("newsletters", "newsletter", "lists", "list", "列表", "订阅"),
    "status": ("status", "state", "状态"),
    "created": ("created", "created_at", "created at", "创建时间"),
    "source": ("source", "来源"),
}
_WORDS_OF_STATES: Final[Mapping[State, str]] = {
    State.ACTIVE: "active subscribed confirmed enabled 正常 活跃 已订阅",
    State.PENDING: "pending unconfirmed 待确认 未确认",
    State.UNSUBSCRIBED: "unsubscribed inactive opted-out 退订 已退订",
    State.BOUNCED: "bounced cleaned 退信 已退信",
    State.COMPLAINED: "complained complaint spam 投诉 已投诉",
    State.BLOCKED: "blocked blocklisted blacklisted disabled 屏蔽 已屏蔽",
}
_STATES: Final = {
    word: state for state, words in _WORDS_OF_STATES.items() for word in words.split()
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_BETWEEN_NAMES = re.compile(r"[\s,;|、，；]+")
_BETWEEN_WORDS = re.compile(r"[\s_]+")
# A spreadsheet runs what begins so, in full-width letters too (OWASP, CSV injection).
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where, in rows of `width` cells.

    `named` tells whether the file names its columns; else it is all addresses.
    """

    places: Mapping[str, int]
    width: int
    named: bool = True

    @classmethod
    def of(cls, cells: Sequence[str]) -> Self | None:
        """Return the header that a file's first row is or implies.

        None when it names no column of addresses among several.
        """
        headings = [read_cell(cell).casefold() for cell in cells]
        places = {
            column: headings.index(heading)
            for column, known in _HEADINGS.items()
            for heading in reversed(known)
            if heading in headings
        }
        if "email" in places:
            return cls(places, len(cells))
        if any(headings[1:]):
            return None
        return cls({"email": 0}, 1, named=False)

    def cell(self, cells: Sequence[str], column: str) -> str:
        """Return what a row says in `column`; empty where it has none."""
        place = self.places.get(column, len(cells))
        return read_cell(cells[place]) if place < len(cells) else ""

    def breaks(self, cells: Sequence[str]) -> bool:
        """Tell whether a column that is read holds a line break in this row."""
        return any(
            "\n" in cells[place] for place in self.places.values() if place < len(cells)
        )


def read_cell(cell: str) -> str:
    """Return the one line a cell holds, without the guard against formulas."""
    line = fold_line(cell)
    return line[1:] if _GUARDED.match(line) else line


def write_cell(text: str) -> str:
    """Return `text` as one line that no spreadsheet runs: `'=1` for `=1`."""
    line = fold_line(text)
    return f"'{line}" if _FORMULA.match(line) else line


def read_state(text: str) -> State:
    """Return the state that `text` names, ACTIVE where it is empty.

    Raises ValueError for an unknown one: it may well mean that someone has left.
    """
    word = _BETWEEN_WORDS.sub("-", text.casefold())
    if word and word not in _STATES:
        known = ", ".join(State)
        raise ValueError(f"the status {text!r} is not known: it is one of {known}.")
    return _STATES.get(word, State.ACTIVE)


def read_language(text: str) -> str:
    """Return the language tag that `text` is (`zh_CN` too), empty for none.

    Raises ValueError for what is no tag.
    """
    tag = text.replace("_", "-")
    if tag and not _LANGUAGE.fullmatch(tag):
        raise ValueError(f"the language {text!r} is not a code, as `en` or `zh-CN` is.")
    return tag


def read_newsletters(text: str) -> tuple[str, ...]:
    """Return the names in `text`, apart by spaces, commas, semicolons or bars."""
    return tuple(dict.fromkeys(filter(None, _BETWEEN_NAMES.split(text))))


def read_time(text: str) -> datetime | None:
    """Return the time that `text` is in ISO 8601 with a zone, None for any other."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None
