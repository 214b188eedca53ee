"""One loop in one thread serves every caller: again and again, from any thread, to a clean end."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support import SIX, SUBJECT, Provider, until, wait_until
from voorbeelden import bridge as bridge_module
from voorbeelden import runtime as runtime_module
from voorbeelden.bridge import Bridge
from voorbeelden.demo.process import DemoProcess, DemoStartError
from voorbeelden.jobs import JobSnapshot
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    FailureKind,
    GenerationMode,
    OutcomeState,
    Result,
    Subject,
    TypeEnded,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import Plan, make_plan

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from voorbeelden.model import Event

SYNONIEMEN, ZINNEN = ExampleType.SYNONIEMEN, ExampleType.VOORBEELDZINNEN
PRAKTIJK = ExampleType.PRAKTIJKVOORBEELDEN
ALL_DONE = dict.fromkeys(SIX, OutcomeState.DONE)


def six() -> Plan:
    return make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)


class Wired:
    """A bridge and the provider it leads to."""

    def __init__(self, provider: Provider, **settings: Any) -> None:
        self.provider = provider
        self.bridge = Bridge(provider.settings(**settings))

    def stats(self) -> dict[str, Any]:
        return self.provider.stats()

    def result(self, subject: Subject = SUBJECT) -> Result:
        """A generation, waited for on this thread."""
        return asyncio.run(self.bridge.generate(subject, six()))

    def snapshot(self, job_id: str) -> JobSnapshot:
        found = self.bridge.snapshot(job_id)
        assert found is not None
        return found

    def ended(self, job_id: str) -> JobSnapshot:
        """The job's last snapshot."""
        wait_until(lambda: not self.snapshot(job_id).running, 20)
        return self.snapshot(job_id)


MakeBridge = Callable[..., Wired]


@pytest.fixture
def bridge_to(demo: DemoProcess) -> Iterator[MakeBridge]:
    """Makes bridges to the demo server as it behaves under a spec, and closes them."""
    made: list[Wired] = []

    def make(spec: str, **settings: Any) -> Wired:
        made.append(Wired(Provider.behaving(demo, spec), **settings))
        return made[-1]

    yield make
    for one in made:
        one.bridge.close()


def states(result: Result) -> dict[ExampleType, OutcomeState]:
    return {kind: outcome.state for kind, outcome in result.outcomes.items()}


def lane_states(snapshot: JobSnapshot) -> dict[ExampleType, OutcomeState | None]:
    return {lane.kind: lane.outcome.state if lane.outcome else None for lane in snapshot.lanes}


def loop_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "voorbeelden-loop"]


# --- again and again, from anywhere ---


def test_two_generations_in_a_row_and_a_third_from_another_thread(bridge_to: MakeBridge) -> None:
    """Each on an event loop of its own, in one process: all eighteen types are whole. The system
    that this one replaces made no call at all from the second generation on."""
    one = bridge_to("instant,barrier=6")
    first = one.result()
    second = one.result()
    with ThreadPoolExecutor(1) as other:
        third = other.submit(one.result).result(20)
    for result in (first, second, third):
        assert states(result) == ALL_DONE
        assert all(outcome.items for outcome in result.outcomes.values())
    assert one.stats()["requests"] == 18


def test_generations_at_the_same_time_from_many_threads(bridge_to: MakeBridge) -> None:
    """Four callers at once: twenty-four calls in flight together, nobody waits for another."""
    one = bridge_to("instant,barrier=24")
    with ThreadPoolExecutor(4) as callers:
        results = list(callers.map(lambda _: one.result(), range(4)))
    assert [states(result) for result in results] == [ALL_DONE] * 4
    assert one.stats()["max_in_flight"] == 24


def test_connections_are_used_again(bridge_to: MakeBridge) -> None:
    """Four generations one after the other need the six connections of the first."""
    one = bridge_to("fixed,seconds=0.05")
    before = one.stats()["connections_opened"]
    for _ in range(4):
        assert states(one.result()) == ALL_DONE
    after = one.stats()
    assert after["requests"] == 24
    assert after["connections_opened"] - before == 6 + 1, "six, and the one that asks for stats"


@pytest.mark.anyio
async def test_it_can_be_awaited_on_any_loop_and_on_its_own(bridge_to: MakeBridge) -> None:
    one = bridge_to("instant")
    assert states(await one.bridge.generate(SUBJECT, six())) == ALL_DONE

    async def from_within() -> Result:
        assert one.bridge.on_loop_thread
        return await one.bridge.generate(SUBJECT, six())

    inside = one.bridge.submit(from_within())
    assert states(await asyncio.wrap_future(inside)) == ALL_DONE
    assert not one.bridge.on_loop_thread


