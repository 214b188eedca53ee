"""Everything an editor can do with an item, and what two editors see of each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.browser_harness import VARIANTS, new_context, serve_app, wait_until_idle
from tests.browser.desk import button, card, drawn, generate, go, kept, more, texts

EDITED = "De verdachte vroeg om een tolk."
OWN = "De verdachte zweeg, zoals zijn raadsman had aangeraden."


@pytest.fixture(scope="module")
def quick_url() -> Iterator[str]:
    """The app on a demo server that answers at once."""
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": "instant"}) as url:
        yield url


Reviewing = Callable[[str], Page]


@pytest.fixture
def reviewing(page: Page, quick_url: str) -> Reviewing:
    """The page with the proposals for a begrip of the test's own."""

    def open_it(begrip: str) -> Page:
        page.goto(quick_url)
        generate(page, begrip)
        expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
        drawn(page)
        expect(kept(page)).to_have_count(3)
        return page

    return open_it


def progress(page: Page, text: str) -> None:
    expect(page.locator(".vb-progress b")).to_have_text(re.compile(text))
    wait_until_idle(page)  # the items are drawn after it


def test_by_keyboard(reviewing: Reviewing) -> None:
    """Approve, reject, edit, save and undo without the mouse; each moves on to the next item. Who
    goes through the tabs quickly ends where the last key led, with the buttons of that tab."""
    page = reviewing("getuige")
    progress(page, "^0 van")
    first, second, third = kept(page).locator(".vb-text").all_text_contents()
    card(page, first).get_by_role("button", name="Goedkeuren").focus()
    page.keyboard.press("g")
    progress(page, "^1 van")
    page.keyboard.press("a")
    progress(page, "^2 van")
    assert texts(page, "goedgekeurd") == {first}
    assert texts(page, "afgewezen") == {second}
    page.keyboard.press("b")
    field = page.get_by_label("Tekst", exact=True)
    expect(field).to_have_value(third)
    field.fill(EDITED)
    field.press("Control+Enter")
    expect(kept(page).get_by_text(EDITED)).to_be_visible()
    expect(field).to_have_count(0)
    card(page, first).get_by_role("button", name="Afwijzen").focus()
    page.keyboard.press("z")
    expect(kept(page).get_by_text(third)).to_be_visible()
    button(page, "Herhaal")
    expect(kept(page).get_by_text(EDITED)).to_be_visible()

    page.get_by_role("tab", name="Voorbeeldzinnen").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    [text] = kept(page, "toelichting").locator(".vb-text").all_text_contents()
    expect(card(page, text).get_by_role("button", name="Goedkeuren")).to_be_visible()
    wait_until_idle(page)
    chosen = page.get_by_role("tab", name="Toelichting")
    expect(chosen).to_have_attribute("aria-selected", "true")


def test_order_note_own_and_another(reviewing: Reviewing) -> None:
    """An item of one's own, up a place, with a note; another text for one item, beside the one that
    was approved; a version put back; all of it is there after a reload. So is the editor's name,
    which is no part of the address."""
    page = reviewing("besluit")
    button(page, "Begrip")
    page.get_by_label("Uw naam", exact=True).fill("Anna Müller; redactie")
    page.get_by_label("Uw naam", exact=True).press("Enter")
    page.keyboard.press("Escape")
    first, second, _ = kept(page).locator(".vb-text").all_text_contents()
    button(page, "Zelf toevoegen")
    page.get_by_label("Uw tekst").fill(OWN)
    button(page, "Voeg toe")
    expect(card(page, OWN)).to_contain_text("toegevoegd door Anna Müller; redactie")
    page.keyboard.press("Escape")

    more(page, second, "Omhoog")
    expect(kept(page).locator(".vb-text").first).to_have_text(second)
    more(page, second, "Opmerking")
    page.get_by_label("Opmerking", exact=True).fill("nakijken met de zaakofficier")
    button(page, "Bewaar opmerking")
    expect(card(page, second)).to_contain_text("nakijken met de zaakofficier")

    button(card(page, first), "Goedkeuren")
    expect(card(page, first)).to_contain_text("goedgekeurd")
    before = kept(page).count()
    more(page, first, "Opnieuw maken")
    expect(kept(page)).to_have_count(before + 1)
    drawn(page)
    assert first in texts(page, "goedgekeurd")

    button(card(page, first), "Bewerken")
    page.get_by_label("Tekst", exact=True).fill(EDITED)
    button(page, "Bewaar")
    expect(card(page, EDITED)).to_contain_text("goedgekeurd")
    more(page, EDITED, "Eerdere versies")
    button(page, "Zet versie 1 terug")
    expect(card(page, first)).to_contain_text("te beoordelen")
    shown = kept(page).locator(".vb-text").all_text_contents()
    page.reload()
    expect(kept(page)).to_have_count(before + 1)
    assert kept(page).locator(".vb-text").all_text_contents() == shown
    expect(card(page, second)).to_contain_text("nakijken met de zaakofficier")
    wait_until_idle(page)
    assert "Anna" not in page.url
    button(card(page, second), "Bewerken")
    page.get_by_label("Tekst", exact=True).fill(EDITED)
    button(page, "Bewaar")
    expect(card(page, EDITED)).to_contain_text("bewerkt door Anna Müller; redactie")
    button(page, "Begrip")
    expect(page.get_by_label("Uw naam", exact=True)).to_have_value("Anna Müller; redactie")


