"""Every error Pressroom raises on purpose, as one tree, with its exit status.

    PressroomError          1
    ├── ConfigError        78  config.yaml or a template is wrong; holds faults
    ├── InputError         66  a folder or file that must be there is not
    ├── UsageError         64  the command's words do not fit together
    ├── ContentError       65  a post cannot be read; holds its faults
    ├── OutputError        73  a place we must write to cannot be written
    ├── StoreError         74  the store cannot be used
    │   └── StoreTooNew    74  a newer Pressroom has written it
    └── BusyError          75  another run holds the lock; try again later

The numbers are those of BSD's sysexits.h, which cron wrappers and systemd know.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.base.faults import Fault


class PressroomError(Exception):
    """The root: its text is a sentence an owner can act on."""

    exit_status = 1


class FaultyError(PressroomError):
    """An error that is a list of faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ConfigError(FaultyError):
    """config.yaml, or a template it names, is wrong."""

    exit_status = 78


class ContentError(FaultyError):
    """A post cannot be read."""

    exit_status = 65


class InputError(PressroomError):
    """A folder or file that must be there is not."""

    exit_status = 66


class UsageError(PressroomError):
    """The words of the command do not fit together."""

    exit_status = 64


class OutputError(PressroomError):
    """A place we must write to cannot be written."""

    exit_status = 73


class StoreError(PressroomError):
    """The store cannot be used."""

    exit_status = 74


class StoreTooNew(StoreError):
    """A newer Pressroom has written the store."""


class BusyError(PressroomError):
    """Another run holds the lock."""

    exit_status = 75
