"""Which of our languages a browser asks for (RFC 9110, 12.5.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from babel import Locale, UnknownLocaleError

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


def own_names(tags: Iterable[str]) -> dict[str, str]:
    """Return what languages call themselves, by tag: `English`, `中文`.

    Those that would be called the same say their region too; one that nobody knows is
    called by its tag.
    """
    locales = {tag: _locale(tag) for tag in tags}
    short = {
        tag: (locale.get_language_name() if locale else None) or tag
        for tag, locale in locales.items()
    }
    seen = Counter(short.values())
    return {
        tag: name if seen[name] == 1 else _whole_name(locales[tag]) or tag
        for tag, name in short.items()
    }


def _whole_name(locale: Locale | None) -> str | None:
    return locale.get_display_name() if locale else None


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None


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
