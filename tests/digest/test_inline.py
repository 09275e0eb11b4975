"""CSS goes into style attributes, by either engine, and nothing is fetched."""

from __future__ import annotations

import sys

import pytest
from lxml import html as lxml_html

from pipeline.base.errors import ConfigError
from pipeline.digest.inline import inline_css

ENGINES = ("css-inline", "premailer")
PAGE = """<!doctype html>
<html lang="zh-CN"><head><title>t</title>
<style>p { color: #123456; margin: 0 0 4px } .a { font-family: 'A B', serif }</style>
<style data-css-inline="keep">
@media (prefers-color-scheme: dark) { p { color: #ffffff !important } }
[data-ogsc] p { color: #eeeeee !important }
</style></head>
<body><p class="a" style="padding: 1px">中文 &amp; <img src="a.png" width="40"></p>
<!--[if mso]><table><tr><td><![endif]--></body></html>"""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def declarations(style: str) -> set[str]:
    return {part.replace(" ", "") for part in style.split(";") if part.strip()}


def test_rules_become_style_attributes_beside_those_there_were(engine: str) -> None:
    (paragraph,) = lxml_html.fromstring(inline_css(PAGE, engine)).iter("p")
    assert declarations(paragraph.get("style").replace('"', "'")) == {
        "color:#123456",
        "margin:004px",
        "font-family:'AB',serif",
        "padding:1px",
    }


def test_rules_for_the_dark_stay_with_their_importance(engine: str) -> None:
    (style,) = lxml_html.fromstring(inline_css(PAGE, engine)).iter("style")
    assert "prefers-color-scheme" in style.text
    assert "[data-ogsc] p" in style.text
    assert style.text.count("!important") == 2
    assert dict(style.attrib) == {}


def test_what_is_not_css_stays_as_it_was(engine: str) -> None:
    page = inline_css(PAGE, engine)
    assert page.lower().startswith("<!doctype html>")
    assert '<html lang="zh-CN">' in page
    assert "中文 &amp; <img" in page
    assert 'width="40"' in page
    assert "<!--[if mso]><table><tr><td><![endif]-->" in page


def test_an_article_about_mail_keeps_the_tag_it_shows(engine: str) -> None:
    shown = '&lt;style data-css-inline="keep"&gt;'
    page = PAGE.replace("中文", f"<code>{shown}</code>")
    page = page.replace("<title>t", f"<title>{shown}")
    inlined = lxml_html.fromstring(inline_css(page, engine))
    tag = '<style data-css-inline="keep">'
    assert [el.text for el in inlined.iter("code", "title")] == [tag, tag]
    (style,) = inlined.iter("style")
    assert dict(style.attrib) == {}


def test_no_engine_fetches_a_style_sheet(engine: str) -> None:
    page = PAGE.replace(
        "<style>",
        '<link rel="stylesheet" href="file:///etc/hostname">'
        "<style>@import url('http://127.0.0.1:9/a.css');",
    )
    assert "color" in inline_css(page, engine)


def test_premailer_that_is_not_installed_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "premailer", None)
    with pytest.raises(ConfigError, match=r"pip install 'pressroom\[premailer\]'"):
        inline_css(PAGE, "premailer")
