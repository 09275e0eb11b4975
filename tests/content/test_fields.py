"""Fields of front matter asked for by meaning."""

from __future__ import annotations

import pytest

from pipeline.content.fields import (
    Matter,
    did_you_mean,
    is_kept_back,
    read_authors,
    read_categories,
    read_mail,
    read_series,
    read_tags,
)
from pipeline.content.frontmatter import MisreadError, split
from pipeline.content.post import Mail


def matter(block: str) -> Matter:
    return Matter(split(f"---\nlayout: post\n{block}\n---\n").fields)


def test_the_first_name_that_has_text_answers() -> None:
    given = matter("summary: ''\ndescription: D\nexcerpt: E")
    assert given.text("summary", "description", "excerpt") == "D"
    assert given.text("title") == ""


def test_a_text_is_one_line_without_controls() -> None:
    given = matter('title: "A\\r\\nBcc: x@example.org\\u0007"')
    assert given.text("title") == "A Bcc: x@example.org"


def test_a_title_that_looks_like_a_list_is_taken_as_typed() -> None:
    assert matter("title: [转载]").text("title") == "[转载]"
    assert matter("title: {x}").text("title") == "{x}"
    assert matter("title: [a,\n  b]").text("title") == "a, b"


def test_fields_below_extra_params_and_taxonomies_count() -> None:
    given = matter(
        "extra:\n  mail: only\nparams:\n  cover: x\ntaxonomies:\n  tags: [a]"
    )
    assert read_mail(given) == Mail.ONLY
    assert given.text("cover") == "x"
    assert read_tags(given) == ("a",)


def test_the_post_itself_speaks_before_extra() -> None:
    assert matter("extra: {mail: no}\nmail: full").text("mail") == "full"


@pytest.mark.parametrize(
    ("block", "tags"),
    [
        ("tags: [a, b]", ("a", "b")),
        ("tags:\n- a\n- b", ("a", "b")),
        ("tags: 机器 学习", ("机器 学习",)),
        ("tags: a, b c", ("a", "b c")),
        ("tags: a，b、c", ("a", "b", "c")),
        ("tags: a; b, c", ("a", "b, c")),
        ("tags: [a]\ncategories: [b, A, a]", ("a", "b")),
        ("categories:\n- [Sports, Baseball]\n- Play", ("Sports", "Baseball", "Play")),
        ("tag: machine learning\ncategory: 数学", ("machine learning", "数学")),
        ("tags: ['#obsidian', 'C#']", ("obsidian", "C#")),
        ("tags: [{name: a, slug: x}, {slug: y}]", ("a",)),
        ("tags:", ()),
        ("tags: []", ()),
        ("tags: ', ,'", ()),
    ],
)
def test_tags_are_listed_in_every_generators_way(
    block: str, tags: tuple[str, ...]
) -> None:
    assert read_tags(matter(block)) == tags


def test_jekyll_cuts_its_lists_at_spaces() -> None:
    given = matter("tags: 机器  学习\ncategory: machine learning")
    assert read_tags(given, by_space=True) == ("机器", "学习", "machine learning")
    assert read_tags(matter("tags: a b, c"), by_space=True) == ("a b", "c")


def test_categories_are_listed_for_permalinks() -> None:
    given = matter("tags: [x]\ncategories: [A, [B]]")
    assert read_categories(given) == ("A", "B")


@pytest.mark.parametrize(
    ("block", "authors"),
    [
        ("author: 苏剑林", ("苏剑林",)),
        ("author: Smith, John", ("Smith, John",)),
        ("author: 张三，李四", ("张三", "李四")),
        ("author: A; B", ("A", "B")),
        ("author: {name: A, email: a@example.org}", ("A",)),
        ("author: [A, B]", ("A", "B")),
        ("authors: [A, {name: B}]", ("A", "B")),
        ("authors: A, B", ("A", "B")),
        ("authors: Smith, John; Doe, Jane", ("Smith, John", "Doe, Jane")),
        ("draft: no", ("Site",)),
    ],
)
def test_authors_are_named_in_every_generators_way(
    block: str, authors: tuple[str, ...]
) -> None:
    assert read_authors(matter(block), "Site") == authors


def test_a_site_may_name_no_author() -> None:
    assert read_authors(matter("title: x"), "") == ()


@pytest.mark.parametrize(
    ("block", "series"),
    [
        ("series: 最小熵, 一", "最小熵, 一"),
        ("series: [A, B]", "A"),
        ("series: {name: A, index: 2}", "A"),
        ("taxonomies: {series: [A]}", "A"),
        ("title: x", ""),
    ],
)
def test_a_post_belongs_to_one_series(block: str, series: str) -> None:
    assert read_series(matter(block)) == series


@pytest.mark.parametrize(
    ("block", "mail"),
    [
        ("title: x", Mail.YES),
        ("mail:", Mail.YES),
        ("mail: true", Mail.YES),
        ("mail: False", Mail.NO),
        ("mail: off", Mail.NO),
        ("mail: only", Mail.ONLY),
        ("mail: Full", Mail.FULL),
    ],
)
def test_mail_has_four_values(block: str, mail: Mail) -> None:
    assert read_mail(matter(block)) == mail


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("onyl", "did you mean 'only'?"),
        ("flase", "did you mean 'false'?"),
        ("weekly!", "write true, false, only or full"),
    ],
)
def test_any_other_word_for_mail_is_told(typed: str, remedy: str) -> None:
    with pytest.raises(MisreadError, match="none of its values") as caught:
        read_mail(matter(f"mail: {typed}"))
    error = caught.value
    assert (error.line, error.column, error.remedy) == (3, 7, remedy)


@pytest.mark.parametrize(
    ("block", "back"),
    [
        ("draft: true", True),
        ("draft: Yes", True),
        ("draft: false", False),
        ("draft:", False),
        ("published: false", True),
        ("published: true", False),
        ("published: 2024-01-02", False),
        ("publish: false", True),
        ("hidden: true", True),
        ("hidden: [home]", False),
        ("status: draft", True),
        ("status: Hidden", True),
        ("status: published", False),
        ("status: seedling", False),
        ("password: secret", True),
        ("password: false", False),
        ("password: ''", False),
    ],
)
def test_drafts_and_hidden_posts_are_kept_back(block: str, back: bool) -> None:
    assert is_kept_back(matter(block)) is back


def test_a_draft_that_is_neither_true_nor_false_is_told() -> None:
    with pytest.raises(MisreadError, match="draft is 'ture'") as caught:
        is_kept_back(matter("draft: ture"))
    assert caught.value.remedy == "did you mean 'true'?"


def test_a_status_one_letter_off_is_told_rather_than_published() -> None:
    with pytest.raises(MisreadError, match="status is 'drfat'") as caught:
        is_kept_back(matter("status: drfat"))
    assert caught.value.remedy == "did you mean 'draft'?"
    assert caught.value.line == 3


def test_without_a_near_choice_all_are_named() -> None:
    assert did_you_mean("zzz", ("true", "false")) == "write true or false"
