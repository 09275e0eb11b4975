"""Which members of an issue get the same mail: same posts, same language.

Renders nothing; a variant is rendered once by `page` and compiled once by `press`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from pipeline.digest.catalogue import match_language
from pipeline.digest.issue import Issue


@dataclass(frozen=True, slots=True)
class Member:
    """A reader an issue may go to: the number they have up to, and their language."""

    id: int
    coverage: int
    language: str


@dataclass(frozen=True, slots=True)
class Variant:
    """The members who get the same mail; `n` counts an issue's variants from 1."""

    n: int
    post_ids: tuple[str, ...]
    language: str
    members: tuple[int, ...]


def group_members(
    members: Iterable[Member],
    numbered: Mapping[int, str],
    issue: Issue,
    languages: Sequence[str],
) -> tuple[Variant, ...]:
    """Return the variants of `issue`, the ones with the most posts first.

    `numbered` maps a post's number in the newsletter to its id; `languages` are
    those there is a catalogue for, the newsletter's own first. A member gets the
    posts above both the issue's start and their coverage, in order of number; one
    for whom there is none is in no variant.
    """
    numbers = sorted(n for n in numbered if issue.from_number < n <= issue.upto_number)
    post_ids = tuple(numbered[n] for n in numbers)
    # Post lists are the ends of one list, so where it starts is all there is to know.
    groups = defaultdict[tuple[int, int], list[int]](list)
    speaks = _Speakers(languages)
    for member in members:
        start = bisect_right(numbers, member.coverage)
        if start < len(numbers):
            groups[start, speaks[member.language]].append(member.id)
    return tuple(
        Variant(n, post_ids[start:], languages[spoken], tuple(sorted(ids)))
        for n, ((start, spoken), ids) in zip(count(1), sorted(groups.items()))
    )


class _Speakers(dict[str, int]):
    """A member's language to its place among the catalogues', looked up once each."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = languages

    def __missing__(self, language: str) -> int:
        match = match_language(language, self._languages)
        place = self._languages.index(match) if match else 0
        self[language] = place
        return place
