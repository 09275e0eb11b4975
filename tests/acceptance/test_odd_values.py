"""Values no program can hold: one post is told or shown, and the others go on."""

from __future__ import annotations

import os
import shutil

import pytest

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Severity
from tests.runs.test_site_pictures import picture
from tests.world import World

YAML = "---\ntitle: T\ndate: 2026-11-19\n{}\n---\n{}\n"


@pytest.mark.parametrize(
    "text",
    [
        YAML.format("lastmod: 9999-12-31T23:59:59-08:00", "x"),
        YAML.format("expiryDate: 9999-12-31T23:59:59-23:59", "x"),
        YAML.format("enclosure: /a.mp3 " + "1" * 5_000 + " audio/mpeg", "x"),
        YAML.format("", '<ol start="' + "9" * 5_000 + '"><li>x</ol>'),
        YAML.format("", '<table><td colspan="' + "9" * 5_000 + '">x</table>'),
        "+++\ntitle = 'T'\ndate = 2026-11-01\nweight = " + "1" * 5_000 + "\n+++\nb\n",
        "+++\ntitle = 'T'\n[" + "a." * 600 + "b]\nc = 1\n+++\nb\n",
        '{"title": "T", "a": ' + "[" * 500 + "]" * 500 + "}\n\nb\n",
    ],
)
def test_a_value_out_of_bounds_stops_no_other_post(world: World, text: str) -> None:
    world.write("content/odd.md", text)
    world.post("good")
    world.join("ann@example.org")
    world.run()
    assert "<title>Good</title>" in world.feed()
    assert len(world.messages()) == 1


@pytest.mark.parametrize("year", [2283, 20_000])
def test_a_file_of_a_far_year_is_read_like_any(world: World, year: int) -> None:
    world.run()
    path = world.post("far")
    seconds = int((year - 1970) * 365.25 * 86_400)
    os.utime(path, (seconds, seconds))
    report = world.run()
    assert (report.faults, report.errors) == ([], [])
    assert "<title>Far</title>" in world.feed()
    world.later(minutes=5)
    assert world.run().sites[0].opened == 0


def test_a_link_with_too_long_a_target_stops_neither_site_nor_mail(
    world: World,
) -> None:
    world.configure(world.config.replace("    auth", "    assets: [static]\n    auth"))
    world.write("static/a/good.png", picture("PNG"))
    link = world.folder / "static" / "a" / "odd"
    link.symlink_to("y" * 300)
    world.post("a", "![good](/a/good.png)")
    world.join("ann@example.org")
    (fault,) = world.run().faults
    assert (fault.path, fault.severity) == (str(link), Severity.WARNING)
    assert fault.what == "it cannot be looked at: File name too long"
    assert 'good.png" alt="good" width="300"' in world.feed()
    assert len(world.messages()) == 1


def test_a_picture_that_cannot_be_looked_at_any_more_is_gone(world: World) -> None:
    world.configure(world.config.replace("    auth", "    assets: [static]\n    auth"))
    world.write("static/a/good.png", picture("PNG"))
    world.post("a", "![good](/a/good.png)")
    world.run()
    shutil.rmtree(world.folder / "static" / "a")
    (world.folder / "static" / "a").symlink_to("y" * 300)
    assert world.run().errors == []
    assert 'width="300"' not in world.feed()


def test_a_template_that_cannot_be_looked_at_stops_mail_and_no_feed(
    world: World,
) -> None:
    (world.folder / "templates").mkdir()
    (world.folder / "templates" / "odd.html").symlink_to("y" * 300)
    world.post("a")
    world.join("ann@example.org")
    (error,) = world.run().errors
    assert isinstance(error, ConfigError)
    assert str(error).startswith("odd.html: it cannot be read, where templates are: ")
    assert "<title>A</title>" in world.feed()
    assert world.messages() == []


def test_an_editors_lock_beside_a_template_stops_nothing(world: World) -> None:
    (world.folder / "templates").mkdir()
    (world.folder / "templates" / ".#digest.html").symlink_to("ann@home.4711:1")
    world.post("a")
    world.join("ann@example.org")
    assert world.run().errors == []
    assert len(world.messages()) == 1
