"""The press: what a reader gets is what a full render for them alone would be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from pipeline.digest.embedding import Embedded, MailImage, embed_images
from pipeline.digest.headers import FixedHeaders, Mailbox, message_id
from pipeline.digest.press import Press, Reader, compile_page
from pipeline.digest.rendered import Page
from pipeline.digest.slots import SLOT_NAMES, SlotMisuse, choose_sentinel, make_slots

DATE = datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)
FIXED = FixedHeaders(
    sender=Mailbox("示例周刊", "weekly@news.example.org"),
    newsletter="weekly",
    title="示例周刊",
    issue="12",
    language="zh-CN",
    archive_url="https://example.org/news/",
)
SENTINEL = choose_sentinel(["the material of these tests"])
SLOTS = make_slots(SENTINEL)
LEAVE, PREFERENCES, ADDRESS = (str(SLOTS[name]) for name in SLOT_NAMES)
PAGE = Page(
    subject="第十二期：用公式写新闻",
    preheader="",
    html=f'<p lang="zh">你好 {ADDRESS}</p>\n<a href="{LEAVE}">退订</a>\n',
    text=f"你好 {ADDRESS}，\n.\nFrom us\n退订：{LEAVE}\n偏好：{PREFERENCES}\n",
    body="full",
    notes=(),
    sentinel=SENTINEL,
)
READER = Reader(
    address="anna@example.net",
    values={
        "unsubscribe_url": "https://news.example.org/leave?t=asfurd5y&l=zh",
        "preferences_url": "https://news.example.org/me/asfurd5y",
        "address": "anna@example.net",
    },
    message_id=message_id("weekly-12", "asfurd5yjgtdruydx4lac", "news.example.org"),
    list_unsubscribe=(
        "https://news.example.org/leave?t=asfurd5y&l=zh",
        "mailto:leave+asfurd5y@news.example.org",
    ),
)


def press(page: Page = PAGE) -> Press:
    return compile_page(page, FIXED, "weekly-12-1")


def parsed(message: bytes) -> EmailMessage:
    found = message_from_bytes(message, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def parts(message: bytes) -> list[EmailMessage]:
    found = list(parsed(message).iter_parts())
    assert all(isinstance(part, EmailMessage) for part in found)
    return [part for part in found if isinstance(part, EmailMessage)]


def decoded(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


@dataclass(frozen=True)
class Place:
    """Where a template prints one of a reader's values."""

    name: str


Template = Sequence[str | Place]


def render(template: Template, values: Mapping[str, object]) -> str:
    return "".join(
        str(values[piece.name]) if isinstance(piece, Place) else piece
        for piece in template
    )


def on_the_wire(text: str) -> bytes:
    """A text as mail has it before it is encoded."""
    return re.sub(r"\r\n?|\n", "\r\n", text).encode()


def press_exactly(text: Template, html: Template, reader: Reader) -> bytes:
    """Press a page of both, and check it against rendering it for `reader` alone."""
    page = replace(PAGE, text=render(text, SLOTS), html=render(html, SLOTS))
    message = press(page).message(reader, DATE)
    pressed_text, pressed_html = map(decoded, parts(message))
    escaped = {name: escape(value) for name, value in reader.values.items()}
    assert pressed_text == on_the_wire(render(text, reader.values))
    assert pressed_html == on_the_wire(render(html, escaped))
    return message


def assert_fit_for_any_relay(message: bytes) -> None:
    assert message.isascii()
    assert message.endswith(b"\r\n")
    bare = message.replace(b"\r\n", b"")
    assert b"\r" not in bare
    assert b"\n" not in bare
    assert b"\0" not in bare
    for line in message.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))


def test_a_readers_parts_are_a_full_render_for_them() -> None:
    leave, address = Place("unsubscribe_url"), Place("address")
    html = ('<p lang="zh">你好 ', address, '</p>\n<a href="', leave, '">退订</a>\n')
    press_exactly(("你好 ", address, "，\n.\n退订：", leave, "\n"), html, READER)


def test_the_message_is_fit_for_any_relay() -> None:
    assert_fit_for_any_relay(press().message(READER, DATE))


def test_pythons_parser_finds_no_defect() -> None:
    message = parsed(press().message(READER, DATE))
    assert not [part.defects for part in message.walk() if part.defects]
    headers = [header for part in message.walk() for header in part.values()]
    assert not [header.defects for header in headers if header.defects]


def test_the_header_says_who_what_and_how_to_leave() -> None:
    message = parsed(press().message(READER, DATE))
    assert message["From"] == "示例周刊 <weekly@news.example.org>"
    assert message["To"] == "anna@example.net"
    assert message["Subject"] == PAGE.subject
    assert message["Date"].datetime == DATE
    assert message["Message-ID"] == READER.message_id
    assert message["List-Unsubscribe"] == ", ".join(
        f"<{url}>" for url in READER.list_unsubscribe
    )
    assert message["Content-Language"] == "zh-CN"
    assert message["MIME-Version"] == "1.0"


