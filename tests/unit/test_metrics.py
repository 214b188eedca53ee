"""Every record ends up in the series that docs/monitoring.md names, and in no other."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import pytest
from prometheus_client.parser import text_string_to_metric_families

from voorbeelden.ai.breaker import BreakerState
from voorbeelden.ai.limits import GateState
from voorbeelden.ai.road import RoadState
from voorbeelden.hooks import (
    DeadlinePassed,
    GenerationEnded,
    GenerationStarted,
    KeepingFailed,
    Part,
    QueueLeft,
    RequestEnded,
)
from voorbeelden.metrics import Metrics, StateCollector
from voorbeelden.metrics.genai import provider_name
from voorbeelden.metrics.state import open_connections
from voorbeelden.model import (
    CallRecord,
    ExampleType,
    Failure,
    FailureKind,
    GenerationMode,
    Item,
    Outcome,
    OutcomeState,
    Result,
    Subject,
    Tokens,
)
from voorbeelden.recent import Recent
from voorbeelden.settings import Settings

SUBJECT = Subject("geheimbegrip", "geheimdefinitie")
SIX = tuple(ExampleType)
DONE, FAILED, PARTIAL = OutcomeState.DONE, OutcomeState.FAILED, OutcomeState.PARTIAL
CANCELLED = OutcomeState.CANCELLED

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Scrape:
    """The exposition, read as Prometheus reads it."""

    def __init__(self, metrics: Metrics) -> None:
        text, _ = metrics.exposition("")
        self.text = text.decode()
        self.families = list(text_string_to_metric_families(self.text))
        self.samples: Samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in self.families
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        return self.samples[(name, frozenset(labels.items()))]

    def sum(self, name: str, **labels: str) -> float:
        """Over all series of ``name`` that carry ``labels``."""
        wanted = set(labels.items())
        return sum(v for (n, has), v in self.samples.items() if n == name and wanted <= has)


def outcome(
    kind: ExampleType,
    state: OutcomeState = DONE,
    failure: FailureKind | None = None,
    *,
    seconds: float = 2.0,
    cached: bool = False,
) -> Outcome:
    return Outcome(
        kind,
        state,
        items=(Item("geheimvoorbeeld"),),
        failure=Failure(failure, "geheimbericht") if failure else None,
        attempts=1,
        seconds=seconds,
        first_item_seconds=0.5,
        cached_at=1.0 if cached else None,
    )


def ended(
    outcomes: Mapping[ExampleType, Outcome] | None = None,
    mode: GenerationMode = GenerationMode.ASYNC,
    calls: tuple[CallRecord, ...] = (),
    seconds: float = 3.0,
) -> GenerationEnded:
    whole = {kind: outcome(kind) for kind in SIX}
    result = Result(SUBJECT, mode, {**whole, **(outcomes or {})}, calls, seconds)
    return GenerationEnded("taak", result)


def call(cached: bool | None = None, attempts: int = 1, tokens: Tokens | None = None) -> CallRecord:
    return CallRecord("een", SIX[:1], 0.0, 1.0, 0.5, attempts, tokens, None, cached=cached)


def only(kind: ExampleType, *rest: object, **more: object) -> dict[ExampleType, Outcome]:
    return {kind: outcome(kind, *rest, **more)}  # type: ignore[arg-type]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(Settings())


def test_the_documented_names_are_there_before_anything_happened(metrics: Metrics) -> None:
    """A dashboard or an alert on a name that does not exist yet would be silent, not zero."""
    metrics.register(StateCollector(Recent(), lambda: None))
    named = {family.name for family in Scrape(metrics).families}
    assert named >= {
        "voorbeelden_parallel_duration_seconds",
        "voorbeelden_sequential_equivalent_seconds",
        "voorbeelden_individual_failures",
        "voorbeelden_catastrophic_failures",
        "voorbeelden_partial_success_rate",
        "voorbeelden_speedup_factor",
        "voorbeelden_time_saved_seconds",
        "process_open_connections",
        "gen_ai_client_operation_duration_seconds",
        "gen_ai_client_token_usage",
    }
    text = Scrape(metrics).text
    assert "voorbeelden_individual_failures_total{" in text
    assert "voorbeelden_catastrophic_failures_total 0.0" in text


def test_a_whole_parallel_generation(metrics: Metrics) -> None:
    """Six types of 2 s in 3 s: the duration is measured, the 12 s in a row are an estimate."""
    metrics.hook(GenerationStarted("taak", GenerationMode.ASYNC))
    assert Scrape(metrics).value("voorbeelden_generations_running") == 1
    metrics.hook(ended())
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_generations_running") == 0
    assert seen.value("voorbeelden_generations_total", mode="async", result="whole") == 1
    assert seen.value("voorbeelden_parallel_duration_seconds_sum", mode="async") == 3.0
    assert seen.value("voorbeelden_sequential_equivalent_seconds_sum", estimated="true") == 12.0
    assert seen.value("voorbeelden_time_saved_seconds") == 9.0
    assert seen.sum("voorbeelden_outcomes_total", state="done") == 6
    assert seen.sum("voorbeelden_individual_failures_total") == 0
    assert seen.sum("voorbeelden_type_duration_seconds_count") == 6
    assert seen.value("voorbeelden_first_item_seconds_sum", type="toelichting") == 0.5


def test_a_failed_and_a_partial_type_are_individual_failures(metrics: Metrics) -> None:
    """By type and by kind; the generation is partial, not catastrophic."""
    metrics.hook(
        ended(
            {
                **only(ExampleType.SYNONIEMEN, FAILED, FailureKind.REFUSED),
                **only(ExampleType.TOELICHTING, PARTIAL, FailureKind.UNUSABLE),
            }
        )
    )
    seen = Scrape(metrics)
    failures = "voorbeelden_individual_failures_total"
    assert seen.sum(failures) == 2
    assert seen.value(failures, type="synoniemen", kind="refused") == 1
    assert seen.value(failures, type="toelichting", kind="unusable") == 1
    assert seen.value("voorbeelden_generations_total", mode="async", result="partial") == 1
    assert seen.value("voorbeelden_catastrophic_failures_total") == 0


def test_nothing_at_all_is_catastrophic_and_has_no_duration(metrics: Metrics) -> None:
    """A wrong key fails in milliseconds: it must not make the service look fast."""
    metrics.hook(ended({kind: outcome(kind, FAILED, FailureKind.AUTHENTICATION) for kind in SIX}))
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_catastrophic_failures_total") == 1
    assert seen.sum("voorbeelden_parallel_duration_seconds_count") == 0
    assert seen.sum("voorbeelden_individual_failures_total", kind="authentication") == 6


def test_one_type_made_again_in_vain_is_not_everything(metrics: Metrics) -> None:
    """An editor who presses Opnieuw on a refused type three times must wake nobody up."""
    refused = outcome(ExampleType.SYNONIEMEN, FAILED, FailureKind.REFUSED)
    for _ in range(3):
        metrics.hook(ended({ExampleType.SYNONIEMEN: refused}))
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_catastrophic_failures_total") == 0
    assert seen.sum("voorbeelden_individual_failures_total", kind="refused") == 3


def test_a_cancelled_generation_is_nobodys_failure(metrics: Metrics) -> None:
    """An editor who stops is not an incident, and the half of a duration is no duration."""
    metrics.hook(ended(only(ExampleType.ANTONIEMEN, CANCELLED)))
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_generations_total", mode="async", result="cancelled") == 1
    assert seen.sum("voorbeelden_individual_failures_total") == 0
    assert seen.sum("voorbeelden_parallel_duration_seconds_count") == 0


def test_answers_from_the_cache_say_nothing_of_speed(metrics: Metrics) -> None:
    """They are counted as hits, and kept out of every duration."""
    metrics.hook(
        ended(
            {kind: outcome(kind, cached=True, seconds=0.001) for kind in SIX},
            calls=(call(cached=True), call(cached=False), call(cached=None)),
        )
    )
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_cache_hits_total") == 1
    assert seen.value("voorbeelden_cache_misses_total") == 1
    assert seen.sum("voorbeelden_type_duration_seconds_count") == 0
    assert seen.sum("voorbeelden_parallel_duration_seconds_count") == 0


@pytest.mark.parametrize(
    ("mode", "durations"), [("sequential", 0), ("combined", 0), ("split", 1), ("async", 1)]
)
def test_only_parallel_plans_have_a_parallel_duration(
    metrics: Metrics, mode: str, durations: int
) -> None:
    """And only the documented plan an equivalent: a sum of split lanes is not six in a row."""
    metrics.hook(ended(mode=GenerationMode(mode)))
    seen = Scrape(metrics)
    assert seen.sum("voorbeelden_parallel_duration_seconds_count") == durations
    in_a_row = seen.value("voorbeelden_sequential_equivalent_seconds_count", estimated="true")
    assert in_a_row == (mode == "async")


def test_attempts_and_tokens_are_those_of_every_request(metrics: Metrics) -> None:
    """Whoever asked: a generation or a definition. What nobody took on costs nothing; cached
    tokens are shown beside the prompt's."""
    paid = Tokens(100, 20, 60)
    metrics.hook(RequestEnded(1.0, 0.2, paid, None, cost=paid, sent=2))
    metrics.hook(RequestEnded(1.0, 0.2, None, FailureKind.INTERRUPTED, cost=Tokens(50, 5)))
    metrics.hook(RequestEnded(1.0, None, None, FailureKind.CONNECTION))
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_attempts_total") == 4
    kinds = ("prompt", "completion", "cached")
    assert [seen.value("voorbeelden_tokens_total", kind=kind) for kind in kinds] == [150, 25, 60]


