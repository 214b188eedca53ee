"""The app as it is started, with login configured: what its port answers to whoever did not log in,
and what it refuses, asked over HTTP and over a websocket."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
import tomllib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import aiohttp
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

from scripts.browser_harness import serve_app
from scripts.load_session import STREAM
from tests.integration.support import wait_until
from voorbeelden import server

ROOT = Path(__file__).parents[2]
FOREIGN = "https://elders.example"
XSRF = "_streamlit_xsrf"
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
LARGEST: int = CONFIG["server"]["maxUploadSize"] * 1024 * 1024
FORM = (
    b'--rand\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\na\r\n--rand--\r\n'
)
AUTH = """
[auth]
redirect_uri = "http://127.0.0.1:1/oauth2callback"
cookie_secret = "alleen-voor-deze-toets"
client_id = "toets"
client_secret = "toets"
server_metadata_url = "http://127.0.0.1:1/.well-known/openid-configuration"
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True)
class App:
    url: str

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            return _read(connection)

    def announce(self, path: str, size: int, **headers: str) -> Answer:
        """Says that a file of ``size`` bytes follows, and waits for what the app says of that."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        with contextlib.closing(connection):
            connection.putrequest("PUT", path)
            for name, value in {**headers, "Content-Length": str(size)}.items():
                connection.putheader(name, value)
            connection.endheaders()
            return _read(connection)

    @contextlib.asynccontextmanager
    async def visit(self, origin: str | None = None) -> AsyncIterator[str]:
        """A session that lives meanwhile, as a page of ``origin`` opens one: its id."""
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(
                self.url + STREAM, protocols=("streamlit",), origin=origin or self.url
            ) as socket,
        ):
            rerun = BackMsg()
            rerun.rerun_script.query_string = ""
            await socket.send_bytes(rerun.SerializeToString())
            while True:
                message = ForwardMsg.FromString(await socket.receive_bytes(timeout=10))
                if message.WhichOneof("type") == "new_session":
                    yield message.new_session.initialize.session_id
                    return


def _read(connection: http.client.HTTPConnection) -> Answer:
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, headers, answer.read().decode("utf-8", "replace"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    secrets = tmp_path_factory.mktemp("served") / "secrets.toml"
    secrets.write_text(AUTH, "utf-8")
    with serve_app(secrets=secrets) as url:
        yield App(url)


def test_the_app_as_it_is_started_serves_all_three(app: App) -> None:
    """``streamlit run app.py``: our routes on the app's own port, and the page beside them."""
    wait_until(lambda: app.ask("/readyz").status == 200, 15)
    assert app.ask("/healthz").status == 200
    assert "voorbeelden_partial_success_rate" in app.ask("/metrics").text
    assert "<title>Streamlit</title>" in app.ask("/").text


# --- websockets of other pages ---


def test_a_page_of_another_site_opens_no_websocket(app: App) -> None:
    """The handshake is refused; the app's own page opens one."""

    async def both() -> str:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with app.visit(FOREIGN):
                pass
        assert refused.value.status == 403
        async with app.visit() as session_id:
            return session_id

    assert asyncio.run(both())


# --- cross-site requests and uploads ---


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_upload_without_the_token_is_refused(app: App, method: str) -> None:
    """With the cookie alone too, which is all that a page of another site could have sent."""
    cookie = f"{XSRF}={token(app)}"
    for headers in ({}, {"Cookie": cookie}, {"Cookie": cookie, "X-Xsrftoken": "2|a|b|1"}):
        answer = app.ask("/_stcore/upload_file/sessie/bestand", method, b"x", **headers)
        assert (answer.status, "XSRF" in answer.text) == (403, True)


def test_an_upload_has_the_size_that_is_configured_at_most(app: App) -> None:
    """With token and a living session: a small file is taken, one above the limit is refused before
    it is sent."""

    sent = token(app)

    async def all_of_them() -> list[int]:
        async with app.visit() as session_id:
            own, nobodys = (f"/_stcore/upload_file/{one}/b" for one in (session_id, "niemand"))
            given = {
                "Cookie": f"{XSRF}={sent}",
                "X-Xsrftoken": sent,
                "Content-Type": "multipart/form-data; boundary=rand",
            }
            small = await asyncio.to_thread(lambda: app.ask(own, "PUT", FORM, **given))
            large = await asyncio.to_thread(lambda: app.announce(own, LARGEST + 1, **given))
            nobody = await asyncio.to_thread(lambda: app.ask(nobodys, "PUT", FORM, **given))
            return [small.status, large.status, nobody.status]

    assert asyncio.run(all_of_them()) == [204, 413, 400]


