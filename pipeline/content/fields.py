"""Fields of front matter asked for by meaning: texts, names, switches.

Each question names the fields that may answer it, most telling first, in the plain
form of `frontmatter.values.plain_name`. What no field is asked for is passed over.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pipeline.base.text import fold_line
from pipeline.content.frontmatter import Fields, Items, MisreadError, Scalar, Value
from pipeline.content.post import Mail

_YES = frozenset({"true", "yes", "on", "1", "y"})
_NO = frozenset({"false", "no", "off", "0", "n"})

# Zola keeps fields of one's own below [extra], Hugo below params.
_SCOPES = ("taxonomies", "extra", "params")
_SEMICOLON, _COMMA = re.compile(r"[;；]"), re.compile(r"[,，、]")
_CHINESE_COMMA, _SPACE = re.compile("[，、]"), re.compile(r"\s+")


MOST_NAMES = 100
"""Tags, or authors, of one post: each may have feeds of its own."""


class Matter:
    """The fields of one post that are not empty, wherever they may stand."""

    __slots__ = ("_values",)

    def __init__(self, fields: Fields) -> None:
        groups = (fields.get(scope) for scope in _SCOPES)
        self._values: dict[str, list[Value]] = {}
        for scope in (fields, *(one for one in groups if isinstance(one, Fields))):
            for name, value in scope.values.items():
                if not _is_empty(value):
                    self._values.setdefault(name, []).append(value)

    def find(self, *names: str) -> Value | None:
        """Return the value of the first of `names` that is there and not empty."""
        return next(self._found(names), None)

    def text(self, *names: str) -> str:
        """Return the first of `names` that has text, on one line; else empty."""
        texts = (fold_line(as_text(value)) for value in self._found(names))
        return next(filter(None, texts), "")

    def names(self, *names: str, cuts: Sequence[re.Pattern[str]]) -> Iterator[str]:
        """Yield the names listed in each of the fields `names`, a list or one text.

        A text is cut at the first of `cuts` that is in it.
        """
        for name in names:
            value = self.find(name)
            if isinstance(value, Scalar):
                cut = next((cut for cut in cuts if cut.search(value.text)), None)
                texts = cut.split(value.text) if cut else [value.text]
                yield from map(fold_line, texts)
            elif value is not None:
                yield from map(fold_line, _leaves(value))

    def is_on(self, name: str) -> bool | None:
        """Return whether the switch `name` is on, None where it is not there.

        Raises MisreadError for a value that is neither yes nor no.
        """
        value = self.find(name)
        if value is None:
            return None
        switched = as_switch(as_text(value))
        if switched is None:
            raise MisreadError(
                f"{name} is {as_text(value)!r}, neither true nor false",
                did_you_mean(as_text(value), ("true", "false")),
                line=value.line,
                column=value.column,
            )
        return switched

    def _found(self, names: Sequence[str]) -> Iterator[Value]:
        return chain.from_iterable(self._values.get(name, ()) for name in names)


def as_text(value: Value) -> str:
    """Return a value as one text: what was typed, if it looked like a list."""
    if isinstance(value, Scalar):
        return value.text
    return value.source or ", ".join(_leaves(value))


def as_switch(text: str) -> bool | None:
    """Return what `text` says as yes or no, None for neither."""
    word = text.strip().lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """Return a remedy: the choice that is nearest to `word`, else all of them."""
    found = difflib.get_close_matches(word.lower(), choices, n=1)
    if found:
        return f"did you mean {found[0]!r}?"
    return f"write {', '.join(choices[:-1])} or {choices[-1]}"


def read_authors(matter: Matter, otherwise: str) -> tuple[str, ...]:
    """Return who wrote the post, each once; `otherwise` where it names nobody."""
    several = matter.names("authors", cuts=(_SEMICOLON, _COMMA))
    # `author: Smith, John` is one person; `author: 张三，李四` are two.
    single = matter.names("author", cuts=(_SEMICOLON, _CHINESE_COMMA))
    return _distinct([*several, *single]) or _distinct([otherwise])


def read_tags(matter: Matter, *, by_space: bool = False) -> tuple[str, ...]:
    """Return tags, then categories, each once; `by_space` as Jekyll has them."""
    marks = (_SEMICOLON, _COMMA)
    several = (*marks, _SPACE) if by_space else marks
    names = [
        *matter.names("tags", "categories", cuts=several),
        *matter.names("tag", "category", cuts=marks),
    ]
    # Obsidian's users write the # of a tag in the text also here.
    return _distinct(name.lstrip("#").strip() for name in names)


def read_categories(matter: Matter) -> tuple[str, ...]:
    """Return the categories alone, which a permalink may hold."""
    names = matter.names("categories", "category", cuts=(_SEMICOLON, _COMMA))
    return _distinct(names)[:MOST_NAMES]


def read_series(matter: Matter) -> str:
    """Return the series the post belongs to, empty where it belongs to none."""
    return next(iter(_distinct(matter.names("series", cuts=()))), "")


def read_mail(matter: Matter) -> Mail:
    """Return what `mail:` says. Raises MisreadError for a word it cannot be."""
    value = matter.find("mail")
    if value is None:
        return Mail.YES
    word = as_text(value).strip().lower()
    switched = as_switch(word)
    if switched is not None:
        return Mail.YES if switched else Mail.NO
    if word in (Mail.ONLY, Mail.FULL):
        return Mail(word)
    raise MisreadError(
        f"mail is {word!r}, which is none of its values",
        did_you_mean(word, ("true", "false", "only", "full")),
        line=value.line,
        column=value.column,
    )


def is_kept_back(matter: Matter) -> bool:
    """Tell whether a post is not for readers: a draft, hidden, behind a password.

    `published` may be a switch (Jekyll) or a date (Hexo). Raises MisreadError where
    a switch, or a status one letter off, leaves it open.
    """
    if matter.is_on("draft") or as_switch(matter.text("hidden")):
        return True
    if as_switch(matter.text("password") or "no") is not False:
        return True
    if any(as_switch(matter.text(name)) is False for name in ("published", "publish")):
        return True
    return _is_draft_by_status(matter)


def _is_draft_by_status(matter: Matter) -> bool:
    """Read `status:`, which other tools fill with words of their own."""
    value = matter.find("status")
    word = as_text(value).strip().lower() if value else ""
    if word in ("draft", "hidden", "skip", "private"):
        return True
    near = difflib.get_close_matches(word, ("draft", "hidden"), n=1, cutoff=0.75)
    if value is not None and near:
        raise MisreadError(
            f"status is {word!r}, which may have been meant to keep the post back",
            f"did you mean {near[0]!r}?",
            line=value.line,
            column=value.column,
        )
    return False


def _is_empty(value: Value) -> bool:
    if isinstance(value, Scalar):
        return not value.text.strip()
    return not value.values


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are not empty, the first of each spelling."""
    first: dict[str, str] = {}
    for name in filter(None, names):
        first.setdefault(name.casefold(), name)
    return tuple(first.values())


def _leaves(value: Value) -> Iterator[str]:
    """Yield the texts in a value; of a group its name, title or value."""
    if isinstance(value, Scalar):
        yield value.text
    elif isinstance(value, Items):
        for inner in value.values:
            yield from _leaves(inner)
    else:
        for inner in value.pick("name", "title", "value", "label")[:1]:
            yield from _leaves(inner)
