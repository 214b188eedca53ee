"""Take the pictures anew: docs/screenshots (every page and state, light and dark, on a desk and on
a phone) and static/handleiding (what the guide shows, cut out and small).

usage: make screenshots
       python -m scripts.screenshots [docs|guide]      one of the two
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, sync_playwright

from scripts import tour
from scripts.browser_harness import (
    ROOT,
    VARIANTS,
    launch_chromium,
    new_context,
    serve_app,
    wait_until_idle,
)
from scripts.palette import few_colours
from voorbeelden.screen.guide import FOLDER as GUIDE
from voorbeelden.screen.guide import SHARP

FOLDER: Final = ROOT / "docs" / "screenshots"

# Without kept answers: every picture shows a generation that really runs.
DEMO: Final = {"VOORBEELDEN_CACHE_HOURS": "0"}
FAULTY: Final = {
    **DEMO,
    "VOORBEELDEN_DEMO_PROFILE": "demo;fault=refusal@synoniemen;fault=close@praktijkvoorbeelden",
}

WIDE, NARROW, TALL = 1300, 620, 2400
"""The guide's window. What is as wide as the page is taken from a narrow one: beside the text of
the guide there is room for 530 pixels, and a strip of 1160 could not be read there."""

MARGIN: Final = 12  # pixels around what is cut out
SETTLE: Final = 400  # milliseconds in which Streamlit takes over a width
QUALITY: Final = 78  # of WebP: text stays sharp, a picture stays under 60 kB


def shot(page: Page, name: str) -> Path:
    """Save the whole page as docs/screenshots/<name>-<theme>-<width>.png and return that path.

    Theme and width are the page's own. Waits until Streamlit has finished its script.
    """
    wait_until_idle(page)
    size = page.viewport_size
    if size is None:
        raise ValueError("a page without a fixed viewport has no width to name the file by")
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    # Streamlit scrolls inside its main block, so "full page" would stop at the window's edge. A
    # chart may be drawn only when it comes into sight, and be higher than its place was.
    main, height = page.locator('[data-testid="stMain"]'), size["height"]
    while (content := int(main.evaluate("main => main.scrollHeight"))) > height:
        height = content
        page.set_viewport_size({"width": size["width"], "height": height})
        wait_until_idle(page)
    page.mouse.move(0, 0)  # nothing is being pointed at
    path = FOLDER / f"{name}-{'dark' if dark else 'light'}-{size['width']}.png"
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.activeElement.blur()")
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    few_colours(image).save(path, optimize=True)
    page.set_viewport_size(size)
    return path


def take_all(page: Page, url: str) -> None:
    """The pages, in the order of the navigation."""
    tour.start(page, url)
    shot(page, "start")
    tour.busy(page)
    shot(page, "bezig")
    tour.ended(page)
    tour.open_tab(page, "Tegenvoorbeelden")
    shot(page, "klaar")
    tour.go(page, "Definitie")
    tour.defined(page)
    shot(page, "definitie")
    tour.go(page, "Geschiedenis")
    shot(page, "geschiedenis")
    tour.go(page, "Uitvoer")
    tour.choose_first(page)
    shot(page, "uitvoer")
    tour.go(page, "Benchmark")
    tour.measure(page, repetitions=3)
    shot(page, "benchmark")
    tour.go(page, "Monitor")
    shot(page, "monitor")
    tour.go(page, "Handleiding")
    shot(page, "handleiding")


def take_failed(page: Page, url: str) -> None:
    tour.start(page, url)
    tour.generate(page)
    tour.ended(page)
    tour.open_tab(page, "Synoniemen")
    page.locator(".vb-alert:visible").first.wait_for()
    shot(page, "mislukt")


def take_docs(browser: Browser) -> None:
    for variant in VARIANTS:
        # Apps of its own: what one variant kept would stand in the pictures of the next.
        with (
            serve_app(DEMO) as url,
            serve_app(FAULTY) as faulty,
            new_context(browser, variant) as context,
        ):
            take_all(context.new_page(), url)
            take_failed(context.new_page(), faulty)
        print(f"{variant}: done")


def cut(page: Page, name: str, *parts: Locator, width: int = WIDE) -> None:
    """Save what encloses ``parts`` as static/handleiding/<name>.webp, in a window of ``width``."""
    page.set_viewport_size({"width": width, "height": TALL})
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLE)
    wait_until_idle(page)
    for part in (*parts, parts[0]):
        part.scroll_into_view_if_needed()
    boxes = [box for box in (part.bounding_box() for part in parts) if box]
    left = min(box["x"] for box in boxes) - MARGIN
    top = max(0.0, min(box["y"] for box in boxes) - MARGIN)
    right = max(box["x"] + box["width"] for box in boxes) + MARGIN
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
    clip = FloatRect(x=left, y=top, width=right - left, height=bottom - top)
    image = Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled")))
    size = (round(clip["width"] * SHARP), round(clip["height"] * SHARP))
    GUIDE.mkdir(parents=True, exist_ok=True)
    image.resize(size, Image.Resampling.LANCZOS).save(
        GUIDE / f"{name}.webp", quality=QUALITY, method=6
    )
    page.set_viewport_size({"width": WIDE, "height": TALL})


def take_guide(browser: Browser) -> None:
    """In light and at a width that makes an extract readable on a phone too."""
    context = browser.new_context(
        viewport={"width": WIDE, "height": TALL},
        device_scale_factor=2,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        reduced_motion="reduce",
    )
    with serve_app(DEMO) as url, serve_app(FAULTY) as faulty, context:
        page = context.new_page()
        tour.start(page, url)
        connect = page.get_by_role("button", name="Taal")
        cut(page, "aansluiten", page.locator(".vb-strip"), connect, width=NARROW)
        page.get_by_label("Begrip", exact=True).fill("verdachte")
        page.get_by_label("Definitie", exact=True).fill(tour.DEFINITIE)
        cut(page, "formulier", page.locator(".stForm"))
        page.get_by_role("button", name="Genereer").click()
        tour.ended(page)
        cut(page, "tijdlijn", page.locator(".vb-timeline"))
        page.get_by_role("button", name="Goedkeuren").first.click()
        page.locator('.vb-item[data-status="goedgekeurd"]').first.wait_for()
        kept = page.locator('[class*="st-key-vb-kept-"]')
        cut(page, "beoordelen", page.get_by_role("tablist").first, kept.nth(1))
        tour.go(page, "Definitie")
        tour.defined(page)
        cut(page, "definitie", page.locator(".vb-definition"), page.locator(".vb-checks"))
        tour.go(page, "Geschiedenis")
        found = page.locator('[class*="st-key-gevonden-"]')
        cut(page, "geschiedenis", page.get_by_text("gevonden."), found.first, width=NARROW)
        tour.go(page, "Uitvoer")
        tour.choose_first(page, "verdachte")
        download = page.get_by_role("button", name="Download")
        cut(page, "uitvoer", page.locator(".stColumn").filter(has=download).first)
        tour.go(page, "Benchmark")
        tour.measure(page)
        cut(page, "meten", page.locator('[data-chart="tijd"]').first)
        tour.start(page, faulty)
        tour.generate(page)
        tour.ended(page)
        tour.open_tab(page, "Synoniemen")
        alert = page.locator(".vb-alert:visible").first
        alert.wait_for()
        again = page.get_by_role("button", name="Opnieuw", exact=True).locator("visible=true")
        cut(page, "mislukt", page.get_by_role("tablist").first, alert, again.first)


def main() -> None:
    wanted = sys.argv[1:] or ["docs", "guide"]
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        if "guide" in wanted:
            take_guide(browser)
        if "docs" in wanted:
            take_docs(browser)
        browser.close()


if __name__ == "__main__":
    main()
