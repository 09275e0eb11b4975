"""An archive's pages: an issue for everybody, and the lists of issues."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from pipeline.base.errors import ConfigError
from pipeline.config.settings import SiteSettings
from pipeline.digest.archive import (
    SHELF_SIZE,
    Archive,
    FeedLink,
    Shelf,
    Summary,
    archive_folder,
    archive_url,
    issue_url,
    shelve,
    summary_of,
)
from pipeline.digest.edition import Edition, make_edition
from pipeline.digest.slots import SLOT_NAMES
from tests.digest.builders import (
    CATALOGUES,
    CHINESE_ISSUE,
    ENGLISH_ISSUE,
    TEMPLATES,
    context,
    newsletter,
)

GOLDEN = Path(__file__).parent / "golden"
URL = "https://example.org/archive/weekly/"
FEED = FeedLink("Atom", "application/atom+xml", f"{URL}atom.xml")
SUBSCRIBE = "https://readers.example.org/subscribe"
SITE = SiteSettings(folder=Path("content"), url="https://example.org/", title="Example")


def archive(language: str = "en", **fields: Any) -> Archive:
    """Return an archive; `newsletter` is a dict of settings, `templates` are more."""
    made = Archive(
        newsletter(**fields.get("newsletter", {})),
        SITE,
        language,
        TEMPLATES | fields.get("templates", {}),
        {"en": CATALOGUES["en"], "zh-CN": CATALOGUES["zh_CN"]},
    )
    made.offer((FEED,), SUBSCRIBE)
    return made


ENGLISH = make_edition(
    context(
        *ENGLISH_ISSUE,
        newsletter={"intro": "A quiet week.\n\nReply, and I read it."},
        archive_url=f"{URL}12/",
    ),
    {},
)
CHINESE = make_edition(
    context(
        *CHINESE_ISSUE,
        newsletter={"title": "田野笔记"},
        language="zh-CN",
        messages=CATALOGUES["zh_CN"],
        archive_url=f"{URL}12/",
    ),
    {},
)
SUMMARY = summary_of(ENGLISH)
NEWER = Summary(
    number=13, date=date(2026, 11, 27), subject="The <next> one", titles=("Keys",)
)
OLDER = Summary(number=11, date=date(2026, 11, 13), subject="Before", titles=())


def tree(page: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(page)


def links(page: str) -> list[str]:
    return [str(a.get("href")) for a in tree(page).iter("a")]


def related(page: str, rel: str) -> list[str]:
    found = tree(page).xpath(f"//link[@rel='{rel}']/@href")
    return [str(url) for url in found]


def pages() -> list[str]:
    """Return one page of each kind in each language."""
    chinese = archive("zh-CN", newsletter={"title": "田野笔记"})
    shelf = Shelf(folder="page/2", issues=(NEWER, SUMMARY), newer="", older="page/1")
    return [
        archive().issue_page(ENGLISH, NEWER, OLDER),
        archive().index_page(shelf),
        chinese.issue_page(CHINESE, NEWER, OLDER),
        chinese.index_page(Shelf(folder="", issues=(summary_of(CHINESE),))),
    ]


@pytest.mark.parametrize(
    ("name", "page"),
    [*zip(("issue.en", "index.en", "issue.zh", "index.zh"), pages(), strict=True)],
)
def test_the_pages_are_as_the_golden_ones(name: str, page: str) -> None:
    golden = GOLDEN / f"archive.{name}.html"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(page, encoding="utf-8")
    assert page == golden.read_text(encoding="utf-8")


def test_an_archive_lies_in_a_folder_of_its_newsletter() -> None:
    assert archive_folder("weekly") == "archive/weekly"
    assert archive_url("https://example.org/", "weekly") == URL
    assert issue_url("https://example.org/", "weekly", 12) == f"{URL}12/"
    assert archive().issue_url(12) == f"{URL}12/"


def test_an_issue_leads_to_its_neighbours_its_list_and_a_form() -> None:
    page = archive().issue_page(ENGLISH, NEWER, OLDER)
    assert {URL, f"{URL}11/", f"{URL}13/", SUBSCRIBE, FEED.url} <= set(links(page))
    assert related(page, "prev") == [f"{URL}11/"]
    assert related(page, "next") == [f"{URL}13/"]
    assert related(page, "canonical") == [f"{URL}12/"]
    assert related(page, "alternate") == [FEED.url]


def test_an_only_issue_has_no_neighbours() -> None:
    page = archive().issue_page(ENGLISH, None, None)
    assert "beside" not in {nav.get("class") for nav in tree(page).iter("nav")}
    assert related(page, "prev") == related(page, "next") == []


def test_without_pages_for_readers_there_is_no_form_to_lead_to() -> None:
    made = archive()
    made.offer((), "")
    for page in (
        made.issue_page(ENGLISH, None, None),
        made.index_page(Shelf(folder="", issues=(SUMMARY,))),
    ):
        assert "Subscribe" not in page
        assert related(page, "alternate") == []


def test_an_issue_is_in_its_own_language_whatever_the_newsletter_speaks_now() -> None:
    page = archive("en").issue_page(CHINESE, None, None)
    assert '<html lang="zh-CN">' in page
    assert "往期全部" in page


def test_a_language_without_words_of_ours_is_shown_with_those_there_are() -> None:
    page = archive().issue_page(replace(ENGLISH, language="fr"), None, None)
    assert '<html lang="fr">' in page
    assert "All issues" in page


def test_a_list_shows_number_day_subject_and_posts() -> None:
    page = archive().index_page(Shelf(folder="", issues=(NEWER, SUMMARY)))
    first, second = tree(page).xpath("//ol/li")
    assert " ".join(first.text_content().split()) == (
        "No. 13 · 27 November 2026 The <next> one Keys"
    )
    assert [li.text for li in second.iter("li")][1:] == list(SUMMARY.titles)
    assert f"{URL}13/" in links(page)


def test_a_list_leads_to_those_beside_it() -> None:
    shelf = Shelf(folder="page/2", issues=(SUMMARY,), newer="", older="page/1")
    page = archive().index_page(shelf)
    assert related(page, "next") == [URL]
    assert related(page, "prev") == [f"{URL}page/1/"]
    assert related(page, "canonical") == [f"{URL}page/2/"]


def test_an_entry_of_a_feed_holds_the_posts() -> None:
    html = archive().entry_html(ENGLISH)
    for post in ENGLISH.posts:
        assert post.html in html
        assert f'<a href="{post.url}">' in html
    assert "<style" not in html


@pytest.mark.parametrize("page", pages())
def test_a_page_stands_alone_and_runs_nothing(page: str) -> None:
    found = {
        element.tag for element in tree(page).iter() if isinstance(element.tag, str)
    }
    assert not found & {"script", "iframe", "form", "object", "embed", "base"}
    assert related(page, "stylesheet") == []
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("page", pages())
def test_a_page_can_be_found_ones_way_in_by_ear(page: str) -> None:
    """One h1, no level left out, landmarks, a language, and a way past the head."""
    root = tree(page)
    levels = [int(h.tag[1]) for h in root.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert root.get("lang")
    assert len(root.xpath("//main")) == len(root.xpath("//header")) == 1
    assert root.xpath("//body/a[1]/@href") == ["#content"]
    assert root.xpath("//main/@id") == ["content"]
    navs = root.xpath("//nav")
    assert all(nav.get("aria-label") or nav.get("aria-labelledby") for nav in navs)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(image.get("alt") is not None for image in root.iter("img"))


@pytest.mark.parametrize("name", SLOT_NAMES)
def test_a_template_of_the_archive_knows_no_value_of_a_reader(name: str) -> None:
    templates = {"archive/issue.html": f"{{{{ {name} }}}}"}
    with pytest.raises(ConfigError, match=name):
        archive(templates=templates).issue_page(ENGLISH, None, None)


def summaries(count: int) -> list[Summary]:
    return [replace(OLDER, number=n) for n in range(1, count + 1)]


def test_up_to_99_issues_are_on_one_page() -> None:
    (shelf,) = shelve(summaries(99))
    assert (shelf.folder, len(shelf.issues)) == ("", 99)
    assert shelf.newer is shelf.older is None
    assert [issue.number for issue in shelf.issues[:2]] == [99, 98]


def test_older_issues_have_pages_counted_from_the_oldest() -> None:
    shelves = shelve(summaries(170))
    assert [shelf.folder for shelf in shelves] == ["", "page/2", "page/1"]
    assert [len(shelf.issues) for shelf in shelves] == [70, 50, 50]
    assert [shelf.newer for shelf in shelves] == [None, "", "page/2"]
    assert [shelf.older for shelf in shelves] == ["page/2", "page/1", None]


@settings(max_examples=50)
@given(st.integers(1, 400))
def test_every_issue_is_on_one_shelf_and_stays_on_a_full_one(count: int) -> None:
    shelves = shelve(summaries(count))
    numbers = [issue.number for shelf in shelves for issue in shelf.issues]
    assert numbers == list(range(count, 0, -1))
    after = {shelf.folder: shelf for shelf in shelve(summaries(count + 1))}
    for shelf in shelves[1:]:
        assert len(shelf.issues) == SHELF_SIZE
        assert after[shelf.folder].issues == shelf.issues


def test_a_kept_summary_says_what_the_edition_does() -> None:
    assert SUMMARY.titles == tuple(post.title for post in ENGLISH.posts)
    assert (SUMMARY.number, SUMMARY.subject) == (12, ENGLISH.subject)
    assert isinstance(ENGLISH, Edition)
