"""An edition: an issue as anybody may read it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from pipeline.base.errors import ConfigError
from pipeline.content.post import Mail
from pipeline.digest.edition import Edition, make_edition
from pipeline.digest.embedding import MailImage
from pipeline.digest.page import DigestEntry, render_page
from tests.digest.builders import ENGLISH_ISSUE, HILLS, context, entry, post, rendition

URL = "https://example.org/archive/weekly/12/"
THERE = "https://other.example/math/f00d.png"
HERE = "https://example.org/math/f00d.png"
FORMULA = MailImage(
    digest="f00d", media_type="image/png", size=90, url=HERE, formula=True
)
WITH_FORMULA = DigestEntry(
    post(1), rendition(f'An integral: <img class="math" src="{THERE}">')
)


def test_it_has_the_subject_and_intro_of_the_mail_and_every_post() -> None:
    issue = context(
        *ENGLISH_ISSUE,
        newsletter={
            "intro": "A quiet week.\n\nReply.",
            "subject": "{{ posts|length }}",
        },
        archive_url=URL,
    )
    edition, page = make_edition(issue, {}), render_page(issue)
    assert (edition.id, edition.number, edition.language) == (URL, 12, "en")
    assert edition.subject == page.subject == "5"
    assert edition.preheader == page.preheader
    assert edition.intro == ("A quiet week.", "Reply.")
    assert [p.title for p in edition.posts] == [e.post.title for e in ENGLISH_ISSUE]
    assert edition.posts[0].picture == HILLS


def test_its_date_is_that_of_the_mail_where_the_newsletter_is() -> None:
    edition = make_edition(context(archive_url=URL), {})
    assert f"{edition.due:%m-%d %H}" == "11-19 23"
    assert f"{edition.date}" == "2026-11-20"


def test_nothing_is_cut_short_for_gmail() -> None:
    long = rendition("Words. " * 5_000)
    issue = context(
        DigestEntry(post(1), long),
        newsletter={"body": "full"},
        max_html_bytes=20_000,
    )
    assert render_page(issue).body != "full"
    (shown,) = make_edition(issue, {}).posts
    assert shown.html == long.mail_html
    assert shown.shows == "full"
    assert shown.whole


def test_a_post_shows_as_much_as_the_newsletter_or_itself_asks() -> None:
    issue = context(entry(1), entry(2, mail=Mail.FULL), newsletter={"body": "title"})
    assert [p.shows for p in make_edition(issue, {}).posts] == ["title", "full"]


def test_formulas_are_shown_from_the_archives_own_site() -> None:
    edition = make_edition(context(WITH_FORMULA), {THERE: FORMULA})
    assert f'src="{HERE}"' in edition.posts[0].html
    assert THERE not in edition.posts[0].html
    assert edition.formulas == ("f00d",)


def test_only_formulas_that_it_shows_are_its_own() -> None:
    titles = context(WITH_FORMULA, newsletter={"body": "title"})
    assert make_edition(titles, {THERE: FORMULA}).formulas == ()
    assert make_edition(context(WITH_FORMULA), {}).formulas == ()


def test_a_wrong_subject_is_told_as_it_is_for_mail() -> None:
    with pytest.raises(ConfigError, match=r"newsletters\.weekly\.subject"):
        make_edition(context(newsletter={"subject": "{{ nothing }}"}), {})


def test_it_comes_back_from_json_as_it_was() -> None:
    kept = TypeAdapter(Edition)
    edition = make_edition(context(*ENGLISH_ISSUE, archive_url=URL), {})
    assert kept.validate_json(kept.dump_json(edition)) == edition
