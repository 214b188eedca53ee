"""What the tests of access ask of every page: axe-core's verdict and the width of the page."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from scripts.browser_harness import VARIANTS, Variant

GRAVE: Final = ("serious", "critical")

SETTLE: Final = 100  # milliseconds in which a page that has its theme takes over a width

THEMED: Final = """theme =>
  getComputedStyle(document.querySelector('[data-testid="stApp"]')).colorScheme === theme"""

RUN: Final = """async () => {
  const ends = document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished.catch(() => null));
  await Promise.all(ends);
  return (await axe.run(document, {
    resultTypes: ["violations"],
    rules: { "target-size": { enabled: true } },
  })).violations;
}"""
"""Every rule that axe has on by default, and WCAG 2.2's size of what is clicked on."""

WIDER: Final = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => `${one.tagName} is ${one.scrollWidth} px in ${one.clientWidth}`)"""


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands, in light and dark, at 1440 and 390 px: grave
    verdicts of axe-core, and anything that makes the page scroll sideways.

    The page is the same one all the time: Streamlit follows the browser's colours and width, and
    loading it anew would lose the state that is looked at. It ends light and wide.
    """
    found: list[str] = []
    for variant in VARIANTS:
        _dress(page, variant)
        if not page.evaluate("window.axe"):
            page.evaluate(AXE_SCRIPT)
        for violation in page.evaluate(RUN):
            if violation["impact"] in GRAVE:
                found.extend(f"{name}, {variant}: {line}" for line in _lines(violation))
        found.extend(f"{name}, {variant}: {line}" for line in page.evaluate(WIDER))
    _dress(page, VARIANTS[0])
    return found


def _dress(page: Page, variant: Variant) -> None:
    page.set_viewport_size({"width": variant.width, "height": variant.height})
    page.emulate_media(color_scheme=variant.theme)
    page.wait_for_function(THEMED, arg=variant.theme)
    page.wait_for_timeout(SETTLE)


def _lines(violation: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:200]} – {node['failureSummary']}"
        for node in violation["nodes"]
    ]
