"""A YAML document as plain values, with the place of each. Knows no setting.

Scalars stay strings, so that `no`, `0123` and `1:30` mean what was typed; the
settings' types turn them into numbers and truths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault

Key = tuple[str | int, ...]
"""The way to a value: names of settings, and numbers of list entries from 0."""

Value = str | list["Value"] | dict[str, "Value"] | None


@dataclass(frozen=True, slots=True)
class Document:
    """The values of one YAML file; `marks` holds (line, column) from 1 by key."""

    path: str
    values: dict[str, Value]
    marks: dict[Key, tuple[int, int]]

    def fault(self, key: Key, what: str, remedy: str = "") -> Fault:
        """Return a fault at `key`, or at the nearest thing around it that is there."""
        while key and key not in self.marks:
            key = key[:-1]
        line, column = self.marks.get(key, (1, 1))
        return Fault(path=self.path, line=line, column=column, what=what, remedy=remedy)


def parse_document(text: str, path: str) -> Document:
    """Parse YAML whose top is a mapping; raise ConfigError with every fault found."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise ConfigError([_syntax_fault(error, text, path)]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"holds a character that YAML does not take: {error.reason}"
        raise ConfigError([Fault(path=path, line=line, what=what)]) from error
    walker = _Walker(path)
    values = {} if root is None else walker.value(root, ())
    if root is not None and not isinstance(values, dict):
        walker.refuse(root, "must be `key: value` lines", "begin with `sites:`")
    if walker.faults or not isinstance(values, dict):
        raise ConfigError(walker.faults)
    return Document(path, values, walker.marks)


class _Walker:
    """Walks nodes once; a node met again is an alias, and refused."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.marks: dict[Key, tuple[int, int]] = {}
        self.faults: list[Fault] = []
        self._met: set[int] = set()

    def value(self, node: yaml.Node, key: Key) -> Value:
        """Return the node's value, and mark its place."""
        self.marks.setdefault(key, _place(node))
        if id(node) in self._met:
            self.refuse(node, "aliases (`*name`) are not taken", "write the value out")
            return None
        self._met.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, key))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(n, (*key, i)) for i, n in enumerate(node.value)]
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        return None if plain and node.value in ("", "~", "null") else str(node.value)

    def _entries(self, node: yaml.MappingNode, key: Key) -> Iterator[tuple[str, Value]]:
        seen: dict[str, int] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, yaml.ScalarNode):
                self.refuse(name_node, "a key must be a plain word")
                continue
            name = str(name_node.value)
            line, _ = self.marks[(*key, name)] = _place(name_node)
            if name in seen:
                what = f"'{name}' is set twice (first in line {seen[name]})"
                self.refuse(name_node, what, "take one of them out")
            seen[name] = line
            value = self.value(value_node, (*key, name))
            if value is not None:  # `author:` with nothing behind it is not set
                yield name, value

    def refuse(self, node: yaml.Node, what: str, remedy: str = "") -> None:
        """Note a fault at the node."""
        line, column = _place(node)
        self.faults.append(
            Fault(path=self.path, line=line, column=column, what=what, remedy=remedy)
        )


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _syntax_fault(error: yaml.MarkedYAMLError, text: str, path: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    written = (text.splitlines() or [""])[min(line, text.count("\n") + 1) - 1 :][:1]
    if "\t" in "".join(written)[: column + 1]:
        what, remedy = "a tab, which YAML does not take", "indent with spaces"
    else:
        what = f"is not YAML: {error.problem or 'it ends too soon'}"
        remedy = "look for a missing `:` or quote, or a wrong indent, here or above"
    return Fault(path=path, line=line, column=column, what=what, remedy=remedy)
