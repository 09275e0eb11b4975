"""Whether a generator shows the line breaks of a paragraph, as its settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config.generators.found import Generator
from pipeline.config.generators.hexo import find_hexo
from pipeline.config.generators.plain import find_folder, find_obsidian
from pipeline.config.load import load_configuration
from pipeline.config.starter import Answers, compose_config


def hexo(home: Path, settings: str = "") -> Generator | None:
    (home / "source" / "_posts").mkdir(parents=True)
    (home / "_config.yml").write_text(f"title: T\n{settings}", encoding="utf-8")
    return find_hexo(home, "UTC")


def obsidian(home: Path, settings: str = "") -> Generator | None:
    (home / ".obsidian").mkdir()
    if settings:
        (home / ".obsidian" / "app.json").write_text(settings, encoding="utf-8")
    return find_obsidian(home, "UTC")


def breaks(generator: Generator | None) -> bool:
    assert generator is not None
    return generator.sites[0].hard_breaks


@pytest.mark.parametrize(
    ("settings", "hard"),
    [
        ("", True),
        ("marked:\n  gfm: true\n", True),
        ("marked:\n  breaks: true\n", True),
        ("marked:\n  breaks: false\n", False),
        ("markdown:\n  render:\n    breaks: false\n", False),
        ("markdown:\n  breaks: false\n", False),
        ("markdown: default\n", True),
    ],
)
def test_hexo_shows_them_unless_its_renderer_is_told_otherwise(
    tmp_path: Path, settings: str, hard: bool
) -> None:
    assert breaks(hexo(tmp_path, settings)) is hard


@pytest.mark.parametrize(
    ("settings", "hard"),
    [("", True), ("{}", True), ('{"strictLineBreaks": true}', False)],
)
def test_obsidian_shows_them_unless_it_is_strict(
    tmp_path: Path, settings: str, hard: bool
) -> None:
    assert breaks(obsidian(tmp_path, settings)) is hard


def test_what_was_found_stands_in_the_configuration(tmp_path: Path) -> None:
    found = obsidian(tmp_path)
    assert found is not None
    path = tmp_path / "config.yaml"
    path.write_text(compose_config(found, Answers()), encoding="utf-8")

    assert load_configuration(path).configuration.sites[0].line_breaks == "hard"


def test_a_folder_of_markdown_has_line_breaks_as_commonmark_does(
    tmp_path: Path,
) -> None:
    written = compose_config(find_folder(tmp_path, "UTC"), Answers())

    assert "line_breaks" not in written
