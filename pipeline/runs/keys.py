"""The key that signs the readers' links: made once, readable by its owner alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from pipeline.base.errors import StoreError
from pipeline.base.files import make_folder, write_whole

KEY_OCTETS = 32


def key_path(store: Path) -> Path:
    """Return where the key of the store at `store` lies."""
    return store.with_name("key")


def read_key(store: Path) -> bytes:
    """Return the key beside the store at `store`, made if it is not there.

    Raises StoreError when it is there but cannot be read or is no key.
    """
    path = key_path(store)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        make_folder(path.parent)
        key = secrets.token_bytes(KEY_OCTETS)
        write_whole(path, f"{key.hex()}\n".encode(), owner_only=True)
        return key
    except (OSError, ValueError) as error:
        raise StoreError(f"the key {path} cannot be read: {error}") from error
    if len(key) < KEY_OCTETS:
        raise StoreError(f"the key {path} is too short; put back a backup of it")
    return key
