"""Counters and histograms, filled by one hook."""

from __future__ import annotations

from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from voorbeelden.hooks import (
    DeadlinePassed,
    GenerationEnded,
    GenerationStarted,
    KeepingFailed,
    Part,
    QueueLeft,
    Record,
    RequestEnded,
)
from voorbeelden.metrics.genai import GenAIMetrics
from voorbeelden.model import ExampleType, FailureKind, GenerationMode, OutcomeState, Result
from voorbeelden.recent import GenerationSummary, summarise
from voorbeelden.settings import Settings

_SECONDS: Final = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0, 15.0)
_SECONDS_LONG: Final = (*_SECONDS, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0)
_WAIT: Final = (0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

_PARALLEL: Final = (GenerationMode.ASYNC, GenerationMode.SPLIT)
_NOT_WHOLE: Final = (OutcomeState.PARTIAL, OutcomeState.FAILED)


class Metrics:
    """One a process. ``hook`` runs on the loop, ``exposition`` on any thread."""

    def __init__(self, settings: Settings) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._genai = GenAIMetrics(registry, settings)
        self._running = Gauge(
            "voorbeelden_generations_running", "Generations in progress.", registry=registry
        )
        self._generations = Counter(
            "voorbeelden_generations",
            "Generations that ended: whole, partial, catastrophic (nothing came) or cancelled.",
            ("mode", "result"),
            registry=registry,
        )
        self._parallel = Histogram(
            "voorbeelden_parallel_duration_seconds",
            "Duration of a generation whose calls ran in parallel. Not of those that were "
            "cancelled, came from the cache in part, or failed from end to end.",
            ("mode",),
            buckets=_SECONDS_LONG,
            registry=registry,
        )
        self._in_a_row = Histogram(
            "voorbeelden_sequential_equivalent_seconds",
            "ESTIMATED duration of the same calls one after the other: the sum of the types of "
            "one parallel generation. Not measured.",
            ("estimated",),
            buckets=_SECONDS_LONG,
            registry=registry,
        )
        self._saved = Gauge(
            "voorbeelden_time_saved_seconds",
            "ESTIMATED seconds saved since the start of the process: the sequential equivalent "
            "minus the parallel duration, summed.",
            registry=registry,
        )
        self._outcomes = Counter(
            "voorbeelden_outcomes",
            "What became of each type that was asked.",
            ("type", "state"),
            registry=registry,
        )
        self._failures = Counter(
            "voorbeelden_individual_failures",
            "Types that did not come whole (partial or failed), by the kind of failure.",
            ("type", "kind"),
            registry=registry,
        )
        self._catastrophic = Counter(
            "voorbeelden_catastrophic_failures",
            "Generations of several types in which nothing came of any.",
            registry=registry,
        )
        self._type_seconds = Histogram(
            "voorbeelden_type_duration_seconds",
            "Duration of a type, queueing and retries included; not from the cache.",
            ("type",),
            buckets=_SECONDS_LONG,
            registry=registry,
        )
        self._first_item = Histogram(
            "voorbeelden_first_item_seconds",
            "From the start of a type to its first complete item; not from the cache.",
            ("type",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._attempts = Counter(
            "voorbeelden_attempts",
            "HTTP requests made, those for definitions too, counted when they end.",
            registry=registry,
        )
        self._queue_wait = Histogram(
            "voorbeelden_queue_wait_seconds",
            "Wait of an attempt at the gate: limits, pauses and the cap on what is in flight.",
            buckets=_WAIT,
            registry=registry,
        )
        self._deadline = Counter(
            "voorbeelden_deadline_exceeded",
            "Calls ended because their whole generation ran out of time.",
            registry=registry,
        )
        self._not_kept = Counter(
            "voorbeelden_not_kept",
            "What could not be written to the database, by what it was.",
            ("part",),
            registry=registry,
        )
        self._tokens = Counter(
            "voorbeelden_tokens",
            "Tokens paid for: as the provider counted them, estimated for answers that broke off. "
            "Cached are those of the prompt that the provider had in its own cache.",
            ("kind",),
            registry=registry,
        )
        self._cache_hits = Counter(
            "voorbeelden_cache_hits", "Calls answered from our own cache.", registry=registry
        )
        self._cache_misses = Counter(
            "voorbeelden_cache_misses",
            "Calls that our own cache could not answer.",
            registry=registry,
        )
        self._start_at_zero()

    def _start_at_zero(self) -> None:
        """A series that appears with its first failure hides that failure from ``rate``."""
        for kind in ExampleType:
            for state in OutcomeState:
                self._outcomes.labels(kind.value, state.value)
            for failure in FailureKind:
                self._failures.labels(kind.value, failure.value)
            self._type_seconds.labels(kind.value)
            self._first_item.labels(kind.value)
        for mode in GenerationMode:
            for result in ("whole", "partial", "catastrophic", "cancelled"):
                self._generations.labels(mode.value, result)
        for mode in _PARALLEL:
            self._parallel.labels(mode.value)
        self._in_a_row.labels("true")
        for part in Part:
            self._not_kept.labels(part.value)
        for token in ("prompt", "completion", "cached"):
            self._tokens.labels(token)

    def register(self, collector: Collector) -> None:
        """Adds what is read at the moment of a scrape."""
        self._registry.register(collector)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """The metrics as text, and its content type, for an ``Accept`` header."""
        encoder, content_type = choose_encoder(accept)
        return encoder(self._registry), content_type

    def hook(self, record: Record) -> None:
        match record:
            case GenerationStarted():
                self._running.inc()
            case GenerationEnded(job_id=job_id, result=result):
                self._running.dec()
                summary = summarise(job_id, result, 0.0)
                self._generation(summary)
                self._types(summary)
                self._calls(result)
            case QueueLeft(seconds=seconds):
                self._queue_wait.observe(seconds)
            case RequestEnded():
                self._genai.request(record)
                self._request(record)
            case DeadlinePassed():
                self._deadline.inc()
            case KeepingFailed(part=part):
                self._not_kept.labels(part.value).inc()

    def _generation(self, summary: GenerationSummary) -> None:
        self._generations.labels(summary.mode.value, _result(summary)).inc()
        if summary.catastrophic:
            self._catastrophic.inc()
        if summary.timed and summary.mode in _PARALLEL:
            self._parallel.labels(summary.mode.value).observe(summary.seconds)
        if summary.in_a_row is not None:
            self._in_a_row.labels("true").observe(summary.in_a_row)
            self._saved.inc(summary.in_a_row - summary.seconds)

    def _types(self, summary: GenerationSummary) -> None:
        for one in summary.types:
            self._outcomes.labels(one.kind.value, one.state.value).inc()
            if one.failure is not None and one.state in _NOT_WHOLE:
                self._failures.labels(one.kind.value, one.failure.value).inc()
            if one.cached or one.state is OutcomeState.CANCELLED:
                continue
            self._type_seconds.labels(one.kind.value).observe(one.seconds)
            if one.first_item_seconds is not None:
                self._first_item.labels(one.kind.value).observe(one.first_item_seconds)

    def _calls(self, result: Result) -> None:
        for call in result.calls:
            if call.cached is not None:
                (self._cache_hits if call.cached else self._cache_misses).inc()

    def _request(self, record: RequestEnded) -> None:
        self._attempts.inc(record.sent)
        if record.cost is not None:
            self._tokens.labels("prompt").inc(record.cost.prompt)
            self._tokens.labels("completion").inc(record.cost.completion)
            self._tokens.labels("cached").inc(record.cost.cached)


def _result(summary: GenerationSummary) -> str:
    if summary.cancelled:
        return "cancelled"
    if summary.catastrophic:
        return "catastrophic"
    return "whole" if summary.whole == len(summary.types) else "partial"
