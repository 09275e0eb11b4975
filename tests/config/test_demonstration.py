"""config.yaml at the top: it loads, and shows every setting there is, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline.config.load import all_settings, json_schema, load_configuration
from pipeline.runs.issues.misfits import newsletter_misfits, shared_misfits

PROJECT = Path(__file__).parents[2]
CONFIG = PROJECT / "config.yaml"
# `#entries: 20`, a setting at its default; `# Newest posts.` is help.
SETTING = re.compile(r"\s*(?:- |#)?\w+:(?: |$)")
NAMES_OF_THE_OWNERS_OWN = {"math.macros"}
COMMENTED_SETTING = re.compile(r"^(\s*)#(?=\w)", re.MULTILINE)


def with_every() -> str:
    return COMMENTED_SETTING.sub(r"\1", CONFIG.read_text(encoding="utf-8"))


def keys_of(node: yaml.Node, within: str = "") -> Iterator[str]:
    """Yield names as `all_settings` has them; of a list, those of its first entry."""
    if isinstance(node, yaml.SequenceNode):
        if node.value and isinstance(node.value[0], yaml.MappingNode):
            yield from keys_of(node.value[0], f"{within[:-1]}[].")
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield within + name.value
            if within + name.value not in NAMES_OF_THE_OWNERS_OWN:
                yield from keys_of(value, f"{within}{name.value}.")


def test_it_loads_and_its_newsletters_can_run() -> None:
    configuration = load_configuration(CONFIG).configuration
    assert shared_misfits(configuration) == []
    assert newsletter_misfits(configuration) == []


def test_it_names_every_setting_once_in_the_order_of_the_settings() -> None:
    node = yaml.compose(with_every(), Loader=yaml.SafeLoader)
    assert node is not None
    assert list(keys_of(node)) == [dotted for dotted, _ in all_settings()]


def test_a_setting_in_comments_stands_at_its_default(tmp_path: Path) -> None:
    whole, short = tmp_path / "whole.yaml", tmp_path / "short.yaml"
    whole.write_text(with_every(), encoding="utf-8")
    short.write_text(CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
    configurations = [load_configuration(path).configuration for path in (whole, short)]
    assert configurations[0] == configurations[1]


def test_help_stands_above_every_setting() -> None:
    text = CONFIG.read_text(encoding="utf-8")
    # The second newsletter is short: the first has told all.
    text = re.sub(r"(?ms)^  - name: monthly-zh.*?(?=^# How formulas)", "", text)
    lines = text.splitlines()
    settings = [n for n, line in enumerate(lines) if SETTING.match(line)]
    assert len(settings) == len(list(all_settings()))
    bare = [lines[n] for n in settings if not lines[n - 1].lstrip().startswith("# ")]
    assert bare == []


@pytest.mark.parametrize("text", [CONFIG.read_text(encoding="utf-8"), with_every()])
def test_an_editor_finds_nothing_wrong_with_it(text: str) -> None:
    values, schema = yaml.safe_load(text), yaml.safe_load(json_schema())
    jsonschema.Draft202012Validator(schema).validate(values)
