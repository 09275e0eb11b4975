"""Which images of a page go out inside the message, and which stay links.

Works on finished HTML: an `<img src>` that names a known URL becomes a `cid:` URL
(RFC 2392) or the URL the image is published at. Holds no image; the press has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pipeline.digest.attributes import change_attributes
from pipeline.digest.encoding import base64_length

SUFFIXES: Mapping[str, str] = {
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
}
"""The types of image that every mail client shows, and how their files are named."""

# A name under .invalid is nobody's (RFC 6761, 6.4); 80 bits of a digest tell images
# of all mail apart, and a page of formulas stays short.
_DOMAIN = "img.invalid"
_ID_LENGTH = 20
# A delimiter of 74 octets and four header fields, with what ends their lines.
_HEAD_OCTETS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MailImage:
    """An image as a mail shows it.

    `digest` names its `size` bytes of `media_type`; `url` is where it is published
    for those who get it as a link. A `formula` is embedded before any picture; what
    is not `embeddable` is always linked.
    """

    digest: str
    media_type: str
    size: int
    url: str
    formula: bool
    embeddable: bool = True


@dataclass(frozen=True, slots=True)
class Embedded:
    """An image inside a message, by the digest of its bytes."""

    digest: str
    media_type: str
    formula: bool = False

    @property
    def content_id(self) -> str:
        """Its Content-ID (RFC 2045, 7), without the angle brackets."""
        return f"{self.digest[:_ID_LENGTH]}@{_DOMAIN}"

    @property
    def url(self) -> str:
        """What HTML in the same message calls it (RFC 2392, 2)."""
        return f"cid:{quote(self.content_id, safe='@')}"


def embed_images(
    html: str, images: Mapping[str, MailImage], budget: int
) -> tuple[str, tuple[Embedded, ...]]:
    """Return `html` with its known images embedded or linked, and those embedded.

    `images` are by the URL in `src`; others stay as they are. `budget` bounds the
    octets of the parts, encoded and with their header. First formulas, then pictures
    take what they need of it in order of appearance; one that does not fit any more
    is linked, and smaller ones after it may still fit. An image shown twice is one
    part. The parts come back in order of appearance.
    """
    shown = _shown(html, images)
    fits = _choose(shown.values(), budget)
    embedded = {
        digest: Embedded(digest, image.media_type, image.formula)
        for digest, image in shown.items()
        if digest in fits
    }

    def source(name: str, value: str) -> tuple[str, str]:
        image = images.get(value) if name == "src" else None
        if image is None:
            return name, value
        part = embedded.get(image.digest)
        return name, part.url if part else image.url

    return change_attributes(html, "img", source), tuple(embedded.values())


def image_urls(html: str) -> tuple[str, ...]:
    """Return the `src` of every image in `html`, in order."""
    urls: list[str] = []

    def note(name: str, value: str) -> tuple[str, str]:
        if name == "src":
            urls.append(value)
        return name, value

    change_attributes(html, "img", note)
    return tuple(urls)


def _shown(html: str, images: Mapping[str, MailImage]) -> dict[str, MailImage]:
    """Return the known images of the page by digest, in order of appearance."""
    known = (images[url] for url in image_urls(html) if url in images)
    return {image.digest: image for image in known}


def _choose(images: Iterable[MailImage], budget: int) -> set[str]:
    """Return the digests of the images that go into the message."""
    chosen = set[str]()
    for image in sorted(images, key=lambda image: not image.formula):
        octets = _HEAD_OCTETS + base64_length(image.size)
        fits = image.embeddable and octets <= budget
        if fits and image.media_type in SUFFIXES:
            chosen.add(image.digest)
            budget -= octets
    return chosen
