"""One measurement of one contender, in an interpreter of its own.

Reads one JSON job on standard input and writes one JSON line, its last, on standard output.
``scripts/benchmark_peers.py`` starts it in whichever virtual environment the contender needs.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
import urllib.request
from collections.abc import Coroutine, Sequence
from importlib import metadata
from typing import Any

from scripts.peers.contenders import CONTENDERS
from scripts.peers.model import Answer, Begrip, Call, Contender

_PACKAGES = (
    *("openai", "aiohttp", "httpx2", "pydantic", "uvloop"),
    *("langchain-openai", "langchain-core", "litellm", "pydantic-ai-slim", "instructor"),
)


def read(job: dict[str, Any]) -> list[Begrip]:
    """The generations; what all of them share was sent once."""
    return [
        Begrip(
            one["begrip"],
            one["definitie"],
            tuple(
                Call(**shared, user=user)
                for shared, user in zip(job["calls"], one["users"], strict=True)
            ),
        )
        for one in job["begrippen"]
    ]


async def measure(contender: Contender, job: dict[str, Any]) -> dict[str, float]:
    """Wall and CPU seconds of all generations at once.

    The client has made one generation before, as that of a running app has: imports, caches of
    classes and schemas and what a client looks up once are paid for.
    """
    begrippen = read(job)
    async with contender.open(job["url"], job["streamed"]) as generate:
        await generate(begrippen[0])
        gc.collect()
        server = server_cpu(job["stats_url"])
        cpu, wall = time.process_time(), time.perf_counter()
        answers = await asyncio.gather(*map(generate, begrippen))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        server = server_cpu(job["stats_url"]) - server
    for begrip, six in zip(begrippen, answers, strict=True):
        check(begrip, six)
    return {"wall": wall, "cpu": cpu, "server_cpu": server}


def server_cpu(url: str) -> float:
    """CPU seconds of the demo server so far. Blocks the loop, outside the measured time."""
    with urllib.request.urlopen(url, timeout=60) as response:
        seconds: float = json.load(response)["cpu_seconds"]
    return seconds


def check(begrip: Begrip, answers: Sequence[Answer]) -> None:
    """Every type with exactly the rows that were asked, each of them whole."""
    for call, answer in zip(begrip.calls, answers, strict=True):
        rows = answer[call.kind]
        if len(rows) != call.count:
            raise SystemExit(f"{begrip.begrip}: {len(rows)} {call.kind}, not {call.count}")
        keys = {"voorbeeld", "reden"} if call.kind == "tegenvoorbeelden" else None
        for row in rows:
            if (set(row) != keys or not all(row.values())) if keys else not (row and row.strip()):
                raise SystemExit(f"{begrip.begrip}: {call.kind} has a row {row!r}")


def versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def run(main: Coroutine[Any, Any, dict[str, float]], *, on_uvloop: bool) -> dict[str, float]:
    if not on_uvloop:
        return asyncio.run(main)
    import uvloop

    figures: dict[str, float] = uvloop.run(main)
    return figures


def main() -> None:
    job = json.load(sys.stdin)
    contender = CONTENDERS[job["contender"]]
    # This package makes its own choice of loop: that is one of the things measured.
    on_uvloop = contender.uvloop or (job["uvloop"] and contender.kind == "peer")
    figures = run(measure(contender, job), on_uvloop=on_uvloop)
    print(json.dumps({**figures, "versions": versions()}), flush=True)


if __name__ == "__main__":
    main()
