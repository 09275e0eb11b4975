"""Writing the files of one batch into its hidden folder, durably."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.base.files import sync_directory, sync_files, write_new
from pipeline.outbox.batch import About, Envelope
from pipeline.outbox.contract import message_file, message_id
from pipeline.outbox.listing import LISTING, Line

ABOUT = "batch.json"
FORMAT_VERSION = 1


def write_stage(
    stage: Path, name: str, envelopes: Iterable[Envelope], about: About
) -> int:
    """Fill the empty folder `stage`; return how many messages, when all is on the disk.

    Raises OutputError when the disk refuses, or a message breaks the contract.
    """
    lines = tuple(_write_messages(stage, name, envelopes))
    listing = "".join(f"{line.json()}\n" for line in lines).encode("ascii")
    write_new(stage / LISTING, listing)
    write_new(stage / ABOUT, _about(name, about, lines, listing))
    sync_files(
        stage / file for file in (*(line.file for line in lines), LISTING, ABOUT)
    )
    sync_directory(stage)
    sync_directory(stage.parent)
    return len(lines)


def _write_messages(
    stage: Path, name: str, envelopes: Iterable[Envelope]
) -> Iterator[Line]:
    members: set[int] = set()
    for n, envelope in enumerate(envelopes, start=1):
        if envelope.member in members:
            raise _fault_of_ours(name, envelope, "this member is in the batch twice")
        members.add(envelope.member)
        try:
            data = message_file(envelope)
        except ValueError as error:
            raise _fault_of_ours(name, envelope, str(error)) from error
        file = f"{n:08}.eml"
        write_new(stage / file, data)
        yield Line(
            n=n,
            member=envelope.member,
            sender=envelope.sender,
            recipient=envelope.recipient,
            file=file,
            message_id=message_id(envelope.message),
            size=len(data),
        )


def _fault_of_ours(name: str, envelope: Envelope, what: str) -> OutputError:
    return OutputError(
        f"batch {name} is not written: the message for member {envelope.member} cannot "
        f"be sent: {what} (a fault of Pressroom's own: please report it)"
    )


def _about(name: str, about: About, lines: tuple[Line, ...], listing: bytes) -> bytes:
    record = {
        "format": FORMAT_VERSION,
        "name": name,
        "newsletter": about.newsletter,
        "issue": about.issue,
        "variant": about.variant,
        "created": about.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "count": len(lines),
        "octets": sum(line.size for line in lines),
        "envelope_sha256": hashlib.sha256(listing).hexdigest(),
    }
    return json.dumps(record, indent=2).encode("ascii") + b"\n"
