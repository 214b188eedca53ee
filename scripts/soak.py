"""A seeded soak: many generations at once against a demo server that fails now and then.

Counts what became of every type, and looks at memory, sockets and requests on the way. Ends with
code 1 when something is missing, unnamed, multiplied, late or left open.

    .venv/bin/python -m scripts.soak [--generations 500] [--at-once 20] [--faults 10] [--seed 1]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from voorbeelden.bridge import Bridge
from voorbeelden.demo.process import DemoProcess
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    FailureKind,
    GenerationMode,
    OutcomeState,
    Result,
    Subject,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import make_plan

# No Retry-After of minutes: one of those pauses everybody, and the rest of the soak would say so.
FAULTS = (
    "400",
    "404",
    "429,retry-after=0.2",
    "500",
    "503,retry-after=0.1",
    "quota",
    "context",
    "html",
    "silent",
    "stall,items=1",
    "drip,every=0.1",
    "reset",
    "close",
    "errorevent",
    "garbage",
    "length",
    "refusal",
    "filter",
    "wrongschema",
    "fewer",
    "dupes",
    "slice,size=40",
    "latency,seconds=0.5",
)
MOST_REQUESTS = 18
SPARE_SECONDS = 2.0
GROWTH = 0.05
"""How much more memory the last fifth may take than the second, as a share."""

WHOLE = OutcomeState.DONE.value
PLAN = make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)
SETTINGS = {
    "first_byte_timeout": 4.0,
    "stall_timeout": 2.0,
    "call_timeout": 6.0,
    "deadline": 20.0,
}


@dataclass(slots=True)
class Tally:
    """What was seen of the generations that have ended."""

    generations: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    attempts: int = 0
    most_attempts: int = 0
    seconds: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def take(self, number: int, result: Result) -> None:
        self.generations += 1
        attempts = sum(call.attempts for call in result.calls)
        self.attempts += attempts
        self.most_attempts = max(self.most_attempts, attempts)
        self.seconds.append(result.seconds)
        self.wrong += (f"generation {number}: {what}" for what in wrongs(result, attempts))
        for outcome in result.outcomes.values():
            name = outcome.failure.kind.value if outcome.failure else ""
            self.outcomes[f"{outcome.state.value:9} {name}".strip()] += 1


def wrongs(result: Result, attempts: int) -> Iterator[str]:
    """What may never be, and is."""
    if list(result.outcomes) != list(ExampleType):
        yield f"types {list(result.outcomes)}"
    if attempts > MOST_REQUESTS:
        yield f"{attempts} requests"
    if result.seconds > SETTINGS["deadline"] + SPARE_SECONDS:
        yield f"{result.seconds:.1f} seconds"
    for kind, outcome in result.outcomes.items():
        if (outcome.state is OutcomeState.DONE) is (outcome.failure is not None):
            yield f"{kind.value} {outcome.state.value} without a name, or whole with one"
        if outcome.state is OutcomeState.CANCELLED:
            yield f"{kind.value} cancelled by nobody"
        if outcome.failure and outcome.failure.kind is FailureKind.INTERNAL:
            yield f"{kind.value}: a bug of ours, {outcome.failure.reference}"
        if outcome.state is OutcomeState.DONE and not outcome.items:
            yield f"{kind.value} whole and empty"


async def soak(bridge: Bridge, generations: int, at_once: int) -> Tally:
    tally, places = Tally(), asyncio.Semaphore(at_once)

    async def one(number: int) -> None:
        subject = Subject(f"begrip {number}", "een omschrijving van dit begrip", {})
        async with places:
            tally.take(number, await bridge.generate(subject, PLAN))
        if tally.generations % max(1, generations // 20) == 0:
            tally.memory.append(resident_kib())

    await asyncio.gather(*(one(number) for number in range(generations)))
    return tally


def resident_kib() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


def open_sockets() -> int:
    return sum(path.is_socket() for path in Path("/proc/self/fd").iterdir())


def spec_of(faults: float, seed: int) -> DemoSpec:
    """Each fault hits its share of the calls, so that ``faults`` percent meet one or more."""
    share = 100 * (1 - (1 - faults / 100) ** (1 / len(FAULTS)))
    parts = [f"instant,seed={seed}"]
    for fault in FAULTS if faults else ():
        name, comma, options = fault.partition(",")
        parts.append(f"fault={name}@{share:.4f}%{comma}{options}")
    return DemoSpec.parse(";".join(parts))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--generations", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--faults", type=float, default=10.0, help="percent of the calls")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    logging.disable(logging.WARNING)  # a line a fault, which is what this is full of
    spec = spec_of(args.faults, args.seed)
    with DemoProcess.start() as demo:
        sockets = [open_sockets()]
        bridge = Bridge(Settings(api_key="none", base_url=demo.url_for(spec), **SETTINGS))  # type: ignore[arg-type]
        try:
            # The SDK, the pools and the caches: what a process takes once is not growth.
            asyncio.run(soak(bridge, 1, 1))
            asyncio.run(soak(bridge, args.at_once, args.at_once))
            before, cpu, wall = demo.stats(spec), time.process_time(), time.perf_counter()
            tally = asyncio.run(soak(bridge, args.generations, args.at_once))
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            sockets.append(open_sockets())
            after = demo.stats(spec)
        finally:
            bridge.close()
        sockets.append(open_sockets())
        left = demo.stats(spec)

    requests = after["requests"] - before["requests"]
    wrong = [*tally.wrong, *balance(tally, args, requests, sockets, left)]
    report(args, tally, requests, sockets, wall, cpu, after["cpu_seconds"] - before["cpu_seconds"])
    for line in wrong:
        print(f"WRONG: {line}")
    print("nothing wrong" if not wrong else f"{len(wrong)} things wrong")
    return 1 if wrong else 0


def balance(
    tally: Tally,
    args: argparse.Namespace,
    requests: int,
    sockets: list[int],
    left: dict[str, int],
) -> Iterator[str]:
    """What must add up at the end."""
    total = sum(tally.outcomes.values())
    if total != args.generations * len(ExampleType):
        yield f"{total} outcomes of {args.generations} generations"
    if (share := 100 * tally.outcomes[WHOLE] / total) < 100 - args.faults:
        # A fault that was overcome is whole; fewer than this, and something else was going on.
        yield f"{share:.1f} % of the types are whole: fewer than were left alone"
    if requests != tally.attempts:
        yield f"{tally.attempts} requests told, {requests} made"
    if sockets[-1] != sockets[0]:
        yield f"{sockets[-1] - sockets[0]} sockets left open"
    if left["in_flight"] or left["connections_open"] > 1:
        yield f"the server still has {left['in_flight']} calls, {left['connections_open']} sockets"
    if growth(tally.memory) > GROWTH:
        yield f"memory grew by {growth(tally.memory):.1%}"


def growth(memory: list[int]) -> float:
    """The last fifth against the second fifth; the first one still warms up."""
    fifth = max(1, len(memory) // 5)
    early, late = memory[fifth : 2 * fifth] or memory[:1], memory[-fifth:]
    return (sum(late) / len(late)) / (sum(early) / len(early)) - 1


def report(
    args: argparse.Namespace,
    tally: Tally,
    requests: int,
    sockets: list[int],
    wall: float,
    cpu: float,
    server_cpu: float,
) -> None:
    outcomes = sum(tally.outcomes.values())
    slowest = sorted(tally.seconds)
    print(
        f"{tally.generations} generations, {args.at_once} at once, {args.faults:g} % of the calls "
        f"with a fault, seed {args.seed}; {os.cpu_count()} cores"
    )
    print(f"{outcomes} outcomes:")
    for name, count in sorted(tally.outcomes.items(), key=lambda entry: -entry[1]):
        print(f"  {count:6}  {name}")
    print(
        f"requests   {requests} ({requests / tally.generations:.2f} a generation, at most "
        f"{tally.most_attempts})"
    )
    print(
        f"seconds    {wall:.1f} in all; a generation {slowest[len(slowest) // 2]:.2f} median, "
        f"{slowest[int(len(slowest) * 0.99)]:.2f} p99, {slowest[-1]:.2f} at most"
    )
    print(f"CPU        {cpu:.1f} s here, {server_cpu:.1f} s the demo server")
    memory = [f"{kib / 1024:.1f}" for kib in tally.memory[:: max(1, len(tally.memory) // 5)]]
    print(f"memory MiB {' '.join(memory)} ({growth(tally.memory):+.1%})")
    print(f"sockets    {sockets[0]} before, {sockets[1]} at the end, {sockets[2]} after closing")


if __name__ == "__main__":
    sys.exit(main())
