"""`pressroom subscriber set`: what an owner says and sees of a reader's choices."""

from __future__ import annotations

import json

import pytest
from click.testing import Result

from pipeline.base.errors import InputError, PressroomError, UsageError
from tests.cli.conftest import Command
from tests.world import World

ANN = "ann@example.org"


@pytest.fixture
def choose(world: World, command: Command) -> Command:
    """Set what Ann gets of the newsletter."""
    world.configure(f"{world.config}    cadences: [daily]\n    zone: Asia/Shanghai\n")
    world.join(ANN)

    def run(*words: str, address: str = ANN, newsletter: str = "weekly") -> Result:
        return command("subscriber", "set", address, "--newsletter", newsletter, *words)

    return run


def test_a_choice_is_said_and_shown(
    world: World, command: Command, choose: Command
) -> None:
    result = choose(
        *("--cadence", "daily", "--language", "zh-CN", "--pause-until", "2026-12-01"),
        *("--topics", "tags=maths, 数学，", "--topics", "authors=Ann"),
    )
    said = (
        "weekly, daily, tags maths 数学, authors Ann, in zh-CN, "
        "paused until 2026-11-30 16:00 UTC"
    )
    assert result.stdout == f"{ANN}: {said}\n"
    shown = command("subscriber", "show", ANN)
    assert f"newsletters: {said}\n" in shown.stdout
    (choice,) = json.loads(command("subscriber", "show", ANN, "--json").stdout)[
        "choices"
    ]
    assert (choice["cadence"], choice["topics"]["tags"]) == ("daily", ["maths", "数学"])


def test_what_is_not_said_stays_and_each_can_be_taken_back(choose: Command) -> None:
    choose("--cadence", "daily", "--topics", "series=熵", "--language", "zh-CN")
    paused = choose("--pause-until", "2026-12-01").stdout
    assert paused.startswith(f"{ANN}: weekly, daily, series 熵, in zh-CN, paused until")
    assert choose("--resume").stdout == f"{ANN}: weekly, daily, series 熵, in zh-CN\n"
    assert choose("--topics", "all").stdout == f"{ANN}: weekly, daily, in zh-CN\n"
    assert choose("--language", "").stdout == f"{ANN}: weekly, daily\n"
    assert choose("--cadence", "own").stdout == f"{ANN}: weekly\n"


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (["--cadence", "monthly"], UsageError, "there is own, daily"),
        (["--topics", "colour=red"], UsageError, "a line is one of tags"),
        (["--topics", f"tags={','.join(map(str, range(101)))}"], UsageError, "100"),
        (["--language", "no tag"], UsageError, "no language tag"),
        (["--pause-until", "2026-12-01", "--resume"], UsageError, "do not fit"),
        ([], UsageError, "nothing is chosen"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    choose: Command, words: list[str], error: type[PressroomError], told: str
) -> None:
    result = choose(*words)
    assert isinstance(result.exception, error)
    assert told in str(result.exception)


def test_whom_and_what_it_is_about_must_be_known(world: World, choose: Command) -> None:
    stranger = choose("--cadence", "daily", address="bob@example.org")
    assert isinstance(stranger.exception, InputError)
    missing = choose("--cadence", "daily", newsletter="monthly")
    assert "there is no newsletter 'monthly'" in str(missing.exception)
    world.leave(ANN)
    gone = choose("--cadence", "daily")
    assert "is not subscribed to weekly" in str(gone.exception)


def test_issues_of_a_cadence_say_so(
    world: World, command: Command, choose: Command
) -> None:
    choose("--cadence", "daily")
    world.post("a")
    world.later(days=1)
    command("once")
    world.later(days=1)
    result = command("once")
    assert "weekly (daily) #1: Weekly #1: A\n" in result.stdout
    assert "weekly (daily) #1" in command("issue", "list").stdout
