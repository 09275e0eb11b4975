"""YAML front matter: what it says, where it says it, and what is mended."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.errors import ContentError
from pipeline.base.faults import Fault
from pipeline.content.frontmatter import Dialect, Fields, Items, Scalar, Value, split


def plain(value: Value | None) -> object:
    """Return a value without its places."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Items):
        return [plain(one) for one in value.values]
    return {name: plain(one) for name, one in value.values.items()} if value else None


def field(block: str, name: str = "title") -> object:
    return plain(split(f"---\n{block}\n---\nBody\n").fields.get(name))


def fault(block: str) -> Fault:
    with pytest.raises(ContentError) as caught:
        split(f"---\n{block}\n---\nBody\n", "posts/a.md")
    (only,) = caught.value.faults
    return only


def test_a_block_between_dashes_is_cut_from_the_body() -> None:
    front = split("---\ntitle: Hello\n---\n\nBody\n")
    assert front.dialect == Dialect.YAML
    assert plain(front.fields) == {"title": "Hello"}
    assert front.body == "\nBody\n"
    assert front.body_line == 4


def test_every_value_knows_its_line_and_column() -> None:
    front = split("\n---\n标题: 好\ntags:\n  - a\nextra: {b: c}\n---\n")
    assert front.fields.get("标题") == Scalar("好", 3, 5)
    tags = front.fields.get("tags")
    assert isinstance(tags, Items)
    assert tags.values == (Scalar("a", 5, 5),)
    extra = front.fields.get("extra")
    assert isinstance(extra, Fields)
    assert extra.get("b") == Scalar("c", 6, 12)


@pytest.mark.parametrize(
    "typed", ["no", "0123", "1:30", "1.10", "2024-01-02", "yes", "1e3", "0x10"]
)
def test_no_value_becomes_a_number_a_date_or_a_boolean(typed: str) -> None:
    assert field(f"title: {typed}") == typed


@pytest.mark.parametrize("typed", ["", "~", "null", "Null", "NULL"])
def test_a_field_without_value_is_empty(typed: str) -> None:
    assert field(f"title: {typed}") == ""


def test_a_quoted_null_is_the_word() -> None:
    assert field('title: "null"') == "null"


def test_names_are_the_same_however_they_are_spelt() -> None:
    for name in ("publishDate", "publish_date", "Publish-Date", "publish date"):
        assert field(f"{name}: x", "publishdate") == "x"


@pytest.mark.parametrize("block", ["", "\n\n"])
def test_an_empty_block_is_no_fault(block: str) -> None:
    front = split(f"---\n{block}\n---\nBody")
    assert front.dialect == Dialect.YAML
    assert plain(front.fields) == {}
    assert front.body == "Body"


@pytest.mark.parametrize("fence", ["---", "...", "---  "])
def test_dashes_or_dots_close_a_block(fence: str) -> None:
    assert split(f"---\ntitle: x\n{fence}\nBody").body == "Body"


def test_five_dashes_close_with_five() -> None:
    front = split("-----\ntitle: x\n---\nstill: here\n-----\nBody")
    assert front.body == "Body"


def test_carriage_returns_end_lines_as_line_feeds_do() -> None:
    front = split("---\r\ntitle: x\r\n---\r\nOne\r\nTwo\rThree")
    assert plain(front.fields) == {"title": "x"}
    assert front.body == "One\nTwo\nThree"


def test_a_byte_order_mark_is_passed_over() -> None:
    assert split("\ufeff---\ntitle: x\n---\n").dialect == Dialect.YAML


def test_a_list_on_one_line_keeps_how_it_was_typed() -> None:
    value = split("---\ntitle: [转载]\nmore: {a: b}\n---\n").fields
    title, more = value.get("title"), value.get("more")
    assert isinstance(title, Items)
    assert title.source == "[转载]"
    assert isinstance(more, Fields)
    assert more.source == "{a: b}"


def test_a_list_over_two_lines_has_no_source() -> None:
    tags = split("---\ntags: [a,\n  b]\n---\n").fields.get("tags")
    assert tags == Items((Scalar("a", 2, 8), Scalar("b", 3, 3)), 2, 7, "")


@pytest.mark.parametrize(
    ("block", "title"),
    [
        ("title: A: B", "A: B"),
        ("title: [转载] x", "[转载] x"),
        ("title: @x", "@x"),
        ("title: `x`", "`x`"),
        ("title: %x", "%x"),
        ("title: *x*", "*x*"),
        ("title: *x", "*x"),
        ("title: &x y", "&x y"),
        ("title: !important x", "!important x"),
        ("title: > x", "> x"),
        ("title: - x", "- x"),
        ('title: "引用"的艺术', '"引用"的艺术'),
        ('title: "A" 与 "B"', '"A" 与 "B"'),
        ("title: 'It's'", "It's"),
        ("title: 'A' 与 'B'", "'A' 与 'B'"),
        ("title: {{x}}", "{{x}}"),
        ("title: {{ page.x }} y", "{{ page.x }} y"),
        ("title：x", "x"),
        ("title:标题", "标题"),
        ('title: "$\\alpha$ 的值"', "$\\alpha$ 的值"),
        ('title: "$\\lambda$"', "$\\lambda$"),
        ('title: "$\\nu$"', "$\\nu$"),
        ('title: "$\\\\alpha$"', "$\\alpha$"),
        ('title: "\\beta"', "\\beta"),
        ('title: "tab\\there"', "tab\there"),
        ("title: a\x08b", "ab"),
        ("title: a\u2028b", "a b"),
        ("title: !!str 12", "12"),
        ('"title": A: B', "A: B"),
    ],
)
def test_what_yaml_forbids_and_the_author_meant_is_mended(
    block: str, title: str
) -> None:
    assert field(block) == title
    assert field(f"layout: post\n{block}\ndraft: no") == title


