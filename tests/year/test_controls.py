"""The oracle can say no: a Pressroom that is wrong in one thing is found out.

Each twist is one that somebody could make by mistake. A life is lived with it, and
another if need be, until something is told that was to be otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.digest import grouping
from pipeline.runs import once
from pipeline.runs.issues import deliver, newsdesk, opening
from pipeline.runs.readers import choosing, signup
from pipeline.runs.sites import collect
from pipeline.schedule import cadence
from pipeline.store import subscriptions
from tests.year.life import Life, Scale

SPRING = Scale(
    datetime(2027, 3, 1, tzinfo=UTC), days=40, readers=25, posts=40, hours=16
)
MOST_LIVES = 6

Twist = Callable[[pytest.MonkeyPatch], None]


def coverage_does_not_carry_over(patch: pytest.MonkeyPatch) -> None:
    """Who chooses anything begins from the first post again."""
    _set_coverage(patch, "0")


def a_choice_passes_by_what_waits(patch: pytest.MonkeyPatch) -> None:
    """Who chooses anything begins with what comes after that."""
    _set_coverage(patch, "(SELECT last_number FROM newsletters WHERE name = :name)")


def _set_coverage(patch: pytest.MonkeyPatch, number: str) -> None:
    def put_choice(tx: Any, subscriber: int, choice: Any) -> bool:
        tx.run(
            f"UPDATE subscriptions SET coverage = {number} "
            "WHERE subscriber = :subscriber AND newsletter = :name",
            subscriber=subscriber,
            name=choice.newsletter,
        )
        return subscriptions.put_choice(tx, subscriber, choice)

    patch.setattr(choosing, "put_choice", put_choice)


def a_boundary_is_taken_twice(patch: pytest.MonkeyPatch) -> None:
    """The last boundary still counts when there is news after it."""
    patch.setattr(opening, "due", lambda *asked: cadence.boundary_before(*asked[:3]))


def a_clock_that_ran_ahead_is_believed(patch: pytest.MonkeyPatch) -> None:
    """A boundary in the future stays."""
    patch.setattr(opening, "clamp", lambda last, *_: last)


def a_month_without_a_31st_has_no_end(patch: pytest.MonkeyPatch) -> None:
    """The last day of a shorter month does not count."""
    falls_on = cadence.Cadence.falls_on
    patch.setattr(
        cadence.Cadence,
        "falls_on",
        lambda self, day: (
            falls_on(self, day)
            and (self.kind is not cadence.Kind.MONTHLY or day.day in self.days)
        ),
    )


def summer_time_is_ignored(patch: pytest.MonkeyPatch) -> None:
    """Issues are due by the clock of the winter."""
    boundaries = cadence._local_boundaries

    def in_winter(
        what: cadence.Cadence, zone: ZoneInfo, now: datetime, *, step: int
    ) -> Iterator[datetime]:
        for boundary in boundaries(what, zone, now, step=step):
            yield boundary + (boundary.astimezone(zone).dst() or timedelta())

    patch.setattr(cadence, "_local_boundaries", in_winter)


def who_leaves_stays_in_the_outbox(patch: pytest.MonkeyPatch) -> None:
    """Nobody is pulled out of a batch that no relay has taken."""
    for place in (signup, deliver, once):
        patch.setattr(place, "apply_withdrawals", lambda *_: 0)


def an_edited_post_is_another(patch: pytest.MonkeyPatch) -> None:
    """Only its bytes or its text tell what post a file is."""
    reconcile = collect.reconcile

    def forgetful(known: Sequence[Any], *read: Any, **more: Any) -> Any:
        return reconcile([replace(k, path="", url="") for k in known], *read, **more)

    patch.setattr(collect, "reconcile", forgetful)


def translations_come_all(patch: pytest.MonkeyPatch) -> None:
    """Of a post's translations everybody gets every one."""
    patch.setattr(grouping, "choose_translations", lambda posts, *_: posts)


def a_cadence_taken_away_keeps_its_readers(patch: pytest.MonkeyPatch) -> None:
    """Nobody is brought back to the schedule."""
    patch.setattr(newsdesk, "retire_cadences", lambda *_: 0)


QUICK = (
    coverage_does_not_carry_over,
    a_boundary_is_taken_twice,
    summer_time_is_ignored,
)
SLOW = (
    a_choice_passes_by_what_waits,
    a_clock_that_ran_ahead_is_believed,
    a_month_without_a_31st_has_no_end,
    an_edited_post_is_another,
    who_leaves_stays_in_the_outbox,
    translations_come_all,
    a_cadence_taken_away_keeps_its_readers,
)
CONTROLS = [
    *QUICK,
    *(pytest.param(twist, marks=pytest.mark.slow) for twist in SLOW),
]


@pytest.mark.parametrize("twist", CONTROLS, ids=lambda twist: twist.__name__)
def test_a_twisted_pressroom_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twist: Twist
) -> None:
    twist(monkeypatch)
    for seed in range(MOST_LIVES):
        life = Life(tmp_path / str(seed), SPRING, seed)
        try:
            life.live()
        except AssertionError:
            return
        finally:
            life.machine.stop()
    pytest.fail(f"nobody noticed in {MOST_LIVES} lives")
