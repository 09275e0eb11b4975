"""Which of our languages a browser asks for (RFC 9110, 12.5.4)."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.digest.catalogue import match_language

_MOST_RANGES = 20


def choose_language(header: str, available: Iterable[str], default: str) -> str:
    """Return the one of `available` that Accept-Language likes best, else `default`.

    A language of another region counts as near: `zh-TW` and `zh-Hans` get `zh-CN`.
    """
    tags = [*available]
    for wanted in _ranges(header):
        found = match_language(wanted, tags)
        if found is not None:
            return found
    return default


def _ranges(header: str) -> list[str]:
    """Return the language ranges of a header, the most wanted first."""
    weighted = []
    for part in header.split(",")[:_MOST_RANGES]:
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if weight > 0 and tag.strip() not in ("", "*"):
            weighted.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda one: -one[0])]


def _weight(parameter: str) -> float:
    text = parameter.replace(" ", "").lower()
    if not text:
        return 1.0
    try:
        weight = float(text.removeprefix("q="))
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
