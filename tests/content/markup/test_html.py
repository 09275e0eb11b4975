"""Raw HTML: what stays, what goes, and what the owner is told of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]
Told = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("H<sub>2</sub> <mark>x</mark>", "<p>H<sub>2</sub> <mark>x</mark></p>"),
        ("<abbr title=t>a</abbr>", "<p><abbr title=t>a</abbr></p>"),
        (
            "<p>text</p>loose <b>text</b><hr>",
            "<p>text</p><p>loose <b>text</b></p><hr></hr>",
        ),
        ("<div><section>a<p>b</p></section></div>", "<p>a</p><p>b</p>"),
        ("<p> <br>&nbsp;</p><h2> </h2><i class=icon></i>", ""),
        ("<ruby>漢<rt>kan</ruby>", "<p><ruby>漢<rt>kan</rt></ruby></p>"),
        ("<dl> <dt>t</dt> <dd>d</dd> </dl>", "<dl><dt>t</dt><dd>d</dd></dl>"),
        (
            "<ol start=3 type=a> <li value=5>x</ol>",
            "<ol start=3 type=a><li value=5>x</li></ol>",
        ),
        (
            "<details open><summary>s</summary>t</details>",
            "<details open=><summary>s</summary><p>t</p></details>",
        ),
        ("<ul><li> <p>a</p> <p>b</p> </li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<strike>a</strike> <s>b</s>", "<p><del>a</del> <del>b</del></p>"),
        ("<span lang=zh>中</span> <span>b</span>", "<p><span lang=zh>中</span> b</p>"),
        ("<font color=red>a</font>", "<p>a</p>"),
        ("a<br> b", "<p>a<br></br>b</p>"),
        ("<div class='callout x'>a</div>", "<div class=callout><p>a</p></div>"),
        ("<b><div>a</div><p>b</p></b>", "<p><b>a b</b></p>"),
        ("<em><h3>a</h3></em>", "<p><em>a</em></p>"),
        (
            "<ins><table><tr><td>a</table></ins>",
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        ("<del><p>a</p><p>b</p></del>", "<p><del>a b</del></p>"),
        ("<del><pre>a</pre></del>", "{|a}"),
        ("<del>x<p>a</p></del>", "<p><del>x a</del></p>"),
        ("<td>x</td>", "<p>x</p>"),
    ],
)
def test_html_of_a_text_stays(outline: Outline, html: str, shown: str) -> None:
    assert outline(html, markup="html") == shown


def test_only_the_alignment_of_a_cell_stays_of_its_style(outline: Outline) -> None:
    row = (
        "<td style='color:red;text-align: right'>a</td><td align=CENTER>b</td>"
        "<td style='text-align:url(x)'>c</td><th scope=col colspan=2 style=x>d</th>"
    )

    assert (
        "<td style=text-align:right>a</td><td style=text-align:center>b</td>"
        "<td>c</td><th scope=col colspan=2>d</th>"
    ) in outline(f"<table><tr>{row}</table><p style='text-align:right'>", markup="html")


def test_no_other_style_of_an_item_stays(outline: Outline) -> None:
    html = "<ul><li style='color:red;list-style:square'>a<li style='list-style:none'>b"

    assert outline(html, markup="html") == (
        "<ul><li>a</li><li style=list-style:none>b</li></ul>"
    )


@pytest.mark.parametrize(
    ("html", "told_of"),
    [
        ("a<script>alert('$x$')</script>b", "<script> is left out"),
        ("a<style>p{}</style>b", "<style> is left out"),
        ("a<svg><script>x</script></svg>b", "<svg> is left out"),
        ("a<math><mtext>x</mtext></math>b", "<math> is left out"),
    ],
)
def test_what_acts_or_draws_is_dropped_whole_and_told(
    outline: Outline, told: Told, html: str, told_of: str
) -> None:
    assert outline(html, markup="html") == "<p>ab</p>"
    assert told_of in told(html, markup="html")[0]


@pytest.mark.parametrize(
    "html",
    [
        "<p onclick=alert(1)>a</p>",
        "<form><button>a</button></form>",
        "<object data=x>z</object>a",
        "<textarea><script>x</script></textarea>a",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>a",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'></svg>a",
    ],
)
def test_nothing_that_acts_survives(outline: Outline, html: str) -> None:
    shown = outline(html, markup="html")

    assert "a" in shown
    assert not {"onerror", "onclick", "<script", "<img"} & set(shown.split("="))
    assert "alert" not in shown or "<p>" in shown


@pytest.mark.parametrize(
    ("frame", "url", "words"),
    [
        (
            '<iframe src="//www.youtube.com/embed/abc-123?x=1" title="T"></iframe>',
            "https://www.youtube.com/watch?v=abc-123",
            "▶ YouTube: T",
        ),
        (
            "<iframe src=https://player.vimeo.com/video/42>old</iframe>",
            "https://vimeo.com/42",
            "▶ Vimeo",
        ),
        (
            "<iframe src='//player.bilibili.com/x?aid=1&amp;bvid=BV1x'></iframe>",
            "https://www.bilibili.com/video/BV1x",
            "▶ Bilibili",
        ),
        (
            "<embed src='//player.bilibili.com/player.html?aid=7'>",
            "https://www.bilibili.com/video/av7",
            "▶ Bilibili",
        ),
        (
            "<iframe src='//player.bilibili.com/player.html'></iframe>",
            "https://player.bilibili.com/player.html",
            "▶ Bilibili",
        ),
        ("<iframe data-src=//maps.org/x></iframe>", "https://maps.org/x", "▶ maps.org"),
        (
            "<iframe src=/demo title=Demo></iframe>",
            "https://example.org/demo",
            "▶ Demo",
        ),
        ("<iframe src=/demo></iframe>", "https://example.org/demo", "▶ /demo"),
    ],
)
def test_a_frame_becomes_a_link_to_what_it_shows(
    outline: Outline, frame: str, url: str, words: str
) -> None:
    assert f"<a href={url}>{words}" in outline(frame, markup="html")
    assert f"<a href={url}>{words}" in outline(f"see {frame}")


def test_a_frame_that_shows_nothing_goes(outline: Outline) -> None:
    assert outline("<iframe></iframe>", markup="html") == ""
    assert outline("<iframe src='http://[bad'></iframe>", markup="html") == (
        "<p>▶ http://[bad</p>"
    )


@pytest.mark.parametrize("markup", ["markdown", "html"])
def test_formulas_in_html_are_formulas_and_entities_characters(
    outline: Outline, markup: str
) -> None:
    html = "<div>设 $a &lt; b$ 与 \\(c\\)，$5 和 $6 \\ <b>$$d &amp;= e$$</b></div>"

    assert outline(html, markup=markup) == (
        "<p>设 ⟨a < b⟩ 与 ⟨c⟩，$5 和 $6 \\ <b>⟪d &= e⟫</b></p>"
    )


def test_a_pre_that_is_not_closed_hides_its_formulas(outline: Outline) -> None:
    assert outline("<pre>$a_1$</code>$b_1$", markup="html") == "{|$a_1$$b_1$}"


def test_the_marks_of_the_shelf_cannot_be_forged(outline: Outline) -> None:
    assert outline("$x_1$ \ufdd00\ufdd1 &#xfdd0;9&#xfdd1;").startswith("<p>⟨x_1⟩ 0 ")


@pytest.mark.parametrize("markup", ["markdown", "html"])
def test_a_control_character_goes_and_is_told_once(
    outline: Outline, told: Told, markup: str
) -> None:
    text = "a\n\nb\x00c\x01\ufeff"

    assert outline(text, markup=markup).endswith("bc</p>")
    assert told(text, markup=markup, text_line=5) == [
        "posts/a.md:7: the text holds a control character (U+0000), which is left out "
        "(take it out, or save the text from your editor again)"
    ]


def test_a_line_number_that_is_none_is_no_line(told: Told) -> None:
    html = "<td><img data-line=x alt=x src=nope.png></td>"

    assert told(f"<p><img alt=x src=nope.png></p>{html}", markup="html") == [
        "posts/a.md:1: the picture nope.png is not in the folder "
        "(put it there, or correct its name)"
    ]


def test_faults_are_told_once_and_in_the_order_of_their_lines(told: Told) -> None:
    text = "![a](2.png)\n\n<script></script>\n\n![b](1.png)"

    assert [line.split(":")[1] for line in told(text)] == ["1", "3", "5"]
