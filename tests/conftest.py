"""Fixtures that tests of several packages share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.world import World

# A busy machine is no fault: what is measured is measured by `make bench`. What lands
# is judged by the same examples each time; desks try new ones.
IN_CI = os.environ.get("CI") == "true"
settings.register_profile("unhurried", deadline=None, derandomize=IN_CI)
settings.load_profile("unhurried")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "site")
