"""The pages by which a reader's mail comes to another address.

    GET   /preferences/TOKEN/address   the form
    POST  /preferences/TOKEN/address   asks: a letter goes to the new mailbox
    GET   /address/TOKEN               the button behind its link; changes nothing
    POST  /address/TOKEN               changes the address, once

The answer to the form is the same whoever has the new address; only its mailbox is told
more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from pipeline.base.text import fold_line
from pipeline.runs.readers.joining import Asked, Standing, take_ask
from pipeline.runs.readers.moving import confirm_move, find_move, find_mover
from pipeline.runs.readers.preferences import find_owner
from pipeline.store.asks import Ask
from pipeline.store.database import Database
from pipeline.subscribers.address import (
    Address,
    AddressError,
    mask,
    normalise,
    suggest,
)
from pipeline.subscribers.subscriber import Subscriber
from pipeline.web.doors import Door
from pipeline.web.forms import read_form
from pipeline.web.proxy import client_network
from pipeline.web.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a form says: `wrong` is why the address cannot be taken, if so."""

    text: str = ""
    address: Address | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How an ask stands, and who has it."""

    asked: Asked
    reader: Subscriber | None


class Moving:
    """Answers at the addresses above; at none where mail could not lead to them."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def doors(self) -> tuple[Door, ...]:
        """Return the paths this answers at."""
        if not self._service.has_letters:
            return ()
        form = "/preferences/{token}/address"
        return (
            Door(path=form, get=self.show_form, post=self.ask),
            Door(path="/address/{token}", get=self.show_button, post=self.confirm),
        )

    async def show_form(self, request: Request) -> Response:
        """Show the form."""
        reader = await self._service.desk.ask(lambda store: self._owner(request, store))
        return self._form(request, reader, Entry())

    async def ask(self, request: Request) -> Response:
        """Keep what is asked, and have the new mailbox asked whether it is true."""
        form = await read_form(request)
        reader = await self._service.desk.ask(lambda store: self._owner(request, store))
        if reader is None or not self._newsletters_of(reader):
            return self._form(request, reader, Entry())
        entry = _read(form.get("address", ""), reader)
        if entry.address is None or entry.wrong:
            return self._form(request, reader, entry)
        ask = self._ask(request, reader, entry.address)
        wait = await self._service.desk.ask(lambda store: self._take(ask, store))
        if wait is not None:
            return self._service.refuse_many(request, wait)
        self._service.postman.call()
        values: dict[str, object] = {
            **self._service.about([]),
            "address": ask.address.address,
            "suggestion": suggest(ask.address.address),
            "hours": self._service.configuration.web.confirm_hours,
            "link": self._own_link(request),
        }
        return self._service.pages.page(request, "moving", values)

    async def show_button(self, request: Request) -> Response:
        """Show what would be confirmed, or how it stands."""
        stand = await self._service.desk.ask(lambda store: self._look(request, store))
        return self._standing(request, stand)

    async def confirm(self, request: Request) -> Response:
        """Change the address of whoever has the letter."""
        await read_form(request)
        stand = await self._service.desk.ask(lambda store: self._move(request, store))
        self._service.postman.call()
        return self._standing(request, stand)

    def _owner(self, request: Request, database: Database) -> Subscriber | None:
        token = request.path_params["token"]
        with database.transaction() as tx:
            return find_owner(tx, self._service.keys(), token)

    def _newsletters_of(self, reader: Subscriber) -> tuple[str, ...]:
        """Return what a reader gets of what there is: one of it sends the letters."""
        names = reader.newsletters if reader.state.gets_mail else ()
        return tuple(name for name in names if name in self._service.newsletters)

    def _ask(self, request: Request, reader: Subscriber, address: Address) -> Ask:
        service, now = self._service, self._service.clock.now()
        client = request.client.host if request.client else ""
        return Ask(
            address=address,
            newsletters=self._newsletters_of(reader),
            language=reader.language or service.pages.language(request),
            page="",
            network=client_network(client),
            words="",
            created=now,
            expires=now + timedelta(hours=service.configuration.web.confirm_hours),
            reader=reader.id,
            former=reader.address,
        )

    def _take(self, ask: Ask, database: Database) -> timedelta | None:
        with database.transaction() as tx:
            return take_ask(tx, self._service.keys()[0], ask)

    def _look(self, request: Request, database: Database) -> Stand:
        token, now = request.path_params["token"], self._service.clock.now()
        with database.transaction() as tx:
            asked = find_move(tx, self._service.keys(), token, now)
            reader = find_mover(tx, asked.ask) if asked.ask else None
        return Stand(asked=asked, reader=reader)

    def _move(self, request: Request, database: Database) -> Stand:
        token, now = request.path_params["token"], self._service.clock.now()
        with database.transaction() as tx:
            asked = find_move(tx, self._service.keys(), token, now)
            if asked.ask is not None and asked.standing is Standing.OPEN:
                confirm_move(tx, asked.ask, now)
        return self._look(request, database)

    def _form(
        self, request: Request, reader: Subscriber | None, entry: Entry
    ) -> Response:
        service = self._service
        if reader is None:
            return service.unknown(request)
        values: dict[str, object] = {
            **service.about([]),
            "link": self._own_link(request),
            "address": mask(reader.address),
            "may_move": bool(self._newsletters_of(reader)),
            "text": entry.text,
            "wrong": entry.wrong,
        }
        status = 422 if entry.wrong else 200
        return service.pages.page(request, "move", values, status=status)

    def _standing(self, request: Request, stand: Stand) -> Response:
        service, ask, reader = self._service, stand.asked.ask, stand.reader
        shown = stand.asked.standing in (Standing.OPEN, Standing.CONFIRMED)
        if ask is None or reader is None or not shown:
            ask = reader = None
        values: dict[str, object] = {
            **service.about([]),
            "standing": stand.asked.standing,
            "address": ask.address.address if ask else "",
            "former": mask(ask.former) if ask else "",
            "link": service.address_of("address", request.path_params["token"]),
            "preferences": service.own_link("preferences", reader.id) if reader else "",
        }
        status = 200 if stand.asked.ask else 404
        return service.pages.page(request, "address", values, status=status)

    def _own_link(self, request: Request) -> str:
        token = request.path_params["token"]
        return self._service.address_of("preferences", token)


def _read(text: str, reader: Subscriber) -> Entry:
    """Return what somebody named as their new address."""
    said = fold_line(text)
    try:
        address = normalise(said)
    except AddressError:
        return Entry(text=said[:320], wrong="address")
    same = address.key == reader.key
    return Entry(text=said[:320], address=address, wrong="same" if same else "")
