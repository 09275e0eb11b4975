"""What a message file must hold, so that every kind of relay can take it as it is.

RFC 5321 and 5322, and the pickup folders of IIS, Exchange and PowerMTA: two lines of
envelope, then the message; CRLF, 7-bit, lines of at most 998 octets (RFC 5322, 2.1.1),
no line that SMTP or an mbox would have to escape. Pure: bytes in, bytes out.
"""

from __future__ import annotations

import re

from pipeline.outbox.batch import Envelope

MAX_LINE_OCTETS = 998

# RFC 5321, 4.1.2: a Dot-string (no quoted one) at a domain or an address literal. Not a
# comma among them, at which sendmail would take one argument for two recipients.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[\w.-]+|\[[\w.:-]+\])", re.ASCII)
_FIELD = re.compile(rb"[!-9;-~]+:")
_ENVELOPE_FIELD = re.compile(rb"^X-(?:Sender|Receiver)\s*:", re.IGNORECASE | re.M)
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[!-;=?-~]+>)[ \t]*$", re.IGNORECASE | re.M)


def message_file(envelope: Envelope) -> bytes:
    """Return the bytes of the file: X-Sender, X-Receiver, then the message untouched.

    Raises ValueError, saying what is wrong, when the envelope or message breaks the
    contract.
    """
    fault = _address_fault(envelope) or _line_fault(envelope.message)
    fault = fault or _header_fault(envelope.message)
    if fault:
        raise ValueError(fault)
    head = f"X-Sender: <{envelope.sender}>\r\nX-Receiver: <{envelope.recipient}>\r\n"
    return head.encode("ascii") + envelope.message


def message_id(message: bytes) -> str:
    """Return the Message-ID with its brackets, or "" when the header has none."""
    found = _MESSAGE_ID.search(_header(message).replace(b"\r\n", b"\n"))
    return found[1].decode("ascii") if found else ""


def _header(message: bytes) -> bytes:
    """Return the header fields without their last line end."""
    return message.partition(b"\r\n\r\n")[0]


def _address_fault(envelope: Envelope) -> str:
    if envelope.sender and not _ADDRESS.fullmatch(envelope.sender):
        return "the sender is not a bare ASCII address"
    if not _ADDRESS.fullmatch(envelope.recipient):
        return "the recipient is not a bare ASCII address"
    return ""


def _header_fault(message: bytes) -> str:
    header = _header(message)
    if len(header) == len(message):
        return "no empty line ends its header"
    if not _FIELD.match(header):
        return "it does not begin with a header"
    if _ENVELOPE_FIELD.search(header):
        return "its header holds an X-Sender or X-Receiver of its own"
    return ""


def _line_fault(message: bytes) -> str:
    """Name what is wrong with the lines."""
    lines = message.split(b"\r\n")
    if not message.isascii() or b"\0" in message:
        return "it is not 7-bit"
    if not message.endswith(b"\r\n"):
        return "its last line has no end"
    if not len(lines) - 1 == message.count(b"\n") == message.count(b"\r"):
        return "it holds a line end that is not CRLF"
    if max(map(len, lines)) > MAX_LINE_OCTETS:
        return f"it holds a line of more than {MAX_LINE_OCTETS} octets"
    # The first line is a header field, so these come after a line end or nowhere.
    if b"\n." in message or b"\nFrom " in message:
        return "a line begins with '.' or 'From '"
    return ""
