"""envelope.jsonl: which file of a batch holds whose message, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.base.errors import OutputError
from pipeline.base.files import telling

LISTING = "envelope.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message: `n` counts from 1, `size` is in octets, of the file."""

    n: int
    member: int
    sender: str
    recipient: str
    file: str
    message_id: str
    size: int

    def json(self) -> str:
        """Return the line as it stands in the file, without its end; ASCII."""
        return json.dumps(asdict(self), separators=(",", ":"))


def read_listing(folder: Path) -> dict[int, str]:
    """Return the name of the file that each member's message was written to.

    Raises as `read_lines`.
    """
    return {line.member: line.file for line in read_lines(folder)}


def read_lines(folder: Path) -> list[Line]:
    """Return the lines of a batch, in order.

    Raises FileNotFoundError when the batch is not there, OutputError for all else.
    """
    path = folder / LISTING
    with telling(folder, but=FileNotFoundError):
        data = path.read_bytes()
    try:
        return [Line(**json.loads(line)) for line in data.splitlines()]
    except (TypeError, ValueError) as error:
        raise OutputError(
            f"{path} is not as Pressroom wrote it ({error}): put back what it was, or "
            "remove the batch"
        ) from error
