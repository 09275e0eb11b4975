"""How much of each post an issue shows, and in which order it shows less.

Measures nothing: `page` asks for plan after plan until one fits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.content.post import Mail, Post
from pipeline.digest.view import Shows
from pipeline.rendition.post import Rendition

Plan = tuple[Shows, ...]
"""What each post of an issue shows, in the issue's order."""

_BY_LENGTH: tuple[Shows, ...] = ("title", "excerpt", "full")


def wanted_plan(posts: Sequence[Post], body: Shows) -> Plan:
    """Return what the newsletter asks for; a post with `mail: full` is full."""
    return tuple("full" if post.mail is Mail.FULL else body for post in posts)


def shorter_plans(plan: Plan, renditions: Sequence[Rendition]) -> Iterator[Plan]:
    """Yield `plan`, then ever shorter ones, one post at a time.

    Full bodies become excerpts first, the longest before the others; when none is
    left, excerpts become titles, again the longest first.
    """
    yield plan
    shows: Shows
    less: Shows
    for shows, less in (("full", "excerpt"), ("excerpt", "title")):
        for place in _longest_first(plan, shows, renditions):
            plan = (*plan[:place], less, *plan[place + 1 :])
            yield plan


def _longest_first(
    plan: Plan, shows: Shows, renditions: Sequence[Rendition]
) -> list[int]:
    def length(place: int) -> int:
        rendition = renditions[place]
        html = rendition.mail_html if shows == "full" else rendition.excerpt_html
        return len(html.encode())

    places = [place for place, shown in enumerate(plan) if shown == shows]
    return sorted(places, key=length, reverse=True)


def least_shown(plan: Plan) -> Shows:
    """Return the shortest form any post of the plan has."""
    return min(plan, key=_BY_LENGTH.index)


def describe_shortening(plan: Plan, wanted: Plan, before: int, limit: int) -> str:
    """Return which posts show less than wanted and why, for the owner.

    `before` and `limit` are bytes of HTML.
    """
    cut = Counter(
        shown for shown, asked in zip(plan, wanted, strict=True) if shown != asked
    )
    words: dict[Shows, str] = {"excerpt": "as excerpts", "title": "by title only"}
    parts = [f"{cut[shows]} {words[shows]}" for shows in words if cut[shows]]
    return (
        f"{_kilobytes(before)} of HTML were over the {_kilobytes(limit)} that Gmail "
        f"shows; posts cut down: {', '.join(parts)}"
    )


def describe_overflow(size: int, limit: int) -> str:
    """Return what to do when nothing is left to cut, for the owner."""
    return (
        f"Gmail will clip this mail: {_kilobytes(size)} of HTML with every post by "
        f"title only, over {_kilobytes(limit)}; lower max_posts"
    )


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} KB"
