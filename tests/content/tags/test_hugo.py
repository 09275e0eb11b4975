"""Hugo's shortcodes."""

from typing import Any

import pytest

THERE = "https://example.org/blog/there/"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('{{< figure src="a.png" >}}', '<figure><img src="a.png" alt=""></figure>'),
        (
            '{{< figure src="a.png" alt="A \\"b\\"" width="300px" height="50%" >}}',
            '<figure><img src="a.png" alt="A &quot;b&quot;" width="300"></figure>',
        ),
        (
            '{{% figure src=`a.png` caption="one & two" %}}',
            '<figure><img src="a.png" alt="one &amp; two">'
            "<figcaption>one &amp; two</figcaption></figure>",
        ),
        (
            '{{< figure\n  src="a.png"\n  title="T"\n  attr="me"\n'
            '  attrlink="https://me.example/?a=1&b" />}}',
            '<figure><img src="a.png" alt="T"><figcaption><strong>T</strong> '
            '<a href="https://me.example/?a=1&amp;b">me</a></figcaption></figure>',
        ),
        (
            '{{< figure src="a.png" link="https://x.org/" >}}',
            '<figure><a href="https://x.org/"><img src="a.png" alt=""></a></figure>',
        ),
        ("{{<img a.png>}}", '<figure><img src="a.png" alt=""></figure>'),
    ],
)
def test_a_figure_is_a_figure(desk: Any, tag: str, expected: str) -> None:
    assert desk.text(tag) == expected


def test_a_caption_with_markup_is_markdown(desk: Any) -> None:
    text = '- {{< figure src="a.png" caption="*x* and $y$" >}}'
    assert desk.text(text) == (
        '- <figure><img src="a.png" alt="*x* and $y$"><figcaption>\n\n'
        "  *x* and $y$\n\n  </figcaption></figure>"
    )


def test_a_credit_that_cannot_be_followed_is_text(desk: Any) -> None:
    tag = '{{< figure src="a" attr="me" attrlink="javascript:x" >}}'
    assert "<figcaption>me</figcaption>" in desk.text(tag)


def test_a_figure_of_nothing_is_left_out(desk: Any) -> None:
    text, warnings = desk.warned('a {{< figure caption="x" >}}')
    assert text == "a "
    assert warnings == [
        'posts/here.md:11:3: {{< figure caption="x" >}} names no picture, and was '
        'left out (name one: src="picture.png")'
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{< img a >}}\nb", '<figure><img src="a" alt=""></figure>\n\nb'),
        ("{{< img a >}}\n\nb", '<figure><img src="a" alt=""></figure>\n\nb'),
        ("{{< img a >}} b", '<figure><img src="a" alt=""></figure>\n\n b'),
        ("b {{< img a >}}", 'b \n\n<figure><img src="a" alt=""></figure>'),
        ("> {{< img a >}}\n> b", '> <figure><img src="a" alt=""></figure>\n>\n> b'),
        ("> b {{< img a >}}", '> b \n>\n> <figure><img src="a" alt=""></figure>'),
        ("- {{< img a >}}\n  b", '- <figure><img src="a" alt=""></figure>\n\n  b'),
    ],
)
def test_a_block_gets_lines_of_its_own(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


def test_a_highlight_is_a_fence(desk: Any) -> None:
    code = "a := {{< x >}}\n\n\tb\n"
    text = f'{{{{< highlight go "linenos=table" >}}}}\n{code}{{{{< / highlight >}}}}\nc'
    assert desk.text(text) == f"```go\n{code}```\nc"


def test_a_fence_is_longer_than_what_is_in_it(desk: Any) -> None:
    text = "- {{% highlight md %}}\n  ```\n  {{% /highlight %}}"
    assert desk.text(text) == "- ````md\n  ```\n  ````"


def test_in_html_code_is_an_element(desk: Any) -> None:
    text = "{{< highlight c >}}a < b{{< /highlight >}}{{< mermaid >}}x{{< /mermaid >}}"
    assert desk.text(text, "html") == (
        '<pre><code class="language-c">a &lt; b</code></pre>'
        '<pre><code class="language-mermaid">x</code></pre>'
    )
    assert desk.text("{{< highlight >}}a{{< /highlight >}}", "html") == (
        "<pre><code>a</code></pre>"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[a]({{< ref "2020-01-02-there.md" >}})', f"[a]({THERE})"),
        ('[a]({{% relref "there#part" %}})', f"[a]({THERE}#part)"),
        (
            '[a](<{{< ref path="/posts/2020-01-02-there" lang="en" >}}>)',
            f"[a](<{THERE}>)",
        ),
        ('<a href="{{< relref there >}}">', f'<a href="{THERE}">'),
        ('{{< ref "(odd)\'.md" >}}', "https://example.org/blog/%28odd%29%27/"),
    ],
)
def test_a_ref_is_the_url_of_a_post(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[the *text*]({{< ref "no" >}})!', "the *text*!"),
        ('[the text]({{< ref "no" >}} "title")', "the text"),
        ('<a class="x" href="{{< ref "no" >}}">the text</a>', "<a>the text</a>"),
        ('see {{< ref "no" >}}.', "see ."),
        ('[![p](a.png)]({{< ref "no" >}})', "[![p](a.png)](#)"),
    ],
)
def test_a_link_to_no_post_keeps_its_text(desk: Any, text: str, expected: str) -> None:
    got, warnings = desk.warned(text)
    assert got == expected
    assert len(warnings) == 1
    assert '{{< ref "no" >}} names a post that is not there' in warnings[0]


@pytest.mark.parametrize(
    ("tag", "url", "shown"),
    [
        ("{{< youtube a_b-c >}}", "https://www.youtube.com/watch?v=a_b-c", "▶ YouTube"),
        (
            '{{< youtube id="a&b" title="T*" >}}',
            "https://www.youtube.com/watch?v=a%26b",
            r"▶ YouTube: T\*",
        ),
        ("{{< vimeo 12 >}}", "https://vimeo.com/12", "▶ Vimeo"),
        ("{{< bilibili BV1 >}}", "https://www.bilibili.com/video/BV1", "▶ Bilibili"),
        ("{{< instagram x >}}", "https://www.instagram.com/p/x/", "▶ Instagram"),
        ("{{< gist me 12 a.go >}}", "https://gist.github.com/me/12", "Gist"),
        ("{{< gist me/12 a.go >}}", "https://gist.github.com/me/12", "Gist"),
        ("{{< gist 12 >}}", "https://gist.github.com/12", "Gist"),
        ('{{< tweet user="me" id="12" >}}', "https://x.com/me/status/12", "@me on X"),
        ("{{< x 12 >}}", "https://x.com/i/status/12", "Post on X"),
    ],
)
def test_an_embed_is_a_link(desk: Any, tag: str, url: str, shown: str) -> None:
    assert desk.text(tag) == f'<a href="{url}">{shown}</a>'


@pytest.mark.parametrize("tag", ["{{< youtube >}}", "{{< gist >}}", "{{< tweet >}}"])
def test_an_embed_of_nothing_is_left_out(desk: Any, tag: str) -> None:
    text, warnings = desk.warned(tag)
    assert text == ""
    assert "does not say what to show" in warnings[0]


def test_details_fold_around_markdown(desk: Any) -> None:
    text = '> {{< details "A & B" >}}\n> *x*\n> {{< /details >}}\n> y'
    assert desk.text(text) == (
        "> <details><summary>A &amp; B</summary>\n>\n> *x*\n>\n> </details>\n>\n> y"
    )


def test_details_on_one_line_get_lines(desk: Any) -> None:
    assert desk.text("{{< details >}}x{{< /details >}}") == (
        "<details>\n\nx\n\n</details>"
    )


def test_a_formula_tag_gives_its_formula(desk: Any) -> None:
    assert desk.text("{{< katex >}}a {{ b }}{{< /katex >}}") == "$`a {{ b }}`$"
    assert desk.text("a{{< math >}}") == "a"


def test_an_escaped_shortcode_is_printed(desk: Any) -> None:
    text = '{{</* ref "x" */>}} {{%/* y */%}}'
    assert desk.text(text) == r"\{\{\< ref \"x\" \>\}\} \{\{% y %\}\}"
    assert desk.text(text, "html") == "{{&lt; ref &quot;x&quot; &gt;}} {{% y %}}"


def test_an_escaped_shortcode_in_code_is_as_it_is_meant(desk: Any) -> None:
    assert desk.text("`{{</* x */>}}`") == "`{{< x >}}`"
    assert desk.text("    {{%/* x */%}}\n") == "    {{% x %}}\n"


@pytest.mark.parametrize(
    "text", ["{{< >}}", "{{< a", '{{< a "b >}}', "{{<>}}", "a {{{ b", "{{</* a >}}"]
)
def test_what_is_no_shortcode_is_left(desk: Any, text: str) -> None:
    assert desk.text(text) == text


@pytest.mark.parametrize(
    ("tag", "opening"),
    [
        ('{{< admonition type=tip title="A title" open=true >}}', ":::tip A title"),
        ('{{< admonition note "A title" false >}}', ":::note A title"),
        ("{{% hint danger %}}", ":::danger"),
        ('{{< callout emoji="x" >}}', ":::note"),
        ("{{< notice tip >}}", ":::tip"),
    ],
)
def test_the_boxes_of_themes_are_callouts(desk: Any, tag: str, opening: str) -> None:
    name = tag.split()[1]
    closing = f"{{{{< /{name} >}}}}" if "<" in tag else f"{{{{% /{name} %}}}}"

    assert desk.text(f"{tag}\na\n{closing}\n") == f"{opening}\n\na\n\n:::\n"
