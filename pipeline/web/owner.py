"""The page behind the preview of an issue, for the site's owner.

    GET   /issue/TOKEN   how the issue stands, and a button for all that can be done
    POST  /issue/TOKEN   does what its button says: `do`, and of which `post`

Looking changes nothing, so that a scanner of mail that follows links does not. The
token is for one issue, and works until a week after it was to go out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from pipeline.base.clock import zone_name
from pipeline.base.errors import InputError, UsageError
from pipeline.digest.issue import Issue
from pipeline.runs.issues.deciding import (
    Outlook,
    hold_issue,
    let_go,
    look_at_issue,
    put_post_back,
    resume_issue,
    skip_post,
    stop_issue,
)
from pipeline.store.database import Database, Transaction
from pipeline.store.holds import stops
from pipeline.store.issues import find_issue
from pipeline.subscribers.limited import verify_until
from pipeline.web.doors import Door
from pipeline.web.forms import read_form
from pipeline.web.service import Service

Deed = Callable[[Transaction, Issue, str, datetime], object]

DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "release": lambda tx, issue, _, __: let_go(tx, issue),
        "hold": lambda tx, issue, _, now: hold_issue(tx, issue, now),
        "stop": lambda tx, issue, _, __: stop_issue(tx, issue),
        "resume": lambda tx, issue, _, __: resume_issue(tx, issue),
        "skip": lambda tx, issue, post, _: skip_post(tx, issue, post),
        "back": lambda tx, issue, post, _: put_post_back(tx, issue, post),
    }
)
"""What a button may do, by its name, to an issue, of which post, and when."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An issue after a look, or a deed; without one the link leads nowhere.

    `waits` tells that a hold of its newsletter, or of everything, keeps it back too.
    """

    outlook: Outlook | None = None
    told: str = ""
    waits: bool = False


class OwnersPage:
    """Answers at the address above."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def doors(self) -> tuple[Door, ...]:
        """Return the path this answers at."""
        return (Door(path="/issue/{token}", get=self.show, post=self.decide),)

    async def show(self, request: Request) -> Response:
        """Show how the issue stands; change nothing."""
        found = await self._service.desk.ask(lambda store: self._look(request, store))
        return self._page(request, found)

    async def decide(self, request: Request) -> Response:
        """Do what a button says, and show how the issue stands then."""
        form = await read_form(request)

        def work(database: Database) -> Decision:
            return self._decide(request, database, form)

        return self._page(request, await self._service.desk.ask(work))

    def _look(self, request: Request, database: Database) -> Decision:
        with database.transaction() as tx:
            issue = self._issue(request, tx)
            return _decided(tx, issue) if issue else Decision()

    def _decide(
        self, request: Request, database: Database, form: Mapping[str, str]
    ) -> Decision:
        deed = DEEDS.get(form.get("do", ""))
        with database.transaction() as tx:
            issue = self._issue(request, tx)
            if issue is None:
                return Decision()
            told = form.get("do", "") if deed else "unknown"
            try:
                now = self._service.clock.now()
                _ = deed and deed(tx, issue, form.get("post", ""), now)
            except (UsageError, InputError):
                # Somebody else, or the clock, was quicker: the page shows how it is.
                told = "late"
            after = find_issue(tx, issue.id)
            return _decided(tx, after, told) if after else Decision(told=told)

    def _issue(self, request: Request, tx: Transaction) -> Issue | None:
        token = request.path_params["token"]
        limited = verify_until(self._service.keys(), "issue", token)
        if limited is None or limited.until <= self._service.clock.now():
            return None
        return find_issue(tx, limited.row)

    def _page(self, request: Request, found: Decision) -> Response:
        outlook = found.outlook
        settings = [
            each
            for each in self._service.configuration.newsletters
            if outlook and each.name == outlook.issue.newsletter
        ]
        about = self._service.about(settings)
        if outlook is None:
            return self._service.pages.page(request, "noissue", about, status=404)
        values: dict[str, object] = {
            **about,
            "issue": outlook.issue.id,
            "label": outlook.issue.label,
            "state": outlook.issue.state,
            "until": self._local(outlook),
            "readers": outlook.readers,
            "empty": outlook.is_empty,
            "places": outlook.places,
            "told": found.told,
            "waits": found.waits,
            "link": f"{self._service.pages.base}issue/{request.path_params['token']}",
        }
        return self._service.pages.page(request, "issue", values)

    def _local(self, outlook: Outlook) -> str:
        """Return when the issue goes out, as the newsletter's clock says it."""
        configuration, until = self._service.configuration, outlook.until
        if until is None:
            return ""
        settings = self._service.newsletters.get(outlook.issue.newsletter)
        zone = (settings and settings.zone) or configuration.sites[0].zone
        return _shown(until.astimezone(ZoneInfo(zone)))


def _decided(tx: Transaction, issue: Issue, told: str = "") -> Decision:
    return Decision(look_at_issue(tx, issue), told, stops(tx, issue.newsletter))


def _shown(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} {zone_name(time)}"
