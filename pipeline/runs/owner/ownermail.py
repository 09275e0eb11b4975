"""Letters to the site's owner, ahead of issues: each event told once.

    an event → tell_owner, in its transaction → compose → stage → seal → publish

What waits is sent by the outbox protocol of runs/readers/letters.py, also without
`web.public_url`; what leaves a letter is runs/telling.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.base.clock import Clock, to_micros, zone_name
from pipeline.base.files import make_folder
from pipeline.config.settings import Configuration
from pipeline.digest.catalogue import Catalogue, match_language
from pipeline.digest.headers import FixedHeaders, Mailbox, message_id, parse_sender
from pipeline.digest.ownerletter import OwnerLetter, put_on_top, render_owner_letter
from pipeline.digest.press import Reader, compile_page
from pipeline.digest.rendered import Page
from pipeline.outbox.batch import About, Envelope
from pipeline.outbox.ownership import take_ownership
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.gone import gone_now
from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.outgoing.ledger import flush
from pipeline.runs.outgoing.readers import plain_address
from pipeline.runs.readers.letters import PREFIX
from pipeline.runs.resources import read_catalogues, read_owner_templates
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import find_hold
from pipeline.store.ownerletters import (
    KeptLetter,
    drop_owner_letters,
    forget_told,
    hand_owner_letters,
    seal_owner_letters,
    waiting_owner_letters,
)
from pipeline.store.ties import store_name
from pipeline.subscribers.tokens import sign

OWN_PREFIX = f"{PREFIX}owner-"
"""Letters to the owner go out with those to readers; a name of a newsletter is none."""

MOST_IN_BATCH = 20
REMEMBERED = timedelta(days=365)
"""How long it is known that an event was told."""


def send_owner_letters(
    database: Database, configuration: Configuration, clock: Clock
) -> int:
    """Make every letter to the owner that waits; return how many were published.

    While a batch of them lies unclaimed, the next wait, to go out together. Raises
    OutputError when the disk refuses.
    """
    with database.transaction() as tx:
        letters = waiting_owner_letters(tx, MOST_IN_BATCH)
        if letters:
            forget_told(tx, clock.now() - REMEMBERED)
    if not letters:
        return 0
    spool = Spool(configuration.outbox.folder)
    make_folder(spool.folder)
    with database.transaction() as tx:
        take_ownership(spool.folder, store_name(tx))
    if is_unclaimed(spool):
        return 0
    return _Post(database, spool, Secretary.of(configuration), clock).send(letters)


def is_unclaimed(spool: Spool) -> bool:
    """Tell whether letters to the owner lie in the outbox that no relay has taken."""
    return any(name.startswith(OWN_PREFIX) for name in spool.unclaimed())


def _is_stale(tx: Transaction, letter: KeptLetter) -> bool:
    """Tell whether the hold that a letter asks about has ended meanwhile."""
    hold = letter.words.get("asks")
    return hold is not None and find_hold(tx, hold) is None


@dataclass(frozen=True, slots=True)
class _Post:
    """One batch of letters to the owner on its way into the outbox."""

    database: Database
    spool: Spool
    secretary: Secretary
    clock: Clock

    def send(self, letters: Sequence[KeptLetter]) -> int:
        """Publish the letters that somebody is to get, and return how many those are.

        Another process that takes some of them sends them all: both wanted to.
        """
        with self.database.transaction() as tx:
            addressed = [
                letter
                for letter in letters
                if self.secretary.recipient(letter) and not _is_stale(tx, letter)
            ]
            drop_owner_letters(tx, [e.id for e in letters if e not in addressed])
        if not addressed:
            return 0
        attempt, now = secrets.token_hex(6), self.clock.now()
        name = f"{OWN_PREFIX}{addressed[0].id:09}-{attempt}"
        envelopes = [self.secretary.envelope(letter, now) for letter in addressed]
        about = About(newsletter="owner", issue=0, variant=0, created=now)
        self.spool.stage(name, attempt, envelopes, about)
        if not self._seal(name, attempt, [letter.id for letter in addressed]):
            self.spool.discard(name, attempt)
            return 0
        flush(self.database, self.spool)
        with self.database.transaction() as tx:
            self.spool.publish(name, attempt, gone_now(tx))
            hand_owner_letters(tx, name)
        return len(envelopes)

    def _seal(self, name: str, attempt: str, staged: Sequence[int]) -> bool:
        with self.database.transaction() as tx:
            return self.spool.is_staged(name, attempt) and seal_owner_letters(
                tx, name, attempt, staged
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Secretary:
    """Writes to the owner, in the owner's language, from the newsletter's sender."""

    configuration: Configuration
    key: bytes
    templates: Mapping[str, str]
    messages: Catalogue

    @classmethod
    def of(cls, configuration: Configuration) -> Secretary:
        """Return who writes for a configuration."""
        catalogues = read_catalogues()
        wanted = configuration.owner.language or configuration.sites[0].language
        return cls(
            configuration=configuration,
            key=read_key(configuration.store.path),
            templates=read_owner_templates(),
            messages=catalogues[match_language(wanted, catalogues) or "en"],
        )

    def recipient(self, letter: KeptLetter) -> str:
        """Return the address a letter goes to, or nothing."""
        return plain_address(letter.recipient or self.configuration.owner.address)

    def page(self, letter: KeptLetter, now: datetime) -> Page:
        """Return what a letter shows: its words, and below them what it encloses."""
        written = render_owner_letter(
            OwnerLetter(
                kind=letter.kind,
                values={**letter.words, **_end(letter, now)},
                site=self.configuration.sites[0].title,
                language=self.messages.language,
                templates=self.templates,
                messages=self.messages,
                inliner=self.configuration.mail.inliner,
            )
        )
        if letter.enclosed is None:
            return written
        return put_on_top(written, letter.enclosed.page, letter.enclosed.values)

    def envelope(self, letter: KeptLetter, now: datetime) -> Envelope:
        """Return the letter in its envelope: the same bytes for the same time."""
        name, to, sender = f"owner-{letter.id}", self.recipient(letter), self._sender()
        fixed = FixedHeaders(
            sender=sender,
            newsletter="owner",
            title="",
            issue=name,
            language=self.messages.language,
            bulk=False,
        )
        token = sign(
            self.key, "letter", letter.id, f"{to_micros(letter.created)} owner"
        )
        reader = Reader(
            address=to,
            values={},
            message_id=message_id("owner", token, sender.domain),
            list_unsubscribe=(),
        )
        parts = letter.enclosed.parts if letter.enclosed else {}
        press = compile_page(self.page(letter, now), fixed, name, parts)
        bounces = plain_address(self.configuration.mail.bounce_address)
        return Envelope(
            member=-letter.id,
            sender=bounces or sender.address,
            recipient=to,
            message=press.message(reader, letter.created),
        )

    def _sender(self) -> Mailbox:
        """Return the first newsletter's sender; where there is none, the owner."""
        for newsletter in self.configuration.newsletters:
            try:
                return parse_sender(newsletter.sender)
            except ValueError:
                continue
        return Mailbox("Pressroom", plain_address(self.configuration.owner.address))


def _end(letter: KeptLetter, now: datetime) -> dict[str, str]:
    """Return on what day, and at what time, something ends that is told `now`."""
    ends = letter.words.get("ends")
    if ends is None:
        return {}
    zone = ZoneInfo(ends["zone"])
    local = (now + timedelta(seconds=ends["seconds"])).astimezone(zone)
    return {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M} {zone_name(local)}"}
