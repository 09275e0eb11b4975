"""Header fields: what they say, how they fold, and that nothing gets in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.text import fold_line
from pipeline.digest.headers import (
    FixedHeaders,
    Mailbox,
    closing_fields,
    message_id,
    opening_fields,
    parse_sender,
    reader_fields,
    sender_id,
    verp_sender,
)
from pipeline.subscribers.address import AddressError

DATE = datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)
ID = "<weekly-12.asfurd5yjgtdruydx4lac@example.org>"
LEAVE = "https://news.example.org/leave/asfurd5yjgtdruydx4lac"
MAILTO = "mailto:leave+asfurd5yjgtdruydx4lac@example.org"


def fixed(**changed: object) -> FixedHeaders:
    given: dict[str, object] = {
        "sender": Mailbox("Example Weekly", "weekly@news.example.org"),
        "newsletter": "weekly",
        "title": "Example Weekly",
        "issue": "12",
        "language": "en",
    }
    return FixedHeaders(**given | changed)  # type: ignore[arg-type]  # a test's freedom


def parsed(fields: bytes) -> EmailMessage:
    message = message_from_bytes(fields + b"\r\n", policy=default)
    assert isinstance(message, EmailMessage)
    return message


def lines(fields: bytes) -> list[str]:
    return fields.decode("ascii").removesuffix("\r\n").split("\r\n")


def test_the_fields_of_a_variant_are_these() -> None:
    assert lines(opening_fields(fixed(), "Issue 12: on sums")) == [
        "From: Example Weekly <weekly@news.example.org>",
        "Subject: Issue 12: on sums",
    ]
    assert lines(closing_fields(fixed())) == [
        "List-Id: Example Weekly <weekly.news.example.org>",
        "Feedback-ID: 12:weekly:digest:newsexampleorg",
        "Precedence: bulk",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply",
        "Content-Language: en",
        "MIME-Version: 1.0",
    ]


def test_the_fields_of_a_reader_are_these() -> None:
    fields = reader_fields("anna@example.net", ID, (LEAVE, MAILTO), DATE)
    assert lines(fields) == [
        "To: anna@example.net",
        "Date: Fri, 20 Nov 2026 09:00:05 +0000",
        f"Message-ID: {ID}",
        f"List-Unsubscribe: <{LEAVE}>,",
        f" <{MAILTO}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


def test_reply_to_and_archive_stand_where_there_is_one() -> None:
    told = fixed(
        reply_to=Mailbox("", "anna@example.org"),
        archive_url="https://example.org/news/",
    )
    assert "Reply-To: anna@example.org" in lines(opening_fields(told, "x"))
    assert "List-Archive: <https://example.org/news/>" in lines(closing_fields(told))


@pytest.mark.parametrize(
    ("urls", "one_click"),
    [((LEAVE,), True), ((MAILTO, LEAVE), True), ((MAILTO,), False), ((), False)],
)
def test_one_click_is_promised_only_with_an_https_address(
    urls: tuple[str, ...], one_click: bool
) -> None:
    message = parsed(reader_fields("anna@example.net", ID, urls, DATE))
    assert ("List-Unsubscribe-Post" in message) is one_click
    assert ("List-Unsubscribe" in message) is bool(urls)


def test_a_web_address_without_tls_promises_no_one_click() -> None:
    fields = reader_fields("a@example.net", ID, ("http://localhost:8000/l/x",), DATE)
    assert b"List-Unsubscribe-Post" not in fields


def test_a_long_address_to_leave_by_is_never_folded_or_encoded() -> None:
    url = "https://news.example.org/leave?token=" + "a=b&c" * 150
    fields = reader_fields("anna@example.net", ID, (url, MAILTO), DATE)
    assert f"\r\nList-Unsubscribe: <{url}>,\r\n <{MAILTO}>\r\n".encode() in fields
    assert max(map(len, lines(fields))) <= 998


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://例子.中国/退订", "https://xn--fsqu00a.xn--fiqs8s/%E9%80%80%E8%AE%A2"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/>,<x", "https://example.org/%3E,%3Cx"),
        ("https://example.org/\r\nBcc: x", "https://example.org/Bcc:%20x"),
    ],
)
def test_an_address_to_leave_by_is_made_ascii(url: str, written: str) -> None:
    fields = reader_fields("anna@example.net", ID, (url,), DATE)
    assert f"List-Unsubscribe: <{written}>" in lines(fields)


@pytest.mark.parametrize(
    "url", ["", "javascript:x", "ftp://example.org/x", "https://", "leave", "x" * 1000]
)
def test_what_cannot_be_left_by_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        reader_fields("anna@example.net", ID, (url,), DATE)


def test_the_date_is_written_in_utc_whatever_its_zone() -> None:
    shanghai = DATE.astimezone(timezone(timedelta(hours=8)))
    assert reader_fields("a@example.net", ID, (), DATE) == reader_fields(
        "a@example.net", ID, (), shanghai
    )
    with pytest.raises(ValueError, match="time zone"):
        reader_fields("a@example.net", ID, (), DATE.replace(tzinfo=None))


def test_a_readers_address_in_unicode_is_written_in_ascii() -> None:
    fields = reader_fields("anna@例子.中国", ID, (), DATE)
    assert "To: anna@xn--fsqu00a.xn--fiqs8s" in lines(fields)


def test_a_reader_who_needs_smtputf8_is_refused_by_name() -> None:
    with pytest.raises(AddressError, match="SMTPUTF8"):
        reader_fields("用户@example.org", ID, (), DATE)


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.net\r\nBcc: eve@example.net",
        "anna@example.net\nBcc:eve@example.net",
        "anna@example.net, eve@example.net",
        "anna@example.net\x00",
        "<anna@example.net>",
        "",
    ],
)
def test_no_second_field_or_reader_gets_in_through_an_address(address: str) -> None:
    with pytest.raises(AddressError):
        reader_fields(address, ID, (), DATE)


@pytest.mark.parametrize(
    "given_id", ["", "x@example.org", "<x>", "<x@y>\r\nBcc: e@x.org", "<x@ü.org>"]
)
def test_what_is_no_message_id_is_refused(given_id: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        reader_fields("anna@example.net", given_id, (), DATE)


@pytest.mark.parametrize(
    "break_", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028"]
)
def test_no_second_field_gets_in_through_a_title(break_: str) -> None:
    title = f"News{break_}Bcc: eve@example.net"
    told = fixed(title=title, sender=Mailbox(title, "a@example.org"))
    fields = opening_fields(told, title) + closing_fields(told)
    message = parsed(fields)
    assert "Bcc" not in message
    assert message["Subject"] == fold_line(title)
    assert not re.search(rb"^Bcc", fields, re.MULTILINE)
    assert not any(ord(char) < 32 for line in lines(fields) for char in line)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"newsletter": "weekly\r\nBcc: x"}, "List-Id"),
        ({"newsletter": ""}, "List-Id"),
        ({"issue": "1:2"}, "Feedback-ID"),
        ({"language": "en\r\nBcc: x"}, "language"),
        ({"language": ""}, "language"),
        ({"archive_url": "javascript:x"}, "List-Archive"),
    ],
)
def test_what_fits_no_field_is_refused(changed: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        closing_fields(fixed(**changed))


def test_a_sender_with_a_line_break_in_the_address_is_refused() -> None:
    told = fixed(sender=Mailbox("x", "a@example.org>\r\nBcc: <x@example.org"))
    with pytest.raises(ValueError, match="From"):
        opening_fields(told, "x")


def test_a_language_in_posix_form_is_written_as_a_tag() -> None:
    assert b"Content-Language: zh-CN\r\n" in closing_fields(fixed(language="zh_CN"))


printable = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def mailbox_shown(fields: bytes) -> tuple[str, str]:
    """The sender by the older parser: the newer one (cpython issue 92281) shows a
    space between the encoded words of a name."""
    raw = message_from_bytes(fields, policy=compat32)["From"]
    name, address = parseaddr(re.sub("\r?\n", "", raw))
    return str(make_header(decode_header(name))), address


@given(printable, printable)
def test_any_subject_and_name_comes_back_from_its_field(
    subject: str, name: str
) -> None:
    told = fixed(sender=Mailbox(name, "weekly@example.org"), title=name)
    fields = opening_fields(told, subject) + closing_fields(told)
    message = parsed(fields)
    assert message["Subject"] == fold_line(subject)
    assert mailbox_shown(fields) == (fold_line(name), "weekly@example.org")
    assert not [header.defects for header in message.values() if header.defects]


@given(st.lists(printable.filter(fold_line), min_size=1).map(" ".join))
def test_every_line_that_can_be_folded_is(subject: str) -> None:
    for line in lines(opening_fields(fixed(), subject)):
        assert len(line) <= 76 or " " not in line.removeprefix("Subject: ").strip()
        assert line.strip()


def test_a_chinese_subject_is_folded_between_characters() -> None:
    subject = (
        "第十二期：用公式写新闻，用中文写公式，以及更多来自示例周刊的文章与读者来信"
    )
    fields = opening_fields(fixed(), subject)
    assert lines(fields)[1:] == [
        "Subject: =?utf-8?b?56ys5Y2B5LqM5pyf77ya55So5YWs5byP5YaZ5paw6Ze777yM55So?=",
        " =?utf-8?b?5Lit5paH5YaZ5YWs5byP77yM5Lul5Y+K5pu05aSa5p2l6Ieq56S65L6L5ZGo?=",
        " =?utf-8?b?5YiK55qE5paH56ug5LiO6K+76ICF5p2l5L+h?=",
    ]


def test_an_english_subject_is_folded_at_a_space() -> None:
    subject = "Issue 12: " + "sums and their " * 8 + "end"
    folded = lines(opening_fields(fixed(), subject))[1:]
    assert [len(line) <= 76 for line in folded] == [True, True]
    assert "".join(folded) == f"Subject: {subject}"


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Weekly <weekly@example.org>", "Weekly", "weekly@example.org"),
        ("weekly@example.org", "", "weekly@example.org"),
        (
            '"数学, 周刊" <weekly@例子.中国>',
            "数学, 周刊",
            "weekly@xn--fsqu00a.xn--fiqs8s",
        ),
        ("A\r\nBcc: x <weekly@example.org>", "A Bcc: x", "weekly@example.org"),
    ],
)
def test_a_sender_is_read_as_people_write_it(
    text: str, name: str, address: str
) -> None:
    assert parse_sender(text) == Mailbox(name, address)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no @"),
        ("Example Weekly", "no @"),
        ("Weekly <weekly.example.org>", "'weekly.example.org'.*no @"),
        ("周刊 <周刊@example.org>", "SMTPUTF8"),
        ("a@example.org, b@example.org", "invalid"),
    ],
)
def test_what_is_no_sender_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_sender(text)


def test_a_mailbox_knows_its_domain() -> None:
    assert Mailbox("", "weekly@news.example.org").domain == "news.example.org"


def test_a_message_id_is_the_same_for_one_reader_and_issue() -> None:
    made = message_id("weekly-12", "asfurd5yjgtdruydx4lac", "example.org")
    assert made == ID


@pytest.mark.parametrize("issue", ["weekly 12", "", "周刊", "a>b", "weekly..12"])
def test_a_message_id_is_refused_where_it_would_not_be_one(issue: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        message_id(issue, "token", "example.org")


def test_bounces_come_back_to_an_address_of_their_own() -> None:
    verp = verp_sender("bounces@example.org", "abc", sender="weekly@example.org")
    assert verp == "bounces+abc@example.org"


def test_without_an_address_for_bounces_they_go_to_the_sender() -> None:
    assert verp_sender("", "abc", sender="weekly@example.org") == "weekly@example.org"


def test_an_address_for_bounces_must_leave_room_for_the_token() -> None:
    verp = verp_sender("b" * 42 + "@example.org", "t" * 21, sender="")
    assert len(verp.partition("@")[0]) == 64
    with pytest.raises(ValueError, match="at most 42 characters"):
        verp_sender("b" * 43 + "@example.org", "t" * 21, sender="")


@pytest.mark.parametrize(
    ("domain", "made"),
    [
        ("news.example.org", "newsexampleorg"),
        ("a-very-long-name.example.org", "averylongnameex"),
        ("t.co", "tcodigest"),
        ("xn--fsqu00a.xn--fiqs8s", "xnfsqu00axnfiqs"),
    ],
)
def test_a_sender_id_has_five_to_fifteen_characters(domain: str, made: str) -> None:
    assert sender_id(domain) == made
