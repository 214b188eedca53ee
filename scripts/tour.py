"""A walk through every page and state of the app, shared by the screenshots and the browser tests.

Each step leaves ``page`` showing what it is named after. Pages are reached by the navigation, as an
editor does; below 900 px it is behind a button.
"""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Page, expect

from scripts.browser_harness import wait_until_idle

DEFINITIE: Final = (
    "degene ten aanzien van wie uit feiten of omstandigheden een redelijk vermoeden van schuld "
    "aan een strafbaar feit voortvloeit"
)
TITLES: Final = (
    "Voorbeelden",
    "Definitie",
    "Geschiedenis",
    "Uitvoer",
    "Monitor",
    "Benchmark",
    "Handleiding",
)
SLOW: Final = 60_000  # milliseconds; a whole flow or a small measurement on a busy machine


def start(page: Page, url: str) -> None:
    """The first minute: nothing filled in yet."""
    page.goto(url)
    page.get_by_role("button", name="Genereer").wait_for()
    wait_until_idle(page)


def go(page: Page, title: str) -> None:
    """To the page with this title."""
    expand = page.get_by_test_id("stExpandSidebarButton")
    narrow = expand.is_visible()
    if narrow:
        expand.click()
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    wait_until_idle(page)
    if narrow:  # the page closes what lies over it
        expect(expand).to_be_visible()


def generate(page: Page, begrip: str = "verdachte", definitie: str = DEFINITIE) -> None:
    page.get_by_label("Begrip", exact=True).fill(begrip)
    page.get_by_label("Definitie", exact=True).fill(definitie)
    page.get_by_role("button", name="Genereer").click()


def busy(page: Page, begrip: str = "verdachte") -> None:
    """Items of several types are in, not all."""
    generate(page, begrip)
    page.locator('.vb-item[data-kind="tegenvoorbeelden"]').nth(1).wait_for(state="attached")


def open_tab(page: Page, title: str) -> None:
    """Until it has its buttons."""
    page.get_by_role("tab", name=title).click()
    panel = page.get_by_role("tabpanel", name=title)
    expect(panel.locator('[class*="st-key-vb-opener-"]')).to_have_count(0)


def ended(page: Page) -> None:
    """The generation is over, well or not, and the page has its buttons."""
    page.get_by_text(
        re.compile("soorten (is|zijn) klaar|: klaar in|^Gestopt|niets gelukt")
    ).first.wait_for()
    page.get_by_role("button", name="Alles opnieuw").wait_for()
    wait_until_idle(page)


def reviewed(page: Page) -> None:
    """One item approved and one being edited."""
    page.get_by_role("button", name="Goedkeuren").first.click()
    page.locator('.vb-item[data-status="goedgekeurd"]').first.wait_for()
    page.get_by_role("button", name="Bewerken").nth(1).click()
    page.get_by_label("Tekst", exact=True).wait_for()
    wait_until_idle(page)


def defined(page: Page, begrip: str = "persoonsgegeven") -> None:
    """A definition with its findings and examples."""
    page.get_by_label("Begrip", exact=True).fill(begrip)
    page.get_by_role("button", name="Stel een definitie op").click()
    page.get_by_text("De definitie en alle 6 soorten voorbeelden zijn klaar").wait_for(timeout=SLOW)
    wait_until_idle(page)


def look_back(page: Page) -> None:
    """The versions and generations of the first begrip that the history shows."""
    page.get_by_role("button", name="Terugkijken").first.click()
    page.get_by_role("button", name="Terug naar de lijst").wait_for()
    wait_until_idle(page)


def choose_first(page: Page, begrip: str = "") -> None:
    """One begrip chosen for the export: the first, or ``begrip``."""
    page.get_by_role("combobox", name="Begrippen").click()
    options = page.get_by_role("option").filter(has_not_text="Alles kiezen")
    options.filter(has_text=begrip).first.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Download").wait_for()
    wait_until_idle(page)


def measure(page: Page, repetitions: int = 1) -> None:
    """A small measurement, from its start to its last picture."""
    page.get_by_text("Gemeten latenties").first.click()
    wait_until_idle(page)
    for label in ("Tijden vermenigvuldigen met", "Herhalingen"):
        page.get_by_role("slider", name=label).press("Home")
        wait_until_idle(page)
    for _ in range(repetitions - 1):
        page.get_by_role("slider", name="Herhalingen").press("ArrowRight")
        wait_until_idle(page)
    page.get_by_role("button", name="Start de meting").click()
    page.locator(".vb-b-account p").wait_for(timeout=2 * SLOW)
    wait_until_idle(page)
