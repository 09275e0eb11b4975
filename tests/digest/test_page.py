"""A page: an issue as its readers see it, in HTML and in text."""

from __future__ import annotations

import os
import re
from dataclasses import asdict, replace
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from pydantic import TypeAdapter

from pipeline.base.errors import ConfigError
from pipeline.base.text import count_cells
from pipeline.content.post import Mail
from pipeline.digest.embedding import MailImage
from pipeline.digest.issue import Issue
from pipeline.digest.page import DigestEntry, PageContext, render_page
from pipeline.digest.rendered import Page
from pipeline.digest.slots import split
from pipeline.rendition.pictures import Picture
from tests.digest.builders import (
    CATALOGUES,
    CHINESE_ISSUE,
    ENGLISH_ISSUE,
    HILLS,
    context,
    entry,
    post,
    rendition,
    with_template,
)

GOLDEN = Path(__file__).parent / "golden"
ENGLISH = context(
    *ENGLISH_ISSUE,
    newsletter={"intro": "A quiet week.\n\nReply, and I read it."},
    archive_url="https://example.org/letters/12/",
)
CHINESE = context(
    *CHINESE_ISSUE,
    newsletter={"title": "田野笔记", "postal_address": "北京市海淀区示例路 1 号"},
    language="zh-CN",
    messages=CATALOGUES["zh_CN"],
    has_preferences=False,
)


def shown(page: Page) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(page.html)


def words(page: Page) -> str:
    """Return what the body of the HTML says, on one line."""
    (body,) = shown(page).iter("body")
    return " ".join(body.text_content().split())


def style(element: lxml_html.HtmlElement) -> str:
    """Return what an element declares, without blanks."""
    return re.sub(r"\s+", "", element.get("style", "")).rstrip(";")


def properties(page: Page) -> list[tuple[str, set[str]]]:
    """Return each styled element's tag and what it declares.

    An HTML5 parser puts a `tbody` into every table, another does not.
    """
    styled = (el for el in shown(page).iter("*") if el.get("style"))
    return [
        (el.tag, set(re.findall(r"([a-z-]+)\s*:", el.get("style")))) for el in styled
    ]


# Whole pages


@pytest.mark.parametrize(("name", "made_from"), [("en", ENGLISH), ("zh", CHINESE)])
@pytest.mark.parametrize("kind", ["html", "txt"])
def test_a_page_is_its_golden_file(
    name: str, made_from: PageContext, kind: str
) -> None:
    """`WRITE_GOLDEN=1 pytest` writes the files anew: look at what has changed."""
    page = render_page(made_from)
    made = page.html if kind == "html" else page.text
    golden = GOLDEN / f"{name}.{kind}"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(made, "utf-8")
    assert made == golden.read_text("utf-8")


@pytest.mark.parametrize("made_from", [ENGLISH, CHINESE])
def test_the_same_context_gives_the_same_page(made_from: PageContext) -> None:
    assert render_page(made_from) == render_page(made_from)


@pytest.mark.parametrize("made_from", [ENGLISH, CHINESE])
def test_both_inliners_say_the_same_and_keep_the_same_rules(
    made_from: PageContext,
) -> None:
    ours, theirs = (
        render_page(replace(made_from, inliner=engine))
        for engine in ("css-inline", "premailer")
    )
    assert words(ours) == words(theirs)
    kept = [[s.text.strip() for s in shown(p).iter("style")] for p in (ours, theirs)]
    assert kept[0] == kept[1]
    assert len(kept[0]) == 1
    assert properties(ours) == properties(theirs)


@pytest.mark.parametrize("made_from", [ENGLISH, CHINESE])
def test_the_text_says_what_the_html_says(made_from: PageContext) -> None:
    page = render_page(made_from)
    text = "".join(page.text.split())
    first = made_from.entries[0].post.published
    said = [
        *(part for e in made_from.entries for part in (e.post.title, *e.post.tags)),
        *(part for e in made_from.entries for part in e.post.authors),
        made_from.newsletter.title,
        *made_from.newsletter.postal_address.splitlines(),
        made_from.messages.date(first.astimezone(made_from.zone).date()),
    ]
    for part in said:
        assert part in words(page)
        assert "".join(part.split()) in text
    for e in made_from.entries:
        assert e.post.url in page.text
        assert e.post.url in page.html


