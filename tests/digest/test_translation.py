"""Which posts are translations of one another."""

from __future__ import annotations

from pipeline.digest.translation import other_translations
from tests.digest.builders import post


def test_translations_of_a_work_know_one_another() -> None:
    posts = [
        post(id="e", language="en", translation="one"),
        post(id="z", language="zh", translation="one"),
        post(id="also e", language="en", translation="one"),
        post(id="alone", language="en", translation="two"),
        post(id="elsewhere", language="zh", translation="two", site="other"),
        post(id="no work", language="zh"),
    ]
    assert other_translations(posts) == {
        "e": ("z",),
        "z": ("e", "also e"),
        "also e": ("z",),
    }


def test_posts_of_one_language_are_no_translations() -> None:
    posts = [post(id=name, translation="one") for name in "ab"]
    assert other_translations(posts) == {}
