"""The main job without a mouse, and what stays where it is while types arrive."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from scripts import tour
from scripts.browser_harness import VARIANTS, Variant, new_context, run_app, wait_until_idle
from tests.browser.places import follow, moved

MOST_TABS: Final = 150

FOCUSED: Final = """() => {
  const one = document.activeElement;
  const around = one.type === "checkbox" || one.type === "radio" ? "label" : '[role="group"]';
  const ringed = one.matches('[type="checkbox"], [type="radio"], [role="combobox"]')
    ? (one.closest(around) ?? one) : one;
  const style = getComputedStyle(ringed);
  const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  const box = ringed.getBoundingClientRect();
  // Not by the boxes around it that hide what sticks out.
  const reach = Math.max(0, width + parseFloat(style.outlineOffset)) - 1;
  let cut = false;
  for (let near = ringed.parentElement, up = 0; near && up < 3; near = near.parentElement, up++) {
    const hides = getComputedStyle(near).overflowX !== "visible" && near.id !== "stMain";
    const outer = near.getBoundingClientRect();
    if (hides && (box.left - reach < outer.left || box.top - reach < outer.top)) cut = true;
  }
  const copy = one.cloneNode(true);
  for (const icon of copy.querySelectorAll('[data-testid="stIconMaterial"]')) icon.remove();
  const name = one.ariaLabel || one.labels?.[0]?.innerText || copy.textContent || "";
  return {
    name: one.id === "stMain" ? "de inhoud" : name.replace(/\\s+/g, " ").trim(),
    ring: cut ? 0 : width,
    shown: box.bottom > 0 && box.top < innerHeight,
    body: one === document.body,
  };
}"""
"""The name of what has the focus, and how wide the ring is that shows it."""

CATCH_SHIFTS: Final = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      const moved = one.sources.map((source) => source.node?.className ?? "gone").join(", ");
      window.shifts.push({ value: one.value, moved });
    }
  }).observe({ type: "layout-shift", buffered: true });
"""

GOOD: Final = 0.1
"""The cumulative layout shift that Core Web Vitals call good (web.dev/articles/cls)."""


@pytest.fixture(scope="module")
def quick_app() -> Iterator[tuple[str, int]]:
    """Every type takes 0.3 s; the app's address and process."""
    with run_app({"VOORBEELDEN_DEMO_PROFILE": "fixed,seconds=0.3"}) as app:
        yield app


@pytest.fixture(scope="module")
def quick_url(quick_app: tuple[str, int]) -> str:
    return quick_app[0]


def tab_to(page: Page, wanted: Callable[[str], bool]) -> None:
    """Presses Tab until what has the focus carries the name; every stop on the way can be seen."""
    seen: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        if one["body"]:  # round the corner of the document
            continue
        seen.append(one["name"])
        assert one["ring"] >= 2, f"no visible focus on {one['name']!r}"
        assert one["shown"], f"{one['name']!r} has the focus outside the window"
        if wanted(one["name"]):
            return
    raise AssertionError(f"not reached by Tab; passed {seen}")


def named(text: str) -> Callable[[str], bool]:
    return lambda name: name == text


def test_the_main_job_without_a_mouse(page: Page, quick_url: str, tmp_path: Path) -> None:
    """Begrip, definitie, generate, tabs, review, history, export: Tab, arrows, Enter and Escape
    suffice, and each thing that has the focus shows it."""
    tour.start(page, quick_url)
    assert page.locator("html").get_attribute("lang") == "nl"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["name"] == "Naar de inhoud"

    tab_to(page, named("Begrip"))
    page.keyboard.type("verdachte")
    tab_to(page, named("Definitie"))
    page.keyboard.type(tour.DEFINITIE)
    tab_to(page, named("Genereer"))
    page.keyboard.press("Enter")
    tour.ended(page)

    tab_to(page, lambda name: name.startswith("Voorbeeldzinnen"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    chosen = page.get_by_role("tab", name="Tegenvoorbeelden")
    page.keyboard.press("Enter")
    expect(chosen).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Goedkeuren").first.wait_for()
    tab_to(page, named("Goedkeuren"))
    page.keyboard.press("Enter")
    approved = page.locator('.vb-item[data-status="goedgekeurd"]')
    expect(approved).to_have_count(1)
    expect(chosen).to_have_attribute("aria-selected", "true")
    text = approved.locator(".vb-text").text_content()

    tab_to(page, named("Uitvoer"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uitvoer")
    wait_until_idle(page)
    tab_to(page, named("Begrippen"))
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Download").wait_for()
    tab_to(page, named("Download"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "verdachte.docx")
    read = "\n".join(one.text for one in Document(str(tmp_path / "verdachte.docx")).paragraphs)
    assert text
    assert text in read


def test_tab_does_not_stop_at_what_is_about_to_go(page: Page, quick_app: tuple[str, int]) -> None:
    """The button that page.js presses to draw a tab's buttons took the focus of who was quicker,
    and was gone with it. Where the server does not answer it shows itself after three seconds,
    which stand still here while Tab is pressed."""
    url, pid = quick_app
    tour.start(page, url)
    tour.generate(page, "getuige")
    tour.ended(page)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Animation.enable")
    devtools.send("Animation.setPlaybackRate", {"playbackRate": 0})
    os.kill(pid, signal.SIGSTOP)
    try:
        page.get_by_role("tab", name="Tegenvoorbeelden").click()
        stops = []
        for _ in range(12):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(FOCUSED)["name"])
        assert "Kopieer" in stops, "the panel was passed over"
        assert "Toon de knoppen" not in stops
        devtools.send("Animation.setPlaybackRate", {"playbackRate": 1})
        page.get_by_role("button", name="Toon de knoppen").wait_for()
    finally:
        os.kill(pid, signal.SIGCONT)
    page.get_by_role("button", name="Goedkeuren").first.wait_for()


def test_each_page_has_a_title_and_the_app_its_icon(page: Page, quick_url: str) -> None:
    """A row of open browser tabs can be told apart, and none carries Streamlit's name or icon."""
    tour.start(page, quick_url)
    for title in tour.TITLES:
        tour.go(page, title)
        assert page.title() == f"{title} – Voorbeelden bij juridische begrippen"
        icon = page.locator('link[rel~="icon"]').first.get_attribute("href") or ""
        assert icon.startswith("data:image/svg+xml"), "not static/favicon.svg"


@pytest.mark.parametrize(
    ("variant", "begrip"), [(VARIANTS[0], "eigendom"), (VARIANTS[2], "vruchtgebruik")], ids=str
)
def test_nothing_jumps_while_types_arrive(
    browser: Browser, app_url: str, variant: Variant, begrip: str
) -> None:
    """From the timeline's first picture to the last button the page's cumulative layout shift stays
    within what is called good, with one tab open while three others fill; and what Chromium does
    not count, a text that is drawn anew with its buttons, is where it was too."""
    with new_context(browser, variant) as context:
        page = context.new_page()
        page.add_init_script(CATCH_SHIFTS)
        tour.start(page, app_url)
        # A begrip of its own: of another one there would be items already.
        tour.generate(page, begrip, "recht dat een persoon op een zaak kan hebben")
        page.locator(".vb-lane.vb-running").first.wait_for()
        page.evaluate("window.shifts.length = 0")
        follow(page, '[role="tab"], .vb-item .vb-text')
        tour.ended(page)
        shifts = page.evaluate("window.shifts")
        total = sum(one["value"] for one in shifts)
        assert total <= GOOD, "\n".join(map(str, shifts))
        assert not moved(page, at_least=6 + 3)
