"""The posts in content/: each is read without a fault, and together they show all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config.load import load_configuration
from pipeline.content.frontmatter import Dialect, split
from pipeline.content.links import SiteIndex
from pipeline.content.markup.parse import parse_body
from pipeline.content.post import Mail, Post
from pipeline.content.read import read_post
from pipeline.content.scan import Scan, read_bytes, scan_folder
from pipeline.content.tree import Body, Code, Element, Formula, More, walk
from pipeline.math.engine import Engine
from pipeline.math.layout import Failure, Options, Tex

PROJECT = Path(__file__).parents[2]
CONFIGURATION = load_configuration(PROJECT / "config.yaml").configuration
SITE = CONFIGURATION.sites[0]
MACROS = CONFIGURATION.math.macros
LARGEST_PICTURE_BYTES = 80_000
LARGEST_PICTURES_BYTES = 400_000


@pytest.fixture(scope="module")
def scan() -> Scan:
    return scan_folder(SITE.folder, max_bytes=SITE.max_post_bytes)


@pytest.fixture(scope="module")
def posts(scan: Scan) -> list[Post]:
    readings = [
        read_post(
            found,
            read_bytes(SITE.folder, found.path),
            SITE,
            fallback_date=lambda _: None,
            display_path=found.path,
        )
        for found in scan.posts
    ]
    assert [fault for reading in readings for fault in reading.faults] == []
    return [reading.post for reading in readings if reading.post]


@pytest.fixture(scope="module")
def bodies(posts: list[Post], scan: Scan) -> list[Body]:
    index = SiteIndex.build(SITE.url, posts, scan.assets)
    return [parse_body(post, index) for post in posts]


def elements(bodies: list[Body]) -> Iterator[Element]:
    for body in bodies:
        yield from (node for node in walk(body.nodes) if isinstance(node, Element))


def test_no_post_has_a_fault_or_a_warning(scan: Scan, bodies: list[Body]) -> None:
    assert scan.faults == ()
    assert [fault for body in bodies for fault in body.faults] == []


def test_half_is_english_and_half_chinese(posts: list[Post]) -> None:
    languages = Counter(post.language for post in posts if not post.draft)
    assert languages.keys() == {"en", "zh"}
    assert min(languages.values()) >= 5


def test_there_is_every_kind_of_node(bodies: list[Body]) -> None:
    kinds = {type(node) for body in bodies for node in walk(body.nodes)}
    assert {Formula, Code, More} <= kinds
    displays = {
        node.display
        for body in bodies
        for node in walk(body.nodes)
        if isinstance(node, Formula)
    }
    assert displays == {True, False}
    tags = {element.tag for element in elements(bodies)}
    assert {"figure", "figcaption", "table", "blockquote", "ol", "ul"} <= tags
    classes = {element.attribute("class") for element in elements(bodies)}
    assert "footnotes" in classes


def test_formulas_are_shown_in_every_way(bodies: list[Body]) -> None:
    formulas = [formula for body in bodies for formula in body.formulas()]
    written = " ".join(formula.tex for formula in formulas)
    assert "\\label{" in written
    assert "\\eqref{" in written
    assert "\\text{分钟}" in written
    assert {name for name in MACROS if f"\\{name}" in written} == MACROS.keys()
    titled = [body for body in bodies for node in body.title if type(node) is Formula]
    assert len(titled) >= 2


def test_every_formula_can_be_typeset(bodies: list[Body]) -> None:
    engine = Engine(Options(macros=tuple(MACROS.items())))
    for body in bodies:
        written = [Tex(formula.tex, formula.display) for formula in body.formulas()]
        results = engine.typeset(written)
        assert [result for result in results if isinstance(result, Failure)] == []


def test_there_is_a_draft_one_kept_from_mail_and_one_in_full(posts: list[Post]) -> None:
    assert sum(post.draft for post in posts) == 1
    assert {post.mail for post in posts} == {Mail.YES, Mail.NO, Mail.FULL}


def test_a_series_has_three_parts_and_a_post_its_translation(posts: list[Post]) -> None:
    assert Counter(post.series for post in posts if post.series) == {"最小的排版课": 3}
    pairs = Counter(post.translation for post in posts)
    assert [key for key, count in pairs.items() if count > 1] == ["feeds"]


def test_the_ways_of_several_generators_are_shown(posts: list[Post]) -> None:
    dialects = {
        split((SITE.folder / post.path).read_text(encoding="utf-8")).dialect
        for post in posts
    }
    assert dialects >= {Dialect.YAML, Dialect.TOML, Dialect.PELICAN, Dialect.HEXO}


def test_every_picture_is_there_is_shown_and_is_small(
    scan: Scan, bodies: list[Body]
) -> None:
    shown = {
        (element.attribute("src") or "").removeprefix(SITE.url)
        for element in elements(bodies)
        if element.tag == "img"
    }
    assert shown == scan.assets
    assert {Path(path).suffix for path in shown} == {".png", ".svg", ".webp"}
    sizes = [(SITE.folder / path).stat().st_size for path in scan.assets]
    assert max(sizes) <= LARGEST_PICTURE_BYTES
    assert sum(sizes) <= LARGEST_PICTURES_BYTES
