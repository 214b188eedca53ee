"""Kept answers: what comes back, for how long, how many; and a database that does not work."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from voorbeelden.model import ExampleType, Item
from voorbeelden.run_context import CachedAnswer
from voorbeelden.store import cache as module
from voorbeelden.store.cache import TROUBLE, AnswerCache
from voorbeelden.store.transactions import Database

# ruff: noqa: ASYNC240, ASYNC221  these loops wait for nothing else meanwhile

pytestmark = pytest.mark.anyio

SYNONIEMEN, TEGEN = ExampleType.SYNONIEMEN, ExampleType.TEGENVOORBEELDEN
ITEMS = {SYNONIEMEN: (Item("aangeklaagde"), Item("beklaagde – in ’t Vlaams 🙂"))}
MakeCache = Callable[..., AnswerCache]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bewaard.sqlite3"


@pytest.fixture
async def cache_on() -> AsyncIterator[MakeCache]:
    """Makes caches and closes them."""
    made: list[AnswerCache] = []

    def make(file: Path | str, *, seconds: float = 60.0, most: int = 100) -> AnswerCache:
        url = file if isinstance(file, str) else f"sqlite:///{file}"
        made.append(AnswerCache(url, seconds=seconds, most=most))
        return made[-1]

    yield make
    for cache in made:
        cache.close()


def items_of(answer: CachedAnswer | None) -> object:
    return None if answer is None else answer.items


# --- what comes back ---


async def test_what_was_put_comes_back_as_it_was(cache_on: MakeCache, file: Path) -> None:
    """Several types, reasons, and text that is not ASCII; with the moment it was made."""
    cache = cache_on(file)
    items = {**ITEMS, TEGEN: (Item("getuige", "geen verdenking"), Item("slachtoffer", None))}
    before = time.time()
    await cache.put("k", items)
    answer = await cache.get("k")
    assert answer is not None
    assert dict(answer.items) == items
    assert before <= answer.made_at <= time.time()
    assert await cache.get("another") is None
    assert cache.trouble is None


async def test_a_second_put_takes_the_place_of_the_first(cache_on: MakeCache, file: Path) -> None:
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    await cache.put("k", {SYNONIEMEN: (Item("nieuw"),)})
    assert items_of(await cache.get("k")) == {SYNONIEMEN: (Item("nieuw"),)}
    assert (await cache.state()).entries == 1


async def test_it_outlives_its_process(cache_on: MakeCache, file: Path) -> None:
    first = cache_on(file)
    await first.put("k", ITEMS)
    first.close()
    assert items_of(await cache_on(file).get("k")) == ITEMS


async def test_an_answer_has_its_time(cache_on: MakeCache, file: Path) -> None:
    cache = cache_on(file, seconds=0.2)
    await cache.put("k", ITEMS)
    assert await cache.get("k") is not None
    await asyncio.sleep(0.25)
    assert await cache.get("k") is None
    assert cache.trouble is None


async def test_what_is_too_old_is_removed_when_something_new_comes(
    cache_on: MakeCache, file: Path
) -> None:
    """At the first put of a process already, so that yesterday's do not pile up."""
    await cache_on(file, seconds=0.01).put("old", ITEMS)
    await asyncio.sleep(0.05)
    fresh = cache_on(file)
    await fresh.put("new", ITEMS)
    assert (await fresh.state()).entries == 1


