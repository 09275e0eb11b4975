"""`pressroom init`: what the owner is asked and told."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.base.errors import UsageError
from pipeline.cli.main import pressroom
from pipeline.config.load import load_configuration
from tests.runs.sites import HUGO, JEKYLL, PLAIN, plant

MAIL = ["--sender", "Ann <ann@example.org>", "--postal-address", "1 Main Street"]


def run(*words: str) -> Result:
    return CliRunner().invoke(pressroom, words, catch_exceptions=False)


def init(home: Path, *words: str) -> Result:
    return run("init", "--folder", str(home), *words)


def test_it_tells_what_it_found_and_wrote_and_what_comes_next(tmp_path: Path) -> None:
    lines = init(plant(tmp_path, HUGO)).output.splitlines()
    assert lines[:2] == [
        "Found Hugo (hugo.toml) with 1 post.",
        "Passed over, since they have no date: about.md",
    ]
    written = [f"Wrote {tmp_path}/{name}" for name in ("config.yaml", "templates/")]
    assert lines[2:4] == written
    command = f"  pressroom --config {tmp_path}/config.yaml"
    assert lines[-4:] == [
        "Next:",
        f"{command} check",
        f"{command} once",
        f"{command} status",
    ]


def test_the_next_commands_are_short_where_the_owner_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plant(tmp_path, HUGO))
    lines = run("init", *MAIL).output.splitlines()
    assert lines[-3:] == [
        "  pressroom check",
        "  pressroom once",
        "  pressroom subscriber add you@example.org",
    ]
    assert "Wrote config.yaml" in lines
    assert run("check").exit_code == 0
    assert "wrote 3 feed files" in run("once").output


def test_a_second_time_everything_is_kept(tmp_path: Path) -> None:
    plant(tmp_path, HUGO)
    init(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    output = init(tmp_path, "--title", "Another").output
    assert "Wrote" not in output
    assert f"Kept {tmp_path}/config.yaml" in output
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_options_go_into_the_configuration(tmp_path: Path) -> None:
    init(plant(tmp_path, PLAIN), "--url", "https://a.example", "--title", "T: x", *MAIL)
    configuration = load_configuration(tmp_path / "config.yaml").configuration
    assert configuration.sites[0].url == "https://a.example/"
    assert configuration.newsletters[0].title == "T: x"


def test_without_a_title_the_folders_name_is_taken(tmp_path: Path) -> None:
    home = plant(tmp_path / "My Notes", PLAIN)
    output = init(home).output
    configuration = load_configuration(home / "config.yaml").configuration
    assert configuration.sites[0].title == "My Notes"
    assert "the site's address was not found" in output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--url", "example.org"], "--url: must begin with https:// or http://"),
        (["--sender", "Ann <nobody>"], "--sender: "),
    ],
)
def test_an_answer_that_cannot_be_is_refused_before_anything_is_written(
    tmp_path: Path, words: list[str], told: str
) -> None:
    plant(tmp_path, PLAIN)
    with pytest.raises(UsageError, match=told):
        init(tmp_path, *words)
    assert not (tmp_path / "config.yaml").exists()


def test_a_configuration_of_another_name_must_lie_in_the_folder(tmp_path: Path) -> None:
    home = plant(tmp_path / "site", PLAIN)
    with pytest.raises(UsageError, match="must lie in the site's folder"):
        run("--config", str(tmp_path / "x.yaml"), "init", "--folder", str(home))
    run("--config", str(home / "x.yaml"), "init", "--folder", str(home))
    assert (home / "x.yaml").exists()


def test_what_the_owner_must_know_of_the_generator_is_told(tmp_path: Path) -> None:
    assert "Note: Jekyll copies config.yaml" in init(plant(tmp_path, JEKYLL)).output


def converse(home: Path, answers: str) -> str:
    """Run init on a terminal, type `answers`, and return what was shown."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "init", "--folder", str(home)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as child:
        os.close(theirs)
        os.write(ours, answers.encode())
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # Linux says EIO where the other side is closed
                break
            if not part:
                break
            shown += part
        child.wait(timeout=60)
    os.close(ours)
    return shown.decode()


def test_on_a_terminal_it_asks_for_what_it_did_not_find(tmp_path: Path) -> None:
    answers = (
        "印坊\nexample.org\nhttps://example.org\nAnn <ann@example.org>\n1 Main St\n"
    )
    shown = converse(plant(tmp_path, PLAIN), answers)
    assert "must begin with https:// or http://" in shown
    configuration = load_configuration(tmp_path / "config.yaml").configuration
    assert configuration.sites[0].title == "印坊"
    assert configuration.sites[0].url == "https://example.org/"
    assert configuration.newsletters[0].sender == "Ann <ann@example.org>"
    assert configuration.newsletters[0].postal_address == "1 Main St"


def test_on_a_terminal_it_asks_not_for_what_it_found(tmp_path: Path) -> None:
    shown = converse(plant(tmp_path, HUGO), "\n")
    assert "Its address" not in shown
    assert "Sender of a newsletter" in shown
    assert load_configuration(tmp_path / "config.yaml").configuration.newsletters == ()
