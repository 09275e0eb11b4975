"""Hexo's tags."""

from typing import Any

import pytest

THERE = "https://example.org/blog/there/"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% asset_img a.png %}", '<img src="a.png" alt="">'),
        (
            '{% asset_img left big a.png 300 200px "the title" "alt" %}',
            '<img src="a.png" alt="alt" title="the title" width="300" height="200">',
        ),
        (
            '{% img /a/b.jpg 300 \'"T" "A"\' %}',
            '<img src="/a/b.jpg" alt="A" title="T" width="300">',
        ),
        (
            "{% img c https://x.example/b T %}",
            '<img src="https://x.example/b" alt="T" title="T">',
        ),
        ("{% asset_img %}", '<img src="" alt="">'),
    ],
)
def test_a_picture(desk: Any, tag: str, expected: str) -> None:
    assert desk.text(tag) == expected


def test_a_picture_that_leads_its_line_is_a_block(desk: Any) -> None:
    assert desk.text("{% img a.png %}\nb") == '<img src="a.png" alt="">\n\nb'
    assert desk.text("b {% img a.png %}\nc") == 'b <img src="a.png" alt="">\nc'


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% asset_path a b.png %}", "a"),
        ('{% asset_path "a (b).png" %}', "a%20%28b%29.png"),
        (
            '{% asset_link paper.pdf "The *paper*" %}',
            r'<a href="paper.pdf">The \*paper\*</a>',
        ),
        ("{% asset_link paper.pdf %}", '<a href="paper.pdf">paper.pdf</a>'),
        ("{% post_link 2020-01-02-there %}", f'<a href="{THERE}">There</a>'),
        (
            "{% post_link there 'over there' false %}",
            f'<a href="{THERE}">over there</a>',
        ),
        ("[a]({% post_path there %})", f"[a]({THERE})"),
        (
            "{% link The text https://x.example true Title %}",
            '<a href="https://x.example">The text</a>',
        ),
        (
            "{% link here there.html %}",
            '<a href="https://example.org/blog/there.html">here</a>',
        ),
        (
            "{% link https://x.example y %}",
            '<a href="https://x.example">https://x.example</a>',
        ),
    ],
)
def test_a_link(desk: Any, tag: str, expected: str) -> None:
    assert desk.text(tag) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% post_link no Text %}", "Text"),
        ("{% post_link no %}", "no"),
        ("[a]({% post_path no %})", "a"),
    ],
)
def test_a_link_to_no_post_is_its_text(desk: Any, tag: str, expected: str) -> None:
    text, warnings = desk.warned(tag)
    assert text == expected
    assert "names a post that is not there" in warnings[0]


@pytest.mark.parametrize(
    ("opening", "heading"),
    [
        ("{% codeblock lang:js %}", ""),
        ("{% code lang:js line_number:false %}", ""),
        ("{% codeblock Array.map lang:js %}", r"<strong>Array.map</strong>" "\n"),
        (
            "{% codeblock a_b lang:js https://x.example/ More %}",
            r'<strong>a\_b <a href="https://x.example/">More</a></strong>' "\n",
        ),
        (
            "{% codeblock lang:js https://x.example/ %}",
            '<strong><a href="https://x.example/">https://x.example/</a></strong>\n',
        ),
    ],
)
def test_a_code_block(desk: Any, opening: str, heading: str) -> None:
    name = "codeblock" if "codeblock" in opening else "code"
    text = f"{opening}\nvar {{{{ x }}}};\n{{% end{name} %}}\nafter"
    assert desk.text(text) == f"{heading}```js\nvar {{{{ x }}}};\n```\nafter"


@pytest.mark.parametrize(
    ("opening", "credit"),
    [
        ("{% blockquote %}", ""),
        ("{% quote 老子, 道德经 %}", "\n\n<cite>— 老子, 道德经</cite>"),
        (
            "{% blockquote Me https://x.example/ %}",
            '\n\n<cite>— Me, <a href="https://x.example/">↗</a></cite>',
        ),
        (
            "{% blockquote Me https://x.example/ The book %}",
            '\n\n<cite>— Me, <a href="https://x.example/">The book</a></cite>',
        ),
        ("{% pullquote right %}", ""),
    ],
)
def test_a_quote(desk: Any, opening: str, credit: str) -> None:
    name = opening.split()[1]
    text = f"{opening}\n*a*\n{{% end{name} %}}"
    assert desk.text(text) == f"<blockquote>\n\n*a*{credit}\n\n</blockquote>"


@pytest.mark.parametrize(
    ("tag", "opening"),
    [
        ("{% note %}", ":::note"),
        ("{% note info %}", ":::info"),
        ("{% note warning no-icon The *title* %}", r":::warning The \*title\*"),
        ("{% note default flat %}", ":::note"),
        ("{% note pink %}", ":::note"),
    ],
)
def test_a_note_is_a_callout(desk: Any, tag: str, opening: str) -> None:
    assert desk.text(f"{tag}\na\n{{% endnote %}}\n") == f"{opening}\n\na\n\n:::\n"


def test_a_note_in_html_is_a_callout(desk: Any) -> None:
    assert desk.text("{% note tip T & T %}<p>a</p>{% endnote %}", "html") == (
        '<blockquote class="callout callout-tip"><p class="callout-title">'
        "<strong>T &amp; T</strong></p>\n\n<p>a</p>\n\n</blockquote>"
    )
    assert desk.text("{% note %}a{% endnote %}", "html") == (
        '<blockquote class="callout callout-note">\n\na\n\n</blockquote>'
    )
