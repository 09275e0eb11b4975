"""From frozen issues to published batches, by the outbox protocol.

    open batch → press → stage → seal (the store decides) → publish → hand

Recovery is the first thing a run does: what was sealed is published, stages nobody
sealed are removed, and readers who left are pulled out of what no relay has claimed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.base.clock import Clock
from pipeline.base.files import make_folder
from pipeline.digest.headers import FixedHeaders
from pipeline.digest.issue import Issue, IssueEvent, IssueState
from pipeline.digest.press import Press, compile_page
from pipeline.outbox.batch import (
    About,
    BatchState,
    Envelope,
    Place,
)
from pipeline.outbox.spool import Recovered, Spool
from pipeline.runs.issues.archive import archive_home
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.runs.outgoing.gone import gone_now
from pipeline.runs.outgoing.ledger import publish
from pipeline.runs.outgoing.readers import Imprint
from pipeline.runs.outgoing.restoring import claim_outbox
from pipeline.runs.outgoing.withdrawing import apply_withdrawals
from pipeline.runs.pace import TO_THE_END, Pace
from pipeline.store.batches import (
    KeptBatch,
    all_handed,
    batch_parts,
    find_batch,
    hand_batch,
    open_batches,
    seal_batch,
    sealed_batches,
)
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import stops
from pipeline.store.images import drop_unused_images, find_image
from pipeline.store.issues import find_issue, find_variant, move_issue
from pipeline.store.letters import (
    forget_letters,
    hand_letters,
    handed_letters,
    sealed_letters,
)
from pipeline.store.ownerletters import hand_owner_letters
from pipeline.store.subscribers import find_addresses, withdrawn_members
from pipeline.subscribers.subscriber import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Batches published now, with their messages, and how many still wait.

    `sizes` are the messages of each. `yielded` tells that they wait for the next pass,
    and not for the relay.
    """

    batches: tuple[Path, ...]
    sizes: tuple[int, ...]
    waiting: int
    yielded: bool = False

    @property
    def messages(self) -> int:
        """How many messages all of them have."""
        return sum(self.sizes)


def recover(database: Database, spool: Spool, now: datetime) -> Recovered:
    """Bring the outbox in line with the store after a crash, or after nothing at all.

    A store that turns out to be older than the outbox puts everything on hold
    (runs/outgoing/restoring.py). Raises OutputError when the disk refuses, or when the
    outbox is another store's; the store is then as it was.
    """
    claim_outbox(database, spool, now)
    with database.transaction() as tx:
        sealed, letters = sealed_batches(tx), sealed_letters(tx)
        recovered = spool.recover(sealed | letters, gone_now(tx))
        for name in sealed:
            hand_batch(tx, name)
        for name in letters:
            hand_letters(tx, name)
            hand_owner_letters(tx, name)
        _forget_claimed_letters(tx, spool)
    apply_withdrawals(database, spool)
    return recovered


def _forget_claimed_letters(tx: Transaction, spool: Spool) -> None:
    """Forget the letters that nobody can be taken out of any more."""
    waiting = {*spool.unclaimed(), *spool.aside()}
    for name in handed_letters(tx):
        if name not in waiting:
            forget_letters(tx, name)


def issue_name(issue: Issue) -> str:
    """Return what no other issue of this store is called, of whatever stream."""
    return f"{issue.newsletter}-{issue.id}"


