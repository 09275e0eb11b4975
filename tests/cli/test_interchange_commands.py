"""`pressroom subscriber import` and `export`, as an owner uses them."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from pipeline.base.errors import InputError, UsageError
from pipeline.base.lock import exclusive_lock
from tests.cli.conftest import Command
from tests.world import World

ANN = "ann@example.org"
MAILCHIMP = "Email Address,First Name,Last Name,LEID,EUID\n"


def test_a_file_is_imported_and_its_bad_lines_are_told(
    world: World, command: Command
) -> None:
    command("subscriber", "add", "left@example.org")
    command("subscriber", "remove", "left@example.org")
    world.write(
        "readers.csv",
        "邮箱,name,language,newsletters,status\n"
        "ann@example.org,Ann,en,,\n"
        "duzhe@example.org,读者,zh-CN,weekly,active\n"
        "nobody,,,,\n"
        "left@example.org,,,,\n"
        "gone@example.org,,,,unsubscribed\n",
    )
    result = command("subscriber", "import", "readers.csv")
    assert result.return_value == 65
    told = "3 added, 1 kept out, 1 refused"
    assert result.stdout == f"readers.csv (a plain list): {told}\n"
    assert result.stderr.startswith("readers.csv:4: ")
    again = command("subscriber", "import", "readers.csv")
    told = "2 known, 2 kept out, 1 refused"
    assert again.stdout == f"readers.csv (a plain list): {told}\n"


def test_a_preview_says_what_would_be_and_changes_nothing(
    world: World, command: Command
) -> None:
    command("subscriber", "add", "ann@example.org")
    world.write("subscribed.csv", f"{MAILCHIMP}ann@example.org,,,1,2\nbob@a.test,,,,\n")
    world.write("unsubscribed.csv", f"{MAILCHIMP}cid@example.org,,,1,2\n")
    words = ("subscriber", "import", "subscribed.csv", "unsubscribed.csv")
    told = (
        "subscribed.csv (Mailchimp): 1 added, 1 known\n"
        "unsubscribed.csv (Mailchimp, unsubscribed by its name): 1 added\n"
    )
    preview = command(*words, "--preview")
    assert preview.stdout == told + "Nothing was changed: this was a preview.\n"
    assert command("subscriber", "export").stdout.count("\n") == 2
    assert [one.name for one in (world.folder / "var").glob(".preview*")] == []
    assert command(*words).stdout == told
    assert command("subscriber", "export").stdout.count("\n") == 4


def test_whom_a_file_ends_gets_nothing_that_waits_and_a_preview_takes_nothing(
    world: World, command: Command
) -> None:
    world.post("a")
    for name in ("ann", "bob"):
        world.join(f"{name}@example.org")
    world.run()
    world.write("left.csv", "email,status\nann@example.org,unsubscribed\n")
    command("subscriber", "import", "left.csv", "--preview")
    assert sorted(world.got()) == ["ann@example.org", "bob@example.org"]
    command("subscriber", "import", "left.csv")
    assert sorted(world.got()) == ["bob@example.org"]


@pytest.mark.parametrize("words", [("import", "left.csv", "--preview"), ("erase", ANN)])
def test_a_copy_that_a_killed_preview_left_is_thrown_away(
    world: World, command: Command, words: tuple[str, ...]
) -> None:
    """It holds every reader; one that is being looked at stays."""
    world.join(ANN)
    world.write("left.csv", f"{ANN}\n")
    killed, under_way = (world.folder / "var" / f".preview-{n}" for n in "ab")
    for folder in (killed, under_way):
        folder.mkdir()
        (folder / "pressroom.db").write_text(ANN)
    with exclusive_lock(under_way / "lock"):
        assert command("subscriber", *words).exception is None
    assert list((world.folder / "var").glob(".preview*")) == [under_way]


def test_counts_are_told_as_json_too(world: World, command: Command) -> None:
    world.write("readers.csv", "ann@example.org\nnobody\n")
    result = command("subscriber", "import", "readers.csv", "--json")
    (data,) = json.loads(result.stdout)
    assert (data["dialect"], data["lines"]) == ("plain", 2)
    assert data["counts"] == {"added": 1, "refused": 1}
    assert data["refused"][0]["line"] == 2
    assert result.return_value == 65


def test_refused_lines_go_into_the_file_that_is_named(
    world: World, command: Command
) -> None:
    lines = "".join(f"nobody{n}\n" for n in range(30))
    world.write("readers.csv", f"email\n{lines}")
    result = command("subscriber", "import", "readers.csv")
    assert "and 10 more lines refused; --refused FILE" in result.stderr
    words = ("subscriber", "import", "readers.csv", "--refused", "refused.csv")
    assert command(*words).stderr == ""
    text = (world.folder / "refused.csv").read_text(encoding="utf-8")
    assert len(list(csv.DictReader(StringIO(text)))) == 30


def test_a_guess_at_the_encoding_is_told(world: World, command: Command) -> None:
    names = "数学爱好者，订阅者，老朋友们"
    world.write(
        "readers.csv", f"邮箱,姓名\nann@example.org,{names}\n".encode("gb18030")
    )
    result = command("subscriber", "import", "readers.csv")
    assert result.stdout == (
        "readers.csv (a plain list, read as gb18030 (a guess)): 1 added\n"
    )
    shown = command("subscriber", "show", "ann@example.org", "--json").stdout
    assert json.loads(shown)["name"] == names


def test_lists_times_and_dialects_are_as_the_options_say(
    world: World, command: Command
) -> None:
    world.write(
        "readers.csv",
        "email,created,lists,type\n"
        "ann@example.org,3/4/2026 08:00,Monday Mail,premium\n",
    )
    command(
        *("subscriber", "import", "readers.csv", "--list", "monday mail=weekly"),
        *("--zone", "Asia/Shanghai", "--day-first"),
    )
    shown = command("subscriber", "show", "ann@example.org", "--json").stdout
    data = json.loads(shown)
    assert data["newsletters"] == ["weekly"]
    assert data["created"] == "2026-04-03 00:00:00+00:00"
    again = command("subscriber", "import", "readers.csv", "--from", "buttondown")
    assert "(Buttondown): 1 known" in again.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--zone", "Mars/Olympus"), "no such zone"),
        (("--list", "weekly"), "write it like"),
        (("--list", "News=wekly"), "no newsletter 'wekly'"),
    ],
)
def test_options_that_mean_nothing_are_told(
    world: World, command: Command, words: tuple[str, ...], told: str
) -> None:
    world.write("readers.csv", "ann@example.org\n")
    error = command("subscriber", "import", "readers.csv", *words).exception
    assert isinstance(error, UsageError)
    assert told in str(error)


def test_a_file_that_is_not_there_is_told_before_anything_is_done(
    world: World, command: Command
) -> None:
    world.write("readers.csv", "ann@example.org\n")
    error = command("subscriber", "import", "readers.csv", "more.csv").exception
    assert isinstance(error, InputError)
    assert command("subscriber", "export").stdout.count("\n") == 1


def test_what_is_exported_can_be_imported_again(world: World, command: Command) -> None:
    command("subscriber", "add", "ann@example.org", "--name", "安, Ann")
    command("subscriber", "add", "bob@example.org")
    command("subscriber", "remove", "bob@example.org")
    exported = command("subscriber", "export").stdout
    rows = list(csv.DictReader(StringIO(exported)))
    assert [row["email"] for row in rows] == ["ann@example.org", "bob@example.org"]
    data = json.loads(command("subscriber", "export", "--json").stdout)
    assert [reader["state"] for reader in data] == ["active", "unsubscribed"]
    world.write("readers.csv", exported)
    imported = command("subscriber", "import", "readers.csv")
    assert imported.stdout == "readers.csv (a plain list): 1 known, 1 kept out\n"


def test_an_export_is_for_whom_and_for_which_program_one_asks(
    world: World, command: Command
) -> None:
    world.write("readers.csv", "email,status\nann@example.org,\nbob@a.test,bounced\n")
    command("subscriber", "import", "readers.csv")
    words = ("subscriber", "export", "--as", "ghost", "--state", "active", "--bom")
    result = command(*words, "--newsletter", "weekly", "ghost.csv")
    assert (result.exception, result.stdout) == (None, "")
    data = (world.folder / "ghost.csv").read_bytes()
    assert data.startswith("\ufeffid,email,name,note,".encode())
    assert data.count(b"\r\n") == 2
    unknown = command("subscriber", "export", "--newsletter", "x").exception
    assert isinstance(unknown, UsageError)
    assert command("subscriber", "export", "--json", "--state", "blocked").stdout == (
        "[]\n"
    )
