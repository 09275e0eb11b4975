"""What a command imports: nothing of what it does not do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from pipeline.cli.lazy import Later
from pipeline.cli.main import pressroom
from tests.command import environment
from tests.world import World

RENDERERS = (
    *("PIL", "babel", "css_inline", "feedgen", "fontTools", "jinja2", "lxml"),
    *("markdown_it", "nh3", "pygments", "quickjs", "resvg_py", "starlette"),
)
READERS = ("pydantic", "rich", "sqlite3")
"""What a command needs that reads settings, asks the store and prints."""

IMPORTED = """
import sys
from pipeline.cli.main import main
try:
    main()
except SystemExit as over:
    assert not over.code, over.code
print("Imported:", *sys.modules)
"""


def imported(world: World, *words: str, **env: str) -> set[str]:
    """Run a command in a process of its own; return the names of all that it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words],
        cwd=world.folder,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.rpartition("Imported:")[2].split())


def every_later(group: click.Group) -> Iterator[Later]:
    for command in group.commands.values():
        if isinstance(command, Later):
            yield command
            command = command.load()
        if isinstance(command, click.Group):
            yield from every_later(command)


@pytest.mark.parametrize(
    "later", list(every_later(pressroom)), ids=lambda later: later.help
)
def test_a_list_says_of_a_command_what_it_says_itself(later: Later) -> None:
    command = later.load()
    assert later.name == command.name
    assert later.get_short_help_str(999) == command.get_short_help_str(999)


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (("--version",), {}),
        (("--help",), {}),
        ((), {"_PRESSROOM_COMPLETE": "bash_complete", "COMP_WORDS": "pressroom "}),
    ],
    ids=["version", "help", "completion"],
)
def test_what_asks_nothing_of_a_site_loads_nothing_for_it(
    world: World, words: tuple[str, ...], env: dict[str, str]
) -> None:
    more = {"COMP_CWORD": "1"} if env else {}
    assert imported(world, *words, **env, **more).isdisjoint((*READERS, *RENDERERS))


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("issue", "list"),
        ("subscriber", "add", "ann@example.org"),
        ("hold", "list"),
    ],
    ids=" ".join,
)
def test_what_asks_the_store_loads_nothing_that_renders(
    world: World, words: tuple[str, ...]
) -> None:
    loaded = imported(world, *words)
    assert loaded.issuperset(READERS)
    assert loaded.isdisjoint(RENDERERS)
