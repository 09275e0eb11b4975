"""What the engine makes of the formulas that writers write: layouts and numbers."""

from __future__ import annotations

import re
from html import escape, unescape

import pytest

from pipeline.math.engine import ENGINE_VERSION, Engine, Result
from pipeline.math.layout import Failure, Layout, Options, Tex


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def equation(tex: str) -> Tex:
    return Tex(rf"\begin{{equation}}{tex}\end{{equation}}", display=True)


def display(tex: str) -> Tex:
    return Tex(tex, display=True)


def laid_out(result: Result) -> Layout:
    assert isinstance(result, Layout), result
    return result


def shown(result: Result) -> str:
    """Return what a formula's MathML shows, without white space."""
    text = re.sub("<[^>]*>", " ", laid_out(result).mathml)
    return "".join(unescape(text).split())


def one(engine: Engine, tex: str) -> Result:
    [result] = engine.typeset([display(tex)])
    return result


def test_a_formula_becomes_mathml_and_svg(engine: Engine) -> None:
    [result] = engine.typeset([Tex("x^2")])
    assert laid_out(result).mathml.startswith("<math xmlns=")
    assert laid_out(result).svg.startswith("<svg ")
    assert laid_out(result).number == ""


def test_a_display_formula_says_so(engine: Engine) -> None:
    inline, block = engine.typeset([Tex("x"), display("x")])
    assert 'display="block"' not in laid_out(inline).mathml
    assert 'display="block"' in laid_out(block).mathml


def test_no_formulas_are_no_results(engine: Engine) -> None:
    assert engine.typeset([]) == ()


def test_the_version_names_mathjax() -> None:
    assert re.fullmatch(r"3\.2\.2-[0-9a-f]{16}", ENGINE_VERSION)


# Numbers


def test_numbers_stand_beside_formulas(engine: Engine) -> None:
    results = engine.typeset([equation("x"), display("y"), equation("z")])
    assert [laid_out(result).number for result in results] == ["(1)", "", "(2)"]
    assert [shown(result) for result in results] == ["x", "y", "z"]


def test_a_formula_with_its_number_aside_is_no_table(engine: Engine) -> None:
    [result] = engine.typeset([equation("x")])
    assert "<mtable" not in laid_out(result).mathml


def test_several_numbers_stand_in_a_last_column(engine: Engine) -> None:
    result = one(engine, r"\begin{align}a&=b\\c&=d\notag\\e&=f\end{align}")
    assert laid_out(result).number == ""
    assert shown(result) == "a=b(1)c=de=f(2)"


@pytest.mark.parametrize(
    ("tex", "number"),
    [
        (r"x\tag{*}", "(*)"),
        (r"x\tag*{Lemma 1}", "Lemma 1"),
        (r"\begin{equation}x\tag{A.1}\end{equation}", "(A.1)"),
        (r"\begin{equation}x\notag\end{equation}", ""),
        (r"\begin{equation*}x\end{equation*}", ""),
        (r"\begin{align}x&=y\end{align}", "(1)"),
        (r"\begin{align*}x&=y\end{align*}", ""),
        (r"\begin{gather*}x\\y\end{gather*}", ""),
        (r"\begin{equation}\begin{split}a&=b\\&=c\end{split}\end{equation}", "(1)"),
        (r"\begin{aligned}a&=b\\&=c\end{aligned}\tag{7}", "(7)"),
    ],
)
def test_the_writer_says_what_has_a_number(
    engine: Engine, tex: str, number: str
) -> None:
    assert laid_out(one(engine, tex)).number == number


def test_references_look_back_forward_and_stand_in_prose(engine: Engine) -> None:
    results = engine.typeset(
        [
            Tex(r"\eqref{later}"),
            equation(r"x\label{first}"),
            equation(r"y\label{later}\quad\text{by \eqref{first}}"),
            Tex(r"\ref{first}"),
        ]
    )
    assert shown(results[0]) == "(2)"
    assert shown(results[2]) == "yby(1)"
    assert shown(results[3]) == "1"


def test_a_numbered_formula_that_refers_forward_keeps_its_number(
    engine: Engine,
) -> None:
    results = engine.typeset([equation(r"x=\eqref{b}"), equation(r"y\label{b}")])
    assert [laid_out(result).number for result in results] == ["(1)", "(2)"]
    assert shown(results[0]) == "x=(2)"


def test_a_label_that_nobody_has_is_told(engine: Engine) -> None:
    [result] = engine.typeset([Tex(r"\eqref{eq:nobody}")])
    assert result == Failure(r"No numbered formula has \label{eq:nobody}")


