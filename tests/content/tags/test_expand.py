"""Tags of any generator: unknown ones, nested ones, hostile ones."""

from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.base.errors import ContentError
from pipeline.base.faults import Severity
from pipeline.content.tags.tag import MOST_FAULTS


def test_a_text_without_tags_is_the_same(desk: Any) -> None:
    text = "A [link](b.md), `code`, **中文** and 5 > 4."
    assert desk.expand(text).text is text


def test_an_unknown_tag_is_left_out_with_a_warning(desk: Any) -> None:
    expanded = desk.expand("一行\n\n文字 {{< chart a=1 >}} b\n")
    assert expanded.text == "一行\n\n文字  b\n"
    (fault,) = expanded.faults
    assert (fault.path, fault.line, fault.column) == ("posts/here.md", 13, 4)
    assert fault.severity is Severity.WARNING
    assert fault.what == (
        "{{< chart a=1 >}} is a tag Pressroom does not know; it was left out"
    )
    assert "Markdown or HTML" in fault.remedy


def test_an_unknown_tag_around_text_keeps_it(desk: Any) -> None:
    text, warnings = desk.warned(
        "{{< box >}}a *b*{{< /box >}} {% tabs %}c{% endtabs %}"
    )
    assert text == "a *b* c"
    assert ["its inside was kept" in warning for warning in warnings] == [True, True]


def test_a_closing_of_nothing_is_left_out(desk: Any) -> None:
    text, warnings = desk.warned("a{{< /box >}} {% endif %}")
    assert text == "a "
    assert [warning.split(": ", 1)[1][:30] for warning in warnings] == [
        "{{< /box >}} closes nothing, a",
        "{% endif %} closes nothing, an",
    ]


def test_a_closing_inside_another_closes_it(desk: Any) -> None:
    text, _ = desk.warned("{{< a >}}1{{< b >}}2{{< /a >}}3{{< /b >}}")
    assert text == "123"


def test_a_tag_is_closed_by_the_nearest_closing(desk: Any) -> None:
    text = "{{< details x >}}{{< details y >}}a{{< /details >}}{{< /details >}}"
    assert desk.text(text).count("</details>") == 2


def test_a_void_tag_before_a_pair_of_its_name_stays_void(desk: Any) -> None:
    text = "{{< details a >}}\n\nb {{< details c >}}d{{< /details >}}"
    got = desk.text(text)
    assert got.index("</details>") < got.index("b")


def test_a_long_tag_is_told_abridged(desk: Any) -> None:
    _, warnings = desk.warned("{{< chart" + ' "a\nb"' * 100 + " >}}")
    assert len(warnings[0]) < 250
    assert "\n" not in warnings[0]


def test_warnings_are_in_reading_order_and_end_somewhere(desk: Any) -> None:
    faults = desk.expand("{{< a >}}{{< b >}}{{< /a >}}\n" * 90).faults
    assert len(faults) == MOST_FAULTS
    places = [(fault.line, fault.column) for fault in faults]
    assert places == sorted(places)


def test_what_was_looked_up_is_recorded(desk: Any) -> None:
    text = '{{< ref "there" >}} {% post_link there %} [[nobody]] {{< ref "there" >}}'
    assert desk.expand(text).references == (
        ("post:there", "https://example.org/blog/there/"),
        ("title:there", "There"),
        ("post:nobody", ""),
        ("asset:nobody", ""),
    )


def test_every_recorded_reference_resolves_to_what_was_recorded(desk: Any) -> None:
    references = desk.expand("[[there#A b]] ![[paper.pdf]] {{ page.title }}").references
    assert references
    for reference, found in references:
        assert desk.index.resolve(reference, near="posts/here.md") == found


HOSTILE = [
    "{{<",
    "{{< a ",
    '{{< a "',
    "{{< a `",
    "{{< a >}}",
    "{{< a >}}{{< /b >}}",
    "{{</*",
    "{{",
    "{{ a | b ",
    "{{ a(",
    "{{ a(b=",
    "{%",
    "{% a ",
    "{% a %}",
    "{% raw %}",
    "[[",
    "![[a|",
    "[[a]]",
    "%%",
    "%% a",
    "==a",
    "a ==",
    "> [!a] ==\n",
    " ^a ",
    "](@/",
    "]({filename}a.md)",
    '="{static}',
    "`",
    "`` ` ",
    "```\n",
    "~~~a\n",
    "> ```\n",
    "$",
    "$a",
    "\\[",
    "\\begin{a}",
    "<!--",
    "<pre",
    "    \n",
    "- ",
    "> ",
    '[a]({{< ref "b" >}}',
    '<a href="{{< ref "b" >}}',
    "{{< figure src=a >}}",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_a_hostile_text_takes_time_in_proportion(desk: Any, part: str) -> None:
    began = perf_counter()
    desk.expand(part * 5_000)
    desk.expand("{{< a >}}" + part * 5_000 + "{{< /a >}}")
    assert perf_counter() - began < 3


@pytest.mark.parametrize("part", ["{{<", "[[", "{%", "{{", "`", "$"])
def test_a_hundred_thousand_openings_are_read_in_time(desk: Any, part: str) -> None:
    began = perf_counter()
    assert desk.text(part * 100_000) == part * 100_000
    assert perf_counter() - began < 6


def test_what_tags_print_again_and_again_ends_somewhere(desk: Any) -> None:
    printed = f'{{{{ "{"x" * 1000}" | append: "" }}}}\n'
    assert desk.text(printed * 100).count("x") == 100_000
    with pytest.raises(ContentError) as caught:
        desk.expand(printed * 2_100)
    assert str(caught.value) == (
        "posts/here.md:11: its tags print more than 2,000,000 characters "
        "(take some of them out, or make several posts of it)"
    )


def test_tags_nested_without_end_are_bounded(desk: Any) -> None:
    deep = "{{< details >}}" * 2_000 + "x" + "{{< /details >}}" * 2_000
    began = perf_counter()
    assert "x" in desk.expand(deep).text
    assert perf_counter() - began < 5


PARTS = st.sampled_from(
    [*HOSTILE, "\n", "\n\n", " ", "中", "x", ">}}", "%}", "}}", "]]"]
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts=st.lists(PARTS, max_size=14))
def test_no_text_whatever_raises(desk: Any, parts: list[str]) -> None:
    for markup in ("markdown", "html"):
        desk.expand("".join(parts), markup)
