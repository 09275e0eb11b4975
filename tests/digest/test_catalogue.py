"""Catalogues: words and dates in the reader's language."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from jinja2.ext import babel_extract

from pipeline.digest.catalogue import Catalogue, is_cjk_language, match_language
from tests.digest.builders import CATALOGUES, TEMPLATES

Message = tuple[str, ...]


def messages(source: str) -> set[Message]:
    found = babel_extract(
        BytesIO(source.encode()),
        keywords=["_", "gettext", "ngettext"],
        comment_tags=[],
        options={"trimmed": "true", "trim_blocks": "true", "silent": "false"},
    )
    return {
        (words,) if isinstance(words, str) else tuple(filter(None, words))
        for _, _, words, _ in found
    }


def in_chinese(message: Message) -> str:
    words = CATALOGUES["zh_CN"].translations
    if len(message) > 1:
        return str(words.ungettext(*message, 2))
    return words.ugettext(*message)


ALL_MESSAGES = sorted(set[Message]().union(*map(messages, TEMPLATES.values())))


def test_the_templates_have_words_to_translate() -> None:
    assert ("In this issue",) in ALL_MESSAGES
    assert ("%(count)s min read", "%(count)s min read") in ALL_MESSAGES


@pytest.mark.parametrize("message", ALL_MESSAGES, ids=lambda message: message[0])
def test_every_message_of_a_template_is_translated_into_chinese(
    message: Message,
) -> None:
    assert in_chinese(message) not in message


@pytest.mark.parametrize("message", ALL_MESSAGES, ids=lambda message: message[0])
def test_a_translation_has_the_placeholders_of_its_message(message: Message) -> None:
    names = {"number", "count", "tags", "address", "newsletter"}
    translated = in_chinese(message)
    used = {name for name in names if f"%({name})s" in message[0]}
    assert {name for name in names if f"%({name})s" in translated} == used


def test_a_date_is_written_as_its_readers_write_it() -> None:
    day = date(2026, 11, 20)
    assert CATALOGUES["en"].date(day) == "20 November 2026"
    assert CATALOGUES["zh_CN"].date(day) == "2026年11月20日"


def test_a_list_is_joined_as_its_readers_join_it() -> None:
    assert CATALOGUES["en"].comma() == ", "
    assert CATALOGUES["zh_CN"].comma() == "、"


def test_a_language_tag_is_written_the_bcp_47_way() -> None:
    assert CATALOGUES["zh_CN"].language == "zh-CN"


def test_plurals_follow_the_rule_of_the_catalogue() -> None:
    header = (
        'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 '
        '? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"\n\n'
    )
    forms = 'msgid "post"\nmsgid_plural "posts"\n' + "".join(
        f'msgstr[{n}] "{word}"\n' for n, word in enumerate(["пост", "поста", "постов"])
    )
    russian = Catalogue.from_po(header + forms, "ru").translations
    said = [russian.ungettext("post", "posts", n) for n in (1, 3, 11)]
    assert said == ["пост", "поста", "постов"]


def test_what_is_not_translated_stands_as_it_is() -> None:
    assert CATALOGUES["zh_CN"].translations.ugettext("Good day") == "Good day"


@pytest.mark.parametrize(
    ("language", "match"),
    [
        ("zh-CN", "zh-CN"),
        ("zh_cn", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-Hans", "zh-CN"),
        ("zh-tw", "zh-TW"),
        ("en-GB", "en"),
        ("fr", None),
        ("", None),
    ],
)
def test_a_language_is_matched_to_the_nearest_catalogue(
    language: str, match: str | None
) -> None:
    assert match_language(language, ["en", "zh-CN", "zh-TW"]) == match


def test_chinese_japanese_and_korean_are_set_in_their_own_way() -> None:
    assert [is_cjk_language(tag) for tag in ("zh-CN", "ja", "ko", "en", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]
