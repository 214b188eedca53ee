"""The editors' page in a real browser, against the demo server."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.browser_harness import VARIANTS, new_context, serve_app, wait_until_idle, watch

# The demo takes about six seconds for its longest type.
TYPES = (
    "Voorbeeldzinnen",
    "Praktijkvoorbeelden",
    "Tegenvoorbeelden",
    "Synoniemen",
    "Antoniemen",
    "Toelichting",
)


def fill(page: Page, begrip: str, definitie: str) -> None:
    page.get_by_label("Begrip", exact=True).fill(begrip)
    page.get_by_label("Definitie", exact=True).fill(definitie)


def generate(page: Page) -> None:
    page.get_by_role("button", name="Genereer").click()


def tab(page: Page, title: str) -> None:
    page.get_by_role("tab", name=title).click()


def panel(page: Page, kind: str) -> str:
    """Everything a tab says, whether or not it is open."""
    return "".join(page.locator(f'div[data-kind="{kind.lower()}"]').all_text_contents())


def items(page: Page, kind: str):  # type: ignore[no-untyped-def]
    return page.locator(f'.vb-item[data-kind="{kind.lower()}"]')


def test_from_form_to_six_tabs_and_again(page: Page, app_url: str) -> None:
    """The main job, twice in one process: items appear before the last call ends, the opened tab
    stays open, all six fill, and of the first term nothing remains under the second."""
    page.goto(app_url)
    # A begrip of its own: this app has kept what another test made of another.
    fill(page, "aanhouding", "het vastpakken van een verdachte om hem te verhoren")
    generate(page)

    expect(page.locator(".vb-item").first).to_be_attached()
    assert page.locator(".vb-lane.vb-running").count() > 0, (
        "the first item came after the last call"
    )
    tab(page, "Tegenvoorbeelden")
    expect(page.get_by_role("tab", name="Tegenvoorbeelden")).to_have_attribute(
        "aria-selected", "true"
    )

    expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
    expect(page.get_by_role("tab", name="Tegenvoorbeelden")).to_have_attribute(
        "aria-selected", "true"
    )
    for kind in TYPES:
        assert items(page, kind).count() > 0, f"{kind} is empty"
    first = [panel(page, kind) for kind in TYPES]

    fill(page, "besluit", "een schriftelijke beslissing van een bestuursorgaan")
    generate(page)
    expect(page.locator(".vb-heading h2")).to_have_text("besluit")
    expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
    for kind, before in zip(TYPES, first, strict=True):
        after = panel(page, kind)
        assert after != before
        for text in items(page, kind).locator(".vb-text").all_text_contents():
            assert text not in before
    assert "aanhouding" not in "".join(panel(page, kind) for kind in TYPES).lower()


def test_the_screen_says_that_the_texts_are_a_demonstration(page: Page, app_url: str) -> None:
    """Nobody may take the demo's texts for a language model's, and the way out is at hand."""
    page.goto(app_url)
    expect(page.get_by_text("niet van een taalmodel")).to_be_visible()
    page.get_by_role("button", name="Taalmodel aansluiten").click()
    expect(page.get_by_text("OPENAI_API_KEY", exact=False).first).to_be_visible()
    assert page.locator('[data-testid="stAppDeployButton"]').count() == 0
    assert page.locator("html").get_attribute("lang") == "nl"


def test_nothing_is_sent_before_the_form_is_right(page: Page, app_url: str) -> None:
    """Spaces are no begrip; the message is Dutch, and what was typed stays."""
    page.goto(app_url)
    fill(page, "   ", "een omschrijving die blijft staan")
    generate(page)
    expect(page.get_by_text("Vul een begrip in")).to_be_visible()
    assert page.locator(".vb-timeline").count() == 0
    expect(page.get_by_label("Definitie", exact=True)).to_have_value(
        "een omschrijving die blijft staan"
    )


@pytest.fixture(scope="module")
def slow_url() -> Iterator[str]:
    """The app on a demo server that takes half a minute: a busy machine too is in time to stop."""
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": "fixed,seconds=30"}) as url:
        yield url


def test_an_example_can_be_filled_in_and_stopped(page: Page, slow_url: str) -> None:
    """One click fills the form; Stop ends the run at once and keeps what had arrived."""
    page.goto(slow_url)
    page.get_by_role("button", name="Vul een voorbeeld in").click()
    expect(page.get_by_label("Begrip", exact=True)).not_to_have_value("")
    generate(page)
    expect(page.locator(".vb-item").first).to_be_attached(timeout=30_000)
    # While a slow script runs Streamlit shows a Stop of its own at the top.
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Gestopt. Van")).to_be_visible()
    assert page.locator(".vb-item").count() > 0
    assert page.locator(".vb-lane.vb-running").count() == 0


def test_an_item_can_be_copied(browser: Browser, app_url: str) -> None:
    """The copy button puts the item's own text on the clipboard, and says so; it keeps the focus
    when its item is drawn anew, because others came in or its buttons did."""
    with new_context(browser, VARIANTS[0]) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(app_url)
        fill(page, "eigendom", "het meest omvattende recht op een zaak")
        generate(page)
        item = items(page, "Voorbeeldzinnen").first
        item.get_by_role("button", name="Kopieer").focus()
        text = item.locator(".vb-text").text_content() or ""
        expect(items(page, "Voorbeeldzinnen")).to_have_count(3)
        expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
        expect(page.get_by_role("button", name="Alles opnieuw")).to_be_visible()
        expect(page.locator(":focus")).to_have_attribute("data-copy", text)
        page.keyboard.press("Enter")
        expect(item.locator(".vb-copy")).to_have_text("Gekopieerd")
        assert page.evaluate("navigator.clipboard.readText()") == text


@pytest.fixture(scope="module")
def faulty_url() -> Iterator[str]:
    """The app on a demo server that fails synoniemen once and slips markup into other items."""
    profile = "fixed,seconds=0.5;fault=400@synoniemen.1;fault=image@praktijkvoorbeelden"
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": profile}) as url:
        yield url


def test_a_failed_type_is_named_and_can_be_made_again(page: Page, faulty_url: str) -> None:
    """One type fails: five are whole, the failure says what to do, and Opnieuw makes that type
    alone. A model's markdown image stays text: the page asks nothing of another machine."""
    page.goto(faulty_url)
    fill(page, "getuige", "iemand die verklaart over wat hij heeft waargenomen")
    generate(page)
    expect(page.get_by_text("5 van de 6 soorten zijn klaar")).to_be_visible()
    expect(page.get_by_role("button", name="Alles opnieuw")).to_be_visible()
    tab(page, "Synoniemen")
    alert = page.locator('.vb-tab[data-kind="synoniemen"] .vb-alert')
    expect(alert).to_contain_text("geweigerd")
    expect(alert).to_contain_text("beheerder")
    others = [panel(page, kind) for kind in TYPES if kind != "Synoniemen"]
    assert "![" in panel(page, "Praktijkvoorbeelden")
    assert page.locator(".vb-tab img").count() == 0

    page.get_by_role("button", name="Opnieuw", exact=True).click()
    expect(page.get_by_text(re.compile("Alle 6 soorten zijn klaar"))).to_be_visible()
    expect(page.get_by_role("button", name="Alles opnieuw")).to_be_visible()
    expect(alert).to_have_count(0)
    assert others == [panel(page, kind) for kind in TYPES if kind != "Synoniemen"]


def test_a_job_outlives_a_reload_of_widgets(browser: Browser, app_url: str) -> None:
    """Editing a field while a job runs neither stops it nor loses a result, and its end neither
    closes a menu nor loses what one types there (390 px wide)."""
    problems: list[str] = []
    with new_context(browser, VARIANTS[2]) as context:
        watch(context, problems)
        page = context.new_page()
        page.goto(app_url)
        fill(page, "overeenkomst", "een meerzijdige rechtshandeling")
        generate(page)
        expect(page.locator(".vb-lane.vb-running").first).to_be_attached()
        page.get_by_label("Definitie", exact=True).fill("een andere tekst")
        page.get_by_label("Begrip", exact=True).click()
        page.get_by_role("button", name="Begrip", exact=True).click()
        name = page.get_by_label("Uw naam", exact=True)
        name.fill("A. de Vries")
        assert page.locator(".vb-lane.vb-running").count() > 0, "there is no end left to outlive"
        expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
        expect(page.get_by_role("button", name="Alles opnieuw")).to_be_visible()
        wait_until_idle(page)
        expect(name).to_have_value("A. de Vries")
        expect(page.get_by_label("Definitie", exact=True)).to_have_value("een andere tekst")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not problems
