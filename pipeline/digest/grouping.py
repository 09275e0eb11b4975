"""Which members of an issue get the same mail: same posts, same language.

Renders nothing; a variant is rendered once by `page` and compiled once by `press`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from pipeline.content.post import Post
from pipeline.digest.catalogue import match_language
from pipeline.digest.selection import concerns
from pipeline.digest.translation import Withheld, choose_translations
from pipeline.digest.variant import Member, Variant
from pipeline.subscribers.choice import Topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an issue may give: posts by their number in the newsletter.

    `languages` are those there is a catalogue for, the first for whoever speaks none
    of them; `own_language` is the newsletter's, which decides between translations.
    `withheld` are posts that members have already, under another number or in another
    language.
    """

    posts: Mapping[int, Post]
    languages: Sequence[str]
    own_language: str
    withheld: Withheld = field(default_factory=dict)


def group_members(members: Iterable[Member], contents: Contents) -> tuple[Variant, ...]:
    """Return the variants of an issue, the ones with the most posts first.

    A member gets the posts above their coverage that their topics let in, one of
    each work's translations, in order of number; one for whom there is none is in no
    variant.
    """
    groups = defaultdict[tuple[tuple[int, ...], int], list[int]](list)
    speaks = _Speakers(contents.languages)
    readings = _Readings(contents)
    for member in members:
        numbers = readings[member.topics, member.language].numbers_for(member)
        if numbers:
            groups[numbers, speaks[member.language]].append(member.id)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[0][0]), group[0]))
    return tuple(
        Variant(
            n,
            tuple(contents.posts[number].id for number in numbers),
            contents.languages[spoken],
            tuple(sorted(ids)),
        )
        for n, ((numbers, spoken), ids) in zip(count(1), ordered)
    )


class _Reading:
    """What the members of one choice get, by where their coverage leaves off."""

    def __init__(self, contents: Contents, topics: Topics, language: str) -> None:
        self._contents = contents
        self._language = language
        self._numbers = [
            number
            for number, post in sorted(contents.posts.items())
            if concerns(topics, post)
        ]
        self._chosen: dict[tuple[int, frozenset[int]], tuple[int, ...]] = {}

    def numbers_for(self, member: Member) -> tuple[int, ...]:
        """Return the numbers of the posts that a member gets."""
        start = bisect_right(self._numbers, member.coverage)
        if start == len(self._numbers):
            return ()
        key = start, self._withheld(member.id)
        if key not in self._chosen:
            self._chosen[key] = self._choose(*key)
        return self._chosen[key]

    def _withheld(self, member: int) -> frozenset[int]:
        if not self._contents.withheld:
            return frozenset()
        return frozenset(
            number
            for number in self._numbers
            if member in self._contents.withheld.get(self._id(number), ())
        )

    def _choose(self, start: int, withheld: frozenset[int]) -> tuple[int, ...]:
        numbers = {
            self._id(number): number
            for number in self._numbers[start:]
            if number not in withheld
        }
        chosen = choose_translations(
            [self._contents.posts[number] for number in numbers.values()],
            self._language,
            self._contents.own_language,
        )
        return tuple(numbers[post.id] for post in chosen)

    def _id(self, number: int) -> str:
        return self._contents.posts[number].id


class _Readings(dict[tuple[Topics, str], _Reading]):
    """The readings of an issue by topics and language, each made once."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def __missing__(self, choice: tuple[Topics, str]) -> _Reading:
        self[choice] = _Reading(self._contents, *choice)
        return self[choice]


class _Speakers(dict[str, int]):
    """A member's language to its place among the catalogues', looked up once each."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = languages

    def __missing__(self, language: str) -> int:
        match = match_language(language, self._languages)
        place = self._languages.index(match) if match else 0
        self[language] = place
        return place
