"""The clock of the machine: set back and forward under a daemon, and daylight saving.

A post a day, an issue a day; whatever the clock says, each post is in one issue.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.daemon.daemon import Daemon, Surroundings
from pipeline.daemon.passes import Times
from pipeline.runs.pulse import Pulse
from tests.daemon.times import Watchmaker
from tests.faults.points import chosen
from tests.faults.site import Sent
from tests.faults.tally import Tally
from tests.world import CONFIG, World, part

READER = "ann@example.org"
PAGE = "{% for post in posts %}{{ post.url }} {% endfor %}{{ unsubscribe_url }}"
HOUR = timedelta(hours=1)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Jerusalem",
    "Asia/Shanghai",  # has none
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Auckland",
    "Atlantic/Azores",
)
JUMPS = (
    *({"minutes": n} for n in (-5, 5, -61, 61)),
    *({"hours": n} for n in (-26, 26)),
    *({"days": n} for n in (-8, 8, -40, 40)),
)


class House:
    """A site with a daemon, and a post for each day that has begun."""

    def __init__(self, folder: Path, zone: str, begin: datetime) -> None:
        text = CONFIG.replace("every monday 09:00", "daily 02:30")
        text = text.replace("    backfill: 5\n", "").replace(
            "tags: all", "formats: [atom]"
        )
        text = text.replace("author: Ann\n", f"author: Ann\n    zone: {zone}\n")
        self.world = World(folder, time=begin, config=text)
        self.zone = ZoneInfo(zone)
        self.times = Watchmaker(time=begin)
        self.posts: list[str] = []
        self.world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
        self.world.write("templates/digest.txt", PAGE)
        self.world.join(READER)
        around = Surroundings(
            times=Times(clock=self.times, alarm=self.times),
            load=self.world.configuration,
        )
        self.daemon = Daemon(self.world.configuration(), around, Pulse(self.times))

    def write_post(self) -> None:
        self.world.time = self.times.time
        name = f"p{len(self.posts)}"
        today = self.times.time.astimezone(self.zone)
        self.world.post(name, date=today.isoformat())
        self.posts.append(f"https://example.org/{name}/")

    def go_on(self, days: float) -> None:
        """Let the time pass hour by hour."""
        for _ in range(round(days * 24)):
            self.times.pass_by(HOUR.total_seconds())
            self.daemon.tick()

    def sent(self) -> Sent:
        return Counter(
            (str(message["To"]), word)
            for message in self.world.messages()
            for word in part(message, "plain").split()
            if word in self.posts
        )

    def expected(self) -> Sent:
        return Counter({(READER, post): 1 for post in self.posts})


def changes_of(zone: str, year: int) -> list[datetime]:
    """Return the hours, in UTC, before the offset changes; or any hour, for none."""
    here = ZoneInfo(zone)
    hours = [datetime(year, 1, 1, tzinfo=UTC) + n * HOUR for n in range(365 * 24)]
    found = [
        hour
        for hour in hours
        if hour.astimezone(here).utcoffset()
        != (hour + HOUR).astimezone(here).utcoffset()
    ]
    return found or [hours[90 * 24]]


def test_daylight_saving_in_ten_zones_loses_and_doubles_nothing(
    tally: Tally, tmp_path: Path
) -> None:
    changes = [(zone, hour) for zone in ZONES for hour in changes_of(zone, 2026)]
    tally.among(len(changes))
    for n, (zone, hour) in enumerate(chosen(changes, few=3)):
        house = House(tmp_path / str(n), zone, hour - timedelta(hours=40))
        house.daemon.tick()
        for _ in range(3):
            house.write_post()
            house.go_on(days=1)
        house.daemon.close()
        tally.count(house.sent(), house.expected())
        assert house.sent() == house.expected(), (zone, hour)
        assert len(house.world.messages()) == 3, (zone, hour)


def test_a_clock_that_jumps_and_is_set_right_loses_and_doubles_nothing(
    tally: Tally, tmp_path: Path
) -> None:
    tally.among(len(JUMPS))
    for n, jump in enumerate(chosen(JUMPS, few=3)):
        house = House(
            tmp_path / str(n), "Europe/Berlin", datetime(2026, 5, 4, tzinfo=UTC)
        )
        house.daemon.tick()
        house.write_post()
        house.go_on(days=1)
        house.write_post()
        house.times.set_clock(**jump)
        house.go_on(days=0.5)
        house.times.set_clock(**{unit: -amount for unit, amount in jump.items()})
        house.write_post()
        house.go_on(days=2)
        house.daemon.close()
        tally.count(house.sent(), house.expected())
        assert house.sent() == house.expected(), jump
