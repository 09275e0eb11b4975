"""From the bytes of a file to a post, or to words about what is wrong with it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.faults import Fault, Severity
from pipeline.config.settings import SiteSettings
from pipeline.content.post import Enclosure, Mail, Post
from pipeline.content.read import FallbackDate, Reading, read_post
from pipeline.content.scan import Found, StatKey

URL = "https://example.org/"


def no_date(path: str) -> None:
    return None


def site(**changed: object) -> SiteSettings:
    plain = {"folder": Path("posts"), "url": URL, "title": "S", "zone": "Asia/Shanghai"}
    return SiteSettings.model_validate(plain | changed)


def read(
    text: str | bytes,
    path: str = "a.md",
    fallback: FallbackDate = no_date,
    **changed: object,
) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    found = Found(path, StatKey(len(data), 0, 0, 0))
    return read_post(
        found,
        data,
        site(**changed),
        fallback_date=fallback,
        display_path=f"posts/{path}",
    )


def post(text: str | bytes, path: str = "a.md", **changed: object) -> Post:
    reading = read(text, path, **changed)
    assert reading.post is not None, reading.faults
    return reading.post


def fault(text: str | bytes, path: str = "a.md", **changed: object) -> Fault:
    reading = read(text, path, **changed)
    assert reading.post is None
    (only,) = reading.faults
    return only


WHOLE = """---
title: 线性代数
date: 2024-05-01 09:30
lastmod: 2024-05-02T00:00:00Z
expiryDate: 2030-01-01
tags: [数学]
categories: 笔记
author: 张三
series: 基础
language: zh_CN
translationKey: algebra
summary: 一句话。
image: a.png
audio: a.mp3
mail: full
slug: algebra
---

