"""Hostile texts: an answer in a moment, or a fault; never a crash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.errors import ContentError
from pipeline.content.tree import Body, Element, Text, walk

Parse = Callable[..., Body]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f"[a]: https://example.org/{'y' * 5_000}\n\n" + "[a] " * 2_000,
            "grows to more than 8,000,000 characters",
        ),
        ("[" * 20_001, "more than 20,000 of the sign \\["),
        ("$a" * 20_001, "more than 20,000 of the sign \\$"),
        ("a\r\n=\r\n" * 25_001, "more than 50,000 lines"),
        ("<figure><p>" * 32_000, "nested more than 200 elements deep"),
        (">" * 10_000 + " a", "nested more than 100 levels deep"),
        ("- " * 10_000 + " a", "nested more than 100 levels deep"),
        (
            "".join(f"<b id=b{n}>" for n in range(150)) + "<p>x" * 1_000,
            "more than 100,000 elements",
        ),
        ("<em><code>" * 150, "nested more than 200 elements deep"),
        ("<ul><li>" * 150, "nested more than 200 elements deep"),
        ("<table><td>x</table>" * 30_000, "more than 100,000 elements"),
    ],
)
def test_a_text_too_deep_or_too_large_is_a_fault(
    parse: Parse, text: str, told: str
) -> None:
    with pytest.raises(ContentError, match=told) as caught:
        parse(text, text_line=4)

    assert str(caught.value).startswith("posts/a.md:4: the text ")
    assert "flatten" in caught.value.faults[0].remedy


@pytest.mark.parametrize("markup", ["markdown", "html"])
@pytest.mark.parametrize(
    "text",
    [
        *("$" * 20_000, "$a " * 10_000, "*" * 50_000, "*a " * 5_000, "[" * 5_000),
        *("![" * 5_000, "[a](" * 5_000, "<!--" * 20_000, "\\[\n\n" * 5_000),
        *("\\begin{align}\n" * 5_000, "> \\[\n" * 5_000 + "\n\\]", "$${" * 10_000),
        *("`" + "``".join("a" * 300), "<a href=x>" * 2_000, "^[" * 1_000 + "]" * 1_000),
        *("http://" * 5_000, "http://a.org/" + ")" * 20_000, "www." * 5_000),
        *('<img src=a srcset="' + ", " * 20_000 + '">', "<iframe src=x>" * 2_000),
        *("中\n" * 5_000, "<br>" * 5_000, "|$a" * 2_000 + "\n" + "|-" * 2_000),
        *('<a "="' * 9_000, "<a='\"" * 9_000, "<a x='\"" * 9_000, "<img a='<" * 9_000),
        *("<!" * 9_000, "<?" * 9_000, "<title>" * 9_000, "<T>" * 9_000, "<svg>" * 150),
        *("<a " + "b" * 50_000, "</title>" * 9_000, "<x a=b>" * 5_000),
        *(
            "![a](b " * 3_000,
            "![a](b =" * 3_000,
            "![a](b c.png)" * 1_000,
            "`a`{" * 5_000,
        ),
        *("![a](a.png){width=5}" * 1_000, "[a](b){a=" * 1_000, "{: " * 9_000),
        *(
            ":::tip\n" * 90 + "a\n" * 5_000,
            ":::tip\n:::\n" * 3_000,
            "> [!a]\n\n" * 3_000,
        ),
        *(
            "!!! note\n    a\n" * 3_000,
            "[TOC]\n\n" * 5_000,
            "x^2^" * 5_000,
            "x~" * 9_000,
        ),
        *("* a\n{:toc}\n\n" * 3_000, "^" * 9_000, "~" * 9_000),
        *("<div markdown=1>\n" * 150, "<p markdown=1>a\n" * 3_000, "a@b.org " * 2_000),
        *("<p>" * 5_000, "</p>" * 5_000, "<mark>a" * 150, "a\n=\n" * 5_000),
    ],
)
def test_a_hostile_text_is_read_in_a_moment(
    parse: Parse, markup: str, text: str
) -> None:
    assert parse(text, markup=markup).nodes is not None


def test_nesting_as_deep_as_people_write_is_no_fault(parse: Parse) -> None:
    lists = "".join("  " * depth + "- a\n" for depth in range(30))

    assert len(list(walk(parse(lists).nodes))) == 3 * 30


def test_images_in_images_without_end_are_a_fault_or_a_text(parse: Parse) -> None:
    text = "![" * 400 + "a" + "](b)" * 400

    with suppress(ContentError):
        assert parse(text).nodes


_PIECES = st.sampled_from(
    [
        *(
            "$",
            "$$",
            "`",
            "```\n",
            "*",
            "**",
            "_",
            "[",
            "](",
            ")",
            "![",
            "<",
            ">",
            "> ",
        ),
        *("<b>", "</b>", "<pre>", "</p>", "<p>", "<!--", "-->", "<!--more-->", "<img "),
        *(
            "src=a.png ",
            '"',
            "'",
            "|",
            "|-|\n",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            "    ",
            "\t",
        ),
        *("中文", "，", "a", "1", "\\", "\\[", "\\]", "\\begin{align}", "\\end{align}"),
        *("{: .x}", "[^1]", "[^1]: ", "^[", "http://x.org/", "&lt;", "&#0;", "\ufdd0"),
        *(
            "{{< ",
            " >}}",
            "{% ",
            " %}",
            "[[",
            "]]",
            "<iframe src=x>",
            "<td>",
            ": ",
            "#",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=40).map("".join)),
    st.sampled_from(["markdown", "html"]),
)
def test_any_text_gives_a_safe_tree(parse: Parse, text: str, markup: str) -> None:
    for node in walk(parse(text, markup=markup).nodes):
        if isinstance(node, Element):
            assert node.tag not in {"script", "style", "iframe", "svg", "math"}
            for name, value in node.attributes:
                assert not name.startswith(("on", "data-"))
                if name in {"href", "src", "poster", "cite"}:
                    assert value.startswith(("https://", "http://"))
        if isinstance(node, Text):
            assert not {"\ufdd0", "\ufdd1", "\x00"} & set(node.text)
