"""The page of commands, docs/commands.md, made from the commands themselves.

Reads and writes no file: `make docs` puts the text into its place.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from pipeline.cli.lazy import commands_of

_OPENING = """\
# Commands

<!-- Made from pipeline/cli/ by `make docs`: change it there. -->

Every command takes `--help`. What was asked for goes to standard output, all else to
standard error. With `--json`, where there is one, it is data for a program. What takes
over a second shows a bar on a terminal. [errors.md](errors.md) lists the exit statuses.
"""


def commands_reference(root: click.Group) -> str:
    """Return docs/commands.md: each command below `root`, its words and options."""
    with click.Context(root, info_name="pressroom") as context:
        lines = [*_options(root, context), *_sections(root, context)]
    return "\n".join([_OPENING, *lines])


def _sections(group: click.Group, above: click.Context) -> Iterator[str]:
    """Yield the lines on each command of `group`, in its order."""
    for name, command in commands_of(group):
        context = click.Context(command, info_name=name, parent=above)
        yield from (f"{'#' * _depth(context)} `{context.command_path}`", "")
        if isinstance(command, click.Group):
            yield from (_prose(command.help), "")
            yield from _sections(command, context)
        else:
            words = [context.command_path, *command.collect_usage_pieces(context)]
            yield from ("```", " ".join(words), "```", "", _prose(command.help), "")
            yield from _options(command, context)


def _depth(context: click.Context) -> int:
    """Return the level of a command's heading: 2 for `pressroom once`."""
    return len(context.command_path.split())


def _options(command: click.Command, context: click.Context) -> list[str]:
    """Return the options of a command as a list, and a blank line after it."""
    options = (param for param in command.params if isinstance(param, click.Option))
    records = filter(None, (option.get_help_record(context) for option in options))
    lines = [f"- `{words}`: {' '.join(about.split())}" for words, about in records]
    return [*lines, ""] if lines else []


def _prose(text: str | None) -> str:
    """Return a help text with each of its paragraphs on one line."""
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