def test_a_label_without_a_number_cannot_be_referred_to(engine: Engine) -> None:
    labelled, reference = engine.typeset([display(r"x\label{a}"), Tex(r"\eqref{a}")])
    assert shown(labelled) == "x"
    assert reference == Failure(r"No numbered formula has \label{a}")


def test_the_second_of_a_label_is_told_and_the_first_stays(engine: Engine) -> None:
    first, second, third, reference = engine.typeset(
        [
            equation(r"x\label{a}"),
            equation(r"y\label{a}"),
            equation("z"),
            Tex(r"\ref{a}"),
        ]
    )
    assert laid_out(first).number == "(1)"
    assert second == Failure("Label 'a' multiply defined")
    assert laid_out(third).number == "(2)"
    assert shown(reference) == "1"


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString"])
def test_a_label_may_have_any_name(engine: Engine, name: str) -> None:
    labelled, reference = engine.typeset(
        [equation(rf"x\label{{{name}}}"), Tex(rf"\eqref{{{name}}}")]
    )
    assert laid_out(labelled).number == "(1)"
    assert shown(reference) == "(1)"


def test_a_formula_that_fails_costs_no_number_and_no_label(engine: Engine) -> None:
    failed, after = engine.typeset(
        [equation(r"\label{a}\undefined"), equation(r"x\label{a}")]
    )
    assert isinstance(failed, Failure)
    assert laid_out(after).number == "(1)"


def test_subequations_have_letters_and_a_number_of_their_own(engine: Engine) -> None:
    rows = r"\begin{align}a&=b\label{a}\\c&=d\end{align}"
    parts, after, references = engine.typeset(
        [
            display(rf"\begin{{subequations}}\label{{s}}{rows}\end{{subequations}}"),
            equation("x"),
            Tex(r"\eqref{s}\eqref{a}"),
        ]
    )
    assert shown(parts) == "a=b(1a)c=d(1b)"
    assert laid_out(after).number == "(2)"
    assert shown(references) == "(1)(1a)"


def test_equations_of_subequations_stand_below_each_other(engine: Engine) -> None:
    inside = (
        r"x\begin{equation}a\end{equation}y\begin{gather}b\\c\end{gather}"
        r"\begin{equation*}d\end{equation*}z"
    )
    result = one(engine, rf"\begin{{subequations}}{inside}\end{{subequations}}")
    assert shown(result) == "xa(1a)yb(1b)c(1c)dz"


def test_subnumcases_have_letters(engine: Engine) -> None:
    result = one(engine, r"\begin{subnumcases}{x=}a&b\\c&d\end{subnumcases}")
    assert laid_out(result).number == ""
    assert laid_out(result).mathml.count("(1a)") == 1


def test_a_number_in_a_formula_within_a_line_stays_with_its_table(
    engine: Engine,
) -> None:
    [result] = engine.typeset([Tex(r"x=\begin{equation}y\end{equation}")])
    assert laid_out(result).number == "(1)"
    assert shown(result) == "x=y"


# The width of a page, which an image or a mail has not


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{multline}a\\b\\c\end{multline}",
        r"\begin{flalign}a&=b&c&=d\end{flalign}",
        r"\begin{xalignat}{2}a&=b&c&=d\end{xalignat}",
    ],
)
def test_nothing_is_as_wide_as_the_page(engine: Engine, tex: str) -> None:
    assert "%" not in laid_out(one(engine, tex)).mathml
    assert "fit" not in laid_out(one(engine, tex)).mathml


def test_a_multline_keeps_its_stagger(engine: Engine) -> None:
    mathml = laid_out(one(engine, r"\begin{multline*}a\\b\end{multline*}")).mathml
    assert re.search(r"<mi>a</mi>\s*<mspace width=\"2em\">", mathml)
    assert re.search(r"<mspace width=\"2em\"></mspace>\s*<mi>b</mi>", mathml)


