"""What lies in deploy/ names commands and folders that are there, and agrees."""

from __future__ import annotations

import re
import shlex
import subprocess
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
import yaml

from pipeline.cli.main import pressroom
from pipeline.config.settings import WebSettings
from tests.capability import require

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = ("pressroom.service", "pressroom-once.service")
UNITS = (*SERVICES, "pressroom-once.timer")
PROGRAM = "/opt/pressroom/bin/pressroom"
SITE = "/srv/blog"
MOST_EXPOSED = 2.0


class Unit(ConfigParser):
    """A unit of systemd: names keep their case, and may come again."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, interpolation=None, delimiters="=")
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read_string((DEPLOY / name).read_text(encoding="utf-8"))


def parse(words: list[str]) -> str:
    """Parse a command line of ours as click would; return the command's name."""
    context = pressroom.make_context("pressroom", list(words), resilient_parsing=True)
    name, command, rest = pressroom.resolve_command(context, list(words))
    assert name
    assert command
    command.make_context(name, rest, parent=click.Context(pressroom))
    return name


@pytest.mark.parametrize(
    ("name", "command"), [(SERVICES[0], "run"), (SERVICES[1], "once")]
)
def test_a_service_starts_a_command_that_is_there(name: str, command: str) -> None:
    program, *words = shlex.split(Unit(name)["Service"]["ExecStart"])
    assert program == PROGRAM
    assert parse(words) == command


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_write_where_it_works_and_nowhere_else(name: str) -> None:
    service = Unit(name)["Service"]
    assert service["WorkingDirectory"] == service["ReadWritePaths"] == SITE
    assert service["ProtectSystem"] == "strict"


def test_both_services_are_as_hardened() -> None:
    hardened = [
        {k: v for k, v in Unit(name)["Service"].items() if "Protect" in k or "Sys" in k}
        for name in SERVICES
    ]
    assert hardened[0] == hardened[1]


def test_the_daemon_speaks_to_systemd() -> None:
    service = Unit("pressroom.service")["Service"]
    assert service["Type"] == "notify"
    assert service["WatchdogSec"]
    assert "-HUP" in service["ExecReload"]
    never_again = service["RestartPreventExitStatus"].split()
    assert "75" in never_again


def test_the_timer_starts_a_service_that_is_there() -> None:
    assert "OnCalendar" in Unit("pressroom-once.timer")["Timer"]
    assert (DEPLOY / "pressroom-once.service").is_file()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_exposes_little(name: str) -> None:
    analyse = require("systemd-analyze", "it judges how hardened a unit is")
    told = subprocess.run(
        [analyse, "security", "--offline=true", "--no-pager", DEPLOY / name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    level = re.search(r"exposure level for \S+: ([\d.]+)", told.stdout)
    assert level, told.stdout + told.stderr
    assert float(level[1]) < MOST_EXPOSED


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    analyse = require("systemd-analyze", "it reads units as systemd does")
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(PROGRAM, "/bin/true"))
    told = subprocess.run(
        [analyse, "verify", "--man=no", *(tmp_path / name for name in UNITS)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_the_image_runs_a_command_that_is_there() -> None:
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (entry,) = re.findall(r"^ENTRYPOINT (\[.*\])$", image, re.MULTILINE)
    (words,) = re.findall(r"^CMD (\[.*\])$", image, re.MULTILINE)
    assert yaml.safe_load(entry) == ["pressroom"]
    assert parse(yaml.safe_load(words)) == "run"


def test_the_image_is_built_in_stages_and_runs_as_nobody_special() -> None:
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+)", image, re.MULTILINE)
    assert len(stages) == 2
    assert all("/" not in stage for stage in stages), "no registry is named"
    assert re.findall(r"^USER (\S+)$", image, re.MULTILINE) == ["pressroom"]
    assert re.findall(r"^WORKDIR (\S+)$", image, re.MULTILINE)[-1] == SITE


def test_compose_and_image_agree() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["pressroom"]
    root = (DEPLOY / service["build"]["context"]).resolve()
    assert (root / service["build"]["dockerfile"]).is_file()
    assert [v.split(":")[1] for v in service["volumes"]] == [SITE]
    port = WebSettings().listen.rpartition(":")[2]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert f"EXPOSE {port}" in image


def test_the_line_for_cron_runs_a_command_that_is_there() -> None:
    (line,) = (
        line
        for line in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    found = re.fullmatch(
        rf"\*/5(?: \*){{4}} cd {SITE} && {PROGRAM} (.*) >>\S+ 2>&1", line
    )
    assert found
    assert parse(shlex.split(found[1])) == "once"
