"""What tests need beside the project: skipped without it on a desk, a failure in CI.

But for one thing, which CI may lack too: `require_block_devices`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "content"
"""39 real posts in five dialects of front matter; they lie beside the project."""


def require(program: str, reason: str) -> str:
    """Return the path of `program`, or skip the test, saying what it was needed for.

    Where the environment says CI=true nothing may be skipped: there the test fails.
    """
    found = shutil.which(program)
    if found is None:
        lack(f"{program} is not installed: {reason} (`make system` installs it)")
    return found


def require_corpus() -> Path:
    """Return the folder of the real posts, or skip the test; fail it in CI."""
    if not CORPUS.is_dir():
        lack(f"{CORPUS} is not there: real posts to read")
    return CORPUS


def lack(told: str) -> NoReturn:
    """Skip the test for what `told` says is missing; fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def require_block_devices() -> None:
    """Skip the test, in CI too, where file systems cannot be mounted on loop devices.

    It takes root, loop devices and /dev/fuse, which many a container withholds: the one
    thing that CI may lack. Everything else is tried there nevertheless.
    """
    if not _may_mount():
        pytest.skip("no root, loop devices or /dev/fuse here: nothing can be mounted")


@cache
def _may_mount() -> bool:
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR))
        os.close(os.open("/dev/loop-control", os.O_RDWR))
    except OSError:
        return False
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0
