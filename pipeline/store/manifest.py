"""A batch's member ids in about a byte a member: sorted, as differences, packed."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable


def pack_members(members: Iterable[int]) -> bytes:
    """Return the manifest of `members` (positive ids), sorted, as bytes."""
    packed = bytearray()
    previous = 0
    for member in sorted(members):
        step, previous = member - previous, member
        while step > 0x7F:
            packed.append(step & 0x7F | 0x80)
            step >>= 7
        packed.append(step)
    return zlib.compress(bytes(packed))


def unpack_members(manifest: bytes) -> tuple[int, ...]:
    """Return the ids of a manifest, in ascending order."""
    members: list[int] = []
    previous = step = shift = 0
    for byte in zlib.decompress(manifest):
        step |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
            continue
        previous += step
        members.append(previous)
        step = shift = 0
    return tuple(members)


def encode_members(manifest: bytes) -> str:
    """Return a manifest as text, in Base64."""
    return base64.b64encode(manifest).decode("ascii")


def decode_members(text: str) -> bytes:
    """Return the manifest that `encode_members` wrote."""
    return base64.b64decode(text)