def test_requests_have_opentelemetrys_names(metrics: Metrics) -> None:
    """Success, failure and cancellation are told apart by error_type; unknown tokens are not 0."""
    chat = {
        "gen_ai_operation_name": "chat",
        "gen_ai_provider_name": "voorbeelden.demo",
        "gen_ai_request_model": Settings().model,
    }
    metrics.hook(RequestEnded(1.0, 0.2, Tokens(40, 8), None))
    metrics.hook(RequestEnded(2.0, None, None, FailureKind.SERVER))
    metrics.hook(RequestEnded(3.0, None, None, None, cancelled=True))
    seen = Scrape(metrics)
    duration = "gen_ai_client_operation_duration_seconds_sum"
    errors = ("", "server", "cancelled")
    assert [seen.value(duration, **chat, error_type=one) for one in errors] == [1.0, 2.0, 3.0]
    first = "gen_ai_client_operation_time_to_first_chunk_seconds_count"
    assert seen.value(first, **chat) == 1
    usage = "gen_ai_client_token_usage"
    assert seen.value(f"{usage}_sum", **chat, gen_ai_token_type="input") == 40
    assert seen.value(f"{usage}_sum", **chat, gen_ai_token_type="output") == 8
    assert seen.value(f"{usage}_count", **chat, gen_ai_token_type="input") == 1


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (Settings(), "voorbeelden.demo"),
        (Settings(api_key="k"), "openai"),
        (Settings(base_url="http://localhost:11434/v1"), "openai"),
        (Settings(base_url="https://x.openai.azure.com/openai/v1"), "azure.ai.openai"),
        (Settings(base_url="https://x.example/v1", api_version="2024"), "azure.ai.openai"),
    ],
)
def test_the_provider_has_the_name_of_the_conventions(settings: Settings, name: str) -> None:
    assert provider_name(settings) == name


