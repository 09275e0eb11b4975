"""Ids outlive every rename, and no id is given twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.identity import Known, Remains, digest_of_text, reconcile
from pipeline.content.post import Post

SITE = "https://example.org/"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def post(path: str, text: str, *, url: str = "", own: str = "", **rest: bool) -> Post:
    url = url or f"{SITE}{path.removesuffix('.md')}/"
    return Post(
        id=own or url,
        site="site",
        path=path,
        url=url,
        title="T",
        published=NOON,
        updated=NOON,
        text=text,
        digest=f"sha of {text}",
        **rest,
    )


def seen(one: Post, identity: str = "") -> Known:
    return Known(
        id=identity or one.id,
        path=one.path,
        url=one.url,
        digest=one.digest,
        text_digest=digest_of_text(one.text),
    )


A, B = post("a.md", "aaa"), post("b.md", "bbb")
KNOWN = [seen(A), seen(B)]


def ids(known: list[Known], *read: Post) -> dict[str, str]:
    return {one.path: one.id for one in reconcile(known, read).posts}


def test_a_new_post_keeps_the_id_it_brings() -> None:
    result = reconcile([], [A, B])
    assert result.posts == (A, B)
    assert (result.faults, result.vanished) == ((), ())


def test_an_unchanged_post_is_the_known_one() -> None:
    result = reconcile(KNOWN, [A, B])
    assert result.posts == (A, B)
    assert result.vanished == ()


def test_an_edited_post_is_the_known_one() -> None:
    assert ids(KNOWN, post("a.md", "edited"), B) == {"a.md": A.id, "b.md": B.id}


def test_a_new_address_does_not_make_a_new_post() -> None:
    moved = post("a.md", "edited", url=f"{SITE}elsewhere/")
    (result,) = reconcile(KNOWN[:1], [moved]).posts
    assert result.id == A.id
    assert result.url == f"{SITE}elsewhere/"


def test_a_renamed_file_is_known_by_its_bytes() -> None:
    assert ids(KNOWN, post("new/name.md", "aaa"), B)["new/name.md"] == A.id


def test_two_files_that_change_places_take_their_ids_along() -> None:
    swapped = ids(KNOWN, post("a.md", "bbb"), post("b.md", "aaa"))
    assert swapped == {"a.md": B.id, "b.md": A.id}


def test_a_renamed_file_with_a_new_date_is_known_by_its_text() -> None:
    redated = replace(post("2025-01-01-a.md", "aaa"), digest="front matter edited")
    assert ids(KNOWN, redated, B)["2025-01-01-a.md"] == A.id


def test_a_file_moved_and_edited_is_known_by_its_address() -> None:
    moved = post("a/index.md", "edited", url=A.url)
    assert ids(KNOWN, moved, B)["a/index.md"] == A.id


def test_a_copy_beside_its_original_is_another_post() -> None:
    copied = ids(KNOWN, post("a.md", "edited"), post("a-old.md", "aaa"), B)
    assert copied["a.md"] == A.id
    assert copied["a-old.md"] == f"{SITE}a-old/"


def test_an_empty_text_is_no_evidence() -> None:
    empty = post("a.md", " ")
    other = replace(post("z.md", "\n"), digest="other")
    result = reconcile([seen(empty)], [other])
    assert result.posts == (other,)
    assert result.vanished == (empty.id,)


def test_a_store_without_digests_of_texts_still_knows_paths() -> None:
    known = [replace(one, text_digest="") for one in KNOWN]
    assert ids(known, post("a.md", "edited")) == {"a.md": A.id}


def test_an_id_of_its_own_is_the_strongest_evidence() -> None:
    first = post("a.md", "aaa", own="urn:x:1")
    elsewhere = post("z.md", "quite new", own="urn:x:1")
    result = reconcile([seen(first)], [elsewhere, post("a.md", "another")])
    assert [one.id for one in result.posts] == ["urn:x:1", A.id]
    assert result.vanished == ()


def test_an_id_added_later_does_not_make_a_new_post() -> None:
    assert ids(KNOWN, post("a.md", "aaa", own="urn:x:1"), B)["a.md"] == A.id


def test_a_new_post_at_an_address_that_another_left_gets_a_numbered_id() -> None:
    left = seen(post("a.md", "aaa", url=f"{SITE}x/"), identity=f"{SITE}a/")
    newcomer = post("n.md", "nnn", url=f"{SITE}a/")
    known = [left]
    assert ids(known, newcomer) == {"n.md": f"{SITE}a/#2"}
    known.append(seen(newcomer, identity=f"{SITE}a/#2"))
    another = post("m.md", "mmm", url=f"{SITE}a/")
    assert ids(known, another) == {"m.md": f"{SITE}a/#2"}
    known[1] = replace(known[1], url=f"{SITE}y/")
    assert ids(known, another) == {"m.md": f"{SITE}a/#3"}


LONG_GONE = replace(KNOWN[0], remains=Remains("T", NOON))
LATER = datetime(2026, 5, 1, tzinfo=UTC)


def test_a_new_post_at_the_address_of_one_long_gone_is_another() -> None:
    new = replace(post("a.md", "new"), title="New", published=LATER)
    result = reconcile([LONG_GONE], [new])
    assert [one.id for one in result.posts] == [f"{A.id}#2"]
    assert result.vanished == (A.id,)
    elsewhere = replace(new, path="c.md")
    assert ids([LONG_GONE], elsewhere) == {"c.md": f"{A.id}#2"}


def test_a_post_long_gone_that_comes_back_is_the_same() -> None:
    back = replace(A, path="c.md", url=f"{SITE}c/", title="New", published=LATER)
    edited = post("a.md", "edited")
    for again in (
        A,
        back,
        replace(back, digest="sha of new front matter"),
        replace(edited, title="New"),
        replace(edited, published=LATER),
        replace(edited, path="c.md", title="New"),
        replace(edited, path="c.md", published=LATER),
    ):
        assert ids([LONG_GONE], again) == {again.path: A.id}


def test_the_post_that_took_the_place_of_one_long_gone_keeps_it() -> None:
    taken = replace(post("a.md", "new"), title="New", published=LATER)
    heir = seen(taken, f"{A.id}#2")
    edited = replace(taken, text="newer", digest="sha of newer")
    assert ids([LONG_GONE, heir], edited) == {"a.md": f"{A.id}#2"}
    assert ids([heir, LONG_GONE], edited) == {"a.md": f"{A.id}#2"}


def test_what_is_gone_is_told() -> None:
    assert reconcile(KNOWN, [A]).vanished == (B.id,)


def test_a_faulty_post_is_neither_gone_nor_given_away() -> None:
    heir = post("c.md", "bbb", url=B.url)
    result = reconcile(KNOWN, [A, heir], faulty=["b.md"])
    assert result.vanished == ()
    assert [one.id for one in result.posts] == [A.id, f"{B.id}#2"]


def test_of_two_posts_with_one_address_the_first_by_path_stays() -> None:
    first, second = (
        post("a.md", "1", url=f"{SITE}x/"),
        post("b.md", "2", url=f"{SITE}x/"),
    )
    result = reconcile([], [second, first], show=lambda path: f"posts/{path}")
    assert result.posts == (first,)
    (fault,) = result.faults
    assert str(fault) == (
        "posts/b.md: the post has the address https://example.org/x/, which "
        "posts/a.md has already (give one of them another `slug` or `permalink`)"
    )


def test_the_post_known_at_an_address_keeps_it() -> None:
    newcomer = post("a-new.md", "n", url=B.url)
    result = reconcile(KNOWN, [newcomer, A, B])
    assert result.posts == (A, B)
    assert [fault.path for fault in result.faults] == ["a-new.md"]


def test_a_known_post_that_runs_into_another_is_not_gone() -> None:
    result = reconcile(KNOWN, [A, post("b.md", "bbb", url=A.url)])
    assert result.posts == (A,)
    assert result.vanished == ()
    assert [fault.path for fault in result.faults] == ["b.md"]


def test_a_draft_gives_way_without_a_fault() -> None:
    draft = post("_drafts/a.md", "draft", url=A.url, draft=True)
    result = reconcile([], [draft, A])
    assert result.posts == (A,)
    assert result.faults == ()


def test_of_two_posts_with_one_id_one_stays() -> None:
    first, second = post("a.md", "1", own="urn:x"), post("b.md", "2", own="urn:x")
    result = reconcile([], [first, second])
    assert result.posts == (first,)
    (fault,) = result.faults
    assert fault.what == "the post has the id urn:x, which a.md has already"
    assert fault.remedy == "give one of them another `id`"


NAMES = st.lists(
    st.sampled_from([f"{letter}.md" for letter in "abcdefgh"]),
    unique=True,
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(NAMES, st.data())
def test_renaming_any_files_keeps_all_ids(
    names: list[str], data: st.DataObject
) -> None:
    before = [post(name, f"text of {name}") for name in names]
    others = data.draw(st.permutations([f"{letter}.md" for letter in "abcdefghijkl"]))
    after = [post(new, one.text) for one, new in zip(before, others, strict=False)]
    result = reconcile([seen(one) for one in before], after)
    named = {one.text: one.id for one in result.posts}
    assert named == {one.text: one.id for one in before}
    assert result.faults == ()
    assert result.vanished == ()


POSTS = st.builds(
    lambda path, text, url, own, draft: post(
        f"{path}.md", text, url=f"{SITE}{url}/", own=own, draft=draft
    ),
    path=st.sampled_from("abcdef"),
    text=st.sampled_from(["", "1", "2", "3"]),
    url=st.sampled_from("uvwx"),
    own=st.sampled_from(["", "", "urn:1", "urn:2"]),
    draft=st.booleans(),
)
RUNS = st.lists(st.lists(POSTS, unique_by=lambda one: one.path, max_size=5), max_size=5)


@settings(max_examples=100, deadline=None)
@given(RUNS)
def test_no_id_is_ever_given_twice(runs: list[list[Post]]) -> None:
    known: dict[str, Known] = {}
    for read in runs:
        result = reconcile(list(known.values()), read)
        given_ids = [one.id for one in result.posts]
        assert len(set(given_ids)) == len(given_ids)
        assert {one.path for one in result.posts} <= {one.path for one in read}
        assert not set(result.vanished) & set(given_ids)
        assert len({one.url for one in result.posts}) == len(result.posts)
        left_out = {one.path for one in read} - {one.path for one in result.posts}
        told = {fault.path for fault in result.faults}
        assert told == {
            one.path for one in read if one.path in left_out and not one.draft
        }
        known |= {one.id: seen(one) for one in result.posts}


@settings(max_examples=200, deadline=None)
@given(RUNS)
def test_what_did_not_change_may_be_left_out_of_the_search(
    runs: list[list[Post]],
) -> None:
    known: dict[str, Known] = {}
    before: dict[str, Post] = {}
    for read in runs:
        unchanged, changed = [], []
        for one in read:
            old = before.get(one.path)
            same = old and (old.url, old.digest) == (one.url, one.digest)
            (unchanged if same else changed).append(old if old and same else one)
        everything = [*unchanged, *changed]
        whole = reconcile(list(known.values()), everything)
        part = reconcile(list(known.values()), changed, unchanged=unchanged)
        paths = {one.path for one in changed}
        assert [one for one in part.posts if one.path in paths] == [
            one for one in whole.posts if one.path in paths
        ]
        assert (part.faults, part.vanished) == (whole.faults, whole.vanished)
        before = {one.path: one for one in whole.posts}
        known |= {one.id: seen(one) for one in whole.posts}
