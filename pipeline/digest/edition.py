"""An issue as anybody may read it: what its archive page says, frozen with the issue.

Holds nothing of any reader, and no page: `digest.archive` makes those of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields

from pipeline.digest.embedding import MailImage, embed_images, image_urls
from pipeline.digest.page import PageContext, issue_values
from pipeline.digest.view import PostCard, PostView


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPost(PostCard):
    """One post of an edition: what templates of mail see of it, but for plain text.

    `html` was sanitised when its Markdown was read.
    """

    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An issue for everybody, in the newsletter's own language.

    `id` is the URL it was first to be read at, which feeds know it by for ever.
    `due` is the time of the issue, `date` its day where the newsletter is. `formulas`
    are the digests of the images it shows that are ours to publish.
    """

    id: str
    number: int
    due: datetime.datetime
    date: datetime.date
    language: str
    subject: str
    preheader: str
    intro: tuple[str, ...]
    posts: tuple[EditionPost, ...]
    formulas: tuple[str, ...]


def make_edition(context: PageContext, formulas: Mapping[str, MailImage]) -> Edition:
    """Return the issue of `context`, every post as long as the newsletter wants it.

    Nobody clips a web page, so that nothing is cut short. `context.archive_url` is
    where it will stand; `formulas` are the images of formulas by the URL in `src`,
    each with the URL it has in the archive. Raises ConfigError where the subject or
    the intro is wrong.
    """
    values = issue_values(context)
    posts = [_post(view, formulas) for view in values["posts"]]
    digests = {image.url: image.digest for image in formulas.values()}
    urls = [url for post in posts for url in image_urls(post.html)]
    return Edition(
        id=context.archive_url,
        number=context.issue.number,
        due=context.issue.boundary,
        date=values["issue"].date,
        language=values["language"],
        subject=values["subject"],
        preheader=values["preheader"],
        intro=values["intro"],
        posts=tuple(posts),
        formulas=tuple({digests[url]: None for url in urls if url in digests}),
    )


def _post(view: PostView, formulas: Mapping[str, MailImage]) -> EditionPost:
    html, _ = embed_images(str(view.html), formulas, 0)
    card = {field.name: getattr(view, field.name) for field in fields(PostCard)}
    return EditionPost(**card, html=html)