# What writers write


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{gather}a\\b\end{gather}",
        r"\begin{alignat}{2}a&=b&c&=d\end{alignat}",
        r"\begin{eqnarray}a&=&b\end{eqnarray}",
        r"\begin{gathered}a\\b\end{gathered}",
        r"\begin{alignedat}{2}a&b\end{alignedat}",
        r"\begin{split}a&=b\end{split}",
        r"\begin{cases}a&b\\c&d\end{cases}",
        r"\begin{dcases}a&b\\c&d\end{dcases}",
        r"\begin{cases*}a&if $x$\end{cases*}",
        r"\begin{numcases}{x=}a&b\\c&d\end{numcases}",
        r"\begin{empheq}[left=\empheqlbrace]{align}a&=b\end{empheq}",
        r"\begin{array}{l|r}a&b\\\hline c&d\end{array}",
        r"\begin{pmatrix}a\end{pmatrix}\begin{bmatrix*}[r]a\end{bmatrix*}",
        r"\begin{CD}A @>a>> B\\@VbVV @AAcA\\C @= D\end{CD}",
        r"\begin{math}x\end{math}\begin{displaymath}x\end{displaymath}",
        r"\require{AMSmath}\require{html}\bm{x}\boldsymbol{\alpha}",
        r"\ce{2H2 + O2 ->[\Delta] 2H2O}\pu{123 kJ//mol}",
        r"\cancel{x}\bcancel{y}\xcancel{z}\cancelto{0}{w}\enclose{circle}{x}",
        r"\bra{a}\ket{b}\braket{a|b}\Braket{a|\frac12|b}",
        r"\color{red}x\textcolor{#f00}{x}\colorbox{yellow}{x}\color[rgb]{1,0,0}x",
        r"\bbox[5px,border:2px solid red]{x}\boxed{x}\unicode{x4e2d}",
        r"\xlongequal{def}\xtofrom{a}\coloneqq\prescript{a}{b}{X}\underbracket{x}",
        r"\newenvironment{e}{(}{)}\begin{e}x\end{e}\def\a#1{(#1)}\a{x}\let\b=\a\b x",
        r"\newcommand{\f}[2][x]{#1^#2}\f{a}\f[b]{c}\gdef\c{x}\c",
        r"\DeclareMathOperator*{\esssup}{ess\,sup}\esssup_x",
        r"\text{中文 $x$ \textbf{粗}}中文\mathrm{中}\operatorname{最大}",
        r"\argmax_x\argmin\N\R\Z\bold{x}\infin\llbracket x\rrbracket",
        r"\oint\iint\idotsint\sideset{_1^2}{_3^4}\prod\substack{a\\b}\upalpha\degree",
    ],
)
def test_what_blogs_write_is_typeset(engine: Engine, tex: str) -> None:
    assert shown(one(engine, tex))


@pytest.mark.parametrize("text", ["train_loss", "90%", "A & B", "#1", "a^b"])
def test_signs_stand_for_themselves_in_text(engine: Engine, text: str) -> None:
    [result] = engine.typeset([Tex(rf"\text{{{text}}}")])
    assert f">{escape(text)}<" in laid_out(result).mathml


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"\foo", r"Undefined control sequence \foo"),
        (r"\begin{foo}x\end{foo}", "Unknown environment 'foo'"),
        ("{x", "Extra open brace or missing close brace"),
        (r"\left(x", r"Extra \left or missing \right"),
        ("a&b", "Misplaced &"),
        (r"\dv{x}{y}", r"Undefined control sequence \dv"),
        ("\\text{a\n\n", "Missing close brace"),
    ],
)
def test_a_failure_is_mathjax_own_sentence(
    engine: Engine, tex: str, message: str
) -> None:
    assert one(engine, tex) == Failure(message)


def test_physics_is_by_option() -> None:
    engine = Engine(Options(physics=True))
    assert shown(one(engine, r"\dv{f}{x}")) == "dfdx"


def test_macros_of_the_owner_take_as_many_arguments_as_they_name() -> None:
    macros = (("RR", r"\mathbb{R}"), ("norm", r"|#1|"), ("nine", "#9#8#7#6#5#4#3#2#1"))
    engine = Engine(Options(macros=(*macros, ("R", "r"), ("bm", "b"))))
    assert shown(one(engine, r"\RR")) == "R"
    assert shown(one(engine, r"\norm{x}")) == "|x|"
    assert shown(one(engine, r"\nine123456789")) == "987654321"
    assert shown(one(engine, r"\R\bm")) == "rb"


# What may not reach a reader


def test_links_go_to_the_web_or_to_mail_only(engine: Engine) -> None:
    links = [
        r"\href{https://example.org/a_b?c=1}{x}",
        r"\href{mailto:a@example.org}{x}",
        r"\href{javascript:alert(1)}{x}",
        "\\href{java\tscript:alert(1)}{x}",
        r"\href{data:text/html,x}{x}",
        r"\href{//example.org}{x}",
        r"\mmlToken{mi}[href=javascript:alert(1)]{x}",
        r"\eqref{a}",
    ]
    formulas = [equation(r"x\label{a}"), *map(Tex, links)]
    layouts = [laid_out(result) for result in engine.typeset(formulas)][1:]
    assert ["href" in layout.mathml for layout in layouts] == [True, True] + [False] * 6
    assert ["href" in layout.svg for layout in layouts] == [True, True] + [False] * 6


