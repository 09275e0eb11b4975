"""URLs are made absolute, ASCII and safe, the way browsers read them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.urls import absolute, quote_part

PAGE = "https://example.org/blog/post/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("a.html", "https://example.org/blog/post/a.html"),
        ("../a/", "https://example.org/blog/a/"),
        ("/a/", "https://example.org/a/"),
        ("?q=1", "https://example.org/blog/post/?q=1"),
        ("#fn:1", "https://example.org/blog/post/#fn:1"),
        ("", PAGE),
        ("//cdn.example.net/x.js", "https://cdn.example.net/x.js"),
        ("HTTP://Example.NET/A", "http://example.net/A"),
        ("http:/example.net/a", "http://example.net/a"),
        ("https://example.net", "https://example.net"),
        ("https://example.net:8443/a", "https://example.net:8443/a"),
        ("https://u:p@example.net/", "https://u:p@example.net/"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("http://under_score.example/", "http://under_score.example/"),
    ],
)
def test_a_link_is_read_from_its_page(url: str, expected: str) -> None:
    assert absolute(url, PAGE) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("数学/a b.png", "https://example.org/blog/post/%E6%95%B0%E5%AD%A6/a%20b.png"),
        ("https://例子.中国/路", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF"),
        (
            "https://bücher.example/?q=ü#ü",
            "https://xn--bcher-kva.example/?q=%C3%BC#%C3%BC",
        ),
        ("https://例子。中国/", "https://xn--fsqu00a.xn--fiqs8s/"),
        ("100%.html", "https://example.org/blog/post/100%25.html"),
        ("a%20b", "https://example.org/blog/post/a%20b"),
        ('a"b<c>', "https://example.org/blog/post/a%22b%3Cc%3E"),
        ("a\\b?c\\d", "https://example.org/blog/post/a/b?c%5Cd"),
        ("a\ud800b", "https://example.org/blog/post/a%3Fb"),
    ],
)
def test_what_is_not_ascii_is_encoded(url: str, expected: str) -> None:
    assert absolute(url, PAGE) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "mailto:李@example.org?subject=a b",
            "mailto:%E6%9D%8E@example.org?subject=a%20b",
        ),
        ("TEL:+86-10", "tel:+86-10"),
        ("sms:10086", "sms:10086"),
        ("geo:1,2", "geo:1,2"),
        ("xmpp:a@b", "xmpp:a@b"),
        ("ftp://example.org/f", "ftp://example.org/f"),
    ],
)
def test_schemes_a_reader_can_follow_are_kept(url: str, expected: str) -> None:
    assert absolute(url, PAGE) == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "\x01java\tscript\r:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "about:blank",
        "blob:x",
    ],
)
def test_a_scheme_that_does_things_is_refused(url: str) -> None:
    assert absolute(url, PAGE) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://[bad",
        "http://[1:2/",
        "http://",
        "https:///",
        "http://a b.example/",
        "http://example.org:port/",
        "http://example.org:99999/",
        "http://\u2100.example/",
        "http://-\u00fc-.example/",
        "http://[v1.x]/",
    ],
)
def test_what_no_browser_could_follow_is_none(url: str) -> None:
    assert absolute(url, PAGE) is None


def test_a_link_on_a_page_that_is_nowhere_is_none() -> None:
    assert absolute("a.html", "") is None


def test_the_name_of_a_file_is_encoded_whole() -> None:
    assert quote_part("50%25 图?.png") == "50%2525%20%E5%9B%BE%3F.png"


@settings(max_examples=200)
@given(st.text(max_size=40) | st.from_regex(r"(https?://|//|/)?[a-z./?#%\\@:ü ]{0,20}"))
def test_an_absolute_url_stays_as_it_is(url: str) -> None:
    once = absolute(url, PAGE)
    if once is not None:
        assert once.isascii()
        assert not any(char.isspace() for char in once)
        assert absolute(once, "https://elsewhere.example/") == once