@pytest.mark.anyio
async def test_cancelling_the_waiter_cancels_the_generation(bridge_to: MakeBridge) -> None:
    one = bridge_to("fixed,seconds=30")
    task = asyncio.create_task(one.bridge.generate(SUBJECT, six()))
    await until(lambda: one.stats()["in_flight"] == 6)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: one.stats()["cancelled"] == 6)


# --- jobs ---


def test_a_job_from_start_to_end(bridge_to: MakeBridge) -> None:
    """The page holds an id and polls: six lanes that fill, and six outcomes at the end."""
    one = bridge_to("fixed,seconds=0.3")
    job_id = one.bridge.start(SUBJECT)
    first = one.snapshot(job_id)
    assert first.running
    assert first.subject == SUBJECT
    assert [lane.kind for lane in first.lanes] == list(SIX)
    last = one.ended(job_id)
    assert lane_states(last) == ALL_DONE
    assert last.finished == 6
    for lane in last.lanes:
        assert lane.outcome is not None
        assert lane.items == lane.outcome.items != ()


def test_a_page_sees_items_while_the_job_runs(bridge_to: MakeBridge) -> None:
    """A snapshot from this thread while the loop works in the other: items of a lane only grow,
    lanes only go forward, and a snapshot that was taken never changes."""
    one = bridge_to("fixed,seconds=0.8,chunks=60")
    job_id = one.bridge.start(SUBJECT)
    seen: list[JobSnapshot] = []

    def ended() -> bool:
        seen.append(one.snapshot(job_id))
        return not seen[-1].running

    wait_until(ended, 20)
    growing = [len(snapshot.lane(ZINNEN).items) for snapshot in seen]
    assert growing == sorted(growing)
    assert {0, 1, 2, 3} <= set(growing)
    assert any(snapshot.running and snapshot.lane(ZINNEN).items for snapshot in seen)
    elapsed = [
        snapshot.elapsed for snapshot in seen if any(lane.ended is None for lane in snapshot.lanes)
    ]
    assert elapsed == sorted(elapsed)
    assert seen[0].lane(ZINNEN).items == ()


def test_how_many_jobs_run(bridge_to: MakeBridge) -> None:
    """The pages draw less often the more jobs there are; a job that ended is none."""
    wired = bridge_to("fixed,seconds=0.3")
    assert wired.bridge.running == 0
    first = wired.bridge.start(SUBJECT)
    second = wired.bridge.start(SUBJECT, owner="an other")
    assert wired.bridge.running == 2
    wired.ended(first)
    wired.ended(second)
    assert wired.bridge.running == 0


def test_a_job_that_nobody_knows(bridge_to: MakeBridge) -> None:
    """A link of yesterday: no snapshot, and nothing to run again."""
    one = bridge_to("instant")
    assert one.bridge.snapshot("onbekend") is None
    one.bridge.cancel("onbekend")
    with pytest.raises(KeyError):
        one.bridge.retry("onbekend", SYNONIEMEN)


def test_the_same_request_joins_the_running_job(bridge_to: MakeBridge) -> None:
    """A rerun of the page pays once; another owner, begrip or mode is a job of its own."""
    one = bridge_to("fixed,seconds=0.4")
    start = one.bridge.start
    job_id = start(SUBJECT, owner="anna")
    assert start(SUBJECT, owner="anna") == job_id
    others = {
        start(SUBJECT, owner="bert"),
        start(Subject("getuige", "wie iets zag"), owner="anna"),
        start(SUBJECT, GenerationMode.SEQUENTIAL, owner="anna"),
        start(SUBJECT, wanted={SYNONIEMEN: 5}, owner="anna"),
    }
    assert len(others | {job_id}) == 5
    for each in (job_id, *others):
        assert one.ended(each).finished == len(one.snapshot(each).lanes)
    assert one.stats()["requests"] == 4 * 6 + 1


def test_the_same_request_after_the_end_is_a_new_job(bridge_to: MakeBridge) -> None:
    one = bridge_to("instant")
    first = one.bridge.start(SUBJECT)
    one.ended(first)
    second = one.bridge.start(SUBJECT)
    assert second != first
    assert one.ended(second).finished == one.snapshot(first).finished == 6


