"""This package next to its peers: the same generations, the same server, one after the other.

Every measurement runs in a fresh interpreter against a demo server in a process of its own; the
contenders take turns within a repetition, so that a noisy machine is noisy for all of them. Each
answer is checked, and the server's own counters must show exactly six requests a generation.

    .venv/bin/python -m scripts.benchmark_peers                        the whole table
    .venv/bin/python -m scripts.benchmark_peers --generaties 83 --alleen voorbeelden,openai

The first run makes build/peers-venv from scripts/requirements-peers.txt. By hand:

    python3 -m venv build/peers-venv
    build/peers-venv/bin/python -m pip install --no-deps -r scripts/requirements-peers.txt
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import platform
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from scripts.peers.contenders import CONTENDERS
from scripts.peers.report import Cell, Measurement, medians, tables
from voorbeelden import prompts
from voorbeelden.demo.process import DemoProcess
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, Subject

ROOT: Final = Path(__file__).resolve().parents[1]
REQUIREMENTS: Final = ROOT / "scripts" / "requirements-peers.txt"
VENV: Final = ROOT / "build" / "peers-venv"

_NAMES: Final = 16
"""Different begrippen: few enough for the server to encode every answer once only."""

_PATIENCE: Final = 300.0
"""Seconds that one measurement may take."""


class Failed(RuntimeError):
    """A measurement has no figures; the message says why."""


class Bench:
    """Runs cells against one demo server."""

    def __init__(self, demo: DemoProcess, options: argparse.Namespace) -> None:
        self._demo = demo
        self._options = options
        self._serial = itertools.count(1)
        self.versions: dict[str, dict[str, str]] = {}

    def run(self, cell: Cell) -> Measurement:
        """Raises ``Failed``."""
        options, run = self._options, f"peers{os.getpid()}.{next(self._serial)}"
        # A spec of its own, so that the server counts this measurement alone.
        spec = f"fixed,seconds={options.seconds:g},chunks={options.chunks};run={run}"
        job = {
            "contender": cell.contender,
            "streamed": cell.streamed,
            "uvloop": options.uvloop,
            "url": self._demo.url_for(spec),
            "stats_url": self._demo.url_for(spec).removesuffix("/v1") + "/stats",
            **_work(cell.generations),
        }
        kind = CONTENDERS[cell.contender].kind
        figures = _child(Path(sys.executable) if kind == "ours" else _python(VENV), job)
        counted = self._demo.stats(spec)
        # One generation more: the warm-up. Any other number means that something was retried.
        if counted["requests"] != 6 * (cell.generations + 1):
            raise Failed(f"{counted['requests']} requests for {cell.generations} + 1 generations")
        home = "this package" if kind == "ours" else "peers"
        self.versions.setdefault(home, figures["versions"])
        return Measurement(
            cell,
            figures["wall"],
            figures["cpu"],
            figures["server_cpu"],
            counted["max_in_flight"],
        )


def _work(generations: int) -> dict[str, Any]:
    """Six calls a generation, each with the prompts and the schema that the app sends."""
    wanted = DEFAULT_EXAMPLE_COUNTS
    subjects = [
        Subject(f"begrip {number % _NAMES}", f"omschrijving {number} van dit begrip")
        for number in range(generations)
    ]
    return {
        "calls": [
            {
                "kind": kind.value,
                "system": prompts.system_message((kind,)),
                "schema": prompts.schema((kind,)),
                "count": wanted[kind],
            }
            for kind in ExampleType
        ],
        "begrippen": [
            {
                "begrip": subject.begrip,
                "definitie": subject.definitie,
                "users": [
                    prompts.user_message(subject, {kind: wanted[kind]}) for kind in ExampleType
                ],
            }
            for subject in subjects
        ],
    }


def _child(python: Path, job: dict[str, Any]) -> dict[str, Any]:
    """The worker's figures."""
    try:
        done = subprocess.run(
            [python, "-m", "scripts.peers.worker"],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=_environment(),
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"not done in {_PATIENCE:.0f} s") from None
    if done.returncode:
        raise Failed((done.stderr.strip().splitlines() or ["no word"])[-1])
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _environment() -> dict[str, str]:
    """Nothing leaves this machine, and no key or proxy of this shell gets in."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OPENAI_", "VOORBEELDEN_", "LANGCHAIN_", "LANGSMITH_"))
        and not name.lower().endswith("_proxy")
    }
    return {**clean, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LANGSMITH_TRACING": "false"}


def _python(home: Path) -> Path:
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare_venv() -> None:
    """Makes the peers' virtual environment, unless it holds this requirements file already."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = VENV / "installed-requirements"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Installing {REQUIREMENTS.name} into {VENV}", file=sys.stderr)
    venv.create(VENV, clear=True, with_pip=True)
    pip = [str(_python(VENV)), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    # A whole lock; see the file itself for why no resolver is asked.
    subprocess.run([*pip, "--no-deps", "-r", str(REQUIREMENTS)], check=True)
    stamp.write_text(wanted)


def cells(options: argparse.Namespace) -> Iterator[Cell]:
    """The cells of one repetition: all contenders in turn before the next number or way."""
    for streamed in (False, True):
        for generations in options.generaties:
            for name in options.alleen:
                yield Cell(name, streamed, generations)


def run_all(bench: Bench, options: argparse.Namespace) -> tuple[list[Measurement], dict[Cell, str]]:
    """Every measurement, and why a cell has none (any more): it is not tried again."""
    done: list[Measurement] = []
    failed: dict[Cell, str] = {}
    for repetition in range(1, options.herhalingen + 1):
        for cell in cells(options):
            if cell in failed:
                continue
            try:
                one = bench.run(cell)
            except Failed as error:
                failed[cell] = word = str(error)
            else:
                done.append(one)
                word = f"{one.wall:.2f} s, {one.cpu:.2f} s CPU"
            way = "streamed" if cell.streamed else "plain"
            head = f"[{repetition}/{options.herhalingen}] {cell.generations} {way}"
            print(f"{head}, {cell.contender}: {word}", file=sys.stderr, flush=True)
    return done, failed


def _machine() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def _counts(text: str) -> list[int]:
    counts = [int(part) for part in text.split(",")]
    if min(counts) < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return counts


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(CONTENDERS):
        known = ", ".join(CONTENDERS)
        raise argparse.ArgumentTypeError(f"no {', '.join(sorted(unknown))}; known: {known}")
    return names


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.benchmark_peers", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--generaties", type=_counts, default=[1, 10, 83], help="how many at once (1,10,83)"
    )
    parser.add_argument("--herhalingen", type=int, default=3, help="repetitions (%(default)s)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of one call (%(default)s)")
    parser.add_argument("--chunks", type=int, default=150, help="of one call (%(default)s)")
    parser.add_argument(
        "--alleen", type=_names, default=list(CONTENDERS), metavar="NAME,...", help="only these"
    )
    parser.add_argument("--uvloop", action="store_true", help="run the peers on uvloop too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures here")
    return parser.parse_args(arguments)


