"""What every handler of pages works with: settings, store, pages, keys, clock, postman.

And what all of them say the same way: whose page it is, that a link leads nowhere, and
that somebody asks too often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from pipeline.base.clock import Clock
from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.readers import find_mailbox
from pipeline.runs.pulse import Vitals
from pipeline.subscribers.tokens import Purpose, sign
from pipeline.web.desk import Desk
from pipeline.web.pages import Pages
from pipeline.web.postman import Postman

Keys = Callable[[], Sequence[bytes]]
"""Reads them each time: a link signed with a key that was made a moment ago works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What handlers share; `vitals` are the daemon's, if one is in this process."""

    configuration: Configuration
    desk: Desk
    pages: Pages
    postman: Postman
    keys: Keys
    clock: Clock
    vitals: Callable[[], Vitals | None] = lambda: None

    @property
    def newsletters(self) -> Mapping[str, NewsletterSettings]:
        """The newsletters of config.yaml by name."""
        return {each.name: each for each in self.configuration.newsletters}

    @property
    def spool(self) -> Spool:
        """The outbox, out of which who leaves is pulled."""
        return Spool(self.configuration.outbox.folder)

    @property
    def has_letters(self) -> bool:
        """Whether letters can be sent that lead to these pages."""
        configuration = self.configuration
        return bool(configuration.web.public_url and configuration.newsletters)

    def address_of(self, door: str, token: str) -> str:
        """Return the address, in pages, of the door that a token opens."""
        return f"{self.pages.base}{door}/{quote(token, safe='')}"

    def own_link(self, door: Purpose, reader: int) -> str:
        """Return the address of a reader's own page, `preferences` for one."""
        return self.address_of(door, sign(self.keys()[0], door, reader))

    def about(self, settings: Sequence[NewsletterSettings]) -> dict[str, object]:
        """Return whose page it is: the newsletter's, or with several the site's.

        It names who sends them, as a page about none names who sends the first.
        """
        first = next(iter([*settings, *self.configuration.newsletters]), None)
        alone = first is not None and len(settings) == 1
        site = self.configuration.sites[0].title
        return {
            "newsletter": first.title if first and alone else site,
            "postal_address": first.postal_address.splitlines() if first else (),
        }

    def refuse_many(self, request: Request, wait: timedelta) -> Response:
        """Return the page for who has asked too often, and may again after `wait`."""
        page = self.pages.page(request, "toomany", {"wait": wait}, status=429)
        page.headers["Retry-After"] = str(int(wait.total_seconds()))
        return page

    def unknown(self, request: Request) -> Response:
        """Return the page for a link that is nobody's."""
        told = {"mailbox": find_mailbox(self.configuration)}
        return self.pages.page(request, "unknown", told, status=404)
