"""The words of subscriber lists: columns, states, cells, in English and Chinese.

Knows no lines and no files (`subscribers.interchange` does).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from pipeline.base.text import fold_line, is_cjk
from pipeline.subscribers.subscriber import State

Names = Mapping[str, tuple[str, ...]]
"""The headings a column may have, by the column, the likeliest first."""

_WORDS_OF_STATES: Final[Mapping[State, str]] = {
    State.ACTIVE: "active subscribed confirmed enabled regular 正常 活跃 已订阅",
    State.PENDING: "pending unconfirmed unactivated nonsubscribed non-subscribed "
    "transactional 待确认 未确认",
    State.UNSUBSCRIBED: "unsubscribed inactive opted-out opt-out cancelled canceled "
    "removed archived 退订 已退订",
    State.BOUNCED: "bounced cleaned undeliverable invalid 退信 已退信",
    State.COMPLAINED: "complained complaint spam abuse 投诉 已投诉",
    State.BLOCKED: "blocked blocklisted blacklisted disabled suppressed 屏蔽 已屏蔽",
}
# In the name of a file: `cleaned_members_export_1a2b.csv`, `退订.csv`.
_WORDS_OF_FILES: Final[Mapping[State, str]] = {
    State.UNSUBSCRIBED: "unsubscribed unsubscribers unsubscribes cancelled canceled "
    "退订",
    State.BOUNCED: "bounced bounces cleaned undeliverable 退信",
    State.COMPLAINED: "complained complaints complainers 投诉",
    State.BLOCKED: "blocked blocklisted blocklist suppressed suppression 屏蔽",
    State.PENDING: "pending unconfirmed nonsubscribed 未确认",
}
_STATE_OF_WORD: Final = {
    word: state for state, words in _WORDS_OF_STATES.items() for word in words.split()
}
_STATE_OF_FILE: Final = {
    word: state for state, words in _WORDS_OF_FILES.items() for word in words.split()
}
_NOT_A_LETTER = re.compile(r"[^a-z]+")
_LANGUAGES: Final = {
    **dict.fromkeys(("english", "英文", "英语"), "en"),
    **dict.fromkeys(("chinese", "中文", "汉语"), "zh"),
    **dict.fromkeys(("simplified chinese", "简体中文"), "zh-CN"),
    **dict.fromkeys(("traditional chinese", "繁體中文", "繁体中文"), "zh-TW"),
    **dict.fromkeys(("german", "deutsch"), "de"),
    **dict.fromkeys(("french", "français"), "fr"),
    **dict.fromkeys(("spanish", "español"), "es"),
    **dict.fromkeys(("japanese", "日本語"), "ja"),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_BETWEEN_LISTS = re.compile(r"\s*[,;|、，；]+\s*")
_BETWEEN_WORDS = re.compile(r"[\s_]+")
# A spreadsheet runs what begins so, in full-width letters too (OWASP, CSV injection).
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
# What needs quotes to be one tag again, or would be taken for JSON.
_QUOTABLE = re.compile(r'[",]|^\[|^\s|\s$')
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
    def of(cls, headings: Sequence[str], names: Names) -> Self | None:
        """Return the header that a file's first row is or implies.

        `names` has the headings known for each column, of which the first that is
        there wins. None when there are several columns and none of addresses.
        """
        places = {
            column: headings.index(heading)
            for column, known in names.items()
            for heading in reversed(known)
            if heading in headings
        }
        if "email" in places:
            return cls(places, len(headings))
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


def read_headings(cells: Sequence[str]) -> list[str]:
    """Return the names of columns as they are compared: one line each, casefolded."""
    return [read_cell(cell).casefold() for cell in cells]


def read_cell(cell: str) -> str:
    """Return the one line a cell holds, without the guard against formulas."""
    if _is_simple(cell):
        return cell
    line = fold_line(cell)
    return line[1:] if _GUARDED.match(line) else line


def _is_simple(cell: str) -> bool:
    """Tell whether a cell is one line as it stands; it saves a third of all time."""
    return (
        cell.isascii()
        and cell.isprintable()
        and cell[:1] not in ("'", " ")
        and cell[-1:] != " "
        and "  " not in cell
    )


def write_cell(text: str) -> str:
    """Return `text` as one line that no spreadsheet runs: `'=1` for `=1`."""
    line = fold_line(text)
    return f"'{line}" if _FORMULA.match(line) else line


def read_state(text: str) -> State:
    """Return the state that `text` names, ACTIVE where it is empty.

    Raises ValueError for an unknown one: it may well mean that someone has left.
    """
    word = _BETWEEN_WORDS.sub("-", text.casefold())
    if word and word not in _STATE_OF_WORD:
        known = ", ".join(State)
        raise ValueError(f"the status {text!r} is not known: it is one of {known}.")
    return _STATE_OF_WORD.get(word, State.ACTIVE)


def state_of_file(name: str) -> State | None:
    """Return the state that a file's name tells of everyone in it, None for none.

    Mailchimp and Kit write one file for each state, and say it nowhere else.
    """
    words = _NOT_A_LETTER.split(name.casefold().replace("non-sub", "nonsub"))
    for word, state in _STATE_OF_FILE.items():
        if word in (words if word.isascii() else name):
            return state
    return None


def read_language(text: str) -> str:
    """Return the language tag that `text` is (`zh_CN`, `English`), empty for none.

    Raises ValueError for what is no tag.
    """
    tag = _LANGUAGES.get(text.casefold(), text.replace("_", "-"))
    if tag and not _LANGUAGE.fullmatch(tag):
        raise ValueError(f"the language {text!r} is not a code, as `en` or `zh-CN` is.")
    return tag


def read_newsletters(text: str, lists: Mapping[str, str]) -> tuple[str, ...]:
    """Return the newsletters named in `text`, apart by commas, semicolons or bars.

    `lists` has the newsletter that another program's list, casefolded, is to become;
    what is not in it stands for itself, and may be apart by spaces alone.
    """
    if not text:
        return ()
    found: list[str] = []
    for name in _BETWEEN_LISTS.split(text):
        known = lists.get(name.casefold())
        found += [known] if known else name.split()
    return tuple(dict.fromkeys(found))


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags in a cell: a list in JSON, or apart by commas as in CSV."""
    if not text:
        return ()
    tags = _read_json_tags(text) if text[0] == "[" else None
    if tags is None:
        quoted = '"' in text
        tags = next(csv.reader([text], skipinitialspace=True)) if quoted else [text]
        tags = tags if quoted else text.split(",")
    return tuple(dict.fromkeys(filter(None, map(str.strip, tags))))


def _read_json_tags(text: str) -> list[str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return [str(tag) for tag in found if isinstance(tag, str | int)]


def write_tags(tags: Iterable[str], *, every: bool = False) -> str:
    """Return tags apart by commas, quoted as in CSV where they must be, or `every`."""
    return ",".join(
        '"' + tag.replace('"', '""') + '"' if every or _QUOTABLE.search(tag) else tag
        for tag in tags
    )


def join_name(first: str, last: str) -> str:
    """Return a whole name: the family's comes first where it is written in Han."""
    if first and last and is_cjk(first[0]) and is_cjk(last[0]):
        return last + first
    return f"{first} {last}".strip()
