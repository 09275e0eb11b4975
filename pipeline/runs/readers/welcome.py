"""What a welcome shows of the last issue: what its reader would have got of it.

By the rule that freezes issues (digest/grouping.py): their topics, and of a work's
translations one, though nobody else may have got that. What others only caught up with
was no news then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.content.post import Post
from pipeline.digest.grouping import Contents, group_members
from pipeline.digest.variant import Member
from pipeline.runs.issues.newsroom import Newsroom
from pipeline.store.database import Transaction
from pipeline.store.issues import last_issue
from pipeline.store.newsletters import numbered_posts
from pipeline.store.posts import posts_present
from pipeline.store.subscriptions import find_choices
from pipeline.subscribers.choice import Choice
from pipeline.subscribers.subscriber import Subscriber


def last_posts(
    tx: Transaction, newsroom: Newsroom, reader: Subscriber, now: datetime
) -> Sequence[Post]:
    """Return the posts of the last issue for a reader, the newest first.

    There is none where no issue was, or nothing in it for them that is still public.
    """
    choice = _choice(tx, reader, newsroom.name)
    issue = last_issue(tx, newsroom.name, choice.cadence)
    if issue is None:
        return ()
    news = numbered_posts(tx, newsroom.name, issue.from_number, issue.upto_number)
    there = posts_present(tx, news.values())
    posts = {
        number: there[post_id]
        for number, post_id in news.items()
        if post_id in there and there[post_id].is_live(now)
    }
    language = choice.language or reader.language
    member = Member(reader.id, 0, language, choice.topics)
    contents = Contents(
        posts=posts,
        languages=newsroom.languages,
        own_language=newsroom.settings.language or newsroom.site.language,
    )
    return [
        there[post_id]
        for variant in group_members([member], contents)
        for post_id in reversed(variant.post_ids)
    ]


def _choice(tx: Transaction, reader: Subscriber, newsletter: str) -> Choice:
    chosen = (c for c in find_choices(tx, reader.id) if c.newsletter == newsletter)
    return next(chosen, Choice(newsletter=newsletter))
