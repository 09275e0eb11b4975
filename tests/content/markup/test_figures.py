"""Pictures that stand alone, and those in a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]

A = "<img src=https://example.org/posts/a.png alt=a></img>"
B = "<img src=https://example.org/images/b.png alt=b></img>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![a](a.png)", f"<figure>{A}</figure>"),
        ('![a](a.png "说明")', f"<figure>{A}<figcaption>说明</figcaption></figure>"),
        (
            '![a](a.png "see $x_1$")',
            f"<figure>{A}<figcaption>see ⟨x_1⟩</figcaption></figure>",
        ),
        (
            '![a](a.png)\n![b](../images/b.png "B")',
            f"<figure>{A}</figure><figure>{B}<figcaption>B</figcaption></figure>",
        ),
        (
            '[![a](a.png "t")](http://e.com)',
            f"<figure><a href=http://e.com>{A}</a><figcaption>t</figcaption></figure>",
        ),
        (
            "[![a](a.png)](http://e.com)<br>",
            f"<figure><a href=http://e.com>{A}</a></figure>",
        ),
        ("- ![a](a.png)", f"<ul><li>{A}</li></ul>"),
        ("see ![a](a.png)", f"<p>see {A}</p>"),
        ("[![a](a.png) x](http://e.com)", f"<p><a href=http://e.com>{A} x</a></p>"),
        ("**![a](a.png)**", f"<p><strong>{A}</strong></p>"),
        ("[x](http://e.com)", "<p><a href=http://e.com>x</a></p>"),
    ],
)
def test_a_picture_alone_is_a_figure_and_its_title_the_caption(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![a](a.png)\n*说明*", f"<figure>{A}<figcaption>说明</figcaption></figure>"),
        (
            "![a](a.png)  \n_b `c` $x_1$_",
            f"<figure>{A}<figcaption>b <code>c</code> ⟨x_1⟩</figcaption></figure>",
        ),
        (
            "![a](a.png)\n![b](../images/b.png)\n*B*",
            f"<figure>{A}</figure><figure>{B}<figcaption>B</figcaption></figure>",
        ),
        ("![a](a.png)\n*b* c", f"<p>{A} <em>b</em> c</p>"),
        ("![a](a.png)\n**b**", f"<p>{A} <strong>b</strong></p>"),
        ("*b*\n![a](a.png)", f"<p><em>b</em> {A}</p>"),
        ("*b*", "<p><em>b</em></p>"),
    ],
)
def test_emphasis_alone_below_a_picture_is_its_caption(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            "<figure>\n<img src=a.png alt=a>\n<figcaption> c </figcaption></figure>",
            f"<figure>{A}<figcaption>c</figcaption></figure>",
        ),
        ("<figure><p><img src=a.png alt=a></p></figure>", f"<figure>{A}</figure>"),
        ("<figure></figure>", ""),
        ("<figure> <figcaption></figcaption></figure>", ""),
        ("<figure><img src=a.png alt=a><figcaption></figure>", f"<figure>{A}</figure>"),
        ("<div><img src=a.png alt=a></div>", f"<figure>{A}</figure>"),
        (
            "<a href=http://e.com><figure><img src=a.png alt=a>"
            "<figcaption>c</figcaption></figure></a>",
            f"<figure><a href=http://e.com>{A}</a></figure>",
        ),
    ],
)
def test_a_figure_in_html_stays_one(outline: Outline, html: str, shown: str) -> None:
    assert outline(html, markup="html") == shown
