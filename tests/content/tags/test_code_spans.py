"""What is code, raw or a formula is left as it is."""

from typing import Any

import pytest

UNTOUCHED = [
    "```\n{{< x >}}\n```\n",
    "~~~ go\n{% x %}\n~~~",
    "````\n```\n{{< x >}}\n````",
    "> ```\n> {{< x >}}\n> ```",
    "- a\n\n  ```\n  {{< x >}}\n  ```",
    "1. ```\n   {{< x >}}\n   ```",
    "```\n{{< x >}}\nnever closed",
    "`{{< x >}}` and ``a ` {{< x >}}``",
    "`two\nlines {{< x >}}`",
    "    {{< x >}}\n",
    "a\n\n    {{< x >}}\n    {{< y >}}\n\n    {{< z >}}\n",
    "\t[[none]]",
    "> text\n>\n>     {{< x >}}",
    "- item\n\n      {{< x >}}",
    "<!-- {{< x >}}\n\n{% y %} -->",
    "<pre>{{< x >}}\n\n{{< y >}}</pre>",
    "<CODE>{{< x >}}</Code>",
    r"$\frac{{a}}{b} {{ x }}$",
    "$$\n{{ x }}\n$$",
    r"\[ {{ x }} \] and \( {{ y }} \)",
    "\\begin{align}\n{{ x }}\n\n{{ y }}\n\\end{align}",
    r"$\text{若} {{ x }}$",
    r"2$\times{{ x }}$2",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_no_tag_is_seen_in_code_or_formulas(desk: Any, text: str) -> None:
    assert desk.text(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`a\n\n{{< x >}}`", "`a\n\n`"),
        ("`` a {{< x >}}", "`` a "),
        (r"\`{{< x >}}`", r"\``"),
        ("<!-- {{< x >}}", "<!-- "),
        ("<pre> {{< x >}}", "<pre> "),
        (r"\[ {{< x >}}", r"\[ "),
        (r"\( a" "\n\n{{< x >}} \\)", "\\( a\n\n \\)"),
        ("$5 {{< x >}} and $6", "$5  and $6"),
        ("$5,==or==$6", "$5,<mark>or</mark>$6"),
        ("原价$5 {{ x }}，现价$", "原价$5 ，现价$"),
        ("$$ {{< x >}} $$", "$$  $$"),
        ("a `$` {{< x >}} b `$`", "a `$`  b `$`"),
        ("a\n    {{< x >}}", "a\n    "),
        ("- item\n\n    {{< x >}}", "- item\n\n    "),
        ("1. a\n   - b\n\n     {{< x >}}", "1. a\n   - b\n\n     "),
        ("- a\n\nb\n\n    c\n\n{{< x >}}", "- a\n\nb\n\n    c\n\n"),
        ("> ```\n> a\n\n{{< x >}}", "> ```\n> a\n\n"),
        ("> a\n\n{{< x >}}\n", "> a\n\n\n"),
    ],
)
def test_what_only_looks_like_code_hides_no_tag(
    desk: Any, text: str, expected: str
) -> None:
    assert desk.expand(text).text == expected


def test_html_has_no_markdown_code(desk: Any) -> None:
    assert desk.expand("    {{< x >}} `{{< y >}}`", "html").text == "     ``"
    kept = "<pre>{{< x >}}</pre><!-- {% y %} -->"
    assert desk.text(kept, "html") == kept


def test_a_price_takes_no_tag_for_a_formula(desk: Any) -> None:
    text = "It costs $5, see [[there]] or pay $6."
    assert "<a href" in desk.text(text)
