"""The address of a post, and its id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.settings import SiteSettings
from pipeline.config.values import PERMALINK_FIELDS
from pipeline.content.frontmatter import MisreadError
from pipeline.content.location import locate
from pipeline.content.permalink import (
    fill_pattern,
    fill_placeholders,
    own_id,
    permalink_fields,
    place_on_site,
)

SITE = "https://example.org/blog/"


def fields(path: str = "essays/2024-05-01-my-post.md") -> Mapping[str, str]:
    location = locate(path, "en")
    return permalink_fields(
        location,
        slug=location.slug,
        title="My, Title",
        published=datetime(2024, 5, 1, tzinfo=ZoneInfo("UTC")),
        categories=("Big Things", "数学"),
        language="zh-cn",
    )


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/{slug}/", "/my-post/"),
        ("/{title}.html", "/my-title.html"),
        ("/{year}/{month}/{day}/{slug}", "/2024/05/01/my-post"),
        ("{path}", "essays/2024-05-01-my-post"),
        ("{folder}/x/{stem}", "essays/x/2024-05-01-my-post"),
        ("/{categories}/{slug}", "/big-things/%E6%95%B0%E5%AD%A6/my-post"),
        ("/{language}/{slug}", "/zh-cn/my-post"),
    ],
)
def test_a_pattern_is_filled_in(pattern: str, path: str) -> None:
    assert fill_pattern(pattern, fields()) == path


def test_every_field_that_the_setting_allows_is_there() -> None:
    assert set(PERMALINK_FIELDS) == set(fields())
    for name in PERMALINK_FIELDS:
        assert f"{{{name}}}" in str(SiteSettings.model_fields["permalink"].description)
        assert "{" not in fill_pattern(f"/{{{name}}}", fields())


def test_a_title_of_signs_alone_falls_back_on_the_slug() -> None:
    location = locate("a.md", "en")
    noon = datetime(2024, 5, 1, tzinfo=ZoneInfo("UTC"))
    given_fields = permalink_fields(location, slug="a", title="???", published=noon)
    assert given_fields["title"] == "a"


def test_a_sign_in_a_file_name_is_no_grammar() -> None:
    assert fill_pattern("/{stem}/", fields("C#? a.md")) == "/C%23%3F%20a/"


def test_jekylls_and_hexos_placeholders_are_filled_in() -> None:
    own = "/:categories/:year/:i_month/:title/:unknown.html"
    filled = fill_placeholders(own, fields())
    assert filled == "/big-things/%E6%95%B0%E5%AD%A6/2024/5/my-post/:unknown.html"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/archives/a/", "archives/a/"),
        ("archives/a.html", "archives/a.html"),
        ("/数学/线 性/", "%E6%95%B0%E5%AD%A6/%E7%BA%BF%20%E6%80%A7/"),
        ("/%E6%95%B0/", "%E6%95%B0/"),
        ("//evil.example/x", "evil.example/x"),
        ("../../x/./y", "x/y"),
        ("a//b/", "a/b/"),
        ("\\a\\b", "a/b"),
        ("/", ""),
        ("100%/", "100%25/"),
        ("?p=12", "?p=12"),
        ("a/#b/c", "a/#b/c"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_path_lies_below_the_site(path: str, url: str) -> None:
    assert place_on_site(path, SITE) == SITE + url


def test_an_absolute_address_stays_where_it_is() -> None:
    url = "https://例子.cn/a b/"
    assert place_on_site(url, SITE) == "https://xn--fsqu00a.cn/a%20b/"


def test_an_address_that_no_browser_follows_is_told() -> None:
    with pytest.raises(MisreadError, match="no address a post can have"):
        place_on_site("http://[bad/", SITE)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab/.%?#:\\ é题@&=+", max_size=20))
def test_an_address_is_ascii_and_placing_it_again_changes_nothing(path: str) -> None:
    url = place_on_site(path, SITE)
    assert url.isascii()
    assert url.startswith(SITE)
    assert place_on_site(url, SITE) == url


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("urn:isbn:0451450523", "urn:isbn:0451450523"),
        ("tag:example.org,2024:题", "tag:example.org,2024:%E9%A2%98"),
        ("https://old.example/?p=1", "https://old.example/?p=1"),
        (
            "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
            "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        ),
        ("12", f"{SITE}#12"),
        ("my post/a", f"{SITE}#my%20post%2Fa"),
    ],
)
def test_an_id_of_its_own_becomes_a_uri(text: str, identity: str) -> None:
    assert own_id(text, SITE) == identity