def test_marks_filter_preferred_term_and_everything_at_once(reviewing: Reviewing) -> None:
    """A mark with its reason can be filtered on; an approved synonym becomes the voorkeursterm;
    what is left is approved in one go and taken back in one. An edit stays where it was left."""
    page = reviewing("verdachte")
    [first, *_] = kept(page).locator(".vb-text").all_text_contents()
    button(card(page, first), "Bewerken")
    page.get_by_label("Tekst", exact=True).fill("De verdachte beriep zich op artikel 999 Sr.")
    button(page, "Bewaar")
    marked = card(page, "artikel 999")
    expect(marked.locator(".vb-check-hard")).to_be_visible()
    page.get_by_text("Fout", exact=True).first.click()
    expect(kept(page)).to_have_count(1)
    expect(page.get_by_text("2 niet getoond").first).to_be_visible()
    page.get_by_text("Alles", exact=True).first.click()
    expect(kept(page)).to_have_count(3)

    # Straight from the field to another tab: what is typed there is not saved, and not lost.
    second = kept(page).locator(".vb-text").nth(1).text_content()
    button(card(page, str(second)), "Bewerken")
    page.get_by_label("Tekst", exact=True).fill(EDITED)
    page.get_by_role("tab", name="Synoniemen").click()
    [synonym] = kept(page, "synoniemen").locator(".vb-text").all_text_contents()
    button(card(page, synonym), "Goedkeuren")
    expect(card(page, synonym)).to_contain_text("goedgekeurd")
    page.get_by_role("tab", name="Voorbeeldzinnen").click()
    expect(page.get_by_label("Tekst", exact=True)).to_have_value(EDITED)
    button(page, "Annuleer")
    page.get_by_role("tab", name="Synoniemen").click()
    expect(card(page, synonym)).to_be_visible()
    button(page, "Begrip")
    term = page.get_by_role("combobox", name="Voorkeursterm")
    term.click()
    page.get_by_role("option", name=synonym, exact=True).click()
    wait_until_idle(page)
    button(page, "Alle voorstellen goedkeuren")
    progress(page, r"^(\d+) van \1 beoordeeld")
    page.reload()
    progress(page, r"^(\d+) van \1 beoordeeld")
    button(page, "Begrip")
    expect(term).to_have_value(synonym)
    page.keyboard.press("Escape")
    button(page, "Ongedaan maken")
    progress(page, "^1 van")


def test_back_from_another_page(reviewing: Reviewing) -> None:
    """The begrip that was open is open again, with its form and with an edit that was not saved,
    also when the link was pressed straight from the field, without a moment between down and up."""
    page = reviewing("eigendom")
    button(page, "Bewerken")
    for number in range(3):
        page.get_by_label("Tekst", exact=True).fill(f"{EDITED} {number}")
        go(page, "Geschiedenis")
        expect(page.get_by_text("gevonden.")).to_be_visible()
        go(page, "Voorbeelden")
        expect(kept(page)).to_have_count(3)
        expect(page.get_by_label("Begrip", exact=True)).to_have_value("eigendom")
        expect(page.get_by_label("Tekst", exact=True)).to_have_value(f"{EDITED} {number}")


def test_two_editors_of_one_text(browser: Browser, reviewing: Reviewing) -> None:
    """The second to save sees both texts and chooses; neither text is ever lost."""
    page = reviewing("overeenkomst")
    first, second, _ = kept(page).locator(".vb-text").all_text_contents()
    with new_context(browser, VARIANTS[0]) as context:
        other = context.new_page()
        other.goto(page.url)
        expect(kept(other)).to_have_count(3)
        for one in (page, other):
            button(card(one, first), "Bewerken")
        page.get_by_label("Tekst", exact=True).fill("Mijn verdachte zweeg.")
        button(page, "Bewaar")
        expect(card(page, "Mijn verdachte zweeg.")).to_be_visible()
        # As people do it: the text is typed, the field is left, and only then a button is pressed,
        # on a page that knows by then that the item is not there any more.
        field = other.get_by_label("Tekst", exact=True)
        field.fill("Uw verdachte zweeg.")
        field.press("Tab")
        wait_until_idle(other)
        expect(other.get_by_text("Deze tekst is intussen vervangen.")).to_be_visible()
        expect(field).to_have_value("Uw verdachte zweeg.")
        held = other.get_by_role("button", name="Bewaar", exact=True)
        held.hover()
        other.mouse.down()
        other.wait_for_timeout(300)
        other.mouse.up()
        clash = other.locator(".vb-clash")
        expect(clash).to_contain_text("Mijn verdachte zweeg.")
        expect(clash).to_contain_text("Uw verdachte zweeg.")
        button(other, "Mijn keuze bewaren")
        expect(card(other, "Uw verdachte zweeg.")).to_be_visible()
        expect(clash).to_have_count(0)
        more(other, "Uw verdachte zweeg.", "Eerdere versies")
        expect(other.get_by_text("Mijn verdachte zweeg.")).to_be_visible()
        expect(other.locator(".vb-version", has_text=first)).to_be_visible()

        # By keyboard straight from the field, on a page that does not know it yet.
        for one in (page, other):
            wait_until_idle(one)
            button(card(one, second), "Bewerken")
        page.get_by_label("Tekst", exact=True).fill("Mijn tweede verdachte zweeg.")
        button(page, "Bewaar")
        expect(card(page, "Mijn tweede verdachte zweeg.")).to_be_visible()
        field.fill("Uw tweede verdachte zweeg.")
        field.press("Control+Enter")
        expect(clash).to_contain_text("Mijn tweede verdachte zweeg.")
        expect(clash).to_contain_text("Uw tweede verdachte zweeg.")
        button(other, "Die van de ander houden")
        expect(clash).to_have_count(0)
        expect(field).to_have_count(0)
