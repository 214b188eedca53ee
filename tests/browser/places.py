"""What moves on a page while one looks at it."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page

_FOLLOW: Final = """(selector) => {
  window.heights = {};
  const look = () => {
    const scrolled = document.getElementById("stMain").scrollTop;
    for (const one of document.querySelectorAll(selector)) {
      const { top, height } = one.getBoundingClientRect();
      if (height) ((window.heights[one.textContent] ??= []).push(Math.round(top + scrolled)));
    }
    requestAnimationFrame(look);
  };
  look();
}"""

_ROUNDED: Final = 2
"""Pixels that rounding may give."""


def follow(page: Page, selector: str) -> None:
    """From now on, at each frame, how far below the top of the page each thing in sight is."""
    page.evaluate(_FOLLOW, selector)


def moved(page: Page, at_least: int) -> dict[str, tuple[int, int]]:
    """What moved since ``follow``, by its text: its least and its greatest distance from the top of
    the page, in pixels. ``at_least`` so many things must have been seen."""
    heights: dict[str, list[int]] = page.evaluate("window.heights")
    assert len(heights) >= at_least, f"seen only {list(heights)}"
    reached = {text: (min(seen), max(seen)) for text, seen in heights.items()}
    return {text: ends for text, ends in reached.items() if ends[1] - ends[0] > _ROUNDED}
