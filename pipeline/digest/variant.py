"""Who an issue may go to, and who of them get the same mail."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.subscribers.choice import EVERYTHING, Topics


@dataclass(frozen=True, slots=True)
class Member:
    """A reader an issue may go to: the number they have up to, and what they chose."""

    id: int
    coverage: int
    language: str
    topics: Topics = EVERYTHING


@dataclass(frozen=True, slots=True)
class Variant:
    """The members who get the same mail; `n` counts an issue's variants from 1."""

    n: int
    post_ids: tuple[str, ...]
    language: str
    members: tuple[int, ...]
