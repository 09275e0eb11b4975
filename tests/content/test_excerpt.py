"""An excerpt is what is before the author's mark, else a cut that splits nothing."""

from collections.abc import Iterable
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.text import count_words, graphemes
from pipeline.content.excerpt import MOST_PICTURES, Excerpt, excerpt
from pipeline.content.tree import Body, Code, Element, Formula, More, Node, Text, walk


def el(tag: str, *children: Node | str, **attributes: str) -> Element:
    nodes = (Text(child) if isinstance(child, str) else child for child in children)
    return Element(tag, tuple(attributes.items()), tuple(nodes))


def cut(*nodes: Node, limit: int = 10) -> Excerpt:
    return excerpt(Body(nodes=nodes), limit=limit)


def text_of(nodes: Iterable[Node]) -> str:
    return "".join(node.text for node in walk(nodes) if isinstance(node, Text | Code))


NOTE = el("sup", el("a", "[1]", href="https://example.org/a/#43e1ec-fn-1"))
NOTES = el("section", el("ol", el("li", "the note")), **{"class": "footnotes"})
PICTURE = el("img", src="https://example.org/a.png", alt="a")
LONG = el("p", "一二三四五六七八九十" * 3)


# The author's mark


def test_everything_before_the_mark_is_the_excerpt_however_long() -> None:
    assert cut(LONG, LONG, More(), el("p", "rest")) == Excerpt(
        (LONG, LONG), whole=False
    )


def test_a_heading_right_before_the_mark_is_left_out() -> None:
    assert cut(LONG, el("h2", "H"), More(), el("p", "rest")).nodes == (LONG,)


def test_the_mark_may_be_inside_a_block() -> None:
    inside = el("div", el("p", "a", More(), "b"), el("p", "c"))
    assert cut(inside, el("p", "d")) == Excerpt((el("div", el("p", "a")),), whole=False)


def test_an_element_that_the_mark_leaves_empty_is_left_out() -> None:
    first = el("p", "a")
    assert cut(first, el("p", More(), "b")).nodes == (first,)


def test_a_mark_at_the_end_cuts_nothing() -> None:
    assert cut(LONG, More(), el("p", " ")) == Excerpt((LONG, el("p", " ")), whole=True)


def test_a_mark_at_the_beginning_says_nothing() -> None:
    assert cut(More(), el("p", "a b"), limit=1) == Excerpt(
        (el("p", "a…"),), whole=False
    )


def test_a_picture_before_the_mark_is_an_excerpt() -> None:
    assert cut(PICTURE, More(), el("p", "a")).nodes == (PICTURE,)


def test_an_excerpt_before_the_mark_has_no_footnotes() -> None:
    got = cut(el("p", "a", NOTE, "b"), More(), el("p", "c"), NOTES)
    assert got.nodes == (el("p", "a", "b"),)


# The automatic cut


def test_a_short_body_is_whole() -> None:
    nodes = (el("h1", "Title"), el("p", "a ", el("em", "b"), NOTE), NOTES)
    assert cut(*nodes) == Excerpt(nodes, whole=True)


def test_an_empty_body_is_whole() -> None:
    assert cut() == Excerpt((), whole=True)


def test_chinese_is_counted_by_character_and_cut_with_an_ellipsis() -> None:
    assert cut(LONG).nodes == (el("p", "一二三四五六七八九十…"),)


def test_words_are_never_split() -> None:
    assert (
        text_of(cut(el("p", "one two three four"), limit=3).nodes) == "one two three…"
    )


def test_mixed_scripts_are_counted_together() -> None:
    got = cut(el("p", "用Python写Markdown解析器很快乐"), limit=5)
    assert text_of(got.nodes) == "用Python写Markdown解…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一二三四五六七。八九十十一", "一二三四五六七。…"),
        ("一二三四五六七，八九十十一", "一二三四五六七…"),
        ("一二三四五六。七，八九十十一", "一二三四五六。七…"),
        ("一二三四五六,七八九十十一", "一二三四五六,七八九十…"),
        ("一二三四五六七,八九十十一", "一二三四五六七…"),
        ("一二三。四五六七八九十十一", "一二三。四五六七八九十…"),
        ("“一二三四五六七。”八九十十一", "“一二三四五六七。”…"),
        ("一二三四五六七八九十（十一）", "一二三四五六七八九十…"),
        ("1 2 3 4 5 6 7 8. 9 10 11 12", "1 2 3 4 5 6 7 8. …"),
        ("1 2 3 4 5 6 7 8! 9 10 11 12", "1 2 3 4 5 6 7 8! …"),
        ("1 2 3 4 5 6 7 8, 9 10 11 12", "1 2 3 4 5 6 7 8…"),
        ("1 2 3 4 5 6 7 8 3.14 10 11", "1 2 3 4 5 6 7 8 3.14 10…"),
        ("1 2 3 4 5 6 7 8… 9 10 11 12", "1 2 3 4 5 6 7 8…"),
    ],
)
def test_a_cut_is_after_a_sentence_or_clause_that_ends_near_it(
    text: str, expected: str
) -> None:
    assert text_of(cut(el("p", text)).nodes) == expected


