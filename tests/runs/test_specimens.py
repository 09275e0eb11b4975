"""Every letter is tried with all it gets: what an owner breaks there, `check` finds."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from pipeline.base.errors import ConfigError
from pipeline.digest.letter import HTML, SUBJECT, TEXT, render_letter
from pipeline.runs.issues.newsroom import Newsroom, open_newsroom
from pipeline.runs.readers.specimens import specimens, try_letters
from pipeline.runs.resources import read_catalogues, read_templates
from tests.world import World

PRINTS = re.compile(r"\{\{ *(?!_\()([a-z_]+)")
FEWEST_PRINTS = 20


def newsroom(world: World, templates: Mapping[str, str]) -> Newsroom:
    configuration = world.configuration()
    (settings,) = configuration.newsletters
    return open_newsroom(configuration, settings, read_catalogues(), templates)


def test_whatever_a_template_prints_is_printed(world: World) -> None:
    """A name misspelt there would be found: templates refuse what they do not know."""
    marks = set[str]()

    def mark(found: re.Match[str]) -> str:
        marks.add(f"[{len(marks)}]")
        return f"[{len(marks) - 1}]{found[0]}"

    plain = read_templates(world.folder / "templates")
    templates = plain | {n: PRINTS.sub(mark, plain[n]) for n in (HTML, TEXT, SUBJECT)}
    assert len(marks) > FEWEST_PRINTS
    for context in specimens(newsroom(world, templates)):
        page = render_letter(context)
        said = f"{page.html}{page.text}{page.subject}"
        marks = {each for each in marks if each not in said}
    assert marks == set()


def test_each_fault_is_told_once(world: World) -> None:
    templates = read_templates(world.folder / "templates")
    broken = templates | {TEXT: "{{ adress }}", HTML: "<script>\n</script>"}
    with pytest.raises(ConfigError) as caught:
        try_letters(newsroom(world, broken))
    assert [str(fault).partition(":")[0] for fault in caught.value.faults] == [HTML]
    with pytest.raises(ConfigError) as caught:
        try_letters(newsroom(world, templates | {TEXT: "{{ adress }}"}))
    assert [str(fault) for fault in caught.value.faults] == [
        f"{TEXT}:1: no such name: 'adress'; did you mean 'address'?"
    ]
