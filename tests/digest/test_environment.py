"""Templates run strict, escaped, bounded, and tell their faults to the owner."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.digest import environment as sandbox
from pipeline.digest.environment import make_environment, parse, render
from pipeline.digest.slots import choose_sentinel, make_slots
from pipeline.digest.view import SiteView
from tests.digest.builders import CATALOGUES

SLOTS = make_slots(choose_sentinel([]))
VALUES: dict[str, object] = {
    "name": "<Ada>",
    "posts": ("a", "b"),
    "site": SiteView(title="Notes", url="https://example.org/"),
    **SLOTS,
}


def rendered(source: str, name: str = "page.txt", locale: str = "en") -> str:
    environment = make_environment({name: source}, CATALOGUES[locale])
    return render(environment, name, VALUES)


def fault(source: str, name: str = "page.txt") -> Fault:
    with pytest.raises(ConfigError) as caught:
        rendered(source, name)
    (only,) = caught.value.faults
    return only


def test_html_is_escaped_and_text_is_not() -> None:
    assert rendered("{{ name }}", "page.html") == "&lt;Ada&gt;"
    assert rendered("{{ name }}", "page.txt") == "<Ada>"


def test_a_template_speaks_the_language_of_its_catalogue() -> None:
    source = "{% trans number=3 %}No. {{ number }}{% endtrans %}"
    assert rendered(source) == "No. 3"
    assert rendered(source, locale="zh_CN") == "第 3 期"


def test_a_translation_escapes_what_is_put_into_it() -> None:
    source = (
        "{% trans newsletter=name, address=address %}You get this because "
        "{{ address }} is subscribed to {{ newsletter }}.{% endtrans %}"
    )
    html = rendered(source, "page.html", "zh_CN")
    assert html == f"您收到这封邮件，是因为 {SLOTS['address']} 订阅了“&lt;Ada&gt;”。"


def test_a_slot_can_be_printed_in_every_way_there_is() -> None:
    source = "{{ address }} {{ address|e }} {{ address|safe }} {{ 'a' ~ address }}"
    slot = str(SLOTS["address"])
    for name in ("page.html", "page.txt"):
        assert rendered(source, name) == f"{slot} {slot} {slot} a{slot}"


def test_templates_can_include_each_other() -> None:
    sources = {"a.html": "{% include 'parts/b.html' %}!", "parts/b.html": "{{ name }}"}
    environment = make_environment(sources, CATALOGUES["en"])
    assert render(environment, "a.html", VALUES) == "&lt;Ada&gt;!"


@pytest.mark.parametrize(
    "use",
    [
        "{% if address %}a{% endif %}",
        "{{ address == 'lin@example.org' }}",
        "{{ address|upper }}",
        "{{ address|default('nobody') }}",
        "{{ address is string }}",
        "{{ ['a', address]|map('length')|join }}",
        "{{ address.domain }}",
        "{{ address[0] }}",
        "{{ wrap is defined or address in posts }}",
        "{% for letter in address %}{% endfor %}",
    ],
)
def test_a_template_that_looks_into_a_slot_is_refused(use: str) -> None:
    found = fault("\n" + use)
    assert (found.path, found.line) == ("page.txt", 2)
    assert "each reader" in found.what
    assert found.remedy == "print it as it is, without a filter or an `if`"


def test_a_misspelt_name_is_told_with_its_line_and_the_likely_one() -> None:
    assert str(fault("\n\n{{ post }}")) == (
        "page.txt:3: no such name: 'post'; did you mean 'posts'?"
    )


def test_a_misspelt_part_is_told_with_what_it_is_a_part_of() -> None:
    assert str(fault("{{ site.titel }}")) == (
        "page.txt:1: site has no 'titel'; did you mean 'title'?"
    )


def test_a_name_like_no_other_gets_no_suggestion() -> None:
    assert fault("{{ zzz }}").what == "no such name: 'zzz'"


def test_a_syntax_fault_is_told_with_its_line() -> None:
    found = fault("a\n{% if %}")
    assert (found.path, found.line) == ("page.txt", 2)
    assert "jinja" in found.remedy


def test_a_fault_within_an_included_template_is_told_where_it_is() -> None:
    sources = {"a.html": "\n{% include 'b.html' %}", "b.html": "\n\n{{ nmae }}"}
    environment = make_environment(sources, CATALOGUES["en"])
    with pytest.raises(ConfigError, match=r"b\.html:3: no such name: 'nmae'"):
        render(environment, "a.html", VALUES)


def test_a_template_that_is_not_there_is_told_with_where_to_put_it() -> None:
    assert str(fault("{% include 'parts/nowhere.html' %}")) == (
        "page.txt: there is no template 'parts/nowhere.html' "
        "(put it into the folder `mail.templates` names)"
    )


@pytest.mark.parametrize(
    ("mishap", "what"),
    [
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ 'a' + 1 }}", "can only concatenate str"),
        ("{{ posts|random }}", "No filter named 'random'"),
    ],
)
def test_any_other_mishap_is_told_in_its_own_words(mishap: str, what: str) -> None:
    found = fault(mishap)
    assert what in found.what
    assert found.line == 1


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ posts.__init__.__globals__ }}",
        "{{ range(1001)|length }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1000000000 * (1, 2) }}",
        "{{ 10 ** 10 ** 10 }}",
        "{% set x = [] %}{{ x.append(1) }}",
    ],
)
def test_the_sandbox_refuses_what_could_hurt(attack: str) -> None:
    assert fault(attack).remedy == "templates run in a sandbox; say it more simply"


def test_small_sums_and_ranges_are_allowed() -> None:
    source = "{{ 3000 * 4 }} {{ '-' * 3 }} {{ 2 * [1] }} {{ range(2)|list }}"
    assert rendered(source) == "12000 --- [1, 1] [0, 1]"


def test_a_template_that_writes_without_end_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "MAX_OUTPUT_CHARS", 1000)
    found = fault("{% for n in range(1000) %}ab{{ n }}{% endfor %}")
    assert found.what == "it writes more than 1,000 characters"


def test_text_is_wrapped_by_the_filter_wrap() -> None:
    assert rendered("{{ 'one two three'|wrap(8, indent='  ') }}") == "one two\n  three"


def test_a_source_that_cannot_be_parsed_is_a_fault() -> None:
    with pytest.raises(ConfigError, match=r"^a\.html:1: "):
        parse("a.html", "{% endfor %}")


def test_a_template_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = list[object]()
    really = sandbox.Sandbox.compile

    def compile_and_tell(self: sandbox.Sandbox, *args: Any, **more: Any) -> Any:
        compiled.append(args[1])
        return really(self, *args, **more)

    monkeypatch.setattr(sandbox.Sandbox, "compile", compile_and_tell)
    for _ in range(3):
        assert rendered("only once: {{ name }}", "once.txt") == "only once: <Ada>"
    assert compiled == ["once.txt"]


def test_a_template_that_was_edited_or_is_in_another_language_is_another() -> None:
    shown = [
        rendered(source, "edited.txt", locale)
        for source in ("{% trans %}Unsubscribe{% endtrans %}.", "{{ name }}")
        for locale in ("en", "zh_CN", "en")
    ]
    assert shown == ["Unsubscribe.", "退订.", "Unsubscribe.", *["<Ada>"] * 3]
