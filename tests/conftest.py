"""What every test stands on: no internet, no settings of this machine, one demo server."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import blockbuster as blockbuster_package
import pytest

from voorbeelden import logs

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

PRIVATE_PREFIXES = ("OPENAI_", "VOORBEELDEN_")
BROWSER_TESTS = Path(__file__).parent / "browser"


class OutsideConnectionError(OSError):
    """A test tried to leave this machine.

    An OSError, so that the code under test takes the road it takes when the network is down; the
    test fails all the same, because the attempt is on record.
    """


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last: Playwright's synchronous API keeps an event loop running in the
    main thread from its start to its end, and no asyncio test can start one beside it.
    """
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the app does."""
    return "asyncio"


@pytest.fixture(scope="session")
def _attempts() -> list[str]:
    return []


@pytest.fixture(scope="session", autouse=True)
def _sealed_machine(_attempts: list[str]) -> Iterator[None]:
    """Close the way out for the whole session, background threads and session fixtures included."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PRIVATE_PREFIXES)]:
            patch.delenv(name)
        _guard_sockets(patch, _attempts)
        yield


@pytest.fixture(autouse=True)
def outside_connections(
    _sealed_machine: None, _attempts: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[list[str]]:
    """Fail the test that tried to reach another machine; yields the attempts on record.

    Also: variables that an earlier test left behind are gone, and Streamlit finds no secrets file.
    """
    for name in [name for name in os.environ if name.startswith(PRIVATE_PREFIXES)]:
        monkeypatch.delenv(name)
    if "streamlit.config" in sys.modules:
        # AppTest would read the developer's own secrets.toml, with a real key in it.
        sys.modules["streamlit.config"].set_option(
            "secrets.files", [str(tmp_path / "no-secrets.toml")]
        )
    _attempts.clear()
    yield _attempts
    if _attempts:
        pytest.fail(f"tried to leave this machine: {', '.join(_attempts)}")


@pytest.fixture(autouse=True)
def _log_levels() -> None:
    """Starting the app sets loggers for the whole process; a test begins without that."""
    package = logging.getLogger("voorbeelden")
    package.handlers.clear()
    package.propagate = True
    for name in ("voorbeelden", *logs.TALKATIVE):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoProcess]:
    """One demo server for the whole session; ``demo.url_for(spec)`` keeps tests apart."""
    from voorbeelden.demo.process import DemoProcess

    with DemoProcess.start() as process:
        yield process


@pytest.fixture
def blockbuster() -> Iterator[blockbuster_package.BlockBuster]:
    """A blocking call that our code makes inside an event loop raises BlockingError."""
    with blockbuster_package.blockbuster_ctx("voorbeelden") as guard:
        yield guard


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guard_sockets(patch: pytest.MonkeyPatch, attempts: list[str]) -> None:
    """Look at every address before it is used, in asyncio, threads and uvloop alike."""

    def refuse(target: object) -> None:
        attempts.append(str(target))
        raise OutsideConnectionError(f"tests reach this machine only, not {target}")

    def guard_address(original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(self: socket.socket, *args: Any) -> Any:
            address = args[-1]  # sendto takes optional flags before it
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
                refuse(address)
            return original(self, *args)

        return guarded

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, guard_address(getattr(socket.socket, name)))

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        # A name server is another machine too; a literal address is stopped when it is used.
        if not _is_loopback(host) and not _is_literal(host):
            refuse(host)
        return look_up(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    _guard_uvloop(patch, refuse)


def _is_literal(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _guard_uvloop(patch: pytest.MonkeyPatch, refuse: Callable[[object], None]) -> None:
    """uvloop resolves and connects in C, past the socket module."""
    try:
        import uvloop
    except ImportError:
        return
    connect = uvloop.Loop.create_connection

    async def guarded(self: Any, factory: Any, host: Any = None, *args: Any, **kwargs: Any) -> Any:
        if not _is_loopback(host):
            refuse(host)
        return await connect(self, factory, host, *args, **kwargs)

    patch.setattr(uvloop.Loop, "create_connection", guarded)
