"""Writes the documents that are made from the code: `make docs`. Decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.base.files import write_whole
from pipeline.cli.main import pressroom
from pipeline.cli.reference import commands_reference
from pipeline.config.load import json_schema
from pipeline.config.reference import settings_reference

ROOT = Path(__file__).parents[1]

PAGES: Mapping[str, Callable[[], str]] = {
    "config.schema.json": json_schema,
    "docs/settings.md": settings_reference,
    "docs/commands.md": lambda: commands_reference(pressroom),
}
"""Each document by its path, and what makes its text."""


if __name__ == "__main__":
    for path, make in PAGES.items():
        if write_whole(ROOT / path, make().encode()):
            sys.stdout.write(f"{path} has changed\n")
