"""The engine, its job and its script against the demo server: what really ran is what is told."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from scripts.bench_terminal import show_hedging
from scripts.benchmark_voorbeelden_parallel import main
from tests.integration.support import SUBJECT, Provider, until, wait_until
from voorbeelden.benchmark.engine import Benchmark, rounds
from voorbeelden.benchmark.estimate import cost_of, duration_of
from voorbeelden.benchmark.ground import ProviderGround, open_ground
from voorbeelden.benchmark.hedging import HedgeRun, HedgeSide
from voorbeelden.benchmark.history import History
from voorbeelden.benchmark.job import BenchmarkBusy, Benchmarks, BenchmarkSnapshot
from voorbeelden.benchmark.model import (
    FLOW_ORDERS,
    MODES,
    BenchmarkRequest,
    BenchmarkRun,
    CallsDone,
    Repetition,
    ScalePoint,
    Step,
    StepStarted,
    Target,
    TypeFailure,
)
from voorbeelden.benchmark.record import from_json, to_csv, to_json
from voorbeelden.benchmark.statistics import median_speed_up, plan_figures
from voorbeelden.bridge import Bridge
from voorbeelden.definition.flow_model import FlowOrder, Phase
from voorbeelden.model import ExampleType, FailureKind, GenerationMode
from voorbeelden.screen.bench_sentence import account
from voorbeelden.screen.bench_tables import scaling_html
from voorbeelden.strategies import TYPICAL_TOKENS

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

SEQUENTIAL, ASYNC = GenerationMode.SEQUENTIAL, GenerationMode.ASYNC
SPLIT, COMBINED = GenerationMode.SPLIT, GenerationMode.COMBINED


def asked(
    spec: str,
    modes: tuple[GenerationMode, ...] = MODES,
    repetitions: int = 1,
    scales: tuple[int, ...] = (),
) -> BenchmarkRequest:
    """A request on a profile that no other test uses."""
    target = Target("eigen", "eigen profiel", spec)
    return BenchmarkRequest(SUBJECT, target, modes, repetitions, scales)


async def measured(
    demo: DemoProcess, request: BenchmarkRequest, told: list[Step] | None = None
) -> BenchmarkRun:
    steps: list[Step] = [] if told is None else told
    provider = Provider.behaving(demo, "instant")
    async with open_ground(request.target, provider.settings(), demo=demo) as ground:
        return await Benchmark(request, ground, steps.append).run()


@contextlib.asynccontextmanager
async def on_a_provider(provider: Provider) -> AsyncIterator[ProviderGround]:
    """The way of a connected provider, whose counters the test can read."""
    ground = ProviderGround(provider.settings(), TYPICAL_TOKENS)
    yield ground
    await ground.aclose()


def test_rounds_are_interleaved_and_start_with_another_plan_each_time() -> None:
    """Every plan once a round; no plan is always the first, or always after the same one's load."""
    order = list(rounds(asked("instant", (SEQUENTIAL, ASYNC, SPLIT), repetitions=3)))
    assert order == [
        (1, SEQUENTIAL),
        (1, ASYNC),
        (1, SPLIT),
        (2, ASYNC),
        (2, SPLIT),
        (2, SEQUENTIAL),
        (3, SPLIT),
        (3, SEQUENTIAL),
        (3, ASYNC),
    ]


@pytest.mark.anyio
async def test_every_plan_really_runs_with_its_own_calls(demo: DemoProcess) -> None:
    """Six, six, ten and one call, in order of the rounds, every one of them on record, and the
    progress is told on the way: the start, each example, the end."""
    told: list[Step] = []
    run = await measured(demo, asked("tokens,ttft=0.01,rate=5000"), told)
    assert [(one.mode, len(one.calls)) for one in run.repetitions] == [
        (SEQUENTIAL, 6),
        (ASYNC, 6),
        (SPLIT, 10),
        (COMBINED, 1),
    ]
    assert run.failed == 0
    assert all(one.tokens.completion > 0 and not one.tokens_estimated for one in run.repetitions)
    assert all(one.first_item is not None for one in run.repetitions)
    starts = [step for step in told if isinstance(step, StepStarted)]
    assert [(step.mode, step.calls) for step in starts] == [
        (SEQUENTIAL, 6),
        (ASYNC, 6),
        (SPLIT, 10),
        (COMBINED, 1),
    ]
    done = [step for step in told if isinstance(step, CallsDone)]
    # Fewer than twenty can be the honest answer: real synonyms are not always five.
    assert done[0] == CallsDone(1, 20)
    assert 10 <= done[-1].done <= done[-1].wanted == 20
    assert [step for step in told if isinstance(step, Repetition)] == list(run.repetitions)


