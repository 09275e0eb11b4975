"""A post to parse, and its tree as one line to compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.content.links import SiteIndex
from pipeline.content.markup.parse import parse_body
from pipeline.content.post import Post
from pipeline.content.tree import Body, Code, Element, Formula, More, Node, Text

POSTED = datetime(2024, 1, 2, tzinfo=UTC)


def _post(text: str, **fields: Any) -> Post:
    known: dict[str, Any] = {
        "id": "https://example.org/a/",
        "site": "blog",
        "path": "posts/a.md",
        "url": "https://example.org/a/",
        "title": "A",
        "published": POSTED,
        "updated": POSTED,
        "language": "en",
    }
    return Post(text=text, **{**known, **fields})


def _outline(nodes: Iterable[Node]) -> str:
    return "".join(map(_outline_node, nodes))


def _outline_node(node: Node) -> str:
    match node:
        case Text(text):
            return text
        case Formula(tex, display):
            return f"⟪{tex}⟫" if display else f"⟨{tex}⟩"
        case Code(text, language):
            return f"{{{language}|{text}}}"
        case More():
            return "<more>"
        case Element(tag, attributes, children):
            names = "".join(f" {name}={value}" for name, value in attributes)
            return f"<{tag}{names}>{_outline(children)}</{tag}>"


@pytest.fixture(scope="session")
def make_post() -> Callable[..., Post]:
    """Make a post of a text, its fields as given or those of /a/."""
    return _post


@pytest.fixture(scope="session")
def parse() -> Callable[..., Body]:
    """Parse a text as the post /a/ of a site with a picture, a paper and a post."""
    index = SiteIndex.build(
        "https://example.org/",
        [
            _post(""),
            _post("", path="posts/b.md", url="https://example.org/b/", title="B"),
        ],
        ["posts/a.png", "posts/two words.png", "images/b.png", "posts/paper.pdf"],
    )

    def parsed(text: str, *, hard_breaks: bool = False, **fields: Any) -> Body:
        return parse_body(_post(text, **fields), index, hard_breaks=hard_breaks)

    return parsed


@pytest.fixture(scope="session")
def draw() -> Callable[[Iterable[Node]], str]:
    """Return a tree on one line: ⟨inline⟩ and ⟪display⟫ are formulas."""
    return _outline


@pytest.fixture(scope="session")
def outline(parse: Callable[..., Body]) -> Callable[..., str]:
    """Return the tree of a text on one line: ⟨inline⟩ and ⟪display⟫ are formulas."""
    return lambda text, **fields: _outline(parse(text, **fields).nodes)


@pytest.fixture(scope="session")
def told(parse: Callable[..., Body]) -> Callable[..., list[str]]:
    """Return the faults of a text as an owner reads them."""
    return lambda text, **fields: [str(fault) for fault in parse(text, **fields).faults]
