"""The demo server as a child process of whoever needs it; stdlib only, so cheap to import."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from voorbeelden.demo.spec import DemoSpec

START_SECONDS: Final = 20.0
_STOP_SECONDS: Final = 5.0
_ROOT: Final = Path(__file__).resolve().parents[2]


class DemoStartError(RuntimeError):
    """The child did not come up; the message ends with what it wrote to standard error."""


class DemoProcess:
    """A running demo server on 127.0.0.1. It ends with ``close()``, and also when this process
    dies, because it watches its standard input."""

    def __init__(self, child: subprocess.Popen[bytes], port: int) -> None:
        self._child = child
        self._port = port

    @classmethod
    def start(cls, spec: str | DemoSpec = "demo") -> DemoProcess:
        """Starts a server whose plain ``/v1`` behaves as ``spec``.

        Raises:
            SpecError: ``spec`` is no spec.
            DemoStartError: the child ended, or gave no port in 20 seconds.
        """
        text = str(spec if isinstance(spec, DemoSpec) else DemoSpec.parse(spec))
        command = [sys.executable, "-m", "voorbeelden.demo", "--port", "0", "--profile", text]
        with tempfile.TemporaryFile() as log:
            child = subprocess.Popen(
                [*command, "--exit-with-stdin"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # ``-m`` looks in the working directory first: no other package may be there.
                cwd=_ROOT,
                env=_environment(),
            )
            try:
                return cls(child, _port(child, log))
            except BaseException:
                _end(child)
                raise

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def pid(self) -> int:
        return self._child.pid

    def url_for(self, spec: str | DemoSpec) -> str:
        """The base URL under which this server behaves as ``spec``; raises ``SpecError``."""
        return f"http://127.0.0.1:{self._port}{_prefix(spec)}/v1"

    def stats(self, spec: str | DemoSpec | None = None) -> dict[str, Any]:
        """Counters of one spec, or of all calls; connections and CPU are the whole server's."""
        prefix = "" if spec is None else _prefix(spec)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", f"{prefix}/stats")
            stats: dict[str, Any] = json.load(connection.getresponse())
        return stats

    def close(self) -> None:
        """Stops the child and waits for its end; a second call does nothing."""
        _end(self._child)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _prefix(spec: str | DemoSpec) -> str:
    parsed = spec if isinstance(spec, DemoSpec) else DemoSpec.parse(spec)
    return f"/p/{parsed.path}"


def _environment() -> dict[str, str]:
    """This environment, in which the child can import ``voorbeelden`` from any directory."""
    known = os.environ.get("PYTHONPATH")
    path = str(_ROOT) if not known else f"{_ROOT}{os.pathsep}{known}"
    return {**os.environ, "PYTHONPATH": path}


def _port(child: subprocess.Popen[bytes], log: IO[bytes]) -> int:
    """The port from the child's first line. A thread reads it, since a pipe has no timeout."""
    stdout = child.stdout
    assert stdout is not None
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=START_SECONDS)
    except queue.Empty:
        raise DemoStartError(
            f"the demo server gave no port in {START_SECONDS:.0f} seconds{_said(log)}"
        ) from None
    if not line:
        raise DemoStartError(f"the demo server ended with code {child.wait()}{_said(log)}")
    return int(json.loads(line)["port"])


def _said(log: IO[bytes]) -> str:
    log.seek(0)
    text = log.read().decode(errors="replace").strip()
    return f": {text[-2000:]}" if text else ""


def _end(child: subprocess.Popen[bytes]) -> None:
    """Closes the child's stdin, which ends it. Its stdout is closed last: while the child lives, a
    thread may be reading there, and closing would wait for that thread."""
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()