@pytest.mark.parametrize("made_from", [ENGLISH, CHINESE])
def test_no_line_of_the_text_is_too_wide_to_read(made_from: PageContext) -> None:
    page = render_page(made_from)
    lines = [line for line in page.text.splitlines() if page.sentinel not in line]
    # One closing mark may hang past the edge.
    assert max(map(count_cells, lines)) <= 74
    assert all(line == line.rstrip() for line in lines)


# What mail clients ask for


@pytest.mark.parametrize("made_from", [ENGLISH, CHINESE])
def test_a_page_is_made_for_mail_clients(made_from: PageContext) -> None:
    page = render_page(made_from)
    root = shown(page)
    assert root.get("lang") == made_from.language
    assert root.findtext("head/title") == page.subject
    assert all(table.get("role") == "presentation" for table in root.iter("table"))
    assert all(image.get("alt") for image in root.iter("img"))
    for tag in ("script", "link", "form", "iframe", "svg", "math"):
        assert not list(root.iter(tag))
    assert "url(" not in page.html
    assert "var(" not in page.html
    assert "data-css-inline" not in page.html


def test_dark_mode_and_narrow_screens_are_seen_to() -> None:
    (style,) = shown(render_page(ENGLISH)).iter("style")
    for hook in ("prefers-color-scheme: dark", "max-width: 480px", "[data-ogsc]"):
        assert hook in style.text
    # Gmail drops a block beyond 16 KB.
    assert len(style.text) < 16_000


def test_no_link_shows_another_url_than_it_leads_to() -> None:
    for link in shown(render_page(ENGLISH)).iter("a"):
        assert "://" not in link.text_content()


def test_the_preheader_is_hidden_but_not_by_its_colour() -> None:
    (hidden,) = shown(render_page(ENGLISH)).find_class("preheader")
    assert hidden.text == "A quiet week. Reply, and I read it."
    assert "display:none" in hidden.get("style").replace(" ", "")
    assert "color" not in hidden.get("style")


# Posts


def test_a_table_of_contents_stands_above_five_posts_and_more() -> None:
    five = [entry(n, f"Post {n}") for n in range(1, 6)]
    page = render_page(context(*five))
    targets = {a.get("id") for a in shown(page).iter("a") if a.get("id")}
    links = [a for a in shown(page).iter("a") if a.get("href", "").startswith("#")]
    assert [a.text for a in links] == [f"Post {n}" for n in range(1, 6)]
    assert {a.get("href").removeprefix("#") for a in links} == targets
    assert "In this issue" in page.text


def test_four_posts_need_no_table_of_contents() -> None:
    page = render_page(context(*(entry(n, f"Post {n}") for n in range(1, 5))))
    assert "In this issue" not in page.html + page.text


def test_a_picture_is_shown_in_its_card_with_its_caption() -> None:
    page = render_page(context(DigestEntry(post(), rendition(picture=HILLS))))
    (image,) = shown(page).iter("img")
    assert (image.get("src"), image.get("alt")) == (HILLS.url, "Two hills")
    assert image.get("width") == "536"
    assert "At dusk" in words(page)


def test_a_post_without_a_picture_has_no_image() -> None:
    assert not list(shown(render_page(context())).iter("img"))


def test_a_picture_that_the_body_shows_is_not_shown_twice() -> None:
    picture = Picture("https://example.org/a.jpg?b=1&c=2", "a")
    body = '<p><img src="https://example.org/a.jpg?b=1&amp;c=2" alt="a"/></p>'
    made = rendition(picture=picture, mail_html=body)
    page = render_page(context(DigestEntry(post(), made), newsletter={"body": "full"}))
    assert len(list(shown(page).iter("img"))) == 1


