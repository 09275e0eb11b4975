"""What one reader's message needs of its own: addresses, links, tokens.

A reader can always leave: by a page, where `web.public_url` is set, by mail, where
`mail.unsubscribe_address` is, or by both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.digest.headers import message_id, parse_sender, verp_sender
from pipeline.digest.press import Press, Reader
from pipeline.outbox.batch import Envelope
from pipeline.subscribers.address import normalise
from pipeline.subscribers.subscriber import Subscriber
from pipeline.subscribers.tokens import sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What the messages of one issue share when they are put in envelopes."""

    key: bytes
    newsletter: str
    issue: str
    public_url: str
    unsubscribe_address: str
    bounce_address: str
    sender: str

    @classmethod
    def of(
        cls,
        configuration: Configuration,
        newsletter: NewsletterSettings,
        issue: str,
        key: bytes,
    ) -> Imprint:
        """Return the imprint of an issue; `issue` names it, such as `weekly-12`."""
        return cls(
            key=key,
            newsletter=newsletter.name,
            issue=issue,
            public_url=configuration.web.public_url,
            unsubscribe_address=plain_address(configuration.mail.unsubscribe_address),
            bounce_address=plain_address(configuration.mail.bounce_address),
            sender=parse_sender(newsletter.sender).address,
        )

    def envelope(self, press: Press, reader: Subscriber, date: datetime) -> Envelope:
        """Return the reader's message in its envelope; `date` is the batch's seal."""
        return Envelope(
            member=reader.id,
            sender=verp_sender(
                self.bounce_address,
                sign(self.key, "bounce", reader.id),
                sender=self.sender,
            ),
            recipient=reader.address,
            message=press.message(self.reader(reader), date),
        )

    def reader(self, reader: Subscriber) -> Reader:
        """Return what the press puts into the reader's slots and headers."""
        leave = self._ways_to_leave(reader.id)
        domain = self.sender.rpartition("@")[2]
        preferences = sign(self.key, "preferences", reader.id)
        return Reader(
            address=reader.address,
            values={
                "address": reader.address,
                "unsubscribe_url": leave[0],
                "preferences_url": f"{self.public_url}preferences/{preferences}"
                if self.public_url
                else leave[0],
            },
            message_id=message_id(
                self.issue, sign(self.key, "message", reader.id), domain
            ),
            list_unsubscribe=leave,
        )

    def _ways_to_leave(self, member: int) -> tuple[str, ...]:
        """Return the links to leave this newsletter by, the one-click page first."""
        token = sign(self.key, "leave", member, self.newsletter)
        ways = []
        if self.public_url:
            ways.append(f"{self.public_url}unsubscribe/{token}")
        if self.unsubscribe_address:
            local, _, host = self.unsubscribe_address.rpartition("@")
            box = f"{quote(local, safe='')}+{token}@{host}"
            ways.append(f"mailto:{box}?subject=unsubscribe")
        return tuple(ways)


def plain_address(text: str) -> str:
    """Return an address of the configuration as mail servers take it, or nothing."""
    return normalise(text).address if text else ""


def find_mailbox(configuration: Configuration) -> str:
    """Return the address to write to for one whose link does not work, or nothing."""
    if configuration.mail.unsubscribe_address:
        return plain_address(configuration.mail.unsubscribe_address)
    for newsletter in configuration.newsletters:
        try:
            return parse_sender(newsletter.reply_to or newsletter.sender).address
        except ValueError:
            continue
    return ""
