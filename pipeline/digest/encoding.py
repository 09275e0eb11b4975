"""Transfer encodings (RFC 2045, section 6) of a text with gaps for a reader's values.

The fixed pieces are encoded once a variant, a reader's values between them once a
message; decoded, the result is what encoding the whole text anew would give. Every
line is 7-bit, at most 76 octets long, ends in CRLF and begins neither with `.` nor
with `From `, so that no relay has a reason to change it. Knows no headers.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

_LINE_BREAK = re.compile(r"\r\n?|\n")
_ASCII = bytes(range(128))
_SOFT_BREAK = b"=\r\n"
# Soft line breaks excuse white space from being last on its line; the end of a
# piece may turn out to be the end of a line.
_ESCAPED = re.compile(rb"[^\t -<>-~]|[\t ]\Z")
# At most 76 octets with the soft break and the two a guard adds; never within =XX.
_STRETCH = re.compile(rb".{1,73}(?<!=)(?<!=.)", re.DOTALL)
_PLAIN_VALUE = re.compile(rb"(?!\.)[!-<>-~]{1,73}")
# 76 characters of base64 are 57 octets.
_BASE64_OCTETS = 57
_PHASES = range(3)


class Body(Protocol):
    """An encoded text that readers' values can be put into."""

    @property
    def transfer_encoding(self) -> str:
        """The Content-Transfer-Encoding it is in."""
        ...

    def append_to(self, out: list[bytes], values: Mapping[str, bytes]) -> None:
        """Append the whole text to `out`, with `values` (canonical) in the gaps."""
        ...


def canonical(text: str) -> bytes:
    """Return `text` in UTF-8 with every line break as CRLF (RFC 2046, 4.1.1)."""
    return _LINE_BREAK.sub("\r\n", text).encode()


def encode_body(fixed: Sequence[str], names: Sequence[str]) -> Body:
    """Encode a text cut at its slots: `fixed` is one longer than `names`.

    It becomes base64 when most of its octets are not ASCII, as in Chinese, where
    quoted-printable takes three octets for one; else quoted-printable, since spam
    filters hold base64 against what would not need it.
    """
    pieces, gaps = _merge(fixed, names)
    not_ascii = sum(len(piece.translate(None, _ASCII)) for piece in pieces)
    if 2 * not_ascii > sum(map(len, pieces)):
        return Base64.of(pieces, gaps)
    return QuotedPrintable.of(pieces, gaps)


def encode_quoted_printable(data: bytes) -> bytes:
    """Encode canonical `data` that begins at the start of a line."""
    return b"\r\n".join(_encode_line(line) for line in data.split(b"\r\n"))


def encode_base64(data: bytes) -> bytes:
    """Encode `data` into whole lines, each ended by CRLF."""
    steps = range(0, len(data), _BASE64_OCTETS)
    return b"".join(b64encode(data[i : i + _BASE64_OCTETS]) + b"\r\n" for i in steps)


