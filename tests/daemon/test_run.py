"""`pressroom run`, as systemd starts it and an owner lives with it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.command import pressroom
from tests.daemon.running import Running, running, wait_until
from tests.world import CONFIG, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.post("one")
    return world


@pytest.fixture
def daemon(world: World) -> Iterator[Running]:
    with running(world.folder, "--port", "0") as daemon:
        wait_until((world.folder / "public" / "rss.xml").exists, "the feed")
        yield daemon


def fetch(url: str) -> str:
    with urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())


def test_a_day_in_its_life(world: World, daemon: Running) -> None:
    # A post that is saved is in the feed, on disk and on the web.
    world.post("two")
    wait_until(lambda: "Two" in world.feed(), "the post")
    assert "Two" in fetch(f"{daemon.url}rss.xml")

    # A run by cron beside it does no harm, and finds nothing to do.
    beside = pressroom("once", cwd=world.folder)
    assert beside.returncode in (0, 75), beside.stderr

    # A second daemon ends at once.
    second = pressroom("run", "--no-serve", cwd=world.folder)
    assert second.returncode == 75
    assert f"a daemon runs already (process {daemon.process.pid}" in second.stderr

    # A configuration that is wrong is told, with its line, and the old one stays.
    config = world.folder / "config.yaml"
    config.write_text(CONFIG.replace("title: Example", "tilte: Example"))
    daemon.process.send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in daemon.hear("RELOADING=1")
    assert "the new configuration is wrong" in daemon.hear("READY=1")
    assert "config.yaml:4:" in daemon.told()
    world.post("three")
    wait_until(lambda: "Three" in world.feed(), "the post")

    # One that is right is taken over, by loop and pages.
    config.write_text(
        CONFIG.replace("title: Example", "title: Renamed") + "web:\n"
        "  public_url: https://mail.example.org/letters/\n"
    )
    daemon.process.send_signal(signal.SIGHUP)
    daemon.hear("READY=1")
    wait_until(lambda: "<title>Renamed</title>" in world.feed(), "the title")
    assert "Weekly" in fetch(f"{daemon.url}subscribe")

    # SIGTERM ends it, and all is told.
    assert daemon.stop() == 0
    daemon.hear("STOPPING=1")
    assert "stopping signal=SIGTERM" in daemon.told()
    assert "stopped seconds=" in daemon.told()
    wrong = [
        line.split()[2] for line in daemon.told().splitlines() if " error " in line
    ]
    assert wrong == ["reload_refused"]


def test_it_stops_between_two_batches_and_goes_on_there(world: World) -> None:
    config = CONFIG.replace("mail:\n", "mail:\n  batch_size: 1\n")
    world.configure(f"{config}outbox:\n  ahead: 1000\n")
    for n in range(40):
        world.join(f"reader-{n}@example.org")
    with running(world.folder, "--no-serve") as daemon:
        wait_until(lambda: len(world.batches()) > 2, "a batch")
        assert daemon.stop() == 0
    there = world.batches()
    assert 2 < len(there) < 40
    hidden = list((world.folder / "outbox" / "new").glob(".*"))
    assert hidden == []
    with running(world.folder, "--no-serve"):
        wait_until(lambda: len(world.batches()) == 40, "the last batch")
    assert sorted(world.got()) == sorted(f"reader-{n}@example.org" for n in range(40))


def test_the_watchdog_is_fed(world: World) -> None:
    with running(world.folder, "--no-serve", WATCHDOG_USEC="1000000") as daemon:
        for _ in range(3):
            daemon.hear("WATCHDOG=1")


def test_a_port_that_is_taken_is_told_at_once_and_taken_when_it_is_free(
    world: World,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with running(world.folder, "--port", port) as daemon:
            (line,) = [ln for ln in daemon.told().splitlines() if " error " in ln]
            assert f"127.0.0.1:{port} is taken by another program" in line
            wait_until((world.folder / "public" / "rss.xml").exists, "the feed")
            other.close()
            wait_until(lambda: "job_recovered" in daemon.told(), "the port")
            assert "One" in fetch(f"{daemon.url}rss.xml")


def test_an_address_that_is_not_there_yet_keeps_no_feed_back(world: World) -> None:
    with running(world.folder, "--host", "192.0.2.1") as daemon:
        wait_until((world.folder / "public" / "rss.xml").exists, "the feed")
        assert "job_failed job=pages" in daemon.told()
        assert "cannot listen at 192.0.2.1:" in daemon.told()
        assert daemon.stop() == 0


def test_a_wrong_template_keeps_the_old_pages(world: World) -> None:
    with running(world.folder, "--port", "0") as daemon:
        wait_until((world.folder / "public" / "rss.xml").exists, "the feed")
        world.write("templates/web/page.html", "{% if %}\n")
        daemon.process.send_signal(signal.SIGHUP)
        assert "wrong" in daemon.hear("READY=1")
        assert "templates/web/page.html:1" in daemon.told()
        assert "One" in fetch(f"{daemon.url}rss.xml")
