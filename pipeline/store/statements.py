"""Reads the named SQL statements that lie beside this module, in sql/*.sql."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def statements(subject: str) -> dict[str, str]:
    """Return the statements of sql/`subject`.sql by their names.

    A statement begins after a line `-- name: NAME` and ends before the next.
    """
    script = (files("pipeline.store") / "sql" / f"{subject}.sql").read_text(
        encoding="utf-8"
    )
    parts = _NAME.split(script)[1:]
    return {
        name: sql.strip() for name, sql in zip(parts[::2], parts[1::2], strict=True)
    }
