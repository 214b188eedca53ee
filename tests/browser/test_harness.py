"""The browser fixtures notice what they promise to notice."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from scripts.browser_harness import VARIANTS, new_context


def test_an_outside_request_is_seen_and_goes_nowhere(page: Page, page_problems: list[str]) -> None:
    """An image from elsewhere is on record, and Chromium did not resolve its name."""
    with page.expect_event("requestfailed") as failed:
        page.set_content('<img src="http://voorbeeld.example/spion.png">')
    assert failed.value.failure == "net::ERR_NAME_NOT_RESOLVED"
    assert "outside request: http://voorbeeld.example/spion.png" in page_problems
    page_problems.clear()


def test_a_page_error_and_a_console_error_are_seen(page: Page, page_problems: list[str]) -> None:
    """A script that throws and one that logs an error each leave a line."""
    with page.expect_event("pageerror"):
        page.set_content("<script>console.error('mis'); throw new Error('kapot')</script>")
    assert any("mis" in problem for problem in page_problems)
    assert any("kapot" in problem for problem in page_problems)
    page_problems.clear()


def test_variants_reach_the_page(browser: Browser) -> None:
    """Each variant's page has its width, colour scheme and language."""
    for variant in VARIANTS:
        with new_context(browser, variant) as context:
            page = context.new_page()
            seen = page.evaluate(
                "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches,"
                " navigator.language]"
            )
        assert seen == [variant.width, variant.theme == "dark", "nl-NL"]
