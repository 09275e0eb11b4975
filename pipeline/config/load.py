"""Reads config.yaml: every fault at once, with its place and what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.base.errors import ConfigError, InputError
from pipeline.base.faults import Fault
from pipeline.config.document import Document, Key, Value, parse_document
from pipeline.config.settings import Configuration


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration with absolute paths, and the document to place faults in."""

    configuration: Configuration
    document: Document


def load_configuration(path: Path) -> Loaded:
    """Read the configuration at `path`; its relative paths begin at its folder.

    Raises InputError when it cannot be read, ConfigError with every fault in it.
    """
    document = parse_document(_read(path), str(path))
    try:
        configuration = Configuration.model_validate(document.values)
    except ValidationError as error:
        raise ConfigError(_faults(document, error)) from error
    return Loaded(_anchored(configuration, path.resolve().parent), document)


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"there is no {path}; `pressroom init` writes one, "
            "--config names one elsewhere"
        ) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lines = data[: error.start].decode().split("\n")
        fault = Fault(
            path=str(path),
            line=len(lines),
            column=len(lines[-1]) + 1,
            what="the file is not UTF-8",
            remedy="save it as UTF-8",
        )
        raise ConfigError([fault]) from error


def json_schema() -> str:
    """Return the JSON Schema of config.yaml, for editors."""
    schema = Configuration.model_json_schema()
    schema["title"] = "Pressroom's config.yaml"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _anchored(settings: Any, home: Path) -> Any:
    """Return the settings with every relative path below `home`."""
    if isinstance(settings, Path):
        return home / settings.expanduser()
    if isinstance(settings, tuple):
        return tuple(_anchored(entry, home) for entry in settings)
    if isinstance(settings, BaseModel):
        fields = type(settings).model_fields
        return settings.model_copy(
            update={name: _anchored(getattr(settings, name), home) for name in fields}
        )
    return settings


_SENTENCES = {
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "string_type": "must be text",
    "path_type": "must be a path",
    "tuple_type": "must be a list",
    "dict_type": "must be a group of `name: value` lines, indented below it",
    "bool_parsing": "must be true or false",
    "model_type": "must be a group of `key: value` lines, indented below it",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "too_short": "needs at least one entry",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "may hold only a-z, 0-9 and hyphens, and begins with "
    "a letter or digit",
    "literal_error": "must be {expected}",
}


def _faults(document: Document, error: ValidationError) -> list[Fault]:
    """Return each fault once, as the lines go; a list is not short for bad entries."""
    details = error.errors(include_url=False)
    faults = {
        str(fault): fault
        for detail in details
        if not (detail["type"] == "too_short" and detail["input"])
        for fault in [_fault(document, detail)]
    }
    return sorted(faults.values(), key=lambda f: (f.line or 0, f.column or 0))


def _fault(document: Document, detail: ErrorDetails) -> Fault:
    kind, key = detail["type"], _written(detail["loc"])
    name = dotted(key)
    value = detail["input"]
    if kind == "extra_forbidden":
        return document.fault(key, f"{name}: no such setting", _did_you_mean(key))
    context = detail.get("ctx", {})
    if kind == "value_error":
        sentence = str(context["error"])
    else:
        sentence = _SENTENCES.get(kind, detail["msg"]).format(**context)
    shown = _shown(value)
    told = "" if kind == "missing" or shown in sentence else f", not {shown}"
    remedy = _nearest(value, context) if kind == "literal_error" else ""
    return document.fault(key, f"{name}: {sentence}{told}", remedy)


def _written(location: tuple[str | int, ...]) -> Key:
    """Return the way to a setting without the names pydantic gives to unions."""
    return tuple(
        part
        for part in location
        if isinstance(part, int) or not part.startswith(("literal[", "tuple["))
    )


def _shown(value: Value) -> str:
    if isinstance(value, dict):
        return "a group of settings"
    return "a list" if isinstance(value, list) else repr(value or "")


def _nearest(value: object, context: dict[str, Any]) -> str:
    choices = [part.strip("'") for part in _words(str(context.get("expected", "")))]
    return _suggest(str(value), choices)


def _words(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _did_you_mean(key: Key) -> str:
    """Suggest a setting of that group, else the group that has one of that name."""
    name = str(key[-1])
    here = _fields_at(Configuration, key[:-1])
    suggestion = _suggest(name, here)
    if suggestion:
        return suggestion
    elsewhere = [dotted for dotted, field in all_settings() if field == name]
    if elsewhere:
        return f"did you mean '{elsewhere[0]}'?"
    return f"there are {', '.join(here)}" if here else ""


def _suggest(word: str, choices: list[str]) -> str:
    found = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    return f"did you mean '{found[0]}'?" if found else ""


def _fields_at(model: type[BaseModel], key: Key) -> list[str]:
    for part in key:
        if isinstance(part, str) and part in model.model_fields:
            model = group_of(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def group_of(annotation: object) -> type[BaseModel] | None:
    """Return the group of settings that an annotation names, alone or in a list."""
    candidates = (annotation, *get_args(annotation))
    return next(
        (c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)),
        None,
    )


def all_settings(
    model: type[BaseModel] = Configuration, within: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield every setting as (dotted name, own name); lists count as one, `[]`."""
    for name, field in model.model_fields.items():
        group = group_of(field.annotation)
        yield within + name, name
        if group is not None:
            listed = "[]" if group is not field.annotation else ""
            yield from all_settings(group, f"{within}{name}{listed}.")


def dotted(key: Key) -> str:
    """Return a setting's name as faults show it: `sites[0].url`."""
    dotted = ""
    for part in key:
        dotted += f"[{part}]" if isinstance(part, int) else f".{part}"
    return dotted.lstrip(".") or "the file"
