"""Formulas in tags of their own, as themes and plugins have them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.content.links import SiteIndex
from pipeline.content.markup.parse import parse_body
from pipeline.content.post import Post
from pipeline.content.tree import Formula

DAY = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://example.org/a/"


def found_in(text: str) -> tuple[Formula, ...]:
    post = Post(
        id=URL,
        site="s",
        path="a.md",
        url=URL,
        title="A",
        published=DAY,
        updated=DAY,
        text=text,
        text_line=1,
    )
    body = parse_body(post, SiteIndex.build("https://example.org/", [], []))
    assert body.faults == ()
    return body.formulas()


def formulas(text: str) -> list[tuple[str, bool]]:
    """Return the TeX of each formula in a text, and whether it is on display."""
    return [(found.tex, found.display) for found in found_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("so {{< katex >}}x^2{{< /katex >}} is", ("x^2", False)),
        ("{{< katex display=true >}}x_{1}{{< /katex >}}", ("x_{1}", True)),
        ("{{< katex display >}}\nx = 1\n{{< /katex >}}", ("x = 1", True)),
        ("{{% math %}}\na\n+ b\n{{% /math %}}", ("a\n+ b", True)),
        ("{{< math >}}\n$$\nx = 1\n$$\n{{< /math >}}", ("x = 1", True)),
        ("{% katex %}a < b{% endkatex %}", ("a < b", False)),
        ("{% katex display %}c * d * e{% endkatex %}", ("c * d * e", True)),
        ("{% mathjax %}\n\\frac{1}{2}\n{% endmathjax %}", ("\\frac{1}{2}", False)),
        ("{% katexmm %}so $y_2$ is{% endkatexmm %}", ("y_2", False)),
        ("{% katex(block=true) %}z^3{% end %}", ("z^3", True)),
        ("> {{< katex block >}}q{{< /katex >}}", ("q", True)),
    ],
)
def test_what_a_tag_of_formulas_wraps_is_one(
    text: str, found: tuple[str, bool]
) -> None:
    assert formulas(text) == [found]


@pytest.mark.parametrize(
    "text",
    ["{{< katex >}}", "{{< math >}}{{< /math >}}", "{{< katex >}} {{< /katex >}}"],
)
def test_a_tag_that_only_loads_something_shows_nothing(text: str) -> None:
    assert formulas(text) == []


def test_what_a_tag_wraps_is_no_text_with_tags() -> None:
    text = "{{< katex >}}a_{{ b }}{{< /katex >}}"
    assert [tex for tex, _ in formulas(text)] == ["a_{{ b }}"]


def test_the_line_of_the_formula_is_that_of_the_file() -> None:
    (found,) = found_in("one\n\n{{< katex >}}x{{< /katex >}}\n")
    assert found == Formula("x", line=3, n=1)
