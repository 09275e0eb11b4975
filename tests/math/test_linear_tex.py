"""What writers write, in one line: TeX through the engine itself."""

from __future__ import annotations

import pytest

from pipeline.math.engine import Engine
from pipeline.math.layout import Layout, Tex
from pipeline.math.linear import linearise


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def line_of(engine: Engine, tex: str, *, display: bool = True) -> str:
    (layout,) = engine.typeset([Tex(tex, display)])
    assert isinstance(layout, Layout), layout
    return linearise(layout.mathml)


CASES = [
    (r"\operatorname{ReLU}(x)=\max(0,x)", "ReLU(x) = max(0, x)"),
    (r"e^x=\sum_{n=0}^\infty\frac{x^n}{n!}", "e^x = ∑_(n=0)^∞ xⁿ/n!"),
    (r"c=\sqrt{a^2+b^2}", "c = √(a² + b²)"),
    (r"\frac{-b\pm\sqrt{b^2-4ac}}{2a}", "(−b ± √(b² − 4ac))/(2a)"),
    (r"e^{i\pi}+1=0", "e^(iπ) + 1 = 0"),
    (r"\hat\beta=(X^TX)^{-1}X^Ty", "β̂ = (XᵀX)⁻¹Xᵀy"),
    (r"\int_0^1\!\!f(x)\,\mathrm{d}x", "∫_0^1 f(x) dx"),
    (r"\int p\log\frac pq dx", "∫ p log p/q dx"),
    (r"\frac{x / \ln x}{n}", "(x/ln x)/n"),
    (r"\lim_{h\to0}\frac{f(x+h)-f(x)}h", "lim_(h→0) (f(x + h) − f(x))/h"),
    (r"\left.\frac{dF}{dx}\right|_{x=0}", "dF/dx|ₓ₌₀"),
    (r"\text{ReLU}(x)=\begin{cases}x,&x>0\\0,&\text{其他情形}\end{cases}",
     "ReLU(x) = {x, x > 0; 0, 其他情形}"),
    (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "(a, b; c, d)"),
    (r"\begin{align}a&=b+c\\&=d\end{align}", "a = b + c (1); = d (2)"),
    (r"\begin{aligned}x&=a&y&=b\end{aligned}", "x = a, y = b"),
    (r"\sum_{\substack{1\le i\le n\\i\ne j}}a_{ij}", "∑_(1≤i≤n, i≠j) aᵢⱼ"),
    (r"\binom nk\equiv r\pmod p", "C(n, k) ≡ r (mod p)"),
    (r"\underbrace{a+b}_{26\text{ 个字母}}", "(a + b)_(26 个字母)"),
    (r"a\overset{\text{def}}=b\xrightarrow{f}c", "a =^def b →^f c"),
    (r"\ce{2H2 + O2 ->[\Delta] 2H2O}", "2 H₂ + O₂ →^Δ 2 H₂O"),
    (r"\ce{SO4^2- + Ba^2+ -> BaSO4 v}", "SO₄²⁻ + Ba²⁺ → BaSO₄ ↓"),
    (r"\ce{A <=> B_{(aq)}}", "A ⇌ B_(aq)"),
    (r"\ce{^{227}_{90}Th}", "₉₀²²⁷Th"),
    (r"\bra\psi\hat A\ket\phi", "⟨ψ|Â|ϕ⟩"),
    (r"\begin{CD}A@>f>>B\\@VgVV@VVhV\\C@>>k>D\end{CD}",
     "A →^f B; g ↓, ↓ h; C →_k D"),
    (r"a\not\sim b\centernot\to d", "a ≁ b ↛ d"),
    (r"\begin{eqnarray}a&=&b\\&=&c\end{eqnarray}", "a = b (1); = c (2)"),
    (r"\begin{alignedat}{2}&x+&3&y=2\end{alignedat}", "x+ 3y = 2"),
    (r"20\,^\circ\mathrm{C}", "20 °C"),
    (r"\pmb{x}=x^\dagger", "x = x†"),
    (r"i\slashed\partial\psi", "i/∂ψ"),
    (r"f''(x)+f'_n", "f″(x) + f′ₙ"),
    (r"\cancel{x}(x+1)", "x(x + 1)"),
    (r"\cancelto0x", "x→0"),
    (r"\text{设 $x>0$,则 }\log x\le x-1", "设 x > 0,则 log x ≤ x − 1"),
    (r"x_{\text{最大}}=\frac{总和}n", "x_最大 = 总和/n"),
    (r"\mathbb{E}_{x\sim p}[\mathcal N(\mu,\sigma^2)]", "E_(x~p)[N(μ, σ²)]"),
    (r"\Pr(A\mid B),\;\|x\|_2^2", "Pr(A | B), ∥x∥₂²"),
]  # fmt: skip


@pytest.mark.parametrize(("tex", "expected"), CASES, ids=[tex for tex, _ in CASES])
def test_a_formula_reads_as_it_is_said(engine: Engine, tex: str, expected: str) -> None:
    assert line_of(engine, tex) == expected
