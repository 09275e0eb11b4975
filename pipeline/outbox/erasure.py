"""Takes readers out of a batch for good: their files, and every line that names them.

    lines of journals → messages → batch.json → envelope.jsonl

The listing comes last, since it is what tells whose files they are: after a crash the
same call does the rest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from pipeline.base.files import sync_directory, telling, write_whole
from pipeline.outbox.listing import LISTING, Line, read_lines
from pipeline.outbox.stage import ABOUT

_OF_ONE_MESSAGE = re.compile(r"\d{8}\..+")


def holds(folder: Path, members: Collection[int]) -> set[int]:
    """Return those of `members` that the batch in `folder` still names.

    A batch that is moved away meanwhile holds nobody. Raises OutputError when its
    listing cannot be read.
    """
    with suppress(FileNotFoundError):
        return {line.member for line in read_lines(folder)}.intersection(members)
    return set()


def erase_members(folder: Path, members: Collection[int]) -> None:
    """Remove all that the batch in `folder` holds of `members`.

    No relay may be at work in it. Raises OutputError when the disk refuses.
    """
    lines = read_lines(folder)
    doomed = [line for line in lines if line.member in members]
    if doomed:
        _clean_journals(folder, [line.recipient for line in doomed])
        _remove_messages(folder, {Path(line.file).stem for line in doomed})
        _list(folder, [line for line in lines if line.member not in members])


def _clean_journals(folder: Path, recipients: Iterable[str]) -> None:
    """Take the lines that name a reader out of whatever a relay has written there."""
    names = [recipient.lower().encode() for recipient in recipients]
    for path in _files(folder):
        if path.name in (LISTING, ABOUT) or _OF_ONE_MESSAGE.fullmatch(path.name):
            continue
        with telling(path, but=FileNotFoundError):
            data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        kept = [line for line in lines if not any(n in line.lower() for n in names)]
        if len(kept) < len(lines):
            write_whole(path, b"".join(kept))


def _remove_messages(folder: Path, stems: Collection[str]) -> None:
    """Remove the files of these messages: waiting, withdrawn, or renamed by a relay."""
    for path in _files(folder):
        if path.name.partition(".")[0] in stems:
            with telling(path), suppress(FileNotFoundError):
                path.unlink()
    sync_directory(folder)


def _list(folder: Path, lines: Collection[Line]) -> None:
    """Write what is left into the two files that tell what a batch holds."""
    listing = "".join(f"{line.json()}\n" for line in lines).encode("ascii")
    about = folder / ABOUT
    with suppress(FileNotFoundError, ValueError):
        with telling(about, but=FileNotFoundError):
            record = json.loads(about.read_bytes())
        record |= {
            "count": len(lines),
            "octets": sum(line.size for line in lines),
            "envelope_sha256": hashlib.sha256(listing).hexdigest(),
        }
        write_whole(about, json.dumps(record, indent=2).encode("ascii") + b"\n")
    write_whole(folder / LISTING, listing)


def _files(folder: Path) -> list[Path]:
    with telling(folder, but=FileNotFoundError):
        return sorted(path for path in folder.iterdir() if path.is_file())
