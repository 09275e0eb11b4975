"""Obsidian's marks."""

from typing import Any

import pytest

HERE = "https://example.org/blog/here/"
THERE = "https://example.org/blog/there/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[There]]", f'<a href="{THERE}">There</a>'),
        ("[[2020-01-02-there|over *there*]]", rf'<a href="{THERE}">over \*there\*</a>'),
        (
            "[[there#The Part, 一]]",
            f'<a href="{THERE}#the-part-%E4%B8%80">there \\> The Part, 一</a>',
        ),
        ("[[there#A#B|x]]", f'<a href="{THERE}#b">x</a>'),
        ("[[there#^a1b2|x]]", f'<a href="{THERE}">x</a>'),
        ("[[#Part]]", f'<a href="{HERE}#part">Part</a>'),
        (r"| [[there\|x]] |", f'| <a href="{THERE}">x</a> |'),
        (
            "[[paper.pdf]]",
            '<a href="https://example.org/blog/files/paper.pdf">paper.pdf</a>',
        ),
        ("![[there]]", f'<a href="{THERE}">there</a>'),
        ("a ![[pic.png]]", 'a <img src="pic.png" alt="pic">'),
        ("a ![[img/pic.png|300]]", 'a <img src="img/pic.png" alt="pic" width="300">'),
        (
            "a ![[p.png|300x200]]",
            'a <img src="p.png" alt="p" width="300" height="200">',
        ),
        (
            "a ![[p.png|A picture|300]]",
            'a <img src="p.png" alt="A picture" width="300">',
        ),
        ("a ![[p.png|A picture]]", 'a <img src="p.png" alt="A picture">'),
        ("![[p.png]]\nb", '<img src="p.png" alt="p">\n\nb'),
    ],
)
def test_a_link_in_brackets(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


@pytest.mark.parametrize("text", ["[[toc]]", "[[_TOC_]]", "{{< toc >}}"])
def test_a_table_of_contents_is_left_out(desk: Any, text: str) -> None:
    assert desk.text(text) == ""


def test_a_link_to_no_note_is_its_text(desk: Any) -> None:
    text, warnings = desk.warned("a [[No note|text]] [[Nobody]]")
    assert text == "a text Nobody"
    assert len(warnings) == 2
    assert "[[No note|text]] names a note that is not there" in warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2], [3, 4]]",
        "[[1,2]]",
        "[[1]](u)",
        "if [[ -f x ]]",
        "[[]]",
        "[[a\nb]]",
        "[[a",
    ],
)
def test_brackets_in_prose_are_left(desk: Any, text: str) -> None:
    assert desk.text(text) == text


def test_a_callout_is_left_to_the_markup_its_marks_are_not(desk: Any) -> None:
    assert desk.text("> [!note] [[there]] ==now==\n> b") == (
        f'> [!note] <a href="{THERE}">there</a> <mark>now</mark>\n> b'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a %%gone%% b", "a  b"),
        ("a %%gone\nstill%% b", "a \n b"),
        ("%%\ngone\n\nstill\n%%\nb", "\n\n\n\n\nb"),
        ("a %%not\n\nthis%% b", "a %%not\n\nthis%% b"),
        ("100%% of 50%%", "100%% of 50%%"),
        ("%% never closed", "%% never closed"),
    ],
)
def test_a_remark_is_left_out(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a ==b *c*== d", "a <mark>b *c*</mark> d"),
        ("中==重点==文", "中<mark>重点</mark>文"),
        ("==a=b==", "<mark>a=b</mark>"),
        ("a==b and c==d", "a==b and c==d"),
        ("如果x==1并且y==2", "如果x==1并且y==2"),
        ("a == b == c", "a == b == c"),
        ("Title\n====", "Title\n===="),
        ("==a\nb==", "==a\nb=="),
        ("==`a`==", "<mark>`a`</mark>"),
        ("==a `b== c`", "==a `b== c`"),
    ],
)
def test_a_highlight_is_a_mark(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A claim. ^a1b2c3\n\nb", "A claim.\n\nb"),
        ("- item ^the-id\n- b", "- item\n- b"),
        ("| a |\n\n^table-1\n", "| a |\n\n\n"),
        ("2 ^10", "2 ^10"),
        ("x ^abc\ngoes on", "x ^abc\ngoes on"),
        ("a[^1] ^x y", "a[^1] ^x y"),
    ],
)
def test_a_block_id_is_left_out(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


def test_a_tag_is_left_as_it_is(desk: Any) -> None:
    assert desk.text("#数学 and #a/b [[there]]").startswith("#数学 and #a/b ")


def test_html_has_none_of_them(desk: Any) -> None:
    text = "[[there]] ==a== %%b%%\n> [!note]"
    assert desk.text(text, "html") == text
