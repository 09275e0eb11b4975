"""The pages of an issue that is being frozen: some in memory, the rest in the store.

Readers' choices may make thousands of variants. Their pages are made before the
transaction that freezes the issue, so that nobody waits for the store meanwhile, and
as many as `mail.most_variants` are in memory together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence

from pipeline.digest.issue import Issue
from pipeline.digest.rendered import Page
from pipeline.digest.variant import Variant
from pipeline.runs.issues.mailimages import MailImages
from pipeline.runs.report import Progress
from pipeline.store.database import Database, Transaction
from pipeline.store.images import KeptImage, find_image, put_issue_images
from pipeline.store.issues import (
    FrozenVariant,
    add_drafted_variant,
    add_variant,
    drop_drafts,
    put_draft,
)


class Drafts:
    """Pages by what decides them; `notes` are those of all pages, each once."""

    def __init__(
        self, database: Database, issue: Issue, images: MailImages, most: int
    ) -> None:
        """Keep at most `most` pages in memory."""
        self._database = database
        self._issue = issue
        self._images = images
        self._most = most
        self._pages: dict[str, Page] = {}
        self._drafted: set[str] = set()
        self.notes: dict[str, None] = {}

    def missing(self, variants: Sequence[Variant]) -> list[Variant]:
        """Return the variants there is no page for yet."""
        there = self._pages.keys() | self._drafted
        return [variant for variant in variants if _key(variant) not in there]

    def make(
        self,
        variants: Sequence[Variant],
        render: Callable[[Variant], Page],
        progress: Progress,
    ) -> None:
        """Render the pages of variants; `render` may raise ConfigError."""
        for variant in progress.track("Making pages of an issue", variants):
            page = render(variant)
            self.notes |= dict.fromkeys(page.notes)
            if len(self._pages) < self._most:
                self._pages[_key(variant)] = page
            else:
                self._put(_key(variant), page)

    def _put(self, key: str, page: Page) -> None:
        with self._database.transaction() as tx:
            if not self._drafted:
                # What a freezing that was cut short left was made of other posts.
                drop_drafts(tx, self._issue.id)
            put_draft(tx, self._issue.id, key, page)
            put_issue_images(tx, self._issue.id, shown_images(tx, page, self._images))
        self._drafted.add(key)

    def write(self, tx: Transaction, variant: Variant) -> None:
        """Freeze a variant with its page."""
        page = self._pages.get(_key(variant))
        if page is None:
            add_drafted_variant(tx, self._issue.id, variant, _key(variant))
            return
        frozen = FrozenVariant(
            n=variant.n,
            language=variant.language,
            post_ids=variant.post_ids,
            page=page,
        )
        add_variant(tx, self._issue.id, frozen)
        put_issue_images(tx, self._issue.id, shown_images(tx, page, self._images))

    def forget(self, tx: Transaction) -> None:
        """Remove from the store what is frozen now."""
        drop_drafts(tx, self._issue.id)


def shown_images(
    tx: Transaction, page: Page, images: MailImages
) -> Iterator[KeptImage]:
    """Yield the images the page holds; those of formulas lie in the store."""
    for part in page.embedded:
        picture = images.pictures.get(part.digest)
        data = None if picture else find_image(tx, part.digest)
        if picture or data:
            yield picture or KeptImage(part.digest, part.media_type, data or b"")


def _key(variant: Variant) -> str:
    """Return a digest of what decides a variant's page."""
    whole = json.dumps([variant.language, *variant.post_ids])
    return hashlib.sha256(whole.encode()).hexdigest()
