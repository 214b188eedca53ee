"""A real Chromium on the real app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.browser_harness import VARIANTS, launch_chromium, new_context, serve_app, watch

FOLDER = Path(__file__).parent
STEP_MILLISECONDS = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder carries the marker ``browser``: ``-m "not browser"`` is quick."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    with sync_playwright() as playwright:
        chromium = launch_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The app as a newcomer starts it: no key, so it talks to its own demo server."""
    with serve_app() as url:
        yield url


@pytest.fixture
def page_problems() -> list[str]:
    """What ``page`` has seen so far; a test that provokes one takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, page_problems: list[str]) -> Iterator[Page]:
    """A page in a fresh context (light, 1440 px, Dutch).

    The test fails when the page asks anything of another machine, throws, or logs an error.
    """
    with new_context(browser, VARIANTS[0]) as context:
        context.set_default_timeout(STEP_MILLISECONDS)
        watch(context, page_problems)
        yield context.new_page()
    assert not page_problems, "\n".join(page_problems)
