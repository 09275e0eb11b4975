"""Queries about images: the bytes that renditions and issues under way show.

They lie in the store, not only in the cache, since a post that is broken now keeps
its last good form, and a frozen issue is sent as it was frozen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.store.database import Transaction
from pipeline.store.statements import statements

_SQL = statements("images")


@dataclass(frozen=True, slots=True)
class KeptImage:
    """An image by the digest of its bytes."""

    digest: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ImageLook:
    """An image without its bytes; `size` counts them."""

    digest: str
    media_type: str
    size: int


def put_rendition_images(
    tx: Transaction, post_id: str, images: Iterable[KeptImage]
) -> None:
    """Keep the images of a post's rendition in place of its last ones."""
    tx.run(_SQL["drop_from_rendition"], post=post_id)
    for image in images:
        _put(tx, image)
        tx.run(_SQL["show_in_rendition"], post=post_id, digest=image.digest)


def put_issue_images(
    tx: Transaction, issue_id: int, images: Iterable[KeptImage]
) -> None:
    """Keep images that an issue's messages will hold, until it is done."""
    for image in images:
        _put(tx, image)
        tx.run(_SQL["show_in_issue"], issue=issue_id, digest=image.digest)


def find_image(tx: Transaction, digest: str) -> bytes | None:
    """Return the bytes of an image, or None."""
    row = tx.one(_SQL["find"], digest=digest)
    return None if row is None else bytes(row["data"])


def images_of_post(tx: Transaction, post_id: str) -> list[ImageLook]:
    """Return the images of a post's rendition."""
    return [
        ImageLook(row["digest"], row["media_type"], row["size"])
        for row in tx.all(_SQL["of_post"], post=post_id)
    ]


def drop_unused_images(tx: Transaction) -> None:
    """Forget images that no rendition, issue under way or archive shows."""
    tx.run(_SQL["drop_of_done_issues"])
    tx.run(_SQL["drop_unused"])


def _put(tx: Transaction, image: KeptImage) -> None:
    tx.run(
        _SQL["put"], digest=image.digest, media_type=image.media_type, data=image.data
    )
