"""What the browser tests of the desk do as an editor does it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from scripts.browser_harness import wait_until_idle


def generate(page: Page, begrip: str = "verdachte") -> None:
    """From the form to the click; not to the end."""
    page.get_by_label("Begrip", exact=True).fill(begrip)
    page.get_by_label("Definitie", exact=True).fill(
        "degene tegen wie een redelijk vermoeden van schuld bestaat"
    )
    button(page, "Genereer")


def drawn(page: Page) -> None:
    """Nothing is being made any more, and its items have their buttons: a page that is drawn closes
    the menus."""
    expect(page.get_by_role("button", name="Alles opnieuw")).to_be_visible()
    wait_until_idle(page)


def kept(page: Page, kind: str = "voorbeeldzinnen") -> Locator:
    return page.locator(f'.vb-item[data-kind="{kind}"]')


def texts(page: Page, status: str, kind: str = "voorbeeldzinnen") -> set[str]:
    found = page.locator(f'.vb-item[data-kind="{kind}"][data-status="{status}"] .vb-text')
    return set(found.all_text_contents())


def card(page: Page, text: str) -> Locator:
    """An item with its buttons."""
    return page.locator('[class*="st-key-vb-kept-"]', has_text=text)


def button(page: Page | Locator, name: str, nth: int = 0) -> None:
    page.get_by_role("button", name=name, exact=True).nth(nth).click()


def more(page: Page, text: str, option: str) -> None:
    """From the menu of the item with ``text``."""
    wait_until_idle(page)  # a page that is drawn closes the menu
    button(card(page, text), "Meer")
    page.get_by_text(option, exact=True).last.click()


def go(page: Page, title: str) -> None:
    """By the navigation: an address of its own makes Streamlit's own script ask for a file that is
    not there, which counts as a console error."""
    page.get_by_role("link", name=title).first.click()
    expect(page.locator(".vb-mast h1")).to_have_text(title)
    wait_until_idle(page)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()
