"""docs/monitoring.md tells every event, field and metric, and none that is gone."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from pipeline.base.clock import FixedClock
from pipeline.outbox.batch import BatchState
from pipeline.runs.events import Events
from pipeline.runs.owner.measures import Measures, OutboxMeasures
from pipeline.runs.pulse import Outcome, Pulse
from pipeline.store.holds import Hold, Reason, Scope
from pipeline.store.standing import Counts, LastPass, Scan, Trouble
from pipeline.web.health import Patient, Status, examine
from pipeline.web.metrics import expose
from tests.docs.documents import ROOT, document
from tests.world import NOW, World

PAGE = document("docs/monitoring.md")

MEASURES = Measures(
    counts=Counts(readers={}, issues={}, batches={BatchState.OPEN: 1}, letters=0),
    scans={
        "blog": Scan(site="blog", time=NOW, posts=1, public=1, faults=0, warnings=0)
    },
    last_pass=LastPass(ended=NOW, took=timedelta(seconds=1), exit_status=0),
    troubles=(Trouble(name="disk", what="little is free", since=NOW),),
    holds=(Hold(scope=Scope.EVERYTHING, reason=Reason.FLOOD, since=NOW),),
    outbox=OutboxMeasures(oldest_waiting=NOW),
    free_bytes={"store": 1},
)


def rows(heading: str) -> list[str]:
    """Return the names that begin the rows of the tables below a heading."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_every_event_is_told() -> None:
    methods = inspect.getmembers(Events, inspect.isfunction)
    events = [name for name, _ in methods if not name.startswith("_")]
    assert sorted(rows("The log")) == sorted(events)


def test_the_lines_shown_are_lines_of_the_log() -> None:
    golden = ROOT / "tests" / "runs" / "golden"
    text, told = PAGE.split("```")[1].strip().splitlines()
    assert text in (golden / "events.text").read_text("utf-8").splitlines()
    assert told in (golden / "events.json").read_text("utf-8").splitlines()


def test_every_metric_is_told_with_its_labels() -> None:
    pulse = Pulse(FixedClock(NOW))
    pulse.ticked()
    pulse.ended(Outcome.WELL, 1.0)
    pulse.failed("pages", "no")
    body, _ = expose(MEASURES, pulse.vitals(), ("weekly",), NOW, "")
    told = dict(re.findall(r"^\| `(pressroom_\w+)` \| ([^|]*)\|", PAGE, re.MULTILINE))
    found = {}
    for family in text_string_to_metric_families(body.decode()):
        if family.name.startswith("pressroom"):
            total = "_total" if family.type == "counter" else ""
            labels = {name for s in family.samples for name in s.labels}
            found[family.name + total] = labels
    assert {name: set(re.findall(r"\w+", text)) for name, text in told.items()} == found


def test_every_field_of_health_is_told(world: World) -> None:
    pulse = Pulse(FixedClock(NOW))
    pulse.failed("pages", "no")
    measures = replace(MEASURES, free_bytes={"store": 10**12})
    patient = Patient(
        configuration=world.configuration(),
        now=NOW,
        measures=measures,
        vitals=pulse.vitals(),
    )
    _, told = examine(patient)
    named = rows("Health")
    assert set(named) == {*told, *Status}
    part = PAGE.split("\n## Health\n")[1].split("\n## ")[0]
    within = {*told["daemon"], *told["outbox"], *told["last_pass"], *told["store"]}
    within |= {*told["daemon"]["failing"]["pages"], *told["troubles"][0]}
    assert within <= set(re.findall(r"`(\w+)`", part))
