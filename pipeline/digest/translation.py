"""Which posts are translations of one another, and which one a reader gets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.content.post import Post
from pipeline.digest.catalogue import match_language


def work_of(post: Post) -> str:
    """Return what translations of one post have in common, and no other post has."""
    return f"{post.site}\0{post.translation or post.id}"


def other_translations(posts: Iterable[Post]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the translations of each post that has some, by its id.

    Posts of one work in the same language are not translations of one another.
    """
    works = defaultdict[str, list[Post]](list)
    for post in posts:
        works[work_of(post)].append(post)
    found = {
        post.id: tuple(other.id for other in work if other.language != post.language)
        for work in works.values()
        if len(work) > 1
        for post in work
    }
    return {post_id: others for post_id, others in found.items() if others}


def choose_translations(
    posts: Sequence[Post], language: str, own_language: str
) -> Sequence[Post]:
    """Return the posts without the translations that a reader does not get.

    Of a work they get what is in `language`, else in the newsletter's own, else in
    the language that comes first.
    """
    works = defaultdict[str, list[str]](list)
    for post in posts:
        works[work_of(post)].append(post.language)
    if len(works) == len(posts):
        return posts
    chosen = {
        work: _choose(spoken, language, own_language) for work, spoken in works.items()
    }
    return [post for post in posts if chosen[work_of(post)] == post.language]


def _choose(spoken: Sequence[str], language: str, own_language: str) -> str:
    for wanted in (language, own_language):
        if wanted and (match := match_language(wanted, spoken)) is not None:
            return match
    return spoken[0]


Withheld = Mapping[str, frozenset[int]]
"""Posts by id that members must not get, since they have them already."""
