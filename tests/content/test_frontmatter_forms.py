"""Front matter in TOML, JSON, bare lines and HTML; and where there is none."""

from __future__ import annotations

import pytest

from pipeline.base.errors import ContentError
from pipeline.base.faults import Fault
from pipeline.content.frontmatter import (
    Dialect,
    Fields,
    FrontMatter,
    Items,
    Scalar,
    Value,
    split,
)


def plain(value: Value | None) -> object:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Items):
        return [plain(one) for one in value.values]
    return {name: plain(one) for name, one in value.values.items()} if value else None


def place(front: FrontMatter, name: str) -> tuple[int, int]:
    value = front.fields.get(name)
    assert value is not None
    return value.line, value.column


def fault(text: str) -> Fault:
    with pytest.raises(ContentError) as caught:
        split(text, "a.md")
    (only,) = caught.value.faults
    return only


# TOML: Hugo, Zola

ZOLA = """+++
title = "A # b"
date = 2024-05-01T09:30:00+08:00
day = 2024-05-01
version = 1.10
draft = false
tags = ["x", "y"]

[taxonomies]
categories = ["z"]

[extra.author]
name = "张三"
+++
Body
"""


def test_toml_gives_texts_and_tables() -> None:
    front = split(ZOLA)
    assert front.dialect == Dialect.TOML
    assert plain(front.fields) == {
        "title": "A # b",
        "date": "2024-05-01T09:30:00+08:00",
        "day": "2024-05-01",
        "version": "1.10",
        "draft": "false",
        "tags": ["x", "y"],
        "taxonomies": {"categories": ["z"]},
        "extra": {"author": {"name": "张三"}},
    }
    assert (front.body, front.body_line) == ("Body\n", 15)


def test_toml_values_know_their_places() -> None:
    front = split(ZOLA)
    assert place(front, "date") == (3, 8)
    taxonomies = front.fields.get("taxonomies")
    assert isinstance(taxonomies, Fields)
    categories = taxonomies.get("categories")
    assert isinstance(categories, Items)
    assert (categories.line, categories.column) == (10, 14)


def test_broken_toml_is_told_with_its_place() -> None:
    found = fault("+++\ntitle = x\n+++\n")
    assert (found.line, found.column) == (2, 9)
    assert found.what == "the front matter is not valid TOML: Invalid value"
    assert "in quotes" in found.remedy


def test_toml_that_breaks_off_is_told_at_its_end() -> None:
    found = fault('+++\ntitle = "x"\ntags = [\n+++\n')
    assert (found.line, found.column) == (3, None)


def test_a_toml_key_given_twice_in_other_letters_is_told() -> None:
    assert fault('+++\ntitle = "x"\nTitle = "y"\n+++\n').line == 3


def test_toml_nesting_is_bounded() -> None:
    found = fault(f"+++\na = {'[' * 60_000}\n+++\n")
    assert found.what == "front matter is nested too deeply"


def test_pluses_that_are_never_closed_are_told() -> None:
    assert "never closed" in fault('+++\ntitle = "x"\n').what


# JSON: Hugo's object, Hexo's members


def test_hugo_puts_a_json_object_above_the_body() -> None:
    members = '\t"title": "x",\n"n": 1.10, "on": true, "none": null,\n"tags": ["a"]'
    front = split(f"{{\n{members}\n}}\n\nBody")
    assert front.dialect == Dialect.JSON
    assert plain(front.fields) == {
        "title": "x",
        "n": "1.10",
        "on": "true",
        "none": "",
        "tags": ["a"],
    }
    assert (front.body, front.body_line) == ("\nBody", 6)


def test_json_values_know_their_places() -> None:
    front = split('{"a": {"b": "c: \\"d\\""},\n "e":\n  "f",\n "g": 1}\nBody')
    assert place(front, "a") == (1, 7)
    assert place(front, "e") == (3, 3)
    assert place(front, "g") == (4, 7)


@pytest.mark.parametrize("opener", ["", ";;;\n"])
def test_hexo_closes_json_members_with_semicolons(opener: str) -> None:
    front = split(f'{opener}"title": "x",\n"tags": ["a",\t"b"],\n;;;\nBody')
    assert front.dialect == Dialect.JSON
    assert plain(front.fields) == {"title": "x", "tags": ["a", "b"]}
    assert place(front, "title") == (opener.count("\n") + 1, 10)
    assert front.body == "Body"


def test_hexo_also_takes_a_whole_object_between_semicolons() -> None:
    assert plain(split(';;;\n{"title": "x"}\n;;;\n').fields) == {"title": "x"}


