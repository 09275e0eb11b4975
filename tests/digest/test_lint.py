"""What a mail template may not hold."""

from __future__ import annotations

import pytest

from pipeline.base.errors import ConfigError
from pipeline.digest.lint import check_templates
from tests.digest.builders import TEMPLATES


def check(sources: dict[str, str], *names: str) -> None:
    check_templates(sources, names)


@pytest.mark.parametrize(
    ("refused", "what"),
    [
        ('<link rel="stylesheet" href="a.css">', "a linked stylesheet"),
        ("<LINK href=a.css rel=stylesheet>", "a linked stylesheet"),
        ("<style>@import url(a.css);</style>", "@import"),
        ("<script src=a.js></script>", "a script"),
        ("<form action=/>", "a form"),
        ("<iframe src=a></iframe>", "an iframe"),
        ("<object data=a></object>", "an embedded object"),
    ],
)
def test_what_mail_cannot_show_is_told_with_its_line(refused: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check({"a.html": f"<p>\n{refused}"}, "a.html")
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == ("a.html", 2)
    assert fault.what == f"{what} does not work in mail"
    assert fault.remedy


def test_included_templates_are_looked_at_and_all_faults_told_at_once() -> None:
    sources = {
        "a.html": "{% include 'b.html' %}<script>",
        "b.html": "{% import 'c.html' as c %}<form>",
        "c.html": "{% include 'a.html' %}{# <form> #}\n{#\n#}<iframe>",
    }
    with pytest.raises(ConfigError) as caught:
        check(sources, "a.html")
    places = [(fault.path, fault.line) for fault in caught.value.faults]
    assert places == [("a.html", 1), ("b.html", 1), ("c.html", 3)]


def test_templates_that_no_mail_uses_may_hold_what_they_like() -> None:
    check({"a.html": "<p>", "page.html": "<form><script>"}, "a.html", "a.txt")


def test_a_name_worked_out_while_rendering_is_passed_over() -> None:
    check({"a.html": "{% include name %}"}, "a.html")


def test_other_links_are_allowed() -> None:
    check({"a.html": '<link rel="icon" href="a.png"> <a href="/style">x</a>'}, "a.html")


def test_the_digest_itself_holds_nothing_of_the_kind() -> None:
    check(TEMPLATES, "digest.html", "digest.txt")