def deliver(
    database: Database,
    newsroom: Newsroom,
    issue: Issue,
    key: bytes,
    clock: Clock,
    pace: Pace = TO_THE_END,
) -> Delivered:
    """Publish the open batches of a frozen issue, as far as relay and pace allow."""
    delivery = _Delivery(
        database=database,
        spool=Spool(newsroom.configuration.outbox.folder),
        newsroom=newsroom,
        issue=issue,
        imprint=Imprint.of(
            newsroom.configuration,
            newsroom.settings,
            f"{issue_name(issue)}-{issue.boundary:%Y%m%d%H%M}",
            key,
        ),
        clock=clock,
    )
    return delivery.run(newsroom.configuration.outbox.ahead, pace)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    """One issue on its way into the outbox."""

    database: Database
    spool: Spool
    newsroom: Newsroom
    issue: Issue
    imprint: Imprint
    clock: Clock

    def run(self, ahead: int, pace: Pace) -> Delivered:
        """Publish batch after batch until none is open or `ahead` lie unclaimed."""
        make_folder(self.spool.folder)
        claim_outbox(self.database, self.spool, self.clock.now())
        with self.database.transaction() as tx:
            batches = open_batches(tx, self.issue.id)
            if self.issue.state is IssueState.FROZEN and batches:
                move_issue(tx, self.issue, IssueEvent.SEND)
        presses = _Presses(self.database, self.newsroom, self.issue)
        published: dict[Path, int] = {}
        done = 0
        yielded = False
        for batch in batches:
            if self.spool.waiting() >= ahead:
                break
            if not pace.goes_on(done):
                yielded = True
                break
            count = self._publish(batch, presses)
            if count is None:
                break
            done += 1
            if count:
                published[self.spool.folder / Place.NEW / batch.name] = count
        self._finish()
        waiting = len(batches) - done
        return Delivered(
            batches=tuple(published),
            sizes=tuple(published.values()),
            waiting=waiting,
            yielded=yielded,
        )

    def _publish(self, batch: KeptBatch, presses: _Presses) -> int | None:
        """Stage, seal, publish and hand one batch; return how many messages it has.

        None where the issue was stopped, or is held. Who leaves while it is being
        staged has it staged again without them.
        """
        while True:
            if self._stands_still():
                return None
            readers, time = self._readers(batch), self.clock.now()
            if readers is None:
                return 0
            attempt = secrets.token_hex(6)
            if readers:
                envelopes = self._envelopes(batch, presses, readers, time)
                about = About(
                    newsletter=self.newsroom.name,
                    issue=self.issue.number,
                    variant=batch.variant,
                    created=time,
                )
                self.spool.stage(batch.name, attempt, envelopes, about)
            if self._seal(batch, attempt, set(readers), time):
                break
            self.spool.discard(batch.name, attempt)
        if readers:
            publish(self.database, self.spool, batch.name, attempt)
        with self.database.transaction() as tx:
            hand_batch(tx, batch.name)
        return len(readers)

    def _envelopes(
        self,
        batch: KeptBatch,
        presses: _Presses,
        readers: Mapping[int, Subscriber],
        time: datetime,
    ) -> Iterator[Envelope]:
        """Yield each reader's message, those of one variant after another."""
        with self.database.transaction() as tx:
            parts = batch_parts(tx, batch)
        for variant, members in parts:
            press = presses.press(variant)
            for member in members:
                if member in readers:
                    yield self.imprint.envelope(press, readers[member], time)

    def _seal(
        self, batch: KeptBatch, attempt: str, staged: set[int], time: datetime
    ) -> bool:
        """Commit the decision that this stage goes out; False when it must not.

        A batch whose every reader has left is sealed and handed without a stage.
        """
        with self.database.transaction() as tx:
            gone = withdrawn_members(
                tx, self.newsroom.name, self.issue.id, batch.members
            )
            if stops(tx, self.newsroom.name, self.issue.id):
                return False
            if staged & gone or staged - find_addresses(tx, staged).keys():
                return False
            if staged and not self.spool.is_staged(batch.name, attempt):
                return False
            sealed = seal_batch(tx, batch.name, attempt, time)
            if sealed and not staged:
                hand_batch(tx, batch.name)
        return sealed

    def _stands_still(self) -> bool:
        """Tell whether no batch may go out: its owner stopped the issue, or a hold."""
        with self.database.transaction() as tx:
            issue = find_issue(tx, self.issue.id)
            if issue is None or issue.state is not IssueState.SENDING:
                return True
            return stops(tx, self.newsroom.name, self.issue.id)

    def _readers(self, batch: KeptBatch) -> dict[int, Subscriber] | None:
        """Return who still gets the batch; None when another run has sealed it."""
        with self.database.transaction() as tx:
            kept = find_batch(tx, batch.name)
            if kept is None or kept.state is not BatchState.OPEN:
                return None
            gone = withdrawn_members(
                tx, self.newsroom.name, self.issue.id, batch.members
            )
            return find_addresses(tx, [m for m in batch.members if m not in gone])

    def _finish(self) -> None:
        """Close the issue once every batch is public; one for nobody is closed too."""
        with self.database.transaction() as tx:
            issue = find_issue(tx, self.issue.id)
            # Another run may have closed it, where the lock does not hold (some NFS).
            under_way = issue and issue.state in (IssueState.FROZEN, IssueState.SENDING)
            if issue and under_way and all_handed(tx, issue.id):
                move_issue(tx, issue, IssueEvent.FINISH)
                drop_unused_images(tx)


class _Presses:
    """The presses of an issue: the last one stays, batches come variant by variant."""

    def __init__(self, database: Database, newsroom: Newsroom, issue: Issue) -> None:
        self._database = database
        self._newsroom = newsroom
        self._issue = issue
        self._last: tuple[int, Press] | None = None

    def press(self, n: int) -> Press:
        """Return the press of variant `n`."""
        if self._last is None or self._last[0] != n:
            self._last = (n, self._compile(n))
        return self._last[1]

    def _compile(self, n: int) -> Press:
        newsroom = self._newsroom
        with self._database.transaction() as tx:
            variant = find_variant(tx, self._issue.id, n)
            parts = {
                part.digest: data
                for part in variant.page.embedded
                if (data := find_image(tx, part.digest)) is not None
            }
        name = issue_name(self._issue)
        fixed = FixedHeaders(
            sender=newsroom.sender,
            newsletter=newsroom.name,
            title=newsroom.settings.title,
            issue=name,
            language=variant.language,
            reply_to=newsroom.reply_to,
            archive_url=archive_home(newsroom),
        )
        return compile_page(variant.page, fixed, f"{name}-{n}"[-68:], parts)