def test_many_clicks_at_the_same_moment_are_one_job(bridge_to: MakeBridge) -> None:
    one = bridge_to("fixed,seconds=0.3")
    with ThreadPoolExecutor(8) as clicks:
        ids = set(clicks.map(lambda _: one.bridge.start(SUBJECT), range(32)))
    assert len(ids) == 1
    one.ended(ids.pop())
    assert one.stats()["requests"] == 6


def test_one_failing_type_and_again_for_that_type_alone(bridge_to: MakeBridge) -> None:
    """Named on its own lane; "Opnieuw" asks for that type only, and the other five stay."""
    one = bridge_to("instant;fault=quota@#1")
    job_id = one.bridge.start(SUBJECT, wanted={SYNONIEMEN: 1})
    failed = one.ended(job_id).lane(SYNONIEMEN).outcome
    assert failed is not None
    assert failed.failure is not None
    assert failed.failure.kind is FailureKind.QUOTA
    one.bridge.retry(job_id, SYNONIEMEN)
    lane = one.ended(job_id).lane(SYNONIEMEN)
    assert lane.rerun
    assert lane.outcome is not None
    assert (lane.outcome.state, lane.outcome.failure) == (OutcomeState.DONE, None)
    assert one.stats()["requests"] == 2


def test_a_rerun_leaves_the_other_lanes_as_they_were(bridge_to: MakeBridge) -> None:
    one = bridge_to("instant;fault=quota@#1")
    job_id = one.bridge.start(SUBJECT)
    before = one.ended(job_id)
    [broken] = [lane.kind for lane in before.lanes if lane.outcome and lane.outcome.failure]
    one.bridge.retry(job_id, broken)
    after = one.ended(job_id)
    assert lane_states(after) == ALL_DONE
    for kind in set(SIX) - {broken}:
        assert after.lane(kind) == before.lane(kind)


def test_a_lane_that_is_on_its_way_is_not_run_twice(bridge_to: MakeBridge) -> None:
    """A double click on "Opnieuw", or one on a lane that still runs, costs nothing."""
    one = bridge_to("fixed,seconds=0.3")
    job_id = one.bridge.start(SUBJECT, wanted={SYNONIEMEN: 5})
    one.bridge.retry(job_id, SYNONIEMEN)
    one.ended(job_id)
    assert one.stats()["requests"] == 1
    one.bridge.retry(job_id, SYNONIEMEN)
    one.bridge.retry(job_id, SYNONIEMEN)
    one.ended(job_id)
    assert one.stats()["requests"] == 2


def test_cancelling_a_job_keeps_what_had_arrived(bridge_to: MakeBridge) -> None:
    one = bridge_to("instant;fault=stall@praktijkvoorbeelden,items=1")
    job_id = one.bridge.start(SUBJECT)
    wait_until(lambda: one.snapshot(job_id).finished == 5)
    wait_until(lambda: bool(one.snapshot(job_id).lane(PRAKTIJK).items))
    one.bridge.cancel(job_id)
    last = one.ended(job_id)
    assert lane_states(last) == {**ALL_DONE, PRAKTIJK: OutcomeState.CANCELLED}
    assert len(last.lane(PRAKTIJK).items) == 1
    wait_until(lambda: one.stats()["cancelled"] == 1)


def test_cancelling_one_job_leaves_the_other(bridge_to: MakeBridge) -> None:
    one = bridge_to("fixed,seconds=0.5")
    stopped, kept = one.bridge.start(SUBJECT, owner="anna"), one.bridge.start(SUBJECT, owner="bert")
    wait_until(lambda: one.stats()["in_flight"] == 12)
    one.bridge.cancel(stopped)
    assert lane_states(one.ended(stopped)) == dict.fromkeys(SIX, OutcomeState.CANCELLED)
    assert lane_states(one.ended(kept)) == ALL_DONE


def test_the_same_request_right_after_a_cancel_is_a_new_job(bridge_to: MakeBridge) -> None:
    """Who stops and starts again wants examples, not the job that is about to end."""
    one = bridge_to("fixed,seconds=0.3")
    stopped = one.bridge.start(SUBJECT)
    one.bridge.cancel(stopped)
    again = one.bridge.start(SUBJECT)
    assert lane_states(one.ended(again)) == ALL_DONE


def test_the_same_request_during_a_rerun_is_a_new_job(bridge_to: MakeBridge) -> None:
    """Asking for all six again while one of them runs again is not the same request."""
    one = bridge_to("fixed,seconds=0.3")
    job_id = one.bridge.start(SUBJECT)
    one.ended(job_id)
    one.bridge.retry(job_id, SYNONIEMEN)
    again = one.bridge.start(SUBJECT)
    one.ended(job_id)
    assert again != job_id


