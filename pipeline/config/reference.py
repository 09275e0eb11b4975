"""The page of settings, docs/settings.md, made from the settings themselves.

Reads and writes no file: `make docs` puts the text into its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.config.settings import Configuration

_Schema = Mapping[str, Any]

_OPENING = """\
# Settings

<!-- Made from pipeline/config/settings.py by `make docs`: change it there. -->

Everything Pressroom can be told stands in one file, `config.yaml`. Most settings have
a default; only those marked **required** must be there. `pressroom check` tells what is
wrong in it, all at once, each with its line: a key that is misspelt, a value of the
wrong kind, settings that do not fit together.

Paths are relative to the folder of `config.yaml`. Values are taken as they are typed:
the title `No` stays a word and needs no quotes.

An editor that knows JSON Schema helps while you type, with this first line:

```yaml
# yaml-language-server: $schema=config.schema.json
```
"""

_KINDS = {"string": "text", "integer": "whole number", "boolean": "`true` or `false`"}


def settings_reference() -> str:
    """Return docs/settings.md: each group, and in it each setting.

    A setting has its name, its type, its default and what it does. They come from the
    JSON Schema, so that the page and an editor never disagree.
    """
    schema = Configuration.model_json_schema()
    page = _Page(schema["$defs"])
    sections = page.sections(schema, within="", level=2)
    return "\n".join([_OPENING, *sections])


class _Page:
    """Turns the schema of a group into Markdown; `groups` are its definitions."""

    def __init__(self, groups: Mapping[str, _Schema]) -> None:
        self._groups = groups

    def sections(self, group: _Schema, *, within: str, level: int) -> Iterator[str]:
        """Yield a section for each group of settings inside `group`."""
        for name, setting in group["properties"].items():
            inner = self._group_of(setting)
            if inner is not None:
                path = f"{within}{name}"
                yield self._section(path, setting, inner, level)
                yield from self.sections(inner, within=f"{path}.", level=level + 1)

    def _section(self, path: str, setting: _Schema, inner: _Schema, level: int) -> str:
        listed = (
            " A list: one entry for each." if setting.get("type") == "array" else ""
        )
        lines = (
            f"{'#' * level} `{path}`",
            "",
            f"{inner['description']}{listed}",
            "",
            "| Setting | Type | Default | What it does |",
            "|---|---|---|---|",
            *self._rows(inner),
            "",
        )
        return "\n".join(lines)

    def _rows(self, group: _Schema) -> Iterator[str]:
        required = group.get("required", ())
        for name, setting in group["properties"].items():
            default = "**required**" if name in required else _default(setting)
            about = setting["description"]
            yield f"| `{name}` | {self._kind(setting)} | {default} | {about} |"

    def _kind(self, setting: _Schema) -> str:
        if self._group_of(setting) is not None:
            return "group, see below"
        if "anyOf" in setting:
            kinds = map(self._kind, setting["anyOf"])
            return " or ".join(kind for kind in kinds if kind)
        if "const" in setting:
            return f"`{setting['const']}`"
        if "enum" in setting:
            return _choice(setting["enum"])
        if setting["type"] == "array":
            return f"list of {self._kind(setting['items'])}"
        if setting["type"] == "object":
            return (
                f"group of names, each with {_scalar(setting['additionalProperties'])}"
            )
        if setting["type"] == "null":
            return ""
        return _scalar(setting)

    def _group_of(self, setting: _Schema) -> _Schema | None:
        """Return the group that a setting is, alone or as the entries of a list."""
        reference = setting.get("$ref") or setting.get("items", {}).get("$ref")
        return self._groups[reference.rpartition("/")[2]] if reference else None


def _scalar(setting: _Schema) -> str:
    if setting.get("format") == "path":
        return "path"
    if "pattern" in setting:
        return "name (a-z, 0-9, hyphens)"
    kind = _KINDS[setting["type"]]
    if "exclusiveMinimum" in setting:
        return f"{kind} over {setting['exclusiveMinimum']}"
    if "maximum" in setting:
        return f"{kind}, {setting['minimum']} to {setting['maximum']}"
    return f"{kind}, {setting['minimum']} or more" if "minimum" in setting else kind


def _choice(values: list[str]) -> str:
    *others, last = (f"`{value}`" for value in values)
    return f"{', '.join(others)} or {last}" if others else last


def _default(setting: _Schema) -> str:
    value = setting.get("default")
    if value is not None and setting.get("type") == "boolean":
        return f"`{str(value).lower()}`"
    if isinstance(value, list) and value:
        return f"`[{', '.join(value)}]`"
    return f"`{value}`" if value or value == 0 else "–"
