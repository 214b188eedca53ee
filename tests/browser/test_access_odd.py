"""The pages that nobody hopes to see under axe-core too: closed, without access, with a wrong
setting, interrupted, without a database, and with a bug of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.web.server.server_util import AUTH_COOKIE_NAME
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from scripts import tour
from scripts.browser_harness import ROOT, VARIANTS, new_context, serve_app, wait_until_idle
from tests.browser.access import faults

SECRET = "alleen-voor-deze-toets"
AUTH = f"""
[auth]
redirect_uri = "http://127.0.0.1:1/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "toets"
client_secret = "toets"
server_metadata_url = "http://127.0.0.1:1/.well-known/openid-configuration"
"""

BUG = """
import voorbeelden.screen.guide as guide

def guide_html():
    raise KeyError("een fout van ons")

guide.guide_html = guide_html
"""


@pytest.fixture
def alone(browser: Browser) -> Iterator[Page]:
    """A page with cookies of its own, and where an address that Streamlit looks up in vain (404) is
    no problem."""
    with new_context(browser, VARIANTS[0]) as context:
        yield context.new_page()


def test_the_closed_pages(alone: Page, tmp_path: Path) -> None:
    """Before logging in, and logged in with an address that may not enter."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(AUTH, "utf-8")
    with serve_app({"VOORBEELDEN_EDITORS": "@om.nl"}, secrets=secrets) as url:
        alone.goto(url)
        alone.get_by_role("button", name="Inloggen").wait_for()
        found = faults(alone, "inloggen")
        user = {"origin": url, "is_logged_in": True, "email": "iemand@elders.nl"}
        cookie = create_signed_value(SECRET, AUTH_COOKIE_NAME, json.dumps(user)).decode()
        alone.context.add_cookies([{"name": AUTH_COOKIE_NAME, "value": cookie, "url": url}])
        alone.goto(url)
        expect(alone.get_by_text("dit account heeft geen toegang")).to_be_visible()
        found += faults(alone, "geen toegang")
        alone.goto("about:blank")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"VOORBEELDEN_LOGIN": "1"}, "Inloggen is verplicht, maar nog niet ingesteld"),
        ({"VOORBEELDEN_CACHE_HOURS": "veel"}, "VOORBEELDEN_CACHE_HOURS"),
    ],
)
def test_a_setting_that_is_missing_or_wrong(
    alone: Page, setting: dict[str, str], says: str
) -> None:
    with serve_app(setting) as url:
        alone.goto(url)
        expect(alone.get_by_text(says)).to_be_visible()
        found = faults(alone, says)
        alone.goto("about:blank")
    assert not found, "\n".join(found)


def test_interrupted(alone: Page, app_url: str) -> None:
    """An address of work that no process knows any more, on both pages that make something."""
    found = []
    for path in ("/?taak=weg", "/definitie?stroom=weg"):
        alone.goto(app_url + path)
        expect(alone.get_by_role("heading", name="Onderbroken")).to_be_visible()
        found += faults(alone, path)
    assert not found, "\n".join(found)


def test_a_bug_of_ours_and_a_database_that_is_away(alone: Page, tmp_path: Path) -> None:
    """What the last net draws, and the pages that read from the database without one."""
    (tmp_path / "sitecustomize.py").write_text(BUG, "utf-8")
    env = {
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
        "VOORBEELDEN_DATABASE_URL": f"sqlite:///{tmp_path}/weg/app.sqlite3",
    }
    (tmp_path / "weg").touch()  # where a folder would have to be
    with serve_app(env) as url:
        tour.start(alone, url)
        found = []
        for title in ("Geschiedenis", "Uitvoer"):
            tour.go(alone, title)
            alone.locator('.vb-alert[role="alert"]').wait_for()
            found += faults(alone, f"{title}, zonder database")
        tour.go(alone, "Handleiding")
        expect(alone.get_by_text("Kenmerk")).to_be_visible()
        wait_until_idle(alone)
        found += faults(alone, "een fout van ons")
        alone.goto("about:blank")
    assert not found, "\n".join(found)