def base64_length(size: int) -> int:
    """Return how many octets `size` octets become in base64, with their line ends."""
    lines = -(-size // _BASE64_OCTETS)
    return 4 * -(-size // 3) + len("\r\n") * lines


@dataclass(frozen=True, slots=True)
class _Gap:
    """Slots with nothing between them, and the soft breaks that set them apart.

    A break is missing where the gap touches the start or the end of a line.
    """

    names: tuple[str, ...]
    before: bytes
    after: bytes

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        value = _value(self.names, values)
        if _PLAIN_VALUE.fullmatch(value):
            return self.before + value + self.after
        if value:
            return self.before + encode_quoted_printable(value) + self.after
        # One break is enough, and none may be the last thing in a body.
        return self.before and self.after


@dataclass(frozen=True, slots=True)
class QuotedPrintable:
    """Quoted-printable (RFC 2045, 6.7): values stand on lines of their own."""

    fixed: tuple[bytes, ...]
    gaps: tuple[_Gap, ...]

    @classmethod
    def of(cls, pieces: Sequence[bytes], gaps: Sequence[tuple[str, ...]]) -> Self:
        """Encode canonical `pieces`; `gaps` holds the names between them."""
        around = zip(gaps, pieces, pieces[1:], strict=False)
        return cls(
            tuple(encode_quoted_printable(piece) for piece in pieces),
            tuple(_gap(names, left, right) for names, left, right in around),
        )

    @property
    def transfer_encoding(self) -> str:
        """See Body."""
        return "quoted-printable"

    def append_to(self, out: list[bytes], values: Mapping[str, bytes]) -> None:
        """See Body."""
        out.append(self.fixed[0])
        for gap, piece in zip(self.gaps, self.fixed[1:], strict=True):
            out += (gap.fill(values), piece)


@dataclass(frozen=True, slots=True)
class _Phase:
    """A fixed piece when its first 0, 1 or 2 octets complete the value before it.

    `head` are those octets, `lines` the encoded middle, `tail` the 0 to 2 octets
    that wait for the next value.
    """

    head: bytes
    lines: bytes
    tail: bytes

    @classmethod
    def of(cls, piece: bytes, head: int) -> _Phase:
        rest = piece[head:]
        end = len(rest) - len(rest) % 3
        return cls(piece[:head], encode_base64(rest[:end]), rest[end:])


@dataclass(frozen=True, slots=True)
class Base64:
    """Base64 (RFC 2045, 6.8): each fixed piece is encoded for all three phases."""

    first: _Phase
    gaps: tuple[tuple[str, ...], ...]
    phases: tuple[tuple[_Phase, ...], ...]

    @classmethod
    def of(cls, pieces: Sequence[bytes], gaps: Sequence[tuple[str, ...]]) -> Self:
        """Encode canonical `pieces`; `gaps` holds the names between them."""
        rest = (tuple(_Phase.of(p, head) for head in _PHASES) for p in pieces[1:])
        return cls(_Phase.of(pieces[0], 0), tuple(gaps), tuple(rest))

    @property
    def transfer_encoding(self) -> str:
        """See Body."""
        return "base64"

    def append_to(self, out: list[bytes], values: Mapping[str, bytes]) -> None:
        """See Body."""
        out.append(self.first.lines)
        waiting = self.first.tail
        for names, phases in zip(self.gaps, self.phases, strict=True):
            waiting += _value(names, values)
            phase = phases[-len(waiting) % 3]
            waiting += phase.head
            end = len(waiting) - len(waiting) % 3
            out += (encode_base64(waiting[:end]), phase.lines)
            waiting = waiting[end:] + phase.tail
        out.append(encode_base64(waiting))


def _merge(
    fixed: Sequence[str], names: Sequence[str]
) -> tuple[list[bytes], list[tuple[str, ...]]]:
    """Return canonical pieces and the gaps between them; only the ends may be empty."""
    pieces, gaps = [canonical(fixed[0])], list[tuple[str, ...]]()
    for i, (name, piece) in enumerate(
        zip(names, map(canonical, fixed[1:]), strict=True)
    ):
        if gaps and i and not pieces[-1]:
            gaps[-1] += (name,)
            pieces[-1] = piece
        else:
            gaps.append((name,))
            pieces.append(piece)
    return pieces, gaps


def _value(names: tuple[str, ...], values: Mapping[str, bytes]) -> bytes:
    if len(names) == 1:
        return values[names[0]]
    return b"".join(values[name] for name in names)


def _gap(names: tuple[str, ...], left: bytes, right: bytes) -> _Gap:
    starts_line = not left or left.endswith(b"\r\n")
    ends_line = not right or right.startswith(b"\r\n")
    return _Gap(
        names,
        b"" if starts_line else _SOFT_BREAK,
        b"" if ends_line else _SOFT_BREAK,
    )


def _encode_line(line: bytes) -> bytes:
    escaped = _ESCAPED.sub(lambda found: b"=%02X" % found[0][0], line)
    return _SOFT_BREAK.join(map(_guard, _STRETCH.findall(escaped)))


def _guard(stretch: bytes) -> bytes:
    """Encode what SMTP (`.`) and mbox files (`From `) would change at a line start."""
    if stretch.startswith((b".", b"From ")):
        return b"=%02X" % stretch[0] + stretch[1:]
    return stretch
