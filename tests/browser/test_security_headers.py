"""The app works under its own content security policy, and the policy bites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scripts.browser_harness import serve_app, wait_until_idle

AUTH = """
[auth]
redirect_uri = "http://127.0.0.1:1/oauth2callback"
cookie_secret = "alleen-voor-deze-toets"
client_id = "toets"
client_secret = "toets"
server_metadata_url = "http://127.0.0.1:1/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def instant() -> Iterator[str]:
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": "instant"}) as url:
        yield url


def test_every_page_works_without_one_console_error(page: Page, instant: str) -> None:
    """The main job with its own script (the copy button), then each page; ``page`` fails the test
    for every violation that Chromium reports."""
    answer = page.goto(instant)
    assert answer is not None
    assert "script-src 'self' 'sha256-" in answer.headers["content-security-policy"]
    wait_until_idle(page)
    page.context.grant_permissions(["clipboard-write", "clipboard-read"])
    page.get_by_role("button", name="Vul een voorbeeld in").click()
    expect(page.get_by_label("Begrip", exact=True)).not_to_have_value("")
    page.get_by_role("button", name="Genereer").click()
    copy = page.locator(".vb-copy").first
    copy.click()
    expect(copy).to_have_text("Gekopieerd")
    for link in page.get_by_test_id("stTopNavLink").all():
        link.click()
        wait_until_idle(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_an_injected_script_does_not_run(
    page: Page, instant: str, page_problems: list[str]
) -> None:
    """Markup that somehow reached a page, with a script and an event handler in it."""
    page.goto(instant)
    wait_until_idle(page)
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            const picture = document.createElement("img");
            picture.setAttribute("onerror", "window.ran = true");
            picture.src = "data:,";
            document.body.append(picture);
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in problem for problem in page_problems)
    page_problems.clear()


def test_with_login_configured_no_address_shows_a_page(
    page: Page, page_problems: list[str], tmp_path: Path
) -> None:
    """Streamlit's own secrets file closes the app: the front door and every page's address,
    also the first one that anybody opens, when Streamlit does not know our navigation yet."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(AUTH, "utf-8")
    with serve_app(secrets=secrets) as url:
        for path in ("/monitor", "", "/benchmark", "/handleiding"):
            page.goto(url + path)
            wait_until_idle(page)
            expect(page.get_by_role("button", name="Inloggen")).to_be_visible()
            assert page.locator(".vb-verdict, .stForm, .vb-panel, .vb-guide").count() == 0
        page.close()  # or it would ask for an app that is no longer there
    # Streamlit says so of an address that is no page, as these are none until somebody logs in.
    known = ("404", "does not seem to exist")
    page_problems[:] = [one for one in page_problems if not any(word in one for word in known)]
