"""Readers out of the store into a file, streamed in any dialect."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.base.files import rename_durably, telling
from pipeline.store.database import Database
from pipeline.store.subscribers import subscribers_after
from pipeline.subscribers.subscriber import State, Subscriber


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is exported: those in one of the states, of one of the newsletters.

    Empty is everyone.
    """

    states: frozenset[State] = frozenset()
    newsletters: frozenset[str] = frozenset()

    def takes(self, reader: Subscriber) -> bool:
        """Tell whether a reader is among them."""
        if self.states and reader.state not in self.states:
            return False
        return not self.newsletters or not self.newsletters.isdisjoint(
            reader.newsletters
        )


def chosen_readers(
    database: Database, choice: Choice = Choice()
) -> Iterator[Subscriber]:
    """Yield subscribers by id; no transaction is open while a pipe is read slowly."""
    after = 0
    while True:
        with database.transaction() as tx:
            readers = subscribers_after(tx, after)
        if not readers:
            return
        yield from filter(choice.takes, readers)
        after = readers[-1].id


def write_file(path: Path, texts: Iterable[str]) -> None:
    """Write a file whole or not at all, piece by piece; only its owner may read it.

    Raises OutputError.
    """
    temporary = path.with_name(f".{path.name[:60]}.tmp-{secrets.token_hex(4)}")
    with telling(path):
        number = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
        )
        try:
            with open(number, "w", encoding="utf-8", newline="") as file:
                file.writelines(texts)
                file.flush()
                os.fsync(number)
            rename_durably(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
