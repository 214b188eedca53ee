"""Many editors at once: how long until all six tabs are filled, and where that time doubles.

N sessions speak Streamlit's own protocol over a websocket (``scripts/load_session.py``): each
opens the page, and then all fill in the form with a begrip of their own and press the button,
within ``--spread`` seconds. The app runs as it is started, on the demo server as its provider; all
of it on this machine, so the editors' own CPU time (printed too) is taken from the app's. Every
number is measured in rounds: beside the p95 of all stand the least and the most of one round.

    .venv/bin/python -m scripts.load_editors [--sessions 1 5 10 20 30 50 75 100] [--json FILE]

Exit code 1 when a session failed, or when p95 at 50 sessions is more than 1.5 times that of one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp

from scripts.browser_harness import serve_app
from scripts.load_figures import HEAD, Load, Round, doubling, line, missed, summed
from scripts.load_session import Editor, EditorError
from voorbeelden.demo.process import DemoProcess
from voorbeelden.screen.form import CONTEXT_LABELS, CONTEXT_PRESETS

SESSIONS: Final = (1, 5, 10, 20, 30, 50, 75, 100)
PROFILES: Final = {"measured": "measured", "fixed": "fixed,seconds=2,chunks=150"}
OPENING_AT_ONCE: Final = 10
OPEN_SECONDS: Final = 60.0


@contextmanager
def served(
    spec: str, extra: Mapping[str, str], processes: int
) -> Iterator[tuple[list[str], DemoProcess]]:
    """The app, in as many processes on one database, and the demo server as their provider in a
    process of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        demo = stack.enter_context(DemoProcess.start(spec))
        env = {
            "VOORBEELDEN_DATABASE_URL": f"sqlite:///{folder}/app.sqlite3",
            "OPENAI_BASE_URL": demo.base_url,
            "OPENAI_API_KEY": "sleutel",
            **extra,
        }
        yield [stack.enter_context(serve_app(env)) for _ in range(processes)], demo


async def one_round(
    urls: Sequence[str], demo: DemoProcess, number: int, spread: float, most: float
) -> Round:
    """``number`` sessions, opened first and then all at work within ``spread`` seconds, each for
    ``most`` seconds at most. Raises EditorError."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        # As a proxy that keeps a session on its process deals them out.
        editors = [Editor(http, urls[index % len(urls)]) for index in range(number)]
        try:
            await open_all(editors)
            before = [(one.traffic.received, one.traffic.received_bytes) for one in editors]
            sent = [one.traffic.sent for one in editors]
            app_cpu, demo_cpu = await app_seconds(http, urls), demo.stats()["cpu_seconds"]
            own_cpu, wall = time.process_time(), time.perf_counter()
            pairs = await asyncio.gather(
                *(
                    generate(editor, index * spread / number, most)
                    for index, editor in enumerate(editors)
                )
            )
            wall, own_cpu = time.perf_counter() - wall, time.process_time() - own_cpu
            app_cpu = await app_seconds(http, urls) - app_cpu
            demo_cpu = demo.stats()["cpu_seconds"] - demo_cpu
        finally:
            await asyncio.gather(*(editor.close() for editor in editors))
        messages = sum(one.traffic.received for one in editors) - sum(was for was, _ in before)
        octets = sum(one.traffic.received_bytes for one in editors) - sum(was for _, was in before)
        polls = sum(one.traffic.sent for one in editors) - sum(sent) - number
    return Round(
        filled=[filled for filled, _ in pairs],
        first_item=[first for _, first in pairs],
        app_cpu=app_cpu / number,
        demo_cpu=demo_cpu / number,
        editors_cpu=own_cpu / number,
        wall=wall,
        messages=messages / number,
        kilobytes=octets / number / 1000,
        polls=polls / number,
    )


async def open_all(editors: Sequence[Editor]) -> None:
    places = asyncio.Semaphore(OPENING_AT_ONCE)

    async def one(editor: Editor) -> None:
        async with places:
            await editor.open(OPEN_SECONDS)

    await asyncio.gather(*map(one, editors))


async def generate(editor: Editor, wait: float, most: float) -> tuple[float, float]:
    """Seconds from the button to all six tabs, and to the first item."""
    await asyncio.sleep(wait)
    name = uuid.uuid4().hex[:8]
    start = time.perf_counter()
    await editor.submit(
        f"begrip {name}",
        f"Hetgeen onder de naam {name} in een regeling is omschreven en daarin wordt gebruikt.",
        {label: (CONTEXT_PRESETS[key][0],) for key, label in CONTEXT_LABELS.items()},
    )
    end = await editor.wait_filled(most)
    assert editor.seen.first_item_at is not None
    return end - start, editor.seen.first_item_at - start


async def app_seconds(http: aiohttp.ClientSession, urls: Sequence[str]) -> float:
    """CPU seconds of the app's processes so far."""
    return sum([await process_seconds(http, url) for url in urls])


