"""envelope.jsonl: which file of a batch holds whose message, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

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

    Raises FileNotFoundError when the batch is not there, OutputError for all else.
    """
    with telling(folder, but=FileNotFoundError):
        text = (folder / LISTING).read_text("ascii")
    lines = map(json.loads, text.splitlines())
    return {int(line["member"]): str(line["file"]) for line in lines}
