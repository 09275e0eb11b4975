"""Which posts have their page on the site: asked for before they may enter an issue.

    posts that would be news → known to be there? → asked, a few a pass → kept → told

No transaction is open while a page is asked for. A page that is not there is asked for
again after growing pauses; one that was there once is not asked for again, as long as
its address stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic

from pipeline.base.clock import Clock
from pipeline.config.settings import Configuration
from pipeline.content.post import Post
from pipeline.runs.issues.answering import NoAnswer, ask_page, is_own
from pipeline.runs.report import Progress
from pipeline.runs.telling import Event, tell_owner
from pipeline.store.database import Database
from pipeline.store.livepages import AskedPage, find_pages, put_page

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
PASS_SECONDS = 15.0
"""What asking may take in one pass: feeds must not wait for mail."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post whose page is not there yet."""

    post: Post
    page: AskedPage


def ask_for_pages(
    database: Database,
    configuration: Configuration,
    posts: Sequence[Post],
    clock: Clock,
    progress: Progress,
) -> list[Waiting]:
    """Ask for the pages of `posts` where that is due; return those not there yet.

    A post whose address is on another host than its site is not asked for. The owner
    is told, once, of a page that is not there after `mail.live_hours`.
    """
    sites = {site.name: site.url for site in configuration.sites}
    own = [post for post in posts if is_own(post.url, sites[post.site])]
    with database.transaction() as tx:
        known = find_pages(tx, [post.id for post in own])
    asking = _Asking(database, sites, clock)
    pages = asking.run(progress.track("Asking for pages", own), known)
    waiting = [Waiting(post, pages[post.id]) for post in own if not pages[post.id].live]
    _tell(database, configuration.mail.live_hours, waiting, clock)
    return waiting


@dataclass(frozen=True, slots=True)
class _Asking:
    database: Database
    sites: Mapping[str, str]
    clock: Clock

    def run(
        self, posts: Iterable[Post], known: Mapping[str, AskedPage]
    ) -> dict[str, AskedPage]:
        """Return what is known of each post's page, having asked where it is due.

        A site that does not answer at all is asked for no other page in this pass.
        """
        pages, silent, begun = dict[str, AskedPage](), dict[str, str](), monotonic()
        for post in posts:
            page = self._page(post, known.get(post.id))
            if self._is_due(page) and monotonic() - begun < PASS_SECONDS:
                page = self._ask(post, page, silent)
                with self.database.transaction() as tx:
                    put_page(tx, page)
            pages[post.id] = page
        return pages

    def _page(self, post: Post, page: AskedPage | None) -> AskedPage:
        now = self.clock.now()
        if page is None or page.url != post.url:
            return AskedPage(
                post_id=post.id, url=post.url, begun=now, tries=0, next=now
            )
        return page

    def _is_due(self, page: AskedPage) -> bool:
        """Tell whether to ask now; a pause that is too long is another clock's."""
        now = self.clock.now()
        return not page.live and not now < page.next <= now + LONGEST_PAUSE

    def _ask(self, post: Post, page: AskedPage, silent: dict[str, str]) -> AskedPage:
        answer = silent.get(post.site)
        if answer is None:
            try:
                answer = ask_page(page.url, self.sites[post.site])
            except NoAnswer as error:
                answer = silent[post.site] = str(error)
        now = self.clock.now()
        if not answer:
            return replace(page, answer="", live=now)
        pause = min(FIRST_PAUSE * 2 ** min(page.tries, 10), LONGEST_PAUSE)
        return replace(page, answer=answer, tries=page.tries + 1, next=now + pause)


def _tell(
    database: Database, hours: int, waiting: Sequence[Waiting], clock: Clock
) -> None:
    now = clock.now()
    late = [one for one in waiting if now - one.page.begun >= timedelta(hours=hours)]
    if not late:
        return
    with database.transaction() as tx:
        for one in late:
            values = {
                "title": one.post.title,
                "url": one.page.url,
                "answer": one.page.answer,
                "hours": hours,
            }
            key = f"page {one.post.id} {one.page.url}"
            tell_owner(tx, Event(key=key, kind="page", values=values), now)
