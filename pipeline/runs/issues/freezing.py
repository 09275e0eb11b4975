"""Freezes an opened issue: who gets which page, for good.

Variants, batches and their members are written in one transaction, which also moves the
coverage of the stream's readers to the issue's end; nothing after it asks again for
posts, preferences or templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.content.post import Post
from pipeline.digest.edition import Edition
from pipeline.digest.grouping import Contents, group_members
from pipeline.digest.issue import Issue, IssueEvent
from pipeline.digest.page import DigestEntry, PageContext, render_page
from pipeline.digest.rendered import Page
from pipeline.digest.variant import Variant
from pipeline.outbox.batch import batch_name
from pipeline.runs.issues.drafting import Drafts, shown_images
from pipeline.runs.issues.given import withheld_posts
from pipeline.runs.issues.mailimages import MailImages
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.runs.report import Progress
from pipeline.store.archive import put_edition
from pipeline.store.batches import MIXED, add_batch, add_mixed_batch
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import stops
from pipeline.store.issues import drop_opened, move_issue, note_given
from pipeline.store.newsletters import (
    accept_news,
    numbered_posts,
    uncount_issue,
    unlist,
)
from pipeline.store.subscriptions import (
    Reach,
    pass_posts,
    stream_coverages,
    stream_members,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What an issue is made of: the posts that can be shown, by id, and images.

    Nothing at or below `from_number` was looked at. `translations` are the ids of the
    other translations of a post, by its own. `edition` is frozen with the issue for
    the archive; `archive_url` is where mails say that it can be read, or empty.
    """

    entries: Mapping[str, DigestEntry]
    images: MailImages = field(default_factory=MailImages)
    from_number: int = 0
    translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edition: Edition | None = None
    archive_url: str = ""