@pytest.mark.parametrize(
    ("size", "width"),
    [((0, 0), 536), ((200, 0), 200), ((1200, 630), 536), ((800, 1600), 220)],
)
def test_a_picture_is_never_wider_than_itself_nor_taller_than_a_screen(
    size: tuple[int, int], width: int
) -> None:
    picture = Picture("https://example.org/a.jpg", "a", "", *size)
    page = render_page(context(DigestEntry(post(), rendition(picture=picture))))
    (image,) = shown(page).iter("img")
    assert image.get("width") == str(width)
    assert f"width:{width}px" in image.get("style").replace(" ", "")


def test_read_on_is_offered_where_something_is_left_to_read() -> None:
    part = render_page(context())
    whole = render_page(context(DigestEntry(post(), rendition(whole=True))))
    assert "Read on" in words(part)
    assert "Read on:\nhttps://example.org/1/" in part.text
    assert "Read on" not in words(whole)
    assert "Online:\nhttps://example.org/1/" in whole.text


@pytest.mark.parametrize(
    ("body", "there", "not_there"),
    [
        ("title", [], ["An index", "And so on"]),
        ("excerpt", ["An index"], ["And so on"]),
        ("full", ["An index", "And so on"], ["Read on"]),
    ],
)
def test_a_newsletter_shows_titles_excerpts_or_whole_posts(
    body: str, there: list[str], not_there: list[str]
) -> None:
    page = render_page(
        context(newsletter={"body": body, "intro": "Hello.", "subject": "News"})
    )
    assert page.body == body
    for text in (words(page), page.text):
        assert "On forgetting" in text
        assert all(part in text for part in there)
        assert not any(part in text for part in not_there)


def test_a_post_with_mail_full_is_whole_in_any_newsletter() -> None:
    page = render_page(context(entry(mail=Mail.FULL), newsletter={"body": "title"}))
    assert "And so on, at length." in page.text
    assert page.body == "full"


def test_a_post_is_dated_where_its_newsletter_is() -> None:
    # 20:00 in UTC is the next day in Shanghai.
    assert "18 November 2026" in render_page(context(entry(1))).text


def test_a_chinese_post_in_an_english_letter_says_so_to_the_client() -> None:
    page = shown(render_page(ENGLISH))
    cards = page.find_class("post")
    assert [card.get("lang") for card in cards] == ["en", "zh-CN", "en", "en", "en"]
    assert ["cjk" in card.get("class").split() for card in cards].count(True) == 1


@pytest.mark.parametrize("around", [ENGLISH, CHINESE])
def test_emphasis_is_bold_in_chinese_posts_and_slanted_in_english_ones(
    around: PageContext,
) -> None:
    entries = [
        DigestEntry(post(n, language=language), rendition("<em>so</em>"))
        for n, language in enumerate(("en", "zh-CN"), 1)
    ]
    page = render_page(replace(around, entries=entries))
    styles = [style(emphasis) for emphasis in shown(page).iter("em")]
    assert styles == ["", "font-style:normal;font-weight:700"]


# Formulas

FORMULAS = (
    'For <span class="math"><i>x</i><sub><i>i</i></sub><b><i>y</i></b></span> and '
    '<img class="math" src="f.png" alt="1/2" width="9" height="20"/> '
    'see <i>this</i> <img src="p.png" alt="a picture"/>.'
)


def illustrated_by(selector: str, language: str = "en") -> list[lxml_html.HtmlElement]:
    """Return what a rule that stays in `<style>` picks of a page with formulas."""
    page = shown(
        render_page(context(DigestEntry(post(language=language), rendition(FORMULAS))))
    )
    (kept,) = page.iter("style")
    assert f"{selector} {{" in kept.text
    return list(page.cssselect(selector))


def test_letters_of_formulas_stay_slanted_in_chinese() -> None:
    straight = illustrated_by(".post.cjk i", "zh-CN")
    slanted = illustrated_by(".post.cjk .math i", "zh-CN")
    assert [i.text for i in straight] == ["x", "i", "y", "this"]
    assert [i.text for i in slanted] == ["x", "i", "y"]
    assert illustrated_by(".post.cjk i", "en") == []


