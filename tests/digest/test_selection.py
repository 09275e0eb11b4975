"""Which posts a newsletter takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.config.settings import FilterSettings
from pipeline.content.post import Mail, Post
from pipeline.digest.selection import concerns, selects
from pipeline.subscribers.choice import Topics

POST = Post(
    id="https://example.org/a/",
    site="site",
    path="a.md",
    url="https://example.org/a/",
    title="A",
    published=datetime(2026, 11, 20, tzinfo=UTC),
    updated=datetime(2026, 11, 20, tzinfo=UTC),
    authors=("苏剑林",),
    tags=("数学", "Python"),
    series="最小熵原理",
    language="zh-CN",
)


def test_no_filter_takes_every_post() -> None:
    assert selects(FilterSettings(), POST)


@pytest.mark.parametrize("mail", [Mail.YES, Mail.ONLY, Mail.FULL])
def test_a_post_that_wants_mail_is_taken(mail: Mail) -> None:
    assert selects(FilterSettings(), replace(POST, mail=mail))


def test_a_post_that_wants_no_mail_is_never_taken() -> None:
    assert not selects(FilterSettings(), replace(POST, mail=Mail.NO))


@pytest.mark.parametrize(
    ("field", "taken", "left"),
    [
        ("tags", "python", "生活"),
        ("authors", "苏剑林", "Ann"),
        ("series", "最小熵原理", "力学"),
        ("languages", "zh-cn", "en"),
        ("languages", "zh", "z"),
    ],
)
def test_one_name_of_a_line_is_enough(field: str, taken: str, left: str) -> None:
    assert selects(FilterSettings.model_validate({field: [left, taken]}), POST)
    assert not selects(FilterSettings.model_validate({field: [left]}), POST)


def test_every_line_must_be_passed() -> None:
    rules = FilterSettings(tags=("数学",), authors=("Ann",))
    assert not selects(rules, POST)


def test_a_tag_can_be_kept_out() -> None:
    assert not selects(FilterSettings(tags=("数学",), without_tags=("PYTHON",)), POST)
    assert selects(FilterSettings(without_tags=("生活",)), POST)


def test_a_readers_topics_let_posts_in_by_the_same_rules() -> None:
    assert concerns(Topics(), POST)
    assert concerns(Topics.of(tags=["PYTHON"], languages=["zh"]), POST)
    assert not concerns(Topics.of(tags=["PYTHON"], authors=["Ann"]), POST)
