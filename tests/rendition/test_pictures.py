"""The picture that stands for a post."""

from __future__ import annotations

import pytest

from pipeline.content.tree import Code, Formula, Node, Text
from pipeline.rendition.pictures import (
    Picture,
    find_picture,
    has_content,
    without_picture,
)
from tests.rendition.trees import el

PAGE = "https://example.org/post/"
CAT = "https://example.org/cat.png"
IMAGE = el("img", src=CAT, alt="A\ncat", width="640", height="auto")


def test_the_first_image_stands_for_the_post_with_its_caption() -> None:
    caption = el("figcaption", "Cat ", el("em", "x"), Formula("y"), el("br"))
    nodes = [el("p", "text"), el("figure", caption, el("a", IMAGE)), el("img", src="b")]
    assert find_picture("", PAGE, nodes) == Picture(
        url=CAT, alt="A cat", caption="Cat xy", width=640
    )


def test_an_image_without_a_figure_has_no_caption() -> None:
    assert find_picture("", PAGE, [IMAGE]) == Picture(CAT, "A cat", width=640)


@pytest.mark.parametrize(
    "badge",
    [
        el("img", src="https://example.org/badge.svg?style=flat"),
        el("img", src="data:image/png;base64,AA=="),
        el("img", src="https://example.org/a.png", width="20", height="20"),
        el("img", src="https://example.org/a.png", height="16"),
        el("img", alt="nothing"),
    ],
)
def test_a_badge_or_what_mail_cannot_show_does_not_stand_for_it(badge: Node) -> None:
    assert find_picture("", PAGE, [badge]) is None
    assert find_picture("", PAGE, [badge, IMAGE]) == Picture(CAT, "A cat", width=640)


def test_the_posts_own_image_comes_first_and_may_be_relative() -> None:
    own = Picture("https://example.org/post/own.svg", "")
    assert find_picture("own.svg", PAGE, [IMAGE]) == own
    assert find_picture("/cat.png", PAGE, [IMAGE]) == Picture(CAT, "A cat", width=640)


def test_an_unsafe_image_is_passed_over() -> None:
    assert find_picture("javascript:alert(1)", PAGE, [IMAGE]) == Picture(
        CAT, "A cat", width=640
    )


PICTURE = Picture(CAT, "")
TEXT = el("p", "text")
OTHER = el("img", src="https://example.org/dog.png")


@pytest.mark.parametrize(
    ("nodes", "rest"),
    [
        ((TEXT,), (TEXT,)),
        ((el("figure", IMAGE, el("figcaption", "Cat")), TEXT), (TEXT,)),
        ((el("p", el("a", IMAGE)), TEXT), (TEXT,)),
        ((el("p", IMAGE, "\ntext"), TEXT), (el("p", "\ntext"), TEXT)),
        ((el("figure", IMAGE, OTHER),), (el("figure", OTHER),)),
        ((el("p", OTHER), IMAGE, IMAGE), (el("p", OTHER), IMAGE)),
        ((el("div", el("p", IMAGE)), TEXT), (TEXT,)),
    ],
)
def test_a_text_without_the_picture_keeps_all_else(
    nodes: tuple[Node, ...], rest: tuple[Node, ...]
) -> None:
    assert without_picture(nodes, PICTURE) == rest


def test_a_text_that_is_only_the_picture_keeps_it() -> None:
    nodes = (el("p", IMAGE), Text("\n"))
    assert without_picture(nodes, PICTURE) == nodes


@pytest.mark.parametrize(
    "node", [Text("a"), Formula("x"), Code("x"), IMAGE, el("p", el("video"))]
)
def test_words_formulas_code_and_media_are_content(node: Node) -> None:
    assert has_content([node])


def test_empty_elements_and_white_space_are_none() -> None:
    assert not has_content([Text(" \n"), el("p", el("br")), el("hr")])
