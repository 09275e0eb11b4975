"""An owner who decides on an issue in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.digest.issue import IssueState
from tests.web.clients import with_pages
from tests.web.serving import serving
from tests.web.test_owner import HOLD, skipped, state
from tests.world import CONFIG, World, part

LONG = "A title of one word that does not break: " + "W" * 60


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """Give a world with a held issue, and the link that its preview has."""
    world = World(tmp_path_factory.mktemp("owner") / "site", time=datetime.now(UTC))
    world.configure(with_pages(CONFIG + HOLD))
    world.post("a", "Words of a.", title=f"'{LONG}'")
    world.post("b", "Words of b.", title="傅里叶变换")
    world.join("ann@example.org")
    world.run()
    text = part(world.messages()[0], "plain")
    found = re.search(r"https://example.org/mail/(issue/[\w-]+)", text)
    assert found
    with serving(world.folder) as server:
        yield world, f"{server.url}mail/{found[1]}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page of a browser in which no JavaScript runs."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()


def test_a_post_is_left_out_and_the_issue_sent(
    site: tuple[World, str], page: Page
) -> None:
    world, link = site
    page.goto(link)
    page.get_by_role("button", name="Leave it out 傅里叶变换").click()
    assert page.get_by_role("status").inner_text() == "The post is left out."
    assert skipped(world) == ["https://example.org/b/"]
    page.get_by_role("button", name="Send it now").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="weekly #1 goes out now").wait_for()
    assert state(world) is IssueState.OPENED


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_axe_finds_nothing_and_all_fits_a_telephone(
    site: tuple[World, str],
    browser: Browser,
    scheme: Literal["light", "dark"],
    locale: str,
) -> None:
    context = browser.new_context(
        viewport={"width": 375, "height": 667},
        color_scheme=scheme,
        locale=locale,
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(site[1])
    look = {"resultTypes": ["violations"]}
    found = Axe().run(page, options=look).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.locator(".places button").first.click()
    found += Axe().run(page, options=look).response["violations"]
    context.close()
    assert [f"{one['id']}: {one['nodes']}" for one in found] == []