@pytest.mark.anyio
async def test_the_plans_differ_in_what_is_in_flight_not_in_what_is_asked(
    demo: DemoProcess,
) -> None:
    """The server's own count: one at a time in a row, six together; and nothing is answered from
    a cache, so three repetitions are eighteen requests."""
    for mode, together in ((SEQUENTIAL, 1), (ASYNC, 6)):
        provider = Provider.behaving(demo, "fixed,seconds=0.05")
        async with on_a_provider(provider) as ground:
            request = asked("instant", (mode,), repetitions=3)
            run = await Benchmark(request, ground, lambda _: None).run()
        assert run.failed == 0
        stats = provider.stats()
        assert (stats["requests"], stats["max_in_flight"]) == (18, together)
        assert [one.requests for one in run.repetitions] == [6, 6, 6]


@pytest.mark.anyio
async def test_a_speed_up_is_measured_and_stays_under_its_limit(demo: DemoProcess) -> None:
    """Scaled-down uneven latencies: faster than in a row, and never above sum ÷ slowest. How much
    exactly is for a quiet machine: scripts/benchmark_voorbeelden_parallel.py."""
    run = await measured(demo, asked("measured,scale=0.03", (SEQUENTIAL, ASYNC)))
    found = median_speed_up(run, ASYNC)
    assert found is not None
    assert found.measured
    assert 1.2 < found.factor <= found.uneven_limit * 1.05
    assert found.uneven_limit < 3.5, "the limit of six equal calls would be six"


@pytest.mark.anyio
async def test_a_failed_repetition_is_counted_and_named(demo: DemoProcess) -> None:
    """The second of three asks in vain for synonyms: it is on record with its reason, its calls
    and its tokens, and the medians are those of the other two."""
    spec = f"fixed,seconds=0.02;fault=400@synoniemen.2;run={uuid.uuid4().hex}"
    provider = Provider(demo, spec)
    async with on_a_provider(provider) as ground:
        request = asked("instant", (ASYNC,), repetitions=3)
        run = await Benchmark(request, ground, lambda _: None).run()
    assert [one.whole for one in run.repetitions] == [True, False, True]
    (failure,) = run.repetitions[1].failures
    assert (failure.example_type.value, failure.kind) == ("synoniemen", FailureKind.BAD_REQUEST)
    assert len(run.repetitions[1].calls) == 6
    assert run.repetitions[1].tokens_estimated
    (figures,) = plan_figures(run)
    assert (figures.whole, figures.failed, run.failed) == (2, 1, 1)


@pytest.mark.anyio
async def test_all_plans_meet_the_same_draws(demo: DemoProcess) -> None:
    """On a heavy tail the slowest of the six draws is the same for a plan in a row and for one at
    once: no plan is lucky. Another repetition has other draws."""
    request = asked("tail,seconds=0.1", (SEQUENTIAL, ASYNC), repetitions=2)
    run = await measured(demo, request)
    assert run.failed == 0
    async with open_ground(request.target, _none(demo), demo=demo) as ground:
        plan = Benchmark(request, ground, lambda _: None).plan(ASYNC)
        drawn = {number: ground.ideal(plan, 1, number) for number in (1, 2)}
    assert drawn[1] != drawn[2]
    # A busy machine adds to a draw, and never takes off: a timer may be a rounding early.
    for one in run.repetitions:
        assert one.slowest >= (drawn[one.number] or 60) - 0.01


def _none(demo: DemoProcess):  # type: ignore[no-untyped-def]
    return Provider.behaving(demo, "instant").settings()


@pytest.mark.anyio
async def test_many_generations_are_all_in_flight_at_once(demo: DemoProcess) -> None:
    """Five generations are thirty calls together: the barrier answers only when all are there."""
    provider = Provider.behaving(demo, "instant,barrier=30,barrier-timeout=10")
    told: list[Step] = []
    async with on_a_provider(provider) as ground:
        run = await Benchmark(asked("instant", (), 1, (5,)), ground, told.append).run()
    (point,) = run.scaling
    assert (point.generations, point.requests, point.failed) == (5, 30, 0)
    assert point.ideal_measured
    assert 0 < point.ideal <= point.seconds
    assert provider.stats()["max_in_flight"] == 30
    assert [step for step in told if isinstance(step, ScalePoint)] == [point]


