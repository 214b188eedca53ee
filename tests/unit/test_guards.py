"""The guards in conftest.py stop what they promise to stop."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from blockbuster import BlockBuster, BlockingError

import voorbeelden.model

OUTSIDE = ("192.0.2.1", 9)  # TEST-NET-1 (RFC 5737): nobody's address
# uvloop is no requirement; where it is installed, the guard must hold on it too.
LOOP_MODULES = [name for name in ("asyncio", "uvloop") if importlib.util.find_spec(name)]
VISIBLE = "test_no_setting_is_visible"


@pytest.fixture
def loopback_listener() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        yield host, port


def test_an_outside_address_is_refused_and_recorded(outside_connections: list[str]) -> None:
    """connect, connect_ex and sendto to another machine raise, and each is on record."""
    with (
        socket.socket() as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        with pytest.raises(OSError, match="this machine only"):
            tcp.connect(OUTSIDE)
        with pytest.raises(OSError, match="this machine only"):
            tcp.connect_ex(OUTSIDE)
        with pytest.raises(OSError, match="this machine only"):
            udp.sendto(b"x", OUTSIDE)
    assert len(outside_connections) == 3
    outside_connections.clear()


def test_a_foreign_name_is_not_looked_up(outside_connections: list[str]) -> None:
    """A name server is another machine too."""
    with pytest.raises(OSError, match="this machine only"):
        socket.getaddrinfo("voorbeeld.example", 443)
    assert outside_connections == ["voorbeeld.example"]
    outside_connections.clear()


@pytest.mark.parametrize("loop_module", LOOP_MODULES)
def test_event_loops_are_guarded(
    loop_module: str,
    outside_connections: list[str],
    loopback_listener: tuple[str, int],
) -> None:
    """On asyncio's own loop, and on uvloop: loopback works, the outside is refused."""

    async def visit() -> None:
        _, writer = await asyncio.open_connection(*loopback_listener)
        writer.close()
        await writer.wait_closed()
        for host in (OUTSIDE[0], "voorbeeld.example"):
            with pytest.raises(OSError, match="this machine only"):
                await asyncio.open_connection(host, 9)

    factory = importlib.import_module(loop_module).new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(visit())
    assert len(outside_connections) == 2
    outside_connections.clear()


def test_no_setting_is_visible() -> None:
    """No test sees a key or a setting of the machine it runs on (see the next test)."""
    assert not [name for name in os.environ if name.startswith(("OPENAI_", "VOORBEELDEN_"))]


def test_a_key_in_the_environment_stays_outside() -> None:
    """The test above passes with a key planted in the environment pytest is started from."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"{__file__}::{VISIBLE}"],
        env={**os.environ, "OPENAI_API_KEY": "planted", "VOORBEELDEN_MODEL": "planted"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_blockbuster_stops_our_own_blocking_calls(blockbuster: BlockBuster) -> None:
    """time.sleep in a coroutine of the package raises; the same call outside a loop does not."""
    our_file = Path(voorbeelden.model.__file__).with_name("slaap.py")
    names: dict[str, Callable[[], None]] = {}
    exec(compile("def nap():\n    import time\n    time.sleep(0.001)\n", our_file, "exec"), names)

    async def nap_in_loop() -> None:
        names["nap"]()

    names["nap"]()
    with pytest.raises(BlockingError, match=r"time\.sleep"):
        asyncio.run(nap_in_loop())


@pytest.mark.anyio
async def test_anyio_tests_run_on_asyncio() -> None:
    """The plugin and the fixture ``anyio_backend`` fit together."""
    assert isinstance(asyncio.get_running_loop(), asyncio.AbstractEventLoop)
