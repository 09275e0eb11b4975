"""What HTML hides from readers: it is told, and no words after it are lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]
Told = Callable[..., list[str]]

BOTH = pytest.mark.parametrize("markup", ["markdown", "html"])


@BOTH
@pytest.mark.parametrize(
    ("tag", "inside"),
    [
        ("title", "<title>x</title>"),
        ("template", "<template><p>x</p><template>y</template></template>"),
        ("select", "<select name=a><option>x</select>"),
        ("textarea", "<textarea>x</textarea>"),
        ("noscript", "<noscript>Switch JavaScript on</noscript>"),
        ("svg", "<svg><svg/><svg></svg><title>x</title></svg>"),
        ("script", "<script>if (a<b && $x$) { '</p>' }</script>"),
        ("math", "<math><mi>x</mi></math>"),
        ("svg", "<svg src=x/>"),
    ],
)
def test_what_goes_with_its_words_is_told_once(
    outline: Outline, told: Told, markup: str, tag: str, inside: str
) -> None:
    text = f"<p>a</p>\n\n<p>{inside}b</p>"

    assert outline(text, markup=markup) == "<p>a</p><p>b</p>"
    assert [fault[:33] for fault in told(text, markup=markup)] == [
        f"posts/a.md:3: <{tag}> is left out: "[:33]
    ]


def test_an_element_that_nothing_closes_ends_with_the_last_that_closes_one(
    outline: Outline,
) -> None:
    assert outline("a<svg><svg><b>x</b></svg>b", markup="html") == "<p>ab</p>"


@BOTH
@pytest.mark.parametrize(
    "html",
    [
        "<noscript><img src=a.png></noscript>",
        "<head><title>x</title><style>p {}</style></head>",
    ],
)
def test_what_says_a_thing_twice_goes_without_a_word(
    outline: Outline, told: Told, markup: str, html: str
) -> None:
    assert outline(f"{html}<p>a</p>", markup=markup) == "<p>a</p>"
    assert told(html, markup=markup) == []


@BOTH
@pytest.mark.parametrize(
    "prose",
    [
        "The <title> of a page, and <script> too",
        "A List<String>, a vector<int>",
        "A Map<Object>, an Option<A>",
        "a<b$ and 1 <2",
    ],
)
def test_a_tag_in_prose_that_nothing_closes_is_text(
    outline: Outline, told: Told, markup: str, prose: str
) -> None:
    assert outline(f"{prose} <b>c</b>", markup=markup) == f"<p>{prose} <b>c</b></p>"
    assert told(prose, markup=markup) == []


def test_the_words_after_a_tag_in_prose_are_read_as_ever(outline: Outline) -> None:
    text = "The <title> of `</title>`.\n\n*a* $x_1$"

    assert outline(text) == (
        "<p>The <title> of <code></title></code>.</p><p><em>a</em> ⟨x_1⟩</p>"
    )


@BOTH
def test_an_end_that_nothing_opened_goes_or_is_text(
    outline: Outline, markup: str
) -> None:
    assert outline("a</title>b </T>", markup=markup) == "<p>ab </T></p>"


@BOTH
def test_an_element_that_html_lacks_is_told_once_and_leaves_its_words(
    outline: Outline, told: Told, markup: str
) -> None:
    text = "a <Tip>b</Tip> <Badge text='<x>'/><tip>c</tip> <my-x>d</my-x>"

    assert outline(text, markup=markup) == "<p>a b c d</p>"
    assert told(text, markup=markup) == [
        f"posts/a.md:1: <{name}> is no element of HTML and is left out; its inside "
        "was kept (write it as `code` if it is to be read)"
        for name in ("tip", "badge")
    ]


@BOTH
def test_what_stands_in_place_of_a_plugin_is_kept(
    outline: Outline, told: Told, markup: str
) -> None:
    text = (
        "<object data=x.swf><p>a</p></object>\n\n<applet><p>b</p></applet>\n\n"
        "<noembed><p>c</p></noembed><noframes><p>d</p></noframes>"
    )

    assert outline(text, markup=markup) == "<p>a</p><p>b</p><p>c</p><p>d</p>"
    assert [fault.split(":")[1] for fault in told(text, markup=markup)] == ["1", "3"]
    assert "what stands in its place is kept" in told(text, markup=markup)[0]


@BOTH
def test_a_comment_that_nothing_closes_is_told(told: Told, markup: str) -> None:
    assert told("a\n\n<!-- b\n\nc", markup=markup) == [
        "posts/a.md:3: nothing closes the <!-- here: all that follows it is left out "
        "(close it with -->)"
    ]
    assert told("a <!-- b --> c\n\n<!-->d", markup=markup) == []


@BOTH
@pytest.mark.parametrize(
    "html", ["<!DOCTYPE html>", "<?php echo 1 ?>", "<![CDATA[x]]>"]
)
def test_what_speaks_to_programs_goes(outline: Outline, markup: str, html: str) -> None:
    assert outline(f"{html}\n\n<p>a</p>", markup=markup) == "<p>a</p>"
