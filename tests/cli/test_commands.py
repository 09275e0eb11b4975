"""What each command says and does, as an owner sees it."""

from __future__ import annotations

import json
import re

import click
import pytest

from pipeline.base.errors import (
    ConfigError,
    InputError,
    PressroomError,
    StoreError,
    UsageError,
)
from pipeline.runs.sites.fonts import find_font
from tests.capability import lack
from tests.cli.conftest import Command
from tests.world import World


def test_once_says_what_it_collected_wrote_and_made(
    world: World, command: Command
) -> None:
    world.post("a")
    world.join("ann@example.org")
    result = command("once")
    assert result.return_value == 0
    assert result.stdout == (
        "site: 1 post in content, 1 public, 1 file read\n"
        "  wrote 3 feed files:\n"
        "    public/rss.xml\n"
        "    public/atom.xml\n"
        "    public/feed.json\n"
        "  wrote 5 files of archives:\n"
        "    public/archive/weekly/1/index.html\n"
        "    public/archive/weekly/index.html\n"
        "    public/archive/weekly/rss.xml\n"
        "    public/archive/weekly/atom.xml\n"
        "    public/archive/weekly/feed.json\n"
        "weekly #1: Weekly #1: A\n"
        "  1 post, 1 message in 1 batch put into the outbox\n"
        "    outbox/new/weekly-000001-001-0001\n"
        "The messages lie in outbox/new/ for your relay to take.\n"
    )
    assert result.stderr == ""


def test_a_second_once_says_that_nothing_is_new(world: World, command: Command) -> None:
    world.post("a")
    world.join("ann@example.org")
    command("once")
    world.later(minutes=5)
    assert command("once").stdout == (
        "site: 1 post in content, 1 public, none changed\n"
        "  3 feed files unchanged\n"
        "Nothing new: feeds and outbox are as they were.\n"
    )


def test_once_shows_a_few_of_many_feeds(world: World, command: Command) -> None:
    for n in range(5):
        world.post(f"p{n}", tags=f"[t{n}]")
    assert "    and 12 more\n" in command("once").stdout


def test_once_tells_of_batches_that_wait(world: World, command: Command) -> None:
    world.configure(
        world.config.replace("mail:", "outbox:\n  ahead: 8\nmail:\n  batch_size: 1")
    )
    world.post("a")
    for n in range(10):
        world.join(f"r{n}@example.org")
    said = command("once").stdout
    assert "10 messages" not in said
    assert "    and 2 more\n" in said
    assert "  2 batches wait until the relay has taken some\n" in said


@pytest.mark.parametrize("name", ["once", "check"])
def test_a_font_that_is_none_is_told_with_its_line(
    world: World, command: Command, name: str
) -> None:
    world.configure(world.config + "math:\n  font: config.yaml\n")
    error = command(name).exception
    assert isinstance(error, ConfigError)
    assert re.match(r"config\.yaml:\d+:3: math\.font: .* no font", str(error))


def test_a_font_that_is_one_is_taken(world: World, command: Command) -> None:
    font = find_font(None)
    if font is None:
        lack("a font for Chinese is not installed (`make system` installs one)")
    world.configure(f"{world.config}math:\n  font: {font.path}\n")
    world.post("a", body="$\\text{中}$")
    assert command("check").return_value == 0


def test_check_gives_advice_that_once_keeps_to_itself(
    world: World, command: Command
) -> None:
    world.post("a", body="![](https://example.org/a.png)")
    checked = command("check")
    assert checked.return_value == 0
    assert checked.stderr.startswith(
        "advice: content/a.md:5: the picture a.png has no alternative text"
    )
    assert "All is well." not in checked.stdout
    assert command("once").stderr == ""


def test_once_puts_faults_and_errors_on_stderr(world: World, command: Command) -> None:
    world.write("content/bad.md", "---\ntitle: {\n---\n")
    world.configure(world.config.replace("every monday", "every munday"))
    result = command("once")
    assert result.return_value == 78
    assert result.stderr.startswith("fault: content/bad.md:")
    assert "error: config.yaml:14:5: newsletters[0].schedule: " in result.stderr


def test_once_as_json_is_data(world: World, command: Command) -> None:
    world.post("a")
    world.join("ann@example.org")
    data = json.loads(command("once", "--json").stdout)
    assert data["changed"] is True
    assert data["exit_status"] == 0
    assert data["sites"][0]["found"] == 1
    assert data["issues"][0]["messages"] == 1


