"""`pressroom subscriber form`: HTML for the owner's own page."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.cli.conftest import Command
from tests.docs.documents import document
from tests.world import World

WEB = "web:\n  public_url: https://example.org/mail/\n"
SECOND = """\
  - name: monthly
    title: Monthly
    schedule: monthly 1 09:00
    sender: Mo <mo@example.org>
    postal_address: 1 Main Street
"""


class Fields(HTMLParser):
    """Collects what a form would send, and where."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action, self.names = "", list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"] or ""
        elif tag == "input":
            self.names.append(found["name"] or "")


def test_the_form_of_the_only_newsletter_is_the_one_in_the_docs(
    world: World, command: Command
) -> None:
    world.configure(world.config + WEB)
    result = command("subscriber", "form")
    assert result.exit_code == 0
    assert f"```html\n{result.stdout}```" in document("docs/web.md")


def test_of_several_newsletters_each_has_a_box(world: World, command: Command) -> None:
    world.configure(world.config + SECOND + WEB)
    form = Fields(command("subscriber", "form").stdout)
    assert form.action == "https://example.org/mail/subscribe"
    assert form.names == ["newsletter-weekly", "newsletter-monthly", "address"]
    words = ("subscriber", "form", "--newsletter", "monthly", "--language", "zh-CN")
    html = command(*words).stdout
    assert Fields(html).names == ["newsletter-monthly", "address"]
    assert "checkbox" not in html
    assert "您的邮箱地址" in html


def test_without_a_server_there_is_no_form(world: World, command: Command) -> None:
    result = command("subscriber", "form")
    assert result.exception is not None
    assert "web.public_url is not set" in str(result.exception)
