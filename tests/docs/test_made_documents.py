"""The documents that are made from the code say what the code says today."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from docs.write import PAGES, ROOT
from pipeline.cli.lazy import commands_of
from pipeline.cli.main import pressroom
from pipeline.cli.reference import commands_reference
from pipeline.config.load import all_settings
from pipeline.config.reference import settings_reference


def every_command(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in commands_of(group):
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path} {name}")


COMMANDS = dict(every_command(pressroom, "pressroom"))


@pytest.mark.parametrize("path", PAGES)
def test_a_made_document_is_up_to_date(path: str) -> None:
    told = f"{path} is out of date: `make docs` writes it again"
    assert (ROOT / path).read_text("utf-8") == PAGES[path](), told


def section(page: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one."""
    _, found, rest = page.partition(f"# {heading}\n")
    assert found, f"there is no heading {heading}"
    return rest.partition("\n#")[0]


@pytest.mark.parametrize("dotted", [dotted for dotted, _ in all_settings()])
def test_every_setting_is_explained_in_its_group(dotted: str) -> None:
    group, _, name = dotted.replace("[]", "").rpartition(".")
    page = settings_reference()
    if group:
        assert f"\n| `{name}` | " in section(page, f"`{group}`")
    else:
        assert section(page, f"`{name}`")


def test_a_setting_is_told_with_type_and_default() -> None:
    page = settings_reference()
    assert "| `folder` | path | **required** |" in page
    assert "| `entries` | whole number, 1 to 1000 | `20` |" in page
    assert "| `max_post_bytes` | whole number over 0 | `1000000` |" in page
    assert "| `ahead` | whole number, 1 or more | `20` |" in page
    assert "| `backfill` | whole number, 0 or more | `0` |" in page
    assert "| list of `git` or `mtime` | – |" in page
    assert "| `[rss, atom, json]` |" in page
    assert "| `tags` | `all` or list of text |" in page
    assert "| `zone` | text | – | Its time zone" in page
    assert "| `filter` | group, see below | – |" in page


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_option_is_explained(path: str) -> None:
    told = section(commands_reference(pressroom), f"`{path}`")
    command = COMMANDS[path]
    assert command.help, "a command without a help text"
    assert " ".join(command.help.split()[:4]) in told
    for option in (p for p in command.params if isinstance(p, click.Option)):
        assert option.help, f"{option.name} has no help text"
        assert f"\n- `{option.opts[0]}" in told


def test_commands_stand_in_the_order_of_their_help() -> None:
    page = commands_reference(pressroom)
    places = [page.index(f"\n## `pressroom {name}`") for name in pressroom.commands]
    assert places == sorted(places)
    with click.Context(pressroom) as context:
        assert pressroom.list_commands(context) == [*pressroom.commands]


def test_usage_names_the_words_a_command_takes() -> None:
    page = commands_reference(pressroom)
    assert "\n```\npressroom subscriber add [OPTIONS] ADDRESS\n```\n" in page
    assert "\n- `--config FILE`: The configuration to use. [default: " in page
