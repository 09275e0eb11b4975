"""The picture and the enclosures that a post names."""

from __future__ import annotations

import pytest

from pipeline.content.fields import Matter
from pipeline.content.frontmatter import MisreadError, split
from pipeline.content.media import read_enclosures, read_image
from pipeline.content.post import Enclosure

SITE = "https://example.org/blog/"
POST = f"{SITE}my-post/"


def matter(block: str) -> Matter:
    return Matter(split(f"---\ntitle: x\n{block}\n---\n").fields)


def image(block: str) -> str:
    return read_image(matter(block), post_url=POST, site_url=SITE)


def enclosures(block: str) -> tuple[Enclosure, ...]:
    return read_enclosures(matter(block), post_url=POST, site_url=SITE)


@pytest.mark.parametrize(
    ("block", "url"),
    [
        ("image: a.png", f"{POST}a.png"),
        ("cover: /img/a b.png", f"{SITE}img/a%20b.png"),
        ("cover: /blog/img/a.png", f"{SITE}img/a.png"),
        (
            "thumbnail: https://cdn.example.net/题.png",
            "https://cdn.example.net/%E9%A2%98.png",
        ),
        ("thumbnail: //cdn.example.net/a.png", "https://cdn.example.net/a.png"),
        ("cover: {image: a.png, alt: x}", f"{POST}a.png"),
        ("featured_image: a.png", f"{POST}a.png"),
        ("images: [a.png, b.png]", f"{POST}a.png"),
        ("images: [{src: a.png}]", f"{POST}a.png"),
        ("header: {teaser: /a.png}", f"{SITE}a.png"),
        ("cover: '[[a.png|200]]'", f"{POST}a.png"),
        ("extra: {image: a.png}", f"{POST}a.png"),
        ("cover: false\nimages: [a.png]", f"{POST}a.png"),
        ("cover: '#fff'", ""),
        ("cover: ['']", ""),
        ("cover: 'javascript:alert(1)'", ""),
        ("cover: 'mailto:a@example.org'", ""),
        ("tags: [x]", ""),
    ],
)
def test_a_picture_is_found_in_every_generators_way(block: str, url: str) -> None:
    assert image(block) == url


@pytest.mark.parametrize(
    ("block", "enclosure"),
    [
        (
            "enclosure: {url: /e.mp3, length: 12, type: audio/x}",
            Enclosure(url=f"{SITE}e.mp3", type="audio/x", length=12),
        ),
        (
            "enclosure: https://e.example/1.m4a 345 audio/mp4",
            Enclosure(url="https://e.example/1.m4a", type="audio/mp4", length=345),
        ),
        ("audio: e.MP3", Enclosure(url=f"{POST}e.MP3", type="audio/mpeg")),
        (
            "podcast: {file: e.xyz, size: '12:30'}",
            Enclosure(url=f"{POST}e.xyz", type="application/octet-stream"),
        ),
    ],
)
def test_an_enclosure_is_a_group_or_a_line(block: str, enclosure: Enclosure) -> None:
    assert enclosures(block) == (enclosure,)


def test_each_enclosure_counts_once() -> None:
    block = "audio: a.mp3\nenclosures: [{url: a.mp3}, b.ogg]"
    assert [one.url for one in enclosures(block)] == [f"{POST}a.mp3", f"{POST}b.ogg"]


def test_a_post_without_enclosures_has_none() -> None:
    assert enclosures("tags: [x]") == ()


@pytest.mark.parametrize("block", ["enclosure: {type: audio/mpeg}", "audio: 'data:x'"])
def test_an_enclosure_without_address_is_told(block: str) -> None:
    with pytest.raises(MisreadError, match="no address that can be followed") as caught:
        enclosures(block)
    assert caught.value.line == 3
