"""The files of a site's `assets`: what links in posts may lead to, beside posts."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from pipeline.base.faults import Fault, Severity

_GONE = (FileNotFoundError, NotADirectoryError)


def list_assets(folders: Iterable[Path]) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """Return the paths of all files below the root of the site, and what is wrong.

    What cannot be looked at is left out and told; a folder that is missing, and a link
    that leads nowhere, are passed over. Links to folders are not followed.
    """
    paths, faults = list[str](), list[Fault]()
    for folder in folders:
        below = list[str]()
        for place, _, names in os.walk(folder, onerror=lambda e: _tell(faults, e)):
            below += (
                f"{place}/{name}" for name in names if _is_file(place, name, faults)
            )
        start = len(f"{folder}/")
        paths += sorted((path[start:] for path in below), key=lambda p: p.split("/"))
    return tuple(paths), tuple(faults)


def _is_file(place: str, name: str, faults: list[Fault]) -> bool:
    try:
        return stat.S_ISREG(os.stat(f"{place}/{name}").st_mode)
    except OSError as error:
        _tell(faults, error)
        return False


def _tell(faults: list[Fault], error: OSError) -> None:
    if isinstance(error, _GONE):
        return
    faults.append(
        Fault(
            path=str(error.filename),
            what=f"it cannot be looked at: {error.strerror}",
            remedy="remove it, or let Pressroom read it",
            severity=Severity.WARNING,
        )
    )