def test_queue_and_deadline(metrics: Metrics) -> None:
    metrics.hook(QueueLeft(0.3))
    metrics.hook(DeadlinePassed())
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_queue_wait_seconds_sum") == 0.3
    assert seen.value("voorbeelden_queue_wait_seconds_bucket", le="0.25") == 0
    assert seen.value("voorbeelden_deadline_exceeded_total") == 1


def test_no_label_holds_what_an_editor_or_a_model_wrote(metrics: Metrics) -> None:
    """However many generations: the same series, and nothing of their content in them."""
    metrics.hook(ended(calls=(call(tokens=Tokens(1, 1)),)))
    before = set(Scrape(metrics).samples)
    for _ in range(20):
        metrics.hook(ended(only(ExampleType.SYNONIEMEN, FAILED, FailureKind.REFUSED)))
    seen = Scrape(metrics)
    assert set(seen.samples) == before
    assert "geheim" not in seen.text
    assert "taak" not in seen.text


@pytest.mark.parametrize("part", Part)
def test_what_could_not_be_kept_is_counted_by_what_it_was(metrics: Metrics, part: Part) -> None:
    """The series is there before, at zero; the id and the error are for the log alone."""
    before = set(Scrape(metrics).samples)
    metrics.hook(KeepingFailed(part, "geheimtaak", "GeheimError"))
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_not_kept_total", part=part.value) == 1
    assert seen.sum("voorbeelden_not_kept_total") == 1
    assert set(seen.samples) == before
    assert "geheim" not in seen.text.lower()


def test_what_is_read_at_a_scrape(metrics: Metrics) -> None:
    """The road as it is now, and ratios over the last generations."""
    recent = Recent()
    gate = GateState(4, 2, 1.5, 60, None)
    state = RoadState(gate, BreakerState.OPEN, 12.0, 455)
    metrics.register(StateCollector(recent, lambda: state))
    recent.hook(ended())
    recent.hook(ended(only(ExampleType.SYNONIEMEN, FAILED, FailureKind.REFUSED)))
    seen = Scrape(metrics)
    assert seen.value("voorbeelden_partial_success_rate") == pytest.approx(11 / 12)
    assert seen.value("voorbeelden_speedup_factor") == pytest.approx(4.0)
    assert seen.value("voorbeelden_breaker_state", state="open") == 1
    assert seen.sum("voorbeelden_breaker_state") == 1
    assert seen.value("voorbeelden_requests_in_flight") == 4
    assert seen.value("voorbeelden_queue_length") == 2
    assert seen.value("voorbeelden_pause_seconds") == 1.5
    assert seen.value("voorbeelden_retry_budget") == 455
    assert seen.value("voorbeelden_limit_per_minute", of="requests") == 60
    assert ("voorbeelden_limit_per_minute", frozenset({("of", "tokens")})) not in seen.samples


def test_an_open_connection_is_counted_and_a_closed_one_is_not() -> None:
    """Both ends live here, so one connection counts twice; the listening socket not at all."""
    before = open_connections()
    if before is None:
        pytest.skip("this system has no /proc/self/net")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert open_connections() == before
        with socket.create_connection(server.getsockname()) as client:
            accepted, _ = server.accept()
            assert open_connections() == before + 2
            accepted.close()
            client.close()
    assert open_connections() == before
