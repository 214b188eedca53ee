"""The app is killed while types arrive on the page: what was complete is there, whole."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from playwright.sync_api import Browser, expect

from scripts.browser_harness import VARIANTS, new_context, run_app
from tests.browser.access import faults
from tests.browser.desk import button, generate, kept
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType
from voorbeelden.screen.texts import TITLES
from voorbeelden.store.desk import Desk
from voorbeelden.store.records import Search

DONE = {ExampleType.ANTONIEMEN, ExampleType.TOELICHTING}
"""What this profile lets come in; the other four are on their way, with an item shown already."""

PROFILE = "instant;" + ";".join(
    f"fault=stall@{kind.value},items=1" for kind in ExampleType if kind not in DONE
)


def test_sigkill_while_types_arrive(browser: Browser, tmp_path: Path) -> None:
    """Two types complete and four halfway: after the restart the two are in the store, of the four
    there is nothing, and the page at the same address says Onderbroken and goes on."""
    database = f"sqlite:///{tmp_path / 'app.sqlite3'}"
    env = {"VOORBEELDEN_DATABASE_URL": database, "VOORBEELDEN_DEMO_PROFILE": PROFILE}
    with new_context(browser, VARIANTS[0]) as context:
        page = context.new_page()
        with run_app(env) as (url, process):
            page.goto(url)
            generate(page)
            for kind in DONE:
                page.get_by_role("tab", name=TITLES[kind]).click()
                done = kept(page, kind.value).and_(page.locator("[data-status]"))
                expect(done).to_have_count(1)
            arriving = page.locator('.vb-tab-open[data-kind="tegenvoorbeelden"] .vb-item')
            expect(arriving).to_have_count(1)
            address = page.url.removeprefix(url)
            os.kill(process, signal.SIGKILL)

        with Desk(database) as desk:
            [begrip] = desk.search(Search()).begrippen
            view = desk.view(begrip.id)
            [generation] = view.generations
            assert generation.ended_at is None
            assert {one.type for one in generation.types} == DONE
            assert {item.type for item in view.items} == DONE
            assert begrip.counts.voorstel == len(view.items)

        with run_app(env | {"VOORBEELDEN_DEMO_PROFILE": "instant"}) as (url, _):
            page.goto(url + address)
            expect(page.get_by_text("Onderbroken").first).to_be_visible()
            assert not faults(page, "onderbroken")
            for kind in ExampleType:
                expect(kept(page, kind.value)).to_have_count(1 if kind in DONE else 0)
            button(page, "Alles opnieuw")
            expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
            expect(kept(page)).to_have_count(DEFAULT_EXAMPLE_COUNTS[ExampleType.VOORBEELDZINNEN])
            page.goto("about:blank")
