"""What the measurements of ``scripts/benchmark_peers.py`` amount to: medians and their tables."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from scripts.peers.contenders import CONTENDERS


@dataclass(frozen=True, slots=True)
class Cell:
    """What is measured: one contender, one way, so many generations at once."""

    contender: str
    streamed: bool
    generations: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """One repetition of a cell, in seconds; ``server_cpu`` is the demo server's meanwhile."""

    cell: Cell
    wall: float
    cpu: float
    server_cpu: float
    in_flight: int


@dataclass(frozen=True, slots=True)
class Median:
    """The medians of a cell's repetitions, and the spread of its wall."""

    cell: Cell
    wall: float
    fastest: float
    slowest: float
    cpu_a_generation: float
    server_cpu: float
    in_flight: int

    @classmethod
    def of(cls, runs: Sequence[Measurement]) -> Median:
        cell, walls = runs[0].cell, [run.wall for run in runs]
        return cls(
            cell,
            statistics.median(walls),
            min(walls),
            max(walls),
            statistics.median(run.cpu for run in runs) / cell.generations,
            statistics.median(run.server_cpu for run in runs),
            min(run.in_flight for run in runs),
        )


def medians(done: Sequence[Measurement], failed: Mapping[Cell, str]) -> dict[Cell, Median]:
    groups: dict[Cell, list[Measurement]] = {}
    for one in done:
        if one.cell not in failed:
            groups.setdefault(one.cell, []).append(one)
    return {cell: Median.of(runs) for cell, runs in groups.items()}


def tables(
    cells: Sequence[Cell],
    found: Mapping[Cell, Median],
    failed: Mapping[Cell, str],
    ideal: float,
) -> Iterator[str]:
    """The lines of one Markdown table for each way and number of generations; ``ideal`` is the
    seconds of the slowest call."""
    for (streamed, generations), turns in groupby(
        cells, lambda cell: (cell.streamed, cell.generations)
    ):
        way = "streamed" if streamed else "plain"
        yield f"\n{generations} generation(s) at once, {way}: {generations * 6} calls\n"
        yield "| contender | wall ÷ ideal | wall s | from – to | CPU ms/generation | server CPU |"
        yield "|---|---:|---:|---:|---:|---:|"
        group = list(turns)
        for cell in group:
            one = found.get(cell)
            if one is None:
                yield f"| {cell.contender} | failed: {failed.get(cell)} | | | | |"
                continue
            ratio, spread = one.wall / ideal, f"{one.fastest:.2f} – {one.slowest:.2f}"
            server = f"{one.server_cpu:.2f} s ({one.server_cpu / one.wall:.0%})"
            yield (
                f"| {cell.contender} | {ratio:.2f} | {one.wall:.2f} | {spread} |"
                f" {one.cpu_a_generation * 1000:.1f} | {server} |"
            )
        yield from _ahead([found[cell] for cell in group if cell in found])


def _ahead(group: Sequence[Median]) -> Iterator[str]:
    ours = [one for one in group if CONTENDERS[one.cell.contender].kind == "ours"]
    peers = [one for one in group if CONTENDERS[one.cell.contender].kind == "peer"]
    if not ours or not peers:
        return
    us, them = ours[0], min(peers, key=lambda one: one.wall)
    lean = min(peers, key=lambda one: one.cpu_a_generation)
    yield (
        f"\nFastest peer: {them.cell.contender}, {them.wall / us.wall:.2f} × the wall of"
        f" {us.cell.contender}. Least CPU of a peer: {lean.cell.contender},"
        f" {lean.cpu_a_generation / us.cpu_a_generation:.2f} × its CPU."
    )
