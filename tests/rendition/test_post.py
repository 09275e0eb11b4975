"""One post in every form that feeds and mail show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.content.markup.oneline import split_formulas
from pipeline.content.post import Post
from pipeline.content.tree import Body, Code, Formula, More, Node, Text
from pipeline.pictures.size import Size
from pipeline.rendition.pictures import Picture
from pipeline.rendition.post import Rendition, render_post
from pipeline.rendition.stored import from_json, to_json
from pipeline.rendition.typeset import Typeset
from tests.rendition.trees import el

URL = "https://example.org/post/"
CAT = "https://example.org/cat.png"
IMAGE = el("img", src=CAT, alt="A cat", width="640", height="480")
FIGURE = el("figure", IMAGE, el("figcaption", "Asleep"))
SIZES = {CAT: Size(800, 600), URL + "own.png": Size(300, 200)}
OPENING = el("p", "The ", el("strong", "first"), " words.")
REST = el("h2", "Then"), el("p", "the rest, ", Formula("x^2"), ".")


def render(
    *nodes: Node,
    title: str = "Title",
    summary: str = "",
    image: str = "",
    typeset: str | None = None,
) -> Rendition:
    day = datetime(2026, 11, 20, tzinfo=UTC)
    post = Post(
        id=URL,
        site="main",
        path="post.md",
        url=URL,
        title=title,
        published=day,
        updated=day,
        summary=summary,
        image=image,
    )
    body = Body(
        nodes=nodes,
        title=split_formulas(title, 1),
        summary=split_formulas(summary, 1),
    )
    typesets = {}
    if typeset is not None:
        looks = Typeset(feed=typeset, mail=typeset, text=typeset)
        typesets[Formula("x^2")] = looks
    return render_post(post, body, typesets, SIZES)


def test_the_body_goes_whole_into_feed_and_mail() -> None:
    rendition = render(OPENING, More(), *REST)
    assert rendition.feed_html == (
        "<p>The <strong>first</strong> words.</p><h2>Then</h2>"
        '<p>the rest, <code class="math">x^2</code>.</p>'
    )
    assert "<h4>Then</h4>" in rendition.mail_html
    assert rendition.mail_text == ("The first words.\n\nThen\n----\n\nthe rest, x^2.")


def test_the_excerpt_ends_at_the_more_mark() -> None:
    rendition = render(OPENING, More(), *REST)
    html = "<p>The <strong>first</strong> words.</p>"
    assert rendition.feed_excerpt_html == html
    assert rendition.excerpt_html == html
    assert rendition.excerpt_text == "The first words."
    assert rendition.summary == "The first words."
    assert not rendition.whole


def test_a_short_post_is_its_own_excerpt() -> None:
    rendition = render(OPENING)
    assert rendition.whole
    assert rendition.excerpt_html == rendition.mail_html


def test_a_post_that_begins_with_macros_has_its_words_as_excerpt() -> None:
    macros = el("p", Formula("x^2"))
    rendition = render(macros, OPENING, typeset="")
    assert rendition == render(OPENING)


def test_the_authors_summary_replaces_the_excerpt_as_one_escaped_paragraph() -> None:
    rendition = render(OPENING, summary="In <short>:\n\na & b. ")
    assert rendition.excerpt_html == "<p>In &lt;short&gt;: a &amp; b.</p>"
    assert rendition.feed_excerpt_html == rendition.excerpt_html
    assert rendition.excerpt_text == rendition.summary == "In <short>: a & b."
    assert not rendition.whole


def test_a_post_that_is_only_its_summary_is_whole() -> None:
    assert render(summary="All there is.").whole


def test_formulas_take_their_results_everywhere() -> None:
    rendition = render(REST[1], typeset="x²")
    assert "the rest, x²." in rendition.feed_html
    assert "the rest, x²." in rendition.mail_html
    assert rendition.mail_text == rendition.summary == "the rest, x²."


def test_the_card_shows_the_picture_and_its_excerpt_does_not_repeat_it() -> None:
    rendition = render(FIGURE, OPENING)
    assert rendition.picture == Picture(CAT, "A cat", "Asleep", 640, 480)
    assert rendition.excerpt_html == "<p>The <strong>first</strong> words.</p>"
    assert rendition.excerpt_text == "[A cat]\nAsleep\n\nThe first words."
    assert CAT in rendition.feed_excerpt_html
    assert CAT in rendition.mail_html


def test_a_post_that_is_only_a_picture_keeps_it_and_says_what_it_shows() -> None:
    rendition = render(FIGURE)
    assert rendition.whole
    assert CAT in rendition.excerpt_html
    assert rendition.excerpt_text == "[A cat]\nAsleep"
    assert rendition.summary == "Asleep"
    assert render(el("p", IMAGE)).summary == "A cat"


def test_the_posts_own_image_is_its_picture_beside_another_in_the_text() -> None:
    rendition = render(FIGURE, OPENING, image="/cover.jpg")
    assert rendition.picture == Picture("https://example.org/cover.jpg", "")
    assert CAT in rendition.excerpt_html


def test_a_footnote_is_found_by_the_address_that_a_browser_would_use() -> None:
    day = datetime(2026, 11, 20, tzinfo=UTC)
    post = Post(
        id=URL,
        site="main",
        path="post.md",
        title="Title",
        url="https://example.org/文/",
        published=day,
        updated=day,
    )
    mark = el("a", "1", href="https://example.org/%E6%96%87/#fn-1")
    rendition = render_post(
        post, Body(nodes=(el("p", mark), el("p", "Note", id="fn-1")))
    )
    assert 'href="#fn-1"' in rendition.mail_html
    assert rendition.mail_text == "[^1]\n\nNote"


def test_a_post_without_words_or_picture_has_no_summary() -> None:
    rendition = render(Code("x = 1"))
    assert rendition.summary == ""
    assert rendition.picture is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("word " * 212 * 3, 3),
        ("字" * 500 * 4, 4),
        ("字。" * 500 * 2 + " word" * 212, 3),
    ],
)
def test_reading_takes_a_minute_for_500_characters_or_212_words(
    text: str, minutes: int
) -> None:
    assert render(Text(text), Code("code " * 5000)).minutes == minutes


def test_a_rendition_outlives_the_run_as_json() -> None:
    for rendition in (render(FIGURE, OPENING, *REST), render()):
        assert from_json(to_json(rendition)) == rendition
        assert "\n" not in to_json(rendition)


@pytest.mark.parametrize("text", ["[]", "{}", '{"picture":null}', '"text"'])
def test_json_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a rendition of this version"):
        from_json(text)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        from_json("")


def test_a_formula_in_the_title_becomes_unicode() -> None:
    line = split_formulas("On $x^2$ < 5", 1)
    looks = Typeset(feed="F", mail="M", text="x²")
    assert line[1] == Formula("x^2", line=1)
    body = Body(nodes=(OPENING,), title=line)
    post = Post(
        id=URL,
        site="main",
        path="post.md",
        url=URL,
        title="On $x^2$ < 5",
        published=datetime(2026, 11, 20, tzinfo=UTC),
        updated=datetime(2026, 11, 20, tzinfo=UTC),
    )
    rendition = render_post(post, body, {line[1]: looks})
    assert rendition.title_of(post) == "On x² < 5"
    assert rendition.title_of(replace(post, title="Another\n title")) == "Another title"


def test_a_formula_in_the_authors_summary_is_typeset() -> None:
    rendition = render(OPENING, summary="So $x^2$ it is.")
    assert rendition.excerpt_html == '<p>So <code class="math">x^2</code> it is.</p>'


def test_pictures_have_their_size_everywhere() -> None:
    rendition = render(el("p", el("img", src=CAT, alt="A cat")), image="own.png")
    assert 'width="800" height="600"' in rendition.feed_html
    assert 'width="536" height="402"' in rendition.mail_html
    assert rendition.picture == Picture(URL + "own.png", "", "", 300, 200)
