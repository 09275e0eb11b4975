"""Which posts a newsletter takes, by its filter, and a reader, by their topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.config.settings import FilterSettings
from pipeline.content.post import Mail, Post
from pipeline.subscribers.choice import Topics


def selects(rules: FilterSettings, post: Post) -> bool:
    """Tell whether a post passes every line of the filter that is given.

    Names are compared without regard to case; a language stands for its regional
    forms too (`zh` for `zh-CN`). A post with `mail: false` passes none.
    """
    if post.mail is Mail.NO or _any_of(rules.without_tags, post.tags):
        return False
    return _passes(rules, post)


def concerns(topics: Topics, post: Post) -> bool:
    """Tell whether a post passes every line of a reader's topics, by the same rules."""
    return _passes(topics, post)


def _passes(rules: FilterSettings | Topics, post: Post) -> bool:
    return (
        (not rules.tags or _any_of(rules.tags, post.tags))
        and (not rules.authors or _any_of(rules.authors, post.authors))
        and (not rules.series or _any_of(rules.series, (post.series,)))
        and (not rules.languages or _speaks(rules.languages, post.language))
    )


def _any_of(wanted: Iterable[str], given: Sequence[str]) -> bool:
    names = {name.casefold() for name in given}
    return any(name.casefold() in names for name in wanted)


def _speaks(wanted: Iterable[str], language: str) -> bool:
    tag = language.casefold()
    return any(tag == w or tag.startswith(f"{w}-") for w in map(str.casefold, wanted))
