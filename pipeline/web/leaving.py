"""The pages behind a link to leave: a button, what it did, and a way back.

    GET   /unsubscribe/TOKEN          the button; changes nothing
    POST  /unsubscribe/TOKEN          leaves, as often as it comes (RFC 8058)
    POST  /unsubscribe/TOKEN/others   leaves the reader's other newsletters too
    POST  /unsubscribe/TOKEN/back     comes back
    POST  /unsubscribe/TOKEN/reason   says why

The token is all there is: no cookie, no session, so that there is nothing to forge.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from pipeline.base.errors import OutputError
from pipeline.outbox.spool import Spool
from pipeline.runs.readers.leaving import (
    MAX_WORDS_CHARS,
    Holder,
    Reason,
    come_back,
    find_holder,
    keep_reason,
    leave_all,
    leave_newsletter,
)
from pipeline.store.database import Database
from pipeline.subscribers.address import mask
from pipeline.web.desk import PATIENT_TRIES
from pipeline.web.doors import Door
from pipeline.web.forms import read_form
from pipeline.web.pages import plain
from pipeline.web.service import Service

ONE_CLICK = "List-Unsubscribe"
"""The field of a one-click POST; its value is `One-Click` (RFC 8058, section 3.1)."""

MOST_REMEMBERED = 10_000
"""Links whose holder has told a reason; each is told once, until the server restarts,
so that nobody fills the store."""

Change = Callable[[Database, Holder], None]
Leave = Callable[[Database, Spool, Holder, datetime], None]

_log = logging.getLogger(__name__)


class Leaving:
    """Answers at the addresses above."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._newsletters = service.newsletters
        self._heard: OrderedDict[str, None] = OrderedDict()

    def doors(self) -> tuple[Door, ...]:
        """Return the paths this answers at."""
        path = "/unsubscribe/{token}"
        return (
            Door(path=path, get=self.show, post=self.leave),
            Door(path=f"{path}/others", get=self.show, post=self.leave_others),
            Door(path=f"{path}/back", get=self.show, post=self.come_back),
            Door(path=f"{path}/reason", get=self.show, post=self.take_reason),
        )

    async def show(self, request: Request) -> Response:
        """Show the button, or that the reader has left; change nothing."""
        holder = await self._find(request)
        subscribed = holder is not None and holder.subscribed
        return self._page(request, "leave" if subscribed else "left", holder)

    async def leave(self, request: Request) -> Response:
        """End the subscription at once, and answer a browser with a page."""
        form = await read_form(request)
        holder = await self._change(request, self._quietly(leave_newsletter))
        if ONE_CLICK not in form:
            return self._page(request, "left", holder)
        return plain("no such link", 404) if holder is None else plain("unsubscribed")

    async def leave_others(self, request: Request) -> Response:
        """End every subscription of the reader."""
        await read_form(request)
        holder = await self._change(request, self._quietly(leave_all))
        return self._page(request, "left", holder)

    async def come_back(self, request: Request) -> Response:
        """Subscribe the reader again."""
        await read_form(request)
        holder = await self._change(request, self._come_back)
        subscribed = holder is not None and holder.subscribed
        return self._page(request, "back" if subscribed else "left", holder)

    async def take_reason(self, request: Request) -> Response:
        """Keep why the reader left, without who it was."""
        form = await read_form(request)
        holder = await self._find(request)
        if holder is not None and not holder.subscribed and self._is_first(request):
            await self._keep_reason(holder.newsletter, form)
        return self._page(request, "left", holder, thanks=True)

    async def _find(self, request: Request) -> Holder | None:
        """Return whose link the request is for, or None."""
        token = request.path_params["token"]
        return await self._service.desk.ask(
            lambda database: self._look(database, token)
        )

    async def _change(self, request: Request, change: Change) -> Holder | None:
        """Do a change, and return how its holder stands after it."""
        token = request.path_params["token"]

        def work(database: Database) -> Holder | None:
            holder = self._look(database, token)
            if holder is not None:
                change(database, holder)
                holder = self._look(database, token)
            return holder

        # Who leaves must not be sent away, and a provider may not ask again.
        return await self._service.desk.ask(work, tries=PATIENT_TRIES)

    def _look(self, database: Database, token: str) -> Holder | None:
        keys = self._service.keys()
        with database.transaction() as tx:
            return find_holder(tx, keys, token, self._newsletters)

    def _quietly(self, leave: Leave) -> Change:
        def change(database: Database, holder: Holder) -> None:
            try:
                leave(database, self._service.spool, holder, self._service.clock.now())
            except OutputError as error:
                # They have left; the next run pulls out what waits in the outbox.
                _log.warning("a reader left, but the outbox refuses: %s", error)

        return change

    def _come_back(self, database: Database, holder: Holder) -> None:
        with database.transaction() as tx:
            come_back(tx, holder, self._service.clock.now())

    async def _keep_reason(self, newsletter: str, form: Mapping[str, str]) -> None:
        reason, words = form.get("reason", ""), form.get("words", "")

        def work(database: Database) -> None:
            with database.transaction() as tx:
                keep_reason(tx, newsletter, reason, words, self._service.clock.now())

        await self._service.desk.ask(work)

    def _is_first(self, request: Request) -> bool:
        """Tell whether this link's holder has told no reason before."""
        token = request.path_params["token"].lower()
        known = token in self._heard
        self._heard[token] = None
        if len(self._heard) > MOST_REMEMBERED:
            self._heard.popitem(last=False)
        return not known

    def _page(
        self,
        request: Request,
        name: str,
        holder: Holder | None,
        *,
        thanks: bool = False,
    ) -> Response:
        service = self._service
        if holder is None:
            return service.unknown(request)
        settings = self._newsletters.get(holder.newsletter)
        reader = holder.reader
        values: dict[str, object] = {
            **service.about([settings] if settings else []),
            "newsletter": self._title(holder.newsletter),
            "link": service.address_of("unsubscribe", request.path_params["token"]),
            "address": mask(reader.address) if reader else "",
            "preferences": service.own_link("preferences", reader.id) if reader else "",
            "less_often": settings is not None and bool(settings.cadences),
            "others": [self._title(name) for name in holder.others],
            "may_return": settings is not None and holder.may_return,
            "reasons": list(Reason),
            "max_words": MAX_WORDS_CHARS,
            "thanks": thanks,
        }
        return service.pages.page(request, name, values)

    def _title(self, newsletter: str) -> str:
        settings = self._newsletters.get(newsletter)
        return settings.title if settings else newsletter
