"""What is read at the moment of a scrape: the road, the last generations, open connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from voorbeelden.ai.breaker import BreakerState
from voorbeelden.ai.road import RoadState
from voorbeelden.recent import KEPT, Recent, speedup, success_rate

_OPEN: Final = frozenset({"01", "02", "03", "04", "05", "08", "09"})
"""TCP states of /proc/net/tcp that hold a connection; not listening, closed or lingering."""


class StateCollector(Collector):
    """Gauges that need no hook. Families without a value are announced all the same."""

    def __init__(self, recent: Recent, road_state: Callable[[], RoadState | None]) -> None:
        self._recent = recent
        self._road_state = road_state

    def describe(self) -> list[Metric]:
        """Nothing: a collector that is not asked to collect when it is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        last = self._recent.all()
        yield _gauge(
            "voorbeelden_partial_success_rate",
            f"Share of types that came whole, over the last {KEPT} generations.",
            success_rate(last),
        )
        yield _gauge(
            "voorbeelden_speedup_factor",
            f"ESTIMATED: sequential equivalent over parallel duration, over the last {KEPT} "
            "generations.",
            speedup(last),
        )
        yield _gauge(
            "process_open_connections",
            "TCP connections that this process holds open (Linux).",
            open_connections(),
        )
        yield from _road(self._road_state())


def _road(state: RoadState | None) -> Iterator[Metric]:
    breaker = GaugeMetricFamily(
        "voorbeelden_breaker_state",
        "1 for the state that the circuit breaker is in.",
        labels=["state"],
    )
    limits = GaugeMetricFamily(
        "voorbeelden_limit_per_minute",
        "The limit that the gate keeps; no value when none is known.",
        labels=["of"],
    )
    if state is not None:
        for one in BreakerState:
            breaker.add_metric([one.value], float(state.breaker is one))
        for name, limit in (
            ("requests", state.gate.requests_per_minute),
            ("tokens", state.gate.tokens_per_minute),
        ):
            if limit is not None:
                limits.add_metric([name], limit)
    yield breaker
    yield limits
    gate = None if state is None else state.gate
    yield _gauge(
        "voorbeelden_requests_in_flight",
        "Attempts that hold a place at the gate.",
        None if gate is None else gate.in_flight,
    )
    yield _gauge(
        "voorbeelden_queue_length",
        "Attempts that wait at the gate.",
        None if gate is None else gate.waiting,
    )
    yield _gauge(
        "voorbeelden_pause_seconds",
        "What is left of the pause that the provider asked for.",
        None if gate is None else gate.paused,
    )
    yield _gauge(
        "voorbeelden_retry_budget",
        "What is left of the shared retry budget (500 when full; a retry costs 5 or 10).",
        None if state is None else state.quota_left,
    )


def _gauge(name: str, text: str, value: float | None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text)
    if value is not None:
        family.add_metric([], value)
    return family


def open_connections() -> int | None:
    """How many TCP connections this process holds; ``None`` where /proc does not say."""
    try:
        own = {_inode(entry) for entry in Path("/proc/self/fd").iterdir()}
        lines = [
            line.split()
            for table in ("tcp", "tcp6")
            for line in Path("/proc/self/net", table).read_text("ascii").splitlines()[1:]
        ]
    except OSError:
        return None
    return sum(fields[3] in _OPEN and fields[9] in own for fields in lines)


def _inode(entry: Path) -> str:
    try:
        return str(entry.readlink()).removeprefix("socket:[").removesuffix("]")
    except OSError:  # closed since the folder was read
        return ""