def test_no_header_field_is_there_twice() -> None:
    names = [name.lower() for name in parsed(press().message(READER, DATE))]
    assert len(names) == len(set(names))


def test_the_text_comes_first_and_the_html_last() -> None:
    message = press().message(READER, DATE)
    assert parsed(message).get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts(message)] == [
        "text/plain",
        "text/html",
    ]
    assert {part.get_content_charset() for part in parts(message)} == {"utf-8"}


def test_each_part_takes_the_encoding_that_suits_it() -> None:
    page = replace(PAGE, text="一篇关于公式与中文排版的文章。\n" * 9 + LEAVE)
    text, html = parts(press(page).message(READER, DATE))
    assert text["Content-Transfer-Encoding"] == "base64"
    assert html["Content-Transfer-Encoding"] == "quoted-printable"


def test_a_value_is_escaped_in_html_and_as_it_is_in_the_text() -> None:
    values = {**READER.values, "address": "o'hara&<co>@example.net"}
    text, html = parts(press().message(replace(READER, values=values), DATE))
    assert b"o'hara&<co>@example.net" in decoded(text)
    assert b"o&#39;hara&amp;&lt;co&gt;@example.net" in decoded(html)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert press().message(READER, DATE) == press().message(READER, DATE)


def test_readers_differ_only_in_what_is_their_own() -> None:
    bob = replace(READER, address="bob@example.net")
    one, other = press().message(READER, DATE), press().message(bob, DATE)
    assert one.replace(b"To: anna@", b"To: bob@") == other


def test_the_boundary_is_in_no_part_whatever_a_part_says() -> None:
    delimiters = "--=_weekly-12-1\n\n--=_weekly-12-1--\n"
    message = press_exactly([delimiters], [delimiters], READER)
    assert message.count(b"\n--=_weekly-12-1") == 3


@pytest.mark.parametrize("boundary", ["", "a b", 'a"b', "a\r\nb", "周刊", "x" * 69])
def test_a_boundary_that_is_none_is_refused(boundary: str) -> None:
    with pytest.raises(ValueError, match="boundary"):
        compile_page(PAGE, FIXED, boundary)


def test_the_longest_boundary_has_seventy_octets() -> None:
    message = compile_page(PAGE, FIXED, "x" * 68).message(READER, DATE)
    assert parsed(message).get_boundary() == "=_" + "x" * 68


def test_a_value_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="preferences_url"):
        press().message(
            replace(READER, values={"address": "", "unsubscribe_url": ""}), DATE
        )


def test_a_page_whose_slot_was_cut_is_refused() -> None:
    with pytest.raises(SlotMisuse):
        press(replace(PAGE, text=LEAVE[:-4]))


def test_no_second_reader_gets_in_through_any_field() -> None:
    evil = "x\r\nBcc: eve@example.net"
    message = parsed(press(replace(PAGE, subject=evil)).message(READER, DATE))
    assert "Bcc" not in message
    assert message["Subject"] == "x Bcc: eve@example.net"
    for reader in (
        replace(READER, address=evil),
        replace(READER, message_id=f"<{evil}@x.org>"),
    ):
        with pytest.raises(ValueError, match="Bcc"):
            press().message(reader, DATE)


# Embedded images

PIXELS = {digest: bytes(range(256)) * 4 + digest.encode() for digest in "fgph"}
IMAGES = (
    Embedded("f", "image/png", formula=True),
    Embedded("p", "image/jpeg"),
    Embedded("g", "image/png", formula=True),
    Embedded("h", "image/gif"),
)
ILLUSTRATED = replace(
    PAGE,
    html=PAGE.html + "".join(f'<img src="{image.url}">' for image in IMAGES),
    embedded=IMAGES,
)


def illustrated(page: Page = ILLUSTRATED) -> bytes:
    compiled = compile_page(page, FIXED, "weekly-12-1", PIXELS)
    return compiled.message(READER, DATE)


def related(message: bytes) -> list[EmailMessage]:
    """Return the HTML part and the images beside it."""
    (_, html) = parts(message)
    assert html.get_content_type() == "multipart/related"
    return [part for part in html.iter_parts() if isinstance(part, EmailMessage)]


def test_images_travel_beside_the_html_that_shows_them() -> None:
    html, *images = related(illustrated())
    assert html.get_content_type() == "text/html"
    assert [decoded(part) for part in images] == [PIXELS[i.digest] for i in IMAGES]
    assert [part.get_content_type() for part in images] == [
        image.media_type for image in IMAGES
    ]
    for image, part in zip(IMAGES, images, strict=True):
        assert part["Content-ID"] == f"<{unquote(image.url.removeprefix('cid:'))}>"


