"""The posts of real blogs, where they are at hand."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.content.frontmatter import split
from pipeline.content.links import SiteIndex
from pipeline.content.markup.parse import parse_body
from pipeline.content.post import Post
from tests.capability import require_corpus


def test_every_post_of_real_blogs_parses_without_a_fault(
    make_post: Callable[..., Post],
) -> None:
    corpus = require_corpus()
    found = [path for path in corpus.rglob("*") if path.is_file()]
    names = {path: path.relative_to(corpus).as_posix() for path in found}
    index = SiteIndex.build("https://example.org/", [], names.values())
    posts = [path for path in found if path.suffix == ".md"]

    for path in posts:
        text = split(path.read_text(encoding="utf-8"), names[path]).body
        body = parse_body(make_post(text, path=names[path]), index)
        assert body.nodes
        assert body.faults == ()
        assert len(body.formulas()) >= text.count("\\begin{equation}")
    assert len(posts) == 39