def test_a_sentence_may_end_in_an_earlier_element() -> None:
    got = cut(el("p", "一二三四五", el("b", "六七八。"), "九十十一"))
    assert got.nodes == (el("p", "一二三四五", el("b", "六七八。"), "…"),)


def test_a_paragraph_that_ends_near_the_limit_ends_the_excerpt() -> None:
    first = el("p", "一二三四五六七八。")
    assert cut(first, LONG) == Excerpt((first,), whole=False)


def test_a_paragraph_that_ends_early_is_followed_by_part_of_the_next() -> None:
    got = cut(el("p", "一二三。"), LONG)
    assert got.nodes == (el("p", "一二三。"), el("p", "一二三四五六七…"))


def test_links_and_emphasis_are_cut_inside() -> None:
    got = cut(el("p", el("a", "one two three", href="x")), limit=2)
    assert got.nodes == (el("p", el("a", "one two", href="x"), "…"),)


def test_a_list_is_cut_between_its_items() -> None:
    items = [el("li", "一二三四") for _ in range(4)]
    assert cut(el("ul", *items)).nodes == (el("ul", *items[:2]),)


def test_a_formula_is_one_word_and_never_split() -> None:
    formula = Formula(r"\sum_{k=1}^n k", line=1)
    kept = cut(el("p", "一二", formula, "三四五"), limit=3)
    assert kept.nodes == (el("p", "一二", formula, "…"),)
    left = cut(el("p", "一二", formula, "三四五"), limit=2)
    assert left.nodes == (el("p", "一二…"),)


@pytest.mark.parametrize(
    "atom",
    [
        Code("a b c d e f g h"),
        el("pre", "a b c d e f g h"),
        el("table", el("tr", el("td", "a b c d e f g h"))),
        el("figure", PICTURE, el("figcaption", "a b c d e f g h")),
    ],
)
def test_an_atom_that_does_not_fit_is_left_or_stands_alone(atom: Node) -> None:
    before = el("p", "一二三")
    assert cut(before, atom, LONG).nodes == (before,)
    assert cut(atom, LONG, limit=5) == Excerpt((atom,), whole=False)


def test_a_display_formula_is_a_block() -> None:
    formula = Formula("x", display=True)
    before = el("p", "一二三")
    got = cut(before, formula, LONG, limit=7)
    assert got.nodes == (before, formula, el("p", "一二三…"))


def test_a_table_counts_its_words_and_formulas() -> None:
    table = el("table", el("tr", el("td", Formula("x"), "一二"), el("td", Code("a b"))))
    assert cut(table, LONG, limit=9).nodes == (table, el("p", "一二三四…"))


def test_a_body_of_one_picture_is_whole() -> None:
    assert cut(el("p", PICTURE), limit=1) == Excerpt((el("p", PICTURE),), whole=True)
    assert cut(el("figure", PICTURE), limit=0).whole


def test_a_picture_before_the_text_is_kept() -> None:
    figure = el("figure", PICTURE)
    got = cut(figure, LONG)
    assert got.nodes == (figure, el("p", "一二三四五六七八九十…"))


def test_an_album_gives_its_first_pictures() -> None:
    album = [el("figure", PICTURE) for _ in range(9)]
    assert cut(*album) == Excerpt(tuple(album[:MOST_PICTURES]), whole=False)


def test_an_album_in_one_paragraph_gives_its_first_pictures() -> None:
    got = cut(el("p", *[PICTURE] * 9), limit=100)
    assert got.nodes == (el("p", *[PICTURE] * MOST_PICTURES, "…"),)


def test_a_picture_in_a_link_is_not_torn_from_its_caption() -> None:
    linked = el("a", el("figure", PICTURE, el("figcaption", "一二")), href="x")
    assert cut(linked, LONG, limit=3).nodes[0] == linked


def test_ruby_is_not_split() -> None:
    ruby = el("ruby", "漢字", el("rt", "かんじ"))
    assert cut(el("p", ruby, "一二三"), limit=2).nodes == (el("p", ruby, "一…"),)


def test_a_line_break_is_kept() -> None:
    paragraph = el("p", "一", el("br"), "二三")
    assert cut(paragraph, limit=2).nodes == (el("p", "一", el("br"), "二…"),)


def test_an_emoji_of_many_parts_is_not_split() -> None:
    family = "👨‍👩‍👧‍👦"
    assert text_of(cut(el("p", f"一{family}二三四"), limit=2).nodes) == f"一{family}…"