def test_a_client_that_lists_parts_shows_names_that_say_something() -> None:
    _, *images = related(illustrated())
    assert [part.get_filename() for part in images] == [
        "formula-1.png",
        "picture-1.jpg",
        "formula-2.png",
        "picture-2.gif",
    ]
    assert {part.get_content_disposition() for part in images} == {"inline"}


def test_the_html_is_named_as_the_root_of_what_belongs_together() -> None:
    (_, html) = parts(illustrated())
    assert html.get_param("type") == "text/html"


def test_text_and_html_are_the_same_with_images_and_without() -> None:
    text, _ = parts(illustrated())
    html, *_ = related(illustrated())
    plain = press(replace(ILLUSTRATED, embedded=())).message(READER, DATE)
    assert [decoded(text), decoded(html)] == [decoded(part) for part in parts(plain)]


def test_a_message_with_images_is_fit_for_any_relay() -> None:
    assert_fit_for_any_relay(illustrated())
    message = parsed(illustrated())
    assert not [part.defects for part in message.walk() if part.defects]


def test_no_boundary_begins_like_the_one_around_it() -> None:
    boundaries = [
        part.get_boundary("")
        for part in parsed(illustrated()).walk()
        if part.is_multipart()
    ]
    outer, inner = boundaries
    assert not inner.startswith(outer)
    assert len(inner) == len(outer)


def test_what_is_not_shown_is_not_sent() -> None:
    page = replace(ILLUSTRATED, embedded=IMAGES[:1])
    assert [decoded(part) for part in related(illustrated(page))[1:]] == [PIXELS["f"]]
    assert compile_page(PAGE, FIXED, "weekly-12-1", PIXELS) == press()


def test_an_image_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="shows 'f', which is not there"):
        press(ILLUSTRATED)


@pytest.mark.parametrize(
    "image",
    [
        Embedded("f", "image/svg+xml"),
        Embedded("f", "image/png\r\nBcc: eve@example.net"),
        Embedded("f>\r\nBcc: eve@", "image/png"),
    ],
)
def test_an_image_that_fits_no_header_is_refused(image: Embedded) -> None:
    page = replace(ILLUSTRATED, embedded=(image,))
    with pytest.raises(ValueError, match="not an image that mail can hold"):
        compile_page(page, FIXED, "weekly-12-1", {image.digest: b""})


@given(st.lists(st.binary(max_size=3000), max_size=8), st.integers(0, 12_000))
def test_images_take_no_more_of_a_message_than_the_budget(
    pixels: list[bytes], budget: int
) -> None:
    bytes_by_digest = {str(n): data for n, data in enumerate(pixels)}
    images = {
        digest: MailImage(
            digest=digest,
            media_type="image/jpeg",
            size=len(data),
            url=digest,
            formula=bool(len(data) % 2),
        )
        for digest, data in bytes_by_digest.items()
    }
    tags = "".join(f'<img src="{digest}">' for digest in images)
    html, embedded = embed_images(tags, images, budget)
    page = replace(ILLUSTRATED, html=html, embedded=embedded)
    message = compile_page(page, FIXED, "x" * 68, bytes_by_digest).message(READER, DATE)
    if embedded:
        wire = b"".join(map(bytes, related(message)[1:]))
        delimiters = len(embedded) * len("\r\n--\r\n" + "x" * 70)
        assert len(wire.replace(b"\n", b"\r\n")) + delimiters <= budget
        assert [decoded(part) for part in related(message)[1:]] == [
            bytes_by_digest[part.digest] for part in embedded
        ]
    else:
        assert b"multipart/related" not in message


lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"))
BREAKS = ("\n", "\r\n", "\n.\n", "\nFrom ", "=\n", " \n", "\t")
WORDS = (".", "From ", "=", "=3D", "=C3", "&", "</p>", "x" * 80, "中文", "。", "🙂")
LIKE_OURS = ("--=_weekly-12-1", "unsubscribe_url", "zq", SENTINEL[1:8])
snippets = st.sampled_from(BREAKS + WORDS + LIKE_OURS)
places = st.sampled_from(SLOT_NAMES).map(Place)
templates = st.lists(snippets | lines | places, max_size=12)


@given(templates, templates, st.fixed_dictionaries(dict.fromkeys(SLOT_NAMES, lines)))
def test_any_page_is_exact_for_any_reader(
    text: Template, html: Template, values: dict[str, str]
) -> None:
    message = press_exactly(text, html, replace(READER, values=values))
    assert_fit_for_any_relay(message)
    assert not [part.defects for part in parsed(message).walk() if part.defects]


@given(st.text("Gg中🙂é =.\t", max_size=400), lines)
def test_chinese_text_is_exact_for_a_value_of_any_length(text: str, value: str) -> None:
    around = ("中文排版", text, Place("address"), text, "中", Place("unsubscribe_url"))
    reader = replace(READER, values={**READER.values, "address": value})
    press_exactly(around, around, reader)
