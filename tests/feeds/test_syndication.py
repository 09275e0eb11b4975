"""What RSS and Atom say each in its own way, where feedgen would say it wrongly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pipeline.content.post import Enclosure
from pipeline.rendition.pictures import Picture
from tests.feeds.builders import NOON, entry, feed, site
from tests.feeds.rules import (
    ATOM,
    CONTENT,
    DC,
    MEDIA,
    XML,
    check_atom,
    check_rss,
    texts,
)

EPISODE = (
    Enclosure(url="/1.mp3", type="audio/mpeg", length=99),
    Enclosure(url="/1.bin", type=""),
)


def item(**changes: Any) -> Any:
    """Return the one item of an RSS feed."""
    return check_rss(feed("rss", entry(**changes))).find("item")


def atom_entry(**changes: Any) -> Any:
    """Return the one entry of an Atom feed."""
    return check_atom(feed("atom", entry(**changes))).find(f"{ATOM}entry")


def test_entries_keep_the_order_they_are_given_in() -> None:
    entries = [entry("c"), entry("a"), entry("b")]
    titles = ["Post c", "Post a", "Post b"]
    assert texts(check_rss(feed("rss", *entries)), "item/title") == titles
    found = texts(check_atom(feed("atom", *entries)), f"{ATOM}entry/{ATOM}title")
    assert found == titles


def test_the_feed_was_updated_when_its_newest_change_was_made() -> None:
    changed = entry("old", published=NOON, updated=NOON + timedelta(days=3))
    entries = [entry("new", published=NOON + timedelta(days=1)), changed]
    atom = check_atom(feed("atom", *entries))
    assert texts(atom, f"{ATOM}updated") == ["2026-02-03T12:00:00+00:00"]
    rss = check_rss(feed("rss", *entries))
    assert texts(rss, "lastBuildDate") == ["Tue, 03 Feb 2026 12:00:00 GMT"]


def test_rss_links_to_the_page_and_to_itself() -> None:
    channel = check_rss(feed("rss", entry()))
    assert texts(channel, "link") == ["https://example.org/"]
    link = channel.find(f"{ATOM}link")
    assert link is not None
    assert dict(link.attrib) == {
        "href": "https://example.org/rss.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }


def test_a_guid_is_a_permalink_only_where_it_is_the_address() -> None:
    assert item().find("guid").get("isPermaLink") == "true"
    assert item(id="tag:example.org,2026:a").find("guid").get("isPermaLink") == "false"
    moved = item(url="https://example.org/moved/")
    assert moved.find("guid").get("isPermaLink") == "false"


def test_rss_has_the_summary_and_the_content() -> None:
    found = item(shows={"summary": "1 < 2 & 3"})
    assert texts(found, "description") == ["1 &lt; 2 &amp; 3"]
    assert texts(found, f"{CONTENT}encoded") == ["<p>All of it.</p>"]


def test_a_post_without_words_shows_its_excerpt_as_its_summary() -> None:
    picture = '<p><img src="https://example.org/a.png" alt=""></p>'
    shows = {"summary": "", "feed_html": picture, "feed_excerpt_html": picture}
    assert texts(item(shows=shows), "description") == [picture]
    assert texts(atom_entry(shows=shows), f"{ATOM}summary") == [picture]


def test_a_post_without_anything_is_its_title_and_link() -> None:
    nothing = {"summary": "", "feed_html": "", "feed_excerpt_html": ""}
    found = item(shows=nothing)
    assert found.find("description") is None
    assert found.find(f"{CONTENT}encoded") is None
    assert atom_entry(shows=nothing).find(f"{ATOM}content") is None


def test_markup_in_an_rss_title_is_written_as_hexadecimal_references() -> None:
    data = feed("rss", entry(title="a <b> & c"), where=site(description="1 < 2"))
    assert b"<title>a &#x3C;b&#x3E; &#x26; c</title>" in data
    assert b"<description>1 &#x3C; 2</description>" in data


def test_rss_names_authors_that_have_no_address() -> None:
    found = item(authors=("Ann", "苏剑林"))
    assert texts(found, f"{DC}creator") == ["Ann", "苏剑林"]


def test_rss_has_one_enclosure_and_atom_all() -> None:
    (only,) = item(enclosures=EPISODE).findall("enclosure")
    assert dict(only.attrib) == {
        "url": "https://example.org/1.mp3",
        "length": "99",
        "type": "audio/mpeg",
    }
    links = atom_entry(enclosures=EPISODE).findall(f"{ATOM}link[@rel='enclosure']")
    assert [dict(link.attrib) for link in links] == [
        {
            "rel": "enclosure",
            "type": "audio/mpeg",
            "href": "https://example.org/1.mp3",
            "length": "99",
        },
        {
            "rel": "enclosure",
            "type": "application/octet-stream",
            "href": "https://example.org/1.bin",
        },
    ]


def test_an_enclosure_of_unknown_length_has_none_in_rss() -> None:
    (only,) = item(enclosures=EPISODE[1:]).findall("enclosure")
    assert only.get("length") == "0"


def test_an_entry_names_its_language_where_it_is_not_that_of_the_feed() -> None:
    assert texts(item(language="en"), f"{DC}language") == ["en"]
    assert atom_entry(language="en").get(f"{XML}lang") == "en"
    assert texts(item(language="zh_cn"), f"{DC}language") == []
    assert atom_entry(language="zh_cn").get(f"{XML}lang") is None


def test_a_picture_stands_beside_the_content_and_in_no_group() -> None:
    shows = {"picture": Picture("https://example.org/a.png", "", width=8, height=6)}
    for found in (item(shows=shows), atom_entry(shows=shows)):
        picture = found.find(f"{MEDIA}content")
        assert dict(picture.attrib) == {
            "url": "https://example.org/a.png",
            "medium": "image",
            "width": "8",
            "height": "6",
        }


def test_a_picture_of_unknown_size_has_none() -> None:
    found = item(shows={"picture": Picture("https://example.org/a.png", "")})
    assert "width" not in found.find(f"{MEDIA}content").attrib
