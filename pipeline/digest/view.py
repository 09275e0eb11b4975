"""What a mail template sees: plain records, and nothing that can do anything.

These names are the vocabulary of templates: `docs` lists them, and a template of an
owner's own keeps working only as long as they stay.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from html import escape
from typing import Literal

from markupsafe import Markup

from pipeline.config.settings import NewsletterSettings
from pipeline.content.post import Post
from pipeline.pictures.size import MAIL_COLUMN_PX
from pipeline.rendition.pictures import Picture
from pipeline.rendition.post import Rendition

# A tall picture shall not fill a screen.
PICTURE_HEIGHT = 440

Shows = Literal["full", "excerpt", "title"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterView:
    """The newsletter, as `newsletter` in a template."""

    name: str
    title: str
    description: str
    postal_address: tuple[str, ...]

    @classmethod
    def of(cls, newsletter: NewsletterSettings) -> NewsletterView:
        """Return what readers may see of the settings; the address line by line."""
        return cls(
            name=newsletter.name,
            title=newsletter.title,
            description=newsletter.description,
            postal_address=tuple(newsletter.postal_address.strip().splitlines()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """The issue, as `issue`; `date` is the day it was due, where the newsletter is."""

    number: int
    kind: str
    date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """The site the posts come from, as `site`; its url may be empty."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """What is shown of a post beside its text, in a mail as in the archive.

    `shows` says how much of it goes in: its body, its excerpt or its title; `whole`
    tells that nothing of the post is left out. `anchor` is a name for links within the
    page; `minutes` is the time to read it. `picture` is None where there is none or the
    text has it already; `picture_width` is its width in the card, in pixels.
    """

    anchor: str
    title: str
    url: str
    date: datetime.date
    updated: datetime.date
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    series: str
    language: str
    minutes: int
    summary: str
    picture: Picture | None
    picture_width: int
    shows: Shows
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView(PostCard):
    """One post, as an item of `posts`: `html` and `text` are what is shown of it.

    `html` was sanitised when its Markdown was read, so it is not escaped again.
    """

    html: Markup
    text: str


def view_post(
    post: Post, rendition: Rendition, shows: Shows, *, place: int, zone: datetime.tzinfo
) -> PostView:
    """Return what the template sees of the issue's post number `place`, from 1."""
    html, text, whole = _parts(rendition, shows)
    picture = _picture_beside(html, rendition.picture, shows)
    return PostView(
        anchor=f"post-{place}",
        title=rendition.title_of(post),
        url=post.url,
        date=post.published.astimezone(zone).date(),
        updated=post.updated.astimezone(zone).date(),
        authors=post.authors,
        tags=post.tags,
        series=post.series,
        language=post.language,
        minutes=rendition.minutes,
        summary=rendition.summary,
        picture=picture,
        picture_width=_shown_width(picture) if picture else 0,
        shows=shows,
        whole=whole,
        html=Markup(html),
        text=text,
    )


def _parts(rendition: Rendition, shows: Shows) -> tuple[str, str, bool]:
    if shows == "full":
        return rendition.mail_html, rendition.mail_text, True
    if shows == "excerpt":
        return rendition.excerpt_html, rendition.excerpt_text, rendition.whole
    return "", "", False


def _picture_beside(html: str, picture: Picture | None, shows: Shows) -> Picture | None:
    if picture is None or shows == "title" or escape(picture.url) in html:
        return None
    return picture


def _shown_width(picture: Picture) -> int:
    """Return the pixels the picture is wide in its card; never more than it has."""
    width = min(picture.width or MAIL_COLUMN_PX, MAIL_COLUMN_PX)
    if picture.width and picture.height:
        width = min(width, PICTURE_HEIGHT * picture.width // picture.height)
    return max(width, 1)
