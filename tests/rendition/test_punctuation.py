"""No line begins with the comma after a formula, or ends with the bracket before it."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.tree import Formula, Node, Text
from pipeline.rendition.html import render_html
from pipeline.rendition.punctuation import keep_together
from pipeline.rendition.targets import Target
from pipeline.rendition.typeset import Typeset
from tests.rendition.trees import el

IMAGE, WORDS = Formula("\\frac12"), Formula("x")
TYPESETS = {
    IMAGE: Typeset(feed="<img/>", mail="<img/>", text="1/2", is_small_image=True),
    WORDS: Typeset(feed="x", mail="x", text="x"),
}


def html(*nodes: Node | str) -> str:
    found = render_html([el("p", *nodes)], Target.FEED, TYPESETS)
    return found.replace('<span style="white-space:nowrap">', "<u>").replace(
        "</span>", "</u>"
    )


def test_a_comma_stays_with_the_image_before_it() -> None:
    assert html("so ", IMAGE, ", and") == "<p>so <u><img/>,</u> and</p>"
    assert html("设", IMAGE, "，其中") == "<p>设<u><img/>，</u>其中</p>"


def test_a_bracket_stays_with_the_image_after_it() -> None:
    assert html("half (", IMAGE, ").") == "<p>half <u>(<img/>).</u></p>"
    assert html("也是“", IMAGE, "”") == "<p>也是<u>“<img/>”</u></p>"


def test_between_two_images_a_quote_belongs_to_one_of_them() -> None:
    assert html(IMAGE, "'", IMAGE) == "<p><u><img/>'</u><img/></p>"


def test_words_beside_an_image_may_leave_it() -> None:
    assert html("so ", IMAGE, " and ", IMAGE) == "<p>so <img/> and <img/></p>"


def test_text_breaks_by_itself_where_it_may() -> None:
    assert html("(", WORDS, "),") == "<p>(x),</p>"
    assert html(Formula("unset"), ",") == '<p><code class="math">unset</code>,</p>'


def test_images_in_phrases_keep_theirs_too() -> None:
    assert html(el("em", IMAGE, "!")) == "<p><em><u><img/>!</u></em></p>"


@settings(max_examples=80)
@given(st.lists(st.sampled_from([IMAGE, WORDS, Text("(，"), Text("a,"), Text("'")])))
def test_nothing_is_lost_or_moved(nodes: list[Node]) -> None:
    kept = render_html(keep_together(nodes, TYPESETS), Target.FEED, TYPESETS)
    plain = "".join(
        node.text if isinstance(node, Text) else TYPESETS[node].feed
        for node in nodes
        if isinstance(node, Text | Formula)
    )
    assert re.sub(r"</?span[^>]*>", "", kept) == plain
