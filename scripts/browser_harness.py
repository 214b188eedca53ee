"""Start the app and a real Chromium: what the browser tests and the screenshots share.

Nothing here needs a key or the internet. The app gets an environment without keys and without
the developer's own secrets file, so it talks to the demo server; Chromium resolves no name but
this machine's.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ROOT: Final = Path(__file__).resolve().parent.parent
START_SECONDS: Final = 30.0
PRIVATE_PREFIXES: Final = ("OPENAI_", "VOORBEELDEN_", "STREAMLIT_")
LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "::1")

CHROMIUM_ARGS: Final = (
    "--headless",
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


_given_back: list[int] = []
"""Ports of apps that have ended: a browser knows the scripts of these addresses."""


class HarnessError(RuntimeError):
    """The app or the browser did not start; the message holds what it printed."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to look at the app: Streamlit follows the browser's colour scheme."""

    theme: Literal["light", "dark"]
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.theme}-{self.width}"


def find_chromium() -> str:
    """Return the path of a working Chromium. Raises HarnessError when there is none."""
    found = subprocess.run(
        ["sh", str(ROOT / "scripts" / "setup_chromium.sh"), "--find"],
        env={**os.environ, "VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise HarnessError(found.stderr.strip())
    return found.stdout.strip()


def launch_chromium(playwright: Playwright) -> Browser:
    """Start the system's Chromium; Playwright gives it a new, empty profile."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_ARGS))


def launch_profile(playwright: Playwright, folder: Path, variant: Variant) -> BrowserContext:
    """Start the system's Chromium with a profile that lasts, in ``folder``.

    It keeps what it has compiled of Streamlit's scripts: opening a page of an address that it knows
    costs half of what it costs in a context of ``new_context``.
    """
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=find_chromium(), args=list(CHROMIUM_ARGS), **_looks(variant)
    )


def new_context(browser: Browser, variant: Variant) -> BrowserContext:
    return browser.new_context(**_looks(variant))


def _looks(variant: Variant) -> dict[str, Any]:
    return {
        "viewport": {"width": variant.width, "height": variant.height},
        "color_scheme": variant.theme,
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "reduced_motion": "reduce",
    }


def watch(context: BrowserContext, problems: list[str]) -> None:
    """Add to ``problems`` each outside request, page error and console error of the context."""

    def look_at(kind: str, url: str) -> None:
        if (host := urlsplit(url).hostname) is not None and host not in LOOPBACK_HOSTS:
            problems.append(f"outside {kind}: {url}")

    def watch_page(page: Page) -> None:
        page.on("websocket", lambda socket: look_at("websocket", socket.url))

    context.on("page", watch_page)
    context.on("request", lambda request: look_at("request", request.url))
    context.on("weberror", lambda error: problems.append(f"page error: {error.error}"))
    context.on(
        "console",
        lambda message: (
            problems.append(f"console error: {message.text}") if message.type == "error" else None
        ),
    )


def wait_until_idle(page: Page) -> None:
    """Wait until Streamlit has run the page's script and the fonts are there."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').first.wait_for(
        state="attached"
    )
    page.evaluate("document.fonts.ready.then(() => true)")


@contextmanager
def serve_app(
    extra_env: Mapping[str, str] | None = None, *, secrets: Path | None = None
) -> Iterator[str]:
    """Run the app on a free port of this machine and yield its URL (without a final slash).

    ``extra_env`` is added to an environment without keys, settings or secrets file; ``secrets``
    takes the place of the empty one.
    Raises HarnessError when the app does not answer within START_SECONDS.
    """
    with run_app(extra_env, secrets=secrets) as (url, _):
        yield url


@contextmanager
def run_app(
    extra_env: Mapping[str, str] | None = None, *, secrets: Path | None = None
) -> Iterator[tuple[str, int]]:
    """As ``serve_app``, with the id of the app's process, which leads a group of its own."""
    port = _free_port(_given_back.pop() if _given_back else 0)
    env = {k: v for k, v in os.environ.items() if not k.startswith(PRIVATE_PREFIXES)}
    env.update(extra_env or {})
    with tempfile.TemporaryDirectory() as folder:
        no_secrets = Path(folder) / "secrets.toml"
        no_secrets.touch()
        # Not the user's own: what one run keeps, the next one would find.
        env.setdefault("VOORBEELDEN_DATABASE_URL", f"sqlite:///{folder}/app.sqlite3")
        log = Path(folder) / "app.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                _command(port, secrets or no_secrets),
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_for_health(process, port, log)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            _end_group(process)
            _given_back.append(port)


def _command(port: int, secrets: Path) -> list[str]:
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "secrets.files": secrets,
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", "app.py", *flags]


def _free_port(wanted: int = 0) -> int:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", wanted))
        except OSError:
            return _free_port()
        return int(listener.getsockname()[1])


def _wait_for_health(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        # http.client knows no proxy variables: the question is whether *this* process answers.
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise HarnessError(f"The app did not start:\n{log.read_text(errors='replace')}")


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the app and all it started (the demo server), whether or not it ended by itself."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):  # gone; macOS says EPERM for that
            break
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue


VARIANTS: Final = (
    Variant("light", 1440, 900),
    Variant("dark", 1440, 900),
    Variant("light", 390, 844),
    Variant("dark", 390, 844),
)
