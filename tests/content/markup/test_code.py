"""Code blocks, as typed, whatever made them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("```python\nx = '$a$'\n\n```", "{python|x = '$a$'\n}"),
        ("~~~\n<b> & <!--more-->\n~~~", "{|<b> & <!--more-->}"),
        ("```{.Python .numberLines}\nx\n```", "{python|x}"),
        ("```{r, echo=FALSE}\nx\n```", "{r|x}"),
        ("```c++ title=x\nx\n```", "{c++|x}"),
        ("    indented\n      more", "{|indented\n  more}"),
        ("- a\n\n  ```js\n  x\n  ```", "<ul><li><p>a</p>{js|x}</li></ul>"),
    ],
)
def test_a_block_of_code_keeps_its_text_and_language(
    outline: Outline, text: str, shown: str
) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<pre><code class="language-Go">a &lt; b\n$x$ \\(y\\)\n</code></pre>',
            "{go|a < b\n$x$ \\(y\\)}",
        ),
        ('<pre lang="x" class="brush: js">a<br>b</pre>', "{js|a\nb}"),
        ('<pre data-lang="sh">a</pre>', "{sh|a}"),
        ("<pre><div>a</div><div>b</div></pre>", "{|a\nb}"),
        (
            '<div class="language-rb highlighter-rouge"><div class="highlight">'
            "<pre><code><span>puts</span> 1\n</code></pre></div></div>",
            "{rb|puts 1}",
        ),
        (
            '<div class="language-rb"><pre class="language-sh">a</pre>x</div>',
            "{sh|a}<p>x</p>",
        ),
        (
            '<figure class="highlight js"><table><tr><td class="gutter">'
            "<pre>1<br></pre></td><td><pre>a<br>b<br></pre></td></tr></table></figure>",
            "{js|a\nb}",
        ),
        (
            '<figure class="highlight"><pre>a</pre></figure>',
            "{|a}",
        ),
        (
            '<table class="rouge-table"><tr><td><pre>1\n2</pre></td><td><pre>a\nb</pre>'
            "</td></tr></table>",
            "{|a\nb}",
        ),
        (
            '<pre><code><table><tr><td class="gutter"><pre>1</pre></td>'
            "<td><pre>a\n</pre></td></tr></table></code></pre>",
            "{|a}",
        ),
        (
            '<div class="highlight"><p>No code.</p></div>',
            "<p>No code.</p>",
        ),
    ],
)
def test_what_highlighters_wrote_becomes_code_again(
    outline: Outline, html: str, shown: str
) -> None:
    assert outline(html, markup="html") == shown
    assert outline(html) == shown


def test_code_in_a_line_keeps_its_dollars(outline: Outline) -> None:
    assert outline("<kbd>$x$</kbd>") == "<p><kbd>$x$</kbd></p>"
    assert outline("<p><tt>$x_1$</tt></p>") == "<p><code>$x_1$</code></p>"
