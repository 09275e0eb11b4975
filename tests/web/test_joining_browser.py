"""Joining in a real browser without JavaScript: by mouse, by keyboard, and for axe."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.store.consents import find_consents
from tests.command import pressroom
from tests.web.clients import PUBLIC_URL, reader, with_pages
from tests.web.forms import letters, link_in, newsletters_of
from tests.web.serving import serving
from tests.world import CONFIG, World

TELEPHONE = {"width": 375, "height": 667}
DESK = {"width": 1280, "height": 900}
SENT = "Look into your mailbox"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """Give a world and where it is served."""
    world = World(tmp_path_factory.mktemp("browser") / "site")
    world.configure(with_pages(CONFIG))
    with serving(world.folder) as server:
        yield world, f"{server.url}mail/"


@pytest.fixture(params=[DESK, TELEPHONE], ids=["desk", "telephone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give a page of a browser in which no JavaScript runs."""
    context = browser.new_context(
        viewport=request.param, java_script_enabled=False, locale="en-GB"
    )
    yield context.new_page()
    context.close()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def press_enter(page: Page) -> None:
    """Send the form that has the focus, and wait for its answer: a key pressed before
    it is there would go to the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def link_for(site: tuple[World, str], address: str, page: Page) -> str:
    """Return where the link of the letter leads, once the server has sent it."""
    world, url = site
    while not letters(world, address):
        page.wait_for_timeout(100)
    return url.rstrip("/") + link_in(letters(world, address)[-1])


def test_joining_by_mouse(site: tuple[World, str], page: Page) -> None:
    world, url = site
    address = f"mouse{page.viewport_size['width']}@example.org"  # type: ignore[index]
    page.goto(f"{url}subscribe")
    page.get_by_label("Your mail address").fill(address)
    while heading(page) != SENT:
        with page.expect_navigation():
            page.get_by_role("button", name="Subscribe").click()
    page.goto(link_for(site, address, page))
    assert newsletters_of(world, address) == ()
    page.get_by_role("button", name="Yes, subscribe me").click()
    assert heading(page) == "You are subscribed to Weekly"
    assert newsletters_of(world, address) == ("weekly",)


def test_joining_by_keyboard_alone(site: tuple[World, str], page: Page) -> None:
    world, url = site
    address = f"keys{page.viewport_size['width']}@example.org"  # type: ignore[index]
    page.goto(f"{url}subscribe")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type(address)
    press_enter(page)
    while heading(page) != SENT:
        for _ in range(3):
            page.keyboard.press("Tab")
        press_enter(page)
    page.goto(link_for(site, address, page))
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You are subscribed to Weekly").wait_for()
    assert newsletters_of(world, address) == ("weekly",)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_axe_finds_nothing_in_the_form(
    site: tuple[World, str],
    browser: Browser,
    scheme: Literal["light", "dark"],
    locale: str,
) -> None:
    context = browser.new_context(
        viewport=TELEPHONE, color_scheme=scheme, locale=locale, bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{site[1]}subscribe")
    found = Axe().run(page).response["violations"]
    page.get_by_role("textbox").fill("ann@localhost")
    page.locator("button").click()
    found += Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert [f"{one['id']}: {one['nodes']}" for one in found] == []
    assert not wide


@pytest.fixture
def blog(site: tuple[World, str], tmp_path: Path) -> Iterator[str]:
    """Give the address of a static page with the form, which another server serves."""
    world, url = site
    said = pressroom("subscriber", "form", cwd=world.folder)
    form = said.stdout.replace(PUBLIC_URL, url)
    (tmp_path / "about.html").write_text(
        f"<!DOCTYPE html><title>A blog</title>\n{form}", encoding="utf-8"
    )
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/about.html"
        server.shutdown()
        thread.join()


def test_joining_from_a_page_of_another_origin(
    site: tuple[World, str], blog: str, page: Page
) -> None:
    world = site[0]
    address = f"blog{page.viewport_size['width']}@example.org"  # type: ignore[index]
    page.goto(blog)
    page.get_by_label("Your mail address").fill(address)
    page.get_by_role("button", name="Subscribe").click()
    assert page.get_by_text("One more press").is_visible()
    assert page.get_by_role("textbox").input_value() == address
    while heading(page) != SENT:
        with page.expect_navigation():
            page.get_by_role("button", name="Subscribe").click()
    page.goto(link_for(site, address, page))
    page.get_by_role("button", name="Yes, subscribe me").click()
    assert newsletters_of(world, address) == ("weekly",)
    member, database = reader(world, address).id, world.store()
    with database.transaction() as tx:
        [consent] = find_consents(tx, member)
    database.close()
    assert consent.source.startswith(f"form at {blog.removesuffix('about.html')}, from")
