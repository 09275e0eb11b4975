"""The keys that sign the readers' links: the first signs, every one of them verifies.

They lie beside the store, readable by their owner alone, a line each, the newest first:

    3f9c…e1 2026-11-20T09:00:00Z     the key in hexadecimal, and since when it signs

None is ever taken out by Pressroom: a link to leave in mail years old must still work.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline.base.errors import StoreError
from pipeline.base.files import make_folder, write_whole
from pipeline.base.lock import exclusive_lock

KEY_OCTETS = 32
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SHOWN_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Key:
    """One key, and since when it signs (or signed), in UTC."""

    secret: bytes = field(repr=False)
    since: datetime

    @property
    def digest(self) -> str:
        """SHA-256 of the key in hexadecimal, which gives nothing of it away."""
        return hashlib.sha256(self.secret).hexdigest()

    @property
    def fingerprint(self) -> str:
        """What people tell keys apart by: the beginning of `digest`."""
        return self.digest[:_SHOWN_DIGITS]


def key_path(store: Path) -> Path:
    """Return where the keys of the store at `store` lie."""
    return store.with_name("key")


def read_key(store: Path) -> bytes:
    """Return the key that signs, made if there is none yet. Raises as `load_keys`."""
    return read_keys(store)[0]


def read_keys(store: Path) -> tuple[bytes, ...]:
    """Return every key of the store at `store`, the one that signs first.

    One is made if there is none yet. Raises as `load_keys`.
    """
    keys = load_keys(store)
    if keys:
        return tuple(key.secret for key in keys)
    secret = secrets.token_bytes(KEY_OCTETS)
    make_folder(store.parent)
    # Without a time: the file's own says since when.
    write_whole(key_path(store), f"{secret.hex()}\n".encode(), owner_only=True)
    return (secret,)


def load_keys(store: Path) -> tuple[Key, ...]:
    """Return the keys beside the store, the one that signs first; none makes none.

    Raises StoreError when the file is there but cannot be read or holds no keys.
    """
    path = key_path(store)
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        written = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        keys = tuple(_parse(line, written) for line in lines if line.strip())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise StoreError(f"the key {path} cannot be read: {error}") from error
    if not keys or any(len(key.secret) < KEY_OCTETS for key in keys):
        raise StoreError(f"the key {path} is too short; put back a backup of it")
    return keys


def rotate_keys(store: Path, now: datetime) -> Key:
    """Put a new key before the others and return it: it signs from now on.

    Raises BusyError while a run is under way, which signs with the key it has read, and
    StoreError or OutputError when the file cannot be read or written.
    """
    make_folder(store.parent)
    with exclusive_lock(store.with_name("lock")):
        keys = (Key(secrets.token_bytes(KEY_OCTETS), now), *load_keys(store))
        lines = (f"{key.secret.hex()} {key.since:{_TIME}}\n" for key in keys)
        write_whole(key_path(store), "".join(lines).encode(), owner_only=True)
    return keys[0]


def _parse(line: str, written: datetime) -> Key:
    secret, _, since = line.strip().partition(" ")
    time = datetime.strptime(since, _TIME).replace(tzinfo=UTC) if since else written
    return Key(bytes.fromhex(secret), time)
