"""Trees as HTML that can stand inside XML, for feeds and for mail."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.content.tree import Code, Element, Formula, More, Node, Text
from pipeline.rendition.html import render_html
from pipeline.rendition.targets import Target
from pipeline.rendition.typeset import Typeset
from tests.rendition.trees import el

PAGE = "https://example.org/post/"


def feed(*nodes: Node) -> str:
    return render_html(nodes, Target.FEED, page_url=PAGE)


def mail(*nodes: Node) -> str:
    return render_html(nodes, Target.MAIL, page_url=PAGE)


def leaves() -> st.SearchStrategy[Node]:
    text = st.text(max_size=12)
    return st.one_of(
        text.map(Text),
        st.builds(Formula, text, st.booleans()),
        st.builds(Code, text, st.sampled_from(["", "python", "?"])),
        st.just(More()),
        st.builds(
            Element,
            st.sampled_from(["br", "img", "wbr"]),
            st.tuples(st.tuples(st.sampled_from(["alt", "src", "class"]), text)),
        ),
    )


def trees() -> st.SearchStrategy[Node]:
    tags = ["p", "div", "h2", "a", "table", "details", "summary", "figure", "video"]
    attributes = st.dictionaries(
        st.sampled_from(["id", "href", "title", "class", "style", "poster", "src"]),
        st.text(max_size=8),
        max_size=3,
    ).map(lambda pairs: tuple(pairs.items()))
    return st.recursive(
        leaves(),
        lambda inner: st.builds(
            Element,
            st.sampled_from(tags),
            attributes,
            st.lists(inner, max_size=4).map(tuple),
        ),
        max_leaves=12,
    )


@given(st.lists(trees(), max_size=4), st.sampled_from(Target))
@settings(max_examples=80, deadline=None)
def test_any_tree_becomes_well_formed_xml_and_always_the_same(
    nodes: list[Node], target: Target
) -> None:
    html = render_html(nodes, target, page_url=PAGE)
    etree.fromstring(f"<div>{html}</div>")
    assert html == render_html(nodes, target, page_url=PAGE)


def test_text_and_attributes_are_escaped() -> None:
    link = el("a", "1 < 2 & 3", href="https://e.org/?a=1&b=2", title='“"q"\'\n<')
    assert feed(link) == (
        '<a href="https://e.org/?a=1&amp;b=2" title="“&quot;q&quot;&#x27;&#10;&lt;">'
        "1 &lt; 2 &amp; 3</a>"
    )


def test_void_elements_are_closed_and_empty_ones_have_an_end_tag() -> None:
    assert feed(el("br"), el("hr"), el("p")) == "<br/><hr/><p></p>"


def test_a_no_break_space_is_itself_and_controls_are_gone() -> None:
    assert feed(Text("a\u00a0b\x00\ufffe")) == "a\u00a0b"


def test_the_more_mark_is_not_shown() -> None:
    assert feed(el("p", "a"), More(), el("p", "b")) == "<p>a</p><p>b</p>"


def test_formulas_take_their_results_in_both_targets() -> None:
    typesets = {Formula("x"): Typeset(feed="<i>x</i>", mail="<i>x</i>", text="x")}
    nodes = [el("p", Formula("x"), Formula("y"))]
    html = '<p><i>x</i><code class="math">y</code></p>'
    assert render_html(nodes, Target.FEED, typesets) == html
    assert render_html(nodes, Target.MAIL, typesets) == html


def test_a_display_formula_in_a_paragraph_never_becomes_a_div() -> None:
    formula = Formula("x", display=True)
    html = feed(el("p", "so ", formula, " holds"), formula)
    assert html.startswith('<p>so <span class="math-display" style="display:block;')
    assert '</span> holds</p><p><span class="math-display"' in html
    assert "<div" not in html


def test_code_scrolls_in_a_feed_and_wraps_in_mail() -> None:
    assert "overflow-x:auto" in feed(Code("x = 1", "python"))
    assert "white-space:pre-wrap" in mail(Code("x = 1", "python"))


def test_a_feed_shows_the_tree_as_it_is() -> None:
    assert feed(el("section", class_="footnotes")) == (
        '<section class="footnotes"></section>'
    )
    assert feed(el("h1", "T"), el("details", el("summary", "S"))) == (
        "<h1>T</h1><details><summary>S</summary></details>"
    )


def test_a_feed_keeps_absolute_links_into_the_post() -> None:
    link = el("a", "1", href=f"{PAGE}#fn1")
    note = el("li", "note", id="fn1")
    assert f'href="{PAGE}#fn1"' in feed(link, note)


def test_mail_links_to_a_note_of_the_same_post_stay_in_the_mail() -> None:
    mark = el("a", "1", href=f"{PAGE}#fn:%E6%B3%A8", id="fnref1")
    note = el("li", el("a", "↩", href=f"{PAGE}#fnref1"), id="fn:注")
    assert mail(mark, note) == (
        '<a href="#fn:%E6%B3%A8" id="fnref1">1</a>'
        '<li id="fn:注"><a href="#fnref1">↩</a></li>'
    )


def test_mail_links_to_what_is_not_there_stay_absolute() -> None:
    excerpt = el("a", "1", href=f"{PAGE}#fn1")
    other = el("a", "x", href="https://example.org/other/#here")
    here = el("p", id="here")
    html = mail(excerpt, other, here)
    assert f'href="{PAGE}#fn1"' in html
    assert 'href="https://example.org/other/#here"' in html


def test_mail_headings_go_below_the_title_of_their_card() -> None:
    html = mail(*(el(f"h{level}") for level in range(1, 7)))
    assert html == "<h3></h3><h4></h4><h5></h5>" + "<h6></h6>" * 3


def test_a_picture_in_a_feed_keeps_its_shape_where_readers_narrow_it() -> None:
    fits = 'style="max-width:100%;height:auto"'
    assert fits in feed(el("p", el("img", src="a", width="1120", height="600")))
    for sizes in ({}, {"width": "90%"}, {"width": "320"}):
        assert "style" not in feed(el("img", src="a", **sizes))


def test_mail_pictures_fit_a_narrow_screen() -> None:
    image = el("img", src="https://e.org/a.png", srcset="x")
    assert mail(image) == (
        '<img src="https://e.org/a.png" style="max-width:100%;height:auto" alt=""/>'
    )
    styled = el("img", src="https://e.org/a.png", style="width:50%;")
    assert 'style="width:50%;max-width:100%;height:auto"' in mail(styled)


def test_mail_pictures_wider_than_a_card_say_a_width_that_outlook_can_show() -> None:
    wide = mail(el("img", src="a", width="1120", height="600"))
    assert 'width="536" height="287"' in wide
    assert 'height="' not in mail(el("img", src="a", width="1120"))
    assert 'width="320"' in mail(el("img", src="a", width="320"))
    assert 'width="90%"' in mail(el("img", src="a", width="90%"))


def test_mail_figures_tables_and_quotes_have_classes_for_the_template() -> None:
    figure = el("figure", el("figcaption", "C"), class_="callout")
    assert mail(figure) == (
        '<div class="callout figure"><div class="caption">C</div></div>'
    )
    assert mail(el("blockquote", "Q")) == '<blockquote class="quote">Q</blockquote>'
    assert mail(el("table")) == (
        '<div class="table-scroll" style="overflow-x:auto">'
        '<table class="table"></table></div>'
    )
    assert mail(el("div", class_="footnotes")) == '<div class="footnotes"></div>'


def test_mail_cells_of_chinese_are_not_squeezed_to_a_character_a_line() -> None:
    assert mail(el("td", "备注")) == '<td style="min-width:2em">备注</td>'
    assert mail(
        el("td", "旋转", el("b", "位置编码向量"), style="text-align:left;")
    ) == ('<td style="text-align:left;min-width:6em">旋转<b>位置编码向量</b></td>')
    assert mail(el("th", "Model")) == "<th>Model</th>"


def test_mail_shows_details_open() -> None:
    details = el("details", el("summary", "More"), el("p", "text"), open="")
    assert "<p><strong>More</strong></p><p>text</p></div>" in mail(details)


def test_mail_links_to_media_by_its_picture() -> None:
    video = el("video", src="https://e.org/my%20film.mp4", poster="https://e.org/p.jpg")
    assert mail(video) == (
        '<a href="https://e.org/my%20film.mp4"><img src="https://e.org/p.jpg" alt="" '
        'style="max-width:100%;height:auto"/><br/>▶ my film.mp4</a>'
    )
    sound = el("audio", el("source", src="https://e.org/s.ogg"), "no audio here")
    assert mail(sound) == '<a href="https://e.org/s.ogg">▶ s.ogg</a>'
    named = el("video", src="https://media.example/", title="Talk")
    assert mail(named) == '<a href="https://media.example/">▶ Talk</a>'
    nameless = el("video", src="https://media.example/")
    assert mail(nameless) == '<a href="https://media.example/">▶ media.example</a>'


def test_media_that_leads_nowhere_leaves_its_words() -> None:
    assert mail(el("video", "no film")) == "<span>no film</span>"


def test_mail_takes_the_plain_image_of_a_picture() -> None:
    picture = el("picture", el("source", srcset="x"), el("img", src="a", alt="A"))
    assert mail(picture) == mail(el("img", src="a", alt="A"))
    assert mail(el("picture")) == ""
