"""Every event as its line, in both formats: golden files, which docs quote."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.base.clock import FixedClock
from pipeline.base.errors import ConfigError, InputError, OutputError
from pipeline.base.faults import Fault, Severity
from pipeline.base.log import LogFormat, LogStyle, open_log
from pipeline.digest.issue import Issue
from pipeline.runs.events import Events
from pipeline.runs.report import IssueReport, Report, SiteReport
from pipeline.store.holds import Hold, Reason, Scope
from tests.world import NOW

GOLDEN = Path(__file__).parent / "golden"

ISSUE = Issue(
    id=14, newsletter="weekly", number=12, boundary=NOW, from_number=40, upto_number=43
)
FAULT = Fault(path="content/tea.md", line=3, what="no date", remedy="add `date:`")
WARNING = Fault(path="content/茶.md", what="a\x1b[2J", severity=Severity.WARNING)
HOLD = Hold(
    id=3,
    scope=Scope.NEWSLETTER,
    target="weekly",
    reason=Reason.FLOOD,
    since=NOW,
    until=NOW + timedelta(hours=1),
    detail={"what": "34 posts are news at once"},
)
MISSING = InputError("the folder content is missing")


def report() -> Report:
    done = Report(faults=[FAULT], errors=[MISSING])
    site = SiteReport(
        site="blog", folder=Path("content"), opened=2, written=(Path("public/rss.xml"),)
    )
    issue = IssueReport(
        newsletter="weekly",
        cadence="own",
        number=12,
        label="weekly #12",
        subject="Tea",
        posts=3,
        messages=120,
        batches=(Path("outbox/new/weekly-14-1-1"),),
    )
    done.sites.append(site)
    done.issues.append(issue)
    return done


EXAMPLES: dict[str, Callable[[Events], None]] = {
    "started": lambda e: e.started("run", "1.0.0"),
    "listening": lambda e: e.listening("http://127.0.0.1:8642/", "https://a.example/"),
    "stopping": lambda e: e.stopping("SIGTERM"),
    "stopped": lambda e: e.stopped(0.25),
    "reloaded": lambda e: e.reloaded(),
    "reload_refused": lambda e: e.reload_refused(ConfigError([FAULT])),
    "clock_jumped": lambda e: e.clock_jumped(-3600.0),
    "server_said": lambda e: e.server_said("warning", "Invalid HTTP request"),
    "job_failed": lambda e: e.job_failed("pass", OutputError("disk full"), 3, 40.0),
    "job_recovered": lambda e: e.job_recovered("pass", 3),
    "pass_done": lambda e: e.pass_done(report(), 1.5),
    "fault_found": lambda e: (e.fault_found(FAULT), e.fault_found(WARNING))[0],
    "fault_mended": lambda e: e.fault_mended(FAULT),
    "error_found": lambda e: e.error_found(MISSING),
    "error_mended": lambda e: e.error_mended(MISSING),
    "noted": lambda e: e.noted("weekly: nobody subscribes yet"),
    "issue_opened": lambda e: e.issue_opened(ISSUE),
    "issue_frozen": lambda e: e.issue_frozen(ISSUE, 3, 1200),
    "batch_published": lambda e: e.batch_published(ISSUE, "weekly-14-1-1", 500),
    "batch_recovered": lambda e: e.batch_recovered("weekly-14-1-1"),
    "issue_sent": lambda e: e.issue_sent(ISSUE),
    "letters_sent": lambda e: e.letters_sent("readers", 2),
    "hold_placed": lambda e: e.hold_placed(HOLD),
    "hold_lifted": lambda e: e.hold_lifted(HOLD),
    "trouble_began": lambda e: e.trouble_began("disk", "0.1 GB are free"),
    "trouble_told": lambda e: e.trouble_told("disk", NOW),
    "trouble_over": lambda e: e.trouble_over("disk", 7200.0),
    "request": lambda e: e.request(
        network="192.0.2.0/24",
        method="GET",
        path="/unsubscribe/{token}",
        status=200,
        octets=2381,
        ms=4,
    ),
}


def test_there_is_an_example_of_every_event() -> None:
    methods = inspect.getmembers(Events, inspect.isfunction)
    assert {name for name, _ in methods if not name.startswith("_")} == set(EXAMPLES)


def lines(log_format: LogFormat) -> list[str]:
    told: list[str] = []
    events = Events(open_log(LogStyle(log_format), told.append, FixedClock(NOW)))
    for tell in EXAMPLES.values():
        tell(events)
    return told


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_every_event_looks_as_it_always_did(log_format: LogFormat) -> None:
    golden = GOLDEN / f"events.{log_format}"
    assert lines(log_format) == golden.read_text(encoding="utf-8").splitlines()


def test_a_line_begins_with_the_name_of_its_method() -> None:
    names = [json.loads(line)["event"] for line in lines("json")]
    assert list(dict.fromkeys(names)) == list(EXAMPLES)


def test_a_bug_in_a_job_is_told_with_where_it_was() -> None:
    told: list[str] = []
    events = Events(open_log(LogStyle("json"), told.append, FixedClock(NOW)))
    events.job_failed("pass", ZeroDivisionError("x"), 1, 10.0)
    [line] = told
    assert json.loads(line)["error"] == "ZeroDivisionError('x')"
    assert "ZeroDivisionError: x" in json.loads(line)["exception"]


def test_nobody_need_listen() -> None:
    for tell in EXAMPLES.values():
        tell(Events())
