"""Tokens that hold for a while: which row they are for, and until when. Keeps no key.

    <seconds since 1970, in base 36>-<a token of tokens.py, good for that second alone>

They are read out of mail and put back by forms, so that letters may change their case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pipeline.subscribers.tokens import sign, verify

LimitedPurpose = Literal["confirm", "form", "move", "issue"]
"""What such a token is good for: to confirm an ask or an address, to send a form, or to
decide on an issue as the site's owner."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"([0-9a-z]{1,7})-([0-9a-z]+)")


@dataclass(frozen=True, slots=True)
class Limited:
    """What a token says that one of our keys has signed: whose, and until when."""

    row: int
    until: datetime


def sign_until(key: bytes, purpose: LimitedPurpose, row: int, until: datetime) -> str:
    """Return a token for a row that holds until `until`, in whole seconds."""
    seconds = _base36(int(until.timestamp()))
    return f"{seconds}-{sign(key, purpose, row, seconds)}"


def verify_until(
    keys: Sequence[bytes], purpose: LimitedPurpose, token: str
) -> Limited | None:
    """Return what a token says, by any of `keys`, or None where nobody signed it.

    Whether its time is over is for the caller to see.
    """
    found = _TOKEN.fullmatch(token.lower())
    if found is None:
        return None
    row = verify(keys, purpose, found[2], found[1])
    if row is None:
        return None
    return Limited(row, datetime.fromtimestamp(int(found[1], 36), UTC))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
