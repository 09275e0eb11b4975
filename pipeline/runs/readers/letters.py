"""From letters that wait in the store to batches in the outbox, ahead of issues.

    waiting letters → compose → press → stage → seal → publish → hand

The protocol is that of issues (outbox/spool.py). Any process may do this at any time,
several at once: the seal takes each letter for one batch. What was sealed and then cut
short is published by recovery (runs/issues/deliver.py), which also forgets what relays
have.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.base.clock import Clock
from pipeline.base.files import make_folder
from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.outbox.batch import About, Envelope
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.gone import gone_now
from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.outgoing.ledger import flush
from pipeline.runs.outgoing.restoring import claim_outbox
from pipeline.runs.readers.correspondence import Correspondence
from pipeline.store.database import Database
from pipeline.store.letters import (
    Letter,
    drop_letters,
    hand_letters,
    newsletters_waiting,
    seal_letters,
    waiting_letters,
)

PREFIX = "0-letters-"
"""Batches sort in the order of sending; most newsletters' names come after it."""

_TRIES = 3


def send_letters(
    database: Database,
    configuration: Configuration,
    clock: Clock,
    *,
    most: int = sys.maxsize,
) -> int:
    """Make every letter that waits, `most` at the most; return how many were published.

    They go past `outbox.ahead`, which issues fill, and have such a bound of their own.
    Raises OutputError when the disk refuses, ConfigError when a template or a sender is
    wrong: the letters wait then.
    """
    with database.transaction() as tx:
        names = newsletters_waiting(tx)
    if not names or not configuration.web.public_url:
        return 0
    spool = Spool(configuration.outbox.folder)
    make_folder(spool.folder)
    claim_outbox(database, spool, clock.now())
    key = read_key(configuration.store.path)
    known = {each.name: each for each in configuration.newsletters}
    post, sent = _Post(database, configuration, spool, key, clock), 0
    for name in names:
        sent += post.send(name, known.get(name), most - sent)
    return sent


@dataclass(frozen=True, slots=True)
class _Post:
    """The letters of a store on their way into the outbox."""

    database: Database
    configuration: Configuration
    spool: Spool
    key: bytes
    clock: Clock

    def send(self, name: str, settings: NewsletterSettings | None, most: int) -> int:
        """Publish a newsletter's letters, batch after batch; return how many."""
        if settings is None:
            self._forget(name)
            return 0
        writer = Correspondence.of(self.configuration, settings, self.key)
        sent = 0
        while sent < most and self._has_room():
            letters = self._waiting(name, most - sent)
            if not letters:
                break
            count = self._publish(writer, letters)
            if count is None:
                break
            sent += count
        return sent

    def _publish(self, writer: Correspondence, letters: Sequence[Letter]) -> int | None:
        """Make one batch of letters; None when others take them from us."""
        for _ in range(_TRIES):
            attempt, now = secrets.token_hex(6), self.clock.now()
            envelopes, dropped = self._compose(writer, letters, now)
            name = f"{PREFIX}{letters[0].id:09}-{attempt}"
            if envelopes:
                about = About(
                    newsletter=writer.settings.name, issue=0, variant=0, created=now
                )
                self.spool.stage(name, attempt, envelopes.values(), about)
            if self._seal(name, attempt, envelopes, dropped):
                if envelopes:
                    self._hand(name, attempt)
                return len(envelopes)
            self.spool.discard(name, attempt)
            letters = self._waiting(writer.settings.name, len(letters))
            if not letters:
                return None
        return None

    def _compose(
        self, writer: Correspondence, letters: Sequence[Letter], now: datetime
    ) -> tuple[dict[int, Envelope], list[int]]:
        """Return messages by letter, and the letters that nobody is to get."""
        with self.database.transaction() as tx:
            found = {letter.id: writer.draft(tx, letter, now) for letter in letters}
        envelopes = {
            letter: writer.envelope(draft, now)
            for letter, draft in found.items()
            if draft is not None
        }
        return envelopes, [letter for letter in found if letter not in envelopes]

    def _seal(
        self,
        name: str,
        attempt: str,
        staged: Collection[int],
        dropped: Collection[int],
    ) -> bool:
        """Commit the decision that this stage goes out; False when it must not.

        Letters that nobody is to get are forgotten with it.
        """
        with self.database.transaction() as tx:
            if staged and not self.spool.is_staged(name, attempt):
                return False
            if staged and not seal_letters(tx, name, attempt, staged):
                return False
            drop_letters(tx, dropped)
        return True

    def _hand(self, name: str, attempt: str) -> None:
        """Publish a sealed batch, without those who have left since the seal."""
        flush(self.database, self.spool)
        with self.database.transaction() as tx:
            self.spool.publish(name, attempt, gone_now(tx))
            hand_letters(tx, name)

    def _waiting(self, name: str, most: int) -> list[Letter]:
        limit = min(most, self.configuration.mail.batch_size)
        with self.database.transaction() as tx:
            return waiting_letters(tx, name, limit)

    def _has_room(self) -> bool:
        waiting = sum(name.startswith(PREFIX) for name in self.spool.unclaimed())
        return waiting < self.configuration.outbox.ahead

    def _forget(self, name: str) -> None:
        """Forget the letters of a newsletter that there is no more."""
        while letters := self._waiting(name, sys.maxsize):
            with self.database.transaction() as tx:
                drop_letters(tx, [letter.id for letter in letters])
