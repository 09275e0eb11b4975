"""What all newsletters of one run share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.base.clock import Clock
from pipeline.config.settings import Configuration
from pipeline.runs.events import Events
from pipeline.runs.pace import TO_THE_END, Pace
from pipeline.runs.report import Progress, Report
from pipeline.runs.sites.collect import Collected
from pipeline.runs.sites.composing import Compositor
from pipeline.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """What every newsletter of a run shares; `collected` holds the sites by name."""

    database: Database
    configuration: Configuration
    collected: Mapping[str, Collected]
    compositor: Compositor
    clock: Clock
    progress: Progress
    report: Report
    pace: Pace = TO_THE_END
    events: Events = field(default_factory=Events)
