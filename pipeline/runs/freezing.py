"""Freezes an opened issue: who gets which page, for good.

Variants, batches and their members are written in one transaction; nothing after it
asks again for posts, preferences or templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.digest.issue import Issue, IssueEvent
from pipeline.digest.page import DigestEntry, Page, PageContext, render_page
from pipeline.digest.variant import Variant, group_members
from pipeline.outbox.batch import batch_name
from pipeline.runs.mailimages import MailImages
from pipeline.runs.newsroom import Newsroom
from pipeline.runs.opening import OWN_CADENCE
from pipeline.store.batches import add_batch
from pipeline.store.database import Database, Transaction
from pipeline.store.images import KeptImage, find_image, put_issue_images
from pipeline.store.issues import FrozenVariant, add_variant, move_issue
from pipeline.store.newsletters import numbered_posts, unlist
from pipeline.store.subscribers import stream_members


@dataclass(frozen=True, slots=True)
class Copy:
    """What an issue is made of: the posts that can be shown, by id, and images."""

    entries: Mapping[str, DigestEntry]
    images: MailImages = field(default_factory=MailImages)


_PageKey = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What freezing made: the subject of the largest variant, and notes on pages."""

    subject: str
    notes: tuple[str, ...]


def freeze_issue(
    database: Database, newsroom: Newsroom, issue: Issue, copy: Copy
) -> Frozen:
    """Freeze `issue`; a post that is not in `copy` is left out.

    Pages are rendered outside the transaction and its members are read inside: who
    joins meanwhile makes a variant that is rendered before the next try. Raises
    ConfigError where a template is wrong; the issue then stays opened.
    """
    pages: dict[_PageKey, Page] = {}
    while True:
        with database.transaction() as tx:
            variants = _variants(tx, newsroom, issue, copy)
            missing = [v for v in variants if (v.post_ids, v.language) not in pages]
            if not missing:
                _write(tx, newsroom, issue, variants, pages, copy)
                break
        for variant in missing:
            pages[variant.post_ids, variant.language] = render_variant(
                newsroom, issue, variant, copy
            )
    subjects = [pages[v.post_ids, v.language].subject for v in variants]
    notes = {note: None for page in pages.values() for note in page.notes}
    return Frozen(subjects[0] if subjects else "", tuple(notes))


def _variants(
    tx: Transaction, newsroom: Newsroom, issue: Issue, copy: Copy
) -> Sequence[Variant]:
    numbered = numbered_posts(tx, newsroom.name, issue.from_number, issue.upto_number)
    shown = {number: post for number, post in numbered.items() if post in copy.entries}
    members = stream_members(tx, newsroom.name, OWN_CADENCE)
    return group_members(members, shown, issue, newsroom.languages)


def render_variant(
    newsroom: Newsroom, issue: Issue, variant: Variant, copy: Copy
) -> Page:
    """Return a variant's page, the newest post first."""
    configuration = newsroom.configuration
    return render_page(
        PageContext(
            newsletter=newsroom.settings,
            issue=issue,
            entries=[copy.entries[post_id] for post_id in reversed(variant.post_ids)],
            language=variant.language,
            templates=newsroom.templates,
            messages=newsroom.catalogues[variant.language],
            inliner=configuration.mail.inliner,
            max_html_bytes=configuration.mail.max_html_bytes,
            images=copy.images.offers,
            embedded_bytes=configuration.mail.embedded_bytes,
            site_title=newsroom.site.title,
            site_url=newsroom.site.url,
            zone=newsroom.zone,
            has_preferences=bool(configuration.web.public_url),
        )
    )


def _write(
    tx: Transaction,
    newsroom: Newsroom,
    issue: Issue,
    variants: Sequence[Variant],
    pages: Mapping[_PageKey, Page],
    copy: Copy,
) -> None:
    """Write variants, batches and members, and move the issue, all or nothing.

    A post that cannot be shown gives its number back, to come with a later issue.
    """
    if not move_issue(tx, issue, IssueEvent.FREEZE):
        return
    numbered = numbered_posts(tx, newsroom.name, issue.from_number, issue.upto_number)
    for post_id in set(numbered.values()) - copy.entries.keys():
        unlist(tx, newsroom.name, post_id)
    for variant in variants:
        frozen = FrozenVariant(
            n=variant.n,
            language=variant.language,
            post_ids=variant.post_ids,
            page=pages[variant.post_ids, variant.language],
        )
        add_variant(tx, issue.id, frozen)
        put_issue_images(tx, issue.id, _images(tx, frozen.page, copy.images))
        size = newsroom.configuration.mail.batch_size
        for n, members in enumerate(_batches(variant.members, size), 1):
            name = batch_name(newsroom.name, issue.id, variant.n, n)
            add_batch(tx, name, issue.id, (variant.n, n), set(members))


def _images(tx: Transaction, page: Page, images: MailImages) -> Iterator[KeptImage]:
    """Yield the images the page holds; those of formulas lie in the store."""
    for part in page.embedded:
        picture = images.pictures.get(part.digest)
        data = None if picture else find_image(tx, part.digest)
        if picture or data:
            yield picture or KeptImage(part.digest, part.media_type, data or b"")


def _batches(members: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(members), size):
        yield members[start : start + size]
