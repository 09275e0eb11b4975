"""Places for a reader's own values in a page, and the sentinel that marks them.

A page is rendered once for many readers. Where a reader's value goes, a Slot prints
its name between two sentinels; `split` finds the places again. A template may print
a slot and nothing else: what it says must be the same for every reader of a variant.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NoReturn

SLOT_NAMES = ("unsubscribe_url", "preferences_url", "address")


class SlotMisuse(Exception):
    """A template asked something of a reader's value, or changed it."""


class Slot:
    """Stands for one value of a reader; can be printed, and nothing else."""

    __slots__ = ("_name", "_printed")

    def __init__(self, name: str, sentinel: str) -> None:
        self._name = name
        self._printed = f"{sentinel}{name}{sentinel}"

    def __str__(self) -> str:
        return self._printed

    def __html__(self) -> str:
        return self._printed

    def _refuse(self, *_: object) -> NoReturn:
        raise SlotMisuse(f"'{self._name}' differs for each reader: it can be printed")

    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __call__ = _refuse
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __hash__ = _refuse
    __add__ = __radd__ = __mul__ = __rmul__ = __mod__ = __rmod__ = _refuse


def choose_sentinel(material: Iterable[str]) -> str:
    """Return an ASCII word that occurs nowhere in `material`, whatever that is.

    It is a hash of the material, so that nobody can write it into a post, not even
    with the words or entities of this very page before them; the same material gives
    the same sentinel, and so the same bytes.
    """
    digest = hashlib.sha256()
    for text in material:
        digest.update(text.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return f"zq{digest.hexdigest()[:16]}"


def make_slots(sentinel: str) -> dict[str, Slot]:
    """Return a slot for every name a template may print."""
    return {name: Slot(name, sentinel) for name in SLOT_NAMES}


def split(text: str, sentinel: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut `text` at its slots: the fixed pieces, and the names between them.

    There is always one piece more than there are names. Raises SlotMisuse where a
    slot did not survive whole (cut short, upper-cased, split).
    """
    names = "|".join(SLOT_NAMES)
    parts = re.split(f"{re.escape(sentinel)}({names}){re.escape(sentinel)}", text)
    fixed, found = tuple(parts[::2]), tuple(parts[1::2])
    # Half of it is enough to tell a piece of a slot from any other text.
    trace = sentinel[: len(sentinel) // 2]
    if any(trace in piece.lower() for piece in fixed):
        raise SlotMisuse("a reader's value was cut or changed: print it as it is")
    return fixed, found