def test_broken_json_is_told_with_its_place() -> None:
    found = fault('{\n"title": "x"\n"date": "y"\n}\n')
    assert (found.line, found.column) == (3, 1)
    assert "comma" in found.remedy


def test_a_json_name_given_twice_is_told() -> None:
    assert fault('{"title": "x",\n"title": "y"}\n').line == 2


def test_json_nesting_is_bounded() -> None:
    found = fault('{"a": ' + "[" * 100_000)
    assert found.what == "front matter is nested too deeply"


def test_text_behind_the_object_is_told() -> None:
    assert "goes on" in fault('{"title": "x"} Body\n').what


def test_json_members_that_nothing_closes_are_text() -> None:
    assert split('"title": "x" he said.\n').dialect == Dialect.NONE


@pytest.mark.parametrize("text", ["{{< figure >}}\n", "{% raw %}\n", "{: .note}\n"])
def test_a_tag_in_braces_is_no_json(text: str) -> None:
    assert split(text).dialect == Dialect.NONE


# Bare lines: Hexo, Pelican


def test_hexo_may_leave_out_the_opening_dashes() -> None:
    front = split("title: A: B\ntags:\n- x\n\ndate: 2024-01-02\n---\nBody")
    assert front.dialect == Dialect.HEXO
    assert plain(front.fields) == {
        "title": "A: B",
        "tags": ["x"],
        "date": "2024-01-02",
    }
    assert (front.body, front.body_line) == ("Body", 7)


def test_a_small_title_alone_above_dashes_is_hexo() -> None:
    assert split("title: x\n---\nBody").dialect == Dialect.HEXO


@pytest.mark.parametrize(
    "text",
    [
        "Title: Subtitle\n---\n\nBody\n",
        "Note: this\nand: that\n---\n",
        "Hello\ntitle: x\n---\n",
        "- title: x\n- date: y\n---\n",
    ],
)
def test_a_heading_set_off_by_dashes_is_text(text: str) -> None:
    front = split(text)
    assert front.dialect == Dialect.NONE
    assert front.body == text


def test_pelican_fields_end_at_the_first_blank_line() -> None:
    front = split("Title: A: B\nTags: x, y\nSummary: one\n    two\n\nBody\n\n---\nMore")
    assert front.dialect == Dialect.PELICAN
    assert plain(front.fields) == {
        "title": "A: B",
        "tags": "x, y",
        "summary": "one\ntwo",
    }
    assert place(front, "tags") == (2, 7)
    assert (front.body, front.body_line) == ("\nBody\n\n---\nMore", 5)


def test_pelican_fields_may_end_with_the_file() -> None:
    front = split("Title: x\nDate: 2024-01-02")
    assert front.dialect == Dialect.PELICAN
    assert front.body == ""


def test_a_single_title_line_is_pelicans() -> None:
    assert split("Title: x\n\nBody").dialect == Dialect.PELICAN


@pytest.mark.parametrize(
    "text",
    [
        "Summary: in short.\n\nBody",
        "Warning: one\nCaution: two\n\nBody",
        "Title: x\nDate: y\nand prose\n\nBody",
        "Prose.\nTitle: x\n\nBody",
    ],
)
def test_prose_with_colons_is_text(text: str) -> None:
    assert split(text).dialect == Dialect.NONE


def test_a_pelican_field_given_twice_is_told() -> None:
    assert fault("Title: x\nDate: y\nTitle: z\n\nBody").line == 3


# HTML: Pelican's whole pages

PAGE = """<!DOCTYPE html>
<html><head>
<title>A &amp; B</title>
<meta charset="utf-8">
<meta name="date" content="2024-01-02"><meta name="tags" content="x, y">
<meta name="tags" content="z">
</head>
<body class="x"><p>Body</p>
<title>no</title></body>
</html>
"""


def test_the_head_of_a_page_is_its_front_matter() -> None:
    front = split(PAGE)
    assert front.dialect == Dialect.HTML
    assert plain(front.fields) == {
        "title": "A & B",
        "date": "2024-01-02",
        "tags": "x, y",
    }
    assert place(front, "date") == (5, 1)
    assert (front.body, front.body_line) == ("<p>Body</p>\n<title>no</title>", 8)


def test_a_page_without_body_is_all_body() -> None:
    text = "<html><title>x</title><p>Body"
    assert split(text).body == text


# None


@pytest.mark.parametrize("text", ["", "\n \n", "# Title\n\nBody\n", "Just text"])
def test_a_post_may_have_no_front_matter(text: str) -> None:
    front = split(text)
    assert front.dialect == Dialect.NONE
    assert front.fields == Fields()
    assert front.body.strip() == text.strip()
