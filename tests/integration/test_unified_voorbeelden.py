"""The documented functions over HTTP: the same dict from anywhere, and events in order."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.support import SIX, Provider, until
from voorbeelden import bridge
from voorbeelden import unified_voorbeelden as unified
from voorbeelden.loop_thread import LoopClosed
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    ExampleRequest,
    ExampleType,
    FailureKind,
    GenerationMode,
    ItemComplete,
    OutcomeState,
    TypeEnded,
    TypeStarted,
)
from voorbeelden.settings import SettingsError

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

ROOT = Path(__file__).parents[2]
BEGRIP, DEFINITIE = "verdachte", "Degene die redelijkerwijs van een strafbaar feit wordt verdacht."
CONTEXT = {"organisatorisch": ["OM"], "juridisch": ["strafrecht"], "wettelijk": ["Sv"]}
SYNONIEMEN, TOELICHTING = ExampleType.SYNONIEMEN, ExampleType.TOELICHTING
Dict = dict[str, list[str] | str]


@pytest.fixture
def behaving(
    demo: DemoProcess, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Provider]]:
    """Leads the process to a provider, by the environment as a user would."""

    def behave(spec: str) -> Provider:
        provider = Provider.behaving(demo, spec)
        monkeypatch.setenv("OPENAI_BASE_URL", provider.base_url)
        return provider

    bridge.close_bridge()
    yield behave
    bridge.close_bridge()


Behaving = Callable[[str], Provider]


def assert_documented(answer: Dict) -> None:
    """Exactly six keys in reading order: five lists of str, and toelichting a str; all filled."""
    assert list(answer) == [kind.value for kind in SIX]
    for kind in SIX:
        value = answer[kind.value]
        assert value
        if kind is TOELICHTING:
            assert isinstance(value, str)
            continue
        assert isinstance(value, list)
        assert {type(text) for text in value} == {str}
        assert all(value)
        assert len(value) <= DEFAULT_EXAMPLE_COUNTS[kind]


# --- the documented dict ---


@pytest.mark.anyio
async def test_the_documented_dict(behaving: Behaving) -> None:
    """Six calls, all in flight at once: the server answers none before the sixth."""
    provider = behaving("instant,barrier=6")
    assert_documented(await unified.genereer_alle_voorbeelden_async(BEGRIP, DEFINITIE, CONTEXT))
    assert provider.stats()["requests"] == 6


@pytest.mark.parametrize("context", [{}, {"juridisch": []}])
def test_a_context_may_be_empty(behaving: Behaving, context: dict[str, list[str]]) -> None:
    behaving("instant")
    assert_documented(unified.genereer_alle_voorbeelden(BEGRIP, DEFINITIE, context))


def test_twice_in_a_row_and_a_third_time_from_another_thread(behaving: Behaving) -> None:
    """``asyncio.run`` a click, as scripts and pages do it: each time six whole types."""
    provider = behaving("instant,barrier=6")

    def click() -> Dict:
        return asyncio.run(unified.genereer_alle_voorbeelden_async(BEGRIP, DEFINITIE, CONTEXT))

    first, second = click(), click()
    with ThreadPoolExecutor(1) as other:
        third = other.submit(click).result(20)
    assert_documented(first)
    assert first == second == third
    assert provider.stats()["requests"] == 18


def test_the_synchronous_twin_twice_in_one_process(behaving: Behaving) -> None:
    behaving("instant,barrier=6")
    first = unified.genereer_alle_voorbeelden(BEGRIP, DEFINITIE, CONTEXT)
    second = unified.genereer_alle_voorbeelden(BEGRIP, DEFINITIE, CONTEXT)
    assert_documented(first)
    assert first == second


@pytest.mark.parametrize("broken", [SYNONIEMEN, TOELICHTING])
def test_a_failed_type_is_empty_and_the_other_five_are_whole(
    behaving: Behaving, broken: ExampleType, caplog: pytest.LogCaptureFixture
) -> None:
    """``[]`` or ``""`` in this dict only; the log names type and kind of error, no text."""
    behaving(f"instant;fault=quota@{broken.value}")
    answer = unified.genereer_alle_voorbeelden(BEGRIP, DEFINITIE, CONTEXT)
    assert answer[broken.value] == ("" if broken is TOELICHTING else [])
    assert all(answer[kind.value] for kind in set(SIX) - {broken})
    [line] = [one for one in caplog.records if one.name == unified.__name__]
    assert line.levelno == logging.WARNING
    assert broken.value in line.getMessage()
    assert BEGRIP not in line.getMessage()


@pytest.mark.anyio
async def test_the_rich_result_names_what_the_dict_cannot(behaving: Behaving) -> None:
    behaving("instant;fault=quota@synoniemen")
    result = await unified.genereer_voorbeelden_resultaat(BEGRIP, DEFINITIE, CONTEXT)
    failure = result.outcomes[SYNONIEMEN].failure
    assert failure is not None
    assert failure.kind is FailureKind.QUOTA
    assert result.as_dict()["synoniemen"] == []
    done = [one for one in result.outcomes.values() if one.state is OutcomeState.DONE]
    assert len(done) == 5


@pytest.mark.anyio
async def test_the_rich_result_in_another_mode(behaving: Behaving) -> None:
    provider = behaving("instant")
    result = await unified.genereer_voorbeelden_resultaat(
        BEGRIP, DEFINITIE, CONTEXT, mode=GenerationMode.SEQUENTIAL
    )
    assert result.mode is GenerationMode.SEQUENTIAL
    assert provider.stats()["max_in_flight"] == 1


# --- inside a running loop ---


def test_on_the_bridges_own_thread_it_says_what_to_do(behaving: Behaving) -> None:
    """Waiting there could never end."""
    behaving("instant")

    async def wrong() -> Dict:
        return unified.genereer_alle_voorbeelden(BEGRIP, DEFINITIE, CONTEXT)

    with pytest.raises(RuntimeError, match="await genereer_alle_voorbeelden_async"):
        bridge.get_bridge().submit(wrong()).result(10)


NOTEBOOK = """
import asyncio
import json
from voorbeelden.bridge import close_bridge
from voorbeelden.unified_voorbeelden import genereer_alle_voorbeelden

