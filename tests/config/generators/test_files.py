"""Reading a generator's files: settings without running them, names of posts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.base.errors import ConfigError
from pipeline.config.generators.files import (
    PostFiles,
    group_in,
    list_of,
    read_mapping,
    text_of,
    web_address,
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "title: '1984'\n"),
        ("a.yml", "title: 1984\nother: !ruby/regexp /x/\n"),
        ("a.toml", 'title = "1984"\n'),
        ("a.json", '{"title": 1984}'),
        ("a.py", "import os\nTITLE = os.name\ntitle = '1984'\nX, Y = 1, 2\n"),
    ],
)
def test_a_title_is_found_in_every_form(tmp_path: Path, name: str, text: str) -> None:
    assert text_of(read_mapping(write(tmp_path / name, text)), "title") == "1984"


def test_python_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    path = write(tmp_path / "a.py", f"open({str(mark)!r}, 'w')\nA = 1\n")
    assert read_mapping(path) == {"A": 1}
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yml", "a: [1"), ("a.toml", "a ="), ("a.json", "{"), ("a.py", "def")],
)
def test_a_broken_file_is_told_with_its_name(
    tmp_path: Path, name: str, text: str
) -> None:
    path = write(tmp_path / name, text)
    with pytest.raises(ConfigError) as caught:
        read_mapping(path)
    assert [fault.path for fault in caught.value.faults] == [str(path)]


def test_a_file_that_holds_no_group_is_empty(tmp_path: Path) -> None:
    assert read_mapping(write(tmp_path / "a.yml", "- a\n- b\n")) == {}


def test_values_of_other_kinds_are_passed_over() -> None:
    mapping = {"a": ["x"], "b": True, "c": "", "d": "yes", "e": {"f": {"g": "1"}}}
    assert text_of(mapping, "a", "b", "c", "d") == "yes"
    assert group_in(mapping, "e", "f") == {"g": "1"}
    assert group_in(mapping, "d", "f") == {}
    assert list_of("one") == ("one",)
    assert list_of(["one", 2, ""]) == ("one",)
    assert list_of(None) == ()


@pytest.mark.parametrize(
    "text", ["/", "", "example.org", "http://localhost:1313/", "http://127.0.0.1/"]
)
def test_an_address_that_no_reader_reaches_is_none(text: str) -> None:
    assert web_address(text) == ""


def test_a_public_address_is_one() -> None:
    assert web_address("https://localhost.example.org/") != ""


def test_names_of_posts_tell_what_a_slug_would_lose(tmp_path: Path) -> None:
    write(tmp_path / "posts/hello-world.md", "---\ntitle: x\n---\n")
    write(tmp_path / "posts/bundle.zh/index.md", "+++\nslug = 'x'\n+++\n")
    write(tmp_path / "index.md", "")
    write(tmp_path / "posts/_index.md", "")
    plain = PostFiles.below(tmp_path)
    assert sorted(plain.stems) == ["bundle", "hello-world"]
    assert plain.with_slug == 1
    assert not plain.are_verbatim()
    assert not plain.name_slugs()
    write(tmp_path / "posts/2024-01-02-hello_world.md", "Slug: x\n\n")
    assert PostFiles.below(tmp_path).are_verbatim()
    assert PostFiles.below(tmp_path).name_slugs()