def test_a_rerun_goes_on_when_the_first_run_ends(bridge_to: MakeBridge) -> None:
    """A type that failed at once runs again while another still streams, and goes on after it."""
    one = bridge_to("fixed,seconds=0.4;fault=quota@#1;fault=latency@#3,seconds=0.8")
    job_id = one.bridge.start(SUBJECT, wanted={SYNONIEMEN: 5, ZINNEN: 3})
    wait_until(lambda: any(lane.ended for lane in one.snapshot(job_id).lanes))
    [failed] = [lane.kind for lane in one.snapshot(job_id).lanes if lane.ended]
    one.bridge.retry(job_id, failed)
    seen: set[OutcomeState | None] = set()

    def ended() -> bool:
        snapshot = one.snapshot(job_id)
        seen.add(lane_states(snapshot)[failed])
        return not snapshot.running

    wait_until(ended)
    assert seen == {None, OutcomeState.DONE}


# --- a service that will not start ---


def test_the_bridge_survives_a_failed_start_of_its_service(
    demo: DemoProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo server could not start: the job says so by name, and the next click tries anew."""
    starts: list[str] = []

    class Failing:
        base_url = Provider.behaving(demo, "instant").base_url

        @classmethod
        def start(cls, spec: str) -> Failing:
            starts.append(spec)
            if len(starts) <= 2:
                raise DemoStartError("no port in 20 seconds")
            return cls()

        def close(self) -> None:
            starts.append("closed")

    monkeypatch.setattr(runtime_module, "DemoProcess", Failing)
    bridge = Bridge(Settings(demo_profile="instant"))
    try:
        wait_until(lambda: len(starts) == 1)

        def run() -> JobSnapshot:
            job_id = bridge.start(SUBJECT)
            wait_until(lambda: not snapshot_of(bridge, job_id).running, 20)
            return snapshot_of(bridge, job_id)

        for lane in run().lanes:
            assert lane.outcome is not None
            assert lane.outcome.state is OutcomeState.FAILED
            assert lane.outcome.failure is not None
            assert lane.outcome.failure.kind is FailureKind.INTERNAL
            assert lane.outcome.failure.reference
        assert lane_states(run()) == ALL_DONE
        assert starts == ["instant"] * 3
    finally:
        bridge.close()
    assert starts == ["instant"] * 3 + ["closed"]


def snapshot_of(bridge: Bridge, job_id: str) -> JobSnapshot:
    found = bridge.snapshot(job_id)
    assert found is not None
    return found


def test_without_key_and_address_it_runs_on_a_demo_server_of_its_own() -> None:
    """Which ends with it."""
    bridge = Bridge(Settings(demo_profile="instant"))
    try:
        assert states(asyncio.run(bridge.generate(SUBJECT, six()))) == ALL_DONE
        child = bridge.submit(bridge.runtime()).result(10).demo
        assert child is not None
        assert child.stats()["requests"] == 6
    finally:
        bridge.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


# --- the end ---


def test_closing_leaves_no_connection_no_thread_and_no_call(bridge_to: MakeBridge) -> None:
    """Even in the middle of two generations: cancelled jobs, six and six calls dropped."""
    threads = set(threading.enumerate())
    one = bridge_to("fixed,seconds=30")
    wait_until(lambda: one.stats()["connections_open"] == 1)
    job_id = one.bridge.start(SUBJECT)
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(one.result)
        wait_until(lambda: one.stats()["in_flight"] == 12)
        assert len(loop_threads()) == 1
        one.bridge.close()
        with pytest.raises(BaseException) as caught:  # noqa: PT011  which of the two cancellations
            waiting.result(5)
    assert "Cancelled" in type(caught.value).__name__
    assert lane_states(one.snapshot(job_id)) == dict.fromkeys(SIX, OutcomeState.CANCELLED)
    wait_until(lambda: one.stats()["connections_open"] == 1)
    assert one.stats()["cancelled"] == 12
    wait_until(lambda: set(threading.enumerate()) <= threads)
    gc.collect()  # a task or connection that was left behind warns now, and a warning is an error


def test_closing_twice_and_calling_afterwards(bridge_to: MakeBridge) -> None:
    """The second close does nothing; a closed bridge says that it is closed and starts nothing."""
    one = bridge_to("instant")
    assert states(one.result()) == ALL_DONE
    one.bridge.close()
    one.bridge.close()
    with pytest.raises(RuntimeError, match="closed"):
        one.result()
    with pytest.raises(RuntimeError, match="closed"):
        one.bridge.start(SUBJECT)
    assert one.stats()["requests"] == 6


def test_closing_at_once_is_a_clean_end_too(bridge_to: MakeBridge) -> None:
    """Opened and closed, with the first import of the SDK perhaps still going on."""
    threads = set(threading.enumerate())
    bridge_to("instant").bridge.close()
    wait_until(lambda: set(threading.enumerate()) <= threads)


def test_closing_while_the_demo_server_starts_ends_that_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It comes up after the bridge has gone; nobody else will ever close it."""
    starting, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    class Slow:
        base_url = "http://127.0.0.1:9/v1"

        @classmethod
        def start(cls, spec: str) -> Slow:
            starting.set()
            go_on.wait(5)
            return cls()

        def close(self) -> None:
            closed.set()

    monkeypatch.setattr(runtime_module, "DemoProcess", Slow)
    bridge = Bridge(Settings())
    assert starting.wait(5)
    with ThreadPoolExecutor(1) as other:
        closing = other.submit(bridge.close)
        go_on.set()
        closing.result(10)
    assert closed.wait(1)


IMPORTS_OF_THE_LOOP = """
import sys, threading, time
from voorbeelden.bridge import Bridge
from voorbeelden.demo import process
from voorbeelden.model import Subject
from voorbeelden.settings import Settings

class Absent:
    @classmethod
    def start(cls, spec):
        raise process.DemoStartError(spec)

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "openai":
            print(threading.current_thread().name)

sys.meta_path.insert(0, Watch())
process.DemoProcess = Absent
bridge = Bridge(Settings())
job_id = bridge.start(Subject("begrip", "definitie"))
while bridge.snapshot(job_id).running:
    time.sleep(0.01)
bridge.close()
"""


def test_the_sdk_is_not_imported_on_the_loop() -> None:
    """A second of importing on the loop is a second in which no job moves and none can be
    stopped; also when the first click comes before the bridge has warmed up."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS_OF_THE_LOOP],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    [thread] = done.stdout.split()
    assert thread != "voorbeelden-loop"


def test_the_bridge_of_the_process_is_one_until_it_is_closed(
    demo: DemoProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings come from the environment at the first call; after closing there is a new one."""
    url = Provider.behaving(demo, "instant").base_url
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    first = bridge_module.get_bridge()
    try:
        assert first.settings.base_url == url
        assert bridge_module.get_bridge(Settings(model="ander")) is first
        bridge_module.close_bridge()
        second = bridge_module.get_bridge()
        assert second is not first
        assert states(asyncio.run(second.generate(SUBJECT, six()))) == ALL_DONE
    finally:
        bridge_module.close_bridge()
    bridge_module.close_bridge()
    assert loop_threads() == []


# --- streaming ---


async def collected(events: AsyncGenerator[Event, None]) -> list[Event]:
    return [event async for event in events]


@pytest.mark.anyio
async def test_a_stream_may_be_read_on_any_loop(bridge_to: MakeBridge) -> None:
    """Here, and in a thread with a loop of its own, at the same time."""
    one = bridge_to("fixed,seconds=0.1")
    here, there = await asyncio.gather(
        collected(one.bridge.stream(SUBJECT, six())),
        asyncio.to_thread(lambda: asyncio.run(collected(one.bridge.stream(SUBJECT, six())))),
    )
    for events in (here, there):
        assert sum(isinstance(event, TypeEnded) for event in events) == 6


@pytest.mark.anyio
async def test_a_stream_whose_service_cannot_start_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It does not just end without an event: every type has its failure, with a reference."""

    class Failing:
        @staticmethod
        def start(spec: str) -> None:
            raise DemoStartError(spec)

    monkeypatch.setattr(runtime_module, "DemoProcess", Failing)
    bridge = Bridge(Settings())
    try:
        events = await collected(bridge.stream(SUBJECT, six()))
        outcomes = [event.outcome for event in events if isinstance(event, TypeEnded)]
        assert len(outcomes) == len(events) == 6
        for outcome in outcomes:
            assert outcome.failure is not None
            assert outcome.failure.kind is FailureKind.INTERNAL
            assert outcome.failure.reference
        result = await bridge.generate(SUBJECT, six())
        assert {outcome.state for outcome in result.outcomes.values()} == {OutcomeState.FAILED}
    finally:
        await asyncio.to_thread(bridge.close)
