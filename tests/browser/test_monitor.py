"""The monitor page in a real browser: it follows what happens, in both themes and widths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from scripts.browser_harness import serve_app, wait_until_idle


@pytest.fixture(scope="module")
def monitored() -> Iterator[str]:
    """An app of its own: what other tests generate would be on this page."""
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": "instant;fault=refusal@synoniemen"}) as url:
        yield url


def open_monitor(page: Page) -> None:
    page.get_by_role("link", name="Monitor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Monitor")
    wait_until_idle(page)


def test_a_generation_appears_without_a_reload(page: Page, monitored: str) -> None:
    """Somebody generates in one window; the other window, open on the monitor, shows it."""
    page.goto(monitored)
    wait_until_idle(page)
    watcher = page.context.new_page()
    watcher.goto(monitored)
    wait_until_idle(watcher)
    open_monitor(watcher)
    expect(watcher.get_by_text("Nog geen generaties sinds de start")).to_be_visible()

    page.get_by_label("Begrip", exact=True).fill("geheimterm")
    page.get_by_label("Definitie", exact=True).fill("degene die iets doet")
    page.get_by_role("button", name="Genereer").click()

    row = watcher.locator(".vb-table").nth(1).locator("tbody tr")
    expect(row).to_have_count(1, timeout=15_000)
    expect(row.get_by_role("img", name="Synoniemen: mislukt")).to_be_attached()
    expect(row.get_by_role("img", name="Toelichting: compleet")).to_be_attached()
    assert "geheimterm" not in watcher.content()
