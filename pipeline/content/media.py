"""Files a post names in its front matter: its picture and its enclosures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline.content.fields import Matter, as_switch, as_text
from pipeline.content.frontmatter import Fields, Items, MisreadError, Value
from pipeline.content.post import Enclosure
from pipeline.content.urls import absolute

_NAMES_OF_PICTURES = """
image cover featuredimage featureimage coverimage heroimage thumbnail thumb banner
feature ogimage images header indeximg topimg photos
"""
_PICTURES = tuple(_NAMES_OF_PICTURES.split())
_ADDRESSES = ("url", "src", "image", "path", "href", "link", "file", "teaser")
_ENCLOSURES = ("enclosure", "enclosures", "audio", "audiourl", "podcast")

# The machine's own table differs from one to the next, and so would the feeds.
_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}


def read_image(matter: Matter, *, post_url: str, site_url: str) -> str:
    """Return the absolute URL of the post's picture, empty where it names none."""
    for name in _PICTURES:
        value = matter.find(name)
        for given in _addresses(value) if value else ():
            url = media_url(given, post_url=post_url, site_url=site_url)
            if url:
                return url
    return ""


def read_enclosures(
    matter: Matter, *, post_url: str, site_url: str
) -> tuple[Enclosure, ...]:
    """Return the files that go with the post, each once.

    Raises MisreadError for an enclosure without address.
    """
    found = dict[str, Enclosure]()
    for name in _ENCLOSURES:
        value = matter.find(name)
        for one in _each(value) if value else ():
            enclosure = _enclosure(one, matter, post_url, site_url)
            found.setdefault(enclosure.url, enclosure)
    return tuple(found.values())


def media_url(given: str, *, post_url: str, site_url: str) -> str:
    """Return the absolute http(s) URL of a file; empty for what has none.

    A path that begins with `/` lies below the site's address, any other below the
    post's; one that begins with the path of the site's address already has it.
    """
    given = re.sub(r"^!?\[\[(.+?)(?:\|.*)?\]\]$", r"\1", given.strip())
    if not given or given.startswith("#") or as_switch(given) is not None:
        return ""
    if given.startswith("/") and not given.startswith("//"):
        below = urlsplit(site_url).path
        given = site_url + given.removeprefix(below).lstrip("/")
    url = absolute(given, post_url) or ""
    return url if url.startswith(("http://", "https://")) else ""


def _each(value: Value) -> Iterator[Value]:
    yield from value.values if isinstance(value, Items) else (value,)


def _addresses(value: Value) -> Iterator[str]:
    for one in _each(value):
        if isinstance(one, Fields):
            yield from map(as_text, one.pick(*_ADDRESSES))
        elif text := as_text(one):
            yield text


def _enclosure(value: Value, matter: Matter, post_url: str, site_url: str) -> Enclosure:
    """Read a group, or one text: an address, perhaps with length and type behind."""
    address, *about = next(_addresses(value), "").split()[:3] or [""]
    if isinstance(value, Fields):
        inner = Matter(value)
        about = [inner.text("length", "size", "bytes"), inner.text("type", "mime")]
    url = media_url(address, post_url=post_url, site_url=site_url)
    if not url:
        raise MisreadError(
            "the enclosure has no address that can be followed",
            "write `enclosure: {url: /episode.mp3, type: audio/mpeg, length: 123456}`",
            line=value.line,
            column=value.column,
        )
    length = next(
        (int(word) for word in about if word.isdecimal() and len(word) < 16), 0
    )
    kind = next((word for word in about if "/" in word), "") or _type_of(url)
    return Enclosure(url=url, type=kind, length=length)


def _type_of(url: str) -> str:
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    return _TYPES.get(ending, "application/octet-stream")
