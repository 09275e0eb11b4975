"""The command `pressroom`: its groups, and how errors become exit statuses."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.base.clock import SystemClock
from pipeline.base.errors import PressroomError
from pipeline.cli.backup import backup
from pipeline.cli.check import check
from pipeline.cli.decisions import DECISIONS
from pipeline.cli.holds import hold
from pipeline.cli.init import init
from pipeline.cli.issues import issue
from pipeline.cli.keys import key
from pipeline.cli.once import once
from pipeline.cli.posts import post
from pipeline.cli.restore import restore
from pipeline.cli.run import run
from pipeline.cli.serve import serve
from pipeline.cli.session import Session
from pipeline.cli.status import status
from pipeline.cli.subscribers import subscriber

HELP_NAMES = {"help_option_names": ["-h", "--help"]}

EPILOG = """Exit status: 0 all is well; 64 the words do not fit together; 65 a post was
left out, the rest went on; 66 a folder or file is missing; 73 something could not be
written; 74 the store cannot be used; 75 another run is under way; 78 config.yaml or a
template is wrong; 2 a command or option that does not exist."""


class _Commands(click.Group):
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
@click.pass_context
def pressroom(context: click.Context, config: Path) -> None:
    """Feeds and digest mails from the posts you already have."""
    context.obj = Session(config, clock=context.obj or SystemClock())


for command in (
    init,
    check,
    run,
    once,
    serve,
    status,
    post,
    issue,
    hold,
    subscriber,
    key,
    backup,
    restore,
):
    pressroom.add_command(command)
for command in DECISIONS:
    issue.add_command(command)


def main() -> None:
    """Run the command line, and exit with a status that tells the kind of fault."""
    try:
        status = pressroom.main(prog_name="pressroom", standalone_mode=False)
    except PressroomError as error:
        session = Session(Path())
        session.voice.error(error)
        status = error.exit_status
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except click.Abort:
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
