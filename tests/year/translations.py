"""Of a post's translations one for each reader, and the language that mail speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tests.year.records import Post, Subscription

SPOKEN = ("en", "zh-CN")
"""The languages that mail can speak, the one for whoever reads none of them first."""

Works = Mapping[tuple[str, str], Sequence[Post]]
"""The translations there are of each work of a site."""


def choose_posts(
    one: Subscription, waiting: Iterable[Post], works: Works, languages: Sequence[str]
) -> frozenset[str]:
    """Return which of the posts that a reader waits for they get, by name.

    Of a work's translations one, and none to who has another of them already. In the
    first of `languages` that one is in, else the one that came first.
    """
    offered: dict[tuple[str, str], list[Post]] = {}
    for post in waiting:
        if one.wants(post) and not _has(one, post, works):
            offered.setdefault((post.site, post.work), []).append(post)
    return frozenset(_best(posts, languages).name for posts in offered.values())


def choose_language(languages: Sequence[str]) -> str:
    """Return the first of `languages` that mail speaks, as it calls it."""
    for wanted in languages:
        for spoken in SPOKEN:
            if wanted[:2] == spoken[:2]:
                return spoken
    return SPOKEN[0]


def _has(one: Subscription, post: Post, works: Works) -> bool:
    return post.name in one.had or any(
        other.name in one.had
        for other in works[post.site, post.work]
        if other.language != post.language
    )


def _best(posts: Sequence[Post], languages: Sequence[str]) -> Post:
    for wanted in languages:
        for post in posts:
            if wanted and post.language[:2] == wanted[:2]:
                return post
    return posts[0]
