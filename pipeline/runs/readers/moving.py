"""A reader's mail comes to another address: once its mailbox has confirmed it.

    form → ask, kept with a letter → mail to the new address → token → standing
         → confirmed: the address changes, and a letter tells the one before

All else about the reader stays: what they chose, how far they have come, why they get
mail. Nobody is moved onto an address that is a reader's already, in whatever state:
two records are never made one, and neither learns of the other but by its own mailbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.base.errors import UsageError
from pipeline.runs.readers.joining import Asked, Standing
from pipeline.store.asks import Ask, add_ask, confirm_ask, find_ask
from pipeline.store.consents import How
from pipeline.store.database import Transaction
from pipeline.store.departures import find_reader
from pipeline.store.letters import LetterKind, add_letter
from pipeline.store.moves import find_moved, readdress
from pipeline.store.subscribers import find_subscriber
from pipeline.store.suppressions import find_suppression
from pipeline.subscribers.address import Address
from pipeline.subscribers.limited import verify_until
from pipeline.subscribers.subscriber import Subscriber


def find_move(
    tx: Transaction, keys: Sequence[bytes], token: str, now: datetime
) -> Asked:
    """Return how the ask of a token stands, which the new mailbox has got."""
    limited = verify_until(keys, "move", token)
    if limited is None:
        return Asked(Standing.UNKNOWN)
    ask = find_ask(tx, limited.row)
    reader = find_mover(tx, ask) if ask else None
    if ask is None or reader is None:
        return Asked(Standing.EXPIRED)
    if ask.confirmed is not None:
        there = reader.key == ask.address.key
        return Asked(Standing.CONFIRMED if there else Standing.USED, ask)
    if limited.until <= now or not may_move(tx, reader, ask):
        return Asked(Standing.EXPIRED, ask)
    return Asked(Standing.OPEN, ask)


def find_mover(tx: Transaction, ask: Ask) -> Subscriber | None:
    """Return whose ask it is; None where nobody's, or of one who was erased."""
    return None if ask.reader is None else find_reader(tx, ask.reader)


def may_move(tx: Transaction, reader: Subscriber, ask: Ask) -> bool:
    """Tell whether a reader may still be moved as they have asked.

    Not one who gets no mail any more, or who has moved meanwhile: of several asks the
    first that is confirmed counts, so that a slip in an address leads nobody astray.
    """
    return (
        reader.state.gets_mail
        and reader.address == ask.former
        and is_free(tx, ask.address)
    )


def is_free(tx: Transaction, address: Address) -> bool:
    """Tell whether no reader has an address, and nothing keeps it out."""
    known = find_subscriber(tx, address.key)
    return known is None and find_suppression(tx, address.key) is None


def confirm_move(tx: Transaction, ask: Ask, now: datetime) -> None:
    """Move who confirms, and have the address before told; nothing the second time."""
    reader = find_mover(tx, ask)
    if reader is None or not confirm_ask(tx, ask.id, now):
        return
    evidence = (How.FORM, f"preferences, from {ask.network}")
    readdress(tx, reader.id, ask.address, evidence, now)
    add_letter(tx, LetterKind.MOVED, ask.newsletters[0], ask.id, now)


def move_by_owner(
    tx: Transaction, reader: Subscriber, address: Address, sender: str, now: datetime
) -> None:
    """Move a reader who has asked the owner, and have the address before told.

    `sender` is the newsletter that tells; empty where no page is there to lead to.
    Raises UsageError when the address is somebody's, or kept out.
    """
    other = find_subscriber(tx, address.key)
    if reader.address == address.address:
        raise UsageError(f"{address.address} is where their mail goes")
    if other is not None and other.id != reader.id:
        raise UsageError(
            f"{address.address} is a reader already; `pressroom subscriber remove "
            f"{reader.address}` leaves them that one alone"
        )
    if find_suppression(tx, address.key) is not None:
        raise UsageError(
            f"{address.address} is kept out; `pressroom subscriber unblock "
            f"{address.address}` lifts that, if they have asked you"
        )
    readdress(tx, reader.id, address, (How.OWNER, "command"), now)
    if sender:
        ask = Ask(
            address=address,
            newsletters=reader.newsletters or (sender,),
            language=reader.language,
            page="",
            network="",
            words="",
            created=now,
            expires=now,
            reader=reader.id,
            former=reader.address,
        )
        ask_id = add_ask(tx, ask)
        confirm_ask(tx, ask_id, now)
        add_letter(tx, LetterKind.MOVED, sender, ask_id, now)


def tell_moved(tx: Transaction, address: Address) -> str:
    """Return what an owner should know who looks for an address that was changed."""
    moved = find_moved(tx, address.key)
    return f": that reader is now {moved.address}" if moved else ""