def freeze_issue(
    database: Database,
    newsroom: Newsroom,
    issue: Issue,
    copy: Copy,
    now: datetime,
    progress: Progress,
) -> tuple[str, ...]:
    """Freeze `issue` at `now`; a post that is not in `copy` is left out.

    Returns notes on the pages. These are rendered outside the transaction, and the
    issue's members are read inside: who joins meanwhile makes a variant that is
    rendered before the next try. An issue that nobody gets, since posts cannot be
    shown, is taken back with its number: they come with another, once mended.

    Raises ConfigError where a template is wrong; the issue then stays opened, as it
    does where it was held meanwhile.
    """

    def render(variant: Variant) -> Page:
        return render_variant(newsroom, issue, variant, copy)

    freezing = _Freezing(newsroom, issue, copy, now)
    mail = newsroom.configuration.mail
    drafts = Drafts(database, issue, copy.images, mail.most_variants)
    while True:
        with database.transaction() as tx:
            if stops(tx, issue.newsletter, issue.id):
                break
            numbered = freezing.numbered(tx)
            variants = freezing.variants(tx, numbered)
            missing = drafts.missing(variants)
            if not missing:
                if variants or not freezing.take_back(tx, numbered):
                    freezing.freeze(tx, variants, drafts, numbered)
                break
        drafts.make(missing, render, progress)
    return tuple(drafts.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An issue as most of its readers would get it, were it frozen now.

    `parts` are the bytes of the page's images by digest; `variants` the kinds of mail
    that `readers` get by what they chose.
    """

    page: Page
    parts: Mapping[str, bytes]
    readers: int
    variants: int


def preview_issue(
    database: Database, newsroom: Newsroom, issue: Issue, copy: Copy, now: datetime
) -> Preview | None:
    """Return what `issue` would be; None where nobody would get it.

    Raises ConfigError where a template is wrong.
    """
    freezing = _Freezing(newsroom, issue, copy, now)
    with database.transaction() as tx:
        variants = freezing.variants(tx, freezing.numbered(tx))
    if not variants:
        return None
    page = render_variant(newsroom, issue, variants[0], copy)
    with database.transaction() as tx:
        images = [*shown_images(tx, page, copy.images)]
    return Preview(
        page=page,
        parts={image.digest: image.data for image in images},
        readers=sum(len(variant.members) for variant in variants),
        variants=len(variants),
    )


def render_variant(
    newsroom: Newsroom, issue: Issue, variant: Variant, copy: Copy
) -> Page:
    """Return a variant's page, the newest post first."""
    return render_page(variant_context(newsroom, issue, variant, copy))


def variant_context(
    newsroom: Newsroom, issue: Issue, variant: Variant, copy: Copy
) -> PageContext:
    """Return what a variant's page is made of."""
    configuration = newsroom.configuration
    return PageContext(
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
        archive_url=copy.archive_url,
    )


@dataclass(frozen=True, slots=True)
class _Freezing:
    """One issue, to be frozen at `now`."""

    newsroom: Newsroom
    issue: Issue
    copy: Copy
    now: datetime

    def numbered(self, tx: Transaction) -> dict[int, str]:
        """Return the ids of the posts the issue goes over, by number."""
        return numbered_posts(
            tx, self.newsroom.name, self.copy.from_number, self.issue.upto_number
        )

    def reach(self) -> Reach:
        """Return whom the issue reaches.

        Who came over since the posts were looked at, with more to catch up than that,
        gets it with the next issue.
        """
        return Reach(
            newsletter=self.issue.newsletter,
            cadence=self.issue.cadence,
            issue=self.issue.id,
            from_number=self.copy.from_number,
            upto_number=self.issue.upto_number,
        )

    def variants(
        self, tx: Transaction, numbered: Mapping[int, str]
    ) -> Sequence[Variant]:
        """Return who gets what, as they have chosen by now."""
        posts = {
            number: self.copy.entries[post_id].post
            for number, post_id in numbered.items()
            if post_id in self.copy.entries
        }
        contents = Contents(
            posts=posts,
            languages=self.newsroom.languages,
            own_language=self.newsroom.settings.language or self.newsroom.site.language,
            withheld=self._withheld(tx, posts),
        )
        return group_members(stream_members(tx, self.reach(), self.now), contents)

    def _withheld(
        self, tx: Transaction, posts: Mapping[int, Post]
    ) -> Mapping[str, frozenset[int]]:
        coverages = stream_coverages(tx, self.issue.newsletter, self.issue.cadence)
        numbers = {post.id: number for number, post in posts.items()}
        return withheld_posts(
            tx, self.issue.newsletter, numbers, self.copy.translations, coverages
        )

    def take_back(self, tx: Transaction, numbered: Mapping[int, str]) -> bool:
        """Let the issue be as if never opened, where it has posts that are not shown.

        Else one would follow another for as long as a post is broken.
        """
        if not self._unshown(tx, numbered) or not uncount_issue(tx, self.issue):
            return False
        drop_opened(tx, self.issue.id)
        return True

    def freeze(
        self,
        tx: Transaction,
        variants: Sequence[Variant],
        drafts: Drafts,
        numbered: Mapping[int, str],
    ) -> None:
        """Write variants, batches and members, all or nothing.

        A post that cannot be shown gives its number back, to come with a later issue.
        """
        if not move_issue(tx, self.issue, IssueEvent.FREEZE):
            return
        for post_id in self._unshown(tx, numbered):
            unlist(tx, self.newsroom.name, post_id)
            accept_news(tx, self.newsroom.name, [post_id])
        pass_posts(tx, self.reach())
        if self.copy.edition:
            put_edition(tx, self.issue.id, self.copy.edition)
        numbers = {post_id: number for number, post_id in numbered.items()}
        for variant in variants:
            drafts.write(tx, variant)
            given = {post_id: numbers[post_id] for post_id in variant.post_ids}
            note_given(tx, self.issue.id, variant.n, given)
        drafts.forget(tx)
        add_batches(tx, self.newsroom, self.issue, variants)

    def _unshown(self, tx: Transaction, numbered: Mapping[int, str]) -> list[str]:
        """Return the posts that a reader of the stream waits for and cannot be shown.

        One that is past for all of them stays so, also where it is not there now.
        """
        coverages = stream_coverages(tx, self.issue.newsletter, self.issue.cadence)
        lowest = min(coverages, default=self.issue.upto_number)
        return [
            post_id
            for number, post_id in numbered.items()
            if number > lowest and post_id not in self.copy.entries
        ]


def add_batches(
    tx: Transaction, newsroom: Newsroom, issue: Issue, variants: Sequence[Variant]
) -> None:
    """Write an issue's batches: of one variant each, of several where there are many.

    A batch each would be many folders of a message or two.
    """
    mail = newsroom.configuration.mail

    def name(variant: int, n: int) -> str:
        return batch_name(newsroom.name, issue.id, variant, n)

    own, rest = variants[: mail.most_variants], variants[mail.most_variants :]
    for variant in own:
        for n, members in enumerate(_slices(variant.members, mail.batch_size), 1):
            place = (variant.n, n)
            add_batch(tx, name(*place), issue.id, place, set(members))
    for n, parts in enumerate(_mixtures(rest, mail.batch_size), 1):
        add_mixed_batch(tx, name(MIXED, n), issue.id, n, parts)


def _slices(members: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(members), size):
        yield members[start : start + size]


def _mixtures(
    variants: Sequence[Variant], size: int
) -> Iterator[Mapping[int, set[int]]]:
    """Yield members by variant, up to `size` of them together, in order."""
    everybody = [(member, v.n) for v in variants for member in v.members]
    for start in range(0, len(everybody), size):
        parts: dict[int, set[int]] = {}
        for member, n in everybody[start : start + size]:
            parts.setdefault(n, set()).add(member)
        yield parts