async def process_seconds(http: aiohttp.ClientSession, url: str) -> float:
    """As the metrics of one process say."""
    async with http.get(f"{url}/metrics") as answer:
        for line in (await answer.text()).splitlines():
            if line.startswith("process_cpu_seconds_total "):
                return float(line.rpartition(" ")[2])
    raise EditorError("the app's metrics do not say how much CPU it used")


def measure(name: str, options: argparse.Namespace) -> list[Load]:
    """Every number of sessions on one profile, on one app that stays up. Raises EditorError."""
    spec = PROFILES.get(name, name)
    loads: list[Load] = []
    print(f"{name}: {spec}; {os.cpu_count()} cores, processes of the app: {options.processes}")
    print(HEAD)
    with served(spec, dict(options.env), options.processes) as (urls, demo):

        def rounds(number: int, spread: float, count: int) -> list[Round]:
            work = (one_round(urls, demo, number, spread, options.timeout) for _ in range(count))
            return [asyncio.run(one) for one in work]

        rounds(2 * len(urls), 0.0, 1)
        for number, spread in cases(options.sessions, options.spread):
            count = max(options.rounds, -(-options.samples // number))
            single = loads[0].p95 if loads else None
            loads.append(summed(number, spread, rounds(number, spread, count), single))
            print(line(loads[-1]), flush=True)
    print(doubling([load for load in loads if load.spread == options.spread[0]]))
    return loads


def cases(sessions: Sequence[int], spreads: Sequence[float]) -> list[tuple[int, float]]:
    """Every number within every time; one alone has nobody to be spread from."""
    return [
        (number, spread)
        for spread in spreads
        for number in sessions
        if number > 1 or spread == spreads[0]
    ]


def pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, nargs="+", default=SESSIONS)
    parser.add_argument(
        "--profile",
        nargs="+",
        default=list(PROFILES),
        help=f"{', '.join(PROFILES)}, or what the demo server takes (default: all)",
    )
    parser.add_argument(
        "--spread", type=float, nargs="+", default=[0.0], help="seconds in which all press"
    )
    # p95 of fewer than twenty is the longest of them.
    parser.add_argument("--samples", type=int, default=20, help="least sessions a number")
    parser.add_argument("--rounds", type=int, default=3, help="least rounds a number")
    parser.add_argument("--processes", type=int, default=1, help="of the app, on one database")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one generation")
    parser.add_argument("--env", type=pair, action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    options = arguments(given)
    results: dict[str, list[Load]] = {}
    try:
        for name in options.profile:
            results[name] = measure(name, options)
    except EditorError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    if options.json:
        figures: dict[str, Any] = {
            "cores": os.cpu_count(),
            "processes": options.processes,
            "profiles": {name: [asdict(one) for one in loads] for name, loads in results.items()},
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return int(any(missed(loads) for loads in results.values()))


if __name__ == "__main__":
    sys.exit(main())
