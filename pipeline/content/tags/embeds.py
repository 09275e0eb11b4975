"""Players and cards of other sites, as links: nothing is fetched to show more."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.content.tags.pieces import link, outside_url
from pipeline.content.tags.tag import Handler, Ledger, Tag
from pipeline.content.urls import quote_part


def _player(site: str, address: str) -> Handler:
    """Make the handler for one video's or post's identifier, put into `address`."""

    def embed(tag: Tag, ledger: Ledger) -> str:
        identifier = tag.argument("id", "bvid", "video") or tag.word(0)
        if not identifier:
            return _left_out(tag, ledger)
        title = tag.argument("title")
        text = f"▶ {site}: {title}" if title else f"▶ {site}"
        url = address.format(quote_part(identifier, safe=""))
        return link(text, url, ledger.markup)

    return embed


def _gist(tag: Tag, ledger: Ledger) -> str:
    """Hugo: user, id, file; Jekyll and Hexo: [user/]id, file; Zola: url."""
    url = outside_url(tag.argument("url"), ledger) if tag.argument("url") else ""
    if not url and tag.words:
        several = len(tag.words) > 1 and "." not in tag.word(1)
        name = "/".join(tag.words[:2]) if several else tag.word(0)
        url = f"https://gist.github.com/{quote_part(name)}"
    return link("Gist", url, ledger.markup) if url else _left_out(tag, ledger)


def _tweet(tag: Tag, ledger: Ledger) -> str:
    """Hugo: named user and id, or the id alone."""
    identifier = tag.argument("id") or tag.word(0)
    if not identifier:
        return _left_out(tag, ledger)
    user = tag.argument("user")
    text = f"@{user} on X" if user else "Post on X"
    place = (
        f"{quote_part(user or 'i', safe='')}/status/{quote_part(identifier, safe='')}"
    )
    return link(text, f"https://x.com/{place}", ledger.markup)


def _left_out(tag: Tag, ledger: Ledger) -> str:
    ledger.warn(
        tag.place.at,
        f"{tag.source} does not say what to show, and was left out",
        "give it the id of what it is to show",
    )
    return ""


EMBEDS: Mapping[str, Handler] = {
    "youtube": _player("YouTube", "https://www.youtube.com/watch?v={}"),
    "vimeo": _player("Vimeo", "https://vimeo.com/{}"),
    "bilibili": _player("Bilibili", "https://www.bilibili.com/video/{}"),
    "instagram": _player("Instagram", "https://www.instagram.com/p/{}/"),
    "gist": _gist,
    "tweet": _tweet,
    "twitter": _tweet,
    "x": _tweet,
}
"""Embedding tags, alike in every generator, by name."""
