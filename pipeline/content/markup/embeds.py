"""What a frame embeds, as a link: feeds and mail run no players."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import parse_qs, urlsplit

_HOST_NAMES = (
    (re.compile(r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be)$"), "YouTube"),
    (re.compile(r"(?:^|\.)vimeo\.com$"), "Vimeo"),
    (re.compile(r"(?:^|\.)bilibili\.com$"), "Bilibili"),
)
# Where a player's path or query says what it plays, and the page that shows it.
_PLAYERS = (
    (
        re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,})"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(r"//player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
)


def embed_html(url: str, title: str) -> str:
    """Return a link to what `url` embeds, named by its title or its host."""
    host = _host(url)
    name = next((name for test, name in _HOST_NAMES if test.search(host)), host)
    words = f"{name}: {title}" if title and name else title or name or url
    return f'<a href="{escape(_page(url))}">▶ {escape(words)}</a>'


def _page(url: str) -> str:
    for pattern, page in _PLAYERS:
        match = pattern.search(url)
        if match:
            return page.format(match[1])
    if _host(url) == "player.bilibili.com":
        return _bilibili_page(url)
    return url


def _bilibili_page(url: str) -> str:
    query = parse_qs(urlsplit(url).query)
    if "bvid" in query:
        return f"https://www.bilibili.com/video/{query['bvid'][0]}"
    if "aid" in query:
        return f"https://www.bilibili.com/video/av{query['aid'][0]}"
    return url


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