def test_mending_one_field_leaves_the_others_to_yaml() -> None:
    block = "title: A: B\n# remark\ntags:\n- a\n- b\ndate: '2024-01-02'"
    assert field(block, "tags") == ["a", "b"]
    assert field(block, "date") == "2024-01-02"


def test_a_mended_value_keeps_its_place() -> None:
    fields = split("---\nlayout: post\ntitle：A: B\n---\n").fields
    assert fields.get("title") == Scalar("A: B", 3, 7)


def test_tabs_before_a_list_are_spaces() -> None:
    assert field("tags:\n\t- a\n\t- b", "tags") == ["a", "b"]
    assert field("extra:\n\tcover: x", "extra") == {"cover": "x"}


def test_a_quoted_text_over_two_lines_keeps_its_escapes() -> None:
    assert field('title: "a\n  \\a b"') == "a \x07 b"


@pytest.mark.parametrize(
    ("block", "line", "column", "what"),
    [
        ("title: x\ntitle: y", 3, 8, "'title' is given twice, first in line 2"),
        ("title: x\nTITLE: y", 3, 8, "'TITLE' is given twice, first in line 2"),
        ("title: A: B\ntitle: y", 3, 8, "'title' is given twice, first in line 2"),
        (
            "title: A: B\na:\n  b: c\n  b: d",
            5,
            6,
            "'b' is given twice, first in line 4",
        ),
        ("title: A: B\na:\n  b：c: d", 4, 3, "a name must be text"),
        ("a: &x [1]\nb: *x", 2, 4, "YAML anchors and aliases (here 'x') are not read"),
        ("title: 'abc", 2, 8, "the quote opened with `'` is not closed"),
        ('title: "abc\ndate: x', 2, 8, 'the quote opened with `"` is not closed'),
        ("tags: [a, b", 2, 7, "the list or group opened with `[` is not closed"),
        ("tags: ['a' 'b']", 2, 7, "the list or group opened with `[` is not closed"),
        ("title: x\nand more", 3, 1, "this line of the front matter is no"),
        ("a:\n  - b: c: d", 3, 9, "the front matter is not valid YAML"),
        ("title: x\n? [a]\n: b", 3, 1, "this line of the front matter is no"),
    ],
)
def test_what_could_mean_two_things_is_refused_with_its_place(
    block: str, line: int, column: int, what: str
) -> None:
    found = fault(block)
    assert (found.path, found.line, found.column) == ("posts/a.md", line, column)
    assert found.what.startswith(what)
    assert found.remedy


def test_a_billion_laughs_are_refused_at_the_first_anchor() -> None:
    block = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]"
    assert "'a'" in fault(block).what


@pytest.mark.parametrize("deep", ["[" * 90_000, "- " * 90_000, "{a: " * 40_000])
def test_nesting_is_bounded(deep: str) -> None:
    assert fault(f"a:\n  {deep}").what == "front matter is nested too deeply"


def test_length_is_bounded() -> None:
    assert "over 200,000 characters" in fault("a: " + "x" * 200_000).what


def test_a_block_that_is_never_closed_is_told() -> None:
    with pytest.raises(ContentError, match="never closed"):
        split("---\ntitle: x\n\nBody\n")


def test_a_rule_above_text_is_no_front_matter() -> None:
    for text in ("---\n\nJust text\n", "---\nJust text.\n\n---\n\nMore\n"):
        front = split(text)
        assert front.dialect == Dialect.NONE
        assert front.body == text
        assert front.body_line == 1


def test_a_field_without_its_colon_is_told() -> None:
    assert "name: value" in fault("title Hello").what


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=" :-[]{}\"'#&*!|>%@`\\\t\nab题：", max_size=40))
def test_any_block_is_read_or_refused_with_a_place_in_it(block: str) -> None:
    text = f"---\ntitle: x\n{block}\n---\nBody"
    try:
        front = split(text, "a.md")
    except ContentError as error:
        (only,) = error.faults
        assert only.line is None or 1 <= only.line <= text.count("\n") + 1
    else:
        assert front.body.endswith("Body")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"])))
def test_any_text_in_single_quotes_comes_back(text: str) -> None:
    quoted = text.replace("'", "''")
    assert field(f"title: '{quoted}'") == text
