"""The demo server as a child: it starts, says why it does not, and never outlives its parent."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from voorbeelden.demo import DemoProcess, DemoSpec, DemoStartError, SpecError
from voorbeelden.demo import process as process_module
from voorbeelden.demo.catalogue import FAULTS, PROFILES

ROOT = Path(__file__).parents[2]


def test_a_process_serves_and_ends() -> None:
    """base_url answers with the spec it was started with; after close nothing listens."""
    with DemoProcess.start(DemoSpec.build("instant").with_fault("503")) as demo:
        assert demo.base_url.startswith("http://127.0.0.1:")
        port = int(demo.base_url.split(":")[2].split("/")[0])
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "x"}]})
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/v1/chat/completions", body)
        assert connection.getresponse().status == 503
        connection.close()
        connection.request("GET", "/healthz")
        assert json.load(connection.getresponse()) == {"status": "ok"}
        connection.close()
        assert demo.stats()["requests"] == demo.stats(demo_spec(demo))["requests"] + 1
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", port).connect()
    demo.close()


def demo_spec(demo: DemoProcess) -> str:
    """A spec of which nothing was asked yet."""
    spec = "instant;run=ongebruikt"
    assert demo.url_for(spec) == demo.base_url.replace("/v1", "/p/instant;run=ongebruikt/v1")
    return spec


def test_the_child_exits_when_its_stdin_closes() -> None:
    """One JSON line with the port, then it serves, and it ends with code 0 on end of file."""
    child = subprocess.Popen(
        [sys.executable, "-m", "voorbeelden.demo", "--port", "0", "--exit-with-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())["port"] > 0
    output, errors = child.communicate(timeout=10)
    assert (child.returncode, output, errors) == (0, b"", b"")


def test_the_child_dies_with_a_parent_that_is_killed() -> None:
    """The parent gets no chance to close anything; the operating system closes its pipe."""
    code = (
        "import time; from voorbeelden.demo import DemoProcess; "
        "demo = DemoProcess.start('instant'); print(demo.base_url, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    port = int(parent.stdout.readline().decode().split(":")[2].split("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.connect()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    # The server closes this idle connection when it goes; a server that stays would time out.
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_bad_spec_is_refused_before_anything_starts() -> None:
    """The parent raises; no child is needed to find out."""
    with pytest.raises(SpecError, match="unknown profile 'snel'"):
        DemoProcess.start("snel")


def test_the_command_line_refuses_a_bad_profile() -> None:
    """A sentence and an exit code, no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "voorbeelden.demo", "--profile", "snel"],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"bad --profile: unknown profile 'snel'")


def test_a_child_that_ends_is_an_error_with_its_own_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message holds the exit code and what the child wrote to standard error."""
    package = tmp_path / "voorbeelden" / "demo"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("raise SystemExit('geen poort vrij')\n")
    monkeypatch.setattr(process_module, "_ROOT", tmp_path)
    with pytest.raises(DemoStartError, match=r"ended with code 1: geen poort vrij"):
        DemoProcess.start()


def test_a_child_that_says_nothing_is_an_error_and_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No port within the time: an error that says so, and no thread or child left behind."""
    package = tmp_path / "voorbeelden" / "demo"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("import sys\nsys.stdin.read()\n")
    monkeypatch.setattr(process_module, "_ROOT", tmp_path)
    monkeypatch.setattr(process_module, "START_SECONDS", 0.5)
    before = threading.active_count()
    with pytest.raises(DemoStartError, match="gave no port"):
        DemoProcess.start()
    assert threading.active_count() <= before + 1


def test_a_directory_of_the_same_name_does_not_get_in_the_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Started from a directory with a ``voorbeelden`` of its own, it is still our server."""
    package = tmp_path / "voorbeelden" / "demo"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("raise SystemExit('de verkeerde')\n")
    monkeypatch.chdir(tmp_path)
    with DemoProcess.start("instant") as demo:
        assert demo.stats()["requests"] == 0


def test_importing_the_package_does_not_import_a_web_server() -> None:
    """The app imports it at start; aiohttp is the child's business."""
    code = "import sys, voorbeelden.demo; print('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == b"False"


def test_help_names_every_profile_and_fault() -> None:
    """The settings page of the documents sends its reader here."""
    done = subprocess.run(
        [sys.executable, "-m", "voorbeelden.demo", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in (*PROFILES, *FAULTS):
        assert f"``{name}``" in done.stdout, name
