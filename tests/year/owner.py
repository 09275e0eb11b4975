"""The owner's side: sites and newsletters, and what is changed about them meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from random import Random
from typing import Any

from tests.world import World
from tests.year.almanac import Rhythm
from tests.year.author import Site
from tests.year.oracle import Oracle
from tests.year.records import FLOOD, SETTLE, Plan

SITES = (
    Site("main", "Europe/Berlin", "en"),
    Site("notes", "Asia/Shanghai", "zh"),
    Site("lab", "America/St_Johns", "en"),
)
ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Pacific/Chatham",
    "America/Havana",
    "America/Santiago",
    "Africa/Casablanca",
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Shanghai",
)
"""Where clocks change at two, at three, at midnight, by half an hour, and never."""

ALL = tuple(site.name for site in SITES)
CADENCES = ("instant", "daily", "weekly", "monthly")
PLANS = (
    Plan(
        "weekly",
        "",
        Rhythm("weekly", time(9), (1,)),
        CADENCES,
        ALL,
        backfill=5,
        hold=timedelta(hours=20),
    ),
    Plan("daily", "", Rhythm("daily", time(2, 30)), CADENCES[2:], ("main", "notes")),
    Plan("month", "", Rhythm("monthly", time(0, 30), (31,)), CADENCES, ALL, most=3),
    Plan(
        "quick",
        "",
        Rhythm("instant"),
        CADENCES[1:3],
        ("notes",),
        language="zh-CN",
        hold=timedelta(minutes=30),
    ),
)
SUMMER = Plan(
    "summer",
    "",
    Rhythm("cron", time(7, 15), (2, 5)),
    CADENCES[:3],
    ("lab", "main"),
    frozenset({"maths", "music"}),
    most=2,
    backfill=2,
)
RHYTHMS = (
    Rhythm("weekly", time(18), (2, 4)),
    Rhythm("weekly", time(9), (1,)),
    Rhythm("monthly", time(0), (15, 30)),
    Rhythm("daily", time(0)),
)
PAGE = "{% for post in posts %}[{{ post.title }}]\n{% endfor %}{{ unsubscribe_url }}\n"


class Owner:
    """Has config.yaml in hand; `zones` are those where no newsletter was `lived_in`."""

    def __init__(self, world: World, oracle: Oracle, dice: Random) -> None:
        self.world = world
        self.oracle = oracle
        self.dice = dice
        self.zones = dice.sample(ZONES, len(ZONES))
        self.resting: list[Plan] = []
        self.lived_in: set[str] = set()
        self.moves = 0
        self.plans = [replace(plan, zone=self.zones.pop()) for plan in PLANS]
        self.spare = self.zones.pop()
        world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
        world.write("templates/digest.txt", PAGE)
        self._save()

    def begin_summer(self) -> None:
        """Add a newsletter."""
        self.plans.append(replace(SUMMER, zone=self.spare))
        self._save()

    def move(self) -> None:
        """Move a newsletter to a zone where none has been yet."""
        self.moves += 1
        if self.zones:
            self._change(zone=self.zones.pop())

    def settle(self) -> None:
        """Bring everything back, and let issues be large enough for all that waits."""
        plans = (*self.plans, *self.resting)
        self.plans = [replace(plan, most=500, hold=timedelta()) for plan in plans]
        self.resting.clear()
        self._save()

    def work(self) -> None:
        """Change something about some newsletter."""
        deeds: tuple[Callable[[], None], ...]
        deeds = (self._cadences, self._rhythm, self._filter, self._most, self._rest)
        deeds += (self._hold,)
        self.dice.choice(deeds)()

    def _cadences(self) -> None:
        """Take cadences away, or offer others."""
        some = self.dice.sample(CADENCES, self.dice.choice([1, 2, 3, 4]))
        self._change(cadences=tuple(sorted(some)))

    def _rhythm(self) -> None:
        self._change(rhythm=self.dice.choice(RHYTHMS))

    def _filter(self) -> None:
        tags = self.dice.choice([(), ("maths", "music"), ("art", "music")])
        self._change(tags=frozenset(tags))

    def _most(self) -> None:
        self._change(most=self.dice.choice([1, 3, 20]), backfill=0)

    def _hold(self) -> None:
        hours = self.dice.choice([0, 1, 20, 100])
        self._change(hold=timedelta(hours=hours))

    def _rest(self) -> None:
        """Take a newsletter out of config.yaml, or bring one back."""
        if self.resting:
            self.plans.append(self.resting.pop())
        elif len(self.plans) > 1:
            self.resting.append(self.plans.pop(self.dice.randrange(len(self.plans))))
        self._save()

    def _change(self, **changes: Any) -> None:
        n = self.dice.randrange(len(self.plans))
        self.plans[n] = replace(self.plans[n], **changes)
        self._save()

    def _save(self) -> None:
        self.oracle.configure(list(self.plans))
        self.lived_in.update(plan.zone for plan in self.plans)
        self.world.configure(json.dumps(settings(self.plans), indent=1))
        self.configuration = self.world.configuration()


def settings(plans: list[Plan]) -> dict[str, Any]:
    """Return config.yaml: small batches, of which few may wait, and quick sweeps."""
    return {
        "sites": [
            {
                "name": site.name,
                "folder": site.folder,
                "url": f"https://{site.name}.example.org/",
                "title": site.name,
                "language": site.language,
                "zone": site.zone,
                "output": f"public/{site.name}",
            }
            for site in SITES
        ],
        "feeds": {"formats": ["atom"], "entries": 1},
        "mail": {
            "unsubscribe_address": "leave@example.org",
            "batch_size": 20,
            "most_variants": 6,
            "settle": f"{SETTLE // timedelta(minutes=1)}m",
            "flood": FLOOD,
        },
        "owner": {"address": "owner@example.org"},
        "outbox": {"ahead": 6},
        "retention": {"sent_days": 1, "journal_days": 1},
        "newsletters": [
            {
                "name": plan.name,
                "title": plan.name,
                "schedule": plan.rhythm.text,
                "cadences": list(plan.cadences),
                "zone": plan.zone,
                "sites": list(plan.sites),
                "filter": {"tags": sorted(plan.tags)},
                "language": plan.language,
                "body": "title",
                "max_posts": plan.most,
                "backfill": plan.backfill,
                "hold": f"{plan.hold // timedelta(minutes=1)}m",
                "archive": plan.name == "weekly",
                "sender": "Ann <ann@example.org>",
                "postal_address": "1 Main Street",
            }
            for plan in plans
        ],
    }
