"""The page behind a link to preferences: which newsletters, how often, about what.

    GET   /preferences/TOKEN         how it stands; changes nothing
    POST  /preferences/TOKEN         keeps what the form says: all of it, or nothing
    POST  /preferences/TOKEN/leave   leaves every newsletter

What lies below `/address` is in `moving`.

It is answered with the page, as it stands then; what comes twice changes nothing more.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from pipeline.base.errors import OutputError
from pipeline.config.settings import NewsletterSettings
from pipeline.runs.outgoing.readers import find_mailbox
from pipeline.runs.readers.offering import Offer, find_offer
from pipeline.runs.readers.preferences import (
    find_owner,
    find_wishes,
    keep_wishes,
    may_choose,
    pull_out,
)
from pipeline.runs.readers.signup import leave
from pipeline.runs.resources import read_catalogues
from pipeline.store.database import Database, Transaction
from pipeline.subscribers.address import mask
from pipeline.subscribers.subscriber import Subscriber
from pipeline.web.desk import PATIENT_TRIES
from pipeline.web.doors import Door
from pipeline.web.forms import Bounds, Fields, read_fields
from pipeline.web.languages import own_names
from pipeline.web.service import Service
from pipeline.web.wishes import Section, Terms, read_section, show_choice

PATH = "/preferences/{token}"

MARK = "form"
"""A field that every form of ours has: a body without it chooses nothing, and must not
be taken for one in which nothing is ticked."""

BOUNDS = Bounds(body_bytes=262_144, fields=4_000)
"""Enough for who ticks every topic of ten newsletters, in Chinese."""

OFFER_LASTS = timedelta(minutes=5)
"""Looking through the posts takes some 50 ms; a new tag may come a little later."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How a reader's choices stand, or what their form says of them.

    `told` is what became of a form: `saved`, `left`, `wrong` or `lost`; else nothing.
    """

    reader: Subscriber
    may_choose: bool
    sections: tuple[Section, ...]
    told: str = ""


class Preferences:
    """Answers at the addresses above."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._newsletters = service.newsletters
        self._languages = tuple(sorted(read_catalogues()))
        self._offers: dict[str, tuple[datetime, Offer]] = {}

    def doors(self) -> tuple[Door, ...]:
        """Return the paths this answers at."""
        return (
            Door(path=PATH, get=self.show, post=self.save),
            Door(path=f"{PATH}/leave", get=self.show, post=self.leave),
        )

    async def show(self, request: Request) -> Response:
        """Show how it stands; change nothing."""
        token = request.path_params["token"]
        sheet = await self._service.desk.ask(
            lambda database: self._look(database, token)
        )
        return self._page(request, sheet)

    async def save(self, request: Request) -> Response:
        """Keep what the form says, or tell what is wrong with it."""
        fields = await read_fields(request, BOUNDS)
        token = request.path_params["token"]
        sheet = await self._service.desk.ask(
            lambda database: self._save(database, token, fields), tries=PATIENT_TRIES
        )
        return self._page(request, sheet)

    async def leave(self, request: Request) -> Response:
        """End every subscription of the reader."""
        await read_fields(request, BOUNDS)
        token = request.path_params["token"]
        sheet = await self._service.desk.ask(
            lambda database: self._leave(database, token), tries=PATIENT_TRIES
        )
        return self._page(request, sheet)

    def _look(self, database: Database, token: str, told: str = "") -> Sheet | None:
        with database.transaction() as tx:
            return self._find(tx, token, told)

    def _save(self, database: Database, token: str, fields: Fields) -> Sheet | None:
        if not any(name == MARK for name, _ in fields):
            return self._look(database, token, "lost")
        with database.transaction() as tx:
            stands = self._find(tx, token)
            if stands is None or not stands.may_choose:
                return stands
            said = tuple(read_section(each, fields) for each in stands.sections)
            if any(each.wrong for each in said):
                return Sheet(
                    reader=stands.reader, may_choose=True, sections=said, told="wrong"
                )
            self._keep(tx, stands.reader, said)
        self._pull_out(database, stands.reader)
        return self._look(database, token, "saved")

    def _keep(
        self, tx: Transaction, reader: Subscriber, said: Sequence[Section]
    ) -> None:
        wishes = {each.newsletter.name: each.choice() for each in said if each.wanted}
        keep_wishes(tx, reader, self._newsletters, wishes, self._service.clock.now())

    def _leave(self, database: Database, token: str) -> Sheet | None:
        sheet = self._look(database, token)
        if sheet is None:
            return None
        try:
            leave(
                database, self._service.spool, sheet.reader, self._service.clock.now()
            )
        except OutputError as error:
            _warn(error)
        return self._look(database, token, "left")

    def _pull_out(self, database: Database, reader: Subscriber) -> None:
        try:
            pull_out(database, self._service.spool, reader)
        except OutputError as error:
            _warn(error)

    def _find(self, tx: Transaction, token: str, told: str = "") -> Sheet | None:
        reader = find_owner(tx, self._service.keys(), token)
        if reader is None:
            return None
        wishes = find_wishes(tx, reader, self._newsletters)
        return Sheet(
            reader=reader,
            may_choose=may_choose(tx, reader),
            sections=tuple(
                show_choice(self._terms(tx, each), wishes.get(name))
                for name, each in self._newsletters.items()
            ),
            told=told,
        )

    def _terms(self, tx: Transaction, newsletter: NewsletterSettings) -> Terms:
        return Terms(
            configuration=self._service.configuration,
            newsletter=newsletter,
            offer=self._offer(tx, newsletter),
            languages=self._languages,
            now=self._service.clock.now(),
        )

    def _offer(self, tx: Transaction, newsletter: NewsletterSettings) -> Offer:
        now = self._service.clock.now()
        known = self._offers.get(newsletter.name)
        if known is None or not timedelta(0) <= now - known[0] < OFFER_LASTS:
            known = (now, find_offer(tx, newsletter, now))
            self._offers[newsletter.name] = known
        return known[1]

    def _page(self, request: Request, sheet: Sheet | None) -> Response:
        service = self._service
        if sheet is None:
            return service.unknown(request)
        gets_any = any(each.wanted for each in sheet.sections)
        values: dict[str, object] = {
            **service.about([]),
            "link": service.address_of("preferences", request.path_params["token"]),
            "address": mask(sheet.reader.address),
            "may_choose": sheet.may_choose,
            "sections": sheet.sections,
            "gets_any": gets_any,
            "usual": own_names([sheet.reader.language])[sheet.reader.language],
            "may_move": service.has_letters and sheet.may_choose and gets_any,
            "told": sheet.told,
            "mark": MARK,
            "mailbox": find_mailbox(service.configuration),
        }
        status = 422 if sheet.told in ("wrong", "lost") else 200
        return service.pages.page(request, "preferences", values, status=status)


def _warn(error: OutputError) -> None:
    # They have left; the next run pulls out what waits in the outbox.
    _log.warning("a reader left, but the outbox refuses: %s", error)