def test_a_heading_is_never_last() -> None:
    nodes = [el("p", "一二三"), el("section", el("h2", "四"), el("hr")), LONG]
    assert cut(*nodes[:2], Code("x " * 20)).nodes == (el("p", "一二三"),)
    assert cut(*nodes).nodes[1] == nodes[1]


def test_a_heading_beyond_the_limit_ends_the_excerpt() -> None:
    paragraph = el("p", "一二三四五")
    assert cut(paragraph, el("h2", "六七八九十十一"), LONG).nodes == (paragraph,)


def test_headings_that_leave_no_room_are_passed_over() -> None:
    titles = el("header", el("h1", "一二三四五"), el("h2", "六七八九十"))
    assert cut(titles, LONG).nodes[-1] == el("p", "一二三四五六七八九十…")


def test_headings_alone_give_the_first() -> None:
    heading = el("h1", "一二三四五六七八九十十一")
    assert cut(heading, heading) == Excerpt((heading,), whole=False)


def test_an_automatic_excerpt_has_no_footnotes() -> None:
    got = cut(el("p", "一二", NOTE, "三四五六"), NOTES, limit=5)
    assert got == Excerpt((el("p", "一二", "三四五…"),), whole=False)


def test_a_short_body_with_long_footnotes_loses_only_them() -> None:
    notes = el("section", LONG, **{"class": "footnotes"})
    got = cut(el("p", "一二", NOTE), notes)
    assert got == Excerpt((el("p", "一二"),), whole=False)


def test_an_exponent_is_no_footnote() -> None:
    link = el("a", "3", href="https://example.org/#part")
    powers = el("p", "x", el("sup", "2"), el("sup", link))
    assert cut(powers, LONG).nodes[0] == powers


def test_text_without_words_does_not_go_on_for_ever() -> None:
    got = cut(el("p", "—" * 10_000), limit=10)
    assert len(text_of(got.nodes)) < 1_000


def test_white_space_between_blocks_is_nothing() -> None:
    got = cut(Text("\n"), el("p", "一二三"), Text("\n"), LONG, Text("\n"), limit=3)
    assert got.nodes == (Text("\n"), el("p", "一二三"))


# What holds of every body

TEXTS = st.text(alphabet="ab 中文。，.!é👍🏽\u0301\n“（", max_size=60).map(Text)
INLINE = st.recursive(
    TEXTS | st.just(Formula("x")) | st.just(PICTURE),
    lambda inner: st.builds(
        lambda nodes: el("em", *nodes), st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)
BLOCKS = st.recursive(
    st.lists(INLINE, max_size=4).map(lambda nodes: el("p", *nodes))
    | st.builds(Code, st.text(alphabet="ab ", max_size=30)),
    lambda inner: st.lists(inner, max_size=3).map(lambda nodes: el("div", *nodes)),
    max_leaves=6,
)
BODIES = st.lists(BLOCKS, max_size=6).map(lambda nodes: Body(nodes=tuple(nodes)))


@settings(max_examples=150, deadline=None)
@given(BODIES, st.integers(1, 30))
def test_an_excerpt_is_the_beginning_of_its_body(body: Body, limit: int) -> None:
    got = excerpt(body, limit=limit)
    whole, part = text_of(body.nodes), text_of(got.nodes)
    if got.whole:
        assert got.nodes == body.nodes
    else:
        bare = part.removesuffix("…")
        assert whole.startswith((bare, bare.removesuffix(" ")))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab 中文。👍🏽\u0301\u200d", max_size=60), st.integers(1, 20))
def test_a_grapheme_is_never_split(text: str, limit: int) -> None:
    got = cut(el("p", text), limit=limit)
    ends = list(accumulate(map(len, graphemes(text))))
    kept = len(text_of(got.nodes).removesuffix("…"))
    assert got.whole or kept in ends


@settings(max_examples=100, deadline=None)
@given(BODIES, st.integers(1, 30))
def test_the_elements_of_an_excerpt_are_those_of_its_body_in_order(
    body: Body, limit: int
) -> None:
    def elements(nodes: Iterable[Node]) -> list[tuple[str, object]]:
        found = (node for node in walk(nodes) if isinstance(node, Element))
        return [(node.tag, node.attributes) for node in found]

    rest = iter(elements(body.nodes))
    assert all(part in rest for part in elements(excerpt(body, limit=limit).nodes))


@settings(max_examples=150, deadline=None)
@given(BODIES, st.integers(1, 30))
def test_an_excerpt_is_no_longer_than_its_limit_and_one_atom(
    body: Body, limit: int
) -> None:
    atoms = [node.text for node in walk(body.nodes) if isinstance(node, Code)]
    longest = max(map(count_words, atoms), default=0)
    got = excerpt(body, limit=limit)
    words = sum(count_words(text_of((node,))) for node in got.nodes)
    assert words <= limit + longest + len(got.nodes)
