"""From the store to the site's output: the images of formulas, as files.

A file's name is the digest of its bytes, so one that is there is right. None is ever
removed: mails that were sent, and readers that keep old entries, point to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.base.files import make_folder, write_together
from pipeline.config.settings import SiteSettings
from pipeline.rendition.equation import IMAGES_FOLDER
from pipeline.store.database import Database
from pipeline.store.images import find_image, images_of_post

IMAGES_AT_ONCE = 500
"""Images in memory together; one of a formula has 2 kB."""


def publish_images(
    database: Database, site: SiteSettings, post_ids: Iterable[str]
) -> None:
    """Write the images that posts of `site` show and that are not there yet.

    Raises OutputError when the disk refuses; then nothing may name them.
    """
    folder = site.output / IMAGES_FOLDER
    there = _names_in(folder)
    missing = [d for d in _shown(database, post_ids) if _name(d) not in there]
    if missing:
        make_folder(folder)
    for start in range(0, len(missing), IMAGES_AT_ONCE):
        with database.transaction() as tx:
            found = {
                _name(digest): find_image(tx, digest)
                for digest in missing[start : start + IMAGES_AT_ONCE]
            }
        write_together(folder, {n: data for n, data in found.items() if data})


def _name(digest: str) -> str:
    return f"{digest}.png"


def _shown(database: Database, post_ids: Iterable[str]) -> dict[str, None]:
    with database.transaction() as tx:
        return {
            image.digest: None
            for post_id in post_ids
            for image in images_of_post(tx, post_id)
        }


def _names_in(folder: Path) -> set[str]:
    try:
        return {entry.name for entry in folder.iterdir()}
    except OSError:
        return set()
