"""Blocks of code with inline styles."""

from __future__ import annotations

import html as html_library
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.tree import Code, Node, Text, walk
from pipeline.rendition.code import MOST_COLOURED, highlight, limit_colours
from tests.rendition.trees import el

PYTHON = '''@cache
def área(r: float) -> float:
    """Docs & <tags>."""
    return 3.14 * r**2  # 面积
'''


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of `#rrggbb`."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _text(html: str) -> str:
    return html_library.unescape(re.sub(r"<[^>]*>", "", html))


def test_code_is_coloured_by_style_attributes_alone() -> None:
    html = highlight(PYTHON, "python", wraps=False)
    assert html.startswith('<pre style="')
    assert re.search(r'<span style="color: #\w{6}">def</span>', html)
    assert "class=" not in html
    assert "</code></pre>" in html


def test_every_colour_is_legible_on_the_paper() -> None:
    samples = [(PYTHON, "py"), ("<a b='c'>&amp;</a>", "html"), ("- x\n+ y\n", "diff")]
    html = "".join(highlight(text, name, wraps=False) for text, name in samples)
    paper = re.search(r"background-color:(#\w{6})", html)
    assert paper is not None
    colours = set(re.findall(r"[\"; ]color: ?(#\w{6})", html))
    assert len(colours) > 6
    for colour in colours:
        ratio = (_luminance(paper[1]) + 0.05) / (_luminance(colour) + 0.05)
        assert ratio >= 4.5, colour


def test_ground_and_ink_are_both_said_so_that_dark_mode_changes_both() -> None:
    html = highlight("x", "", wraps=True)
    assert re.search(r"background-color:#\w{6};color:#\w{6}", html)


@pytest.mark.parametrize("language", ["", "no-such-language", "<x>"])
def test_code_in_an_unknown_language_is_plain_and_never_guessed(language: str) -> None:
    html = highlight("def f(): <b>\n", language, wraps=False)
    assert "<span" not in html
    assert "def f(): &lt;b&gt;</code>" in html


def test_a_very_long_listing_is_plain() -> None:
    assert "<span" not in highlight("x = 1\n" * 10_000, "python", wraps=False)


def test_a_long_listing_is_plain_sooner_where_the_lexer_is_slow() -> None:
    listing = "int x = 1;\n" * 300
    assert "<span" in highlight(listing, "c", wraps=False)
    assert "<span" not in highlight(listing, "c#", wraps=False)
    assert "<span" in highlight(listing[:2_000], "c#", wraps=False)


@pytest.mark.parametrize("name", ["lisp", "elisp", "maple", "smithy", "x++"])
def test_a_language_whose_lexer_may_never_end_is_plain(name: str) -> None:
    assert "<span" not in highlight("*" + "1." * 60, name, wraps=False)
    assert "<span" not in highlight("(defun f () 1)", name, wraps=False)


@pytest.mark.parametrize("unit", ["a", "\n", " \t\n", "<", "(", '"', "/*", "a."])
@pytest.mark.parametrize("name", ["csharp", "c", "java", "typescript", "groovy"])
def test_what_nobody_types_is_plain(name: str, unit: str) -> None:
    assert "<span" not in highlight(f"{unit * 1_500}x", name, wraps=False)


@pytest.mark.parametrize("name", ["scala", "fish", "rego", "chapel", "tcsh"])
def test_strings_of_many_double_backslashes_are_plain(name: str) -> None:
    assert "<span" not in highlight('x = "' + r"\\a" * 30 + "!", name, wraps=False)
    assert "<span" in highlight('x = "' + r"\\a" * 9 + '"', name, wraps=False)


def test_a_line_of_300_characters_and_ten_blank_lines_are_still_typed() -> None:
    assert "<span" in highlight(
        f'x = "{"a" * 294}"' + "\n" * 10 + "y = 2", "py", wraps=True
    )


def _coloured(nodes: list[Node]) -> list[bool]:
    found = (node for node in walk(limit_colours(nodes)) if isinstance(node, Code))
    return [bool(code.language) for code in found]


def test_of_a_post_only_so_much_code_is_coloured() -> None:
    half = "x = 1\n" * (MOST_COLOURED // 12)
    nodes: list[Node] = [Code(half, "py"), el("li", Code(half, "py")), Code(half, "py")]
    assert _coloured(nodes) == [True, True, False]
    assert _coloured([*nodes, Code("y", "py")]) == [True, True, False, True]


def test_code_in_a_slow_language_takes_more_of_what_a_post_may_colour() -> None:
    half = "x = 1\n" * 250
    assert _coloured([Code(half, "java")] * 5) == [True] * 4 + [False]
    assert _coloured([Code(half * 2, "java"), Code(half, "py")]) == [True, False]
    assert _coloured([Code("x = 1", "java")] * 100) == [True] * 100


def test_code_without_a_language_takes_nothing_of_it() -> None:
    whole = "x" * (MOST_COLOURED - 9)
    assert _coloured([Code(whole, "?"), Code(whole, "py")]) == [True, True]


def test_all_but_code_stays_as_it_is() -> None:
    others = Text("a"), el("p", "b", el("br"))
    long = "c" * (MOST_COLOURED + 1)
    assert limit_colours([*others, Code(long, "py")]) == (*others, Code(long))


def test_long_lines_wrap_in_mail_and_scroll_elsewhere() -> None:
    assert "white-space:pre-wrap" in highlight("x", "", wraps=True)
    assert "overflow-x:auto" in highlight("x", "", wraps=False)


@given(
    st.text(alphabet="ab <>&\"'#\n\t(){}=1中", max_size=80),
    st.sampled_from(["py", "console", "html", ""]),
)
@settings(max_examples=40, deadline=None)
def test_colouring_changes_no_character(text: str, language: str) -> None:
    assert _text(highlight(text, language, wraps=False)) == text.rstrip()


def test_the_last_line_of_a_console_session_is_there() -> None:
    html = highlight("$ ls -l | wc\n  3 20", "console", wraps=False)
    assert _text(html) == "$ ls -l | wc\n  3 20"
    assert "<span" in html


def test_code_that_a_lexer_would_change_is_plain() -> None:
    assert "<span" not in highlight("x = 1\r\ny = 2", "python", wraps=False)
