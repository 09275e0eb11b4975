"""The pages where somebody joins: a form, "look into your mailbox", and one button.

    GET   /subscribe        the form; ?newsletter=weekly chooses one
    POST  /subscribe        asks: a letter goes to the mailbox
    GET   /confirm/TOKEN    the button; changes nothing
    POST  /confirm/TOKEN    subscribes, once

The answer is the same whoever's the address is; only the mailbox is told more. A form
carries the time it was shown, signed: one that comes without it, as from a static site,
too soon or too late is shown again, filled in, and is sent with one press.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from pipeline.base.text import fold_line
from pipeline.runs.readers.joining import Asked, Standing, confirm, find_asked, take_ask
from pipeline.runs.readers.snippet import BOX
from pipeline.store.asks import Ask
from pipeline.store.database import Database
from pipeline.subscribers.address import Address, AddressError, normalise, suggest
from pipeline.subscribers.columns import read_language
from pipeline.subscribers.limited import sign_until, verify_until
from pipeline.web.doors import Door
from pipeline.web.forms import read_form
from pipeline.web.proxy import client_network
from pipeline.web.service import Service

TRAP = "website"
"""A field that nobody sees; programs fill it in."""


SOONEST = timedelta(seconds=2)
"""Nobody reads a form and fills it in more quickly."""

LATEST = timedelta(hours=12)
"""A form may lie open for half a day; one that was copied is of no use for longer."""

_MOST_PAGE_CHARS = 200
_MOST_LANGUAGE_CHARS = 35
"""RFC 5646, 4.4.1: what a language tag needs at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a form says: `wrong` names what cannot be taken as it is, if anything."""

    text: str
    address: Address | None
    newsletters: tuple[str, ...]
    language: str
    page: str
    wrong: str = ""


class Joining:
    """Answers at the addresses above; at none where mail could not lead to them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._newsletters = service.newsletters

    def doors(self) -> tuple[Door, ...]:
        """Return the paths this answers at."""
        if not self._service.has_letters:
            return ()
        return (
            Door(path="/subscribe", get=self.show_form, post=self.ask),
            Door(path="/confirm/{token}", get=self.show_button, post=self.confirm),
        )

    async def show_form(self, request: Request) -> Response:
        """Show the form."""
        chosen = request.query_params.getlist("newsletter")
        entry = Entry(
            text="",
            address=None,
            newsletters=tuple(name for name in self._newsletters if name in chosen),
            language="",
            page=_origin(request.headers.get("referer", "")),
        )
        return self._form(request, entry)

    async def ask(self, request: Request) -> Response:
        """Keep what is asked, and have the mailbox asked whether it is true."""
        form = await read_form(request)
        entry = self._read(request, form)
        if entry.address is None or entry.wrong:
            return self._form(request, entry, status=422)
        left = self._time_left(form.get("shown", ""))
        if left is None:
            return self._form(request, entry, again=True)
        if left > LATEST - SOONEST:
            # With the time it was first shown, so that pressing on gets there.
            return self._form(request, entry, again=True, shown=form["shown"])
        if form.get(TRAP):
            return self._asked(request, entry)
        wait = await self._service.desk.ask(
            lambda database: self._take(request, entry, database)
        )
        if wait is None:
            self._service.postman.call()
            return self._asked(request, entry)
        return self._service.refuse_many(request, wait)

    async def show_button(self, request: Request) -> Response:
        """Show what would be confirmed, or how it stands."""
        asked = await self._service.desk.ask(
            lambda database: self._look(request, database)
        )
        return self._standing(request, asked)

    async def confirm(self, request: Request) -> Response:
        """Subscribe whoever has the letter."""
        await read_form(request)
        asked = await self._service.desk.ask(
            lambda database: self._confirm(request, database)
        )
        self._service.postman.call()
        return self._standing(request, asked)

    def _read(self, request: Request, form: Mapping[str, str]) -> Entry:
        text = fold_line(form.get("address", ""))
        chosen = tuple(
            name for name in self._newsletters if form.get(f"{BOX}{name}") == "yes"
        )
        if len(self._newsletters) == 1:
            chosen = tuple(self._newsletters)
        address, wrong = None, ""
        try:
            address = normalise(text)
        except AddressError:
            wrong = "address"
        return Entry(
            text=text[:320],
            address=address,
            newsletters=chosen,
            language=_language(form.get("language", "")),
            page=_origin(form.get("page") or request.headers.get("referer", "")),
            wrong=wrong or ("" if chosen else "newsletters"),
        )

    def _time_left(self, shown: str) -> timedelta | None:
        """Return how long a form can be sent yet; None if too late, or not ours."""
        limited = verify_until(self._service.keys(), "form", shown)
        if limited is None:
            return None
        left = limited.until - self._service.clock.now()
        return left if left >= timedelta(0) else None

    def _take(
        self, request: Request, entry: Entry, database: Database
    ) -> timedelta | None:
        if entry.address is None:
            raise ValueError("an entry without address asks nothing")
        now = self._service.clock.now()
        client = request.client.host if request.client else ""
        ask = Ask(
            address=entry.address,
            newsletters=entry.newsletters,
            language=entry.language or self._service.pages.language(request),
            page=entry.page,
            network=client_network(client),
            words=self._words(request),
            created=now,
            expires=now
            + timedelta(hours=self._service.configuration.web.confirm_hours),
        )
        with database.transaction() as tx:
            return take_ask(tx, self._service.keys()[0], ask)

    def _look(self, request: Request, database: Database) -> Asked:
        token = request.path_params["token"]
        with database.transaction() as tx:
            now = self._service.clock.now()
            return find_asked(tx, self._service.keys(), token, self._newsletters, now)

    def _confirm(self, request: Request, database: Database) -> Asked:
        asked = self._look(request, database)
        if asked.ask is not None and asked.standing is Standing.OPEN:
            with database.transaction() as tx:
                newsletters = self._newsletters.values()
                confirm(tx, asked.ask, newsletters, self._service.clock.now())
            asked = self._look(request, database)
        return asked

    def _words(self, request: Request) -> str:
        """Return what the form told who sent it, which they agree to."""
        values = {"titles": self._titles()}
        return fold_line(self._service.pages.text(request, "consent.txt", values))

    def _titles(self) -> list[str]:
        return [each.title for each in self._newsletters.values()]

    def _form(
        self,
        request: Request,
        entry: Entry,
        *,
        again: bool = False,
        shown: str = "",
        status: int = 200,
    ) -> Response:
        until = self._service.clock.now() + LATEST
        values: dict[str, object] = {
            **self._service.about(tuple(self._newsletters.values())),
            "newsletters": tuple(self._newsletters.values()),
            "chosen": entry.newsletters,
            "text": entry.text,
            "page": entry.page,
            "mail_language": entry.language,
            "wrong": entry.wrong,
            "again": again,
            "shown": shown or sign_until(self._service.keys()[0], "form", 0, until),
            "trap": TRAP,
            "box": BOX,
            "titles": self._titles(),
        }
        return self._service.pages.page(request, "subscribe", values, status=status)

    def _asked(self, request: Request, entry: Entry) -> Response:
        settings = [self._newsletters[name] for name in entry.newsletters]
        address = entry.address.address if entry.address else ""
        values: dict[str, object] = {
            **self._service.about(settings),
            "address": address,
            "suggestion": suggest(address),
            "hours": self._service.configuration.web.confirm_hours,
        }
        return self._service.pages.page(request, "asked", values)

    def _standing(self, request: Request, asked: Asked) -> Response:
        names = asked.ask.newsletters if asked.ask else ()
        settings = [self._newsletters[n] for n in names if n in self._newsletters]
        found = asked.standing in (Standing.OPEN, Standing.CONFIRMED)
        values: dict[str, object] = {
            **self._service.about(settings or tuple(self._newsletters.values())),
            "standing": asked.standing,
            "titles": [each.title for each in settings],
            "address": asked.ask.address.address if asked.ask and found else "",
            "link": self._service.address_of("confirm", request.path_params["token"]),
            "form": f"{self._service.pages.base}subscribe",
        }
        status = 200 if asked.ask else 404
        return self._service.pages.page(request, "confirm", values, status=status)


def _origin(url: str) -> str:
    """Return the page a form stood on, without query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return ""
    return fold_line(f"{parts.scheme}://{parts.netloc}{parts.path}")[:_MOST_PAGE_CHARS]


def _language(text: str) -> str:
    """Return the language tag that a form names; nothing for what is none."""
    try:
        return read_language(text.strip()[:_MOST_LANGUAGE_CHARS])
    except ValueError:
        return ""
