"""YAML front matter, read event by event. Mending what is broken is `repair`'s.

libyaml's events and this walk take a third of the time of `yaml.load`, keep every
place, turn nothing into numbers or dates, and build nothing an alias could blow up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from pipeline.content.frontmatter.repair import mend, without_escapes
from pipeline.content.frontmatter.values import (
    MAX_DEPTH,
    Fields,
    Items,
    MisreadError,
    Scalar,
    Value,
    add_field,
)

# libyaml is not part of every build of PyYAML; its own parser is ten times slower.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Event = Any
"""A `yaml.Event`; its stubs know neither anchor nor tag, and doubt its marks."""

_NULLS = frozenset({"~", "null", "Null", "NULL"})
_CORE_TAG = "tag:yaml.org,2002:"
_TOO_DEEP, _NEST_LESS = "front matter is nested too deeply", "nest it less"
# Between dollars; or an escape that makes a control of the head of \alpha, \beta …
_TEX = re.compile(r"\$[^$]*\\[A-Za-z][^$]*\$|(?<!\\)(?:\\\\)*\\[abefv][A-Za-z]")


def read_yaml(text: str, line: int) -> Fields:
    """Return the fields of a YAML block that begins at `line` of its file.

    What YAML forbids and an author plainly meant is mended. Raises MisreadError for
    the rest, for a name given twice, for aliases, and for nesting over MAX_DEPTH.
    """
    reused = _reused_anchors(text)

    def read_strictly(part: str, part_line: int) -> Fields:
        return _Reader(part, part_line, reused).read()

    try:
        return read_strictly(text, line)
    except MisreadError as error:
        if error.final:
            raise
    return mend(text, line, read_strictly)


def _reused_anchors(text: str) -> frozenset[str]:
    """Return the names that stand in the text both as `&name` and as `*name`."""
    if "&" not in text or "*" not in text:
        return frozenset()
    anchors = re.findall(r"&([\w-]+)", text)
    return frozenset(anchors).intersection(re.findall(r"\*([\w-]+)", text))


class _Reader:
    """One pass over the events of one text."""

    def __init__(self, text: str, line: int, reused: frozenset[str]) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._first_line = line
        self._reused = reused
        self._has_escapes = "\\" in text

    def read(self) -> Fields:
        """Return the fields; raise MisreadError for what is no group of fields."""
        try:
            events = _events(self._text)
            root = next(events)
            if isinstance(root, yaml.StreamEndEvent):
                return Fields(line=self._first_line)
            value = self._value(root, events, depth=0)
        except yaml.MarkedYAMLError as error:
            raise self._broken(error) from error
        if isinstance(value, Fields):
            return value
        raise self._misread(root, "front matter must be lines of `name: value`")

    def _value(self, event: Event, events: Iterator[Event], depth: int) -> Value:
        self._refuse_reuse(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth > MAX_DEPTH:
            raise self._misread(event, _TOO_DEEP, _NEST_LESS, final=True)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(event, events, depth + 1)
        return self._fields(event, events, depth + 1)

    def _scalar(self, event: Event) -> Scalar:
        text: str = event.value
        if event.style in ("", None) and text in _NULLS:
            text = ""
        elif event.style == '"' and self._has_escapes:
            text = self._unescaped(event)
        return Scalar(text, *self._place(event))

    def _unescaped(self, event: Event) -> str:
        """Return a quoted text, whose escapes may have been meant as TeX."""
        text: str = event.value
        source = self._source(event, event)
        return without_escapes(source[1:-1]) if _TEX.search(source) else text

    def _items(self, start: Event, events: Iterator[Event], depth: int) -> Items:
        values: list[Value] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(self._value(event, events, depth))
        return Items(tuple(values), *self._place(start), self._source(start, event))

    def _fields(self, start: Event, events: Iterator[Event], depth: int) -> Fields:
        values: dict[str, Value] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            self._refuse_reuse(event)
            if not isinstance(event, yaml.ScalarEvent) or "：" in event.value:
                raise self._misread(event, "a name must be text, and end with `: `")
            value = self._value(next(events), events, depth)
            add_field(values, event.value, value)
        return Fields(values, *self._place(start), self._source(start, event))

    def _refuse_reuse(self, event: Event) -> None:
        """Refuse aliases, anchors and tags; those that stand in a text are mended."""
        anchor, tag = event.anchor, getattr(event, "tag", None)
        if anchor is not None:
            raise self._misread(
                event,
                f"YAML anchors and aliases (here {anchor!r}) are not read",
                "write the value out in both places",
                final=anchor in self._reused,
            )
        if tag is not None and not tag.startswith(_CORE_TAG):
            raise self._misread(event, f"the YAML tag {tag!r} means nothing here")

    def _place(self, event: Event) -> tuple[int, int]:
        mark = event.start_mark
        return self._first_line + mark.line, mark.column + 1

    def _source(self, start: Event, end: Event) -> str:
        """Return what was typed for a quoted text or `[…]`, if it is on one line."""
        first: yaml.Mark = start.start_mark
        last: yaml.Mark = end.end_mark
        if first.line != last.line or not last.column:
            return ""
        return self._lines[first.line][first.column : last.column]

    def _misread(
        self,
        event: Event,
        what: str,
        remedy: str = "put the value in quotes",
        *,
        final: bool = False,
    ) -> MisreadError:
        line, column = self._place(event)
        return MisreadError(what, remedy, line=line, column=column, final=final)

    def _broken(self, error: yaml.MarkedYAMLError) -> MisreadError:
        mark = error.problem_mark or error.context_mark
        # libyaml since 0.2.6 has a bound of its own, which brackets meet before ours.
        too_deep = "nesting depth" in (error.problem or "")
        what = f"the front matter is not valid YAML: {error.problem}"
        remedy = "look at how the line is indented, or put its value in quotes"
        return MisreadError(
            _TOO_DEEP if too_deep else what,
            _NEST_LESS if too_deep else remedy,
            line=self._first_line + (mark.line if mark else 0),
            column=mark.column + 1 if mark else None,
            final=too_deep,
        )


def _events(text: str) -> Iterator[Event]:
    """Yield what stands between the start of the document and its end."""
    loader = _LOADER(text)
    try:
        while loader.check_event():
            event = loader.get_event()
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                yield event
    finally:
        loader.dispose()
