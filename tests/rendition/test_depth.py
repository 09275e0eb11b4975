"""How deep a tree may be that is rendered."""

from __future__ import annotations

from functools import reduce

from pipeline.content.tree import Code, Formula, Node, Text, walk
from pipeline.rendition.depth import DEEPEST, limit_depth
from pipeline.rendition.html import render_html
from pipeline.rendition.plain import render_text
from pipeline.rendition.targets import Target
from tests.rendition.trees import el

LEAVES = (Text("a"), Formula("x"), el("img", src="b", alt="c"), Code("d"), el("br"))


def nest(tag: str, depth: int) -> Node:
    return reduce(lambda node, _: el(tag, node), range(depth), el("p", *LEAVES))


def test_an_ordinary_tree_stays_as_it_is() -> None:
    tree = nest("div", DEEPEST - 1)
    assert limit_depth([tree, Text("b")]) == (tree, Text("b"))


def test_what_lies_too_deep_keeps_its_leaves() -> None:
    limited = limit_depth([el("div", el("em", el("b", *LEAVES)), "b")], depth=2)
    assert limited == (el("div", el("em", *LEAVES), "b"),)


def test_a_tree_of_any_depth_can_be_rendered() -> None:
    for tag in ("blockquote", "ul", "li", "div", "em", "figure", "details", "dl"):
        limited = limit_depth([nest(tag, 5000)])
        assert sum(1 for _ in walk(limited)) == DEEPEST + len(LEAVES)
        for target in Target:
            assert "a" in render_html(limited, target)
        assert render_text(limited)
