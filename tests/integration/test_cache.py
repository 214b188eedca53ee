"""Kept answers on the road: what is used again, what never is, and a database that fails."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support import SIX, SUBJECT, Provider, until, wait_until
from tests.integration.trips import SHORT, Trip, assert_whole, trip_to
from voorbeelden import prompts
from voorbeelden.bridge import Bridge
from voorbeelden.cachekey import cache_key
from voorbeelden.model import ExampleType, FailureKind, OutcomeState, Result, Subject
from voorbeelden.settings import Settings
from voorbeelden.store.cache import TROUBLE, AnswerCache
from voorbeelden.strategies import Call

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

ZINNEN, ANTONIEMEN = ExampleType.VOORBEELDZINNEN, ExampleType.ANTONIEMEN
ROOT = Path(__file__).parents[2]

# ruff: noqa: ASYNC240  these loops wait for nothing else meanwhile


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bewaard.sqlite3"


@pytest.fixture
def cache(file: Path) -> Iterator[AnswerCache]:
    with kept_in(file) as cache:
        yield cache


@contextmanager
def kept_in(file: Path, *, seconds: float = 60.0) -> Iterator[AnswerCache]:
    cache = AnswerCache(f"sqlite:///{file}", seconds=seconds, most=1000)
    try:
        yield cache
    finally:
        cache.close()


def requests(provider: Provider) -> int:
    return int(provider.stats()["requests"])


def cached(result: Result) -> set[ExampleType]:
    """The types whose answer came from the cache."""
    return {kind for kind, one in result.outcomes.items() if one.cached_at is not None}


def whole(result: Result) -> bool:
    return all(one.state is OutcomeState.DONE for one in result.outcomes.values())


def texts(result: Result) -> list[Any]:
    return [one.items for one in result.outcomes.values()]


# --- hits and misses ---


@pytest.mark.anyio
async def test_the_same_question_is_answered_without_a_request(
    demo: DemoProcess, cache: AnswerCache
) -> None:
    """The same items with their reasons, and each type says since when they are kept."""
    before = time.time()
    async with trip_to(demo, "instant", cache) as (trip, provider):
        first = await trip.run()
        second = await trip.run()
        assert requests(provider) == 6
    assert cached(first) == set()
    assert cached(second) == set(SIX)
    assert texts(second) == texts(first)
    for outcome in second.outcomes.values():
        assert_whole(outcome, attempts=0)
        assert outcome.tokens is None, "it cost nothing"
        assert outcome.cached_at is not None
        assert before <= outcome.cached_at <= time.time()
        assert outcome.notes == ()


@pytest.mark.anyio
async def test_another_question_is_another_answer(demo: DemoProcess, cache: AnswerCache) -> None:
    subject = replace(SUBJECT, definitie=SUBJECT.definitie + " Anders.")
    async with trip_to(demo, "instant", cache) as (trip, provider):
        await trip.run()
        assert cached(await trip.run(subject=subject)) == set()
        assert requests(provider) == 12


@pytest.mark.anyio
async def test_an_answer_that_is_too_old_is_asked_again(demo: DemoProcess, file: Path) -> None:
    with kept_in(file, seconds=0.3) as cache:
        async with trip_to(demo, "instant", cache) as (trip, provider):
            await trip.run()
            await asyncio.sleep(0.35)
            assert cached(await trip.run()) == set()
            assert requests(provider) == 12


@pytest.mark.anyio
async def test_again_passes_it_by_and_refreshes_it(demo: DemoProcess, cache: AnswerCache) -> None:
    """ "Opnieuw" wants something new; what it brings is what the next one gets."""
    async with trip_to(demo, "instant", cache) as (trip, provider):
        await trip.run()
        moment = time.time()
        again = await trip.run(fresh=True)
        assert requests(provider) == 12
        third = await trip.run()
        assert requests(provider) == 12
    assert cached(again) == set()
    assert all((one.cached_at or 0) >= moment for one in third.outcomes.values())


# --- what is never kept ---


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("quota", OutcomeState.FAILED),
        ("refusal", OutcomeState.FAILED),
        ("fewer", OutcomeState.PARTIAL),
        ("stall@voorbeeldzinnen,items=2", OutcomeState.PARTIAL),
        ("length@voorbeeldzinnen.1;fault=length@voorbeeldzinnen.2", None),
    ],
)
async def test_failures_and_half_answers_are_not_kept(
    demo: DemoProcess, cache: AnswerCache, fault: str, state: OutcomeState | None
) -> None:
    """The five whole types are; the broken one is asked for again."""
    at = fault if "@" in fault else f"{fault}@voorbeeldzinnen"
    async with trip_to(demo, f"instant;fault={at}", cache, stall_timeout=0.4) as (trip, provider):
        first = await trip.run()
        asked = provider.stats()["by_type"]
        second = await trip.run()
        again = provider.stats()["by_type"]
    assert first.outcomes[ZINNEN].state is not OutcomeState.DONE
    assert state in (None, first.outcomes[ZINNEN].state)
    assert cached(second) == set(SIX) - {ZINNEN}
    assert again.pop(ZINNEN.value) > asked.pop(ZINNEN.value)
    assert again == asked


@pytest.mark.anyio
async def test_an_honest_nothing_is_not_kept(demo: DemoProcess, cache: AnswerCache) -> None:
    """No antonyms today may be an oversight of the model; it costs one small call to look again."""
    async with trip_to(demo, "instant;fault=fewer@antoniemen", cache) as (trip, provider):
        for _ in range(2):
            result = await trip.run(wanted={ANTONIEMEN: 1})
            assert result.outcomes[ANTONIEMEN].items == ()
            assert result.outcomes[ANTONIEMEN].state is OutcomeState.DONE
            assert cached(result) == set()
        assert requests(provider) == 2


@pytest.mark.anyio
async def test_what_is_stopped_is_not_kept(demo: DemoProcess, cache: AnswerCache) -> None:
    spec = "instant;fault=stall@voorbeeldzinnen.1,items=2"
    async with trip_to(demo, spec, cache, stall_timeout=60, call_timeout=60) as (trip, _):
        task = asyncio.create_task(trip.run(wanted={ZINNEN: 3}))
        await until(lambda: len(trip.events) == 3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert cached(await trip.run(wanted={ZINNEN: 3})) == set()


# --- single flight ---


@pytest.mark.anyio
async def test_two_at_once_make_one_set_of_calls(demo: DemoProcess, cache: AnswerCache) -> None:
    """Five editors, one question, one moment: one of them asks, all of them read."""
    async with trip_to(demo, "fixed,seconds=0.2", cache) as (trip, provider):
        results = await asyncio.gather(*(trip.generation().run() for _ in range(5)))
        assert requests(provider) == 6
    assert all(map(whole, results))
    assert sorted(len(cached(result)) for result in results) == [0, 6, 6, 6, 6]
    assert all(texts(result) == texts(results[0]) for result in results)


@pytest.mark.anyio
async def test_when_the_one_that_asks_fails_the_next_one_asks(
    demo: DemoProcess, cache: AnswerCache
) -> None:
    """Waiting for somebody else's answer is no reason to share somebody else's failure."""
    spec = "fixed,seconds=0.1;fault=quota@voorbeeldzinnen.1"
    async with trip_to(demo, spec, cache) as (trip, provider):
        results = await asyncio.gather(*(trip.generation().run() for _ in range(3)))
        assert provider.stats()["by_type"][ZINNEN.value] == 2
        assert requests(provider) == 7
    assert sorted(map(whole, results)) == [False, True, True]


@pytest.mark.anyio
async def test_when_the_one_that_asks_is_stopped_the_next_one_asks(
    demo: DemoProcess, cache: AnswerCache
) -> None:
    async with trip_to(demo, "fixed,seconds=0.3", cache) as (trip, provider):
        first = asyncio.create_task(trip.generation().run())
        await until(lambda: requests(provider) == 6)
        second = asyncio.create_task(trip.generation().run())
        await asyncio.sleep(0.05)
        first.cancel()
        assert whole(await second)
        assert first.cancelled()
        assert requests(provider) == 12


@pytest.mark.anyio
async def test_waiting_for_somebody_elses_answer_has_a_deadline_too(
    demo: DemoProcess, cache: AnswerCache
) -> None:
    async with trip_to(demo, "fixed,seconds=30", cache, deadline=0.5, call_timeout=60) as (
        patient,
        _,
    ):
        settings = replace(patient.settings, deadline=30)
        holder = Trip(patient.road, settings, cache)
        first = asyncio.create_task(holder.run())
        await until(lambda: len(holder.events) == 6)
        result = await patient.run()
        first.cancel()
    assert {one.failure.kind for one in result.outcomes.values() if one.failure} == {
        FailureKind.TIMEOUT
    }
    assert {one.attempts for one in result.outcomes.values()} == {0}
    assert result.seconds < 10, "the one that is waited for takes thirty"


# --- 26: a cache that is corrupt or locked ---


def notes(result: Result) -> list[tuple[str, ...]]:
    return [one.notes for one in result.outcomes.values()]


@pytest.mark.anyio
async def test_26_a_corrupt_file_costs_nobody_an_answer(demo: DemoProcess, file: Path) -> None:
    """Six whole types, every time, and each says that nothing was kept."""
    file.write_bytes(b"geen database " * 500)
    with kept_in(file) as cache:
        async with trip_to(demo, "instant", cache) as (trip, provider):
            for _ in range(2):
                result = await trip.run()
                assert whole(result)
                assert notes(result) == [(TROUBLE,)] * 6
            assert requests(provider) == 12


@pytest.mark.anyio
async def test_26_a_corrupt_row_is_a_miss_with_a_word_and_mended(
    demo: DemoProcess, cache: AnswerCache, file: Path
) -> None:
    async with trip_to(demo, "instant", cache) as (trip, provider):
        await trip.run()
        # An answer is there before it is kept; they are kept in the order in which they came.
        await cache.put("after all six", {})
        with sqlite3.connect(file) as connection:
            connection.execute(
                "UPDATE cached_answers SET items = '{\"oeps' WHERE items LIKE '%zinnen%'"
            )
        connection.close()
        second = await trip.run()
        third = await trip.run()
        assert requests(provider) == 7
    assert cached(second) == set(SIX) - {ZINNEN}
    assert second.outcomes[ZINNEN].notes == (TROUBLE,)
    assert whole(second)
    assert cached(third) == set(SIX)
    assert notes(third) == [()] * 6


@pytest.mark.anyio
@pytest.mark.parametrize("readers", [False, True], ids=["writers", "readers too"])
async def test_26_a_locked_database_is_waited_for_once(
    demo: DemoProcess, file: Path, readers: bool
) -> None:
    """Another process holds it, against writers or against everybody. The answers wait for a look
    into it, and never for what they leave in it: that nobody could keep them stands in the log."""
    with kept_in(file) as first:
        await first.put("iets", {})
    locker = sqlite3.connect(file, isolation_level=None)
    if readers:
        locker.execute("PRAGMA locking_mode=EXCLUSIVE")
    locker.execute("BEGIN EXCLUSIVE")
    locker.execute("DELETE FROM cached_answers")
    with kept_in(file) as cache:
        async with trip_to(demo, "instant", cache) as (trip, provider):
            result = await trip.run()
            assert requests(provider) == 6
    locker.rollback()
    locker.close()
    assert whole(result)
    assert notes(result) == [(TROUBLE,) if readers else ()] * 6
    assert result.seconds < 4, "one look has a second, and keeping an answer has five"


# --- several processes on one file ---


def test_two_bridges_share_one_file(demo: DemoProcess, file: Path) -> None:
    """What one process of the app made the other one has; the page can tell."""
    provider = Provider.behaving(demo, "instant")
    settings = provider.settings(**SHORT, database_url=f"sqlite:///{file}")
    seen = []
    for _ in range(2):
        bridge = Bridge(settings, cached=True)
        try:
            job = bridge.start(SUBJECT)
            wait_until(lambda: not bridge.snapshot(job).running)  # type: ignore[union-attr]  # noqa: B023
            snapshot = bridge.snapshot(job)
            assert snapshot is not None
            seen.append([lane.outcome for lane in snapshot.lanes])
        finally:
            bridge.close()
    assert requests(provider) == 6
    first, second = seen
    assert all(one is not None and one.cached_at is None for one in first)
    assert all(one is not None and one.cached_at is not None for one in second)
    assert [one.items for one in first if one] == [one.items for one in second if one]


def test_a_bridge_can_do_without(demo: DemoProcess, file: Path) -> None:
    """``VOORBEELDEN_CACHE_HOURS=0``: nothing is kept and no file is made."""
    provider = Provider.behaving(demo, "instant")
    settings = provider.settings(**SHORT, database_url=f"sqlite:///{file}", cache_hours=0.0)
    bridge = Bridge(settings, cached=True)
    try:
        for _ in range(2):
            job = bridge.start(SUBJECT)
            wait_until(lambda: not bridge.snapshot(job).running)  # type: ignore[union-attr]  # noqa: B023
    finally:
        bridge.close()
    assert requests(provider) == 12
    assert not file.exists()


# --- the key ---

CALL = Call("zinnen", {ZINNEN: 3})
SETTINGS = Settings(api_key="sleutel", base_url="http://127.0.0.1:1/v1")


def key(subject: Subject = SUBJECT, call: Call = CALL, **changes: Any) -> str:
    return cache_key(replace(SETTINGS, **changes), subject, call)


def test_the_key_is_the_same_in_every_process() -> None:
    """Python salts ``hash()`` a process; a key that outlives its process cannot use it."""
    script = (
        "from voorbeelden.cachekey import cache_key\n"
        "from voorbeelden.model import ExampleType, Subject\n"
        "from voorbeelden.settings import Settings\n"
        "from voorbeelden.strategies import Call\n"
        f"settings = Settings(base_url={SETTINGS.base_url!r})\n"
        f"subject = Subject.from_dict({SUBJECT.begrip!r}, {SUBJECT.definitie!r}, "
        f"{ {name: list(values) for name, values in SUBJECT.context.items()}!r})\n"
        "call = Call('zinnen', {ExampleType.VOORBEELDZINNEN: 3})\n"
        "print(cache_key(settings, subject, call))\n"
    )
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        assert run.stdout.strip() == key()


def test_one_text_in_two_spellings_is_one_key() -> None:
    """An accent typed as one character or as two."""
    for text in ("coördinatie", "één café"):
        composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
        assert composed != apart
        assert key(Subject.from_dict(composed, "d", {"juridisch": [composed]})) == key(
            Subject.from_dict(apart, "d", {"juridisch": [apart]})
        )


def test_the_order_in_which_a_context_was_put_together_does_not_matter() -> None:
    one = Subject("b", "d", {"juridisch": ("x",), "wettelijk": ("y",)})
    other = Subject("b", "d", {"wettelijk": ("y",), "juridisch": ("x",)})
    assert key(one) == key(other)


OTHERS: list[Callable[[], str]] = [
    lambda: key(replace(SUBJECT, begrip="getuige")),
    lambda: key(replace(SUBJECT, definitie="anders")),
    lambda: key(replace(SUBJECT, context={**SUBJECT.context, "juridisch": ("civiel recht",)})),
    lambda: key(replace(SUBJECT, context={**SUBJECT.context, "juridisch": ()})),
    lambda: key(call=Call("zinnen", {ZINNEN: 4})),
    lambda: key(call=Call("zinnen", {ExampleType.TOELICHTING: 3})),
    lambda: key(call=Call("zinnen", {ZINNEN: 3}, angle="de advocaat")),
    lambda: key(call=Call("zinnen", {ZINNEN: 3}, present=("een zin",))),
    lambda: key(model="een-ander"),
    lambda: key(temperature=0.7),
    lambda: key(max_output_tokens=17),
    lambda: key(base_url="http://elders/v1"),
    lambda: key(base_url=None),
    lambda: key(base_url=None, api_key=None),
]


def test_everything_that_decides_the_answer_is_in_the_key() -> None:
    keys = [key(), *(make() for make in OTHERS)]
    assert len(set(keys)) == len(keys)


def test_an_edited_prompt_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key()
    monkeypatch.setattr(prompts, "version", lambda: "andere tekst")
    assert key() != before


@pytest.mark.parametrize(
    "changes",
    [{"api_key": "een andere"}, {"deadline": 5.0}, {"at_once": 3}, {"cache_hours": 1.0}],
)
def test_what_does_not_decide_the_answer_is_not_in_the_key(changes: dict[str, Any]) -> None:
    """A new key or a shorter deadline does not throw the kept answers away."""
    assert key(**changes) == key()


def test_two_texts_cannot_be_taken_for_one() -> None:
    """Where one text ends and the next begins is part of the key."""
    one = Subject("a", "bc", {"juridisch": ("x", "y")})
    assert key(one) != key(Subject("ab", "c", {"juridisch": ("x", "y")}))
    assert key(one) != key(Subject("a", "bc", {"juridisch": ("x, y",)}))
    assert key(one) != key(Subject("a", "bc", {"wettelijk": ("x", "y")}))
    assert key(Subject('a","definitie":"', "b")) != key(Subject("a", '","definitie":"b'))