@pytest.mark.anyio
async def test_the_ideal_of_a_profile_is_what_it_prescribes(demo: DemoProcess) -> None:
    """Fixed 0.1 s: nothing can be sooner, whatever the number; it is not called measured."""
    run = await measured(demo, asked("fixed,seconds=0.1", (), 1, (1, 3)))
    for point in run.scaling:
        assert point.ideal == pytest.approx(0.1)
        assert not point.ideal_measured
        assert point.over_ideal >= 1


@pytest.mark.anyio
async def test_cancelling_keeps_what_is_complete_and_leaves_nothing_running(
    demo: DemoProcess,
) -> None:
    """Stopped in its second repetition: the first one is there, and the server sees all go."""
    provider = Provider.behaving(demo, "fixed,seconds=0.2")
    told: list[Step] = []
    async with on_a_provider(provider) as ground:
        benchmark = Benchmark(asked("instant", (ASYNC,), 9), ground, told.append)
        task = asyncio.create_task(benchmark.run())
        await until(lambda: sum(isinstance(step, StepStarted) for step in told) == 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        run = benchmark.result(stopped=True)
    assert len(run.repetitions) == 1
    assert run.stopped
    await until(lambda: provider.stats()["in_flight"] == 0)


# The job: what the page sees.


@pytest.fixture
def bridge(demo: DemoProcess) -> Iterator[Bridge]:
    one = Bridge(Provider.behaving(demo, "instant").settings())
    yield one
    one.close()


@pytest.fixture
def jobs() -> Benchmarks:
    return Benchmarks()


def ended(jobs: Benchmarks, job_id: str) -> BenchmarkSnapshot:
    def over() -> bool:
        snapshot = jobs.snapshot(job_id)
        return snapshot is not None and not snapshot.running

    wait_until(over, 20)
    snapshot = jobs.snapshot(job_id)
    assert snapshot is not None
    return snapshot


def connected(repetitions: int = 1) -> BenchmarkRequest:
    """On the bridge's own provider."""
    target = Target("aangesloten", "het aangesloten taalmodel demo", None)
    return BenchmarkRequest(SUBJECT, target, (ASYNC,), repetitions)


def test_a_job_ends_with_a_run_that_is_kept_under_its_own_id(
    bridge: Bridge, jobs: Benchmarks
) -> None:
    """Started from this thread, measured on the loop, handed to the store when it is over."""
    kept: list[BenchmarkRun] = []
    job_id = jobs.start(bridge, connected(2), kept.append)
    snapshot = ended(jobs, job_id)
    assert (snapshot.complete, snapshot.failure, snapshot.kept) == (2, None, True)
    assert [run.run_id for run in kept] == [job_id]
    assert kept[0] == snapshot.run
    assert not kept[0].stopped


def test_one_measurement_at_a_time(demo: DemoProcess, jobs: Benchmarks) -> None:
    """A second one is refused with the name of the first; after Stop there is room again."""
    slow = Bridge(Provider.behaving(demo, "fixed,seconds=0.3").settings())
    try:
        first = jobs.start(slow, connected(20))
        with pytest.raises(BenchmarkBusy) as busy:
            jobs.start(slow, connected())
        assert busy.value.job_id == first
        assert jobs.running == first

        def one_complete() -> bool:
            snapshot = jobs.snapshot(first)
            return snapshot is not None and snapshot.complete >= 1

        wait_until(one_complete, 20)
        jobs.cancel(first)
        snapshot = ended(jobs, first)
        assert snapshot.run.stopped
        assert 1 <= snapshot.complete < 20
        assert jobs.running is None
        second = jobs.start(slow, connected())
        assert ended(jobs, second).complete == 1
    finally:
        slow.close()


def test_stop_while_the_run_is_being_kept_leaves_room_for_the_next(
    bridge: Bridge, jobs: Benchmarks
) -> None:
    """A slow database keeps the button Stop on the page: pressed then, the run is kept all the
    same, and the next one may start."""
    keeping, kept = threading.Event(), threading.Event()

    def slowly(_: BenchmarkRun) -> None:
        keeping.set()
        assert kept.wait(10)

    job_id = jobs.start(bridge, connected(), slowly)
    assert keeping.wait(20)
    jobs.cancel(job_id)
    kept.set()
    snapshot = ended(jobs, job_id)
    assert (snapshot.kept, snapshot.run.stopped) == (True, False)
    assert ended(jobs, jobs.start(bridge, connected())).complete == 1


def test_calls_are_cut_by_what_the_price_was_told_by(demo: DemoProcess, jobs: Benchmarks) -> None:
    """Whatever the model has shown meanwhile: the calls that were agreed to are the calls made."""
    provider = Provider.behaving(demo, "instant")
    bridge = Bridge(provider.settings())
    try:
        tokens = {**TYPICAL_TOKENS, ExampleType.TOELICHTING: 600.0}
        request = replace(connected(), modes=(GenerationMode.SPLIT,))
        [cost] = cost_of(request, tokens)
        assert cost.calls != cost_of(request)[0].calls
        ended(jobs, jobs.start(bridge, request, tokens=tokens))
        assert provider.stats()["requests"] == cost.calls
    finally:
        bridge.close()


def test_a_scaling_point_that_failed_is_no_speed() -> None:
    """A wrong key answers in milliseconds: no ratio, no bar, and the sentence says how many."""
    point = ScalePoint(10, 0.04, 2.0, ideal_measured=False, failed=10, requests=10)
    whole = ScalePoint(1, 2.1, 2.0, ideal_measured=False, failed=0, requests=6)
    run = BenchmarkRun("a", 0.0, replace(connected(), scales=(1, 10)), scaling=(whole, point))
    assert point.over_ideal is None
    assert "10 van 11 generaties" in account(run)
    assert "0,02" not in account(run) + scaling_html(run)
    assert "telt niet mee" in scaling_html(run)


def test_a_store_that_fails_loses_no_measurement(bridge: Bridge, jobs: Benchmarks) -> None:
    """The run is shown all the same, and the snapshot says that it was not kept."""

    def broken(_: BenchmarkRun) -> None:
        raise OSError("disk full")

    snapshot = ended(jobs, jobs.start(bridge, connected(), broken))
    assert (snapshot.complete, snapshot.kept, snapshot.failure) == (1, False, None)


def test_a_profile_that_does_not_exist_ends_with_a_named_failure(
    bridge: Bridge, jobs: Benchmarks
) -> None:
    """Nothing measured, nothing kept, and a message with a reference."""
    kept: list[BenchmarkRun] = []
    request = BenchmarkRequest(SUBJECT, Target("eigen", "kapot", "bestaat niet"), (ASYNC,), 1)
    snapshot = ended(jobs, jobs.start(bridge, request, kept.append))
    assert snapshot.failure is not None
    assert snapshot.failure.kind is FailureKind.INTERNAL
    assert (snapshot.complete, kept) == (0, [])


def test_an_unknown_job_is_none(jobs: Benchmarks) -> None:
    """Looking at it or stopping it is no error."""
    assert jobs.snapshot("onbekend") is None
    jobs.cancel("onbekend")


# The script, as somebody at a terminal runs it.


def test_the_script_shows_the_plans_and_writes_them_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 0; bars, table and account on the screen; the same run as JSON in a file."""
    file = tmp_path / "uitkomst.json"
    options = ["--profile", "measured,scale=0.01", "--herhalingen", "1", "--json", str(file)]
    assert main(options) == 0
    shown = capsys.readouterr().out
    for expected in ("Na elkaar", "Opgedeeld", "Wat is gemeten", "bespaard"):
        assert expected in shown
    data = json.loads(file.read_text("utf-8"))
    assert len(data["run"]["repetitions"]) == 4


def test_the_script_fails_when_a_plan_failed(capsys: pytest.CaptureFixture[str]) -> None:
    """Code 1, and the repetition is shown with the type that was missing."""
    options = ["--profile", "instant;fault=400@toelichting", "--plannen", "tegelijk"]
    assert main([*options, "--herhalingen", "1"]) == 1
    assert "toelichting" in capsys.readouterr().out


def test_the_script_refuses_what_it_cannot_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Code 2: a profile that does not exist, and a provider that is not connected."""
    assert main(["--profile", "bestaat-niet"]) == 2
    assert "Onbekend profiel" in capsys.readouterr().out
    assert main(["--profile", "stroom"]) == 2
    assert "scripts/measure_flow.py" in capsys.readouterr().out
    assert main(["--profile", "aangesloten"]) == 2
    assert "geen taalmodel aangesloten" in capsys.readouterr().out


INTERRUPTED = """
import asyncio, signal, sys, threading
from scripts import benchmark_voorbeelden_parallel as script

def interrupt():
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

async def endless(*_, **__):
    interrupt()
    await asyncio.sleep(60)

class Interrupted(script.Live):
    def show(self, snapshot):
        if snapshot.running:
            interrupt()
        super().show(snapshot)

script.measure_hedging = endless
script.Live = Interrupted
sys.exit(script.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--hedging", "5"], "Gestopt: er is niets gemeten."),
        (["--profile", "fixed,seconds=30"], "voortijdig"),
    ],
    ids=["hedging", "plans"],
)
def test_ctrl_c_ends_the_script_with_a_word(options: list[str], said: str) -> None:
    """Whatever it is doing at that moment: no traceback, and code 1."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *options],
        # Tests that a shell runs in its background inherit an interrupt that is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert said in done.stdout


def test_hedging_without_a_whole_generation_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to take a percentile of: the table stands there, and JSON says so too."""
    failed = HedgeSide((), 3, 18, 0)
    data = json.loads(show_hedging(Console(), HedgeRun("tail", failed, failed)))
    assert data["gain_p95"] is None
    assert data["met"]["failed"] == 3
    assert "niet te zeggen" in capsys.readouterr().out


# --- the flow from begrip to examples ---


def flow_asked(spec: str, repetitions: int = 1) -> BenchmarkRequest:
    return BenchmarkRequest(SUBJECT, Target("stroom", "de stroom", spec), FLOW_ORDERS, repetitions)


@pytest.mark.anyio
async def test_every_order_of_the_flow_really_runs(demo: DemoProcess) -> None:
    """Eight calls each: in a row none overlaps another, in phases the examples wait for the
    validation, and in the flow they run beside it."""
    told: list[Step] = []
    run = await measured(demo, flow_asked("flow,scale=0.05"), told)
    assert run.failed == 0
    assert {len(one.calls) for one in run.repetitions} == {8}
    [row], [staged], [beside] = (run.of(order) for order in FLOW_ORDERS)
    names = {"definitie", "toets", *(kind.value for kind in ExampleType)}
    assert all({call.name for call in one.calls} == names for one in run.repetitions)
    for before, after in pairwise(sorted(row.calls, key=lambda call: call.start)):
        assert after.start >= before.end - 0.01
    draft, judging, *examples = staged.calls
    assert draft.end <= judging.start + 0.01
    assert all(call.start >= judging.end - 0.01 for call in examples)
    _, judging, *examples = beside.calls
    assert min(call.start for call in examples) < judging.end
    assert all(one.tokens.completion > 0 and not one.tokens_estimated for one in run.repetitions)
    starts = [step for step in told if isinstance(step, StepStarted)]
    assert [(step.mode, step.calls) for step in starts] == [(order, 8) for order in FLOW_ORDERS]
    done = [step.done for step in told if isinstance(step, CallsDone)]
    assert done[0] == 1
    assert max(done) >= 10


@pytest.mark.anyio
async def test_a_measured_flow_is_kept_and_leaves_like_any_run(
    demo: DemoProcess, tmp_path: Path
) -> None:
    """The history and JSON give back what was measured; CSV has a row for every call; both speed-up
    and its limit are against what ran in a row."""
    run = await measured(demo, flow_asked("flow,scale=0.05"))
    history = History(f"sqlite:///{tmp_path / 'flow.sqlite3'}")
    history.keep(run)
    assert history.load(run.run_id) == run == from_json(to_json(run))
    history.close()
    rows = list(csv.DictReader(io.StringIO(to_csv(run).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 24
    assert {row["plan"] for row in rows} == {"in-a-row", "staged", "beside"}
    assert [row["aanroep"] for row in rows[:2]] == ["definitie", "toets"]
    found = median_speed_up(run, FlowOrder.BESIDE)
    assert found is not None
    assert found.measured
    assert found.equal_limit == 4.0
    [row], [ours] = run.of(FlowOrder.IN_A_ROW), run.of(FlowOrder.BESIDE)
    lengths = [call.end - call.start for call in ours.calls]
    assert found.factor == pytest.approx(row.seconds / ours.seconds)
    assert found.uneven_limit == pytest.approx(row.in_a_row / (lengths[0] + max(lengths[1:])))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fault", "part"),
    [
        ("400@definitie", Phase.DRAFT),
        ("400@toets", Phase.VALIDATION),
        ("400@synoniemen", ExampleType.SYNONIEMEN),
    ],
)
async def test_a_phase_that_fails_is_named_and_counts_in_no_median(
    demo: DemoProcess, fault: str, part: Phase | ExampleType
) -> None:
    run = await measured(demo, flow_asked(f"instant;fault={fault}"))
    assert run.failed == 3
    assert {one.failures for one in run.repetitions} == {
        (TypeFailure(part, FailureKind.BAD_REQUEST),)
    }
    assert all(figures.seconds is None for figures in plan_figures(run))
    assert from_json(to_json(run)) == run


def test_what_the_flow_will_take_is_known_beforehand() -> None:
    """Seven seconds, nine and nineteen: the arithmetic of the original design."""
    assert duration_of(flow_asked("flow", repetitions=2)) == pytest.approx(2 * (7 + 9 + 19))
    assert cost_of(flow_asked("flow")) == ()
