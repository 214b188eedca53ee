"""Every page and state under axe-core, light and dark, wide and narrow: nothing grave, and no
sideways scrolling. What nobody hopes to see is in test_access_odd.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts import tour
from scripts.browser_harness import VARIANTS, new_context, serve_app, wait_until_idle
from tests.browser.access import faults


@pytest.fixture(scope="module")
def quick_url() -> Iterator[str]:
    """An app of its own with an empty database; every type takes 0.3 s."""
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": "fixed,seconds=0.3"}) as url:
        yield url


@pytest.fixture(scope="module")
def stuck_url() -> Iterator[str]:
    """One type stops half-way and stays so, one fails, the others are there at once."""
    profile = "instant;fault=stall@praktijkvoorbeelden;fault=400@synoniemen"
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": profile}) as url:
        yield url


def opened(page: Page, name: str, *, nth: int = 0) -> None:
    """A popover or menu, open and drawn."""
    page.get_by_role("button", name=name, exact=True).nth(nth).click()
    page.locator('[data-testid="stPopoverBody"], [role="menu"]').first.wait_for()


def test_before_anything_was_made(page: Page, quick_url: str) -> None:
    """First of this module: the database is empty, and every page says what to do about that."""
    tour.start(page, quick_url)
    found = faults(page, "start")
    for title in tour.TITLES[1:-1]:
        tour.go(page, title)
        expect(page.locator('[role="alert"]')).to_have_count(0)
        found += faults(page, f"{title}, leeg")
    tour.go(page, "Handleiding")
    found += faults(page, "Handleiding")
    assert not found, "\n".join(found)


def test_the_form_and_what_opens_over_the_page(page: Page, quick_url: str) -> None:
    """Chosen values, a refused form, and the popovers that hang outside the page's own element."""
    tour.start(page, quick_url)
    page.get_by_role("button", name="Vul een voorbeeld in").click()
    page.get_by_role("button", name="Verwijder").first.wait_for()
    opened(page, "Taalmodel aansluiten")
    found = faults(page, "ingevuld, met uitleg")
    page.keyboard.press("Escape")
    opened(page, "Weergave en afdrukken")
    found += faults(page, "menu")
    page.keyboard.press("Escape")
    page.get_by_label("Begrip", exact=True).fill(" ")
    page.get_by_role("button", name="Genereer").click()
    page.get_by_text("Vul een begrip in").wait_for()
    found += faults(page, "geweigerd")
    assert not found, "\n".join(found)


def test_busy_failed_and_stopped(page: Page, stuck_url: str) -> None:
    """One type runs, one failed, four are there; then the same, stopped; then the one that was
    stopped is made again beside what it had brought."""
    tour.start(page, stuck_url)
    tour.busy(page)
    found = faults(page, "bezig")
    tour.open_tab(page, "Synoniemen")
    expect(page.locator(".vb-alert").filter(has_text="Niet gelukt")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    tour.ended(page)
    found += faults(page, "mislukt")
    tour.open_tab(page, "Praktijkvoorbeelden")
    panel = page.get_by_role("tabpanel", name="Praktijkvoorbeelden")
    panel.get_by_role("button", name="Opnieuw", exact=True).click()
    expect(panel.get_by_role("group", name="Al aanwezig").locator(".vb-item")).not_to_have_count(0)
    found += faults(page, "opnieuw bezig")
    assert not found, "\n".join(found)


def test_reviewing_looking_back_and_exporting(page: Page, quick_url: str) -> None:
    """From a finished generation to its review, its history and its export, with the menus."""
    tour.start(page, quick_url)
    tour.generate(page)
    tour.ended(page)
    found = faults(page, "klaar")
    tour.reviewed(page)
    found += faults(page, "beoordeeld")
    for name in ("Meer", "Begrip", "Zelf toevoegen"):
        opened(page, name)
        found += faults(page, name)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Opnieuw", exact=True).first.click()
    page.locator(".vb-again").wait_for()
    expect(page.locator(".vb-running")).to_have_count(0)
    tour.go(page, "Geschiedenis")
    found += faults(page, "geschiedenis")
    tour.look_back(page)
    found += faults(page, "terugkijken")
    tour.go(page, "Uitvoer")
    tour.choose_first(page)
    table = b"begrip;definitie\nbesluit;een beslissing\n;zonder begrip\n"
    page.locator('input[type="file"]').set_input_files(
        {"name": "tabel.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.get_by_text("bruikbaar").wait_for()
    found += faults(page, "uitvoer")
    assert not found, "\n".join(found)


def test_the_definition(page: Page, quick_url: str) -> None:
    """Draft, findings, examples and the popover that accepts."""
    tour.start(page, quick_url)
    tour.go(page, "Definitie")
    tour.defined(page)
    found = faults(page, "definitie")
    page.get_by_role("textbox", name="Definitie bewerken").fill("De persoon die verdacht wordt")
    page.locator(".vb-finding.vb-fact").first.wait_for()
    wait_until_idle(page)
    opened(page, "Stel vast")
    found += faults(page, "vaststellen")
    assert not found, "\n".join(found)


def test_the_benchmark_and_the_monitor(page: Page, quick_url: str) -> None:
    """A measurement with all its charts, every choice of its form, and the monitor after it."""
    tour.start(page, quick_url)
    tour.go(page, "Benchmark")
    tour.measure(page)
    page.get_by_text("Ook op schaal meten").click()
    page.get_by_text("Generaties tegelijk").wait_for()
    wait_until_idle(page)
    found = faults(page, "benchmark")
    tour.go(page, "Voorbeelden")
    tour.generate(page, "besluit", "een schriftelijke beslissing van een bestuursorgaan")
    tour.ended(page)
    tour.go(page, "Monitor")
    found += faults(page, "monitor")
    assert not found, "\n".join(found)


def test_the_menu_of_a_phone_makes_way(browser: Browser, quick_url: str) -> None:
    """On 390 px the navigation lies over the page; choosing a page closes it again."""
    with new_context(browser, VARIANTS[2]) as context:
        page = context.new_page()
        tour.start(page, quick_url)
        for title in tour.TITLES[1:3]:
            tour.go(page, title)
            page.get_by_role("heading", level=1).click()
        # Between a phone and a desk some pages do not fit: Streamlit's word for them is Dutch.
        page.set_viewport_size({"width": 800, "height": 844})
        expect(page.get_by_text(re.compile(r"^nog \d$"))).to_be_visible()