def test_the_corners_of_pictures_are_round_and_those_of_formulas_are_not() -> None:
    pictures = illustrated_by(".body img:not(.math)")
    assert [image.get("alt") for image in pictures] == ["a picture"]


def test_formulas_turn_light_on_dark_where_filters_are_known() -> None:
    formulas = illustrated_by(".body pre, .body img.math")
    assert [image.get("alt") for image in formulas] == ["1/2"]
    # Elsewhere they stay black on the white of their own.
    assert style(formulas[0]) == ""


def test_no_formula_costs_the_room_of_words() -> None:
    page = shown(render_page(context(DigestEntry(post(), rendition(FORMULAS)))))
    (formula,) = page.cssselect("span.math")
    assert [style(el) for el in (formula, *formula.iter("i"))] == [""] * 4


# Titles with formulas


def test_a_formula_in_a_title_is_shown_as_unicode_everywhere() -> None:
    entries = [
        DigestEntry(
            post(n, "On $\\|x\\|_2$"),
            rendition(
                "", title="On ‖x‖₂\n", written_title="On $\\|x\\|_2$", picture=None
            ),
        )
        for n in range(1, 6)
    ]
    page = render_page(context(*entries))
    assert page.subject == "Field Notes #12: On ‖x‖₂"
    assert page.preheader.startswith("On ‖x‖₂ · On ‖x‖₂")
    headlines = [el.text_content() for el in shown(page).find_class("headline")]
    assert headlines == ["On ‖x‖₂"] * 5
    assert " 1. On ‖x‖₂\n" in page.text
    assert "\n1. On ‖x‖₂\n" in page.text
    assert "$" not in words(page) + page.text


def test_a_title_without_formulas_is_the_posts_own() -> None:
    page = render_page(context(DigestEntry(post(title="Plain"), rendition(title=""))))
    assert "Plain" in words(page)


# Issues


@pytest.mark.parametrize(
    ("kind", "label"), [("correction", "Correction"), ("test", "Test")]
)
def test_an_issue_that_is_not_a_regular_one_says_so(kind: str, label: str) -> None:
    regular = context()
    odd: Issue = replace(regular.issue, kind=kind)
    page = render_page(replace(regular, issue=odd))
    assert label in words(page)
    assert f"{label}: No. 12" in page.text
    assert label not in words(render_page(regular))


def test_the_masthead_links_to_the_site_if_there_is_one() -> None:
    def masthead(site_url: str) -> list[Any]:
        (h1,) = shown(render_page(context(site_url=site_url))).iter("h1")
        return [a.get("href") for a in h1.iter("a")]

    assert masthead("https://example.org/") == ["https://example.org/"]
    assert masthead("") == []


# Subject, intro and preheader


def test_the_subject_is_a_template() -> None:
    page = render_page(context(newsletter={"subject": "{{ posts|length }} new"}))
    assert page.subject == "1 new"


def test_a_title_cannot_add_a_header() -> None:
    page = render_page(context(entry(title="Hello\r\nBcc: eve@example.org\0")))
    assert page.subject == "Field Notes #12: Hello Bcc: eve@example.org"
    assert "\n1. Hello Bcc: eve@example.org\n" in page.text


def test_an_empty_subject_is_the_title_of_the_newsletter() -> None:
    assert render_page(context(newsletter={"subject": " \n"})).subject == "Field Notes"


def test_the_intro_is_a_template_of_plain_paragraphs() -> None:
    intro = "{{ posts[0].title }}\nand <b>more</b>.\n\n\nBye."
    page = render_page(context(newsletter={"intro": intro}))
    leads = [p.text_content() for p in shown(page).find_class("lead")]
    assert leads == ["On forgetting and <b>more</b>.", "Bye."]
    assert "On forgetting and <b>more</b>.\n\nBye." in page.text


