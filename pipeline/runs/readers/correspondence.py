"""What a letter says, and to whom: found in the store when it is made, not before.

Who asked may be new, may get the newsletter already, or may be kept out: each gets
another letter, the last none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.base.clock import to_micros
from pipeline.config.settings import Configuration, NewsletterSettings
from pipeline.digest.catalogue import Catalogue, match_language
from pipeline.digest.environment import Sandbox
from pipeline.digest.headers import FixedHeaders, message_id
from pipeline.digest.letter import (
    About,
    Headline,
    LetterContext,
    Way,
    letter_sandbox,
    render_letter,
)
from pipeline.digest.press import Reader, compile_page
from pipeline.digest.view import SiteView
from pipeline.outbox.batch import Envelope
from pipeline.runs.issues.newsroom import Newsroom, open_newsroom
from pipeline.runs.outgoing.readers import Imprint, find_mailbox, plain_address
from pipeline.runs.readers.joining import is_kept_out
from pipeline.runs.readers.moving import find_mover, may_move
from pipeline.runs.readers.welcome import last_posts
from pipeline.runs.resources import read_catalogues, read_templates
from pipeline.store.asks import Ask, find_ask
from pipeline.store.database import Transaction
from pipeline.store.letters import Letter, LetterKind
from pipeline.store.subscribers import find_subscriber
from pipeline.store.suppressions import find_suppression
from pipeline.subscribers.address import mask, normalise
from pipeline.subscribers.limited import sign_until
from pipeline.subscribers.subscriber import State, Subscriber
from pipeline.subscribers.tokens import sign

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter that somebody is to get; `leave` are the ways in its header."""

    letter: Letter
    ask: Ask
    context: LetterContext
    leave: tuple[str, ...] = ()

    @property
    def recipient(self) -> str:
        """Whom it goes to: of a reader who has moved, the mailbox before."""
        moved = self.letter.kind is LetterKind.MOVED
        return self.ask.former if moved else self.ask.address.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """Writes the letters that one newsletter sends."""

    newsroom: Newsroom
    titles: Mapping[str, str]
    key: bytes
    sandboxes: dict[str, Sandbox] = field(default_factory=dict)

    @classmethod
    def of(
        cls, configuration: Configuration, settings: NewsletterSettings, key: bytes
    ) -> Correspondence:
        """Return who writes for a newsletter.

        Raises ConfigError where its settings or a template are wrong.
        """
        catalogues = read_catalogues()
        templates = read_templates(configuration.mail.templates)
        return cls(
            newsroom=open_newsroom(configuration, settings, catalogues, templates),
            titles={each.name: each.title for each in configuration.newsletters},
            key=key,
        )

    @property
    def settings(self) -> NewsletterSettings:
        """The newsletter that sends."""
        return self.newsroom.settings

    def draft(self, tx: Transaction, letter: Letter, now: datetime) -> Draft | None:
        """Return what a letter says now, or None where nobody is to get it."""
        ask = find_ask(tx, letter.ask)
        if ask is not None and letter.kind is LetterKind.MOVE:
            return self._move(tx, letter, ask, now)
        if ask is not None and letter.kind is LetterKind.MOVED:
            return self._moved(tx, letter, ask)
        if ask is None or is_kept_out(tx, ask.address):
            return None
        reader = find_subscriber(tx, ask.address.key)
        if letter.kind is LetterKind.WELCOME:
            return self._welcome(tx, letter, ask, reader, now)
        return self._answer(letter, ask, reader, now)

    def envelope(self, draft: Draft, date: datetime) -> Envelope:
        """Return the letter in its envelope; raises ConfigError as render_letter."""
        sender, name = self.newsroom.sender, f"letter-{draft.letter.id}"
        fixed = FixedHeaders(
            sender=sender,
            newsletter=self.newsroom.name,
            title=self.settings.title,
            issue=name,
            language=draft.context.language,
            reply_to=self.newsroom.reply_to,
            bulk=False,
        )
        # The same each time it is made; another store's letters have other ones.
        made = f"{to_micros(draft.ask.created)}"
        token = sign(self.key, "letter", draft.letter.id, made)
        to = Reader(
            address=draft.recipient,
            values={},
            message_id=message_id("letter", token, sender.domain),
            list_unsubscribe=draft.leave,
        )
        page = render_letter(draft.context, self._sandbox(draft.context))
        press = compile_page(page, fixed, name)
        bounces = self.newsroom.configuration.mail.bounce_address
        return Envelope(
            member=draft.letter.member,
            sender=plain_address(bounces) or sender.address,
            recipient=draft.recipient,
            message=press.message(to, date),
        )

    def _answer(
        self, letter: Letter, ask: Ask, reader: Subscriber | None, now: datetime
    ) -> Draft | None:
        """Return what answers an ask: the link to confirm it, or that it is so."""
        if reader and _gets(reader, ask.newsletters):
            ways = self._ways(reader, ask.newsletters)
            context = self._context(About.KNOWN, ask, ways=ways)
            return Draft(letter=letter, ask=ask, context=context)
        if ask.expires <= now or ask.confirmed:
            return None
        token = sign_until(self.key, "confirm", ask.id, ask.expires)
        context = self._context(
            About.CONFIRM,
            ask,
            confirm_url=f"{self.newsroom.configuration.web.public_url}confirm/{token}",
            hours=-((now - ask.expires) // _HOUR),
        )
        return Draft(letter=letter, ask=ask, context=context)

    def _welcome(
        self,
        tx: Transaction,
        letter: Letter,
        ask: Ask,
        reader: Subscriber | None,
        now: datetime,
    ) -> Draft | None:
        """Return the welcome; one who has left since gets none."""
        if reader is None or not _gets(reader, [self.newsroom.name]):
            return None
        posts = last_posts(tx, self.newsroom, reader, now)
        context = self._context(
            About.WELCOME,
            ask,
            ways=self._ways(reader, [self.newsroom.name]),
            posts=tuple(Headline(title=post.title, url=post.url) for post in posts),
        )
        leave = self._imprint(self.settings).reader(reader).list_unsubscribe
        return Draft(letter=letter, ask=ask, context=context, leave=leave)

    def _move(
        self, tx: Transaction, letter: Letter, ask: Ask, now: datetime
    ) -> Draft | None:
        """Return what asks a reader's new mailbox, or tells it that it is known."""
        reader, known = find_mover(tx, ask), find_subscriber(tx, ask.address.key)
        if reader is None or ask.expires <= now or ask.confirmed:
            return None
        if known is not None and known.id != reader.id:
            context = self._taken(tx, ask, known)
        elif may_move(tx, reader, ask):
            token = sign_until(self.key, "move", ask.id, ask.expires)
            context = self._context(
                About.MOVE,
                ask,
                confirm_url=f"{self._public_url}address/{token}",
                hours=-((now - ask.expires) // _HOUR),
            )
        else:
            context = None
        if context is None:
            return None
        context = replace(context, other=mask(ask.former))
        return Draft(letter=letter, ask=ask, context=context)

    def _taken(
        self, tx: Transaction, ask: Ask, known: Subscriber
    ) -> LetterContext | None:
        """Return what tells a mailbox that it is known; one put out is told nothing."""
        told = (State.ACTIVE, State.PENDING, State.UNSUBSCRIBED)
        if known.state not in told or find_suppression(tx, known.key):
            return None
        names = known.newsletters if known.state.gets_mail else ()
        ways = self._ways(known, names)
        form_url = f"{self._public_url}subscribe"
        return replace(self._context(About.TAKEN, ask, ways=ways), form_url=form_url)

    def _moved(self, tx: Transaction, letter: Letter, ask: Ask) -> Draft | None:
        """Return what tells the mailbox before that mail goes elsewhere now."""
        reader = find_mover(tx, ask)
        if reader is None or is_kept_out(tx, normalise(ask.former)):
            return None
        token = sign(self.key, "preferences", reader.id)
        context = replace(
            self._context(About.MOVED, ask),
            address=ask.former,
            other=mask(ask.address.address),
            preferences_url=f"{self._public_url}preferences/{token}",
            mailbox=find_mailbox(self.newsroom.configuration),
        )
        return Draft(letter=letter, ask=ask, context=context)

    @property
    def _public_url(self) -> str:
        return self.newsroom.configuration.web.public_url

    def _context(
        self,
        about: About,
        ask: Ask,
        *,
        confirm_url: str = "",
        hours: int = 0,
        ways: tuple[Way, ...] = (),
        posts: tuple[Headline, ...] = (),
    ) -> LetterContext:
        newsroom = self.newsroom
        language, messages = self._language(ask.language)
        return LetterContext(
            about=about,
            newsletter=self.settings,
            language=language,
            address=ask.address.address,
            titles=[self.titles.get(name, name) for name in ask.newsletters],
            templates=newsroom.templates,
            messages=messages,
            site=SiteView(title=newsroom.site.title, url=newsroom.site.url),
            inliner=newsroom.configuration.mail.inliner,
            confirm_url=confirm_url,
            hours=hours,
            ways=ways,
            posts=posts,
        )

    def _sandbox(self, context: LetterContext) -> Sandbox:
        """Return what renders letters in the language of one."""
        if context.language not in self.sandboxes:
            made = letter_sandbox(context.templates, context.messages)
            self.sandboxes[context.language] = made
        return self.sandboxes[context.language]

    def _language(self, wanted: str) -> tuple[str, Catalogue]:
        newsroom = self.newsroom
        found = match_language(wanted, newsroom.languages) or newsroom.languages[0]
        return found, newsroom.catalogues[found]

    def _ways(self, reader: Subscriber, names: Iterable[str]) -> tuple[Way, ...]:
        """Return where a reader leaves those of the newsletters that there are."""
        known = {each.name: each for each in self.newsroom.configuration.newsletters}
        return tuple(
            Way(
                title=known[name].title,
                unsubscribe_url=self._imprint(known[name])
                .reader(reader)
                .values["unsubscribe_url"],
            )
            for name in names
            if name in known
        )

    def _imprint(self, settings: NewsletterSettings) -> Imprint:
        configuration = self.newsroom.configuration
        return Imprint.of(configuration, settings, "letter", self.key)


def _gets(reader: Subscriber, newsletters: Iterable[str]) -> bool:
    return reader.state.gets_mail and set(newsletters) <= set(reader.newsletters)
