"""Which dollars are TeX, and which are money, shell or prose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.content.tree import Body

Parse = Callable[..., Body]


def texs(parse: Parse, text: str) -> list[str]:
    return [formula.tex for formula in parse(text).formulas()]


@pytest.mark.parametrize(
    "text",
    [
        "$5/kg, $5+tax, 5$",
        "price=$5, cost=$6",
        "$5 < $6, and $5=$6",
        "A$5 = US$3; US$ 5 and US$ 6",
        "US$5m and US$6m",
        "$1.5M–$2M, $100K+ / $200K+",
        "$5 for foo_bar and $10",
        "$5 for C^2 and $10",
        "cost 5$ or 6$.",
        "5$/kg,6$/kg",
        "5$=6$",
        "10 $ and 20 $",
        "$ 5 and $ 10",
        "$ 5, $ 10, $ 15",
    ],
)
def test_money_is_no_formula(parse: Parse, text: str) -> None:
    assert texs(parse, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "$PATH:$HOME",
        "${HOME} and ${x}",
        "${a}_b and ${c}_d",
        '"$HOME" and "$PATH"',
        "echo $HOME_DIR and $MY_VAR",
        "$USER_NAME:$GROUP_1",
        "$(pwd)/$(ls)",
        "$1, $2, $@",
        "echo $$; kill $$",
        "$i = $j + 1; $k = $i",
        "$a[$i] = $b",
        "$foo->bar($baz)",
        "$scope.$apply",
        "A$ = $B",
    ],
)
def test_variables_are_no_formula(parse: Parse, text: str) -> None:
    assert texs(parse, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "$two words$",
        "$ and $",
        "$.$ and $,$",
        "a $ | $ b",
        "$x_1 and all the others $",
        "$ the x_1 of this set and others $",
        "pay$ the x_1$",
        "a$ x_1$",
        "损失$损失=x^2$",
        "$F_合力$",
    ],
)
def test_prose_is_no_formula(parse: Parse, text: str) -> None:
    assert texs(parse, text) == []


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"$hello world$; $\rm d x$", [r"\rm d x"]),
        ("$hello world$ and $x_1$", ["x_1"]),
        ("$foo->bar($baz); $x_1$", ["x_1"]),
        ("paid $5, then $x$ and $y$", ["x", "y"]),
        (r"paid $5 and then $\alpha$", [r"\alpha"]),
        ("第$1$步花$5", ["1"]),
        ("kill $$\n\n$F_{合}$\n\n$$x$$", ["F_{合}", "x"]),
    ],
)
def test_what_is_none_hides_no_formula_after_it(
    parse: Parse, text: str, tex: list[str]
) -> None:
    assert texs(parse, text) == tex


@pytest.mark.parametrize(
    "tex",
    [
        r"\rm d x",
        r"KL(p\|q) ",
        r" KL(p\|q)",
        r"\mathrm{KL} ",
        r"\mathcal{L} = loss of the model",
        "x_1 and x_2",
        r"\{a\}",
        r"x = \$5",
        "O(n log n)",
        "2 sin x",
        "5 = x",
        "embedding_size",
        r"num_heads \times d_model",
        "F_{合}=ma",
        "F_合=ma",
        r"\frac{质量}{体积}",
        r"\text{损失} + x_{最大}",
        "=",
        " + ",
        " x ",
        "a&b",
        "<x,y>",
        "3{,}000",
    ],
)
def test_tex_as_it_is_written_is_a_formula(parse: Parse, tex: str) -> None:
    assert texs(parse, f"A ${tex}$, and so on") == [tex.strip()]


def test_a_letter_or_number_may_follow_a_formula(parse: Parse) -> None:
    text = r"the $n$th, $k$NN, $x_i$s, 2$\times$2 and $x_1$2"

    assert texs(parse, text) == ["n", "k", "x_i", r"\times", "x_1"]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"${HOME} and ${x} $\beta=$", [r"\beta="]),
        ("${HOME} and ${x} $$z_1$$", ["z_1"]),
        ("${HOME} and ${x} $ z_1 $", ["z_1"]),
        (r"A 5$ \* \_ $$z_1$$", ["z_1"]),
        (r"$20 million \\(z_1\\) $ z_2 $", ["z_1", "z_2"]),
        (r"$5 and \begin{align}a\end{align} $b$", [r"\begin{align}a\end{align}", "b"]),
        ("costs $5, a_b US$3", []),
        ("US$3 5$", []),
    ],
)
def test_money_takes_no_delimiter_of_a_formula(
    parse: Parse, text: str, tex: list[str]
) -> None:
    assert texs(parse, text) == tex


def test_an_inline_formula_may_hold_a_matrix_and_rows(parse: Parse) -> None:
    tex = r"A = \begin{matrix}a \\(b) \\[2pt] c\end{matrix}"

    assert texs(parse, f"so ${tex}$ it is") == [tex]


def test_an_address_in_a_command_is_no_bare_one(parse: Parse) -> None:
    tex = r"\href{https://e.com/a}{x^2}"
    assert texs(parse, f"so ${tex}$ and $y$.") == [tex, "y"]
    assert texs(parse, "$5 at https://e.com/a_b and $6") == []


def test_a_chinese_name_may_be_what_a_formula_gives(parse: Parse) -> None:
    tex = r"速度=\frac{路程}{时间}"
    assert texs(parse, f"于是${tex}$，而$x$不变。") == [tex, "x"]
    assert texs(parse, "单价$5，总价=$50。$速度=快$") == []