def test_without_an_intro_the_preheader_is_the_first_summaries() -> None:
    entries = [DigestEntry(post(n), rendition(f"Sentence {n}.")) for n in (1, 2)]
    assert render_page(context(*entries)).preheader == "Sentence 1. Sentence 2."


def test_posts_that_say_nothing_are_named_in_the_preheader() -> None:
    entries = [DigestEntry(post(n, f"Photo {n}"), rendition("")) for n in (1, 2)]
    assert render_page(context(*entries)).preheader == "Photo 1 · Photo 2"


def test_a_long_preheader_is_cut_between_graphemes() -> None:
    family = "👨‍👩‍👧"
    made = context(DigestEntry(post(), rendition(family * 141)))
    assert render_page(made).preheader == family * 139 + "…"
    made = context(DigestEntry(post(), rendition(family * 140)))
    assert render_page(made).preheader == family * 140


@pytest.mark.parametrize("setting", ["subject", "intro"])
def test_a_fault_in_a_setting_is_told_with_its_name(setting: str) -> None:
    made = context(newsletter={setting: "{{ post[0].title }}"})
    with pytest.raises(ConfigError) as caught:
        render_page(made)
    assert str(caught.value) == (
        f"newsletters.weekly.{setting}:1: no such name: 'post'; did you mean 'posts'?"
    )


@pytest.mark.parametrize("setting", ["subject", "intro"])
def test_what_all_readers_get_alike_holds_no_slot(setting: str) -> None:
    with pytest.raises(ConfigError, match="no such name: 'address'"):
        render_page(context(newsletter={setting: "{{ address }}"}))


# The footer and the slots


@pytest.mark.parametrize("made_from", [ENGLISH, CHINESE])
def test_every_page_says_who_gets_it_and_how_to_leave(made_from: PageContext) -> None:
    page = render_page(made_from)
    wanted = {"address", "unsubscribe_url"}
    if made_from.has_preferences:
        wanted.add("preferences_url")
    assert set(split(page.html, page.sentinel)[1]) == wanted
    assert set(split(page.text, page.sentinel)[1]) == wanted


def test_slots_stand_on_lines_of_their_own_in_the_text() -> None:
    page = render_page(ENGLISH)
    for line in page.text.splitlines():
        if page.sentinel in line:
            assert split(line, page.sentinel)[0] == ("", "")


def test_a_browser_link_is_there_when_the_issue_is_archived() -> None:
    url = "https://example.org/letters/12/"
    assert f'href="{url}"' in render_page(ENGLISH).html
    assert f"View in a browser:\n{url}" in render_page(ENGLISH).text
    assert "browser" not in words(render_page(CHINESE)) + render_page(context()).text


def test_the_sentinel_is_not_in_a_post_about_sentinels() -> None:
    first = render_page(context())
    quoting = context(DigestEntry(post(), rendition(f"It is {first.sentinel}.")))
    page = render_page(quoting)
    assert page.sentinel != first.sentinel
    assert set(split(page.html, page.sentinel)[1]) == set(
        split(first.html, first.sentinel)[1]
    )


def test_templates_of_other_things_do_not_change_a_page() -> None:
    made = context()
    more = {**made.templates, "web/login.html": "<form>"}
    assert render_page(replace(made, templates=more)) == render_page(made)


