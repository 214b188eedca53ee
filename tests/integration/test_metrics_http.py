"""/metrics, /healthz and /readyz over HTTP, with real generations behind them."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from tests.integration.support import SUBJECT, Provider, wait_until
from voorbeelden import server
from voorbeelden.definition.flow_model import DefinitionRequest
from voorbeelden.hosting import Host, close_host, current_host
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode, OutcomeState
from voorbeelden.strategies import make_plan

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

Serve = Callable[..., contextlib.AbstractContextManager["Client"]]


class Client:
    """Asks the server at ``port``."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def scrape(self) -> dict[str, float]:
        """Samples by name and labels, as they stand in the text."""
        _, text, _ = self.get("/metrics")
        return {
            sample.name + "".join(f",{k}={v}" for k, v in sorted(sample.labels.items())): (
                sample.value
            )
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@contextlib.contextmanager
def _running(app: Starlette) -> Iterator[Client]:
    web = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=web.run)
    thread.start()
    wait_until(lambda: web.started)
    try:
        yield Client(web.servers[0].sockets[0].getsockname()[1])
    finally:
        web.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def serve(
    demo: DemoProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> Iterator[Callable[..., contextlib.AbstractContextManager[Client]]]:
    """Runs our routes and lifespan on a port, leading to the demo server under a spec."""
    close_host()

    @contextlib.contextmanager
    def run(spec: str, **environ: str) -> Iterator[Client]:
        monkeypatch.setenv("OPENAI_API_KEY", "sleutel")
        monkeypatch.setenv("OPENAI_BASE_URL", Provider.behaving(demo, spec).base_url)
        monkeypatch.setenv("VOORBEELDEN_DATABASE_URL", f"sqlite:///{tmp_path}/app.sqlite3")
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        with _running(Starlette(routes=server.routes(), lifespan=server.lifespan)) as client:
            yield client

    yield run
    close_host()


def opened(client: Client) -> Host:
    wait_until(client.ready)
    host = current_host()
    assert host is not None
    return host


def generate(host: Host, times: int) -> list[OutcomeState]:
    plan = make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)

    async def all_of_them() -> list[OutcomeState]:
        return [
            one.state
            for _ in range(times)
            for one in (await host.bridge.generate(SUBJECT, plan)).outcomes.values()
        ]

    return asyncio.run(all_of_them())


def test_the_store_is_opened_beside_the_start(serve: Serve, tmp_path: Path) -> None:
    """Before anybody asks for it: its tables are there."""
    with serve("instant"):
        wait_until(lambda: (tmp_path / "app.sqlite3").exists(), 15)
        wait_until(lambda: "begrippen" in _tables(tmp_path / "app.sqlite3"), 15)


