"""Which text is a formula, by every delimiter, and which is money or prose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.markup.formulas import FormulaFinder
from pipeline.content.tree import Body, Formula

Outline = Callable[..., str]
Parse = Callable[..., Body]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a $x_1$ b", "<p>a ⟨x_1⟩ b</p>"),
        ("令$x$、$y$为数", "<p>令⟨x⟩、⟨y⟩为数</p>"),
        (r"矩阵\(A_1\)和\\(B\\)", "<p>矩阵⟨A_1⟩和⟨B⟩</p>"),
        ("GitHub's $`x_1`$ too", "<p>GitHub's ⟨x_1⟩ too</p>"),
        ("the $n$th, $k$NN, $ x $ and $f(x)=1$.", None),
        (r"$a \text{if $b$}$", r"<p>⟨a \text{if $b$}⟩</p>"),
        (r"由\eqref{eq:1}和\ref{fig:2}", r"<p>由⟨\eqref{eq:1}⟩和⟨\ref{fig:2}⟩</p>"),
        ("$$x$$", "⟪x⟫"),
        (r"\[x^2\]", "⟪x^2⟫"),
        (r"\\[x^2 \\[2pt] y\\]", r"⟪x^2 \\[2pt] y⟫"),
        ("设$$x$$其中", "<p>设</p>⟪x⟫<p>其中</p>"),
        ("```math\nx_1\n```", "⟪x_1⟫"),
        ("# On $x_1$", "<h1>On ⟨x_1⟩</h1>"),
        ("**$x$ is**", "<p><strong>⟨x⟩ is</strong></p>"),
        ("**now $$x$$**", "<p><strong>now ⟪x⟫</strong></p>"),
    ],
)
def test_a_formula_is_known_by_each_of_its_delimiters(
    outline: Outline, text: str, shown: str | None
) -> None:
    wanted = shown or "<p>the ⟨n⟩th, ⟨k⟩NN, ⟨x⟩ and ⟨f(x)=1⟩.</p>"

    assert outline(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "from $5 and $10",
        "现价$5,原价$10",
        "$20 million to $30 million",
        "US$5–HK$8",
        "5$-10$之间",
        "赚了$$，花了$$",
        "$HOME/$USER",
        "the $PATH and the $HOME",
        "$foo$bar",
        "$5 per head$",
        "$ $",
        "$$ $$",
        "$$$$",
        "one $ only",
        "a\\\\$",
        "损失$损失=x^2$",
        "$a</b>$",
        "see $x_1\n\n$ later",
    ],
)
def test_money_and_prose_between_dollars_is_text(parse: Parse, text: str) -> None:
    assert parse(text).formulas() == ()


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"2$\times$2的矩阵", [r"\times"]),
        ("$5，公式$x$和$y$", ["x", "y"]),
        ("costs $5 per $x^2$ unit", ["x^2"]),
        (r"\$5 和 $6^2$", ["6^2"]),
        ("$a$ costs $5", ["a"]),
        (r"$\text{损失}=x$", [r"\text{损失}=x"]),
    ],
)
def test_a_formula_beside_money_is_one(parse: Parse, text: str, tex: list[str]) -> None:
    assert [formula.tex for formula in parse(text).formulas()] == tex


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\[1\] \[ \] \[sic\]", "<p>[1] [ ] [sic]</p>"),
        (r"\(注\)", "<p>(注)</p>"),
        (r"\begin{itemize}a\end{itemize}", r"<p>\begin{itemize}a\end{itemize}</p>"),
        (r"\begin{align}a", r"<p>\begin{align}a</p>"),
        (r"\[ a \[x=1\]", "<p>[ a</p>⟪x=1⟫"),
        (r"a \[x^2", "<p>a [x^2</p>"),
        (r"a\\\)b\(c", r"<p>a\)b(c</p>"),
    ],
)
def test_escaped_brackets_stay_brackets(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    "environment",
    ["equation", "align*", "gather", "multline", "cases", "eqnarray", "tikzcd"],
)
def test_an_environment_keeps_its_begin_and_end(
    outline: Outline, environment: str
) -> None:
    inside = "a &= b_1 * c_2 \\\\\n<d> & [e]"
    tex = f"\\begin{{{environment}}}\n{inside}\n\\end{{{environment}}}"

    assert outline(f"考虑\n{tex}\n其中") == f"<p>考虑</p>⟪{tex}⟫<p>其中</p>"


def test_environments_of_one_name_nest(parse: Parse) -> None:
    tex = r"\begin{cases}a\\\begin{cases}b\end{cases}\end{cases}"

    assert [formula.tex for formula in parse(tex + r"\end{cases}").formulas()] == [tex]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "考虑$$\na\n=\n\n- b\n$$其中\n继续",
            "<p>考虑</p>⟪a\n=\n\n- b⟫<p>其中继续</p>",
        ),
        ("a `$$` $$x\ny$$ b", "<p>a <code>$$</code></p>⟪x\ny⟫<p>b</p>"),
        ("a `$$ $$x\n\ny$$ b", "<p>a `$$</p>⟪x\n\ny⟫<p>b</p>"),
        (
            "- 项\n  $$\n  a\n\n  b\n  $$\n- 二",
            "<ul><li>项 ⟪a\n\nb⟫</li><li>二</li></ul>",
        ),
        ("> 引\n> $$\n> a\n>\n> b\n> $$", "<blockquote><p>引</p>⟪a\n\nb⟫</blockquote>"),
        ("> 引\n续", "<blockquote><p>引续</p></blockquote>"),
        ("> 引\n$$\nx\n$$", "<blockquote><p>引</p></blockquote>⟪x⟫"),
        ("- 项\n$$\nx\n$$", "<ul><li>项</li></ul>⟪x⟫"),
        ("> $$\n> a\n\n$$", "<blockquote><p>$$ a</p></blockquote><p>$$</p>"),
        ("- $$\n  a\n\nb\n$$", "<ul><li>$$ a</li></ul><p>b $$</p>"),
        ("> a\n\\begin{align}b", "<blockquote><p>a \\begin{align}b</p></blockquote>"),
        ("    $$\n    a\n    $$", "{|$$\na\n$$}"),
        ("$$\na\n$$\n    $$\n    b\n    $$", "⟪a⟫⟪b⟫"),
        ("$x$ $$\na\n$$\n# H", "<p>⟨x⟩</p>⟪a⟫<h1>H</h1>"),
    ],
)
def test_a_formula_over_lines_stays_in_its_quote_or_item(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


def test_two_formulas_over_lines_may_share_a_paragraph(outline: Outline) -> None:
    assert outline("$$\na\n$$与$$\nb\n\n$$") == "⟪a⟫<p>与</p>⟪b⟫"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`$x_1$`", "<p>⟨x_1⟩</p>"),
        ("`$$y$$`", "⟪y⟫"),
        ("`$PATH`", "<p><code>$PATH</code></p>"),
        ("`$5 and $`", "<p><code>$5 and $</code></p>"),
        ("`$5,$`", "<p>⟨5,⟩</p>"),
        ("`$HOME to $HOME$`", "<p><code>$HOME to $HOME$</code></p>"),
    ],
)
def test_a_code_span_of_a_formula_in_dollars_is_the_formula(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


def test_bars_in_a_formula_do_not_split_a_table_row(outline: Outline) -> None:
    table = "| $|x|$ | `a` |\n|--|--|\n| \\| | $\\|y\\|$ |\n| $5 | $6 |"

    shown = outline(table)

    assert "<th>⟨|x|⟩</th><th><code>a</code></th>" in shown
    assert "<td>|</td><td>⟨|y|⟩</td>" in shown
    assert "<td>$5</td><td>$6</td>" in shown


def test_a_formula_in_the_words_of_a_picture_stays_as_written(
    outline: Outline,
) -> None:
    assert "alt=$x_1$ 图" in outline("![$x_1$ 图](a.png)")


def test_a_formula_that_would_leave_its_link_is_none(outline: Outline) -> None:
    shown = outline("[a $x](https://e.com/$y_1)")

    assert shown == "<p><a href=https://e.com/$y_1>a $x</a></p>"


def test_each_formula_knows_the_line_of_its_file(parse: Parse) -> None:
    text = "$a$\n$b$ `$c$`\n\n> $$\n> d\n> $$\n\n<div>\n$e_1$\n$f_1$</div>"

    formulas = parse(text, text_line=10).formulas()

    assert [(f.tex, f.line) for f in formulas] == [
        *(("a", 10), ("b", 11), ("c", 11), ("d", 13)),
        *(("e_1", 18), ("f_1", 19)),
    ]


def test_a_fenced_formula_knows_its_line(parse: Parse) -> None:
    assert parse("a\n\n```math\nx\n```").formulas() == (Formula("x", True, 3, n=1),)


def test_a_delimiter_without_end_is_looked_up_and_not_searched_for_again() -> None:
    class Counting(str):
        searches = 0

        def find(self, *place: object) -> int:
            Counting.searches += 1
            return str.find(self, *place)  # type: ignore[arg-type]

    text = Counting(r"\[a " * 500)
    finder = FormulaFinder(text)

    assert [finder.at(place) for place in range(0, len(text), 4)] == [None] * 500
    assert Counting.searches == 1


def test_a_formula_longer_than_any_is_a_stray_delimiter() -> None:
    long = "x_1 " * 10_000

    assert FormulaFinder(f"$${long}$$").at(0) is None
    assert FormulaFinder(f"${long}$").at(0) is None
    assert FormulaFinder(f"\\({long}\\)").at(0) is None
    assert FormulaFinder(f"\\begin{{align}}{long}\\end{{align}}").at(0) is None


def test_a_lost_display_delimiter_does_not_eat_the_paragraphs_after_it(
    parse: Parse,
) -> None:
    text = "lost $$ here\n\nthree words follow\n\nfound $$x_1$$"

    assert [formula.tex for formula in parse(text).formulas()] != []
    assert "three" not in parse(text).formulas()[0].tex


_PLAIN = st.sampled_from(
    [
        "价格$5，",
        "costs \\$7 ",
        "中文",
        "word ",
        "**强**，",
        "`$`",
        "（注）",
        "，\n",
        "a_b ",
    ]
)
_FORMULA = r"$\alpha_{i}$"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_PLAIN, st.just(_FORMULA)), max_size=12))
def test_every_formula_among_currency_and_chinese_survives_once(
    parse: Parse, pieces: list[str]
) -> None:
    text = "".join(pieces)

    found = [f.tex for f in parse(text).formulas() if f.tex == r"\alpha_{i}"]

    assert len(found) == pieces.count(_FORMULA)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("设 $$x_1$$ 为数", "<p>设 ⟨x_1⟩ 为数</p>"),
        ("$$x_1$$ is it, and $$y$$", "<p>⟨x_1⟩ is it, and ⟨y⟩</p>"),
        ("is\n$$\nx_1\n$$\nit", "<p>is</p>⟪x_1⟫<p>it</p>"),
        ("$$x_1$$\n\n- $$y$$", "⟪x_1⟫<ul><li>⟪y⟫</li></ul>"),
        ("# $$x_1$$", "<h1>⟨x_1⟩</h1>"),
        ("**$$x_1$$**", "<p><strong>⟨x_1⟩</strong></p>"),
        (r"a \\[x^2\\] b", "<p>a</p>⟪x^2⟫<p>b</p>"),
    ],
)
def test_in_a_post_of_jekyll_two_dollars_within_a_line_are_inline(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text, path="blog/_posts/maths/2024-01-02-a.md") == shown


@pytest.mark.parametrize("path", ["posts/a.md", "source/_posts/2024-01-02-a.md"])
def test_elsewhere_two_dollars_are_on_display(outline: Outline, path: str) -> None:
    assert outline("设$$x$$其中", path=path) == "<p>设</p>⟪x⟫<p>其中</p>"
