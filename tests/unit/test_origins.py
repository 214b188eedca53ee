"""A page of another site opens no websocket, and Streamlit is not even asked."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit import config

from voorbeelden import server
from voorbeelden.origins import OwnPagesOnly, may_connect

FOREIGN = "https://elders.example"


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Sets an option of Streamlit's for one test."""
    monkeypatch.setattr(config, "_config_options", copy.deepcopy(config.get_config_options()))
    return config.set_option


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://voorbeelden.om.nl", "voorbeelden.om.nl", True),
        ("http://localhost:8501", "127.0.0.1:8501", True),
        ("https://naam.om.nl", "intern:8501", True),
        ("https://portaal.om.nl:8443", "intern:8501", True),
        (None, "localhost:8501", True),
        (FOREIGN, "localhost:8501", False),
        ("https://localhost.example", "localhost:8501", False),
        ("https://portaal.om.nl.example", "localhost:8501", False),
        ("null", "localhost:8501", False),
        ("http://[", "localhost:8501", False),
        ("", "localhost:8501", False),
    ],
)
def test_whose_page_may(
    configured: Callable[[str, Any], None], origin: str | None, host: str, allowed: bool
) -> None:
    """The app's own, those of this machine, and those that Streamlit's configuration names."""
    configured("browser.serverAddress", "naam.om.nl")
    configured("server.corsAllowedOrigins", ["https://portaal.om.nl"])
    assert may_connect(origin, host) is allowed


def test_who_turned_the_check_off_turned_it_off_here_too(
    configured: Callable[[str, Any], None],
) -> None:
    configured("server.enableCORS", False)
    assert may_connect(FOREIGN, "localhost:8501")


@pytest.mark.anyio
async def test_streamlit_does_not_hear_of_a_foreign_page(caplog: pytest.LogCaptureFixture) -> None:
    """It would ask the internet for this machine's address, and keep every editor waiting. The log
    does not hold what the page called itself."""
    assert any(one.cls is OwnPagesOnly for one in server.middleware())  # type: ignore[comparison-overlap]
    heard: list[str] = []
    sent: list[Message] = []

    async def streamlit(scope: Scope, _: Receive, __: Send) -> None:
        heard.append(scope["type"])

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost:8501"), (b"origin", FOREIGN.encode())]
    guarded = OwnPagesOnly(streamlit)
    with caplog.at_level(logging.WARNING, "voorbeelden"):
        await guarded({"type": "websocket", "headers": headers}, receive, send)
    assert heard == []
    assert [(one["type"], one.get("code")) for one in sent] == [("websocket.close", 1008)]
    assert "elders" not in caplog.text
    assert "foreign origin" in caplog.text
    await guarded({"type": "http", "headers": headers}, receive, send)
    await guarded({"type": "websocket", "headers": headers[:1]}, receive, send)
    assert heard == ["http", "websocket"]
