"""Header fields of a digest, written by hand, as bytes: a variant's and a reader's.

By hand, since Python's EmailMessage turns a long List-Unsubscribe into encoded words
(cpython issue 85725), which ends one-click leaving. No value can end its own line.
Knows nothing of the body (`digest.press` joins both).

Auto-Submitted says that nobody is there to read a reply (RFC 3834); Exchange wants
that in its own words, where `All` would also keep back the reports of mail that
could not be delivered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from pipeline.base.text import fold_line
from pipeline.content.urls import absolute
from pipeline.digest.encodedword import LINE, phrase_words, text_words
from pipeline.subscribers.address import normalise, split_named

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = rf"{_ATEXT}(?:\.{_ATEXT})*"
_ADDR_SPEC = re.compile(rf"{_DOT_ATOM}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_MSG_ID = re.compile(rf"<{_DOT_ATOM}@{_DOT_ATOM}>")
# `<` and `>` end a URL in a List- field; 900 octets keep its line under 998.
_URL = re.compile(r"(?:https?://|mailto:)[A-Za-z0-9\[][!-;=?-~]{0,900}")
_LABEL = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_FEEDBACK_PART = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
# RFC 5321, 4.5.3.1.1.
_LONGEST_LOCAL_PART = 64
# Google's limits on the last part of a Feedback-ID.
_SENDER_ID_LENGTH = (5, 15)

_BULK: Final = b"Precedence: bulk\r\n"
_SAME_FOR_ALL: Final = (
    b"Auto-Submitted: auto-generated\r\n"
    b"X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\r\n"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail address and the name shown for it; the address is ASCII."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedHeaders:
    """What the header says to every reader of a variant, but for its subject.

    `newsletter` is its short name, `title` what readers know it by, `issue` its
    number or another name of the issue. `archive_url` and `reply_to` may be missing.
    `bulk` is False for a letter to one reader, who asked for it: it is no list's.
    """

    sender: Mailbox
    newsletter: str
    title: str
    issue: str
    language: str
    reply_to: Mailbox | None = None
    archive_url: str = ""
    bulk: bool = True


def parse_sender(text: str) -> Mailbox:
    """Return the mailbox that `Name <address>`, or an address alone, stands for.

    Raises AddressError (a ValueError) that says what is wrong with the address.
    """
    name, address = split_named(text)
    return Mailbox(fold_line(name), normalise(address).address)


def verp_sender(bounce_address: str, token: str, *, sender: str) -> str:
    """Return the envelope sender of one message: `bounces+TOKEN@host` (VERP).

    With no `bounce_address` it is `sender`, the address of From. Raises ValueError
    where the part before the @ grows longer than 64 octets.
    """
    if not bounce_address:
        return sender
    local, _, domain = bounce_address.rpartition("@")
    if len(local) + 1 + len(token) > _LONGEST_LOCAL_PART:
        raise ValueError(
            f"{bounce_address!r} is too long before the @ for bounces to be told "
            f"apart: at most {_LONGEST_LOCAL_PART - 1 - len(token)} characters fit"
        )
    return f"{local}+{token}@{domain}"


def message_id(issue: str, token: str, domain: str) -> str:
    """Return `<issue.token@domain>`, the same for one reader and issue for ever.

    `issue` names the issue among all of the domain's (`weekly-12`), `token` stands
    for the reader and shows nothing of their address. Raises ValueError where these
    do not make a msg-id (RFC 5322, 3.6.4).
    """
    return _checked(_MSG_ID, f"<{issue}.{token}@{domain}>", "Message-ID")


def sender_id(domain: str) -> str:
    """Return the SenderId of a Feedback-ID: 5 to 15 letters and digits of `domain`."""
    shortest, longest = _SENDER_ID_LENGTH
    letters = _NOT_ALPHANUMERIC.sub("", domain.lower())
    return (letters if len(letters) >= shortest else f"{letters}digest")[:longest]


def opening_fields(fixed: FixedHeaders, subject: str) -> bytes:
    """Return the fields that stand above a reader's own: From, Reply-To, Subject."""
    replies = [_mailbox_field("Reply-To", fixed.reply_to)] if fixed.reply_to else []
    subject_words = text_words(fold_line(subject), len("Subject: "))
    return b"".join(
        (
            _mailbox_field("From", fixed.sender),
            *replies,
            _field("Subject", subject_words),
        )
    )


