"""Which feeds a site has, and which posts stand in each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pipeline.config.settings import FeedSettings, SiteSettings
from pipeline.content.post import Mail, Post
from pipeline.feeds.select import FeedSpec, authors_of, language_of, select_feeds
from tests.feeds.builders import NOON, post, site


def on_day(day: int, name: str = "", **changes: Any) -> Post:
    """Return a post of that many days after noon of the first."""
    published = NOON + timedelta(days=day)
    return post(name or f"day-{day}", published=published, **changes)


def select(
    *posts: Post, where: SiteSettings | None = None, **asked: Any
) -> tuple[FeedSpec, ...]:
    return select_feeds(where or site(), FeedSettings.model_validate(asked), posts)


def folders(specs: tuple[FeedSpec, ...]) -> list[str]:
    return [spec.folder for spec in specs]


def days(spec: FeedSpec) -> list[str]:
    return [post_id.rstrip("/").rpartition("/")[2] for post_id in spec.post_ids]


def test_a_site_has_a_feed_even_without_posts() -> None:
    assert select() == (
        FeedSpec(
            site="site",
            kind="site",
            name="",
            title="例子",
            folder="",
            language="zh-CN",
            post_ids=(),
        ),
    )


def test_posts_stand_newest_first_and_by_id_within_one_instant() -> None:
    posts = [on_day(1), on_day(3), on_day(2, "b"), on_day(2, "a")]
    assert days(select(*posts)[0]) == ["day-3", "b", "a", "day-1"]
    assert select(*posts) == select(*reversed(posts))


def test_a_feed_holds_the_newest_posts_that_were_asked_for() -> None:
    posts = [on_day(day, tags=("t",)) for day in range(5)]
    for spec in select(*posts, entries=2, tags="all"):
        assert days(spec) == ["day-4", "day-3"]


def test_a_post_for_mail_only_stands_in_no_feed() -> None:
    posts = [on_day(1), on_day(2, mail=Mail.ONLY, tags=("secret",))]
    specs = select(*posts, tags="all")
    assert folders(specs) == [""]
    assert days(specs[0]) == ["day-1"]


def test_a_post_that_is_kept_out_of_mail_stands_in_feeds() -> None:
    assert days(select(on_day(1, mail=Mail.NO))[0]) == ["day-1"]


def test_posts_of_another_site_are_left_out() -> None:
    assert days(select(on_day(1), on_day(2, site="notes"))[0]) == ["day-1"]


def test_without_being_asked_a_site_has_no_other_feed() -> None:
    full = on_day(1, tags=("t",), authors=("a",), series="s", language="en")
    assert folders(select(full)) == [""]


def test_all_makes_a_feed_of_each_name_that_a_post_has() -> None:
    posts = [
        on_day(
            1, tags=("数学", "AI"), authors=("苏剑林",), series="变分", language="en"
        ),
        on_day(2, tags=("数学",), authors=("Ann Lee", "苏剑林")),
    ]
    specs = select(*posts, tags="all", authors="all", languages="all", series="all")
    assert folders(specs) == [
        "",
        "tags/ai",
        "tags/数学",
        "authors/ann-lee",
        "authors/苏剑林",
        "languages/en",
        "languages/zh-cn",
        "series/变分",
    ]
    kinds = ["site", *["tags", "authors", "languages"] * 2, "series"]
    assert sorted(spec.kind for spec in specs) == sorted(kinds)


def test_a_title_names_the_site_and_what_the_feed_is_about() -> None:
    specs = select(on_day(1, tags=("数学",)), tags="all", languages=["en", "zh", "tlh"])
    assert [spec.title for spec in specs] == [
        "例子",
        "例子 – 数学",
        "例子 – English",
        "例子 – 中文",
        "例子 – tlh",
    ]


def test_a_language_feed_is_in_its_language_and_others_in_that_of_the_site() -> None:
    specs = select(on_day(1, tags=("t",)), tags="all", languages=["en_us", "zh"])
    assert [spec.language for spec in specs] == ["zh-CN", "zh-CN", "en-US", "zh"]


def test_a_listed_name_without_posts_has_an_empty_feed() -> None:
    specs = select(on_day(1, tags=("数学",)), tags=["物理", "数学"])
    assert folders(specs) == ["", "tags/物理", "tags/数学"]
    assert specs[1].post_ids == ()


def test_a_listed_name_is_shown_as_the_list_has_it() -> None:
    specs = select(on_day(1, tags=("deep-learning",)), tags=["Deep Learning"])
    assert specs[1].name == "Deep Learning"
    assert days(specs[1]) == ["day-1"]


def test_with_all_a_name_is_shown_as_the_oldest_post_has_it() -> None:
    posts = [
        on_day(1, tags=("Deep Learning", "DEEP LEARNING")),
        on_day(2, tags=("deep_learning",)),
        on_day(3, tags=("deep-learning",)),
    ]
    specs = select(*posts, tags="all")
    assert [spec.name for spec in specs] == ["", "Deep Learning"]
    assert days(specs[1]) == ["day-3", "day-2", "day-1"]
    assert specs == select(*reversed(posts), tags="all")


def test_a_name_listed_in_two_spellings_has_one_feed() -> None:
    specs = select(on_day(1), tags=["Maths", "maths", " "])
    assert [spec.name for spec in specs] == ["", "Maths"]


def test_a_tag_without_letters_to_it_has_no_feed() -> None:
    assert folders(select(on_day(1, tags=("-", " ")), tags="all")) == [""]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("zh", ["day-4", "day-3", "day-1"]),
        ("zh-CN", ["day-4", "day-1"]),
        ("zh-tw", ["day-3"]),
        ("z", []),
        ("en", ["day-2"]),
    ],
)
def test_a_language_takes_in_its_regions(wanted: str, found: list[str]) -> None:
    posts = [
        on_day(1, language="zh_cn"),
        on_day(2, language="en"),
        on_day(3, language="zh-TW"),
        on_day(4),
    ]
    assert days(select(*posts, languages=[wanted])[1]) == found


def test_a_post_without_author_has_the_author_of_the_site() -> None:
    assert authors_of(post(), site()) == ("苏剑林",)
    assert authors_of(post(), site(author="")) == ()
    assert authors_of(post(authors=("Ann",)), site()) == ("Ann",)


def test_a_site_whose_language_is_no_tag_has_none_determined() -> None:
    assert language_of(post(), site(language="klingonese!")) == "und"
    assert language_of(post(language="en_gb"), site()) == "en-GB"