@pytest.mark.parametrize(
    ("html", "text", "faulty"),
    [
        ("<p>Hello</p>", "{{ unsubscribe_url }}", "digest.html"),
        ("{{ unsubscribe_url }}", "Hello", "digest.txt"),
    ],
)
def test_a_template_with_no_way_to_leave_is_refused(
    html: str, text: str, faulty: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        render_page(context(**with_template(html, text)))
    assert str(caught.value) == (
        f"{faulty}: it gives the reader no way to leave "
        "(put {{ unsubscribe_url }} where readers find it)"
    )


def test_a_slot_that_a_template_cut_is_told() -> None:
    html = "{{ (unsubscribe_url ~ '')|truncate(20) }}"
    with pytest.raises(ConfigError, match=r"digest\.html: .* cut or changed"):
        render_page(context(**with_template(html)))


def test_a_template_that_mail_cannot_show_is_refused() -> None:
    html = "{{ unsubscribe_url }}<script>"
    with pytest.raises(ConfigError, match=r"digest\.html:1: a script"):
        render_page(context(**with_template(html)))


def test_a_newsletter_whose_template_is_missing_is_told_which() -> None:
    with pytest.raises(ConfigError, match=r"there is no template 'letter\.html'"):
        render_page(context(newsletter={"template": "letter"}))


# Size


def long_entry(n: int, words: int, mail: Mail = Mail.YES) -> DigestEntry:
    body = f"<p>{'word ' * words}</p>"
    made = rendition(mail_html=body, excerpt_html=f"<p>{'word ' * (words // 10)}</p>")
    return DigestEntry(post(n, mail=mail), made)


def shapes(page: Page) -> list[int]:
    cards = shown(page).find_class("body")
    return [len(card.text_content().split()) for card in cards]


def test_a_page_that_fits_is_not_shortened() -> None:
    page = render_page(context(long_entry(1, 1000), newsletter={"body": "full"}))
    assert (page.body, page.notes, shapes(page)) == ("full", (), [1000])


def test_in_a_page_too_large_the_longest_posts_become_excerpts_first() -> None:
    entries = [long_entry(1, 2000), long_entry(2, 9000), long_entry(3, 4000)]
    made = context(*entries, newsletter={"body": "full"}, max_html_bytes=60_000)
    page = render_page(made)
    assert len(page.html.encode()) <= 60_000
    assert shapes(page) == [2000, 900, 4000]
    assert page.body == "excerpt"
    (note,) = page.notes
    assert note.endswith(
        "over the 60.0 KB that Gmail shows; posts cut down: 1 as excerpts"
    )


def test_excerpts_become_titles_when_no_whole_post_is_left() -> None:
    entries = [
        long_entry(1, 9000),
        long_entry(2, 20_000, Mail.FULL),
        long_entry(3, 100),
    ]
    page = render_page(context(*entries, max_html_bytes=20_000))
    assert shapes(page) == [900, 10]
    assert page.body == "title"
    assert page.notes[0].endswith("posts cut down: 1 by title only")


def test_a_page_too_large_even_by_titles_goes_out_and_says_so() -> None:
    entries = [long_entry(n, 500) for n in range(1, 9)]
    page = render_page(context(*entries, max_html_bytes=10_000))
    assert shapes(page) == []
    assert page.body == "title"
    assert "8 by title only" in page.notes[0]
    assert page.notes[1].startswith("Gmail will clip this mail: ")
    assert page.notes[1].endswith("over 10.0 KB; lower max_posts")


def test_where_there_is_nothing_to_cut_only_the_size_is_told() -> None:
    entries = [entry(n) for n in range(1, 13)]
    made = context(*entries, newsletter={"body": "title"}, max_html_bytes=10_000)
    (note,) = render_page(made).notes
    assert note.startswith("Gmail will clip this mail: ")


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(1, 4000), min_size=1, max_size=6),
    st.integers(14_000, 60_000),
)
def test_no_more_is_cut_than_has_to_be(lengths: list[int], limit: int) -> None:
    entries = [long_entry(n, words) for n, words in enumerate(lengths, 1)]
    made = context(*entries, newsletter={"body": "full"}, max_html_bytes=limit)
    page = render_page(made)
    cut = sum(
        int(number) for number in re.findall(r"(\d+) (?:as|by)", " ".join(page.notes))
    )
    assert (cut == 0) == (page.body == "full")
    if cut == 0:
        assert len(page.html.encode()) <= limit
    elif len(page.notes) == 1:
        assert len(page.html.encode()) <= limit
        whole = render_page(replace(made, max_html_bytes=10_000_000))
        assert len(whole.html.encode()) > limit


# Embedded images

FORMULA = "https://example.org/math/f.png"
PICTURE = "https://example.org/p%20q.webp?v=1&w=2"