Body
"""


def test_a_post_says_all_that_its_front_matter_does() -> None:
    shanghai = post(WHOLE).published.tzinfo
    assert post(WHOLE, "essays/x.md") == Post(
        id=f"{URL}algebra/",
        site="site",
        path="essays/x.md",
        url=f"{URL}algebra/",
        title="线性代数",
        published=datetime(2024, 5, 1, 9, 30, tzinfo=shanghai),
        updated=datetime(2024, 5, 2, tzinfo=UTC),
        expires=datetime(2030, 1, 1, tzinfo=shanghai),
        slug="algebra",
        authors=("张三",),
        tags=("数学", "笔记"),
        series="基础",
        language="zh-CN",
        translation="algebra",
        summary="一句话。",
        image=f"{URL}algebra/a.png",
        enclosures=(Enclosure(url=f"{URL}algebra/a.mp3", type="audio/mpeg"),),
        mail=Mail.FULL,
        text="\nBody\n",
        text_line=18,
        digest=hashlib.sha256(WHOLE.encode()).hexdigest(),
    )


def test_what_a_post_leaves_out_its_site_says() -> None:
    given_post = post("Body", "2024-05-01-my-post.md", author="Site", language="fr")
    assert given_post.title == "My post"
    assert given_post.slug == "my-post"
    assert given_post.authors == ("Site",)
    assert given_post.language == "fr"
    assert given_post.published.isoformat() == "2024-05-01T00:00:00+08:00"
    assert given_post.updated == given_post.published
    assert given_post.mail == Mail.YES
    assert (given_post.text, given_post.text_line) == ("Body", 1)


# Titles


def test_a_first_heading_is_the_title_and_no_part_of_the_body() -> None:
    given_post = post("---\ndate: 2024-05-01\n---\n\n# 标题\n\nBody")
    assert given_post.title == "标题"
    assert (given_post.text, given_post.text_line) == ("\nBody", 6)


def test_a_second_byte_order_mark_hides_no_heading() -> None:
    given_post = post("\ufeff---\ndate: 2024-05-01\n---\n\ufeff# Title\n\nBody")
    assert (given_post.title, given_post.text.strip()) == ("Title", "Body")


def test_a_heading_that_repeats_the_title_goes() -> None:
    head = "---\ntitle: T\ndate: 2024-05-01\n---\n"
    assert post(f"{head}# T\nBody").text == "Body"
    assert post(f"{head}# Another\nBody").text == "# Another\nBody"


def test_html_has_no_markdown_heading() -> None:
    given_post = post("---\ndate: 2024-05-01\n---\n# T\n", "my-page.html")
    assert (given_post.title, given_post.text) == ("My page", "# T\n")
    assert given_post.markup == "html"


def test_a_title_that_would_break_a_header_is_folded() -> None:
    head = '---\ntitle: "A\\r\\nBcc: x@example.org"\ndate: 2024-05-01\n---\n'
    assert post(head).title == "A Bcc: x@example.org"


# Dates


def test_a_post_without_date_takes_what_the_site_falls_back_on() -> None:
    def commit(path: str) -> datetime:
        assert path == "b/a.md"
        return datetime(2020, 1, 1, tzinfo=UTC)

    assert post("Body", "b/a.md", fallback=commit).published.year == 2020


def test_a_post_that_is_dated_nowhere_is_told_its_choices() -> None:
    assert str(fault("Body")) == (
        "posts/a.md: the post has no date (add `date: 2024-05-01`, name the file "
        "2024-05-01-…, or let the site take it from git or the file's time: "
        "`undated: [git, mtime]`; `exclude` passes a page over)"
    )


def test_a_broken_date_is_told_with_its_place() -> None:
    told = fault("---\ntitle: x\ndate: 2024-02-30\n---\n")
    assert (told.path, told.line, told.column) == ("posts/a.md", 3, 7)


def test_drafts_need_no_date() -> None:
    for path, head in (("_drafts/a.md", ""), ("a.md", "---\ndraft: true\n---\n")):
        draft = post(f"{head}Body", path)
        assert draft.draft
        assert not draft.is_live(datetime(2024, 5, 1, tzinfo=UTC))


def test_a_post_lives_from_its_date_to_its_end() -> None:
    given_post = post(WHOLE)
    assert not given_post.is_live(datetime(2024, 5, 1, 1, 29, tzinfo=UTC))
    assert given_post.is_live(datetime(2024, 5, 1, 1, 30, tzinfo=UTC))
    assert not given_post.is_live(datetime(2030, 1, 1, tzinfo=UTC))
    forever = post("Body", "2024-05-01-a.md")
    assert forever.is_live(datetime(2124, 5, 1, tzinfo=UTC))


# Pages that are no posts

NOT_POSTS = [
    ("<!doctype html><title>Demo</title><body>x", "demo.html"),
    ("google-site-verification: google123.html", "google123.html"),
    ("---\nlayout: page\ntitle: About\n---\n", "about.md"),
    ("+++\ntitle = 'About'\ntype = 'page'\n+++\n", "about.md"),
]


@pytest.mark.parametrize(("text", "path"), NOT_POSTS)
def test_a_page_is_neither_post_nor_fault(text: str, path: str) -> None:
    def mtime(path: str) -> datetime:
        return datetime(2020, 1, 1, tzinfo=UTC)

    assert read(text, path, fallback=mtime) == Reading(None)


def test_a_page_with_a_date_is_a_post() -> None:
    assert post("---\nlayout: page\ndate: 2024-05-01\n---\n").published.year == 2024


def test_what_lies_in_a_posts_folder_is_a_post() -> None:
    assert post("---\nlayout: page\n---\n", "_posts/2024-05-01-a.md").slug == "a"
    assert post("<p>x</p>", "2024-05-01-a.html").text == "<p>x</p>"
    told = fault("<p>x</p>", "_posts/a.html")
    assert told.what == "the post has no date"


def test_pelicans_pages_are_posts_by_their_head() -> None:
    head = '<html><head><title>T</title><meta name="date" content="2024-05-01">'
    given_post = post(f"{head}</head><body><p>x</p></body></html>", "a.html")
    assert (given_post.title, given_post.text) == ("T", "<p>x</p>")


# Addresses


@pytest.mark.parametrize(
    ("permalink", "url"),
    [
        ("/{slug}/", f"{URL}hello/"),
        ("/{year}/{month}/{day}/{title}.html", f"{URL}2024/05/01/t.html"),
        ("{path}", f"{URL}essays/2024-05-01-Hello"),
    ],
)
def test_a_site_has_a_pattern_of_permalinks(permalink: str, url: str) -> None:
    text = "---\ntitle: T\ndate: 2024-04-30T20:00:00Z\n---\n"
    assert post(text, "essays/2024-05-01-Hello.md", permalink=permalink).url == url


@pytest.mark.parametrize(
    ("field", "url"),
    [
        ("url: /own/", f"{URL}own/"),
        ("permalink: /own/:title.html", f"{URL}own/a.html"),
        ("path: own", f"{URL}own"),
        ("slug: /own/", f"{URL}own/"),
        ("slug: 自己", f"{URL}%E8%87%AA%E5%B7%B1/"),
    ],
)
def test_a_post_may_have_an_address_of_its_own(field: str, url: str) -> None:
    assert post(f"---\n{field}\ndate: 2024-05-01\n---\n").url == url


def test_a_name_of_signs_alone_is_its_own_slug() -> None:
    assert post("---\ndate: 2024-05-01\n---\n", "+.md").url == f"{URL}+/"


def test_an_id_in_the_front_matter_is_the_id() -> None:
    given_post = post("---\nid: '12'\ndate: 2024-05-01\n---\n")
    assert (given_post.id, given_post.url) == (f"{URL}#12", f"{URL}a/")


@pytest.mark.parametrize(
    ("path", "permalink", "url", "language"),
    [
        ("a.md", "/{slug}/", f"{URL}a/", "zh-CN"),
        ("a.zh.md", "/{slug}/", f"{URL}a/", "zh"),
        ("a.zh-cn.md", "/{slug}/", f"{URL}a/", "zh-CN"),
        ("a.en.md", "/{slug}/", f"{URL}en/a/", "en"),
        ("a.zh-tw.md", "/{slug}/", f"{URL}zh-tw/a/", "zh-TW"),
        ("a/index.en.md", "/{language}/{slug}/", f"{URL}en/a/", "en"),
    ],
)
def test_translations_lie_in_a_folder_of_their_language(
    path: str, permalink: str, url: str, language: str
) -> None:
    text = "---\ndate: 2024-05-01\n---\n"
    given_post = post(text, path, permalink=permalink, language="zh-CN")
    assert (given_post.url, given_post.language) == (url, language)
    assert given_post.translation == "a"


def test_jekylls_tags_are_cut_at_spaces() -> None:
    text = "---\nlayout: post\ntags: 机器 学习\n---\n"
    assert post(text, "_posts/2024-05-01-a.md").tags == ("机器", "学习")
    assert post(text, "2024-05-01-a.md").tags == ("机器 学习",)


# What is wrong


def test_a_post_in_gbk_is_read_and_the_guess_told() -> None:
    text = "---\ntitle: 机器学习的数学基础\ndate: 2024-05-01\n---\n\n这是一篇文章。\n"
    reading = read((text + "从线性代数到概率论，慢慢地讲清楚。\n" * 4).encode("gbk"))
    assert reading.post is not None
    assert reading.post.title == "机器学习的数学基础"
    (warning,) = reading.faults
    assert warning.severity == Severity.WARNING
    assert str(warning).startswith("posts/a.md: is not UTF-8; read as gb18030")


def test_a_setting_makes_the_charset_certain() -> None:
    text = "---\ntitle: 题\ndate: 2024-05-01\n---\n"
    reading = read(text.encode("gbk"), charset="gbk")
    assert reading.faults == ()
    assert reading.post is not None
    assert reading.post.title == "题"


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    told = fault("---\ntitle: 题\n".encode() * 20 + b"\xff")
    assert (told.line, told.what) == (
        41,
        "the text cannot be read: byte 0xff is not UTF-8",
    )
    assert "charset" in told.remedy


@pytest.mark.parametrize(
    ("field", "names"),
    [("tags", "tags"), ("categories", "tags"), ("authors", "authors")],
)
def test_of_far_too_many_names_the_first_are_taken_and_the_rest_told(
    field: str, names: str
) -> None:
    listed = ", ".join(f"n{n}" for n in range(3000))
    reading = read(f"---\ndate: 2024-05-01\n{field}: [{listed}]\n---\n")
    assert reading.post is not None
    assert getattr(reading.post, names) == tuple(f"n{n}" for n in range(100))
    (warning,) = reading.faults
    assert warning.severity == Severity.WARNING
    assert str(warning) == (
        f"posts/a.md:3: has 3,000 {names}; the first 100 were taken (take some out)"
    )


def test_a_hundred_names_are_not_too_many() -> None:
    listed = ", ".join(f"n{n}" for n in range(100))
    text = f"---\ndate: 2024-05-01\ntags: [{listed}]\nauthor: {listed}\n---\n"
    assert read(text).faults == ()


def test_an_address_holds_no_more_categories_than_a_post_has() -> None:
    listed = ", ".join(f"n{n}" for n in range(300))
    text = f"---\ndate: 2024-05-01\ncategories: [{listed}]\n---\n"
    assert post(text, permalink="/{categories}/{slug}/").url.count("/n") == 100


def test_a_title_that_is_none_for_its_length_is_told_with_its_line() -> None:
    told = fault(f"---\ndate: 2024-05-01\ntitle: {'x ' * 600}\n---\n")
    assert (told.line, told.what) == (3, "the title has over 1,000 characters")
    told = fault(f"---\ndate: 2024-05-01\n---\n\n# {'x' * 1001}\n")
    assert (told.line, told.what) == (5, "the title has over 1,000 characters")
    assert (
        post(f"---\ndate: 2024-05-01\ntitle: {'x' * 1000}\n---\n").title == "x" * 1000
    )


def test_broken_front_matter_is_told_with_its_place() -> None:
    told = fault("---\ntitle: x\ntags: [a\n---\n")
    assert str(told).startswith("posts/a.md:3:7: the list or group opened with `[`")


@pytest.mark.parametrize(
    "field", ["mail: sometimes", "draft: perhaps", "audio: 'data:x'"]
)
def test_a_field_that_means_nothing_is_told(field: str) -> None:
    told = fault(f"---\ndate: 2024-05-01\n{field}\n---\n")
    assert (told.path, told.line) == ("posts/a.md", 3)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.text(alphabet="-+{};:\"'\n abtitledate2024[]", max_size=80).map(str.encode)
)
def test_any_bytes_give_a_post_or_words_never_an_error(data: bytes) -> None:
    reading = read(data, "2024-05-01-a.md")
    assert (reading.post is None) == any(
        told.severity == Severity.FAULT for told in reading.faults
    )