@pytest.mark.parametrize(
    "tex",
    [
        r"\style{position:fixed}{x}",
        r"\class{evil}{x}",
        r"\cssId{evil}{x}",
        r"\mmlToken{mi}[style='position:fixed',class=evil,id=evil]{x}",
        r"\unicode[evil]{x41}",
        r"\color{url(//evil)}{x}",
        r"\mmlToken{mi}[mathcolor='url(//evil)',color='expression(evil)']{x}",
    ],
)
def test_no_style_class_or_name_of_the_writer_remains(engine: Engine, tex: str) -> None:
    result = laid_out(one(engine, tex))
    assert not re.search(r"evil|fixed|url\(", result.mathml + result.svg)


# One post, and the next


@pytest.mark.parametrize(
    ("definition", "use"),
    [
        (r"\newcommand{\sin}{S}", r"\sin"),
        (r"\renewcommand{\alpha}{S}", r"\alpha"),
        (r"\def\alpha{S}", r"\alpha"),
        (r"\gdef\mine{S}", r"\mine"),
        (r"\let\alpha=\beta", r"\alpha"),
        (r"\let\mine=(", r"\left\mine x\right)"),
        (r"\newenvironment{matrix}{S}{S}", r"\begin{matrix}x\end{matrix}"),
        (r"\DeclareMathOperator{\mine}{S}", r"\mine"),
        (r"\DeclarePairedDelimiter{\mine}{(}{)}", r"\mine{x}"),
        (r"\DeclarePairedDelimiterX{\mine}[1]{(}{)}{#1}", r"\mine{x}"),
        (r"\definecolor{red}{RGB}{1,2,3}", r"\color{red}x"),
        (r"\newtagform{red}[S]{[}{]}\usetagform{red}", r"x\tag{1}"),
        (
            r"\mathtoolsset{smallmatrix-align=r}",
            r"\begin{smallmatrix*}x\end{smallmatrix*}",
        ),
        (r"\Newextarrow{\mine}{5,5}{0x2192}", r"\mine{x}"),
        (r"\begin{equation}x\label{a}\end{equation}", r"\eqref{a}"),
        (r"\begin{equation}x\end{equation}", r"\begin{equation}x\end{equation}"),
    ],
)
def test_a_definition_holds_in_its_post_and_not_in_the_next(
    engine: Engine, definition: str, use: str
) -> None:
    [fresh] = Engine().typeset([display(use)])
    _, here = engine.typeset([display(definition), display(use)])
    [after] = engine.typeset([display(use)])
    assert here != fresh
    assert after == fresh


def test_a_definition_in_a_formula_that_fails_holds_all_the_same(
    engine: Engine,
) -> None:
    _, after = engine.typeset([Tex(r"\newcommand{\mine}{S}\undefined"), Tex(r"\mine")])
    assert shown(after) == "S"


@pytest.mark.parametrize("tex", [r"a \\ b", r"a \\[2pt] b \\", r"a \\ b \tag{1}"])
def test_a_line_ends_where_the_writer_ends_it(engine: Engine, tex: str) -> None:
    assert laid_out(one(engine, tex)).mathml.count("<mtr>") == 2


def test_a_line_is_not_broken_within_fences_or_in_a_line_of_text(
    engine: Engine,
) -> None:
    fenced, inline = engine.typeset([display(r"\left( a \\ b \right)"), Tex(r"a \\ b")])
    assert "<mtable" not in laid_out(fenced).mathml + laid_out(inline).mathml


def test_norms_have_bars_as_high_as_what_they_hold(engine: Engine) -> None:
    fenced, bare = engine.typeset([display(r"\left\|x\right\|"), display(r"\|x\|")])
    glyphs = [re.findall(r'data-c="(\w+)"', laid_out(it).svg) for it in (fenced, bare)]
    assert glyphs == [["2225", "1D465", "2225"]] * 2
    assert "\u2016" in shown(fenced)


def test_an_indicator_is_bold_where_no_font_has_double_strokes(engine: Engine) -> None:
    layout = laid_out(one(engine, r"\mathbb{1}_A"))
    assert "<text" not in layout.svg
    assert 'mathvariant="double-struck"' in layout.mathml
