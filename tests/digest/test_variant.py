"""Variants: members who get the same posts in the same language."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.digest.issue import Issue
from pipeline.digest.variant import Member, Variant, group_members

LANGUAGES = ("en", "zh-CN")
POSTS = {4: "d", 5: "e", 6: "f", 8: "h"}


def issue(start: int = 4, end: int = 8) -> Issue:
    return Issue(
        id=1,
        newsletter="weekly",
        number=1,
        boundary=datetime(2026, 11, 20, tzinfo=UTC),
        from_number=start,
        upto_number=end,
    )


def test_a_member_gets_what_lies_above_their_coverage() -> None:
    members = [Member(1, 0, "en"), Member(2, 5, "en"), Member(3, 7, "en")]
    assert group_members(members, POSTS, issue(), LANGUAGES) == (
        Variant(1, ("e", "f", "h"), "en", (1,)),
        Variant(2, ("f", "h"), "en", (2,)),
        Variant(3, ("h",), "en", (3,)),
    )


def test_nobody_gets_a_post_from_before_the_issue() -> None:
    (variant,) = group_members([Member(1, 0, "en")], POSTS, issue(), LANGUAGES)
    assert "d" not in variant.post_ids


def test_a_member_who_has_it_all_is_in_no_variant() -> None:
    assert group_members([Member(1, 8, "en")], POSTS, issue(), LANGUAGES) == ()


def test_an_issue_whose_posts_are_gone_has_no_variant() -> None:
    assert group_members([Member(1, 0, "en")], {}, issue(), LANGUAGES) == ()


def test_coverages_between_the_same_posts_make_one_variant() -> None:
    members = [Member(2, 7, "en"), Member(1, 6, "en")]
    assert group_members(members, POSTS, issue(), LANGUAGES) == (
        Variant(1, ("h",), "en", (1, 2)),
    )


def test_a_member_is_written_to_in_their_own_language_where_there_is_a_catalogue() -> (
    None
):
    members = [Member(1, 7, "zh-Hans"), Member(2, 7, "en-GB"), Member(3, 7, "fr")]
    assert group_members(members, POSTS, issue(), LANGUAGES) == (
        Variant(1, ("h",), "en", (2, 3)),
        Variant(2, ("h",), "zh-CN", (1,)),
    )


member_ids = st.integers(1, 200)
members_of_all_kinds = st.dictionaries(
    member_ids, st.tuples(st.integers(0, 9), st.sampled_from(["en", "zh", "fr", ""]))
)


@settings(max_examples=60)
@given(
    members_of_all_kinds,
    st.sets(st.integers(1, 9)),
    st.integers(0, 9),
    st.integers(0, 9),
    st.randoms(),
)
def test_variants_say_what_asking_each_member_alone_says(
    known: dict[int, tuple[int, str]],
    numbers: set[int],
    start: int,
    end: int,
    random: object,
) -> None:
    members = [
        Member(n, coverage, language) for n, (coverage, language) in known.items()
    ]
    random.shuffle(members)  # type: ignore[attr-defined]
    posts = {n: f"post {n}" for n in numbers}
    variants = group_members(members, posts, issue(start, end), LANGUAGES)

    given_to = {m: (v.post_ids, v.language) for v in variants for m in v.members}
    wanted = {
        member.id: (
            tuple(posts[n] for n in sorted(posts) if lowest < n <= end),
            "zh-CN" if member.language == "zh" else "en",
        )
        for member in members
        for lowest in [max(start, member.coverage)]
        if any(lowest < n <= end for n in posts)
    }
    assert given_to == wanted
    assert sum(len(v.members) for v in variants) == len(wanted)
    assert len({(v.post_ids, v.language) for v in variants}) == len(variants)
    assert [v.n for v in variants] == list(range(1, len(variants) + 1))
    assert variants == group_members(members[::-1], posts, issue(start, end), LANGUAGES)
