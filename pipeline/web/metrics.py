"""What /metrics tells: measures and the daemon's pulse, as Prometheus reads them.

Names and units are as Prometheus's guide to naming has them. Labels have few values:
sites, newsletters, states; never a reader, a post or an error. What each family means
stands in docs/monitoring.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from pipeline.digest.issue import IssueState
from pipeline.outbox.batch import BatchState, Place
from pipeline.runs.durations import Durations
from pipeline.runs.owner.measures import Measures
from pipeline.runs.pulse import Outcome, Vitals
from pipeline.store.holds import Hold

_Samples = Iterable[tuple[tuple[str, ...], float]]

_PLACES = {
    Place.NEW: "waiting",
    Place.CUR: "claimed",
    Place.SENT: "sent",
    Place.FAILED: "failed",
}


def expose(
    measures: Measures,
    vitals: Vitals | None,
    names: tuple[str, ...],
    now: datetime,
    accept: str,
) -> tuple[bytes, str]:
    """Return the metrics, and their media type, in the form that `accept` asks for.

    `names` are the newsletters there are; `vitals` is None where no daemon is in this
    process.
    """
    registry = CollectorRegistry()
    registry.register(_Families(_of_store(measures, names, now)))
    ProcessCollector(registry=registry)
    if vitals:
        registry.register(_Families(_of_daemon(vitals, now)))
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


class _Families(Collector):
    """Families that were made already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def _of_store(
    measures: Measures, names: tuple[str, ...], now: datetime
) -> Iterator[Metric]:
    yield InfoMetricFamily(
        "pressroom", "Which Pressroom this is.", {"version": version("pressroom")}
    )
    yield from _of_posts(measures)
    yield from _of_mail(measures, names, now)
    yield _gauge(
        "disk_free_bytes",
        "Bytes that are free for Pressroom where store, outbox and output lie.",
        ("place",),
        (((place,), octets) for place, octets in measures.free_bytes.items()),
    )
    yield _gauge(
        "trouble_age_seconds",
        "How long something has been wrong that its owner is written to about.",
        ("trouble",),
        (((t.name,), _age(t.since, now)) for t in measures.troubles),
    )
    yield _gauge(
        "hold_age_seconds",
        "How long mail has been held back: the oldest hold of a scope and reason.",
        ("scope", "reason"),
        _hold_ages(measures.holds, now).items(),
    )
    yield from _of_last_pass(measures)


def _of_last_pass(measures: Measures) -> Iterator[Metric]:
    if last := measures.last_pass:
        yield _gauge(
            "last_pass_timestamp_seconds",
            "When a pass last came to its end, of the daemon or of `once`.",
            (),
            [((), last.ended.timestamp())],
        )
        yield _gauge(
            "last_pass_duration_seconds",
            "How long that pass took.",
            (),
            [((), last.took.total_seconds())],
        )
        yield _gauge(
            "last_pass_exit_status",
            "The exit status of that pass, 0 where all was well.",
            (),
            [((), last.exit_status)],
        )


def _hold_ages(holds: Iterable[Hold], now: datetime) -> dict[tuple[str, ...], float]:
    ages: dict[tuple[str, ...], float] = {}
    for hold in holds:
        place = (hold.scope.value, hold.reason.value)
        ages[place] = max(_age(hold.since, now), ages.get(place, 0.0))
    return ages


def _of_posts(measures: Measures) -> Iterator[Metric]:
    scans = measures.scans.values()
    yield _gauge(
        "posts",
        "Posts found by the last scan: public, or hidden (drafts, not yet, expired).",
        ("site", "state"),
        [
            *(((scan.site, "public"), scan.public) for scan in scans),
            *(((scan.site, "hidden"), scan.posts - scan.public) for scan in scans),
        ],
    )
    yield _gauge(
        "post_faults",
        "What is wrong with posts: a fault leaves its post out, a warning does not.",
        ("site", "severity"),
        [
            *(((scan.site, "fault"), scan.faults) for scan in scans),
            *(((scan.site, "warning"), scan.warnings) for scan in scans),
        ],
    )
    yield _gauge(
        "site_last_scan_timestamp_seconds",
        "When the site's folder was last read.",
        ("site",),
        [((scan.site,), scan.time.timestamp()) for scan in scans],
    )


