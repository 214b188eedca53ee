"""Five faults as an editor lives through them, in a real browser. The ``page`` fixture fails the
test when the page asks anything of another machine or logs an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from scripts.browser_harness import serve_app

# As in test_voorbeelden.py: a busy machine takes its time.
SHORT = {
    "VOORBEELDEN_STALL_TIMEOUT": "1",
    "VOORBEELDEN_CALL_TIMEOUT": "3",
    "VOORBEELDEN_DEADLINE": "20",
    "VOORBEELDEN_CACHE_HOURS": "0",
}
DEFINITIE = "degene tegen wie een redelijk vermoeden van schuld bestaat"


@contextmanager
def generating(page: Page, profile: str) -> Iterator[None]:
    """The app on a demo server of ``profile``, with Genereer just clicked."""
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": profile, **SHORT}) as url:
        page.goto(url)
        generate(page)
        yield
        # Or the page would complain that its server has gone.
        page.goto("about:blank")


def generate(page: Page) -> None:
    page.get_by_label("Begrip", exact=True).fill("verdachte")
    page.get_by_label("Definitie", exact=True).fill(DEFINITIE)
    page.get_by_role("button", name="Genereer").click()


def panel(page: Page, kind: str) -> Locator:
    return page.locator(f'.vb-tab[data-kind="{kind}"]')


def items(page: Page, kind: str) -> Locator:
    return page.locator(f'.vb-item[data-kind="{kind}"]')


def lane(page: Page, title: str) -> Locator:
    return page.locator(".vb-lane", has_text=title)


def alert(page: Page, kind: str) -> Locator:
    return panel(page, kind).locator('[role="alert"]')


def assert_text_kept(page: Page) -> None:
    expect(page.get_by_label("Begrip", exact=True)).to_have_value("verdachte")
    expect(page.get_by_label("Definitie", exact=True)).to_have_value(DEFINITIE)


def test_busy_and_broken_off_are_shown_while_they_last_and_then_overcome(page: Page) -> None:
    """A 429: its lane counts down the seconds that the provider asks for. A stall: what had come in
    stands there as a concept while it is asked again. In the end all six are whole."""
    profile = (
        "fixed,seconds=0.5;fault=429@voorbeeldzinnen.1,retry-after=4;"
        "fault=stall@praktijkvoorbeelden.1,items=1"
    )
    with generating(page, profile):
        expect(lane(page, "Voorbeeldzinnen")).to_contain_text(re.compile(r"wacht [1-5]\s*s"))
        draft = panel(page, "praktijkvoorbeelden").locator(".vb-draft")
        expect(draft).to_contain_text("Concept")
        expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
        expect(draft).to_have_count(0)
        expect(items(page, "praktijkvoorbeelden")).to_have_count(3)
        expect(items(page, "voorbeeldzinnen")).to_have_count(3)
        assert_text_kept(page)


def test_a_proxy_and_a_drip_are_named_and_four_types_are_whole(page: Page) -> None:
    """A web page where a model should be, and an answer that never ends: each has its own message
    in its own tab, and the sentence above names both."""
    profile = "fixed,seconds=0.3;fault=html@synoniemen;fault=drip@toelichting,every=0.1"
    with generating(page, profile):
        expect(
            page.get_by_text(
                "4 van de 6 soorten zijn klaar. Niet compleet: synoniemen en toelichting."
            )
        ).to_be_visible()
        expect(alert(page, "synoniemen")).to_contain_text("geen taalmodel, maar een webpagina")
        expect(alert(page, "toelichting")).to_contain_text("niet op tijd klaar")
        for kind in ("voorbeeldzinnen", "praktijkvoorbeelden", "tegenvoorbeelden", "antoniemen"):
            expect(alert(page, kind)).to_have_count(0)
            expect(items(page, kind).first).to_be_attached()
        assert_text_kept(page)


def test_a_wrong_key_says_whom_to_tell_and_keeps_the_text(page: Page) -> None:
    """All six fail at once and for one reason; nothing that was typed is lost."""
    with generating(page, "instant;fault=401"):
        expect(page.get_by_text("Er is niets gelukt. Uw tekst staat er nog")).to_be_visible()
        expect(page.locator('.vb-tab [role="alert"]')).to_have_count(6)
        for text in page.locator('.vb-tab [role="alert"]').all_text_contents():
            assert re.search("sleutel.*ongeldig.*beheerder", text)
        assert_text_kept(page)
        assert "Error" not in (page.locator("body").text_content() or "")
