"""Which of the posts just read is which known one: ids that outlive every rename.

Evidence, most telling first; what is matched takes no further part:

    1. the id in the front matter is the known one's
    2. same path, same bytes                    nothing happened
    3. same bytes, and the known one's own path is gone or holds another known post
    4. same text, and the known one's path is gone        moved, front matter edited
    5. same path                                          edited
    6. same URL                                           moved and edited

A copy beside its original therefore never takes the original's id. For a known post
that is long gone, 5 and 6 want the same title or date of publication too: a new post
at its address is another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, product
from operator import attrgetter

from pipeline.base.faults import Fault
from pipeline.content.post import Post

LONG_GONE = timedelta(days=30)
"""Longer than a branch is out, a disk unmounted or a generator broken."""


@dataclass(frozen=True, slots=True)
class Remains:
    """What a post that is long gone is known again by, at its path or address."""

    title: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A post as it was last seen.

    `digest` is the SHA-256 of its file, `text_digest` that of its text as
    `digest_of_text` gives it, or empty. `remains` is there for a post whose file has
    been gone for longer than `LONG_GONE`.
    """

    id: str
    path: str
    url: str
    digest: str
    text_digest: str = ""
    remains: Remains | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Posts with the ids they keep, the faults of those left out, and ids gone."""

    posts: tuple[Post, ...]
    faults: tuple[Fault, ...]
    vanished: tuple[str, ...]


def reconcile(
    known: Sequence[Known],
    read: Sequence[Post],
    *,
    unchanged: Sequence[Post] = (),
    faulty: Collection[str] = (),
    show: Callable[[str], str] = str,
) -> Reconciled:
    """Return the posts of one site under the ids they were first seen with.

    `unchanged` are those whose files are as they were, under the ids they have. Where
    nothing that was `read` claims an id, an address or the bytes of one of them, they
    take no part, so that the cost is that of what has changed.

    Of two posts with the same URL or id the one that has been known under it stays,
    else the one that is no draft, else the first by path; the other is left out
    with a fault, a draft without. Known posts whose paths are `faulty` could not be
    read: they are neither given to another post nor gone. `show` turns a path into
    how faults name it.
    """
    taken, hidden = {one.id for one in known}, set(faulty)
    if _is_claimed(unchanged, read):
        read, unchanged = [*unchanged, *read], ()
    settled = {post.id for post in unchanged}
    waiting = [o for o in known if o.id not in settled and o.path not in hidden]
    matches = _match(waiting, read, known, unchanged)
    posts, faults = _without_duplicates(read, matches, show)
    named = []
    for post in posts:
        match = matches.get(post.path)
        identity = match.id if match else _free_id(post.id, taken)
        taken.add(identity)
        named.append(post if post.id == identity else replace(post, id=identity))
    matched = {match.id for match in matches.values()}
    gone = tuple(one.id for one in waiting if one.id not in matched)
    return Reconciled(tuple(named), tuple(faults), gone)


def _is_claimed(unchanged: Iterable[Post], read: Iterable[Post]) -> bool:
    """Tell whether what was read may take anything from a post that stayed as it was.

    Without that, each of them is matched by its path and bytes, and no other's match
    or fault looks at it.
    """
    urls = {post.url for post in read}
    ids = {_own_id(post) for post in read} - {""}
    digests = {post.digest for post in read}
    return any(
        post.url in urls or post.id in ids or post.digest in digests
        for post in unchanged
    )


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a post's text in hex, without its outer blank lines."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _match(
    waiting: Sequence[Known],
    read: Sequence[Post],
    known: Sequence[Known],
    unchanged: Sequence[Post],
) -> dict[str, Known]:
    """Return which of the known posts that are `waiting` each path read has, if any.

    All that are `known`, and those `unchanged`, tell who has been displaced.
    """
    matching = _Matching(waiting, read)
    at = {post.path: post for post in (*unchanged, *read)}
    digests = {one.digest for one in known}

    def is_displaced(one: Known) -> bool:
        there = at.get(one.path)
        return there is None or (there.digest != one.digest and there.digest in digests)

    def is_gone(one: Known) -> bool:
        return one.path not in at

    matching.pair(lambda one: one.id, lambda post: _own_id(post))
    matching.pair(
        lambda one: (one.path, one.digest), lambda post: (post.path, post.digest)
    )
    # Of several with the same bytes those with the same address belong together.
    matching.pair(
        lambda one: (one.url, one.digest),
        lambda post: (post.url, post.digest),
        is_displaced,
    )
    matching.pair(lambda one: one.digest, lambda post: post.digest, is_displaced)
    if any(one.text_digest and is_gone(one) for one in matching.known):
        matching.pair(
            lambda one: one.text_digest,
            lambda post: post.text.strip() and digest_of_text(post.text),
            is_gone,
        )
    for place in ("path", "url"):
        matching.pair(attrgetter(place), attrgetter(place), _is_recent)
    for place, trait in product(("path", "url"), ("title", "published")):
        matching.pair(
            attrgetter(place, f"remains.{trait}"),
            attrgetter(place, trait),
            _is_long_gone,
        )
    return matching.found


def _is_recent(one: Known) -> bool:
    return one.remains is None


def _is_long_gone(one: Known) -> bool:
    return one.remains is not None


class _Matching:
    """Known posts and read ones that are still without a partner."""

    def __init__(self, known: Sequence[Known], read: Sequence[Post]) -> None:
        self.known = sorted(known, key=lambda one: one.path)
        self.posts = sorted(read, key=lambda post: post.path)
        self.found: dict[str, Known] = {}

    def pair(
        self,
        key_of_known: Callable[[Known], Hashable],
        key_of_post: Callable[[Post], Hashable],
        may_move: Callable[[Known], bool] = lambda one: True,
    ) -> None:
        """Marry those with the same key, first to first by path; "" is no key."""
        candidates: dict[Hashable, list[Known]] = {}
        for one in reversed(self.known):
            if may_move(one) and key_of_known(one) != "":
                candidates.setdefault(key_of_known(one), []).append(one)
        for post in self.posts:
            several = candidates.get(key_of_post(post))
            if several:
                self.found[post.path] = several.pop()
        married = {one.id for one in self.found.values()}
        self.known = [one for one in self.known if one.id not in married]
        self.posts = [post for post in self.posts if post.path not in self.found]


def _own_id(post: Post) -> str:
    """Return the id that the front matter gives, empty where it gives none."""
    return "" if post.id == post.url else post.id


def _free_id(wanted: str, taken: Collection[str]) -> str:
    """Return `wanted`, or with a number where an older post has it still.

    That is a new post at an address which another has left.
    """
    if wanted not in taken:
        return wanted
    numbered = (f"{wanted}#{number}" for number in count(2))
    return next(name for name in numbered if name not in taken)


def _without_duplicates(
    read: Sequence[Post], matches: Mapping[str, Known], show: Callable[[str], str]
) -> tuple[list[Post], list[Fault]]:
    """Return the posts that stay, in the order read, and the faults of the others."""

    def rank(post: Post) -> tuple[bool, bool, str]:
        match = matches.get(post.path)
        holds = match is not None and post.url in (match.url, match.id)
        return post.draft, not holds, post.path

    at_url: dict[str, Post] = {}
    by_id: dict[str, Post] = {}
    faults: list[Fault] = []
    for post in sorted(read, key=rank):
        ahead = at_url.get(post.url) or by_id.get(_own_id(post))
        if ahead is None:
            at_url[post.url] = post
            by_id.setdefault(_own_id(post) or post.url, post)
        elif not post.draft:
            faults.append(_duplicate(post, ahead, show))
    kept = {post.path for post in at_url.values()}
    return [post for post in read if post.path in kept], sorted(
        faults, key=lambda fault: fault.path
    )


def _duplicate(post: Post, ahead: Post, show: Callable[[str], str]) -> Fault:
    if post.url == ahead.url:
        what, remedy = f"the address {post.url}", "`slug` or `permalink`"
    else:
        what, remedy = f"the id {post.id}", "`id`"
    return Fault(
        path=show(post.path),
        what=f"the post has {what}, which {show(ahead.path)} has already",
        remedy=f"give one of them another {remedy}",
    )
