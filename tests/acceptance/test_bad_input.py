"""What the owner is told of bad input, and that the rest went on all the same."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from email import message_from_bytes

import feedparser
import pytest

from pipeline.cli.main import main
from pipeline.runs.report import Report
from tests.command import Finished
from tests.faults.trials import Fate, Trials
from tests.world import World, part

ANN = "ann@example.org"

Command = Callable[..., Finished]


@pytest.fixture
def site(world: World) -> World:
    """Return a world with a good post, which must come through, and a reader."""
    world.post("good", body="Good words.")
    world.join(ANN)
    return world


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials() as trials:
        yield trials


@pytest.fixture
def pressroom(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Be `pressroom WORDS`, to its exit; test_exit_status.py starts processes."""

    def run(*words: str) -> Finished:
        monkeypatch.chdir(world.folder)
        monkeypatch.setattr("sys.argv", ["pressroom", *words])
        with pytest.raises(SystemExit) as over:
            main()
        said = capsys.readouterr()
        return Finished(words, int(over.value.code or 0), said.out, said.err)

    return run


def told(report: Report) -> list[str]:
    """Return the sentences of faults and warnings, as seen from the site's folder."""
    return [re.sub(r"/\S*/site/", "", str(fault)) for fault in report.faults]


def assert_good_post_came_through(site: World) -> None:
    assert "Good words." in site.feed()
    (message,) = site.messages()
    assert "https://example.org/good/" in part(message, "plain")
    assert "https://example.org/good/" in part(message, "html")


def test_a_post_with_broken_front_matter_is_left_out_with_its_place(
    site: World,
) -> None:
    site.write("content/bad.md", "---\ntitle: Bad\ntags: [a, b\n---\nBad words.\n")
    report = site.run()
    (fault,) = told(report)
    assert fault.startswith("content/bad.md:3:7: the list or group opened with `[` ")
    assert report.exit_status() == 65
    assert "Bad words." not in site.feed()
    assert_good_post_came_through(site)


def test_a_post_that_was_published_and_turns_faulty_keeps_its_last_good_form(
    site: World,
) -> None:
    site.post("a", body="As it was.")
    site.run()
    site.later(minutes=5)
    site.write("content/a.md", b"---\ntitle: [A\n---\nAs it is not to be.\n")
    report = site.run()
    assert told(report)[0].startswith("content/a.md:")
    assert "As it was." in site.feed()
    assert not report.changed()


def test_a_post_in_gbk_is_read_and_its_guess_is_told(site: World) -> None:
    text = (
        "---\ntitle: 编码的历史\ndate: 2026-11-18\n---\n"
        "这篇文章保存成了国标编码,而不是如今通行的统一码。读者不应看到乱码。\n"
    )
    site.write("content/gbk.md", text.encode("gbk"))
    report = site.run()
    (warning,) = told(report)
    assert warning.startswith("content/gbk.md: is not UTF-8; read as gb18030")
    assert "save it as UTF-8" in warning
    assert report.exit_status() == 0
    assert "读者不应看到乱码" in site.feed()
    assert "编码的历史" in part(site.messages()[0], "plain")
    assert_good_post_came_through(site)


def test_a_post_of_20_mb_is_left_out_unread(site: World) -> None:
    path = site.post("large")
    os.truncate(path, 20_000_000)
    report = site.run()
    (fault,) = told(report)
    assert fault == (
        "content/large.md: the post has 20,000,000 bytes, more than 1,000,000 "
        "(shorten it, `exclude` it, or raise the site's `max_post_bytes`)"
    )
    assert report.sites[0].opened == 1
    assert_good_post_came_through(site)


def test_a_post_that_grows_to_20_mb_keeps_its_last_good_form(site: World) -> None:
    path = site.post("a", body="As it was.")
    site.run()
    os.truncate(path, 20_000_000)
    report = site.run()
    assert "20,000,000 bytes" in told(report)[0]
    assert "As it was." in site.feed()


def test_a_post_with_a_symlink_loop_beside_it_is_read_once(site: World) -> None:
    content = site.folder / "content"
    (content / "loop").symlink_to(content, target_is_directory=True)
    (content / "self.md").symlink_to("self.md")
    report = site.run()
    loop, own = told(report)
    assert loop.startswith("content/loop: the link leads back to a folder")
    assert own.startswith("content/self.md: the link leads nowhere")
    assert report.sites[0].found == 1
    assert_good_post_came_through(site)


