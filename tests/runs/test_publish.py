"""Posts become feeds: written when they change, and only then."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.runs.issues.misfits import shared_misfits
from tests.world import World


def test_a_post_is_in_every_format(world: World) -> None:
    world.post("熵", body="最小熵原理")
    report = world.run()
    assert report.exit_status() == 0
    for name in ("rss.xml", "atom.xml", "feed.json"):
        assert "最小熵原理" in world.feed(name)
    assert len(report.sites[0].written) == 3


def test_a_second_run_writes_reads_and_renders_nothing(world: World) -> None:
    for n in range(5):
        world.post(f"post-{n}", tags=f"[t{n}, 数学]")
    world.run()
    before = world.feeds()
    world.later(minutes=5)
    report = world.run()
    assert world.feeds() == before
    (site,) = report.sites
    assert (site.opened, site.rendered, site.written) == (0, 0, ())
    assert not report.changed()


def test_only_the_changed_post_is_read_and_rendered_again(world: World) -> None:
    for n in range(5):
        world.post(f"post-{n}")
    world.run()
    world.later(minutes=5)
    world.post("post-3", body="Other words.")
    (site,) = world.run().sites
    assert (site.opened, site.rendered) == (1, 1)
    assert "Other words." in world.feed()


def test_a_feed_whose_bytes_stay_keeps_its_mtime(world: World) -> None:
    world.post("a", tags="[数学]")
    world.post("b", tags="[生活]")
    world.run()
    before = world.feeds()
    world.later(minutes=5)
    world.post("b", body="Other.", tags="[生活]")
    world.run()
    after = world.feeds()
    assert after["tags/数学/rss.xml"] == before["tags/数学/rss.xml"]
    assert after["tags/生活/rss.xml"] != before["tags/生活/rss.xml"]


@pytest.mark.parametrize(("seconds_before", "opened"), [(0, 1), (1, 1), (3, 0)])
def test_a_file_saved_within_a_clock_tick_of_the_last_scan_is_read_again(
    world: World, seconds_before: int, opened: int
) -> None:
    """FAT stamps files with even seconds: saved again, it may look the same."""
    path = world.post("a", body="One.")
    time = world.time.timestamp() - seconds_before
    os.utime(path, (time, time))
    world.run()
    (site,) = world.run().sites
    assert site.opened == opened


def test_a_feed_that_somebody_removed_or_changed_is_put_back(world: World) -> None:
    world.post("a")
    world.run()
    good = world.feed()
    (world.folder / "public" / "rss.xml").unlink()
    (world.folder / "public" / "atom.xml").write_text("broken")
    report = world.run()
    assert world.feed() == good
    assert "broken" not in world.feed("atom.xml")
    assert len(report.sites[0].written) == 2


def test_a_future_post_comes_out_when_its_time_has_come(world: World) -> None:
    world.post("now")
    world.post("soon", date="2026-11-21 12:00:00")
    world.run()
    assert "Soon" not in world.feed()
    world.later(days=2)
    (site,) = world.run().sites
    assert "Soon" in world.feed()
    assert site.opened == 0


def test_an_expired_post_is_taken_out(world: World) -> None:
    world.post("always")
    world.post("offer", expiryDate="2026-11-21")
    world.run()
    assert "Offer" in world.feed()
    world.later(days=2)
    world.run()
    assert "Offer" not in world.feed()


@pytest.mark.parametrize(
    "field", [{"draft": "true"}, {"published": "false"}, {"status": "draft"}]
)
def test_what_is_not_public_is_in_no_feed(world: World, field: dict[str, str]) -> None:
    world.post("shown")
    world.post("hidden", **field)
    world.run()
    assert "Hidden" not in "".join(map(world.feed, ("rss.xml", "feed.json")))


def test_a_post_for_mail_only_is_in_no_feed(world: World) -> None:
    world.post("shown")
    world.post("letter", mail="only")
    world.run()
    assert "Letter" not in world.feed()


def test_a_moved_renamed_and_retitled_post_keeps_its_id(world: World) -> None:
    path = world.post("a", body="A text that stays the same.")
    world.run()
    assert '<guid isPermaLink="true">https://example.org/a/</guid>' in world.feed()
    path.unlink()
    world.later(minutes=5)
    world.post(
        "2026/b", body="A text that stays the same.", title="New", date="2026-11-18"
    )
    world.run()
    feed = world.feed()
    assert '<guid isPermaLink="false">https://example.org/a/</guid>' in feed
    assert "<link>https://example.org/b/</link>" in feed


def test_a_lost_store_gives_the_same_bytes_again(world: World) -> None:
    world.post("a", tags="[数学]")
    world.post("b")
    world.run()
    before = {name: data for name, (data, _) in world.feeds().items()}
    shutil.rmtree(world.folder / "var")
    world.later(days=1)
    world.run()
    assert {name: data for name, (data, _) in world.feeds().items()} == before


def test_a_removed_post_leaves_the_feeds(world: World) -> None:
    path = world.post("gone")
    world.post("stays")
    world.run()
    path.unlink()
    world.run()
    assert "Gone" not in world.feed()
    assert "Stays" in world.feed()


def test_a_published_post_that_turns_faulty_keeps_its_last_good_form(
    world: World,
) -> None:
    world.post("good", body="As it was.")
    world.run()
    world.later(minutes=5)
    world.write("content/good.md", "---\ntitle: [unclosed\n  date: {\n---\nBroken.\n")
    report = world.run()
    assert report.exit_status() == 65
    assert "good.md" in str(report.faults[0])
    assert "As it was." in world.feed()
    world.later(minutes=5)
    world.post("good", body="As it is.")
    assert world.run().exit_status() == 0
    assert "As it is." in world.feed()


def test_a_post_that_can_no_longer_be_parsed_keeps_its_last_words_under_its_title(
    world: World,
) -> None:
    world.post("a", body="As it was.")
    world.run()
    world.later(minutes=5)
    world.post("a", title="Renamed", body="<div>" * 5_000)
    report = world.run()
    assert report.exit_status() == 65
    assert "content/a.md" in str(report.faults[0])
    assert "As it was." in world.feed()
    assert "<title>Renamed</title>" in world.feed()


def test_only_posts_that_a_feed_shows_are_rendered(world: World) -> None:
    world.configure(world.config.replace("tags: all", "entries: 3"))
    for n in range(9):
        world.post(f"post-{n}", date=f"2026-11-0{n + 1}")
    (site,) = world.run().sites
    assert (site.found, site.opened, site.rendered) == (9, 9, 3)


def test_a_link_to_a_post_follows_it_to_its_new_address(world: World) -> None:
    world.post("a", body="See [b](b.md).")
    world.post("b", date="2026-11-01")
    world.run()
    assert 'https://example.org/b/"' in world.feed()
    world.later(minutes=5)
    world.post("b", date="2026-11-01", slug="bee")
    (site,) = world.run().sites
    assert 'https://example.org/bee/"' in world.feed()
    assert site.opened == 1
    assert site.rendered == 2


def test_a_link_to_a_page_that_is_no_post_is_no_missing_file(world: World) -> None:
    world.write("content/demo.html", "<p>A page of its own.</p>")
    world.post("a", body="See [it](demo.html).")
    report = world.run()
    assert report.faults == []
    assert 'href="https://example.org/demo.html"' in world.feed()
    world.later(minutes=5)
    assert world.run().sites[0].opened == 0


def test_several_sites_have_their_own_feeds(world: World) -> None:
    text = world.config.replace(
        "feeds:",
        "  - name: blog\n    folder: blog\n    url: https://blog.example.org\n"
        "    title: Blog\n    output: public/blog\nfeeds:",
    )
    world.configure(text)
    world.post("a")
    world.write("blog/b.md", "---\ntitle: B\ndate: 2026-11-19\n---\nBlog words.\n")
    report = world.run()
    assert [site.site for site in report.sites] == ["site", "blog"]
    assert "Blog words." in world.feed("blog/rss.xml")
    assert "Blog words." not in world.feed()


def test_settings_that_change_the_reading_change_the_feeds(world: World) -> None:
    world.post("a")
    world.run()
    world.configure(world.config.replace("title: Example", "title: Renamed"))
    report = world.run()
    assert "Renamed" in world.feed()
    assert report.changed()


def test_only_the_output_itself_is_passed_over_not_its_namesakes(world: World) -> None:
    world.configure(
        world.config.replace("folder: content", "folder: .\n    output: public")
    )
    world.write("notes/public/a.md", "---\ntitle: A\ndate: 2026-11-19\n---\nWords.\n")
    world.run()
    assert "<title>A</title>" in world.feed()
    assert world.run().sites[0].found == 1


def test_two_sites_of_one_address_are_refused(world: World) -> None:
    site = world.config.split("feeds:")[0].removeprefix("sites:\n")
    world.configure(world.config.replace("feeds:", f"{site}    name: b\nfeeds:"))
    ((key, what, _),) = shared_misfits(world.configuration())
    assert (key, what) == (
        ("sites", 1, "url"),
        "another site has the address https://example.org/",
    )


def test_two_sites_that_write_into_one_folder_are_refused(world: World) -> None:
    other = "  - name: b\n    folder: b\n    url: https://b.example.org\n    title: B\n"
    world.configure(world.config.replace("feeds:", f"{other}feeds:"))
    ((key, what, _),) = shared_misfits(world.configuration())
    assert (key, what) == (
        ("sites", 1, "output"),
        f"another site writes into {world.folder}/public",
    )
    world.configure(world.config.replace(other, f"{other}    output: public/b\n"))
    assert shared_misfits(world.configuration()) == []


def test_a_symlink_that_is_the_output_is_not_read_as_posts(world: World) -> None:
    world.configure(
        world.config.replace("folder: content", "folder: .\n    output: public")
    )
    world.post("a")
    world.run()
    world.write("public/tags/x.md", "---\ntitle: X\ndate: 2026-11-19\n---\n")
    assert world.run().sites[0].found == 1
    assert Path(world.folder / "public" / "rss.xml").exists()


def test_the_feed_of_a_tag_whose_last_post_is_gone_is_taken_away(world: World) -> None:
    world.post("a", tags="[数学]")
    gone = world.post("b", tags="[生活, 数学]")
    world.run()
    gone.unlink()
    report = world.run()
    assert {path.parent.name for path in report.removed} == {"生活"}
    assert len(report.removed) == 3
    assert report.changed()
    assert not (world.folder / "public" / "tags" / "生活").exists()
    assert "<title>B</title>" not in world.feed("tags/数学/rss.xml")
    assert not world.run().changed()


def test_the_folder_of_all_tags_goes_with_the_last_of_them(world: World) -> None:
    world.post("a", tags="[数学]")
    world.run()
    world.later(minutes=5)
    world.post("a")
    world.run()
    assert not (world.folder / "public" / "tags").exists()
    assert "Words." in world.feed()


def test_a_file_changed_by_another_hand_is_not_taken_away(world: World) -> None:
    world.post("a", tags="[数学]")
    world.run()
    path = world.folder / "public" / "tags" / "数学" / "atom.xml"
    path.write_text("somebody else's")
    world.later(minutes=5)
    world.post("a")
    world.run()
    assert path.read_text() == "somebody else's"
    assert not world.run().changed()


def test_no_feed_is_taken_away_while_a_site_cannot_be_read(world: World) -> None:
    world.post("a", tags="[数学]")
    world.run()
    before = world.feeds()
    (world.folder / "content").rename(world.folder / "elsewhere")
    report = world.run()
    assert report.exit_status() == 66
    assert world.feeds() == before


def test_an_output_folder_that_is_no_longer_ours_is_left_alone(world: World) -> None:
    world.post("a")
    world.run()
    world.configure(world.config.replace("author: Ann", "output: docs"))
    report = world.run()
    assert report.removed == ()
    assert "Words." in world.feed()
    assert (world.folder / "docs" / "rss.xml").exists()
