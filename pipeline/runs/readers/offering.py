"""What readers may choose among: what a newsletter's posts really are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from pipeline.base.text import fold_line
from pipeline.config.settings import NewsletterSettings
from pipeline.digest.selection import selects
from pipeline.store.database import Transaction
from pipeline.store.posts import newsletter_posts

MOST_POSTS = 2_000
"""The newest posts that are looked at; older ones say little of what will come."""

Offer = Mapping[str, tuple[str, ...]]
"""Names by line of topics (`tags`, `series`, `languages`, `authors`), the most used
first; of spellings, the one used most."""


def find_offer(tx: Transaction, newsletter: NewsletterSettings, now: datetime) -> Offer:
    """Return the names that public posts of a newsletter have at `now`."""
    kept = newsletter_posts(tx, newsletter.name, MOST_POSTS)
    posts = [p for p in kept if p.is_live(now) and selects(newsletter.filter, p)]
    return {
        "tags": _by_use(name for post in posts for name in post.tags),
        "series": _by_use(post.series for post in posts),
        "languages": _by_use(post.language for post in posts),
        "authors": _by_use(name for post in posts for name in post.authors),
    }


def _by_use(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, the most used first, without regard to their case."""
    spellings = Counter(line for name in names if (line := fold_line(name)))
    uses, best = Counter[str](), dict[str, str]()
    for name, count in sorted(spellings.items(), key=lambda one: (-one[1], one[0])):
        uses[name.casefold()] += count
        best.setdefault(name.casefold(), name)
    return tuple(best[key] for key in sorted(uses, key=lambda key: (-uses[key], key)))
