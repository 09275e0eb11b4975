"""Trees as plain text: what is read aloud, in lines that a terminal shows."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.text import count_cells
from pipeline.content.tree import Code, Formula, More, Node, Text, walk
from pipeline.rendition.plain import render_text
from pipeline.rendition.typeset import Typeset
from tests.rendition.trees import el

PAGE = "https://example.org/post/"


def trees_of_words() -> st.SearchStrategy[Node]:
    """Trees of any elements in one another, as careless HTML has them."""
    tags = ["p", "div", "ul", "ol", "li", "dl", "dt", "dd", "figure", "blockquote"]
    tags += ["h2", "details", "summary", "em", "a", "figcaption", "sup", "q"]
    words = st.integers(100, 999).map(lambda number: Text(f"w{number}"))
    return st.recursive(
        words,
        lambda inner: st.builds(
            lambda tag, nodes: el(tag, *nodes),
            st.sampled_from(tags),
            st.lists(inner, max_size=4),
        ),
        max_leaves=16,
    )


def text(*nodes: Node, width: int = 72) -> str:
    return render_text(nodes, width=width, page_url=PAGE)


def lines(block: str) -> str:
    return dedent(block).strip("\n")


def test_paragraphs_are_wrapped_and_parted_by_an_empty_line() -> None:
    assert text(
        el("p", "one two\nthree"), Text("\n"), el("p", "深度学习，好"), width=9
    ) == ("one two\nthree\n\n深度学习，\n好")


def test_emphasis_is_said_without_signs() -> None:
    paragraph = el("p", el("strong", "很"), el("em", "重要"), " ", el("kbd", "Ctrl"))
    assert text(paragraph) == "很重要 Ctrl"


def test_struck_quoted_raised_and_code_keep_their_meaning() -> None:
    paragraph = el(
        "p",
        *(
            el("s", "old"),
            " ",
            el("q", "new"),
            " x",
            el("sup", "2"),
            "H",
            el("sub", "2"),
        ),
        *("O e", el("sup", "n+1"), el("sup"), " ", el("code", "a  b"), el("code", "`")),
    )
    assert text(paragraph) == "~old~ “new” x^2H_2O e^(n+1) `a b``"


def test_a_line_break_stays() -> None:
    assert text(el("p", "床前明月光， ", el("br"), " 疑是地上霜。")) == (
        "床前明月光，\n疑是地上霜。"
    )


def test_the_reading_of_a_ruby_stands_in_brackets() -> None:
    ruby = el("ruby", "漢", el("rp", "("), el("rt", "かん"), el("rp", ")"))
    assert text(el("p", ruby)) == "漢(かん)"


def test_high_headings_are_underlined_by_cells_and_low_ones_stand_alone() -> None:
    assert text(el("h2", "标题 One"), el("h3", "Two"), el("p", "text"), el("h2")) == (
        "标题 One\n--------\n\nTwo\n\ntext"
    )


def test_a_link_is_numbered_and_its_url_listed_once() -> None:
    first = el("a", "here", href="https://e.org/a")
    again = el("a", "there", href="https://e.org/a")
    other = el("a", "else", href="https://e.org/b")
    assert text(el("p", first, ", ", other), el("p", again)) == lines(
        """
        here [1], else [2]

        there [1]

        [1] https://e.org/a
        [2] https://e.org/b
        """
    )


@pytest.mark.parametrize(
    ("shown", "href"),
    [
        ("https://e.org/a", "https://e.org/a"),
        ("e.org", "https://e.org/"),
        ("me@e.org", "mailto:me@e.org"),
        ("https://e.org/数学", "https://e.org/%E6%95%B0%E5%AD%A6"),
    ],
)
def test_a_link_that_shows_its_address_is_said_once(shown: str, href: str) -> None:
    assert text(el("p", "See ", el("a", shown, href=href), ".")) == f"See {shown}."


def test_a_link_within_the_post_or_without_words_has_no_number() -> None:
    paragraph = el(
        "p",
        *(el("a", "above", href=f"{PAGE}#top"), " ", el("a", "also", href="#top")),
        *(" ", el("a", href="https://e.org/"), el("a", "named")),
    )
    assert text(paragraph) == "above also named"


def test_a_picture_is_its_alternative_text() -> None:
    picture = el("p", el("img", src="https://e.org/a.png", alt="a  cat"))
    assert text(picture) == "[a cat]"
    assert render_text([picture], picture_word="图") == "[图: a cat]"
    silent = el("p", el("img", src="https://e.org/a.png"))
    assert text(silent) == ""
    assert render_text([silent], picture_word="图") == "[图]"


def test_a_linked_picture_is_numbered_like_words() -> None:
    link = el("a", el("img", src="a.png", alt="cat"), href="https://e.org/")
    assert text(el("p", link)) == "[cat] [1]\n\n[1] https://e.org/"


def test_a_figure_says_its_caption_once() -> None:
    image = el("img", src="a.png", alt="cat")
    assert text(el("figure", image, el("figcaption", "A cat, asleep"))) == (
        "[cat]\nA cat, asleep"
    )
    assert text(el("figure", image, el("figcaption", "cat"))) == "[cat]"
    assert text(el("figure", el("img", src="a.png"))) == ""


def test_a_caption_that_is_left_out_takes_no_number() -> None:
    image = el("img", src="a.png", alt="cat [1]")
    caption = el("figcaption", el("a", "cat", href="https://e.org/cat"))
    link = el("p", el("a", "dog", href="https://e.org/dog"))
    assert text(el("figure", image, caption), link) == (
        "[cat [1]]\n\ndog [1]\n\n[1] https://e.org/dog"
    )


def test_a_box_to_tick_is_the_mark_of_its_item() -> None:
    tasks = el("ul", el("li", "☐ a long task"), el("li", el("p", "☑ done")))
    assert text(tasks, width=20) == "☐ a long task\n☑ done"
    assert text(tasks, width=20).count("-") == 0
    assert text(el("ol", el("li", "☐ one"))) == "1. ☐ one"
    long = el("ul", el("li", "☐ boil the water, then wait"), el("li", "no box"))
    assert text(long, width=20) == "☐ boil the water,\n  then wait\n- no box"


def test_media_is_its_name_and_a_link() -> None:
    film = el("video", src="https://e.org/film.mp4")
    frame = el("video", src="https://player.example/", title="Talk")
    host = el("video", src="https://player.example/x/")
    assert text(el("p", film), el("p", frame), el("p", host)).startswith(
        "▶ film.mp4 [1]\n\n▶ Talk [2]\n\n▶ player.example [3]\n\n[1] https://e.org/"
    )
    assert text(el("p", el("audio", "nothing to hear"))) == "nothing to hear"


def test_code_is_indented_and_never_wrapped() -> None:
    code = Code("\nif x:\n    return 'a very long line'  \n\n", "python")
    assert text(code, Code(" "), width=20) == (
        "    if x:\n        return 'a very long line'"
    )


def test_formulas_are_said_in_their_line_or_on_their_own() -> None:
    inline, display = Formula("x^2"), Formula("\\sum_i\nx_i", display=True)
    nodes = el("p", "so ", inline, " and"), display, el("p", "holds")
    assert text(*nodes) == "so x^2 and\n\n    \\sum_i\n    x_i\n\nholds"
    typesets = {
        inline: Typeset(feed="", mail="", text="x²"),
        display: Typeset(feed="", mail="", text="∑ᵢ xᵢ"),
    }
    assert render_text(nodes, typesets=typesets) == ("so x² and\n\n    ∑ᵢ xᵢ\n\nholds")
    assert text(el("h3", "On ", display, " again")) == "On\n\\sum_i\nx_i\nagain"


def test_quotes_are_marked_on_every_line() -> None:
    quote = el("blockquote", el("p", "aaa bbb ccc ddd eee fff"), el("p", "ggg"))
    assert text(quote, el("blockquote"), width=22) == (
        "> aaa bbb ccc ddd eee\n> fff\n>\n> ggg"
    )


def test_lists_hang_and_nest_and_stay_tight() -> None:
    nested = el("ol", el("li", "x"), "\n", el("li", el("p", "y")), start="9")
    items = el("li", "one two three four five six"), el("li", "b", nested)
    assert text(el("ul", *items), el("ol"), width=22) == lines(
        """
        - one two three four
          five six
        - b
          9. x
          10. y
        """
    )


def test_a_list_right_inside_a_list_is_below_the_item_before() -> None:
    nested = el("ul", "\n", el("li", "a"), el("ul", el("li", "b")), "stray", el("li"))
    assert text(nested) == "- a\n  - b\n  stray\n-"


def test_an_item_of_several_blocks_loosens_its_list() -> None:
    loose = el("li", el("p", "a"), "\n", el("p", "b"))
    assert text(el("ol", loose, el("li", "c", Code("x")), start="-1")) == (
        "1. a\n\n   b\n\n2. c\n\n       x"
    )


def test_terms_stand_above_their_descriptions() -> None:
    pair = el("dt", "CPU"), el("dd", "a chip, not a GPU"), el("dd", "b")
    terms = el("dl", *pair, "\n", el("div", el("dt", "GPU"), el("dd", "c")))
    assert text(terms, el("dl"), width=24) == lines(
        """
        CPU
            a chip, not a GPU
            b
        GPU
            c
        """
    )


def test_a_rule_is_three_stars_and_a_more_mark_is_silent() -> None:
    assert text(el("p", "a"), More(), el("hr"), el("p", "b")) == "a\n\n* * *\n\nb"


def test_details_are_said_open() -> None:
    assert text(el("details", el("summary", "S"), el("p", "t"))) == "S\n\nt"


def test_footnotes_are_marked_and_said_at_the_end() -> None:
    mark = el("sup", el("a", "[1]", href=f"{PAGE}#fn1", id="fnref1"))
    back = el("a", "↩", href=f"{PAGE}#fnref1")
    notes = el("ol", el("li", el("p", "The ", "note. ", back), id="fn1"))
    assert text(el("p", "Text", mark, "."), el("section", notes)) == (
        "Text[^1].\n\n[^1]: The note."
    )


@pytest.mark.parametrize("form", ["fn1", "fn:1", "fn-1", "0a1b2c-fn-1"])
def test_footnotes_are_known_by_the_ids_of_every_generator(form: str) -> None:
    back = form.replace("fn", "fnref")
    mark = el("sup", el("a", "1", href=f"#{form}"), id=back)
    note = el("li", "Note ", el("a", "back", href=f"#{back}"), id=form)
    assert text(el("p", "A", mark), el("ol", note)) == "A[^1]\n\n[^1]: Note"


def test_an_anchor_that_only_begins_like_a_footnote_is_none() -> None:
    item = el("li", el("a", "Fnord", href="#fnord"), id="fnord")
    assert text(el("ul", item)) == "- Fnord"


def table(*rows: tuple[str, ...], heads: bool = True) -> Node:
    parts = [
        el("tr", *(el("th" if heads and at == 0 else "td", cell) for cell in row))
        for at, row in enumerate(rows)
    ]
    return el("table", el("thead", parts[0]), "\n", el("tbody", *parts[1:]))


def test_a_table_that_fits_stands_in_columns_by_cells() -> None:
    grid = table(("名字", "Score"), ("深度学习", "9"), ("BERT", "10"))
    assert text(grid) == lines(
        """
        名字      Score
        --------  -----
        深度学习      9
        BERT         10
        """
    )


@pytest.mark.parametrize(
    "cells", [("9", "10"), ("−1.5", "1,200"), ("5%", ""), ("$4", "¥12.50")]
)
def test_numbers_stand_at_the_right(cells: tuple[str, str]) -> None:
    said = text(table(("Number", ""), *((cell, "x") for cell in cells))).split("\n")
    for line, cell in zip(said[2:], cells, strict=True):
        assert line == cell.rjust(6) + "  x"


@pytest.mark.parametrize("cells", [("9", "ten"), ("9:30", "10"), ("", "")])
def test_what_is_no_column_of_numbers_stands_at_the_left(
    cells: tuple[str, str],
) -> None:
    said = text(table(("Number", ""), *((cell, "x") for cell in cells))).split("\n")
    for line, cell in zip(said[2:], cells, strict=True):
        assert line == cell.ljust(6) + "  x"


def test_an_author_may_align_a_column() -> None:
    head = el("tr", *(el("th", name) for name in ("Left", "Center", "Right")))
    sides = ("left", "center", "right")
    row = el("tr", *(el("td", "1", style=f"text-align:{side}") for side in sides))
    assert text(el("table", head, row)) == lines(
        """
        Left  Center  Right
        ----  ------  -----
        1       1         1
        """
    )


def test_a_table_that_does_not_fit_is_said_row_by_row() -> None:
    grid = table(("Name", "What"), ("BERT", "reads both ways"), ("GPT", ""))
    assert text(grid, width=16) == ("Name: BERT\nWhat: reads both\n  ways\n\nName: GPT")
    asking = table(("吃什么", "Which?"), ("很长的一句话说不完", "this one"))
    assert text(asking, width=20) == "吃什么：很长的一句话\n  说不完\nWhich? this one"
    bare = table(("aaaaaaaaaa", "bbbbbbbbbb"), heads=False)
    assert text(bare, width=16) == "aaaaaaaaaa\nbbbbbbbbbb"


def test_a_cell_of_many_lines_or_columns_keeps_its_place() -> None:
    wide = el("td", "a", el("br"), el("p", "b"), el("p", "c"), colspan="2")
    rows = el("tr", wide, el("td", "x")), el("tr", *(el("td", c) for c in "def"))
    grid = el("table", el("caption", "Title"), *rows, el("tr", el("td")))
    assert text(grid) == "Title\n\na b c     x\nd      e  f"


def test_a_tables_caption_names_its_links_first() -> None:
    caption = el("caption", el("a", "T", href="https://e.org/t"))
    row = el("tr", el("td", el("a", "x", href="https://e.org/x")))
    assert text(el("table", row, caption)).startswith("T [1]\n\nx [2]\n\n[1] ")


def test_a_table_of_nothing_is_its_caption() -> None:
    assert text(el("table", el("caption", "T"), el("tr", el("td")))) == "T"
    assert text(el("table", el("tr", el("td", "x", colspan="many")))) == "x"


def test_blocks_inside_a_phrase_are_parted_by_a_space() -> None:
    assert text(el("p", el("span", el("div", "a"), el("div", "b"), Code("c\nd")))) == (
        "a b c d"
    )


@given(trees_of_words())
@settings(max_examples=80, deadline=None)
def test_no_word_of_a_tree_is_lost(tree: Node) -> None:
    said = text(tree)
    words = [node.text for node in walk([tree]) if isinstance(node, Text)]
    assert all(word in said for word in words)


def test_controls_and_trailing_spaces_are_gone() -> None:
    assert text(Code("a  \nb\x07  c")) == "    a\n    b  c"


NESTING = ["blockquote", "ul"]


@given(
    st.lists(st.sampled_from(NESTING), max_size=4),
    st.text(alphabet="深度学习ab， 。”「（", max_size=80),
)
@settings(max_examples=60, deadline=None)
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(
    nesting: list[str], words: str
) -> None:
    node: Node = el("p", words)
    for tag in nesting:
        node = el("ul", el("li", node)) if tag == "ul" else el(tag, node)
    result = render_text([node], width=40)
    assert re.sub(r"[\s>-]", "", result) == re.sub(r"\s", "", words)
    for line in result.split("\n"):
        hangs = line[-1:] in tuple("，。”")
        assert count_cells(line) <= 40 + 2 * hangs or " " not in line.strip("> -")
