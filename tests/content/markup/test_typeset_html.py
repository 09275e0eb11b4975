"""Formulas that were typeset before they came to us: their TeX is found again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.content.markup.shelf import Shelf
from pipeline.content.markup.typeset_html import lift_formulas
from pipeline.content.tree import Formula

ANNOTATED = (
    '<semantics><mrow><mi>a</mi></mrow><annotation encoding="application/x-tex">'
    "a &lt; b_1 &amp; c</annotation></semantics>"
)
KATEX = (
    f'<span class="katex"><span class="katex-mathml"><math>{ANNOTATED}</math></span>'
    '<span class="katex-html" aria-hidden="true"><span class="base">a</span></span>'
    "</span>"
)
A_LESS_B = Formula("a < b_1 & c", False, 7)
A_LESS_B_ON_DISPLAY = Formula("a < b_1 & c", True, 7)

Lifted = tuple[str, list[Formula]]


@pytest.fixture(name="lift")
def _lift() -> Callable[[str], Lifted]:
    def lift(html: str) -> Lifted:
        shelf = Shelf()
        pieces = list(shelf.split(lift_formulas(html, 7, shelf)))
        text = "".join(piece for piece in pieces if isinstance(piece, str))
        return text, [piece for piece in pieces if isinstance(piece, Formula)]

    return lift


Lift = Callable[[str], Lifted]


@pytest.mark.parametrize(
    ("html", "formula"),
    [
        ('<script type="math/tex">a_1 < b</script>', Formula("a_1 < b", False, 7)),
        (
            "<SCRIPT TYPE='math/tex; mode=display'>x</SCRIPT>",
            Formula("x", True, 7),
        ),
        (
            '<script type="math/tex; mode=display">% <![CDATA[\na & b %]]></script>',
            Formula("a & b", True, 7),
        ),
        (KATEX, A_LESS_B),
        (f'<span class="katex-display">{KATEX}</span>', A_LESS_B_ON_DISPLAY),
        (f"<math>{ANNOTATED}</math>", A_LESS_B),
        (f'<math display="block">{ANNOTATED}</math>', A_LESS_B_ON_DISPLAY),
        (
            '<mjx-container class="MathJax" display="true"><svg></svg>'
            f"<mjx-assistive-mml><math>{ANNOTATED}</math></mjx-assistive-mml>"
            "</mjx-container>",
            A_LESS_B_ON_DISPLAY,
        ),
        ('<span class="math inline">a &lt; b</span>', Formula("a < b", False, 7)),
        ("<div class='math display'>x^2</div>", Formula("x^2", True, 7)),
    ],
)
def test_the_tex_of_a_typeset_formula_stands_in_its_place(
    lift: Lift, html: str, formula: Formula
) -> None:
    text, formulas = lift(f"<p>so {html} it is</p>")

    assert formulas == [formula]
    assert text.replace("\n", "") == "<p>so  it is</p>"


def test_what_mathjax_shows_beside_its_script_goes(lift: Lift) -> None:
    text, formulas = lift(
        'a <span class="MathJax_Preview">x</span><div class="MathJax_Display">'
        '<span class="MathJax">x</span></div>'
        '<script type="math/tex; mode=display">x_1</script> b'
    )

    assert (text, formulas) == ("a  b", [Formula("x_1", True, 7)])


@pytest.mark.parametrize(
    "html",
    [
        '<span class="math inline">\\(x\\)</span>',
        '<span class="math inline"><em>x</em></span>',
        '<span class="math inline"> </span>',
        '<div class="math">x</div>',
        "<span>math/tex</span>",
        "<script>math/tex</script>",
        '<span class="MathJax">x</span> math/tex',
        f'<span class="katex">x</span> {ANNOTATED}',
        f'<span class="katex">{ANNOTATED}',
        "</span> application/x-tex",
        "<math><mi>x</mi></math> application/x-tex",
    ],
)
def test_what_holds_no_tex_of_its_own_stays(lift: Lift, html: str) -> None:
    assert lift(html) == (html, [])


def test_a_formula_knows_its_line_and_the_lines_after_it_stay(lift: Lift) -> None:
    text, formulas = lift(
        '\n<script type="math/tex">a\n\n</script>\n'
        f"{KATEX}<script type=math/tex>\nb</script>"
    )

    assert text == "\n\n\n\n\n"
    assert [(formula.tex, formula.line) for formula in formulas] == [
        *(("a", 8), ("a < b_1 & c", 11), ("b", 11)),
    ]


def test_a_post_in_html_shows_them(outline: Callable[..., str]) -> None:
    html = f'<p>see {KATEX}</p>\n<p>and <script type="math/tex">x_1</script>.</p>'

    assert outline(html, markup="html") == "<p>see ⟨a < b_1 & c⟩</p><p>and ⟨x_1⟩.</p>"


def test_a_block_of_html_in_markdown_shows_them(outline: Callable[..., str]) -> None:
    html = f'a\n\n<div>{KATEX}</div>\n\n<script type="math/tex">x_1</script>\n'

    assert outline(html) == "<p>a</p><p>⟨a < b_1 & c⟩</p><p>⟨x_1⟩</p>"