def test_a_trial_runs_at_another_time_and_leaves_everything_alone(
    world: World, command: Command
) -> None:
    world.post("a")
    world.join("ann@example.org")
    command("once")
    world.post("b", date="2026-11-22")
    before = (world.feeds(), world.batches(), command("issue", "list").stdout)
    result = command("once", "--at", "2026-11-23 09:30", "--into", "trial")
    assert result.return_value == 0
    assert "weekly #2: Weekly #2: B" in result.stdout
    assert "B" in (world.folder / "trial/public/rss.xml").read_text()
    assert len(list((world.folder / "trial/outbox/new").iterdir())) == 1
    assert before == (
        world.feeds(),
        world.batches(),
        command("issue", "list").stdout,
    )


def test_a_trial_needs_no_store_and_keeps_sites_apart(
    world: World, command: Command
) -> None:
    world.post("a")
    world.configure(
        world.config.replace(
            "feeds:",
            "  - name: blog\n    folder: content\n    url: https://b.example.org\n"
            "    title: Blog\n    output: blog\nfeeds:",
        )
    )
    assert command("once", "--into", "trial").return_value == 0
    assert (world.folder / "trial/public/blog/rss.xml").exists()
    assert not (world.folder / "var").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("once", "--at", "2026-11-23"), "--at goes with --into"),
        (("once", "--at", "soon", "--into", "trial"), "not a time"),
        (("once", "--into", "content"), "not an empty folder"),
        (("subscriber", "add", "ann"), "no @"),
        (("subscriber", "add", "a@example.org", "--language", "!"), "no language tag"),
        (("issue", "list", "--newsletter", "wekly"), "there are weekly"),
        (
            ("subscriber", "add", "a@example.org", "--newsletter", "x"),
            "there are weekly",
        ),
    ],
)
def test_words_that_do_not_fit_are_told(
    world: World, command: Command, words: tuple[str, ...], told: str
) -> None:
    world.post("a")
    result = command(*words)
    assert isinstance(result.exception, UsageError)
    assert told in str(result.exception)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("post", "show", "none"), "post list"),
        (("issue", "show", "7"), "issue list"),
        (("issue", "stop", "7"), "issue list"),
        (("issue", "resume", "7"), "issue list"),
        (("issue", "unlist", "7"), "issue list"),
        (("subscriber", "show", "ann@example.org"), "not known"),
        (("subscriber", "remove", "ann@example.org"), "not subscribed"),
        (("subscriber", "import", "readers.csv"), "cannot be read"),
    ],
)
def test_what_is_not_there_is_told(
    command: Command, words: tuple[str, ...], told: str
) -> None:
    result = command(*words)
    assert isinstance(result.exception, InputError)
    assert told in str(result.exception)


def test_a_wrong_configuration_stops_every_command(
    world: World, command: Command
) -> None:
    world.configure(world.config.replace("title: Example", "titel: Example"))
    for words in (("once",), ("status",), ("post", "list"), ("check",)):
        error = command(*words).exception
        assert isinstance(error, ConfigError)
        assert "did you mean 'title'?" in str(error)


def test_two_sites_of_one_name_are_refused_with_their_line(
    world: World, command: Command
) -> None:
    site = world.config.split("feeds:")[0].removeprefix("sites:\n")
    world.configure(world.config.replace("feeds:", f"{site}feeds:"))
    error = command("status").exception
    assert isinstance(error, ConfigError)
    assert "config.yaml:6:5: sites[1].name: the name 'site' is taken" in str(error)


def test_a_wrong_address_in_the_configuration_is_refused(
    world: World, command: Command
) -> None:
    world.configure(world.config.replace("leave@example.org", "leave"))
    error = command("status").exception
    assert "mail.unsubscribe_address" in str(error)


def test_a_store_of_another_program_is_refused(world: World, command: Command) -> None:
    world.write("var/pressroom.db", "not a database, and long enough for one" * 9)
    assert isinstance(command("status").exception, StoreError)


def test_check_finds_everything_and_changes_nothing(
    world: World, command: Command
) -> None:
    world.post("a", body="![](missing.png)")
    world.write("content/bad.md", "---\ntitle: {\n---\n")
    world.configure(
        world.config.replace("every monday", "every munday")
        + "  - name: daily\n    title: Daily\n    schedule: daily 09:00\n"
        "    sender: nobody\n    sites: [blog]\n    reply_to: x\n"
        "    postal_address: 1 Main Street\n    backfill: 30\n"
    )
    result = command("check")
    assert result.return_value == 78
    told = result.stderr
    assert "content/bad.md:" in told
    assert "missing.png" in told
    assert "config.yaml:14:5: newsletters[0].schedule: " in told
    assert "newsletters[1].sender: " in told
    assert "newsletters[1].reply_to: " in told
    assert "newsletters[1].sites: there is no site 'blog'" in told
    assert "newsletters[1].backfill: is more than max_posts" in told
    assert told.count("munday") == 1
    assert not (world.folder / "var").exists()
    assert not (world.folder / "public").exists()


