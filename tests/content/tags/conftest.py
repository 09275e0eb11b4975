"""A small site, and a way to expand a text in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from pipeline.content.links import SiteIndex
from pipeline.content.post import Post
from pipeline.content.tags import Expanded, TagContext, expand

DAY = datetime(2020, 1, 2, tzinfo=UTC)


def _post(path: str, url: str, title: str) -> Post:
    return Post(
        id=url, site="s", path=path, url=url, title=title, published=DAY, updated=DAY
    )


@dataclass(frozen=True)
class Desk:
    """Expands texts as if they stood in posts/here.md, from line 11 on."""

    index: SiteIndex

    def expand(self, text: str, markup: str = "markdown") -> Expanded:
        context = TagContext(
            path="posts/here.md",
            text_line=11,
            index=self.index,
            markup="html" if markup == "html" else "markdown",
        )
        return expand(text, context)

    def text(self, text: str, markup: str = "markdown") -> str:
        """Expand a text in which nothing is wrong."""
        expanded = self.expand(text, markup)
        assert expanded.faults == ()
        return expanded.text

    def warned(self, text: str) -> tuple[str, list[str]]:
        """Return the text and the warnings, as they are told."""
        expanded = self.expand(text)
        return expanded.text, [str(fault) for fault in expanded.faults]


@pytest.fixture(scope="session")
def desk() -> Desk:
    posts = [
        _post("posts/here.md", "https://example.org/blog/here/", "这里 *here*"),
        _post("posts/2020-01-02-there.md", "https://example.org/blog/there/", "There"),
        _post("posts/(odd)'.md", "https://example.org/blog/(odd)'/", "Odd"),
    ]
    assets = ["posts/pic.png", "files/paper.pdf"]
    return Desk(SiteIndex.build("https://example.org/blog/", posts, assets))