def main() -> int:
    options = parse()
    if any(CONTENDERS[name].kind != "ours" for name in options.alleen):
        prepare_venv()
    before, began = _machine(), time.perf_counter()
    with DemoProcess.start("instant") as demo:
        bench = Bench(demo, options)
        done, failed = run_all(bench, options)
    after = _machine()
    found = medians(done, failed)
    print(f"{before['at']}, {before['system']}, Python {before['python']}, {before['cores']} cores")
    print(f"Load {before['load'][0]} before and {after['load'][0]} after;", end=" ")
    print(f"medians of {options.herhalingen}; {time.perf_counter() - began:.0f} s in all")
    for home, versions in bench.versions.items():
        print(f"{home}: " + ", ".join(f"{name} {number}" for name, number in versions.items()))
    print("\n".join(tables(list(cells(options)), found, failed, options.seconds)))
    if options.json:
        report = {
            "before": before,
            "after": after,
            "seconds": options.seconds,
            "chunks": options.chunks,
            "repetitions": options.herhalingen,
            "uvloop": options.uvloop,
            "versions": bench.versions,
            "medians": [asdict(one) for one in found.values()],
            "measurements": [asdict(one) for one in done],
            "failed": [{**asdict(cell), "why": why} for cell, why in failed.items()],
        }
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
