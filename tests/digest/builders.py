"""A small newsletter in English and Chinese, for the tests of its pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config.settings import NewsletterSettings
from pipeline.content.post import Post
from pipeline.digest.catalogue import Catalogue
from pipeline.digest.issue import Issue
from pipeline.digest.page import DigestEntry, PageContext
from pipeline.rendition.pictures import Picture
from pipeline.rendition.post import Rendition

ROOT = Path(__file__).parents[2]
TEMPLATES = {
    path.relative_to(ROOT / "templates").as_posix(): path.read_text("utf-8")
    for path in (ROOT / "templates").rglob("*.*")
}
CATALOGUES = {
    locale: Catalogue.from_po(
        (ROOT / f"pipeline/locale/{locale}/LC_MESSAGES/pressroom.po").read_text(
            "utf-8"
        ),
        locale,
    )
    for locale in ("en", "zh_CN")
}
HILLS = Picture("https://example.org/hills.jpg", "Two hills", "At dusk", 1200, 630)


def post(n: int = 1, title: str = "On forgetting", **fields: Any) -> Post:
    day = datetime(2026, 11, 18 - n, 20, tzinfo=UTC)
    known: dict[str, Any] = {
        "id": f"https://example.org/{n}/",
        "site": "site",
        "path": f"{n}.md",
        "url": f"https://example.org/{n}/",
        "title": title,
        "published": day,
        "updated": day,
        "language": "en",
    }
    return Post(**known | fields)


def rendition(words: str = "An index can be rebuilt.", **fields: Any) -> Rendition:
    plain = re.sub("<[^>]+>", "", words)
    known: dict[str, Any] = {
        "feed_html": f"<p>{words}</p>",
        "feed_excerpt_html": f"<p>{words}</p>",
        "summary": plain,
        "mail_html": f"<p>{words}</p><p>And so on, at length.</p>",
        "mail_text": f"{plain}\n\nAnd so on, at length.",
        "excerpt_html": f"<p>{words}</p>",
        "excerpt_text": plain,
        "whole": False,
        "picture": None,
        "minutes": 3,
    }
    return Rendition(**known | fields)


def entry(n: int = 1, title: str = "On forgetting", **fields: Any) -> DigestEntry:
    return DigestEntry(post(n, title, **fields), rendition())


def newsletter(**fields: Any) -> NewsletterSettings:
    known: dict[str, Any] = {
        "name": "weekly",
        "title": "Field Notes",
        "schedule": "every monday 09:00",
        "sender": "Lin <lin@example.org>",
        "postal_address": "12 Example Street\nCambridge",
    }
    return NewsletterSettings(**known | fields)


def context(*entries: DigestEntry, **fields: Any) -> PageContext:
    """Return a context; `newsletter` may be a dict of settings to change."""
    settings = fields.pop("newsletter", {})
    known: dict[str, Any] = {
        "newsletter": newsletter(**settings),
        "issue": Issue(
            id=1,
            newsletter="weekly",
            number=12,
            boundary=datetime(2026, 11, 19, 23, tzinfo=UTC),
            from_number=0,
            upto_number=9,
        ),
        "entries": entries or (entry(),),
        "language": "en",
        "templates": TEMPLATES,
        "messages": CATALOGUES["en"],
        "site_title": "Example",
        "site_url": "https://example.org/",
        "zone": ZoneInfo("Asia/Shanghai"),
    }
    return PageContext(**known | fields)


def with_template(html: str, text: str = "{{ unsubscribe_url }}") -> dict[str, Any]:
    """Return what makes `context` use these two sources in place of the digest."""
    return {"templates": {"digest.html": html, "digest.txt": text}}


ENGLISH_ISSUE = (
    DigestEntry(
        post(1, "On forgetting", authors=("Lin", "Ada"), tags=("memory", "数学")),
        rendition(picture=HILLS),
    ),
    DigestEntry(
        post(2, "虚拟现实手记", language="zh-CN"), rendition("我在看自己的手。")
    ),
    DigestEntry(post(3, "A <b> of one's own & more"), rendition(whole=True)),
    entry(4, "Keys", authors=("Lin",)),
    entry(5, "A title that is so long that it takes the second line in plain text too"),
)
CHINESE_ISSUE = (
    DigestEntry(
        post(
            1,
            "会遗忘的程序",
            language="zh-CN",
            authors=("林木", "王小明"),
            tags=("机器学习", "记忆"),
        ),
        rendition("索引是<em>可以</em>重建的。", minutes=1),
    ),
)
