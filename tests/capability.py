"""Programs that tests run: skipped without them on a desk, a failure in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def require(program: str, reason: str) -> str:
    """Return the path of `program`, or skip the test, saying what it was needed for.

    Where the environment says CI=true nothing may be skipped: there the test fails.
    """
    found = shutil.which(program)
    if found:
        return found
    told = f"{program} is not installed: {reason} (`make system` installs it)"
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)
