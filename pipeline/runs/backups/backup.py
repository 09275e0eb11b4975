"""Copies of what cannot be made again: the store, the keys beside it, config.yaml.

    hidden folder → config, store, then keys → all on the disk → one rename
        → older ones removed, if that was asked for

A run may go on meanwhile. The store comes before the keys, so that no link which the
copied store knows of was signed by a key that the copy lacks.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.base.errors import InputError, OutputError
from pipeline.base.files import (
    make_folder,
    rename_durably,
    sync_directory,
    sync_files,
    telling,
    write_whole,
)
from pipeline.base.lock import exclusive_lock
from pipeline.runs.outgoing.keys import key_path
from pipeline.store.database import copy_store

_NAME = "pressroom-%Y%m%d-%H%M%SZ"
_NAMED = re.compile(r"pressroom-\d{8}-\d{6}Z")
_PARTIAL = ".partial"


def back_up(config: Path, store: Path, into: Path, now: datetime) -> Path:
    """Copy `config`, the store and its keys into a new folder below `into`.

    The folder is named by the time, its owner alone may look inside, and it is there
    whole or not at all. Returns it. Raises InputError when there is no store yet,
    BusyError while another backup writes there, and OutputError or StoreError.
    """
    if not store.exists():
        raise InputError(f"there is no store {store} yet; `pressroom once` makes it")
    make_folder(into)
    with exclusive_lock(into / ".lock"):
        target = into / f"{now.astimezone(UTC):{_NAME}}"
        partial = into / _PARTIAL
        _clear(partial)
        with telling(partial):
            partial.mkdir(mode=0o700)
        try:
            _copy(config, store, partial)
            _rename(partial, target)
        except BaseException:
            with suppress(OutputError):
                _clear(partial)
            raise
    return target


@dataclass(frozen=True, slots=True)
class Thinned:
    """How many backups were removed, and which are named by a time to come."""

    removed: int
    ahead: tuple[str, ...] = ()


def remove_older(made: Path, keep: int) -> Thinned:
    """Remove all backups beside `made` but the newest `keep`, of which it is one.

    Those named by a later time were made while the clock was ahead: they stay, and do
    not count. Raises BusyError while a backup is written there, and OutputError.
    """
    into = made.parent
    with exclusive_lock(into / ".lock"), telling(into):
        names = sorted(p.name for p in into.iterdir() if _NAMED.fullmatch(p.name))
        ahead = tuple(name for name in names if name > made.name)
        names = names[: len(names) - len(ahead)]
        old = names[: max(len(names) - keep, 0)]
        for name in old:
            # Hidden first: nobody finds half of one.
            rename_durably(into / name, into / _PARTIAL)
            _clear(into / _PARTIAL)
    return Thinned(len(old), ahead)


def _copy(config: Path, store: Path, folder: Path) -> None:
    copy_store(store, folder / store.name)
    for path in (config, key_path(store)):
        with telling(folder / path.name), suppress(FileNotFoundError):
            write_whole(folder / path.name, path.read_bytes(), owner_only=True)
    sync_files([folder / store.name])
    sync_directory(folder)


def _rename(partial: Path, target: Path) -> None:
    """Give the copy its name; an empty folder of that name would be overwritten."""
    if target.exists():
        raise OutputError(f"there is a backup {target} already; try again in a second")
    rename_durably(partial, target)


def _clear(partial: Path) -> None:
    with telling(partial), suppress(FileNotFoundError):
        shutil.rmtree(partial)