def test_a_post_with_a_script_and_a_javascript_link_loses_both(site: World) -> None:
    body = (
        "Before <script>alert(1)</script> [a](javascript:alert(2)) "
        '<a href="JaVaScRiPt:alert(3)" onclick="alert(4)">b</a> '
        '<img src="x.png" onerror="alert(5)"> after\n'
    )
    site.write("content/x.png", b"")
    site.post("evil", body=body)
    report = site.run()
    warnings = told(report)
    assert any(
        warning.startswith("content/evil.md:5: a javascript: link is left out")
        for warning in warnings
    )
    assert any("<script> is left out" in warning for warning in warnings)
    assert report.exit_status() == 0
    pages = [site.feed(name) for name in ("rss.xml", "atom.xml", "feed.json")]
    pages += [part(site.messages()[0], kind) for kind in ("html", "plain")]
    for page in pages:
        assert re.search(r"alert|script:|onclick|onerror", page, re.I) is None
    assert "Before" in site.feed()
    assert_good_post_came_through(site)


@pytest.mark.parametrize(
    "matter",
    [
        '{"title": "Hello\\r\\nBcc: eve@example.com\\r\\n\\r\\nA body", '
        '"date": "2026-11-20", "author": "Eve\\r\\nBcc: eve@example.com"}\n',
        '+++\ntitle = "Hello\\r\\nBcc: eve@example.com\\r\\n\\r\\nA body"\n'
        'date = 2026-11-20\nauthors = ["Eve\\r\\nBcc: eve@example.com"]\n+++\n',
        '---\ntitle: "Hello\\r\\nBcc: eve@example.com\\r\\n\\r\\nA body"\n'
        'date: 2026-11-20\nauthor: "Eve\\r\\nBcc: eve@example.com"\n---\n',
    ],
    ids=["JSON", "TOML", "YAML"],
)
def test_a_post_whose_title_holds_line_ends_and_bcc_adds_no_header(
    site: World, matter: str
) -> None:
    site.write("content/evil.md", f"{matter}\nWords.\n")
    assert site.run().faults == []
    title = "Hello Bcc: eve@example.com A body"
    (path,) = (site.folder / "outbox" / "new").glob("*/*.eml")
    envelope, message = path.read_bytes().split(b"\r\n\r\n", 1)[0], path.read_bytes()
    assert b"\nBcc:" not in message
    assert b"\nbcc:" not in envelope.lower()
    parsed = message_from_bytes(message.split(b"\r\n", 2)[2])
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == f"Weekly #1: {title}"
    for name in ("rss.xml", "atom.xml"):
        assert feedparser.parse(site.feed(name)).entries[0].title == title
    assert json.loads(site.feed("feed.json"))["items"][0]["title"] == title
    assert_good_post_came_through(site)


def test_a_post_with_the_slug_of_another_is_left_out(site: World) -> None:
    site.post("a", slug="same", body="The first.")
    site.post("b", slug="same", body="The second.")
    report = site.run()
    assert told(report) == [
        "content/b.md: the post has the address https://example.org/same/, which "
        "content/a.md has already (give one of them another `slug` or `permalink`)"
    ]
    assert "The first." in site.feed()
    assert "The second." not in site.feed()
    assert report.exit_status() == 65
    assert_good_post_came_through(site)


def test_a_post_with_a_missing_image_is_published_with_a_warning(site: World) -> None:
    site.post("a", body="![A cat](cat.png)")
    report = site.run()
    assert told(report) == [
        "content/a.md:5: the picture cat.png is not in the folder "
        "(put it there, or correct its name)"
    ]
    assert report.exit_status() == 0
    assert "A cat" in site.feed()
    assert_good_post_came_through(site)


def test_an_empty_folder_gives_empty_feeds_no_mail_and_a_word(world: World) -> None:
    world.join(ANN)
    report = world.run()
    assert report.exit_status() == 0
    assert any("there is no post in" in note for note in report.notes)
    for name in ("rss.xml", "atom.xml"):
        parsed = feedparser.parse(world.feed(name))
        assert not parsed.bozo
        assert parsed.entries == []
    assert world.messages() == []


def test_an_empty_folder_does_not_use_up_the_first_issue(world: World) -> None:
    world.join(ANN)
    world.run()
    world.post("a", date="2020-01-01")
    world.run()
    assert world.got() == {ANN: ["Weekly #1: A"]}


def test_an_empty_folder_where_posts_were_before_is_taken_for_a_missing_disk(
    site: World,
) -> None:
    site.run()
    before = site.feeds()
    (site.folder / "content" / "good.md").unlink()
    report = site.run()
    (error,) = report.errors
    assert "holds no post any more" in str(error)
    assert report.exit_status() == 66
    assert site.feeds() == before
    site.post("good", body="Good words.")
    assert site.run().exit_status() == 0
    assert site.feeds() == before
    assert_good_post_came_through(site)


