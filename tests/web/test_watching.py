"""/healthz and /metrics: what they tell, how it is, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parse_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as parse

from pipeline.base.clock import FixedClock
from pipeline.config.settings import Configuration
from pipeline.outbox.batch import Place
from pipeline.runs.owner.measures import Measures, OutboxMeasures, take_measures
from pipeline.runs.pulse import Outcome, Pulse, Refusal, Vitals
from pipeline.store.holds import Hold, Reason, Scope
from pipeline.store.standing import Trouble
from pipeline.web.health import Patient, Status, examine
from pipeline.web.metrics import expose
from tests.web.clients import office
from tests.world import NOW, World

ANN = "ann@example.org"
PLENTY = {"store": 10**11, "outbox": 10**11, "output": 10**11}


@pytest.fixture
def site(world: World) -> World:
    world.post("a")
    world.post("later", date="2026-12-24")
    world.write("content/bad.md", "---\ntitle: {\n---\n")
    world.join(ANN)
    world.run()
    return world


def vitals() -> Vitals:
    """Return how a daemon is that has failed once, and makes its second pass now."""
    pulse = Pulse(FixedClock(NOW))
    pulse.ticked()
    pulse.ended(Outcome.WELL, 1.5)
    pulse.scanned(0.2)
    pulse.failed("pages", "the port is taken")
    return replace(pulse.vitals(), last_pass_begun=NOW + timedelta(seconds=1))


@pytest.fixture
def measured(site: World) -> Measures:
    database = site.store()
    taken = take_measures(database, site.configuration())
    database.close()
    return replace(taken, free_bytes=PLENTY)


def exposed(measures: Measures, of: Vitals | None) -> dict[str, Metric]:
    """Return the families that a scrape gives a minute later, by name."""
    now = NOW + timedelta(minutes=1)
    body, _ = expose(measures, of, ("weekly",), now, "")
    return {family.name: family for family in parse(body.decode())}


def samples(family: Metric) -> dict[tuple[str, ...], float]:
    return {tuple(s.labels.values()): s.value for s in family.samples}


def test_of_each_kind_of_hold_the_oldest_is_told(measured: Measures) -> None:
    def hold(minutes: int, target: str, reason: Reason = Reason.HOLD) -> Hold:
        since = NOW - timedelta(minutes=minutes)
        return Hold(scope=Scope.ISSUE, target=target, reason=reason, since=since)

    holds = (hold(5, "1"), hold(9, "2"), hold(0, "3", Reason.OWNER))
    told = exposed(replace(measured, holds=holds), None)
    assert samples(told["pressroom_hold_age_seconds"]) == {
        ("hold", "issue"): 600,
        ("owner", "issue"): 60,
    }
    assert samples(exposed(measured, None)["pressroom_hold_age_seconds"]) == {}


def test_numbers_are_those_of_store_and_outbox(measured: Measures) -> None:
    told = exposed(measured, None)
    posts = samples(told["pressroom_posts"])
    assert posts == {("site", "public"): 1, ("site", "hidden"): 2}
    assert samples(told["pressroom_post_faults"])["fault", "site"] == 1
    assert samples(told["pressroom_readers"]) == {("weekly",): 1}
    issues = samples(told["pressroom_issues"])
    assert issues["weekly", "done"] == 1
    assert sum(issues.values()) == 1
    batches = samples(told["pressroom_batches"])
    assert (batches["waiting",], batches["open",], batches["sent",]) == (1, 0, 0)
    assert samples(told["pressroom_oldest_waiting_batch_age_seconds"]) == {(): 60}
    assert samples(told["pressroom_last_pass_exit_status"]) == {(): 65}
    assert samples(told["pressroom_disk_free_bytes"])["store",] == 10**11


def test_a_daemon_tells_its_pulse(measured: Measures) -> None:
    told = exposed(measured, vitals())
    assert samples(told["pressroom_last_tick_timestamp_seconds"]) == {
        (): NOW.timestamp()
    }
    assert samples(told["pressroom_pass_under_way_seconds"]) == {(): 59}
    assert told["pressroom_passes"].samples[0].name == "pressroom_passes_total"
    assert samples(told["pressroom_passes"])["well",] == 1
    assert samples(told["pressroom_job_failures"]) == {("pages",): 1}
    assert samples(told["pressroom_job_failing_seconds"]) == {("pages",): 60}
    durations = told["pressroom_pass_duration_seconds"]
    counts = {s.labels["le"]: s.value for s in durations.samples if "le" in s.labels}
    assert (counts["1"], counts["5"], counts["+Inf"]) == (0, 1, 1)
    assert [s.value for s in durations.samples if s.name.endswith("_sum")] == [1.5]


def families(measured: Measures) -> Iterator[Metric]:
    body, _ = expose(measured, vitals(), ("weekly",), NOW, "")
    yield from parse(body.decode())


def test_names_and_units_are_as_prometheus_wants_them(measured: Measures) -> None:
    """https://prometheus.io/docs/practices/naming/, which `promtool check` holds."""
    trouble = Trouble(name="site:site", what="it is gone", since=NOW)
    ours = [
        family
        for family in families(replace(measured, troubles=(trouble,)))
        if family.name.startswith("pressroom")
    ]
    assert len(ours) > 20
    for family in ours:
        assert family.documentation.endswith(".")
        name = family.name
        assert name.islower()
        assert not name.endswith(("_total", "_count", "_sum", "_bucket"))
        assert not any(unit in name for unit in ("_ms", "_milliseconds", "_minutes"))
        timed = any(word in name for word in ("age", "duration", "timestamp"))
        assert not timed or name.endswith("_seconds")


