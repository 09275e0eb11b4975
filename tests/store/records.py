"""Records to keep, for tests of the store."""

from __future__ import annotations

from pipeline.rendition.pictures import Picture
from pipeline.rendition.post import Rendition
from pipeline.store.renditions import KeptRendition

RENDITION = Rendition(
    feed_html="<p>熵</p>",
    feed_excerpt_html="<p>熵</p>",
    summary="熵",
    mail_html="<p>熵</p>",
    mail_text="熵\n",
    excerpt_html="",
    excerpt_text="",
    whole=True,
    picture=Picture("https://example.org/a.png", "alt", "caption", 3, 4),
    minutes=2,
)
KEPT = KeptRendition(key="k", references=(("asset:a", "u"),), faults=())
