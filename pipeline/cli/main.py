"""The command `pressroom`: its groups, and how errors become exit statuses."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.base.errors import PressroomError
from pipeline.cli.lazy import Later, LazyGroup

HELP_NAMES = {"help_option_names": ["-h", "--help"]}

EPILOG = """Exit status: 0 all is well; 64 the words do not fit together; 65 a post was
left out, the rest went on; 66 a folder or file is missing; 73 something could not be
written; 74 the store cannot be used; 75 another run is under way; 78 config.yaml or a
template is wrong; 2 a command or option that does not exist."""


class _Commands(LazyGroup):
    """Lists its commands in the order in which an owner needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)


@click.group(cls=_Commands, context_settings=HELP_NAMES, epilog=EPILOG)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.yaml"),
    show_default=True,
    help="The configuration to use.",
)
@click.version_option(package_name="pressroom", prog_name="pressroom")
def pressroom(config: Path) -> None:
    """Feeds and digest mails from the posts you already have."""


for command in (
    Later(
        "init",
        "pipeline.cli.init:init",
        "Set Pressroom up beside the site in this folder.",
    ),
    Later(
        "check",
        "pipeline.cli.check:check",
        "Check settings, posts and templates; change nothing.",
    ),
    Later(
        "run",
        "pipeline.cli.run:run",
        "Do what is due whenever it is due, until told to stop: the daemon.",
    ),
    Later(
        "once",
        "pipeline.cli.once:once",
        "Do everything that is due, once: what cron calls.",
    ),
    Later(
        "serve",
        "pipeline.cli.serve:serve",
        "Serve the readers' pages, and feeds and archive beside them.",
    ),
    Later(
        "status",
        "pipeline.cli.status:status",
        "Tell how everything stands, and first what waits for you.",
    ),
    Later(
        "post", "pipeline.cli.posts:post", "Look at the posts as they were last read."
    ),
    Later(
        "issue",
        "pipeline.cli.issues:issue",
        "Look at the issues of the newsletters, and decide on one.",
    ),
    Later(
        "hold",
        "pipeline.cli.holds:hold",
        "Keep mail back, see what is kept back and why, and let it go on.",
    ),
    Later(
        "subscriber",
        "pipeline.cli.subscribers:subscriber",
        "Add, remove, show, set, import and export the readers by mail.",
    ),
    Later(
        "key",
        "pipeline.cli.keys:key",
        "Show and rotate the keys that sign the readers' links.",
    ),
    Later(
        "backup",
        "pipeline.cli.backup:backup",
        "Copy store, keys and configuration into a new folder in FOLDER.",
    ),
    Later(
        "restore",
        "pipeline.cli.restore:restore",
        "After a backup was put back: see what the store has forgotten, and accept it.",
    ),
):
    pressroom.add_command(command)


def main() -> None:
    """Run the command line, and exit with a status that tells the kind of fault."""
    try:
        status = pressroom.main(prog_name="pressroom", standalone_mode=False)
    except PressroomError as error:
        # What prints takes 0.1 s to load; --version and completion print by click.
        from pipeline.cli.console import Voice

        Voice.of_process().error(error)
        status = error.exit_status
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except click.Abort:
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