ticks = 0

async def tick():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep(0.01)

async def cell():
    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    answers = [genereer_alle_voorbeelden("verdachte", "definitie", {}) for _ in range(2)]
    ticking.cancel()
    return answers

def main(run):
    answers = run(cell())
    answers.append(genereer_alle_voorbeelden("verdachte", "definitie", {}))
    close_bridge()
    print(json.dumps([answers, ticks]))
"""
"""A cell of a notebook: the loop runs already, and something else runs on it too."""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_the_synchronous_twin_inside_a_running_loop(demo: DemoProcess, loop: str) -> None:
    """Twice inside a loop and once after it, in a process of its own because a patched loop stays
    patched. On asyncio the loop keeps turning meanwhile; uvloop stands still, and still answers."""
    run = "asyncio.run" if loop == "asyncio" else "__import__('uvloop').run"
    provider = Provider.behaving(demo, "fixed,seconds=0.2")
    done = subprocess.run(
        [sys.executable, "-c", f"{NOTEBOOK}\nmain({run})"],
        env={**os.environ, "OPENAI_BASE_URL": provider.base_url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answers, ticks = json.loads(done.stdout)
    assert len(answers) == 3
    for answer in answers:
        assert_documented(answer)
    assert provider.stats()["requests"] == 18
    assert (ticks > 5) is (loop == "asyncio")


# --- one request ---


@pytest.mark.anyio
@pytest.mark.parametrize("mode", GenerationMode)
async def test_the_generator_answers_one_request(behaving: Behaving, mode: GenerationMode) -> None:
    """At most the number asked for, of that type only."""
    provider = behaving("instant")
    request = ExampleRequest(
        BEGRIP, DEFINITIE, CONTEXT, ExampleType.TEGENVOORBEELDEN, mode, max_examples=2
    )
    items = await unified.get_examples_generator()._generate_async(request)
    assert len(items) == 2
    assert all("(Geen voorbeeld: " in item for item in items)
    assert list(provider.stats()["by_type"]) == ["tegenvoorbeelden"]


@pytest.mark.anyio
async def test_the_generator_raises_a_named_failure(behaving: Behaving) -> None:
    behaving("instant;fault=refusal")
    request = ExampleRequest(BEGRIP, DEFINITIE, CONTEXT, SYNONIEMEN)
    with pytest.raises(unified.GenerationFailed) as caught:
        await unified.get_examples_generator()._generate_async(request)
    assert caught.value.example_type is SYNONIEMEN
    assert caught.value.failure is not None
    assert caught.value.failure.kind is FailureKind.REFUSED


# --- events ---


@pytest.mark.anyio
@pytest.mark.parametrize("mode", GenerationMode)
async def test_a_stream_tells_of_every_type_in_order(
    behaving: Behaving, mode: GenerationMode
) -> None:
    """Started before its items, items before its end; one end for every type, then no more."""
    behaving("fixed,seconds=0.1")
    events = [
        event
        async for event in unified.genereer_voorbeelden_stream(
            BEGRIP, DEFINITIE, CONTEXT, mode=mode
        )
    ]
    for kind in SIX:
        first, *items, last = [event for event in events if event.example_type is kind]
        assert isinstance(first, TypeStarted)
        assert items
        assert all(isinstance(event, ItemComplete) for event in items)
        assert isinstance(last, TypeEnded)
        assert last.outcome.state is OutcomeState.DONE


@pytest.mark.anyio
async def test_a_failing_type_ends_in_the_stream_too(behaving: Behaving) -> None:
    behaving("instant;fault=quota@synoniemen")
    ended = {
        event.example_type: event.outcome
        async for event in unified.genereer_voorbeelden_stream(BEGRIP, DEFINITIE, CONTEXT)
        if isinstance(event, TypeEnded)
    }
    assert set(ended) == set(SIX)
    assert [kind for kind, outcome in ended.items() if outcome.failure] == [SYNONIEMEN]


@pytest.mark.anyio
async def test_events_come_while_the_answers_are_being_made(behaving: Behaving) -> None:
    """The first item is here while the six calls are still in flight at the server."""
    provider = behaving("fixed,seconds=1,chunks=50")
    events = unified.genereer_voorbeelden_stream(BEGRIP, DEFINITIE, CONTEXT)
    async for event in events:
        if isinstance(event, ItemComplete):
            break
    assert provider.stats()["in_flight"] == 6
    await events.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("after", [TypeStarted, ItemComplete, TypeEnded])
async def test_leaving_a_stream_early_cancels_the_rest(
    behaving: Behaving, after: type[Event]
) -> None:
    """What nobody reads is not paid for: every call still in flight is dropped at the server."""
    provider = behaving("instant;fault=stall@praktijkvoorbeelden;fault=stall@tegenvoorbeelden")
    events = unified.genereer_voorbeelden_stream(BEGRIP, DEFINITIE, CONTEXT)
    async for event in events:
        if isinstance(event, after):
            break
    await until(lambda: provider.stats()["requests"] == 6)
    await events.aclose()
    await until(lambda: provider.stats()["in_flight"] == 0)
    assert provider.stats()["cancelled"] >= 2


@pytest.mark.anyio
async def test_a_cancelled_reader_cancels_the_generation(behaving: Behaving) -> None:
    provider = behaving("fixed,seconds=30")

    async def read() -> None:
        async for _ in unified.genereer_voorbeelden_stream(BEGRIP, DEFINITIE, CONTEXT):
            pass

    task = asyncio.create_task(read())
    await until(lambda: provider.stats()["in_flight"] == 6)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: provider.stats()["cancelled"] == 6)


@pytest.mark.anyio
async def test_cancelling_the_documented_coroutine_cancels_its_six_calls(
    behaving: Behaving,
) -> None:
    provider = behaving("fixed,seconds=30")
    task = asyncio.create_task(unified.genereer_alle_voorbeelden_async(BEGRIP, DEFINITIE, CONTEXT))
    await until(lambda: provider.stats()["in_flight"] == 6)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: provider.stats()["cancelled"] == 6)


def test_an_unusable_setting_is_no_six_empty_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both twins say what is wrong; an empty dict would look like a model without ideas."""
    bridge.close_bridge()
    monkeypatch.setenv("VOORBEELDEN_DEADLINE", "abc")
    with pytest.raises(SettingsError, match="VOORBEELDEN_DEADLINE"):
        asyncio.run(unified.genereer_alle_voorbeelden_async("a", "b", {}))
    with pytest.raises(SettingsError, match="VOORBEELDEN_DEADLINE"):
        unified.genereer_alle_voorbeelden("a", "b", {})


def test_a_closed_bridge_is_no_six_empty_types(behaving: Behaving) -> None:
    behaving("instant")
    bridge.get_bridge().close()
    with pytest.raises(LoopClosed):
        asyncio.run(unified.genereer_alle_voorbeelden_async("a", "b", {}))