def closing_fields(fixed: FixedHeaders) -> bytes:
    """Return the fields that stand below a reader's own, up to MIME-Version.

    Raises ValueError for a name, language or archive address that fits no header.
    """
    language = _checked(_LANGUAGE, fixed.language.replace("_", "-"), "language")
    return b"".join(
        (
            *(_list_fields(fixed) if fixed.bulk else ()),
            _SAME_FOR_ALL,
            _field("Content-Language", [language]),
            b"MIME-Version: 1.0\r\n",
        )
    )


def reader_fields(
    address: str, message_id: str, list_unsubscribe: Sequence[str], date: datetime
) -> bytes:
    """Return the fields of one message: To, Date, Message-ID, List-Unsubscribe.

    `list_unsubscribe` are URLs, https or mailto, the preferred one first; with one
    of https comes List-Unsubscribe-Post (RFC 8058). `date` is the batch's seal.
    Raises ValueError for what fits no header and for a date without a zone.
    """
    to = address if _ADDR_SPEC.fullmatch(address) else normalise(address).address
    fields = (
        f"To: {to}\r\nDate: {_date(date)}\r\n"
        f"Message-ID: {_checked(_MSG_ID, message_id, 'Message-ID')}\r\n"
    ).encode("ascii")
    if not list_unsubscribe:
        return fields
    leaving = _bracketed("List-Unsubscribe", list_unsubscribe)
    if any(url.startswith("https:") for url in list_unsubscribe):
        leaving += b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    return fields + leaving


def _date(date: datetime) -> str:
    if date.tzinfo is None:
        raise ValueError("the date of a message must have a time zone")
    return format_datetime(date.astimezone(UTC))


def _mailbox_field(name: str, mailbox: Mailbox) -> bytes:
    address = _checked(_ADDR_SPEC, mailbox.address, name)
    shown = phrase_words(fold_line(mailbox.name), len(name) + 2)
    return _field(name, [*shown, f"<{address}>"] if shown else [address])


def _list_fields(fixed: FixedHeaders) -> Iterator[bytes]:
    yield _list_id(fixed)
    if fixed.archive_url:
        yield _bracketed("List-Archive", [fixed.archive_url])
    yield _feedback_id(fixed)
    yield _BULK


def _list_id(fixed: FixedHeaders) -> bytes:
    """Return List-Id (RFC 2919), which must never change: filters hang on it."""
    label = _checked(_LABEL, f"{fixed.newsletter}.{fixed.sender.domain}", "List-Id")
    title = phrase_words(fold_line(fixed.title), len("List-Id: "))
    return _field("List-Id", [*title, f"<{label}>"])


def _feedback_id(fixed: FixedHeaders) -> bytes:
    own = (fixed.issue, fixed.newsletter, "digest", sender_id(fixed.sender.domain))
    parts = (_checked(_FEEDBACK_PART, part, "Feedback-ID") for part in own)
    return _field("Feedback-ID", [":".join(parts)])


def _bracketed(name: str, urls: Iterable[str]) -> bytes:
    """Return a List- field (RFC 2369), folded between its URLs and nowhere else."""
    items = ",\r\n ".join(f"<{_ascii_url(url, name)}>" for url in urls)
    return f"{name}: {items}\r\n".encode("ascii")


def _ascii_url(url: str, name: str) -> str:
    """Return `url` itself when it is fit for a header, else percent-encoded."""
    if _URL.fullmatch(url):
        return url
    return _checked(_URL, absolute(url, "") or url, name)


def _checked(pattern: re.Pattern[str], value: str, name: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"not fit for {name}: {value!r}")
    return value


def _field(name: str, words: Sequence[str]) -> bytes:
    """Return one field, folded at the spaces between `words` where it grows long.

    The first word stays on the first line: some servers lose an empty one.
    """
    lines, line = list[str](), f"{name}:"
    for i, word in enumerate(words):
        if i and len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line = ""
        line += f" {word}"
    return ("\r\n".join((*lines, line)) + "\r\n").encode("ascii")
