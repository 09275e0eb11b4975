"""The mark that says whose an outbox is: two stores in one would undo each other.

Recovery removes every stage that its own store has not sealed, also another's.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.base.files import telling, write_whole

MARK = "owner"


def take_ownership(folder: Path, store: str) -> None:
    """Mark the outbox as that of the store named `store`, if there is an outbox.

    Raises OutputError when it is another's, or when the disk refuses.
    """
    if not folder.is_dir():
        return
    mark, owner = folder / MARK, ""
    with telling(mark), suppress(FileNotFoundError):
        owner = mark.read_text(encoding="ascii", errors="replace").strip()
    if owner not in ("", store):
        raise OutputError(
            f"the outbox {folder} belongs to another store of Pressroom's: two in one "
            "folder would take each other's messages away. Give each configuration an "
            f"`outbox.folder` of its own; if that other store is gone, remove {mark}"
        )
    if not owner:
        write_whole(mark, f"{store}\n".encode("ascii"))
