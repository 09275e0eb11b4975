"""A real browser, for tests that look at pages as readers do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.capability import require


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = require("chromium", "readers' pages are looked at with it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-quic"]
        )
        yield browser
        browser.close()