def test_openmetrics_is_spoken_to_who_asks_for_it(measured: Measures) -> None:
    accept = "application/openmetrics-text; version=1.0.0"
    body, media_type = expose(measured, vitals(), ("weekly",), NOW, accept)
    assert media_type.startswith("application/openmetrics-text")
    told = {family.name for family in parse_openmetrics(body.decode())}
    assert {"pressroom_passes", "pressroom_posts", "process_open_fds"} <= told


def test_labels_have_few_values_and_name_nobody(measured: Measures) -> None:
    told = [s for family in families(measured) for s in family.samples]
    assert len(told) < 150
    assert not any(ANN in str(sample) for sample in told)


# Who may ask.


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        ("127.0.0.1", "", 200),
        ("::1", "", 200),
        ("::ffff:127.0.0.1", "", 200),
        ("192.0.2.7", "", 404),
        ("testclient", "", 404),
        # Behind a proxy of ours it is the client who must be trusted.
        ("127.0.0.1", "192.0.2.7", 404),
        ("127.0.0.1", "127.0.0.1", 200),
        ("192.0.2.7", "127.0.0.1", 404),
    ],
)
def test_only_who_is_trusted_finds_them(
    world: World, path: str, peer: str, forwarded: str, status: int
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    with office(world, peer=peer) as found:
        answer = found.client.get(path, headers=headers)
    assert answer.status_code == status
    assert status == 200 or "Not here" in answer.text or "404" in answer.text


def test_whom_to_trust_is_a_setting(world: World) -> None:
    world.configure(f"{world.config}web:\n  metrics_from: [192.0.2.0/24]\n")
    for peer, status in (("192.0.2.7", 200), ("127.0.0.1", 404)):
        with office(world, peer=peer) as found:
            assert found.client.get("/metrics").status_code == status


def watched(world: World, of: Vitals | None = None) -> Any:
    return office(world, peer="127.0.0.1", vitals=lambda: of)


def test_a_server_alone_tells_of_the_store(site: World) -> None:
    with watched(site) as found:
        answer = found.client.get("/healthz")
        told = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (answer.status_code, told["daemon"]) == (200, None)
    assert told["last_pass"] == {
        "ended": "2026-11-20T09:00:00Z",
        "seconds": 0.0,
        "exit_status": 65,
    }
    assert told["outbox"]["waiting"] == 1


def test_a_daemon_tells_how_it_is(site: World) -> None:
    with watched(site, vitals()) as found:
        told = found.client.get("/healthz").json()["daemon"]
        scraped = found.client.get("/metrics")
    assert told["last_tick"] == "2026-11-20T09:00:00Z"
    assert told["last_scan"] == "2026-11-20T09:00:00Z"
    assert told["failing"]["pages"]["times"] == 1
    assert "pressroom_passes_total" in scraped.text
    assert scraped.headers["content-type"].startswith("text/plain; version=")


def test_a_store_that_cannot_be_read_is_told_with_503(site: World) -> None:
    store = site.configuration().store.path
    store.write_bytes(b"not a database, and quite long enough to be looked at" * 20)
    for beside in store.parent.glob("*.db-*"):
        beside.unlink()
    with watched(site) as found:
        answer = found.client.get("/healthz")
        assert found.client.get("/metrics").status_code == 503
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert "is damaged" in answer.json()["why"][0]
    assert answer.json()["store"] == {"readable": False}


def test_who_writes_for_long_does_not_hold_up_who_watches(site: World) -> None:
    with watched(site) as found:
        assert found.client.get("/healthz").status_code == 200
        database = site.store()
        with database.transaction() as tx:
            tx.run("DELETE FROM letters")
            assert found.client.get("/healthz").status_code == 200
            assert found.client.get("/metrics").status_code == 200
        database.close()


def test_to_watch_changes_nothing(site: World) -> None:
    store = site.store()
    store.is_untouched()
    with watched(site) as found:
        found.client.get("/healthz")
        found.client.get("/metrics")
    assert store.is_untouched()
    store.close()


# How it is.


def patient(configuration: Configuration, measures: Measures, **more: Any) -> Patient:
    now = more.pop("now", NOW + timedelta(seconds=30))
    return Patient(configuration=configuration, measures=measures, now=now, **more)


def test_all_is_well(site: World, measured: Measures) -> None:
    well = replace(vitals(), failing={}, last_pass_begun=None)
    status, told = examine(patient(site.configuration(), measured, vitals=well))
    assert (status, told["why"]) == (Status.OK, [])


def test_a_refused_configuration_is_degraded(site: World, measured: Measures) -> None:
    refusal = Refusal(NOW, "config.yaml:3: no such setting")
    well = replace(vitals(), failing={}, last_pass_begun=None, refused=refusal)
    status, told = examine(patient(site.configuration(), measured, vitals=well))
    assert status is Status.DEGRADED
    assert told["why"] == [
        "config.yaml was refused at 2026-11-20T09:00:00Z: "
        "config.yaml:3: no such setting; the one from before goes on"
    ]


@pytest.mark.parametrize(
    ("changes", "after", "why"),
    [
        ({"last_pass_begun": None}, 61, "the loop stands still since 2026-11-20T09:00"),
        ({}, 3602, "a pass is under way since 2026-11-20T09:00:01Z"),
        (
            {"last_pass_begun": None, "last_tick": NOW + timedelta(hours=1)},
            3601,
            "pages fails since 2026-11-20T09:00:00Z: the port is taken",
        ),
    ],
)
def test_what_hangs_or_fails_for_an_hour_is_failing(
    site: World, measured: Measures, changes: dict[str, Any], after: int, why: str
) -> None:
    ill = replace(vitals(), **changes)
    now = NOW + timedelta(seconds=after)
    configuration = site.configuration()
    status, told = examine(patient(configuration, measured, now=now, vitals=ill))
    assert status is Status.FAILING
    assert any(sentence.startswith(why) for sentence in told["why"])
    now -= timedelta(seconds=2)
    status, told = examine(patient(configuration, measured, now=now, vitals=ill))
    assert not any(sentence.startswith(why) for sentence in told["why"])


def test_what_somebody_should_look_at_is_degraded(
    site: World, measured: Measures
) -> None:
    trouble = Trouble(name="outbox", what="3 batches wait", since=NOW)
    outbox = OutboxMeasures(batches={Place.NEW: 3}, unreadable="the outbox is gone")
    ill = replace(
        measured,
        free_bytes={**PLENTY, "store": 10},
        troubles=(trouble,),
        outbox=outbox,
    )
    now = NOW + timedelta(hours=1)
    status, told = examine(patient(site.configuration(), ill, now=now))
    assert status is Status.DEGRADED
    assert told["why"] == [
        "10 bytes are free where store lies",
        "the outbox is gone",
        "outbox since 2026-11-20T09:00:00Z: 3 batches wait",
    ]
    assert told["troubles"][0]["name"] == "outbox"
    recent = patient(site.configuration(), replace(measured, troubles=(trouble,)))
    assert examine(recent)[0] is Status.OK
