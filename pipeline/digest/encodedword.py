"""Text in header fields: encoded words (RFC 2047) and phrases (RFC 5322), as words.

Returns words that may be folded at the spaces between them; `digest.headers` folds.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import AnyStr

LINE = 76
"""Longest line that may hold an encoded word (RFC 2047, 2), in octets."""

_FRAME = len("=?utf-8?b?" + "?=")
_LONGEST_WORD = 75 - _FRAME
# Beyond this a word without spaces could break the 998 octets of RFC 5322, 2.1.1.
_LONGEST_PLAIN = 900
_PLAIN = re.compile(rf"[!-~]{{1,{_LONGEST_PLAIN}}}( [!-~]{{1,{_LONGEST_PLAIN}}})*")
_ATOMS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
)
_QUOTED = re.compile(r'["\\]')
# What stands for itself in the Q encoding even within a phrase (RFC 2047, 5.3).
_Q_SAFE = re.compile(r"[A-Za-z0-9!*+/-]")


def text_words(text: str, column: int) -> list[str]:
    """Return one line of `text` (no controls) as words for an unstructured field.

    The first word will stand at `column`. Pure ASCII stays as it is; anything else,
    and what would be read as an encoded word, is encoded as a whole.
    """
    if not text:
        return []
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return text.split(" ")
    return list(_encode(text, column))


def phrase_words(text: str, column: int) -> list[str]:
    """Return one line of `text` as words of a phrase: a display name."""
    words = text_words(text, column)
    if " ".join(words) != text or _ATOMS.fullmatch(text) or not text:
        return words
    escaped = _QUOTED.sub(r"\\\g<0>", text)
    return f'"{escaped}"'.split(" ")


def _encode(text: str, column: int) -> Iterator[str]:
    """Yield encoded words that never split a character.

    Base64 is for what is mostly not ASCII, as in a body; spam filters mind it else.
    """
    octets = [char.encode() for char in text]
    first = min(LINE - column - _FRAME, _LONGEST_WORD)
    if 2 * sum(len(char) for char in octets if len(char) > 1) > sum(map(len, octets)):
        for chars in _cut(octets, first // 4 * 3, _LONGEST_WORD // 4 * 3):
            yield f"=?utf-8?b?{b64encode(b''.join(chars)).decode('ascii')}?="
        return
    for quoted in _cut([_quote(char) for char in text], first, _LONGEST_WORD):
        yield f"=?utf-8?q?{''.join(quoted)}?="


def _quote(char: str) -> str:
    if char == " ":
        return "_"
    if _Q_SAFE.fullmatch(char):
        return char
    return "".join(f"={octet:02X}" for octet in char.encode())


def _cut(tokens: Sequence[AnyStr], first: int, rest: int) -> Iterator[list[AnyStr]]:
    """Yield tokens in runs of at most `first`, then `rest`, characters."""
    run, length, room = list[AnyStr](), 0, first
    for token in tokens:
        if length + len(token) > room:
            yield run
            run, length, room = [], 0, rest
        run.append(token)
        length += len(token)
    yield run
