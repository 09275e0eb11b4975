"""How large a picture is to be shown, in all the ways that authors say it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.content.markup.sizes import height, sizes, width

Outline = Callable[..., str]

A = "<img src=https://example.org/posts/a.png alt=a"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("300", "300"), ("300px", "300"), (" 12.5PX ", "12"), ("50%", "50%")),
        *(("100%", "100%"), ("33.3%", "33%"), ("120%", ""), ("0%", ""), ("0", "")),
        *(("auto", ""), ("10em", ""), ("", ""), ("-5", ""), ("123456", "")),
    ],
)
def test_a_width_is_pixels_or_a_part_of_the_column(written: str, meant: str) -> None:
    assert width(written) == meant


def test_a_height_is_pixels_only() -> None:
    assert (height("20px"), height("50%")) == ("20", "")


@pytest.mark.parametrize(
    ("attributes", "meant"),
    [
        ({"width": "5", "height": "6px"}, {"width": "5", "height": "6"}),
        ({"w": "5", "h": "6"}, {"width": "5", "height": "6"}),
        ({"style": "max-width: 9px; WIDTH:50%;height:auto"}, {"width": "50%"}),
        ({"style": "width:9px", "width": "5"}, {"width": "5"}),
        ({"alt": "width"}, {}),
    ],
)
def test_sizes_are_read_from_attributes_and_style(
    attributes: dict[str, str], meant: dict[str, str]
) -> None:
    assert sizes(attributes) == meant


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("![a](a.png =100x200)", " width=100 height=200"),
        ("![a](a.png =100x)", " width=100"),
        ("![a](a.png =x20)", " height=20"),
        ("![a](<a.png> =50%x)", " width=50%"),
        ("![a](a.png){width=50%}", " width=50%"),
        ("![a](a.png){#fig .x width='300px'}", " width=300"),
        ('![a](a.png){: width="9" height="8" .w-50}', " width=9 height=8"),
        ("![a](a.png)\n{: w='70' h=\"60\" .x}", " width=70 height=60"),
        ("![a](a.png){#fig}", ""),
        ("![a|300](a.png)", " width=300"),
        ("![a | 300x20](a.png)", " width=300 height=20"),
        ('<img src=a.png alt=a width="50%">', " width=50%"),
        ('<img src=a.png alt=a style="width:80px">', " width=80"),
    ],
)
def test_the_size_that_follows_a_picture_is_its_own(
    outline: Outline, text: str, size: str
) -> None:
    assert outline(text) == f"<figure>{A}{size}></img></figure>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x {width=5}", "<p>x {width=5}</p>"),
        ("![a|b](a.png) c", f"<p>{A}|b></img> c</p>"),
        ("![a|`5`](a.png) c", f"<p>{A}|5></img> c</p>"),
        ("*a*{: width=5}", "<p><em>a</em></p>"),
        ("[l](http://e.com){target=_blank} x", "<p><a href=http://e.com>l</a> x</p>"),
        ("`x`{.python} y", "<p><code>x</code> y</p>"),
        ("[l](http://e.com){x}", "<p><a href=http://e.com>l</a>{x}</p>"),
        (
            "[![a](a.png){width=5}](http://e.com)",
            f"<figure><a href=http://e.com>{A} width=5></img></a></figure>",
        ),
        ("![a](a.png) b {: width=5}", f"<p>{A}></img> b</p>"),
    ],
)
def test_other_lists_of_attributes_say_no_size(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![a](two words.png)", "/posts/two%20words.png alt=a"),
        ("![a](two words.png 't')", "/posts/two%20words.png alt=a"),
        ('![a](two words.png "t" =9x)', "/posts/two%20words.png alt=a width=9"),
        ("![a](two words.png =9x 't')", "/posts/two%20words.png alt=a width=9"),
        ("![a](no (1) more.png)", "/a/no%20(1)%20more.png alt=a"),
        ("[![a](two words.png)](/x)", "/posts/two%20words.png alt=a"),
    ],
)
def test_a_picture_s_name_may_hold_spaces(
    outline: Outline, text: str, shown: str
) -> None:
    assert f"<img src=https://example.org{shown}></img>" in outline(text)


def test_a_picture_whose_name_holds_spaces_is_told_where_it_is_missing(
    told: Callable[..., list[str]],
) -> None:
    assert told("a\n\n![b](no such.png)") == [
        "posts/a.md:3: the picture no such.png is not in the folder "
        "(put it there, or correct its name)"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "![a](see the text)",
        "![a](b =)",
        "![a] (a b.png)",
        "![a](a b.png",
        "![a](<> =9x)",
    ],
)
def test_brackets_in_prose_are_no_picture(outline: Outline, text: str) -> None:
    assert outline(text) == f"<p>{text}</p>"