def _of_mail(
    measures: Measures, names: tuple[str, ...], now: datetime
) -> Iterator[Metric]:
    counts, outbox = measures.counts, measures.outbox
    yield _gauge(
        "readers",
        "Readers who get the newsletter.",
        ("newsletter",),
        [((name,), counts.readers.get(name, 0)) for name in names],
    )
    yield _gauge(
        "issues",
        "Issues of the newsletter by state.",
        ("newsletter", "state"),
        [
            ((name, state.value), counts.issues.get((name, state), 0))
            for name in names
            for state in IssueState
        ],
    )
    in_store = {
        state.value: counts.batches.get(state, 0)
        for state in (BatchState.OPEN, BatchState.SEALED)
    }
    in_outbox = {name: outbox.batches.get(place, 0) for place, name in _PLACES.items()}
    yield _gauge(
        "batches",
        "Batches that are still to be made (open, sealed), or lie in the outbox.",
        ("state",),
        (((state,), n) for state, n in {**in_store, **in_outbox}.items()),
    )
    yield _gauge(
        "oldest_waiting_batch_age_seconds",
        "How long the oldest batch waits for a relay, 0 where none does.",
        (),
        [((), _age(outbox.oldest_waiting, now) if outbox.oldest_waiting else 0)],
    )
    yield _gauge(
        "letters_waiting",
        "Letters to single readers that are still to be made.",
        (),
        [((), counts.letters)],
    )


def _of_daemon(vitals: Vitals, now: datetime) -> Iterator[Metric]:
    times = {
        "started": ("When the daemon began.", vitals.started),
        "last_tick": ("When the daemon's loop last went round.", vitals.last_tick),
        "last_scan": ("When the daemon last read the folders.", vitals.last_scan),
    }
    for name, (what, time) in times.items():
        if time:
            name = f"{name}_timestamp_seconds"
            yield _gauge(name, what, (), [((), time.timestamp())])
    yield from _of_passes(vitals, now)
    yield from _of_jobs(vitals, now)
    yield _counter(
        "clock_jumps",
        "Times that the machine's clock was set, or that it slept.",
        (),
        {"": vitals.clock_jumps},
    )


def _of_jobs(vitals: Vitals, now: datetime) -> Iterator[Metric]:
    yield _counter("job_failures", "Jobs that failed.", ("job",), vitals.failures)
    yield _gauge(
        "job_failing_seconds",
        "How long a job has failed each time it was tried.",
        ("job",),
        (((job,), _age(f.since, now)) for job, f in vitals.failing.items()),
    )


def _of_passes(vitals: Vitals, now: datetime) -> Iterator[Metric]:
    yield _gauge(
        "pass_under_way_seconds",
        "How long the pass has gone on that is under way, 0 where none is.",
        (),
        [((), _age(vitals.under_way, now) if vitals.under_way else 0)],
    )
    yield _counter(
        "passes",
        "Passes of the daemon by how they ended.",
        ("outcome",),
        {outcome.value: vitals.passes.get(outcome, 0) for outcome in Outcome},
    )
    yield _histogram(
        "pass_duration_seconds", "How long passes took.", vitals.pass_durations
    )
    yield _histogram(
        "scan_duration_seconds",
        "How long reading the sites and writing their feeds took.",
        vitals.scan_durations,
    )


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())


def _gauge(name: str, what: str, labels: tuple[str, ...], samples: _Samples) -> Metric:
    family = GaugeMetricFamily(f"pressroom_{name}", what, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _counter(
    name: str, what: str, labels: tuple[str, ...], counts: Mapping[str, int]
) -> Metric:
    family = CounterMetricFamily(f"pressroom_{name}", what, labels=labels)
    for value, n in counts.items():
        family.add_metric((value,) if labels else (), n)
    return family


def _histogram(name: str, what: str, durations: Durations) -> Metric:
    family = HistogramMetricFamily(f"pressroom_{name}", what)
    buckets = list(durations.cumulated())
    family.add_metric((), buckets=buckets, sum_value=durations.total_seconds)
    return family
