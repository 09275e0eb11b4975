"""Every page is tried with all it gets: what an owner breaks there, `check` finds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from starlette.responses import Response

from pipeline.config.settings import Configuration
from pipeline.runs.outgoing.keys import read_keys
from pipeline.runs.readers.snippet import BOX
from pipeline.runs.resources import PAGES, read_catalogues, read_page_templates
from pipeline.subscribers.limited import sign_until
from pipeline.web.pages import Pages
from pipeline.web.samples import Sample, samples, try_pages
from tests.web.clients import Office, office, with_pages
from tests.web.forms import ask, letters, link_in
from tests.world import World

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANN = "ann@example.org"
NO_PAGES = {"base.html", "letter.html", "style.css"}
"""What other templates are made with."""

DAILY = """\
  - name: daily
    title: Daily
    description: News of the day
    schedule: daily 09:00
    cadences: [instant, weekly]
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""
PRINTS = re.compile(r"\{\{ *(?!_\(|loop)([a-z_]+)")


@pytest.fixture
def site(world: World) -> World:
    """A site with two newsletters, one of which offers cadences."""
    world.configure(with_pages(world.config + DAILY))
    return world


def all_samples(configuration: Configuration) -> list[Sample]:
    return [*samples(configuration, ("en", "zh-CN"), NOW)]


def test_the_pages_that_come_with_pressroom_are_right(site: World) -> None:
    assert try_pages(site.configuration(), NOW) == []


def test_every_template_is_tried(site: World) -> None:
    tried = {name for name, _ in all_samples(site.configuration())}
    there = read_page_templates(site.folder / "templates")
    assert tried == {name.removeprefix(PAGES) for name in there} - NO_PAGES


def marked(templates: Mapping[str, str], marks: set[str]) -> dict[str, str]:
    """Return the templates with a mark before whatever they print, kept in `marks`."""

    def mark(name: str, found: re.Match[str]) -> str:
        marks.add(f"[{name} at {found.start()}]")
        return f"[{name} at {found.start()}]{found[0]}"

    return {
        name: PRINTS.sub(partial(mark, name), text) for name, text in templates.items()
    }


def test_whatever_a_template_prints_is_printed(site: World) -> None:
    """A name misspelt there would be found: templates refuse what they do not know."""
    marks = set[str]()
    templates = marked(read_page_templates(site.folder / "templates"), marks)
    pages = Pages(templates, {"en": read_catalogues()["en"]})
    for sample in all_samples(site.configuration()):
        text = pages.render("en", *sample)
        marks = {each for each in marks if each not in text}
    assert marks == set()


def visit_everything(desk: Office) -> None:
    """Join, choose, leave, come back, and follow links that lead nowhere."""
    client, world = desk.client, desk.world
    client.get("/nowhere")
    client.get("/unsubscribe/nobodys")
    ask(desk, ANN, **{f"{BOX}weekly": "yes"})
    [letter] = letters(world, ANN)
    client.get(link_in(letter))
    client.post(link_in(letter))
    link = desk.link(ANN)
    page = client.get(link).text
    preferences = re.search(r"/preferences/[0-9a-z-]+", page)
    assert preferences
    client.get(preferences[0])
    move = f"{preferences[0]}/address"
    client.get(move)
    client.post(move, data={"address": "new@example.org"})
    client.get("/address/nobodys")
    client.get("/issue/nobodys")
    world.post("a")
    world.run()
    [key, *_] = read_keys(world.folder / "var/pressroom.db")
    client.get(f"/issue/{sign_until(key, 'issue', 1, world.time + timedelta(days=1))}")
    client.post(link)
    client.post(f"{link}/back")
    for _ in range(5):
        ask(desk, ANN, **{f"{BOX}weekly": "yes"})


def test_a_page_gets_what_it_was_tried_with(
    site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, set[str]] = {}
    page = Pages.page

    def watch(
        self: Pages, request: Any, name: str, values: Any, **more: Any
    ) -> Response:
        made[f"{name}.html"] = set(values)
        return page(self, request, name, values, **more)

    monkeypatch.setattr(Pages, "page", watch)
    with office(site) as desk:
        visit_everything(desk)
    tried = {name: set(values) for name, values in all_samples(site.configuration())}
    made_otherwise = {"consent.txt", "snippet.html"}
    assert made.keys() == tried.keys() - made_otherwise
    assert made == {name: tried[name] for name in made}


def test_what_an_owner_broke_is_told_once_with_its_line(site: World) -> None:
    site.write("templates/web/left.html", "<p>\n{{ adress }}</p>")
    site.write(
        "templates/web/toomany.html", "{% if wait.days %}\n{{ nosuch }}{% endif %}"
    )
    assert [str(error) for error in try_pages(site.configuration(), NOW)] == [
        "web/left.html:2: no such name: 'adress'; did you mean 'address'?",
        "web/toomany.html:2: no such name: 'nosuch'",
    ]


def test_without_a_newsletter_there_is_no_page(world: World) -> None:
    world.write("templates/web/left.html", "{{ nosuch }}")
    world.configure(world.config.partition("newsletters:")[0])
    assert try_pages(world.configuration(), NOW) == []
