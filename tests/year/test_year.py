"""A year of Pressroom's passes, and everybody has what they chose, exactly once."""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from datetime import time as clock
from pathlib import Path

import pytest

from tests.year.almanac import Rhythm
from tests.year.life import Life, Scale
from tests.year.owner import ZONES

SPRING = Scale(datetime(2027, 2, 20, tzinfo=UTC), 62, readers=40, posts=60, hours=12)
YEAR = Scale(datetime(2026, 11, 20, tzinfo=UTC), 365, readers=300, posts=200, hours=8)

SHARED = ("almanac", "records", "translations", "ledger")
"""What the oracle is made of."""

ONE, TWO, NIGHT = clock(1, 30), clock(2), clock(2, 30)


def seed() -> int:
    """Return PRESSROOM_SEED, the same one each time in CI, or any."""
    given = os.environ.get("PRESSROOM_SEED")
    if given is None and os.environ.get("CI") == "true":
        return 1
    return int(given or secrets.randbelow(1_000_000))


@pytest.mark.parametrize(
    "scale",
    [SPRING, pytest.param(YEAR, marks=pytest.mark.slow)],
    ids=["two-months", "a-year"],
)
def test_everybody_has_every_post_they_chose_once(tmp_path: Path, scale: Scale) -> None:
    chosen = seed()
    life = Life(tmp_path / "site", scale, chosen)
    begun = time.process_time()
    try:
        life.live()
    finally:
        life.machine.stop()
        seconds = time.process_time() - begun
        sys.stdout.write(f"PRESSROOM_SEED={chosen}: {life.tally()} {seconds:.0f} s\n")
    assert life.promises > scale.posts
    assert life.owner.lived_in == set(ZONES)


@pytest.mark.parametrize("module", [*SHARED, "oracle"])
def test_the_oracle_shares_no_line_with_what_it_judges(module: str) -> None:
    source = (Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    imported = re.findall(r"^ *(?:from|import) ([\w.]+)", source, re.MULTILINE)
    ours = {name for name in imported if name.startswith(("pipeline", "tests"))}
    assert ours <= {f"tests.year.{one}" for one in SHARED}


@pytest.mark.parametrize(
    ("rhythm", "zone", "now", "newest"),
    [
        # The clocks of New York go from 02:00 to 03:00, and back from 02:00 to 01:00.
        (
            Rhythm("daily", NIGHT),
            "America/New_York",
            "2027-03-14 12",
            "2027-03-14 07:30",
        ),
        (Rhythm("daily", ONE), "America/New_York", "2027-11-07 12", "2027-11-07 05:30"),
        # Those of Lord Howe by half an hour, from 02:00 to 02:30.
        (
            Rhythm("daily", TWO),
            "Australia/Lord_Howe",
            "2027-10-02 18",
            "2027-10-02 15:30",
        ),
        (Rhythm("monthly", TWO, (31,)), "UTC", "2028-03-01 00", "2028-02-29 02:00"),
        (Rhythm("weekly", TWO, (1,)), "UTC", "2027-03-01 01", "2027-02-22 02:00"),
    ],
)
def test_the_almanac_knows_the_clocks(
    rhythm: Rhythm, zone: str, now: str, newest: str
) -> None:
    at = datetime.fromisoformat(f"{now}:00+00:00")
    assert f"{rhythm.newest(zone, at):%Y-%m-%d %H:%M}" == newest
