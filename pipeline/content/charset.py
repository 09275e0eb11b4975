"""From a post's bytes to text: byte order mark, UTF-8, else a guess that is told.

Never lossy: what cannot be decoded is refused, with the place.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace

import chardet

_BOMS = (
    # UTF-32's little-endian mark begins like UTF-16's, so it is looked for first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# One damaged character in a UTF-8 file must not turn the rest into mojibake.
_GOOD_FOR_EACH_BAD = 10
# English in UTF-16 has a NUL in every two bytes, damaged UTF-8 one here and there.
_BYTES_FOR_EACH_NUL = 8


class UndecodableError(ValueError):
    """Bytes that are no text in any charset tried; `line` is that of the first."""

    def __init__(self, what: str, line: int | None = None) -> None:
        self.what, self.line = what, line
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the charset it was in, and whether that was guessed."""

    text: str
    charset: str
    guessed: bool = False


def decode(data: bytes, charset: str = "auto") -> Decoded:
    """Return `data` as text.

    A byte order mark decides; else `charset`, where it is not `auto`; else UTF-8;
    else what chardet takes it for. Raises UndecodableError.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            decoded = _decode_as(data[len(bom) :], name)
            # Two tools that each put a mark before the text have left two.
            return replace(decoded, text=decoded.text.lstrip("\ufeff"))
    if charset.lower() != "auto":
        return _decode_as(data, charset)
    if data.count(0) * _BYTES_FOR_EACH_NUL <= len(data):
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError as error:
            _refuse_damaged(data, error)
    return _guess(data)


def _decode_as(data: bytes, charset: str) -> Decoded:
    try:
        return Decoded(data.decode(charset), charset)
    except LookupError as error:
        raise UndecodableError(f"there is no charset {charset!r}") from error
    except UnicodeDecodeError as error:
        raise _undecodable(data, charset, error) from error


def _refuse_damaged(data: bytes, error: UnicodeDecodeError) -> None:
    """Refuse what is UTF-8 but for a few bytes."""
    text = data.decode("utf-8", errors="surrogateescape")
    bad = sum("\udc80" <= char <= "\udcff" for char in text)
    good = sum(char > "\x7f" for char in text) - bad
    if good > bad * _GOOD_FOR_EACH_BAD:
        raise _undecodable(data, "UTF-8", error) from error


def _undecodable(
    data: bytes, charset: str, error: UnicodeDecodeError
) -> UndecodableError:
    line = data.count(b"\n", 0, error.start) + 1
    found = data[error.start]
    return UndecodableError(f"byte 0x{found:02x} is not {charset}", line)


def _guess(data: bytes) -> Decoded:
    # The superset, since what editors write is often more than the standard has.
    name = (chardet.detect(data, prefer_superset=True)["encoding"] or "").lower()
    try:
        return Decoded(data.decode(name), name, guessed=True)
    except (LookupError, UnicodeDecodeError) as error:
        raise UndecodableError("it is in no character set known here") from error