def _tables(database: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def test_three_generations_one_with_a_fault(serve: Serve) -> None:
    """The values that the three generations must give, each counted where it belongs; the
    attempts are those that the provider received."""
    with serve(
        "fixed,seconds=0.1;fault=refusal@synoniemen.2", VOORBEELDEN_CACHE_HOURS="0"
    ) as client:
        states = generate(opened(client), 3)
        assert states.count(OutcomeState.FAILED) == 1
        seen = client.scrape()
    assert seen["voorbeelden_parallel_duration_seconds_count,mode=async"] == 3
    assert 0.3 <= seen["voorbeelden_parallel_duration_seconds_sum,mode=async"] < 6
    equivalent = seen["voorbeelden_sequential_equivalent_seconds_sum,estimated=true"]
    assert equivalent >= 1.7
    assert seen["voorbeelden_sequential_equivalent_seconds_count,estimated=true"] == 3
    saved = equivalent - seen["voorbeelden_parallel_duration_seconds_sum,mode=async"]
    assert seen["voorbeelden_time_saved_seconds"] == pytest.approx(saved)
    assert seen["voorbeelden_speedup_factor"] > 1
    failures = "voorbeelden_individual_failures_total"
    assert seen[f"{failures},kind=refused,type=synoniemen"] == 1
    assert sum(value for name, value in seen.items() if name.startswith(failures)) == 1
    assert seen["voorbeelden_catastrophic_failures_total"] == 0
    assert seen["voorbeelden_partial_success_rate"] == pytest.approx(17 / 18)
    assert seen["voorbeelden_generations_total,mode=async,result=whole"] == 2
    assert seen["voorbeelden_generations_total,mode=async,result=partial"] == 1
    assert seen["voorbeelden_outcomes_total,state=done,type=synoniemen"] == 2
    assert seen["voorbeelden_outcomes_total,state=failed,type=synoniemen"] == 1
    assert seen["voorbeelden_first_item_seconds_count,type=voorbeeldzinnen"] == 3
    assert seen["voorbeelden_first_item_seconds_count,type=synoniemen"] == 2
    assert seen["voorbeelden_retry_budget"] == 500
    paid = {
        kind: seen[f"voorbeelden_tokens_total,kind={kind}"] for kind in ("prompt", "completion")
    }
    counted = "gen_ai_client_token_usage_sum"
    for kind, name in (("prompt", "input"), ("completion", "output")):
        [told] = [n for key, n in seen.items() if key.startswith(counted) and f"={name}" in key]
        assert paid[kind] >= told > 0, "what the provider counted, and the refusal's estimate"
    assert seen["voorbeelden_attempts_total"] == 18
    assert seen["voorbeelden_queue_wait_seconds_count"] == 18
    assert seen["voorbeelden_breaker_state,state=closed"] == 1
    assert seen["voorbeelden_requests_in_flight"] == 0
    assert seen["process_open_connections"] >= 1
    durations = {
        name.rpartition("error_type=")[2].partition(",")[0]: value
        for name, value in seen.items()
        if name.startswith("gen_ai_client_operation_duration_seconds_count")
    }
    assert durations == {"": 17, "refused": 1}


def test_one_type_again_and_a_definition_flow(serve: Serve, demo: DemoProcess) -> None:
    """Each adds what it is and no more: a type made again is an outcome and a generation, and not
    a duration of six; a flow's draft and judgement are requests and tokens, and not outcomes."""
    with serve(
        "fixed,seconds=0.1;fault=refusal@synoniemen.1", VOORBEELDEN_CACHE_HOURS="0"
    ) as client:
        bridge = opened(client).bridge

        def ended(job_id: str) -> bool:
            snapshot = bridge.snapshot(job_id)
            return snapshot is not None and not snapshot.running

        job_id = bridge.start(SUBJECT)
        wait_until(lambda: ended(job_id), 20)
        first = client.scrape()
        bridge.retry(job_id, ExampleType.SYNONIEMEN)
        wait_until(lambda: ended(job_id), 20)
        again = client.scrape()
        flow_id = bridge.flows.start(DefinitionRequest(SUBJECT.begrip, {}))

        def flowed() -> bool:
            flow = bridge.flows.snapshot(flow_id)
            return flow is not None and not flow.running

        wait_until(flowed, 20)
        last = client.scrape()
        provider_saw = demo.stats(unquote(str(bridge.settings.base_url).split("/")[-2]))["requests"]

    def values(name: str, **labels: str) -> list[float]:
        """Summed over the series with these labels, at each of the three moments."""
        wanted = [f",{key}={value}" for key, value in labels.items()]
        return [
            sum(
                value
                for key, value in seen.items()
                if key.split(",")[0] == name and all(one in key for one in wanted)
            )
            for seen in (first, again, last)
        ]

    assert values("voorbeelden_generations_total", result="partial") == [1, 1, 1]
    assert values("voorbeelden_generations_total", result="whole") == [0, 1, 2]
    assert values("voorbeelden_outcomes_total", state="done", type="synoniemen") == [0, 1, 2]
    assert values("voorbeelden_outcomes_total", state="done", type="toelichting") == [1, 1, 2]
    assert values("voorbeelden_outcomes_total") == [6, 7, 13]
    assert values("voorbeelden_individual_failures_total") == [1, 1, 1]
    assert values("voorbeelden_catastrophic_failures_total") == [0, 0, 0]
    assert values("voorbeelden_parallel_duration_seconds_count") == [1, 1, 2]
    assert values("voorbeelden_sequential_equivalent_seconds_count") == [1, 1, 2]
    assert values("voorbeelden_type_duration_seconds_count", type="synoniemen") == [1, 2, 3]
    assert values("voorbeelden_attempts_total") == [6, 7, 15]
    assert values("voorbeelden_queue_wait_seconds_count") == [6, 7, 15]
    assert values("gen_ai_client_operation_duration_seconds_count") == [6, 7, 15]
    assert provider_saw == 15
    assert values("voorbeelden_partial_success_rate") == pytest.approx([5 / 6, 6 / 7, 12 / 13])
    assert values("voorbeelden_not_kept_total") == [0, 0, 0]
    assert values("voorbeelden_generations_running") == [0, 0, 0]
    prompt = values("voorbeelden_tokens_total", kind="prompt")
    assert 0 < prompt[0] < prompt[1] < prompt[2]


def test_what_never_arrived_costs_nothing(serve: Serve) -> None:
    """A wrong key: six requests, and not a token."""
    with serve("instant;fault=401") as client:
        generate(opened(client), 1)
        seen = client.scrape()
    assert seen["voorbeelden_attempts_total"] >= 1
    assert seen["voorbeelden_tokens_total,kind=prompt"] == 0


def test_a_second_time_the_cache_answers(serve: Serve) -> None:
    """Six misses, then six hits; the provider is not asked again."""
    with serve("instant") as client:
        generate(opened(client), 2)
        seen = client.scrape()
    assert seen["voorbeelden_cache_misses_total"] == 6
    assert seen["voorbeelden_cache_hits_total"] == 6
    assert seen["voorbeelden_attempts_total"] == 6


def test_deadlines_and_catastrophes_are_counted(serve: Serve) -> None:
    """A provider that never answers: every call is ended by the generation's deadline."""
    with serve("instant;fault=silent", VOORBEELDEN_DEADLINE="0.3") as client:
        generate(opened(client), 1)
        seen = client.scrape()
    assert seen["voorbeelden_deadline_exceeded_total"] == 6
    assert seen["voorbeelden_catastrophic_failures_total"] == 1


def test_health_and_readiness(serve: Serve) -> None:
    """Both answer a plain request without a session, and are not kept by anybody's cache."""
    with serve("instant") as client:
        opened(client)
        for path in ("/healthz", "/readyz"):
            status, _, headers = client.get(path)
            assert status == 200
            assert headers["cache-control"] == "no-store"


def test_not_ready_before_there_is_a_way_to_the_model(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is healthy but not ready while what it needs does not open; asking again
    starts it again, so that it recovers without a visitor."""
    from voorbeelden import runtime

    tries: list[int] = []

    class Broken:
        @staticmethod
        async def open(*_: object, **__: object) -> None:
            tries.append(1)
            raise OSError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(runtime, "Runtime", Broken)
        with serve("instant") as client:
            wait_until(lambda: bool(tries))
            assert client.get("/healthz")[0] == 200
            assert client.get("/readyz")[0] == 503
            broken.undo()
            wait_until(client.ready)


def test_a_setting_that_cannot_be_used_keeps_the_server_up(serve: Serve) -> None:
    """The page then says what is wrong; a load balancer sees that this one is not ready."""
    with serve("instant", VOORBEELDEN_DEADLINE="lang") as client:
        assert client.get("/healthz")[0] == 200
        assert client.get("/readyz")[0] == 503
        assert client.get("/metrics")[0] == 503


def test_metrics_can_be_turned_off(serve: Serve) -> None:
    """404, not Streamlit's own page with status 200, and nothing is counted."""
    with serve("instant", VOORBEELDEN_METRICS="0") as client:
        assert opened(client).metrics is None
        status, text, _ = client.get("/metrics")
    assert status == 404
    assert "voorbeelden_" not in text


def test_a_scraper_gets_the_format_it_asks_for(serve: Serve) -> None:
    """Prometheus 2 and 3 ask for OpenMetrics; curl gets the plain text."""
    with serve("instant") as client:
        opened(client)
        plain = client.get("/metrics")
        accept = "application/openmetrics-text; version=1.0.0"
        open_metrics = client.get("/metrics", Accept=accept)
    assert plain[2]["content-type"].startswith("text/plain")
    assert open_metrics[2]["content-type"].startswith("application/openmetrics-text")
    assert open_metrics[1].endswith("# EOF\n")
