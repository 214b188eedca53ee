"""A real Chromium on the real app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.browser_harness import VARIANTS, launch_profile, serve_app, watch

FOLDER = Path(__file__).parent
expect.set_options(timeout=30_000)  # as wide as Playwright's own for a click


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder carries the marker ``browser``: ``-m "not browser"`` is quick."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One Chromium for the session (light, 1440 px, Dutch)."""
    with sync_playwright() as playwright:
        context = launch_profile(playwright, tmp_path_factory.mktemp("profile"), VARIANTS[0])
        yield context
        context.close()


@pytest.fixture(scope="session")
def browser(profile: BrowserContext) -> Browser:
    """The same Chromium, for contexts of one's own."""
    assert profile.browser
    return profile.browser


@pytest.fixture(scope="session")
def _problems(profile: BrowserContext) -> list[str]:
    problems: list[str] = []
    watch(profile, problems)
    return problems


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The app as a newcomer starts it: no key, so it talks to its own demo server."""
    with serve_app() as url:
        yield url


@pytest.fixture
def page_problems(_problems: list[str]) -> list[str]:
    """What ``page`` has seen so far; a test that provokes one takes it out."""
    _problems.clear()
    return _problems


@pytest.fixture
def page(profile: BrowserContext, page_problems: list[str]) -> Iterator[Page]:
    """A new page without cookies or stored choices.

    The test fails when the page asks anything of another machine, throws, or logs an error.
    """
    page = profile.new_page()
    profile.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "cookies,local_storage"}
    )
    yield page
    for one in profile.pages[1:]:  # without any page, Chromium ends
        one.close()
    assert not page_problems, "\n".join(page_problems)