def token(app: App) -> str:
    """The token that the app's own page gets, and sends along."""
    cookie = app.ask("/_stcore/health").headers["set-cookie"]
    assert cookie.startswith(f"{XSRF}=")
    assert "SameSite=Lax" in cookie
    return cookie.removeprefix(f"{XSRF}=").partition(";")[0]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/", "GET"),
        ("/healthz", "GET"),
        ("/metrics", "GET"),
        ("/_stcore/health", "GET"),
        ("/_stcore/health", "OPTIONS"),
        ("/_stcore/metrics", "GET"),
        ("/_stcore/host-config", "GET"),
        ("/_stcore/upload_file/sessie/bestand", "PUT"),
        ("/_stcore/upload_file/sessie/bestand", "OPTIONS"),
        ("/media/bestand", "GET"),
    ],
)
def test_no_answer_is_for_a_page_of_another_site(app: App, path: str, method: str) -> None:
    """Its scripts may read none: no header says that they may."""
    allowed = app.ask(path, method, Origin=FOREIGN).headers.get("access-control-allow-origin")
    assert allowed not in ("*", FOREIGN)
    assert allowed is None or allowed.startswith("http://localhost:"), "this app's own address"


# --- what answers without login ---

ANSWERS = {
    "/healthz": ("GET", 200, "ok"),
    "/readyz": ("GET", 200, "ready"),
    "/metrics": ("GET", 200, "voorbeelden_outcomes_total"),
    "/_stcore/health": ("GET", 200, "ok"),
    "/_stcore/metrics": ("GET", 200, "active_sessions"),
    "/_stcore/host-config": ("GET", 200, "allowedOrigins"),
    "/_stcore/upload_file/…": ("PUT", 403, "XSRF"),
    "/media/…": ("GET", 404, "not found"),
    "/app/static/…": ("GET", 404, "not found"),
    "/component/…": ("GET", 404, "not found"),
    "/_stcore/bidi-components/…": ("GET", 404, "not found"),
    "/auth/login": ("GET", 302, ""),
    "/auth/logout": ("GET", 302, ""),
    "/oauth2callback": ("GET", 302, ""),
    "/_stcore/agent/interact": ("POST", 403, "not_available"),
    "/_stcore/agent/openapi.json": ("GET", 200, "not_available"),
    "/_stcore/agent/mcp": ("POST", 400, "not_available"),
}


def test_every_address_that_answers_without_login_is_in_the_document() -> None:
    """Those of ours and of the Streamlit that is installed, and no other: a newer one that serves
    more is noticed."""
    routes: list[Any] = [*server.routes(), *create_streamlit_routes(MagicMock())]
    served = {route.path for route in routes}
    served.discard("")  # the page itself, at every other address
    text = (ROOT / "docs/SECURITY.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `/")]
    named = re.findall(r"`(/[^`]*)`", " ".join(rows))
    assert sorted(named) == sorted(re.sub(r"\{.*\}", "…", path) for path in served)
    assert {*ANSWERS, "/_stcore/stream"} == {*named}


@pytest.mark.parametrize("address", ANSWERS)
def test_what_it_answers_without_login(app: App, address: str) -> None:
    """As the document says; none of them holds a word of a page."""
    method, status, words = ANSWERS[address]
    if address == "/readyz":
        wait_until(lambda: app.ask("/readyz").status == 200, 15)
    answer = app.ask(address.replace("…", "a/b"), method, b"{}" if method != "GET" else None)
    assert answer.status == status
    assert words.lower() in answer.text.lower()
    assert "begrip" not in re.sub(r'part="begrip"', "", answer.text.lower())


def test_any_other_address_gives_the_empty_page(app: App) -> None:
    """Also that of a page, of a file of the app and of the secrets."""
    empty = app.ask("/").text
    for path in ("/monitor", "/app.py", "/.streamlit/secrets.toml", "/pages/monitor.py"):
        assert app.ask(path).text == empty
    assert app.ask("/app/static/../../.streamlit/secrets.toml").status == 400
