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
    shot(page, "start")


def main() -> None:
    with serve_app() as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for variant in VARIANTS:
            with new_context(browser, variant) as context:
                take_all(context.new_page(), url)
            print(f"{variant}: done")
        browser.close()


if __name__ == "__main__":
    main()
