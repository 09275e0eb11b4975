"""A reader in a real browser: leaving by mouse, by keyboard, on a telephone.

Chromium is Debian's, driven by Playwright, with JavaScript off; axe needs it, and looks
at the same pages with it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.readers.signup import Joining, join
from pipeline.subscribers.address import normalise
from pipeline.subscribers.tokens import sign
from tests.web.clients import reader, with_pages
from tests.web.serving import serving
from tests.world import CONFIG, World

ANN = "ann@example.org"
MONTHLY = """\
  - name: monthly
    title: Monthly
    schedule: monthly 1 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""
TELEPHONE = {"width": 375, "height": 667}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[World, str]]:
    """Give a world and where it is served: below /mail/, as behind a proxy."""
    world = World(tmp_path_factory.mktemp("browser") / "site")
    world.configure(with_pages(CONFIG + MONTHLY))
    with serving(world.folder) as server:
        yield world, f"{server.url}mail/"


@pytest.fixture
def link(site: tuple[World, str]) -> str:
    """Return Ann's link to leave; she reads both newsletters."""
    world, url = site
    joining = Joining(
        address=normalise(ANN), newsletters=("monthly", "weekly"), source="test"
    )
    database = world.store()
    with database.transaction() as tx:
        join(tx, joining, world.time, again=True)
    database.close()
    key = read_key(world.configuration().store.path)
    return f"{url}unsubscribe/{sign(key, 'leave', reader(world, ANN).id, 'weekly')}"


@pytest.fixture(params=[DESK, TELEPHONE], ids=["desk", "telephone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give a page of a browser in which no JavaScript runs."""
    context = browser.new_context(
        viewport=request.param, java_script_enabled=False, locale="en-GB"
    )
    yield context.new_page()
    context.close()


def newsletters(site: tuple[World, str]) -> tuple[str, ...]:
    return reader(site[0], ANN).newsletters


def test_leaving_and_coming_back_by_mouse(
    site: tuple[World, str], link: str, page: Page
) -> None:
    page.goto(link)
    assert "weekly" in newsletters(site)
    page.get_by_role("button", name="Unsubscribe").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You have left Weekly"
    assert "weekly" not in newsletters(site)
    page.get_by_label("Too much mail").check()
    page.get_by_label("In your own words").fill("Every day!")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_text("Thank you for telling us.").is_visible()
    page.get_by_role("button", name="Subscribe again").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Welcome back"
    assert "weekly" in newsletters(site)


def test_leaving_by_keyboard_alone(
    site: tuple[World, str], link: str, page: Page
) -> None:
    page.goto(link)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    assert focused.is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Unsubscribe"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You have left Weekly").wait_for()
    assert page.title() == "You have left Weekly"
    assert "weekly" not in newsletters(site)


def test_nothing_is_wider_than_the_screen(
    site: tuple[World, str], link: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 600})
    page = context.new_page()
    for address in (link, f"{site[1]}unsubscribe/x", f"{site[1]}nowhere"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_axe_finds_nothing(
    site: tuple[World, str],
    link: str,
    browser: Browser,
    scheme: Literal["light", "dark"],
    locale: str,
) -> None:
    context = browser.new_context(
        viewport=TELEPHONE,
        color_scheme=scheme,
        locale=locale,
        bypass_csp=True,
    )
    page = context.new_page()
    look = {"resultTypes": ["violations"]}
    found = []
    for address in (link, f"{site[1]}unsubscribe/x", f"{site[1]}nowhere"):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == locale.replace("-GB", "")
        found += Axe().run(page, options=look).response["violations"]
    page.goto(link)
    page.locator("button").click()
    found += Axe().run(page, options=look).response["violations"]
    page.locator("form[action$='/back'] button").click()
    found += Axe().run(page, options=look).response["violations"]
    context.close()
    assert [f"{one['id']}: {one['nodes']}" for one in found] == []


def test_a_browser_obeys_the_policy_and_complains_of_nothing(
    link: str, browser: Browser
) -> None:
    context = browser.new_context(viewport=DESK)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto(link)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert said == []
    assert ground == "rgb(242, 238, 231)"