def test_check_tries_letters_and_pages_for_readers(
    world: World, command: Command
) -> None:
    world.write(
        "templates/letters/letter.txt",
        "{% if letter == 'welcome' %}\n{{ x }}{% endif %}",
    )
    world.write("templates/web/back.html", "{% if %}")
    result = command("check")
    assert result.return_value == 78
    assert "letters/letter.txt:2: no such name: 'x'" in result.stderr
    assert "web/back.html:1: " in result.stderr


def test_check_tries_the_templates(world: World, command: Command) -> None:
    world.post("a")
    world.write("templates/digest.html", "<p>{{ post.titel }}</p>")
    result = command("check")
    assert result.return_value == 78
    assert "digest.html" in result.stderr


def test_check_tells_an_address_that_init_made_up(
    world: World, command: Command
) -> None:
    result = command("check")
    assert result.return_value == 0
    assert "Note: site: its url is still https://example.org/" in result.stdout


def test_check_says_when_all_is_well(world: World, command: Command) -> None:
    world.configure(world.config.replace("https://example.org/", "https://ann.test/"))
    world.post("a")
    result = command("check")
    assert (result.return_value, result.stderr) == (0, "")
    assert result.stdout == "site: 1 post read\nAll is well.\n"


def test_check_as_json_is_data(world: World, command: Command) -> None:
    world.write("content/bad.md", "---\ntitle: {\n---\n")
    data = json.loads(command("check", "--json").stdout)
    assert data["exit_status"] == 65
    assert data["faults"][0]["path"].endswith("content/bad.md")


def test_check_tells_of_a_missing_folder(world: World, command: Command) -> None:
    (world.folder / "content").rmdir()
    result = command("check")
    assert result.return_value == 66
    assert "content" in result.stderr


def test_posts_are_listed_with_their_state(world: World, command: Command) -> None:
    world.post("a", date="2026-11-01")
    world.post("b", draft="true")
    world.post("c", date="2027-01-01")
    world.post("d", date="2026-11-02", expiryDate="2026-11-10")
    command("once")
    lines = [line.split()[2:5] for line in command("post", "list").stdout.splitlines()]
    assert lines[1:] == [
        ["future", "c.md", "C"],
        ["draft", "b.md", "B"],
        ["expired", "d.md", "D"],
        ["public", "a.md", "A"],
    ]
    assert len(json.loads(command("post", "list", "--json").stdout)) == 4
    assert json.loads(command("post", "list", "--site", "x", "--json").stdout) == []


@pytest.mark.parametrize("name", ["熵.md", "https://example.org/shang/", "shang"])
def test_a_post_is_shown_by_path_address_or_slug(
    world: World, command: Command, name: str
) -> None:
    world.post("熵", body="最小熵原理。", slug="shang", tags="[数学, 物理]")
    command("once")
    shown = command("post", "show", name).stdout
    assert "tags:        数学, 物理" in shown
    assert shown.endswith("最小熵原理。\n")
    data = json.loads(command("post", "show", name, "--json").stdout)
    assert data["text"].strip() == "最小熵原理。"


def test_an_issue_is_stopped_and_resumed(world: World, command: Command) -> None:
    world.configure(
        world.config.replace("mail:\n", "mail:\n  batch_size: 1\n")
        + "outbox:\n  ahead: 1\n"
    )
    world.post("a")
    for name in ("ann", "bob"):
        world.join(f"{name}@example.org")
    world.run()
    assert "`pressroom issue resume 1`" in command("issue", "stop", "1").stdout
    world.take_all()
    world.run()
    assert world.batches() == []
    assert "stopped" in command("issue", "list").stdout
    assert "goes on with the next run" in command("issue", "resume", "1").stdout
    world.run()
    assert len(world.batches()) == 1


def test_an_issue_stopped_before_it_was_frozen_is_opened_again(
    world: World, command: Command
) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    database = world.store()
    with database.transaction() as tx:
        tx.run("DELETE FROM batches")
        tx.run("UPDATE issues SET state = 'opened'")
    database.close()
    command("issue", "stop", "1")
    command("issue", "resume", "1")
    assert " opened " in command("issue", "list").stdout


def test_an_issue_is_stopped_once(world: World, command: Command) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    result = command("issue", "stop", "1")
    assert isinstance(result.exception, UsageError)
    assert "done takes no stop" in str(result.exception)


