"""The picture that stands for a post."""

from __future__ import annotations

import pytest

from pipeline.content.tree import Code, Formula, Node, Text
from pipeline.pictures.size import Size
from pipeline.rendition.pictures import (
    Picture,
    find_picture,
    has_content,
    with_sizes,
    without_picture,
)
from pipeline.rendition.typeset import Typeset
from tests.rendition.trees import el

CAT = "https://example.org/cat.png"
IMAGE = el("img", src=CAT, alt="A\ncat", width="640", height="auto")


def test_the_first_image_stands_for_the_post_with_its_caption() -> None:
    caption = el("figcaption", "Cat ", el("em", "x"), Formula("y"), el("br"))
    nodes = [el("p", "text"), el("figure", caption, el("a", IMAGE)), el("img", src="b")]
    looks = {Formula("y"): Typeset(feed="F", mail="M", text="γ")}
    assert find_picture("", nodes, looks) == Picture(
        url=CAT, alt="A cat", caption="Cat xγ", width=640
    )


def test_an_image_without_a_figure_has_no_caption() -> None:
    assert find_picture("", [IMAGE], {}) == Picture(CAT, "A cat", width=640)


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
    assert find_picture("", [badge], {}) is None
    assert find_picture("", [badge, IMAGE], {}) == Picture(CAT, "A cat", width=640)


def test_the_posts_own_image_comes_first() -> None:
    own = "https://example.org/post/own.svg"
    sizes = {own: Size(30, 20)}
    assert find_picture(own, [IMAGE], {}) == Picture(own, "")
    assert find_picture(own, [IMAGE], {}, sizes) == Picture(own, "", "", 30, 20)
    assert find_picture(CAT, [IMAGE], {}) == Picture(CAT, "A cat", width=640)


@pytest.mark.parametrize(
    ("written", "sized"),
    [
        ({}, {"width": "300", "height": "200"}),
        ({"width": "150"}, {"width": "150", "height": "100"}),
        ({"height": "20"}, {"width": "30", "height": "20"}),
        ({"width": "1", "height": "9"}, {"width": "1", "height": "9"}),
        ({"width": "auto"}, {"width": "300", "height": "200"}),
        ({"width": "1", "height": "x"}, {"width": "1", "height": "1"}),
    ],
)
def test_a_picture_gets_the_sides_it_lacks(
    written: dict[str, str], sized: dict[str, str]
) -> None:
    figure = el("figure", el("img", src=CAT, alt="a", **written), "text")
    (found,) = with_sizes([figure], {CAT: Size(300, 200)})
    assert found == el("figure", el("img", src=CAT, alt="a", **sized), "text")


def test_a_picture_of_unknown_size_stays_as_it_is() -> None:
    assert with_sizes([IMAGE, Text("x")], {}) == (IMAGE, Text("x"))


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
