"""Links of Pelican and Zola, and Zola's shortcodes."""

from typing import Any

import pytest

THERE = "https://example.org/blog/there/"
BLOG = "https://example.org/blog"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]({filename}2020-01-02-there.md#b)", f"[a]({THERE}#b)"),
        ("[a]({filename}/posts/2020-01-02-there.md)", f"[a]({THERE})"),
        ("[a](|filename|2020-01-02-there.md)", f"[a]({THERE})"),
        ("[a](<{filename}2020-01-02-there.md>)", f"[a](<{THERE}>)"),
        ("[a]: {filename}2020-01-02-there.md", f"[a]: {THERE}"),
        ('<a href="{filename}2020-01-02-there.md">', f'<a href="{THERE}">'),
        ("[a]({filename}../files/paper.pdf)", f"[a]({BLOG}/files/paper.pdf)"),
        ("![a]({static}/posts/pic.png)", f"![a]({BLOG}/posts/pic.png)"),
        ("<img src='{attach}my pic.png'>", "<img src='my%20pic.png'>"),
        ("[a]({tag}pelican)", f"[a]({BLOG}/tag/pelican.html)"),
        (
            '<a href="{category}My Things">',
            f'<a href="{BLOG}/category/my-things.html">',
        ),
        ("[a]({author}李白)", f"[a]({BLOG}/author/%E6%9D%8E%E7%99%BD.html)"),
        ("[a]({index})", f"[a]({BLOG}/)"),
        ("[a](@/posts/2020-01-02-there.md#b)", f"[a]({THERE}#b)"),
        ('<a href="@/posts/2020-01-02-there.md">', f'<a href="{THERE}">'),
    ],
)
def test_a_destination_becomes_a_url(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected
    if "<" in text[:1]:
        assert desk.text(text, "html") == expected


@pytest.mark.parametrize("name", ["{filename}no.md", "@/no.md", "|filename|no.md"])
def test_a_destination_of_nothing_is_unlinked(desk: Any, name: str) -> None:
    text, warnings = desk.warned(f"[text]({name})")
    assert text == "text"
    assert f"posts/here.md:11:8: {name} names a post that is not there" in warnings[0]


@pytest.mark.parametrize("text", ["{filename} in prose", "mail me@/x", "a {static} b"])
def test_the_same_in_prose_is_left(desk: Any, text: str) -> None:
    assert desk.text(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{{ youtube(id="ab", autoplay=true) }}',
            '<a href="https://www.youtube.com/watch?v=ab">▶ YouTube</a>',
        ),
        (
            '{{ gist(url="https://gist.github.com/me/1") }}',
            '<a href="https://gist.github.com/me/1">Gist</a>',
        ),
        (
            "{{ image(src='a.png', alt=`b`) }}",
            '<figure><img src="a.png" alt="b"></figure>',
        ),
        (
            '{% quote(author="Vincent") %}\na\n{% end %}',
            "<blockquote>\n\na\n\n<cite>— Vincent</cite>\n\n</blockquote>",
        ),
    ],
)
def test_a_zola_shortcode(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


def test_an_unknown_zola_shortcode_is_left_out(desk: Any) -> None:
    text, warnings = desk.warned("{{ chart() }}a{% box(x=1) %}b{% end %}")
    assert text == "ab"
    assert len(warnings) == 2


def test_a_call_without_names_is_no_shortcode(desk: Any) -> None:
    assert desk.text("{{ f(x) }}") == "{{ f(x) }}"
