"""What a daemon tells of itself: events in their order, and letters to its owner."""

from __future__ import annotations

from pathlib import Path

from pipeline.base.errors import BusyError
from pipeline.config.settings import Configuration
from pipeline.daemon.daemon import NoPages
from tests.daemon.test_daemon import House, house
from tests.world import World

__all__ = ["house"]

OWNER = "owner@example.org"


def test_the_way_of_an_issue_is_told_as_it_goes(house: House) -> None:
    house.world.join("ann@example.org")
    house.tick()
    assert house.told() == [
        "issue_opened",
        "issue_frozen",
        "batch_published",
        "issue_sent",
        "pass_done",
    ]


def test_no_line_names_the_reader(house: House) -> None:
    house.world.join("ann@example.org")
    house.tick()
    assert house.log != []
    assert not any("ann" in line for line in house.log)


def test_a_pass_that_finds_nothing_new_is_not_told(house: House) -> None:
    house.tick()
    house.told()
    house.tick(60)
    assert house.passes() == 2
    assert house.told() == []


def test_a_fault_is_told_once_and_when_it_is_mended(house: House) -> None:
    house.tick()
    house.told()
    house.world.write("content/bad.md", "---\ntitle: {\n---\n")
    for _ in range(2):
        house.tick(60)
    assert house.told() == ["fault_found", "pass_done"]
    house.world.post("bad")
    house.tick(60)
    assert house.told() == ["fault_mended", "pass_done"]


def test_what_a_post_holds_reaches_no_terminal_raw(house: House) -> None:
    house.world.write("content/\x1b[2Jx.md", "---\ntitle: {\n---\n")
    house.tick()
    assert any("fault_found" in line for line in house.log)
    assert all(line.isprintable() for line in house.log)


class DownPages(NoPages):
    """Pages that cannot be served while their port is `taken`."""

    def __init__(self) -> None:
        self.taken = self.down = True

    def start(self, configuration: Configuration) -> None:
        if self.taken:
            raise BusyError("127.0.0.1:8642 is taken by another program")
        self.down = False

    def is_down(self) -> bool:
        return self.down


def test_pages_that_are_down_for_an_hour_are_told_to_the_owner(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.configure(f"{world.config}owner:\n  address: {OWNER}\n")
    pages = DownPages()
    house = House(world, pages=pages)
    for _ in range(61):
        house.tick(60)
    assert world.got()[OWNER] == ["“pages” fails again and again"]
    world.take_all()
    pages.taken = False
    for _ in range(10):
        house.tick(60)
    assert world.got()[OWNER] == ["“pages” does well again"]
    house.daemon.close()
