from __future__ import annotations

from playwright.sync_api import Page, expect

from scripts.browser_harness import wait_until_idle


def test_the_app_opens_with_its_title(page: Page, app_url: str) -> None:
    """A newcomer without a key gets the app's page, not an error."""
    page.goto(app_url)
    wait_until_idle(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.locator('[data-testid="stException"]').count() == 0
