"""Groups of commands whose modules are imported when one of them is called.

    name and first sentence → listed, completed → called → its module is imported

A command that asks one question of the store shall not wait for what renders posts.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import click


class Later(click.Command):
    """A command as a list shows it; `place` is where it stands, `module:name`.

    `help` is its first sentence: all that a list shows.
    """

    def __init__(self, name: str, place: str, help: str) -> None:
        super().__init__(name, help=help)
        self._place = place

    def load(self) -> click.Command:
        """Import its module, and return the command itself."""
        module, _, name = self._place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


class LazyGroup(click.Group):
    """A group that takes each `Later` for the command it stands for, when called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return name, command and the words after it."""
        name, command, words = super().resolve_command(ctx, args)
        return name, _loaded(command) if command else None, words


def commands_of(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Yield every command of a group with its name, in its order, imported."""
    for name, command in group.commands.items():
        yield name, _loaded(command)


def _loaded(command: click.Command) -> click.Command:
    return command.load() if isinstance(command, Later) else command
