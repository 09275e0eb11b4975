"""Every issue is a web page: written when it is frozen, there while it is listed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.base.clock import FixedClock
from pipeline.runs.once import run_once
from pipeline.runs.report import Silent
from pipeline.runs.trial import prepare_trial
from pipeline.store.archive import list_edition
from pipeline.store.issues import find_variants
from tests.world import World, part

ARCHIVE = "public/archive/weekly"
URL = "https://example.org/archive/weekly/"


def page(world: World, name: str = "") -> str:
    """Return the page of an issue by its number, or a list by its folder."""
    return (world.folder / ARCHIVE / name / "index.html").read_text("utf-8")


def files(world: World) -> dict[str, tuple[bytes, int]]:
    """Return every file of the archive with its bytes and mtime."""
    found = world.feeds().items()
    return {name: look for name, look in found if name.startswith("archive/")}


def send(world: World, *names: str) -> None:
    """Write posts, and let the next Monday come for them."""
    for name in names:
        world.post(name, date=f"{world.time:%Y-%m-%d}")
    world.run()
    world.take_all()
    world.later(days=7)


@pytest.fixture
def sent(world: World) -> World:
    """Return a world whose first issue, with two posts, has gone out."""
    world.join("ann@example.org")
    world.post("a", body="About **ants**.")
    world.post("b")
    assert world.run().exit_status() == 0
    return world


def test_an_issue_is_a_page_with_all_its_posts(sent: World) -> None:
    shown = page(sent, "1")
    assert "<strong>ants</strong>" in shown
    assert 'href="https://example.org/b/"' in shown
    assert "Weekly #1: B" in shown


def test_mail_leads_to_the_page_and_to_the_list_of_issues(sent: World) -> None:
    (message,) = sent.messages()
    assert f'href="{URL}1/"' in part(message, "html")
    assert f"{URL}1/" in part(message, "plain")
    assert message["List-Archive"] == f"<{URL}>"


def test_nothing_is_written_before_the_first_issue(world: World) -> None:
    world.post("a")
    world.run()
    assert files(world) == {}


def test_a_second_run_writes_nothing(sent: World) -> None:
    before = files(sent)
    sent.later(minutes=5)
    assert not sent.run().changed()
    assert files(sent) == before


def test_the_next_issue_is_listed_first_and_linked_with_the_one_before(
    sent: World,
) -> None:
    sent.later(days=4)
    send(sent, "c")
    assert f'rel="next" href="{URL}2/"' in page(sent, "1")
    assert f'rel="prev" href="{URL}1/"' in page(sent, "2")
    listed = page(sent)
    assert listed.index(f"{URL}2/") < listed.index(f"{URL}1/")


def test_what_was_sent_stays_whatever_becomes_of_the_posts(sent: World) -> None:
    sent.later(minutes=5)
    sent.post("a", body="Other words.")
    (sent.folder / "content/b.md").unlink()
    sent.run()
    assert "<strong>ants</strong>" in page(sent, "1")
    assert "https://example.org/b/" in page(sent, "1")


def test_an_archive_that_a_site_generator_wiped_comes_back_as_it_was(
    world: World,
) -> None:
    world.join("ann@example.org")
    world.post("a", body="An integral: $$\\int_0^1 \\frac{x}{y} dx$$")
    world.run()
    before = {name: data for name, (data, _) in world.feeds().items()}
    assert any(name.startswith("math/") for name in before)
    world.later(days=1)
    (world.folder / "content/a.md").unlink()
    world.post("b", date="2026-11-01")
    world.run()
    shutil.rmtree(world.folder / "public")
    world.run()
    after = {name: data for name, (data, _) in world.feeds().items()}
    same = [name for name in before if name.startswith(("archive/", "math/"))]
    assert {n: after[n] for n in same} == {n: before[n] for n in same}


def test_a_page_that_somebody_changed_is_put_right(sent: World) -> None:
    good = page(sent, "1")
    (sent.folder / ARCHIVE / "1/index.html").write_text("broken")
    sent.later(minutes=5)
    assert sent.run().archived == [sent.folder / ARCHIVE / "1/index.html"]
    assert page(sent, "1") == good


def test_the_feeds_have_an_entry_for_each_issue_under_an_id_that_stays(
    sent: World,
) -> None:
    sent.configure(sent.config.replace("https://example.org/", "https://new.example/"))
    sent.later(minutes=5)
    sent.run()
    feed = json.loads((sent.folder / ARCHIVE / "feed.json").read_text("utf-8"))
    (item,) = feed["items"]
    assert item["id"] == f"{URL}1/"
    assert item["url"] == "https://new.example/archive/weekly/1/"
    assert item["title"] == "Weekly #1: B"
    assert "<strong>ants</strong>" in item["content_html"]
    for name in ("atom.xml", "rss.xml"):
        assert f"{URL}1/" in (sent.folder / ARCHIVE / name).read_text("utf-8")


def test_feeds_hold_as_many_issues_as_feeds_hold_posts(sent: World) -> None:
    sent.configure(sent.config.replace("tags: all", "entries: 1"))
    sent.later(days=4)
    send(sent, "c")
    feed = json.loads((sent.folder / ARCHIVE / "feed.json").read_text("utf-8"))
    assert [item["url"] for item in feed["items"]] == [f"{URL}2/"]


def test_nothing_of_any_reader_is_in_any_file(world: World) -> None:
    world.configure(world.config + "web:\n  public_url: https://readers.example.org\n")
    readers = ("ann@example.org", "wu@example.cn")
    for reader in readers:
        world.join(reader, language="zh-CN" if reader.endswith("cn") else "en")
    world.post("a")
    world.run()
    tokens = set[str]()
    for message in world.messages():
        tokens |= {url.rstrip(">") for url in message["List-Unsubscribe"].split("<")}
    with world.store().transaction() as tx:
        sentinels = {variant.page.sentinel for variant in find_variants(tx, 1)}
    assert len(sentinels) >= 1
    assert len(tokens) > len(readers)
    secret = {token.rpartition("/")[2] for token in tokens if "unsubscribe" in token}
    for name, (data, _) in files(world).items():
        text = data.decode()
        for word in (*readers, *sentinels, *secret, "unsubscribe", "preferences"):
            assert word not in text, (name, word)
        if name.endswith("html"):
            assert "https://readers.example.org/subscribe" in text


def test_an_owner_who_wants_no_archive_has_none_and_no_link_to_one(
    world: World,
) -> None:
    world.configure(world.config.replace("backfill: 5", "backfill: 5\n    archive: no"))
    world.join("ann@example.org")
    world.post("a")
    world.run()
    assert files(world) == {}
    (message,) = world.messages()
    assert "archive" not in part(message, "html")
    assert message["List-Archive"] == "<https://example.org/>"


def test_an_archive_that_is_no_longer_wanted_is_taken_away_and_comes_back(
    sent: World,
) -> None:
    before, config = files(sent), sent.config
    sent.configure(config.replace("backfill: 5", "backfill: 5\n    archive: no"))
    sent.run()
    assert not (sent.folder / "public/archive").exists()
    sent.configure(config)
    sent.run()
    assert {n: d for n, (d, _) in files(sent).items()} == {
        n: d for n, (d, _) in before.items()
    }


def test_an_issue_that_its_owner_took_out_is_gone_from_everywhere(
    sent: World,
) -> None:
    sent.later(days=4)
    send(sent, "c")
    with sent.store().transaction() as tx:
        assert list_edition(tx, 1, listed=False)
        assert not list_edition(tx, 9, listed=False)
    report = sent.run()
    assert sent.folder / ARCHIVE / "1/index.html" in report.removed
    assert not (sent.folder / ARCHIVE / "1").exists()
    assert all(f"{URL}1/".encode() not in data for data, _ in files(sent).values())


def test_a_newsletter_whose_settings_are_wrong_keeps_its_archive(sent: World) -> None:
    before = files(sent)
    sent.configure(sent.config.replace("every monday 09:00", "every moonday"))
    assert sent.run().exit_status() == 78
    assert files(sent) == before


def test_an_archive_stays_while_the_templates_cannot_be_read(sent: World) -> None:
    before = files(sent)
    sent.write("templates/digest.html", b"\xff")
    assert sent.run().exit_status() == 78
    assert files(sent) == before


def test_mail_goes_out_without_a_link_where_the_archive_cannot_be_written(
    world: World,
) -> None:
    world.join("ann@example.org")
    world.post("a")
    world.write("public/archive", "a file in the way")
    report = world.run()
    assert report.exit_status() == 73
    assert "public/archive" in str(report.errors[0])
    (message,) = world.messages()
    assert "archive" not in part(message, "html")
    assert message["List-Archive"] == "<https://example.org/>"
    (world.folder / "public/archive").unlink()
    assert world.run().exit_status() == 0
    assert "Weekly #1" in page(world, "1")


def test_mail_goes_out_without_a_link_where_a_template_of_the_archive_is_wrong(
    world: World,
) -> None:
    world.join("ann@example.org")
    world.post("a")
    path = world.write("templates/archive/issue.html", "{{ nothing }}")
    report = world.run()
    assert report.exit_status() == 78
    assert "archive/issue.html" in str(report.errors[0])
    (message,) = world.messages()
    assert "archive" not in part(message, "html")
    path.unlink()
    assert world.run().exit_status() == 0
    assert "Weekly #1" in page(world, "1")


def test_an_archive_of_several_sites_lies_in_the_first_with_all_its_formulas(
    world: World,
) -> None:
    text = world.config.replace(
        "feeds:",
        "  - name: blog\n    folder: blog\n    url: https://blog.example.org\n"
        "    title: Blog\n    output: blog-public\nfeeds:",
    )
    world.configure(text.replace("backfill: 5", "backfill: 5\n    sites: [site, blog]"))
    world.join("ann@example.org")
    world.post("a")
    world.write(
        "blog/b.md",
        "---\ntitle: B\ndate: 2026-11-19\n---\n$$\\int_0^1 \\frac{x}{y} dx$$\n",
    )
    world.run()
    shown = page(world, "1")
    assert "https://blog.example.org/math" not in shown
    assert "https://example.org/math/" in shown
    assert list((world.folder / "public/math").glob("*.png"))
    assert not (world.folder / "blog-public/archive").exists()


def test_of_a_posts_translations_the_archive_has_that_in_its_own_language(
    world: World,
) -> None:
    world.join("ann@example.org")
    world.post("tea.en", translationKey="tea", title="Tea", language="en")
    world.post("tea.zh", translationKey="tea", title="茶", language="zh-CN")
    world.run()
    assert "https://example.org/tea.en/" in page(world, "1") or "Tea" in page(
        world, "1"
    )
    assert "茶" not in page(world, "1")


def test_mail_by_another_cadence_leads_to_the_list_and_has_no_page(
    sent: World,
) -> None:
    sent.configure(sent.config + "    cadences: [daily]\n")
    sent.choose("ann@example.org", cadence="daily")
    sent.run()
    sent.take_all()
    sent.post("c", date=f"{sent.time:%Y-%m-%d}")
    sent.later(days=1)
    sent.run()
    (message,) = sent.messages()
    assert "https://example.org/c/" in part(message, "plain")
    assert message["List-Archive"] == f"<{URL}>"
    assert "archive" not in part(message, "html")
    assert not (sent.folder / ARCHIVE / "2").exists()


def test_a_reader_who_catches_up_brings_nothing_old_into_an_issue(
    sent: World,
) -> None:
    """A newcomer of another cadence may be given more than the issue's own posts."""
    sent.configure(sent.config + "    cadences: [monthly]\n")
    sent.join("bob@example.org")
    sent.choose("bob@example.org", cadence="monthly")
    sent.later(days=4)
    send(sent, "c")
    sent.choose("bob@example.org", cadence="own")
    sent.post("d", date=f"{sent.time:%Y-%m-%d}")
    sent.run()
    shown = page(sent, "3")
    assert "https://example.org/d/" in shown
    assert "https://example.org/c/" not in shown
    (caught_up,) = [m for m in sent.messages() if m["To"] == "bob@example.org"]
    assert "https://example.org/c/" in part(caught_up, "plain")


def test_a_trial_has_the_archive_in_its_own_folder(sent: World, tmp_path: Path) -> None:
    before = files(sent)
    trial = prepare_trial(sent.configuration(), tmp_path / "trial")
    run_once(trial, FixedClock(sent.time), Silent())
    assert (tmp_path / "trial/public/archive/weekly/1/index.html").is_file()
    assert files(sent) == before
