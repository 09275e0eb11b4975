"""Bare URLs: where they begin, and where the sentence goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.content.markup.bare_urls import trim

Outline = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "url", "rest"),
    [
        ("见http://x.org/a。", "http://x.org/a", "。"),
        ("见http://x.org/a，b", "http://x.org/a", "，b"),
        ("（http://x.org/a）", "http://x.org/a", "）"),
        ("http://x.org/a).", "http://x.org/a", ")."),
        ("http://x.org/a_(b)!", "http://x.org/a_(b)", "!"),
        ("http://x.org/a&amp;", "http://x.org/a", "&"),
        ("**http://x.org/**", "http://x.org/", ""),
        ("http://x.org查看", "http://x.org", "查看"),
        ("http://x.org/paper的结论", "http://x.org/paper", "的结论"),
        ("http://x.org/数学。", "http://x.org/数学", "。"),
        ("HTTPS://x.org/a#b", "HTTPS://x.org/a#b", ""),
        ("http://[::1]:80/x", "http://[::1]:80/x", ""),
    ],
)
def test_a_bare_url_stops_where_the_sentence_goes_on(
    outline: Outline, text: str, url: str, rest: str
) -> None:
    shown = outline(text)

    assert f">{url}</a>{rest}" in shown


@pytest.mark.parametrize(
    "text", ["http://", "xhttp://x.org", "http:// x", "foo://x.org"]
)
def test_what_is_no_url_stays_text(outline: Outline, text: str) -> None:
    assert "<a " not in outline(text)


def test_a_url_in_a_link_is_not_another_link(outline: Outline) -> None:
    link = "<a href=https://e.com>see https://x.org www.x.org</a>"

    assert outline("[see https://x.org www.x.org](https://e.com)") == f"<p>{link}</p>"
    assert outline(link) == f"<p>{link}</p>"


def test_www_is_enough(outline: Outline) -> None:
    shown = outline("看www.x.org/a(b)，或 www.y.org. 但 www. 不是")

    assert ">www.x.org/a(b)</a>" not in shown
    assert "<a href=http://www.y.org>www.y.org</a>. 但 www. 不是" in shown


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("写信到ann@example.org。", "ann@example.org", "。"),
        ("x a_b.c+d@m.example.co.uk, y", "a_b.c+d@m.example.co.uk", ", y"),
        ("<b>a@b.org</b>: x", "a@b.org", "</b>: x"),
    ],
)
def test_a_mail_address_is_a_link(
    outline: Outline, text: str, address: str, rest: str
) -> None:
    assert f"<a href=mailto:{address}>{address}</a>{rest}" in outline(text)


@pytest.mark.parametrize(
    "text",
    ["git@github.com:ann/x.git", "ann@host", "a@b.c", "x@y.org/z", "@ann", "a@b.org_c"],
)
def test_what_only_looks_like_a_mail_address_is_text(
    outline: Outline, text: str
) -> None:
    assert outline(f"x {text} y") == f"<p>x {text} y</p>"


def test_an_address_in_code_stays_code(outline: Outline) -> None:
    assert outline("`http://x.org`") == "<p><code>http://x.org</code></p>"


@pytest.mark.parametrize(
    ("text", "url"), [("x.org/?a=(b[c]))", "x.org/?a=(b[c])"), ("?!)", ""), ("", "")]
)
def test_unpaired_brackets_and_punctuation_are_trimmed(text: str, url: str) -> None:
    assert trim(text) == url
