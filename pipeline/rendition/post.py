"""One post in every form that feeds and mail show: the body, its excerpt, its picture.

Joins the post, its parsed body and its typeset formulas; `stored` keeps the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.base.text import count_words, fold_line, is_cjk
from pipeline.content.excerpt import excerpt
from pipeline.content.post import Post
from pipeline.content.tree import Body, Element, Node, Text, walk
from pipeline.content.urls import absolute
from pipeline.rendition.code import limit_colours
from pipeline.rendition.depth import limit_depth
from pipeline.rendition.html import render_html
from pipeline.rendition.pictures import (
    NO_SIZES,
    Picture,
    Sizes,
    find_picture,
    has_content,
    say_plainly,
    with_sizes,
    without_picture,
)
from pipeline.rendition.plain import render_text
from pipeline.rendition.silence import without_silent
from pipeline.rendition.summary import summarise
from pipeline.rendition.targets import Target
from pipeline.rendition.typeset import UNTYPESET, Typesets

_CJK_CHARACTERS_A_MINUTE = 500
_WORDS_A_MINUTE = 212


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A post's HTML and text; `mail_*` and `excerpt_*` are for mail.

    `title` is one line, its formulas as Unicode, made of the post's title when that
    was `written_title`.

    `excerpt_html` leaves `picture` out, which stands beside it; text says it in its
    place. `summary` is one plain paragraph, about 300 characters at most. `whole`
    says that the excerpt is all there is; `minutes` is the time to read, at least 1.
    """

    feed_html: str
    feed_excerpt_html: str
    summary: str
    mail_html: str
    mail_text: str
    excerpt_html: str
    excerpt_text: str
    whole: bool
    picture: Picture | None
    minutes: int
    title: str = ""
    written_title: str = ""

    def title_of(self, post: Post) -> str:
        """Return the post's title as one line, its formulas as Unicode.

        A post that cannot be rendered any more keeps its last rendition, and may have
        another title since: that one is shown as written.
        """
        known = self.written_title == post.title
        return fold_line(self.title if known else post.title)


def render_post(
    post: Post,
    body: Body,
    typesets: Typesets = UNTYPESET,
    sizes: Sizes = NO_SIZES,
) -> Rendition:
    """Return `post` in every form.

    A summary of the author's replaces the excerpt; it is plain text but for its
    formulas, one paragraph. `sizes` are those of pictures by URL.
    """
    nodes = without_silent(limit_colours(limit_depth(body.nodes)), typesets)
    body = replace(body, nodes=with_sizes(nodes, sizes))
    url = absolute(post.url, post.url) or post.url
    picture = find_picture(image_of(post), body.nodes, typesets, sizes)
    nodes, whole = _excerpt(body)
    card = without_picture(nodes, picture) if picture else nodes
    words = summarise(nodes, typesets)
    return Rendition(
        title=say_plainly(body.title, typesets),
        written_title=post.title,
        feed_html=render_html(body.nodes, Target.FEED, typesets, page_url=url),
        feed_excerpt_html=render_html(nodes, Target.FEED, typesets, page_url=url),
        summary=words or (picture.caption or picture.alt if picture else ""),
        mail_html=render_html(body.nodes, Target.MAIL, typesets, page_url=url),
        mail_text=render_text(body.nodes, typesets=typesets, page_url=url),
        excerpt_html=render_html(card, Target.MAIL, typesets, page_url=url),
        excerpt_text=render_text(nodes, typesets=typesets, page_url=url),
        whole=whole,
        picture=picture,
        minutes=_minutes(body.nodes),
    )


def image_of(post: Post) -> str:
    """Return the absolute URL of the post's own picture, empty where it names none."""
    page = absolute(post.url, post.url) or post.url
    return (absolute(post.image, page) or "") if post.image else ""


def _excerpt(body: Body) -> tuple[tuple[Node, ...], bool]:
    if body.summary:
        paragraph = Element("p", (), body.summary)
        return (paragraph,), not has_content(body.nodes)
    cut = excerpt(body)
    return cut.nodes, cut.whole


def _minutes(nodes: Iterable[Node]) -> int:
    text = " ".join(node.text for node in walk(nodes) if isinstance(node, Text))
    ideographs = sum(1 for char in text if is_cjk(char) and char.isalnum())
    words = count_words(text) - ideographs
    minutes = ideographs / _CJK_CHARACTERS_A_MINUTE + words / _WORDS_A_MINUTE
    return max(1, round(minutes))
