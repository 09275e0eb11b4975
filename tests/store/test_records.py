"""What goes into the store comes out the same: posts, sources, renditions, files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from pipeline.base.faults import Fault, Severity
from pipeline.content.identity import Known, Remains, digest_of_text
from pipeline.content.post import Enclosure, Mail, Post
from pipeline.content.scan import StatKey
from pipeline.store.database import Database
from pipeline.store.documents import Document, find_document, put_document
from pipeline.store.posts import (
    find_post,
    known_posts,
    mark_absent,
    mark_live,
    present_posts,
    put_post,
)
from pipeline.store.renditions import (
    KeptRendition,
    find_rendition,
    put_rendition,
    rendition_keys,
)
from pipeline.store.sites import (
    begin_site,
    holds_posts_below,
    rename_site,
    site_names,
)
from pipeline.store.sources import Source, forget_source, put_sources, read_sources
from tests.store.records import KEPT, RENDITION

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
POST = Post(
    id="https://example.org/%E7%86%B5/",
    site="site",
    path="posts/熵.md",
    url="https://example.org/%E7%86%B5/",
    title="最小熵原理 & <b>",
    published=datetime(2026, 11, 1, 8, tzinfo=timezone(timedelta(hours=8))),
    updated=datetime(2026, 11, 2, 8, 0, 0, 123456, tzinfo=UTC),
    expires=datetime(2027, 1, 1, tzinfo=UTC),
    authors=("苏剑林", "Ann"),
    tags=("数学",),
    series="熵",
    enclosures=(Enclosure(url="https://example.org/a.mp3", type="audio/mpeg"),),
    mail=Mail.FULL,
    text="熵 $S=k\\log W$",
    text_line=7,
    digest="ab" * 32,
)


def test_a_post_comes_back_whole(database: Database) -> None:
    with database.transaction() as tx:
        put_post(tx, POST)
        assert find_post(tx, POST.id) == POST
        assert find_post(tx, "https://example.org/none/") is None


def test_listing_posts_leaves_their_texts_behind(database: Database) -> None:
    with database.transaction() as tx:
        put_post(tx, POST)
        (kept,) = present_posts(tx, "site")
        assert kept.post == replace(POST, text="")
        assert present_posts(tx, "other") == []


def test_a_posts_key_changes_with_anything_it_says(database: Database) -> None:
    keys = set()
    with database.transaction() as tx:
        for post in (POST, replace(POST, title="B"), replace(POST, digest="cd")):
            put_post(tx, post)
            keys.add(present_posts(tx, "site")[0].key)
    assert len(keys) == 3


def test_a_post_whose_file_is_gone_is_known_and_not_listed(database: Database) -> None:
    with database.transaction() as tx:
        put_post(tx, POST)
        mark_absent(tx, POST.id, NOW)
        assert present_posts(tx, "site") == []
        assert known_posts(tx, "site", NOW) == [
            Known(
                id=POST.id,
                path=POST.path,
                url=POST.url,
                digest=POST.digest,
                text_digest=digest_of_text(POST.text),
            )
        ]
        put_post(tx, POST)
        assert len(present_posts(tx, "site")) == 1


def test_of_a_post_that_is_long_gone_there_are_remains(database: Database) -> None:
    remains = Remains(POST.title, POST.published)
    with database.transaction() as tx:
        put_post(tx, POST)
        mark_absent(tx, POST.id, NOW)
        mark_absent(tx, POST.id, NOW + timedelta(days=9))
        for days, found in ((1, None), (30, None), (31, remains)):
            (known,) = known_posts(tx, "site", NOW + timedelta(days=days))
            assert known.remains == found
        put_post(tx, POST)
        (known,) = known_posts(tx, "site", NOW + timedelta(days=99))
        assert known.remains is None


def test_the_first_time_a_post_was_public_is_kept(database: Database) -> None:
    with database.transaction() as tx:
        put_post(tx, POST)
        assert present_posts(tx, "site")[0].live_since is None
        mark_live(tx, POST.id, NOW)
        mark_live(tx, POST.id, NOW + timedelta(days=1))
        put_post(tx, replace(POST, title="B"))
        assert present_posts(tx, "site")[0].live_since == NOW


def test_a_site_keeps_the_id_of_its_post_from_another(database: Database) -> None:
    with database.transaction() as tx:
        assert put_post(tx, POST)
        assert not put_post(tx, replace(POST, site="other", title="Other"))
        assert present_posts(tx, "other") == []
        assert present_posts(tx, "site")[0].post.title == POST.title


def test_a_site_takes_its_posts_along_to_its_new_name(database: Database) -> None:
    with database.transaction() as tx:
        assert begin_site(tx, "site", NOW) == NOW
        assert begin_site(tx, "site", NOW + timedelta(days=1)) == NOW
        put_post(tx, POST)
        assert holds_posts_below(tx, "site", "https://example.org/")
        assert not holds_posts_below(tx, "site", "https://example.net/")
        rename_site(tx, "site", "blog")
        assert site_names(tx) == ["blog"]
        assert len(present_posts(tx, "blog")) == 1
        assert begin_site(tx, "blog", NOW + timedelta(days=1)) == NOW


def test_a_source_comes_back_with_its_faults(database: Database) -> None:
    warning = Fault(path="a.md", what="odd", line=3, severity=Severity.WARNING)
    source = Source(
        path="a.md",
        stat=StatKey(1, 2, 3, 4),
        scanned_ns=5,
        reading="key",
        post=None,
        faults=(warning, Fault(path="a.md", what="bad", remedy="mend it")),
    )
    good = Source(
        path="b.md", stat=StatKey(9, 8, 7, 6), scanned_ns=5, reading="key", post="id"
    )
    with database.transaction() as tx:
        put_sources(tx, "site", [source, replace(good, scanned_ns=1)])
        put_sources(tx, "site", [good])
        assert read_sources(tx, "site") == {"a.md": source, "b.md": good}
        forget_source(tx, "site", "a.md")
        assert list(read_sources(tx, "site")) == ["b.md"]


def test_a_rendition_comes_back_and_the_newer_one_wins(database: Database) -> None:
    rendition, kept = RENDITION, KEPT
    with database.transaction() as tx:
        put_post(tx, POST)
        assert find_rendition(tx, POST.id) is None
        put_rendition(tx, POST.id, kept, rendition)
        put_rendition(
            tx, POST.id, replace(kept, key="l"), replace(rendition, minutes=3)
        )
        assert find_rendition(tx, POST.id) == replace(rendition, minutes=3)
        assert rendition_keys(tx, "site") == {POST.id: replace(kept, key="l")}
        assert rendition_keys(tx, "other") == {}


def test_a_renditions_identity_follows_what_its_names_gave() -> None:
    kept = KeptRendition(key="k", references=(("post:a", "u"),), faults=())
    moved = replace(kept, references=(("post:a", "v"),))
    assert kept.identity() != moved.identity()
    assert kept.identity() == replace(kept).identity()


def test_a_written_file_is_remembered(database: Database) -> None:
    with database.transaction() as tx:
        assert find_document(tx, "/public/rss.xml") is None
        put_document(tx, "/public/rss.xml", Document("a", 1, 2))
        put_document(tx, "/public/rss.xml", Document("b", 3, 4))
        assert find_document(tx, "/public/rss.xml") == Document("b", 3, 4)
