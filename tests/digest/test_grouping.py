"""Variants: members who get the same posts in the same language."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.post import Post
from pipeline.digest.grouping import Contents, group_members
from pipeline.digest.variant import Member, Variant
from pipeline.subscribers.choice import EVERYTHING, Topics
from tests.digest.builders import post

LANGUAGES = ("en", "zh-CN")
MATHS, PYTHON = Topics.of(tags=["maths"]), Topics.of(tags=["python"])


def named(name: str, language: str = "en", work: str = "", *tags: str) -> Post:
    return post(id=name, language=language, translation=work, tags=tags)


POSTS = {5: named("e"), 6: named("f"), 8: named("h")}


def contents(
    posts: Mapping[int, Post] = POSTS, withheld: Mapping[str, frozenset[int]] = {}
) -> Contents:
    return Contents(
        posts=posts, languages=LANGUAGES, own_language="en", withheld=withheld
    )


def got(members: list[Member], issue: Contents) -> dict[int, str]:
    """Return what each member gets, as the names of the posts."""
    return {
        member: "".join(variant.post_ids)
        for variant in group_members(members, issue)
        for member in variant.members
    }


def test_a_member_gets_what_lies_above_their_coverage() -> None:
    members = [Member(1, 0, "en"), Member(2, 5, "en"), Member(3, 7, "en")]
    assert group_members(members, contents()) == (
        Variant(1, ("e", "f", "h"), "en", (1,)),
        Variant(2, ("f", "h"), "en", (2,)),
        Variant(3, ("h",), "en", (3,)),
    )


def test_a_member_who_has_it_all_is_in_no_variant() -> None:
    assert group_members([Member(1, 8, "en")], contents()) == ()


def test_an_issue_whose_posts_are_gone_has_no_variant() -> None:
    assert group_members([Member(1, 0, "en")], contents({})) == ()


def test_coverages_between_the_same_posts_make_one_variant() -> None:
    members = [Member(2, 7, "en"), Member(1, 6, "en")]
    assert group_members(members, contents()) == (Variant(1, ("h",), "en", (1, 2)),)


def test_a_member_is_written_to_in_their_own_language_where_there_is_a_catalogue() -> (
    None
):
    members = [Member(1, 7, "zh-Hans"), Member(2, 7, "en-GB"), Member(3, 7, "fr")]
    assert group_members(members, contents()) == (
        Variant(1, ("h",), "en", (2, 3)),
        Variant(2, ("h",), "zh-CN", (1,)),
    )


def test_a_member_gets_the_posts_of_their_topics_only() -> None:
    issue = contents(
        {1: named("a", "en", "", "maths"), 2: named("b", "en", "", "python", "maths")}
    )
    members = [
        Member(1, 0, "en", MATHS),
        Member(2, 0, "en", PYTHON),
        Member(3, 0, "en", Topics.of(tags=["cooking"])),
        Member(4, 0, "en"),
    ]
    assert got(members, issue) == {1: "ab", 2: "b", 4: "ab"}


def test_members_who_chose_otherwise_but_get_the_same_share_a_variant() -> None:
    issue = contents({1: named("a", "en", "", "maths", "python")})
    members = [Member(1, 0, "en", MATHS), Member(2, 0, "", PYTHON)]
    (variant,) = group_members(members, issue)
    assert variant.members == (1, 2)


def test_of_translations_a_member_gets_the_one_in_their_language() -> None:
    issue = contents({1: named("e", "en", "one"), 2: named("z", "zh-CN", "one")})
    languages = {1: "zh-Hant", 2: "en-GB", 3: "fr", 4: ""}
    members = [Member(n, 0, language) for n, language in languages.items()]
    assert got(members, issue) == {1: "z", 2: "e", 3: "e", 4: "e"}


def test_without_their_language_and_the_newsletters_the_first_one_counts() -> None:
    issue = contents({1: named("j", "ja", "one"), 2: named("d", "de", "one")})
    assert got([Member(1, 0, "zh")], issue) == {1: "j"}


def test_topics_come_before_translations() -> None:
    issue = contents({1: named("e", "en", "one"), 2: named("z", "zh-CN", "one")})
    chinese = Topics.of(languages=["zh"])
    assert got([Member(1, 0, "en", chinese)], issue) == {1: "z"}


def test_two_posts_of_a_work_in_one_language_are_no_translations() -> None:
    issue = contents({1: named("a", "en", "one"), 2: named("b", "en", "one")})
    assert got([Member(1, 0, "en")], issue) == {1: "ab"}


def test_a_member_does_not_get_what_they_have_already() -> None:
    issue = contents(withheld={"e": frozenset({1}), "h": frozenset({1, 2})})
    members = [Member(1, 0, "en"), Member(2, 0, "en"), Member(3, 0, "en")]
    assert got(members, issue) == {1: "f", 2: "ef", 3: "efh"}


member_ids = st.integers(1, 200)
members_of_all_kinds = st.dictionaries(
    member_ids,
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(["en", "zh", "fr", ""]),
        st.sampled_from([EVERYTHING, MATHS, PYTHON]),
    ),
)
posts_of_all_kinds = st.dictionaries(
    st.integers(1, 9), st.sets(st.sampled_from(["maths", "python"]))
)


@settings(max_examples=60)
@given(members_of_all_kinds, posts_of_all_kinds, st.randoms())
def test_variants_say_what_asking_each_member_alone_says(
    known: dict[int, tuple[int, str, Topics]],
    tags: dict[int, set[str]],
    random: object,
) -> None:
    members = [Member(n, *rest) for n, rest in known.items()]
    random.shuffle(members)  # type: ignore[attr-defined]
    issue = contents(
        {n: named(f"post {n}", "en", "", *some) for n, some in tags.items()}
    )
    variants = group_members(members, issue)

    given_to = {m: (v.post_ids, v.language) for v in variants for m in v.members}
    wanted = {}
    for member in members:
        topic = "".join(member.topics.tags)
        ids = tuple(
            f"post {n}"
            for n in sorted(tags)
            if n > member.coverage and (not topic or topic in tags[n])
        )
        if ids:
            wanted[member.id] = ids, "zh-CN" if member.language == "zh" else "en"
    assert given_to == wanted
    assert sum(len(v.members) for v in variants) == len(wanted)
    assert len({(v.post_ids, v.language) for v in variants}) == len(variants)
    assert [v.n for v in variants] == list(range(1, len(variants) + 1))
    assert variants == group_members(members[::-1], issue)