@pytest.mark.parametrize(("most", "puts"), [(1, 5), (5, 30), (40, 80)])
async def test_there_is_an_end_to_it(cache_on: MakeCache, file: Path, most: int, puts: int) -> None:
    """Never a tenth too many, and the oldest go first."""
    cache = cache_on(file, most=most)
    for number in range(puts):
        await cache.put(f"k{number}", ITEMS)
        assert (await cache.state()).entries <= most + max(1, most // 10) - 1
    assert await cache.get("k0") is None
    assert await cache.get(f"k{puts - 1}") is not None


async def test_clearing_forgets_everything(cache_on: MakeCache, file: Path) -> None:
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    state = await cache.state()
    assert state.entries == 1
    assert state.size > sum(len(item.text.encode()) for item in ITEMS[SYNONIEMEN])
    assert await cache.clear() is True
    assert await cache.get("k") is None
    assert (await cache.state()).size == 0


# --- single flight ---


async def test_one_lock_a_key_for_as_long_as_it_is_used(cache_on: MakeCache, file: Path) -> None:
    cache = cache_on(file)
    one = cache.flight("a")
    assert cache.flight("a") is one
    assert cache.flight("b") is not one
    del one
    gc.collect()
    assert not cache._flights


# --- a database that does not work ---


async def test_a_file_that_is_no_database(
    cache_on: MakeCache, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A miss and a word about it, every time; nothing raised, and one line in the log."""
    file.write_bytes(b"dit is geen database, " * 200)
    cache = cache_on(file)
    with caplog.at_level(logging.WARNING):
        assert await cache.get("k") is None
        await cache.put("k", ITEMS)
        assert await cache.get("k") is None
    assert cache.trouble == TROUBLE
    assert (await cache.state()).trouble
    assert await cache.clear() is False
    assert [record.getMessage() for record in caplog.records] == [
        "cache unavailable during=get type=DatabaseError"
    ]


async def test_a_file_that_was_cut_off(cache_on: MakeCache, file: Path) -> None:
    """A torn database: whatever SQLite makes of it, nobody but the cache notices."""
    whole = cache_on(file, most=10_000)
    for number in range(300):
        await whole.put(f"k{number}", {SYNONIEMEN: (Item("x" * 200),)})
    whole.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + bytes(4096))
    torn = cache_on(file)
    answers = [await torn.get(f"k{number}") for number in range(0, 300, 30)]
    await torn.put("new", ITEMS)
    assert all(answer is None or isinstance(answer, CachedAnswer) for answer in answers)
    assert torn.trouble == TROUBLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '{"onbekend": [["a", null]]}',
        '{"synoniemen": null}',
        '{"synoniemen": []}',
        '{"synoniemen": "ab"}',
        '{"synoniemen": ["ab"]}',
        '{"synoniemen": [["a"]]}',
        '{"synoniemen": [[1, 2]]}',
        '{"synoniemen": [{"a": 1, "b": 2}]}',
        b"\xff\xfe",
        5,
    ],
)
async def test_a_row_that_is_no_answer(cache_on: MakeCache, file: Path, text: object) -> None:
    """A miss with a word, never half an item; and the next put mends it at once."""
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    await cache.put("whole", ITEMS)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE cached_answers SET items = ? WHERE key = 'k'", (text,))
    connection.close()
    assert await cache.get("k") is None
    assert cache.trouble == TROUBLE
    assert items_of(await cache.get("whole")) == ITEMS, "only that row is bad"
    assert cache.trouble is None
    await cache.put("k", ITEMS)
    assert items_of(await cache.get("k")) == ITEMS


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nergens/te/vinden.sqlite3",
        "postgresql+bestaatniet://localhost/x",
        "mysql+mysqldb://localhost/x",
        "geen url",
    ],
)
async def test_an_address_that_leads_nowhere(cache_on: MakeCache, url: str) -> None:
    """No such folder, no such driver, no URL at all: a setting may not cost an answer."""
    cache = cache_on(url)
    assert await cache.get("k") is None
    await cache.put("k", ITEMS)
    assert cache.trouble == TROUBLE


@contextmanager
def locked(file: Path, *, readers: bool = False) -> Iterator[None]:
    """Another process holds the database: against writers, or against ``readers`` too, for which
    nobody else may have it open."""
    connection = sqlite3.connect(file, isolation_level=None)
    if readers:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("CREATE TABLE IF NOT EXISTS elders (x)")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes waits for half a second."""
    monkeypatch.setattr(module, "_LOCK_SECONDS", 0.5)


async def six_types(cache: AnswerCache) -> tuple[list[CachedAnswer | None], float]:
    """What a generation asks of a cache, answers that take no time included, until all is kept;
    the seconds that it took."""
    start = time.monotonic()
    answers = await asyncio.gather(*(cache.get("k") for _ in range(6)))
    await asyncio.gather(*(cache.put(f"k{number}", ITEMS) for number in range(6)))
    return answers, time.monotonic() - start


@pytest.mark.usefixtures("hurried")
async def test_a_database_that_another_one_writes_to(
    cache_on: MakeCache, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Readers do not wait for a writer, also after it let nobody in; six writers wait together,
    for one lock."""
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    with locked(file), caplog.at_level(logging.WARNING):
        answers, seconds = await six_types(cache)
    assert [items_of(answer) for answer in answers] == [ITEMS] * 6
    assert items_of(await cache.get("k")) == ITEMS
    assert cache.trouble is None
    assert seconds < 2.5, "six waits of half a second would take three"
    assert [record.getMessage() for record in caplog.records] == [
        "cache unavailable during=put type=OperationalError"
    ]


async def test_a_look_does_not_wait_for_what_is_being_kept(cache_on: MakeCache, file: Path) -> None:
    """As often as it is asked, while six answers wait for somebody who writes for long."""
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    with locked(file):
        keeping = [cache.put(f"k{number}", ITEMS) for number in range(6)]
        for _ in range(20):
            assert items_of(await cache.get("k")) == ITEMS
        assert not any(put.done() for put in keeping)
    await asyncio.gather(*keeping)
    assert (await cache.state()).entries == 7


async def test_an_answer_is_kept_while_the_desk_writes_without_a_pause(
    cache_on: MakeCache, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight of its threads hand the file to each other and leave no gap for whoever only looks now
    and then whether there is one: outside their line none of the six was kept."""
    url = f"sqlite:///{file}"
    cache = cache_on(url)
    await cache.put("k", ITEMS)
    ended = threading.Event()

    def write(database: Database) -> None:
        while not ended.is_set():
            with database._write():
                time.sleep(0.01)

    with Database(url) as database, ThreadPoolExecutor(8) as desk:
        try:
            for _ in range(8):
                desk.submit(write, database)
            for number in range(6):
                await cache.put(f"k{number}", ITEMS)
        finally:
            ended.set()
    assert (await cache.state()).entries == 7


@pytest.mark.usefixtures("hurried")
async def test_a_database_that_is_locked_is_waited_for_once(
    cache_on: MakeCache, file: Path
) -> None:
    """Six types at once, get and put: together they wait for one lock, not for twelve."""
    first = cache_on(file)
    await first.put("k", ITEMS)
    first.close()
    with locked(file, readers=True):
        cache = cache_on(file)
        answers, seconds = await six_types(cache)
    assert answers == [None] * 6
    assert cache.trouble == TROUBLE
    assert seconds < 4, "twelve waits of half a second would take six"


@pytest.mark.usefixtures("hurried")
async def test_after_a_rest_it_is_tried_again(
    cache_on: MakeCache, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks and writes each have a rest of their own, once the database is open."""
    monkeypatch.setattr(module, "_REST_SECONDS", 0.2)
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    with locked(file):
        await cache.put("k2", ITEMS)
    await cache.put("k3", ITEMS)
    assert (await cache.state()).entries == 1, "it rests"
    await asyncio.sleep(0.25)
    await cache.put("k3", ITEMS)
    assert (await cache.state()).entries == 2
    assert cache.trouble is None


async def test_after_a_rest_it_is_opened_again(
    cache_on: MakeCache, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is no database is somebody's mistake, and may be put right."""
    monkeypatch.setattr(module, "_REST_SECONDS", 0.2)
    file.write_bytes(b"geen database " * 500)
    cache = cache_on(file)
    assert await cache.get("k") is None
    file.unlink()
    await cache.put("k", ITEMS)
    assert await cache.get("k") is None, "it rests"
    assert cache.trouble == TROUBLE
    await asyncio.sleep(0.25)
    await cache.put("k", ITEMS)
    assert items_of(await cache.get("k")) == ITEMS
    assert cache.trouble is None


# --- several at once ---


async def test_two_caches_on_one_file(cache_on: MakeCache, file: Path) -> None:
    """Two processes of one app: each sees what the other kept, and both may write at once."""
    one, other = cache_on(file), cache_on(file)
    both = [
        cache.put(f"{name}{number}", ITEMS)
        for name, cache in (("a", one), ("b", other))
        for number in range(20)
    ]
    await asyncio.gather(*both, *(cache.put("shared", ITEMS) for cache in (one, other)))
    assert (one.trouble, other.trouble) == (None, None)
    for cache in (one, other):
        assert (await cache.state()).entries == 41
        assert items_of(await cache.get("a7")) == items_of(await cache.get("b7")) == ITEMS


async def test_many_first_uses_at_the_same_time(cache_on: MakeCache, file: Path) -> None:
    """Twelve caches meet an empty file together: one makes the table, nobody stumbles over it."""
    caches = [cache_on(file) for _ in range(12)]
    await asyncio.gather(*(cache.put("k", ITEMS) for cache in caches))
    assert [cache.trouble for cache in caches] == [None] * 12


async def test_who_is_a_moment_later_with_the_same_answer_is_in_no_trouble(
    cache_on: MakeCache, file: Path
) -> None:
    """On a database with row locks both delete and both insert; here a trigger stands for that."""
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TRIGGER first BEFORE INSERT ON cached_answers "
            "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed'); END"
        )
    connection.close()
    await cache.put("k", {SYNONIEMEN: (Item("later"),)})
    assert cache.trouble is None
    assert items_of(await cache.get("k")) == ITEMS


async def test_another_process_reads_what_this_one_wrote(
    cache_on: MakeCache, file: Path, tmp_path: Path
) -> None:
    """And the other way round, while both have the file open."""
    cache = cache_on(file)
    await cache.put("here", ITEMS)
    script = tmp_path / "other.py"
    script.write_text(
        "import asyncio, sys\n"
        "from voorbeelden.model import ExampleType, Item\n"
        "from voorbeelden.store.cache import AnswerCache\n"
        "async def main():\n"
        "    cache = AnswerCache(sys.argv[1], seconds=60, most=100)\n"
        "    answer = await cache.get('here')\n"
        "    await cache.put('there', {ExampleType.TOELICHTING: (Item('van elders'),)})\n"
        "    cache.close()\n"
        "    print(answer.items[ExampleType.SYNONIEMEN][0].text, cache.trouble)\n"
        "asyncio.run(main())\n"
    )
    run = subprocess.run(
        [sys.executable, str(script), f"sqlite:///{file}"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
        check=True,
        timeout=30,
    )
    assert run.stdout.strip() == "aangeklaagde None"
    assert items_of(await cache.get("there")) == {ExampleType.TOELICHTING: (Item("van elders"),)}


async def test_nothing_of_it_blocks_the_loop(
    cache_on: MakeCache, file: Path, blockbuster: object
) -> None:
    """Opening, reading and writing happen in threads of their own."""
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    assert await cache.get("k") is not None


async def test_closing_ends_its_threads_and_lets_go_of_the_file(
    cache_on: MakeCache, file: Path
) -> None:
    cache = cache_on(file)
    await cache.put("k", ITEMS)
    cache.close()
    assert not [path for path in file.parent.iterdir() if path.name.endswith("-wal")]
    cache.close()


@pytest.mark.anyio
async def test_a_database_that_accepts_and_says_nothing_costs_a_second(cache_on: MakeCache) -> None:
    """A server that hangs is a miss with a remark, and the next look does not wait for it again.
    The bound is wide: the patience is one second, and without it the driver waits for minutes."""
    pytest.importorskip("psycopg")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        cache = cache_on(f"postgresql+psycopg://a:b@127.0.0.1:{port}/c")
        start = time.monotonic()
        assert await cache.get("k") is None
        assert cache.trouble == TROUBLE
        assert await cache.get("k") is None
        assert time.monotonic() - start < 10
