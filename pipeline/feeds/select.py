"""Which feeds a site has, and which posts stand in each. Makes no bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from pipeline.config.settings import FeedSettings, SiteSettings
from pipeline.content.language import language_tag
from pipeline.content.post import Mail, Post
from pipeline.feeds.names import feed_folder, fold_name


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One feed: its title, the folder of its files, and its posts, newest first.

    `kind` is `site`, or one of `KINDS`; `name` is what all its posts share, as it is
    shown. `folder` is relative to the site's output, empty for the site's own feed.
    """

    site: str
    kind: str
    name: str
    title: str
    folder: str
    language: str
    post_ids: tuple[str, ...]


def authors_of(post: Post, site: SiteSettings) -> tuple[str, ...]:
    """Return the authors of a post; one that names none has the site's."""
    return post.authors or ((site.author,) if site.author else ())


def language_of(post: Post, site: SiteSettings) -> str:
    """Return the language of a post as BCP 47 writes it, else the site's."""
    return language_tag(post.language) or site_language(site)


def site_language(site: SiteSettings) -> str:
    """Return the site's language as BCP 47 writes it, `und` where it is no tag."""
    return language_tag(site.language) or "und"


_Names = Callable[[Post, SiteSettings], tuple[str, ...]]

KINDS: Mapping[str, _Names] = MappingProxyType(
    {
        "tags": lambda post, _: post.tags,
        "authors": authors_of,
        "languages": lambda post, site: (language_of(post, site),),
        "series": lambda post, _: (post.series,),
    }
)
"""What a feed may be about, and the names that a post has of it."""


def select_feeds(
    site: SiteSettings, feeds: FeedSettings, posts: Sequence[Post]
) -> tuple[FeedSpec, ...]:
    """Return the site's feed and those that `feeds` asks for.

    `posts` are live; those of other sites and those for mail only are left out. A
    name in a list that no post has gets an empty feed, so that its address goes on
    working; `all` means the names that posts have. A name is shown as the list has
    it, with `all` as the oldest post has it.
    """
    shown = _newest_first(
        post for post in posts if post.site == site.name and post.mail is not Mail.ONLY
    )
    specs = [_site_feed(site, shown[: feeds.entries])]
    for kind in KINDS:
        choice = getattr(feeds, kind)
        groups = _group(kind, site, shown) if choice else {}
        for folded, name in _wanted(choice, groups).items():
            chosen = _posts_of(kind, folded, groups)[: feeds.entries]
            specs.append(_named_feed(site, kind, name, chosen))
    return tuple(specs)


@dataclass(slots=True)
class _Group:
    """The posts that share a name, newest first, and the name as one of them has it."""

    name: str
    posts: list[Post]


def _newest_first(posts: Iterable[Post]) -> list[Post]:
    return sorted(posts, key=lambda post: (post.published, post.id), reverse=True)


def _group(kind: str, site: SiteSettings, posts: Sequence[Post]) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    fold = cache(fold_name)  # folding is slow, and posts share their names
    for post in posts:
        names = KINDS[kind](post, site)
        for folded, name in {fold(n): n for n in reversed(names)}.items():
            group = groups.setdefault(folded, _Group(name, []))
            group.name = name
            group.posts.append(post)
    groups.pop("", None)
    return groups


def _wanted(
    choice: str | tuple[str, ...], groups: Mapping[str, _Group]
) -> dict[str, str]:
    """Return the names to make feeds of, by what their spellings have in common."""
    if isinstance(choice, str):
        return {folded: groups[folded].name for folded in sorted(groups)}
    wanted = {fold_name(name): name for name in reversed(choice)}
    return {folded: wanted[folded] for folded in map(fold_name, choice) if folded}


def _posts_of(kind: str, folded: str, groups: Mapping[str, _Group]) -> list[Post]:
    """Return the posts of a name; `zh` means every kind of Chinese (RFC 4647, 3.3.1).

    Posts have one language each, so that joining groups doubles none.
    """
    if kind != "languages":
        return groups[folded].posts if folded in groups else []
    return _newest_first(
        post
        for other, group in groups.items()
        if f"{other}-".startswith(f"{folded}-")
        for post in group.posts
    )


def _site_feed(site: SiteSettings, posts: Sequence[Post]) -> FeedSpec:
    return FeedSpec(
        site=site.name,
        kind="site",
        name="",
        title=site.title,
        folder="",
        language=site_language(site),
        post_ids=tuple(post.id for post in posts),
    )


def _named_feed(
    site: SiteSettings, kind: str, name: str, posts: Sequence[Post]
) -> FeedSpec:
    is_language = kind == "languages"
    language = language_tag(name) if is_language else ""
    return FeedSpec(
        site=site.name,
        kind=kind,
        name=name,
        title=f"{site.title} – {_language_name(name) if is_language else name}",
        folder=feed_folder(kind, name),
        language=language or site_language(site),
        post_ids=tuple(post.id for post in posts),
    )


def _language_name(tag: str) -> str:
    """Return what a language calls itself: `中文 (中国)`; an unknown one its tag."""
    try:
        locale = Locale.parse(language_tag(tag), sep="-")
    except (UnknownLocaleError, ValueError):
        return tag
    return locale.get_display_name() or tag
