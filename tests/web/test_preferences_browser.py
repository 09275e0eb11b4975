"""A reader who chooses in a real browser: by keyboard, on a telephone, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from pipeline.runs.outgoing.keys import read_key
from pipeline.runs.readers.signup import Joining, join
from pipeline.store.subscriptions import find_choices
from pipeline.subscribers.address import normalise
from pipeline.subscribers.choice import Choice, Topics
from pipeline.subscribers.tokens import sign
from tests.web.clients import reader, with_pages
from tests.web.serving import serving
from tests.world import CONFIG, World

ANN = "ann@example.org"
MONTHLY = """\
    cadences: [daily, monthly]
  - name: monthly
    title: Monthly
    schedule: monthly 1 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""
TELEPHONE: ViewportSize = {"width": 375, "height": 667}
DESK: ViewportSize = {"width": 1280, "height": 900}

# A date field has parts that the focus moves through, where `:focus` matches nothing.
FOCUSED = """(() => {
    const it = document.activeElement;
    return it.checkVisibility() ? [it.id, it.type, it.tagName] : [];
})()"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """Give a world with posts, and where it is served: below /mail/."""
    world = World(tmp_path_factory.mktemp("choosing") / "site")
    world.configure(with_pages(CONFIG + MONTHLY))
    world.post("a", tags="[maths, 'a tag of words upon words upon words']")
    world.post("b", tags="[maths, 傅里叶变换]", lang="zh-CN")
    world.run()
    with serving(world.folder) as server:
        yield world, f"{server.url}mail/"


@pytest.fixture
def link(site: tuple[World, str]) -> str:
    """Return Ann's link; she reads `weekly`, and has chosen nothing yet."""
    world, url = site
    world.join(ANN)
    world.leave(ANN)
    joining = Joining(address=normalise(ANN), newsletters=("weekly",), source="test")
    database = world.store()
    with database.transaction() as tx:
        join(tx, joining, world.time, again=True)
    database.close()
    key = read_key(world.configuration().store.path)
    return f"{url}preferences/{sign(key, 'preferences', reader(world, ANN).id)}"


@pytest.fixture(params=[DESK, TELEPHONE], ids=["desk", "telephone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give a page of a browser in which no JavaScript runs."""
    context = browser.new_context(
        viewport=request.param, java_script_enabled=False, locale="en-GB"
    )
    yield context.new_page()
    context.close()


def choices(site: tuple[World, str]) -> dict[str, Choice]:
    world = site[0]
    ann, database = reader(world, ANN), world.store()
    with database.transaction() as tx:
        found = find_choices(tx, ann.id)
    database.close()
    return {choice.newsletter: choice for choice in found}


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has that id, type or tag is reached, and can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"{name} is not reached by keyboard")


def early_next_year() -> datetime:
    """Return a day that is typed the same whether day or month comes first."""
    return datetime(datetime.now(UTC).year + 1, 1, 1, tzinfo=UTC) + timedelta(days=32)


def test_choosing_by_keyboard_alone(
    site: tuple[World, str], link: str, page: Page
) -> None:
    page.goto(link)
    tab_to(page, "cadence-1-1")
    page.keyboard.press("ArrowDown")
    tab_to(page, "SUMMARY")
    page.keyboard.press("Enter")
    tab_to(page, "tags-1-1")
    page.keyboard.press("Space")
    tab_to(page, "language-1")
    page.keyboard.press("ArrowDown")
    tab_to(page, "pause-1")
    day = early_next_year()
    page.keyboard.type(f"{day:%d%m%Y}")
    tab_to(page, "get-2")
    page.keyboard.press("Space")
    tab_to(page, "submit")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert page.get_by_role("status").inner_text().startswith("Saved.")
    assert choices(site)["weekly"] == Choice(
        newsletter="weekly",
        cadence="daily",
        topics=Topics.of(tags=["maths"]),
        language="en",
        paused_until=day,
    )
    assert "monthly" in choices(site)


def test_what_is_wrong_is_marked_and_the_rest_stays_filled_in(
    site: tuple[World, str], link: str, page: Page
) -> None:
    page.goto(link)
    page.get_by_label("Once a day").check()
    page.get_by_label("Pause until").first.fill("2001-01-01")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_text("This day is over.").is_visible()
    assert page.get_by_label("Once a day").is_checked()
    assert choices(site)["weekly"].cadence == "own"


def test_leaving_all_and_coming_back(
    site: tuple[World, str], link: str, page: Page
) -> None:
    page.goto(link)
    page.get_by_role("button", name="Unsubscribe from everything").click()
    assert page.get_by_text("You can come back at any time").is_visible()
    assert choices(site) == {}
    assert not page.get_by_label("Once a day").is_visible()
    page.get_by_label("Send me Weekly").check()
    page.get_by_label("Once a day").check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Saved.").is_visible()
    assert choices(site)["weekly"].cadence == "daily"


def test_the_page_to_leave_leads_here(
    site: tuple[World, str], link: str, page: Page
) -> None:
    world, url = site
    key, ann = read_key(world.configuration().store.path), reader(world, ANN)
    page.goto(f"{url}unsubscribe/{sign(key, 'leave', ann.id, 'weekly')}")
    page.get_by_role("link", name="Choose what you get").click()
    assert page.title() == "What you get by mail"
    assert "weekly" in choices(site)


@pytest.mark.parametrize("width", [320, 375])
def test_nothing_is_wider_than_the_screen(
    link: str, browser: Browser, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 600})
    page = context.new_page()
    page.goto(link)
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_axe_finds_nothing(
    link: str, browser: Browser, scheme: Literal["light", "dark"], locale: str
) -> None:
    context = browser.new_context(
        viewport=TELEPHONE, color_scheme=scheme, locale=locale, bypass_csp=True
    )
    page = context.new_page()
    look = {"resultTypes": ["violations"]}
    page.goto(link)
    page.locator("summary").first.click()
    found = Axe().run(page, options=look).response["violations"]
    page.locator("#pause-1").fill("2001-01-01")
    page.locator("button").first.click()
    page.locator("[role=alert]").wait_for()
    found += Axe().run(page, options=look).response["violations"]
    page.locator("button.quiet").click()
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
    page.get_by_role("button", name="Save").click()
    page.get_by_role("status").wait_for()
    context.close()
    assert said == []
