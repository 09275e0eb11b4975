"""What /healthz tells: whether all goes on, and if not, why. Judges; asks nobody.

failing    somebody should come: the store cannot be read, the loop or a pass hangs,
           a job fails for as long as `owner.alert_after`
degraded   it goes on, and somebody should look: little room on a disk, an outbox
           that cannot be read, a trouble that lasts, a new config.yaml that is wrong
ok         neither
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pipeline.config.settings import Configuration
from pipeline.config.values import parse_duration
from pipeline.outbox.batch import Place
from pipeline.runs.owner.measures import Measures
from pipeline.runs.pulse import Vitals

LONGEST_TICK = timedelta(minutes=1)
"""The loop goes round once a second, unless a pass is under way."""

LONGEST_PASS = timedelta(hours=1)


class Status(StrEnum):
    """How it is, from good to bad."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """All that is looked at. `measures` is None where the store cannot be read, and
    `unreadable` says why; `vitals` is None where no daemon is in this process."""

    configuration: Configuration
    now: datetime
    measures: Measures | None
    unreadable: str = ""
    vitals: Vitals | None = None


def examine(patient: Patient) -> tuple[Status, dict[str, Any]]:
    """Return how it is, and what is told of it, as JSON has it."""
    failing = list(_why_failing(patient))
    degraded = list(_why_degraded(patient))
    status = Status.OK
    if failing or degraded:
        status = Status.FAILING if failing else Status.DEGRADED
    return status, {
        "status": status,
        "why": failing + degraded,
        "time": _told(patient.now),
        "daemon": patient.vitals and _daemon(patient.vitals, patient.now),
        "store": {"readable": patient.measures is not None},
        **(_standing(patient.measures) if patient.measures else {}),
    }


def _why_failing(patient: Patient) -> Iterator[str]:
    if patient.measures is None:
        yield patient.unreadable
    if patient.vitals is None:
        return
    now, vitals = patient.now, patient.vitals
    if vitals.under_way:
        if now - vitals.under_way > LONGEST_PASS:
            yield f"a pass is under way since {_told(vitals.under_way)}"
    elif vitals.last_tick and now - vitals.last_tick > LONGEST_TICK:
        yield f"the loop stands still since {_told(vitals.last_tick)}"
    patience = parse_duration(patient.configuration.owner.alert_after)
    for job, failed in vitals.failing.items():
        if now - failed.since >= patience:
            yield f"{job} fails since {_told(failed.since)}: {failed.error}"


def _why_degraded(patient: Patient) -> Iterator[str]:
    if refused := patient.vitals and patient.vitals.refused:
        yield (
            f"config.yaml was refused at {_told(refused.since)}: {refused.error}; "
            "the one from before goes on"
        )
    if patient.measures is None:
        return
    owner = patient.configuration.owner
    for place, free in patient.measures.free_bytes.items():
        if free < owner.alert_free_bytes:
            yield f"{free:,} bytes are free where {place} lies"
    if patient.measures.outbox.unreadable:
        yield patient.measures.outbox.unreadable
    for trouble in patient.measures.troubles:
        if patient.now - trouble.since >= parse_duration(owner.alert_after):
            yield f"{trouble.name} since {_told(trouble.since)}: {trouble.what}"


def _daemon(vitals: Vitals, now: datetime) -> dict[str, Any]:
    return {
        "started": _told(vitals.started),
        "last_tick": _told(vitals.last_tick),
        "last_scan": _told(vitals.last_scan),
        "last_pass": _told(vitals.last_pass_ended),
        "last_outcome": vitals.last_outcome,
        "pass_under_way_since": _told(vitals.under_way),
        "failing": {
            job: {
                "since": _told(failed.since),
                "times": failed.count,
                "error": failed.error,
            }
            for job, failed in vitals.failing.items()
        },
    }


def _standing(measures: Measures) -> Mapping[str, Any]:
    last, outbox = measures.last_pass, measures.outbox
    return {
        "last_pass": last
        and {
            "ended": _told(last.ended),
            "seconds": last.took.total_seconds(),
            "exit_status": last.exit_status,
        },
        "outbox": {
            "waiting": outbox.batches.get(Place.NEW),
            "oldest_waiting": _told(outbox.oldest_waiting),
        },
        "free_bytes": dict(measures.free_bytes),
        "troubles": [
            {"name": each.name, "since": _told(each.since), "what": each.what}
            for each in measures.troubles
        ],
    }


def _told(time: datetime | None) -> str | None:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}" if time else None
