"""What it takes until something is there: the import of the package, the app, its first page.

Every run is an app of its own. "First page" counts from the first visit of an app that has just
said it is ready, in a browser that has seen nothing of it, until the form can be filled in; "opened
again" is the same browser's next visit, which most are.

    .venv/bin/python -m scripts.measure_start [--runs 5] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from scripts.browser_harness import (
    ROOT,
    VARIANTS,
    launch_chromium,
    new_context,
    serve_app,
)

MOST_SECONDS: Final = {"import": 0.5, "first page": 2.0}

IMPORT: Final = """
import time
start = time.perf_counter()
import voorbeelden.unified_voorbeelden
print(time.perf_counter() - start)
"""


def import_seconds() -> float:
    """The import alone, in a fresh interpreter."""
    command = [sys.executable, "-c", IMPORT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def page_seconds(browser: Browser) -> dict[str, float]:
    """A fresh app: until it is ready, and two visits by one browser."""
    start = time.perf_counter()
    with serve_app() as url:
        figures = {"app ready": time.perf_counter() - start}
        with new_context(browser, VARIANTS[0]) as context:
            for name in ("first page", "opened again"):
                page = context.new_page()
                start = time.perf_counter()
                page.goto(url)
                page.get_by_label("Begrip", exact=True).wait_for()
                figures[name] = time.perf_counter() - start
                page.close()
    return figures


def measure(runs: int) -> dict[str, list[float]]:
    import_seconds()  # what the first one writes (bytecode), the others find
    found: dict[str, list[float]] = {"import": [import_seconds() for _ in range(runs)]}
    with sync_playwright() as playwright, launch_chromium(playwright) as browser:
        for _ in range(runs):
            for name, seconds in page_seconds(browser).items():
                found.setdefault(name, []).append(seconds)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    found = measure(arguments.runs)
    print(f"{'seconds':<24}{'median':>8}{'worst':>8}{'wanted':>8}")
    for name, values in found.items():
        wanted = f"< {MOST_SECONDS[name]:g}" if name in MOST_SECONDS else ""
        print(f"{name:<24}{statistics.median(values):>8.2f}{max(values):>8.2f}{wanted:>8}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