def mail_image(url: str, size: int = 3000) -> MailImage:
    return MailImage(
        digest=f"digest of {url}",
        media_type="image/png",
        size=size,
        url=f"{url}?linked",
        formula=url == FORMULA,
    )


def illustrated(words: int = 1, **fields: Any) -> PageContext:
    """Return a context with a picture in the excerpt, a formula in the whole post."""
    excerpt = f'<p><img src="{escape(PICTURE)}" alt="Hills"/></p>'
    whole = f'{excerpt}<p>{"word " * words}<img src="{FORMULA}" alt="x²"/></p>'
    made = rendition(excerpt_html=excerpt, mail_html=whole)
    known: dict[str, Any] = {
        "newsletter": {"body": "full"},
        "images": {url: mail_image(url) for url in (FORMULA, PICTURE)},
        "embedded_bytes": 10_000,
    }
    return context(DigestEntry(post(), made), **known | fields)


def sources(page: Page) -> list[str]:
    return [str(image.get("src")) for image in shown(page).iter("img")]


@pytest.mark.parametrize("engine", ["css-inline", "premailer"])
def test_known_images_are_embedded_in_order_of_appearance(engine: str) -> None:
    page = render_page(illustrated(inliner=engine))
    picture, formula = page.embedded
    assert (picture.formula, formula.formula) == (False, True)
    assert sources(page) == [picture.url, formula.url]


def test_what_is_over_the_budget_is_linked_formulas_last() -> None:
    page = render_page(illustrated(embedded_bytes=5000))
    (formula,) = page.embedded
    assert sources(page) == [f"{PICTURE}?linked", formula.url]
    page = render_page(illustrated(embedded_bytes=0))
    assert (page.embedded, sources(page)) == (
        (),
        [f"{PICTURE}?linked", f"{FORMULA}?linked"],
    )


def test_the_picture_of_a_card_is_embedded_too() -> None:
    made = context(
        DigestEntry(post(), rendition(picture=HILLS)),
        images={HILLS.url: mail_image(HILLS.url)},
        embedded_bytes=10_000,
    )
    page = render_page(made)
    assert sources(page) == [page.embedded[0].url]


def test_images_of_what_was_cut_away_are_not_embedded() -> None:
    page = render_page(illustrated(words=9000, max_html_bytes=30_000))
    assert page.body == "excerpt"
    assert [image.formula for image in page.embedded] == [False]


def test_a_page_is_measured_as_it_goes_out() -> None:
    """What is linked has the longer URL here, and would not fit."""
    image = replace(mail_image(PICTURE), url=f"{PICTURE}?{'long' * 500}")
    made = illustrated(words=2000, images={PICTURE: image})
    fitting = len(render_page(made).html.encode())
    assert render_page(replace(made, max_html_bytes=fitting)).body == "full"
    linked = replace(made, max_html_bytes=fitting, embedded_bytes=0)
    assert render_page(linked).body == "excerpt"


def test_a_page_that_an_older_version_kept_can_still_be_sent() -> None:
    kept = asdict(render_page(context()))
    del kept["embedded"]
    assert TypeAdapter(Page).validate_python(kept) == render_page(context())


def test_a_page_with_images_is_kept_and_found_again() -> None:
    page = render_page(illustrated())
    adapter = TypeAdapter(Page)
    assert adapter.validate_json(adapter.dump_json(page)) == page


# Hostile titles


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_title_breaks_out_of_the_page(title: str) -> None:
    page = render_page(context(entry(title=title, tags=(title or "a",))))
    assert "\n" not in page.subject
    assert "\r" not in page.subject
    root = shown(page)
    assert len(root.find_class("post")) == 1
    assert not list(root.iter("script"))
    assert len(root.find_class("footer")) == 1


def test_markup_in_a_title_is_shown_as_it_is() -> None:
    title = "<script>alert('x')</script> {{ posts }} & \"quotes\""
    page = render_page(context(entry(title=title)))
    assert title in words(page)
    assert f"1. {title}" in page.text
