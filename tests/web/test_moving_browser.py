"""Another address in a browser without JavaScript: by keyboard alone, and for axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.runs.outgoing.keys import read_key
from pipeline.subscribers.tokens import sign
from tests.web.clients import reader, with_pages
from tests.web.forms import letters, links_of
from tests.web.serving import serving
from tests.web.test_preferences_browser import tab_to
from tests.world import CONFIG, World

TELEPHONE = {"width": 375, "height": 667}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """Give a world and where it is served."""
    world = World(tmp_path_factory.mktemp("moving") / "site")
    world.configure(with_pages(CONFIG))
    with serving(world.folder) as server:
        yield world, f"{server.url}mail/"


def own_page(site: tuple[World, str], address: str) -> str:
    """Return where a new reader chooses."""
    world, url = site
    world.join(address)
    key = read_key(world.configuration().store.path)
    return f"{url}preferences/{sign(key, 'preferences', reader(world, address).id)}"


def link_for(site: tuple[World, str], address: str, page: Page) -> str:
    """Return where the link of the letter leads, once the server has sent it."""
    world, url = site
    while not letters(world, address):
        page.wait_for_timeout(100)
    [link] = links_of(letters(world, address)[-1])
    return url.rstrip("/") + link


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_moving_by_keyboard_alone(
    site: tuple[World, str], browser: Browser, size: dict[str, int]
) -> None:
    old, new = (f"{who}{size['width']}@example.org" for who in ("ann", "new"))
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        java_script_enabled=False,
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(own_page(site, old))
    page.get_by_role("link", name="Change the address").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Change the address").wait_for()
    tab_to(page, "address")
    page.keyboard.type(new)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    page.goto(link_for(site, new, page))
    tab_to(page, "submit")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Our mail comes to you here").wait_for()
    assert reader(site[0], new).newsletters == ("weekly",)
    page.get_by_role("link", name="Choose what you get").click()
    assert page.title() == "What you get by mail"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_axe_finds_nothing(
    site: tuple[World, str],
    browser: Browser,
    scheme: Literal["light", "dark"],
    locale: str,
) -> None:
    old, new = (
        f"{who}-{locale.lower()}-{scheme}@example.org" for who in ("old", "new")
    )
    context = browser.new_context(
        viewport=TELEPHONE, color_scheme=scheme, locale=locale, bypass_csp=True
    )
    page, found, wide = context.new_page(), [], []

    def look() -> None:
        found.extend(Axe().run(page).response["violations"])
        wide.append(page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    page.goto(f"{own_page(site, old)}/address")
    look()
    page.get_by_role("textbox").fill("ann@localhost")
    page.locator("button").click()
    page.locator("[role=alert]").wait_for()
    look()
    page.get_by_role("textbox").fill(new)
    page.locator("button").click()
    page.get_by_role("status").wait_for()
    look()
    page.goto(link_for(site, new, page))
    look()
    page.locator("button").click()
    page.get_by_role("status").wait_for()
    look()
    context.close()
    assert [f"{one['id']}: {one['nodes']}" for one in found] == []
    assert wide == [False] * 5
