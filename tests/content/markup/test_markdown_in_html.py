"""HTML that asks for Markdown in it gets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<div markdown="1">\n*a* $x_1$\n</div>', "<p><em>a</em> ⟨x_1⟩</p>"),
        ("<div class=x markdown>\n\n- a\n\n</div>\n\n*b*", None),
        ("<div markdown='block'>*a*</div>", "<p><em>a</em></p>"),
        ("<p markdown=span>*a*\n*b*\n</p>", "<p><em>a</em> <em>b</em></p>"),
        ("a\n<div markdown=1>\n*b*\n</div>", "<p>a</p><p><em>b</em></p>"),
        (
            "<details markdown=1>\n<summary>s</summary>\n\n*a*\n</details>",
            "<details><summary>s</summary><p><em>a</em></p></details>",
        ),
        (
            "<figure markdown>\n  ![a](a.png){ width=300 }\n"
            "  <figcaption>c</figcaption>\n</figure>",
            "<figure><img src=https://example.org/posts/a.png alt=a width=300></img>"
            "<figcaption>c</figcaption></figure>",
        ),
        ("<span markdown=1>*a*</span> b", "<p><em>a</em> b</p>"),
    ],
)
def test_markdown_that_is_asked_for_is_read(
    outline: Outline, text: str, shown: str | None
) -> None:
    assert outline(text) == (shown or "<ul><li>a</li></ul><p><em>b</em></p>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<div>\n*a*\n</div>", "<p>*a*</p>"),
        ("<div markdown=0>\n*a*\n</div>", "<p>*a*</p>"),
        ("<pre markdown=1>\n*a*\n</pre>", "{|*a*}"),
        ("<div title='markdown=1'>\n*a*\n</div>", "<p>*a*</p>"),
    ],
)
def test_other_html_is_left_as_it_is(outline: Outline, text: str, shown: str) -> None:
    assert outline(text) == shown


def test_lines_within_are_told_right(told: Callable[..., list[str]]) -> None:
    text = "<div markdown=1>![a](1.png)\n![b](2.png)\n\n![c](3.png)\n</div>"

    assert [fault.split(":")[1] for fault in told(text)] == ["1", "2", "4"]
