"""The monitor page without a browser: empty, after generations, and when nothing can open."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.support import wait_until
from voorbeelden import runtime
from voorbeelden.bridge import get_bridge

APP = Path(__file__).parents[2] / "app.py"
OpenPage = Callable[..., Any]


def monitor() -> str:
    """What the page says, as a second visitor of the same process reads it."""
    page = AppTest.from_file(str(APP), default_timeout=20).run().switch_page("pages/monitor.py")
    page.run()
    assert not page.exception
    bodies = "\n".join(element.proto.body for element in page.get("html"))
    bodies = re.sub(r"<(style|script)>.*?</\1>", "", bodies, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", bodies))


def test_before_the_first_generation(open_page: OpenPage) -> None:
    """An empty page says that it is empty, and that nothing is wrong."""
    open_page()
    wait_until(get_bridge().warm)
    says = monitor()
    assert "er is nog niets gegenereerd" in says
    assert "Nog geen generaties sinds de start" in says


def test_after_generations(open_page: OpenPage) -> None:
    """Counts, failures and the state of the road; of the begrip and its texts not a word."""
    editor = open_page("instant;fault=refusal@synoniemen")
    editor.generate("geheimterm")
    editor.generate("geheimterm twee")
    says = monitor()
    assert "Van de laatste 12 soorten kwamen er 2 niet compleet" in says
    assert "het model weigert te antwoorden" in says
    assert "laat alles door" in says
    assert re.search(r"Synoniemen\s+0/2", says)
    assert re.search(r"Toelichting\s+2/2", says)
    assert "geheimterm" not in says


def test_a_runtime_that_does_not_open(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page works without the thing it watches, and says so."""

    async def broken(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(runtime.Runtime, "open", broken)
    open_page()
    wait_until(lambda: get_bridge().unopened)
    assert "kon niet worden geopend" in monitor()
