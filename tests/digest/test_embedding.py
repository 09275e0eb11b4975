"""Images inside the message, up to a budget, and links for the others."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from pipeline.digest.embedding import (
    Embedded,
    MailImage,
    embed_images,
    image_urls,
)

SITE = "https://example.org"
PLENTY = 1_000_000


def image(
    name: str, size: int = 5700, *, formula: bool = False, kind: str = "image/png"
) -> MailImage:
    return MailImage(
        digest=f"{name}-digest-of-its-bytes",
        media_type=kind,
        size=size,
        url=f"{SITE}/mail/{name}.png",
        formula=formula,
    )


def known(*images: MailImage) -> dict[str, MailImage]:
    """Return images by the URL they have in a rendition: `/a`, `/b` and so on."""
    return {f"{SITE}/{found.digest.partition('-')[0]}": found for found in images}


def page(*names: str) -> str:
    tags = (f'<p><img alt="{n}" src="{SITE}/{n}" width="9"></p>' for n in names)
    return f"<!DOCTYPE html><html><body>{''.join(tags)}</body></html>"


def sources(html: str) -> list[str]:
    images = lxml_html.fromstring(html).iter("img")
    return [str(found.get("src")) for found in images]


def names(embedded: Sequence[Embedded]) -> list[str]:
    return [part.digest.partition("-")[0] for part in embedded]


def test_a_known_image_goes_into_the_message() -> None:
    html, embedded = embed_images(page("a"), known(image("a")), PLENTY)
    assert embedded == (Embedded("a-digest-of-its-bytes", "image/png"),)
    assert html == page("a").replace(f"{SITE}/a", embedded[0].url)


def test_without_a_budget_images_are_links_to_where_they_are_published() -> None:
    html, embedded = embed_images(page("a"), known(image("a")), 0)
    assert embedded == ()
    assert sources(html) == [f"{SITE}/mail/a.png"]


def test_an_image_that_may_not_be_embedded_is_a_link_whatever_the_budget() -> None:
    linked = replace(image("a"), embeddable=False)
    html, embedded = embed_images(page("a", "b"), known(linked, image("b")), PLENTY)
    assert names(embedded) == ["b"]
    assert sources(html)[0] == f"{SITE}/mail/a.png"


def test_the_images_of_a_page_are_told_in_order() -> None:
    assert image_urls(page("b", "a", "b")) == (f"{SITE}/b", f"{SITE}/a", f"{SITE}/b")


def test_an_image_that_is_not_known_stays() -> None:
    html = page("a", "b")
    assert embed_images(html, {}, PLENTY) == (html, ())
    embedded_too, _ = embed_images(html, known(image("b")), PLENTY)
    assert sources(embedded_too)[0] == f"{SITE}/a"


def test_formulas_come_before_pictures_and_both_in_order_of_appearance() -> None:
    images = known(
        image("a"), image("b", formula=True), image("c"), image("d", formula=True)
    )
    room_for_three = 3 * 8200
    html, embedded = embed_images(page("a", "b", "c", "d"), images, room_for_three)
    assert names(embedded) == ["a", "b", "d"]
    assert [part.formula for part in embedded] == [False, True, True]
    assert sources(html)[2] == f"{SITE}/mail/c.png"


def test_a_smaller_image_takes_the_place_of_one_that_does_not_fit() -> None:
    images = known(image("a", 90_000), image("b"), image("c"))
    _, embedded = embed_images(page("a", "b", "c"), images, 20_000)
    assert names(embedded) == ["b", "c"]


def test_an_image_that_is_not_on_the_page_takes_no_room() -> None:
    images = known(image("z", formula=True), image("a"))
    _, embedded = embed_images(page("a"), images, 8200)
    assert names(embedded) == ["a"]


def test_an_image_shown_twice_is_embedded_once() -> None:
    same = image("a")
    images = {**known(same), f"{SITE}/same": same}
    html, embedded = embed_images(page("a", "same", "a"), images, 8200)
    assert names(embedded) == ["a"]
    assert sources(html) == [embedded[0].url] * 3


def test_an_image_of_a_type_that_mail_does_not_show_is_a_link() -> None:
    images = known(image("a", kind="image/webp"))
    html, embedded = embed_images(page("a"), images, PLENTY)
    assert embedded == ()
    assert sources(html) == [f"{SITE}/mail/a.png"]


def test_a_url_is_compared_as_it_reads_and_escaped_as_it_is_written() -> None:
    images = {f"{SITE}/?a=1&b=2": image("a")}
    odd = MailImage(
        digest="o", media_type="image/png", size=9, url='x?a="&b', formula=False
    )
    tag = f'<img src="{SITE}/?a=1&amp;b=2">'
    linked, _ = embed_images(tag, images, 0)
    assert sources(linked) == [f"{SITE}/mail/a.png"]
    assert sources(embed_images('<img src="o">', {"o": odd}, 0)[0]) == ['x?a="&b']


@pytest.mark.parametrize(
    "html",
    [
        '<p>&lt;img src="URL"&gt; URL</p>',
        '<p><img src="other.png" alt="URL"></p>',
        '<p><a href="URL">URL</a></p>',
        '<!--[if mso]><img src="URL"><![endif]-->',
    ],
)
def test_what_is_not_the_source_of_an_image_stays(html: str) -> None:
    html = html.replace("URL", f"{SITE}/a")
    assert embed_images(html, known(image("a")), PLENTY) == (html, ())


def test_a_content_id_is_short_and_the_same_in_its_url() -> None:
    plain = Embedded("0123456789abcdef" * 4, "image/png")
    assert plain.content_id == "0123456789abcdef0123@img.invalid"
    assert plain.url == "cid:0123456789abcdef0123@img.invalid"
    odd = Embedded("a/b+c=%", "image/png")
    assert odd.url == "cid:a%2Fb%2Bc%3D%25@img.invalid"
    assert unquote(odd.url) == f"cid:{odd.content_id}"


images_of_a_page = st.lists(
    st.tuples(st.integers(0, 30_000), st.booleans()), max_size=6
).map(
    lambda drawn: [
        image("abcdef"[i], size, formula=formula)
        for i, (size, formula) in enumerate(drawn)
    ]
)
shown = st.lists(st.sampled_from("abcdefg"), max_size=9)


@given(images_of_a_page, shown, st.integers(0, 90_000), st.text(max_size=20))
def test_every_image_is_shown_once_and_nothing_else_changes(
    images: list[MailImage], order: list[str], budget: int, words: str
) -> None:
    html = page(*order) + f"<code>{escape(page(*order) + words)}</code>"
    made, embedded = embed_images(html, known(*images), budget)
    parts = {part.url: part for part in embedded}
    by_url = {found.url: url for url, found in known(*images).items()}
    by_digest = {found.digest: url for url, found in known(*images).items()}

    def back(found: re.Match[str]) -> str:
        url = found[1]
        here = by_digest[parts[url].digest] if url in parts else by_url.get(url, url)
        return f'src="{here}"'

    assert re.sub(r'src="([^"]*)"', back, made) == html
    assert len(parts) == len(embedded)
    assert list(parts) == list(dict.fromkeys(s for s in sources(made) if s in parts))


def cost(found: MailImage) -> int:
    """Return the least budget with which an image is embedded when it is alone."""
    tag = f'<img src="{found.url}">'

    def fits(budget: int) -> bool:
        return bool(embed_images(tag, {found.url: found}, budget)[1])

    return bisect_left(range(2 * found.size + 1000), True, key=fits)


@given(images_of_a_page, shown, st.integers(0, 90_000))
def test_the_budget_is_kept_and_no_image_a_link_that_still_had_room(
    images: list[MailImage], order: list[str], budget: int
) -> None:
    _, embedded = embed_images(page(*order), known(*images), budget)
    there = {part.digest for part in embedded}
    costs = {found.digest: cost(found) for found in images}
    room = budget - sum(costs[digest] for digest in there)
    assert room >= 0
    linked = {f"{n}-digest-of-its-bytes" for n in order} & costs.keys() - there
    assert all(costs[digest] > room for digest in linked)
