"""What somebody does who joins: opens the form, sends it, and reads their mail."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from pipeline.store.subscribers import find_subscriber
from tests.web.clients import PUBLIC_URL, Office
from tests.world import World, part

FIELD = re.compile(
    r'<input type="(?:hidden|text)"[^>]* name="(\w+)"(?: value="([^"]*)")?'
)
LINK = re.compile(r"https://example\.org/mail(/confirm/[0-9a-z-]+)")


def fill_in(office: Office, address: str, **changes: str) -> dict[str, str]:
    """Return the fields of the form as a browser would send them."""
    page = office.client.get("/subscribe").text
    fields = {name: unescape(value) for name, value in FIELD.findall(page)}
    return fields | {"address": address} | changes


def ask(office: Office, address: str, **changes: str) -> Any:
    """Fill in the form, think for a while, and send it."""
    fields = fill_in(office, address, **changes)
    office.world.later(seconds=10)
    return office.client.post("/subscribe", data=fields)


def letters(world: World, address: str) -> list[EmailMessage]:
    """Return the letters in the outbox for an address."""
    return [each for each in world.messages() if each["To"] == address]


def link_in(message: EmailMessage) -> str:
    """Return the path of the link to confirm by, below `web.public_url`."""
    found = LINK.search(part(message, "plain"))
    assert found is not None
    return found[1]


def links_of(message: EmailMessage) -> set[str]:
    """Return the path of every link of a letter that leads to our pages."""
    text = part(message, "plain") + part(message, "html")
    urls = re.findall(r"https://[^\s\"<>]+", text)
    return {
        urlsplit(url).path.removeprefix("/mail")
        for url in urls
        if url.startswith(PUBLIC_URL)
    }


def newsletters_of(world: World, address: str) -> tuple[str, ...]:
    """Return what an address gets."""
    database = world.store()
    with database.transaction() as tx:
        reader = find_subscriber(tx, address)
    database.close()
    return reader.newsletters if reader and reader.state.gets_mail else ()