def test_an_output_that_is_a_file_stops_no_mail(
    site: World, pressroom: Command
) -> None:
    site.write("public", "a file where the folder should be")
    done = pressroom("once")
    assert done.returncode == 73
    assert done.stderr == (
        "error: cannot write public: something of that name is in the way: "
        "move it elsewhere\n"
    )
    (site.folder / "public").unlink()
    assert pressroom("once").returncode == 0
    assert_good_post_came_through(site)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errno.EROFS, "the file system is read-only: mount it writable, or choose"),
        (errno.EACCES, "permission denied: let this user write there, or choose"),
    ],
)
@pytest.mark.parametrize(
    ("call", "place"), [("mkdir", "public"), ("open64", "public/rss.xml")]
)
def test_an_output_that_refuses_is_told_and_left_as_it_was(
    site: World,
    trials: Trials,
    error: int,
    words: str,
    call: str,
    place: str,
    pressroom: Command,
) -> None:
    """By injection: chmod does not stop root."""
    quiet = site.config.replace("backfill: 5", "backfill: 5\n    archive: false")
    site.configure(quiet.replace("tags: all", "formats: [rss]"))
    copy = shutil.copytree(site.folder, site.folder.with_name("copy"))
    calls = trials.calls(copy)
    path = re.compile(r"/public$" if call == "mkdir" else r"/public/\.rss\.xml\.tmp-")
    chosen = [
        n for n, (name, at) in enumerate(calls, 1) if name == call and path.search(at)
    ]
    ended = trials.run(site.folder, Fate(call=chosen[0], error=error))
    assert ended.status == 73
    (told,) = [ln for ln in ended.output.splitlines() if ln.startswith("error: ")]
    assert told == f"error: cannot write {place}: {words} another folder in config.yaml"
    assert not (site.folder / place).exists()
    assert pressroom("once").returncode == 0
    assert_good_post_came_through(site)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            "    author:",
            "    langauge: en\n    author:",
            "config.yaml:5:5: sites[0].langauge: no such setting "
            "(did you mean 'language'?)",
        ),
        (
            "backfill: 5",
            "backfill: some",
            "config.yaml:17:5: newsletters[0].backfill: must be a whole number, "
            "not 'some'",
        ),
        (
            "    title: Weekly",
            "\ttitle: Weekly",
            "config.yaml:13:1: a tab, which YAML does not take (indent with spaces)",
        ),
        (
            "https://example.org/",
            "example.org",
            "config.yaml:3:5: sites[0].url: must begin with https:// or http://, "
            "not 'example.org'",
        ),
        (
            "    author: Ann",
            "    zone: Mars/Olympus",
            "config.yaml:5:5: sites[0].zone: no such time zone: 'Mars/Olympus' "
            "(one is 'Asia/Shanghai')",
        ),
        (
            "title: Example",
            "title: Caf\udce9",
            "config.yaml:4:15: the file is not UTF-8 (save it as UTF-8)",
        ),
    ],
    ids=["misspelt key", "wrong type", "tab", "address", "zone", "charset"],
)
def test_a_wrong_config_is_told_with_its_place_and_nothing_is_begun(
    world: World, before: str, after: str, words: str, pressroom: Command
) -> None:
    text = world.config.replace(before, after, 1)
    (world.folder / "config.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    for command in ("once", "check", "status"):
        done = pressroom(command)
        assert (done.returncode, done.stdout) == (78, "")
        assert done.stderr == f"error: {words}\n"
    assert sorted(path.name for path in world.folder.iterdir()) == [
        "config.yaml",
        "content",
    ]


def test_every_fault_of_a_config_is_told_at_once(
    world: World, pressroom: Command
) -> None:
    text = world.config.replace("title: Example", "titel: Example")
    world.configure(text.replace("backfill: 5", "backfill: some"))
    done = pressroom("once")
    assert done.stderr.splitlines() == [
        "error: config.yaml:2:5: sites[0].title: is missing",
        "error: config.yaml:4:5: sites[0].titel: no such setting "
        "(did you mean 'title'?)",
        "error: config.yaml:17:5: newsletters[0].backfill: must be a whole number, "
        "not 'some'",
    ]


def test_a_newsletter_set_up_wrong_is_told_with_its_place_and_feeds_go_on(
    site: World, pressroom: Command
) -> None:
    site.configure(site.config.replace("every monday", "every munday"))
    words = (
        "error: config.yaml:14:5: newsletters[0].schedule: 'munday' is no weekday "
        "(did you mean 'sunday'?); write it like `every monday 09:00`\n"
    )
    for command in ("once", "check"):
        done = pressroom(command)
        assert (done.returncode, done.stderr) == (78, words)
    assert "Good words." in site.feed()
    assert site.messages() == []
