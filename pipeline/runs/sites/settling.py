"""Which posts have rested, unchanged for `mail.settle`: they may enter an issue.

Rest begins when the file was written, where that can be so: after the last look, which
did not find it. A file that comes with an older time (rsync, mv, a checkout that keeps
times) came since then, and nobody knows when: its rest begins now. So it does for a
time that is still to come. ctime tells nothing: a deployment that sets owner or mode
each time would keep every post from ever resting.

What was there when the site was first read has rested: nobody writes a whole site at
that moment, and who tries Pressroom sees an issue at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pipeline.store.posts import KeptPost


def rest_begins(
    looked: datetime | None, modified: datetime, now: datetime
) -> datetime | None:
    """Return since when a file rests that is not as the last look found it.

    `looked` is when that was, None where the site was never read: then it has rested.
    """
    if looked is None:
        return None
    return modified if looked < modified <= now else now


def resting_posts(
    posts: Iterable[KeptPost], settle: timedelta, now: datetime
) -> dict[str, datetime]:
    """Return the posts that rest, by id, each with the time at which it has rested.

    A change that lies ahead was seen by a clock that has gone back since: no rest
    follows from it.
    """
    return {
        kept.post.id: kept.changed + settle
        for kept in posts
        if kept.changed and kept.changed <= now < kept.changed + settle
    }
