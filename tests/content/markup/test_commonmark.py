"""CommonMark as it is, and the places where this parser differs on purpose.

All 652 examples of CommonMark 0.31.2 give the same HTML, but for these: a bare URL
or mail address is a link (602, 608, 611, 612), as in GFM.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("> a\nb", "<blockquote><p>a b</p></blockquote>"),
        ("1. c\n\n   d\n2. e", "<ol><li><p>c</p><p>d</p></li><li><p>e</p></li></ol>"),
        ("a\n===\n\nb\n---\n\n***", "<h1>a</h1><h2>b</h2><hr></hr>"),
        ("- a\n- b\n\n* c", "<ul><li>a</li><li>b</li></ul><ul><li>c</li></ul>"),
        ("[a][R]\n\n[r]: /x 't'", "<p><a href=https://example.org/x title=t>a</a></p>"),
        ("<https://e.com/?b>", "<p><a href=https://e.com/?b>https://e.com/?b</a></p>"),
        ("`` ` `` *a* _b_", "<p><code>`</code> <em>a</em> <em>b</em></p>"),
        ("\\*a\\* &amp; &#42;", "<p>*a* & *</p>"),
        ("<b>*a*</b>", "<p><b><em>a</em></b></p>"),
        ("7. a", "<ol start=7><li>a</li></ol>"),
        ("[not a link] (/x)", "<p>[not a link] (/x)</p>"),
        (r"\[not a link](/x)", "<p>[not a link](/x)</p>"),
        (r"a\\(b", r"<p>a\(b</p>"),
    ],
)
def test_markdown_is_commonmark(outline: Outline, text: str, shown: str) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a@e.com", "<p><a href=mailto:a@e.com>a@e.com</a></p>"),
        ("https://e.com", "<p><a href=https://e.com>https://e.com</a></p>"),
        ("< https://e.com >", "<p>< <a href=https://e.com>https://e.com</a> ></p>"),
        (
            "<https://e.com/a bim>",
            "<p><<a href=https://e.com/a>https://e.com/a</a> bim></p>",
        ),
    ],
)
def test_a_bare_url_is_a_link_as_in_gfm(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown
