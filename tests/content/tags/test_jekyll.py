"""Jekyll's Liquid."""

from typing import Any

import pytest

THERE = "https://example.org/blog/there/"


def test_a_highlight_is_a_fence(desk: Any) -> None:
    text = "{% highlight ruby linenos %}\ndef a; {{ b }} end\n{% endhighlight %}\n"
    assert desk.text(text) == "```ruby\ndef a; {{ b }} end\n```\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]({% post_url 2020-01-02-there %})", f"[a]({THERE})"),
        ("[a]({%- post_url posts/2020-01-02-there -%})", f"[a]({THERE})"),
        ("[a]({{ site.baseurl }}{% post_url 2020-01-02-there %})", f"[a]({THERE})"),
        (
            "[a]({{site.url}}{{ site.baseurl }}{% post_url 2020-01-02-there %}#b)",
            f"[a]({THERE}#b)",
        ),
        ("[a]({% link posts/2020-01-02-there.md %})", f"[a]({THERE})"),
        (
            "[a]({{ site.baseurl }}{% link files/paper.pdf %})",
            "[a](https://example.org/blog/files/paper.pdf)",
        ),
    ],
)
def test_a_link_tag_is_a_url(desk: Any, text: str, expected: str) -> None:
    assert desk.text(text) == expected


@pytest.mark.parametrize("tag", ["{% post_url no %}", "{% link no.md %}"])
def test_a_link_to_nothing_keeps_its_text(desk: Any, tag: str) -> None:
    text, warnings = desk.warned(f"[text]({{{{ site.baseurl }}}}{tag}).")
    assert text == "text."
    assert f"posts/here.md:11:26: {tag} names a post that is not there" in warnings[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{ site.url }}", "https://example.org"),
        ("{{site.baseurl}}/a.png", "/blog/a.png"),
        ("{{- page.url -}}", "/blog/here/"),
        ("{{ page.title }}", r"这里 \*here\*"),
        ("{{ '/a b.png' | relative_url }}", "/blog/a%20b.png"),
        ('{{ "a.png" | absolute_url }}', "https://example.org/blog/a.png"),
        (
            '{{ "/a" | prepend: site.baseurl | prepend: site.url }}',
            "https://example.org/blog/a",
        ),
        ('{{ site.baseurl | append: "/x" | escape }}', "/blog/x"),
    ],
)
def test_a_value_that_is_known_is_printed(desk: Any, value: str, expected: str) -> None:
    assert desk.text(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "{{ site.title }}",
        "{{ name }}",
        "{{ page.date | date: '%Y', 3 }}",
        '{{ "x" | upcase }}',
        '{{ "x" | append: nothing }}',
        '{{ "x" | append }}',
        "{{ nothing | escape }}",
    ],
)
def test_a_value_that_is_not_known_is_left_out(desk: Any, value: str) -> None:
    text, warnings = desk.warned(f"a {value} b")
    assert text == "a  b"
    assert f"{value} is a value only Jekyll knows" in warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        "{{x}}",
        r"\frac{{ a }}{{ b }}",
        "x^{{ a }}",
        "x_{{ a }}",
        "a{{ b }}",
        '{{ "x" }}',
        "{{ 1 + 2 }}",
        "{{{ a }}}",
        "{{ a {{ b",
    ],
)
def test_braces_in_prose_and_tex_are_left(desk: Any, text: str) -> None:
    assert desk.text(text) == text


def test_raw_is_printed_and_a_comment_is_not(desk: Any) -> None:
    raw = "{% raw %}{{ x }} {% y %}{% endraw %}"
    comment = "{% comment %}\nno {{ z }}\n{% endcomment %}"
    assert desk.text(f"{raw} a{comment}") == "{{ x }} {% y %} a"


def test_an_include_is_left_out(desk: Any) -> None:
    text, warnings = desk.warned('a {% include toc.html x="y" %}')
    assert text == "a "
    assert "the files a theme includes are not read" in warnings[0]


def test_an_include_that_says_what_it_shows_is_shown(desk: Any) -> None:
    assert desk.text('{% include figure image_path="/a.png" caption="c" %}') == (
        '<figure><img src="/a.png" alt="c"><figcaption>c</figcaption></figure>'
    )
    assert "watch?v=ab" in desk.text('{% include media/youtube.html id="ab" %}')


@pytest.mark.parametrize(
    "text", ["{% 5 %}", "{% a", "{% a\n\nb %}", "100{%", "{% a {% "]
)
def test_what_is_no_tag_is_left(desk: Any, text: str) -> None:
    assert desk.text(text) == text
