"""Take docs/screenshots anew: every page, light and dark, on a desk and on a phone.

usage: make screenshots
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from scripts.browser_harness import (
    ROOT,
    VARIANTS,
    launch_chromium,
    new_context,
    serve_app,
    wait_until_idle,
)

DEFINITIE: Final = (
    "degene ten aanzien van wie uit feiten of omstandigheden een redelijk vermoeden van schuld "
    "aan een strafbaar feit voortvloeit"
)
FOLDER: Final = ROOT / "docs" / "screenshots"


def shot(page: Page, name: str) -> Path:
    """Save the whole page as docs/screenshots/<name>-<theme>-<width>.png and return that path.

    Theme and width are the page's own. Waits until Streamlit has finished its script.
    """
    wait_until_idle(page)
    size = page.viewport_size
    if size is None:
        raise ValueError("a page without a fixed viewport has no width to name the file by")
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    # Streamlit scrolls inside its main block, so "full page" would stop at the window's edge.
    content = page.locator('[data-testid="stMain"]').evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(content))})
    path = FOLDER / f"{name}-{'dark' if dark else 'light'}-{size['width']}.png"
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled")
    page.set_viewport_size(size)
    return path


def take_all(page: Page, url: str) -> None:
    """The pages, in the order of the navigation."""
    page.goto(url)
    page.get_by_role("button", name="Genereer").wait_for()
    shot(page, "start")
    page.get_by_label("Begrip", exact=True).fill("verdachte")
    page.get_by_label("Definitie", exact=True).fill(DEFINITIE)
    page.get_by_role("button", name="Genereer").click()
    page.locator('.vb-tab[data-kind="tegenvoorbeelden"] .vb-item').nth(1).wait_for(state="attached")
    shot(page, "bezig")
    page.get_by_text("soorten zijn klaar").wait_for()
    page.get_by_role("tab", name="Tegenvoorbeelden").click()
    shot(page, "klaar")


def main() -> None:
    # Without kept answers: every picture shows a generation that really runs.
    with (
        serve_app({"VOORBEELDEN_CACHE_HOURS": "0"}) as url,
        sync_playwright() as playwright,
    ):
        browser = launch_chromium(playwright)
        for variant in VARIANTS:
            with new_context(browser, variant) as context:
                take_all(context.new_page(), url)
            print(f"{variant}: done")
        browser.close()


if __name__ == "__main__":
    main()
