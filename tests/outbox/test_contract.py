"""What a message file must hold."""

from __future__ import annotations

import pytest

from pipeline.outbox.batch import Envelope
from pipeline.outbox.contract import message_file, message_id

MESSAGE = b"Subject: One\r\nMessage-ID: <1.2@news.example>\r\n\r\nHello\r\n"


def envelope(
    message: bytes = MESSAGE,
    *,
    sender: str = "bounce+7@news.example",
    recipient: str = "reader@mail.example",
) -> Envelope:
    return Envelope(member=7, sender=sender, recipient=recipient, message=message)


def test_two_lines_of_envelope_come_before_the_exact_message() -> None:
    assert message_file(envelope()) == (
        b"X-Sender: <bounce+7@news.example>\r\n"
        b"X-Receiver: <reader@mail.example>\r\n" + MESSAGE
    )


def test_a_message_may_have_no_return_path() -> None:
    assert message_file(envelope(sender="")).startswith(b"X-Sender: <>\r\n")


def test_a_line_of_998_octets_is_the_longest() -> None:
    body = b"S: 1\r\n\r\n"
    assert message_file(envelope(body + b"x" * 998 + b"\r\n"))
    with pytest.raises(ValueError, match="more than 998 octets"):
        message_file(envelope(body + b"x" * 999 + b"\r\n"))


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (b"S: 1\r\n\r\n\xe6\x95\xb0\r\n", "not 7-bit"),
        (b"S: 1\r\n\r\na\0b\r\n", "not 7-bit"),
        (b"S: 1\r\n\r\none\ntwo\r\n", "line end that is not CRLF"),
        (b"S: 1\r\n\r\none\rtwo\r\n", "line end that is not CRLF"),
        (b"S: 1\r\n\r\none\r\r\n", "line end that is not CRLF"),
        (b"S: 1\r\n\r\none", "its last line has no end"),
        (b"S: 1\r\n\r\n.\r\n", "begins with '.'"),
        (b"S: 1\r\n\r\nFrom here\r\n", "begins with '.' or 'From '"),
        (b"", "its last line has no end"),
        (b"S: 1\r\n", "no empty line ends its header"),
        (b"\r\nHello\r\n\r\n", "does not begin with a header"),
        (b"Hello\r\n\r\n", "does not begin with a header"),
        (b"From me 1\r\n\r\n", "does not begin with a header"),
        (b"S: 1\r\nX-Receiver: <x@y>\r\n\r\n", "an X-Sender or X-Receiver of its own"),
        (b"S: 1\r\nx-sender : <x@y>\r\n\r\n", "an X-Sender or X-Receiver of its own"),
    ],
)
def test_a_message_that_some_relay_would_spoil_is_refused(
    message: bytes, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        message_file(envelope(message))


def test_words_and_dots_that_only_look_dangerous_are_let_through() -> None:
    body = b"S: 1\r\n\r\nX-Receiver: as quoted text\r\n Fine.\r\n>From\r\nFrom: x\r\n"
    assert message_file(envelope(body)).endswith(body)


@pytest.mark.parametrize(
    "address",
    [
        "a@b>\r\nBcc: <c@d",
        "a b@c",
        "<a@b>",
        "a",
        "a@",
        "@b",
        "a,b@c",
        "a@b@c",
        '"a"@b',
        "(a)b@c",
        "数@b.example",
        "a@b\n",
    ],
)
def test_an_address_that_could_become_something_else_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="recipient is not"):
        message_file(envelope(recipient=address))
    with pytest.raises(ValueError, match="sender is not"):
        message_file(envelope(sender=address))


@pytest.mark.parametrize("address", ["o'hara+news@mail.example", "a.b@[192.0.2.1]"])
def test_an_unusual_address_is_taken(address: str) -> None:
    assert f"X-Receiver: <{address}>".encode() in message_file(
        envelope(recipient=address)
    )


def test_a_message_needs_a_recipient() -> None:
    with pytest.raises(ValueError, match="recipient is not"):
        message_file(envelope(recipient=""))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (MESSAGE, "<1.2@news.example>"),
        (b"message-id:\r\n <1@a>\r\n\r\n", "<1@a>"),
        (b"S: 1\r\n\r\nMessage-ID: <in@body>\r\n", ""),
    ],
)
def test_the_message_id_is_found_in_the_header(message: bytes, expected: str) -> None:
    assert message_id(message) == expected