def test_an_issue_is_taken_out_of_the_archive_and_put_back(
    world: World, command: Command
) -> None:
    page = world.folder / "public/archive/weekly/1/index.html"
    world.post("a")
    world.join("ann@example.org")
    assert "wrote 5 files of archives" in command("once").stdout
    assert "takes it out" in command("issue", "unlist", "1").stdout
    assert "removed 5 stale files" in command("once").stdout
    assert not page.exists()
    assert "shows it again" in command("issue", "unlist", "1", "--undo").stdout
    assert str(page) in json.loads(command("once", "--json").stdout)["archived"]
    assert page.exists()


def test_an_issue_without_a_page_is_told(world: World, command: Command) -> None:
    world.configure(world.config.replace("backfill: 5", "backfill: 5\n    archive: no"))
    world.post("a")
    world.join("ann@example.org")
    command("once")
    result = command("issue", "unlist", "1")
    assert isinstance(result.exception, InputError)
    assert "weekly #1 has no page in the archive" in str(result.exception)


def test_check_tries_the_templates_of_the_archive(
    world: World, command: Command
) -> None:
    world.post("a")
    world.write("templates/archive/index.html", "{{ nothing }}")
    result = command("check")
    assert result.return_value == 78
    assert "archive/index.html" in result.stderr
    world.configure(world.config.replace("backfill: 5", "backfill: 5\n    archive: no"))
    assert command("check").return_value == 0


def test_issues_are_listed_and_shown(world: World, command: Command) -> None:
    assert command("issue", "list").stdout == "There is no issue yet.\n"
    world.post("a")
    world.join("ann@example.org")
    command("once")
    assert "weekly #1" in command("issue", "list").stdout
    shown = command("issue", "show", "1").stdout
    assert shown.startswith("weekly #1, done: 1 reader\n")
    assert "subject: Weekly #1: A" in shown
    assert "batch weekly-000001-001-0001: handed, new" in shown
    data = json.loads(command("issue", "show", "1", "--json").stdout)
    assert data["batches"][0]["place"] == "new"
    assert json.loads(command("issue", "list", "--json").stdout)[0]["members"] == 1


def test_a_reader_is_added_shown_and_removed(world: World, command: Command) -> None:
    added = command("subscriber", "add", "Ann@Example.org", "--language", "zh-CN")
    assert added.stdout == "Ann@example.org: added (weekly)\n"
    assert "known" in command("subscriber", "add", "ann@example.org").stdout
    shown = command("subscriber", "show", "ann@example.org").stdout
    assert "newsletters: weekly\n" in shown
    assert "language:    zh-CN\n" in shown
    assert "removed" in command("subscriber", "remove", "ann@example.org").stdout
    data = json.loads(command("subscriber", "show", "ann@example.org", "--json").stdout)
    assert (data["state"], data["newsletters"]) == ("unsubscribed", [])


def test_one_who_left_comes_back_only_by_asking(world: World, command: Command) -> None:
    command("subscriber", "add", "ann@example.org")
    command("subscriber", "remove", "ann@example.org")
    refused = command("subscriber", "add", "ann@example.org")
    assert "--again" in str(refused.exception)
    again = command("subscriber", "add", "ann@example.org", "--again")
    assert "joined" in again.stdout
    assert (
        '"active"' in command("subscriber", "show", "ann@example.org", "--json").stdout
    )


def test_a_reader_may_leave_one_newsletter_of_two(
    world: World, command: Command
) -> None:
    second = world.config.split("newsletters:\n")[1].replace("weekly", "daily")
    world.configure(world.config + second)
    command("subscriber", "add", "ann@example.org")
    command("subscriber", "remove", "ann@example.org", "--newsletter", "daily")
    shown = command("subscriber", "show", "ann@example.org", "--json").stdout
    data = json.loads(shown)
    assert (data["state"], data["newsletters"]) == ("active", ["weekly"])
    gone = command("subscriber", "remove", "ann@example.org", "--newsletter", "daily")
    assert "not subscribed to daily" in str(gone.exception)


def test_no_newsletter_means_nobody_can_join(world: World, command: Command) -> None:
    world.configure(world.config.split("newsletters:")[0])
    error = command("subscriber", "add", "ann@example.org").exception
    assert isinstance(error, PressroomError)
    assert "no newsletter yet" in str(error)


def test_every_command_helps(command: Command) -> None:
    for words in ((), ("once",), ("subscriber", "import"), ("issue",)):
        assert "Usage:" in command(*words, "--help").stdout


@pytest.mark.parametrize("words", [("issue", "show"), ("hold", "accept")])
def test_a_number_beyond_all_numbers_is_told(
    command: Command, words: tuple[str, str]
) -> None:
    result = command(*words, "9" * 20)
    assert isinstance(result.exception, click.BadParameter)
