"""Whole answers, kept for a while, in a table of the app's own database.

A cache may never cost an editor an answer, or time: whatever goes wrong with the database is a
miss and a warning, and nobody waits while an answer is being kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar
from weakref import WeakValueDictionary

import orjson
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from voorbeelden.model import ExampleType, Item
from voorbeelden.run_context import CachedAnswer
from voorbeelden.store.database import open_engine, turn

log = logging.getLogger(__name__)

T = TypeVar("T")

TROUBLE: Final = (
    "De bewaarde antwoorden zijn niet bereikbaar; dit antwoord is nieuw gemaakt. "
    "Meld het aan de beheerder als dit blijft."
)

_PATIENCE: Final = 1.0
"""Seconds for one look into the cache, whatever the database is doing."""

_LOCK_SECONDS: Final = 5.0
"""How long an answer waits for other writers before it is not kept. Only the same question, asked
again meanwhile, waits with it."""

_REST_SECONDS: Final = 5.0
"""How long a database that failed is left alone: six types at once must not wait for it in turn."""

_SWEEP_EVERY: Final = 50
"""Most puts between two clean-ups."""

_metadata = MetaData()

_answers = Table(
    "cached_answers",
    _metadata,
    Column("key", String(64), primary_key=True),
    Column("items", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class CacheState:
    """How full the cache is. ``size`` is in bytes of text."""

    entries: int
    size: int
    trouble: bool


class AnswerCache:
    """Implements ``ItemCache``. Database work happens in threads of its own: two that look, and one
    that writes, so that no look stands behind an answer that waits for its turn."""

    def __init__(self, url: str | None, *, seconds: float, most: int) -> None:
        """Keeps an answer for ``seconds``, and ``most`` answers."""
        self._url = url
        self._seconds = seconds
        self._most = most
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._puts_to_sweep = 1
        self._looking = _Lane(2, "look")
        self._writing = _Lane(1, "write")
        self._flights: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.trouble: str | None = None
        """A Dutch remark when the last look found a database that cannot be used."""

    def flight(self, key: str) -> asyncio.Lock:
        """One lock a key, for as long as somebody holds or awaits it."""
        return self._flights.setdefault(key, asyncio.Lock())

    async def get(self, key: str) -> CachedAnswer | None:
        return await self._look("get", lambda engine: self._get(engine, key), None)

    def put(self, key: str, items: Mapping[ExampleType, tuple[Item, ...]]) -> asyncio.Future[None]:
        return self._write("put", lambda engine: self._put(engine, key, _dump(items)), None)

    async def clear(self) -> bool:
        """Forgets every answer; false when the database did not let us."""
        return await self._write("clear", _clear, False)

    async def state(self) -> CacheState:
        return await self._look("state", _state, CacheState(0, 0, trouble=True))

    def close(self) -> None:
        """Waits for what is being kept, and ends the threads and the connections."""
        for lane in (self._looking, self._writing):
            lane.threads.shutdown(wait=True)
        if self._engine is not None:
            self._engine.dispose()

    async def _look(self, what: str, work: Callable[[Engine], T], otherwise: T) -> T:
        lane = self._looking
        loop = asyncio.get_running_loop()
        try:
            working = loop.run_in_executor(lane.threads, self._work, lane, work)
            result = await asyncio.wait_for(working, _PATIENCE)
        except _Resting:
            return otherwise
        except _TROUBLES as error:
            if isinstance(error, TimeoutError):
                # Its thread is still waiting: nobody else should.
                lane.rest()
            _warn(what, error)
            self.trouble = TROUBLE
            return otherwise
        self.trouble = None
        return result

    def _write(self, what: str, work: Callable[[Engine], T], otherwise: T) -> asyncio.Future[T]:
        def write() -> T:
            try:
                return self._work(self._writing, work)
            except _Resting:
                pass
            except _TROUBLES as error:
                _warn(what, error)
            return otherwise

        return asyncio.get_running_loop().run_in_executor(self._writing.threads, write)

    def _work(self, lane: _Lane, work: Callable[[Engine], T]) -> T:
        lane.check()
        try:
            return work(self._open(lane))
        except _DATABASE_TROUBLES:
            lane.rest()
            raise

    def _open(self, lane: _Lane) -> Engine:
        with self._opening:
            # Whoever had the door before us may have waited at it for both.
            lane.check()
            if self._engine is None:
                engine = open_engine(self._url, lock_seconds=_LOCK_SECONDS)
                try:
                    _create(engine)
                except BaseException:
                    engine.dispose()
                    self._looking.rest()
                    self._writing.rest()
                    raise
                self._engine = engine
            return self._engine

    def _get(self, engine: Engine, key: str) -> CachedAnswer | None:
        query = select(_answers.c["items"], _answers.c.made_at).where(
            _answers.c.key == key, _answers.c.expires_at > time.time()
        )
        with engine.connect() as connection:
            row = connection.execute(query).first()
        return CachedAnswer(_load(row[0]), float(row[1])) if row else None

    def _put(self, engine: Engine, key: str, text: str) -> None:
        now = time.time()
        row = {
            "key": key,
            "items": text,
            "size": len(text.encode()),
            "made_at": now,
            "expires_at": now + self._seconds,
        }
        # Integrity: another process was a moment earlier, and its answer is as good.
        with contextlib.suppress(IntegrityError), _writing(engine) as connection:
            connection.execute(delete(_answers).where(_answers.c.key == key))
            connection.execute(insert(_answers).values(row))
        self._puts_to_sweep -= 1
        if self._puts_to_sweep <= 0:
            # A small cache is swept more often, so that it is never a tenth too large.
            self._puts_to_sweep = max(1, min(_SWEEP_EVERY, self._most // 10))
            self._sweep(engine)

    def _sweep(self, engine: Engine) -> None:
        """Removes what is too old, and the oldest of what is too much."""
        kept = select(_answers.c.key).order_by(_answers.c.made_at.desc()).limit(self._most)
        with _writing(engine) as connection:
            connection.execute(delete(_answers).where(_answers.c.expires_at <= time.time()))
            connection.execute(delete(_answers).where(_answers.c.key.not_in(kept)))


class _Resting(Exception):
    """The database failed a moment ago."""


class _Lane:
    """Threads that do one kind of work, and leave a database alone for a while that failed them."""

    def __init__(self, threads: int, name: str) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=f"voorbeelden-cache-{name}")
        self._rest_until = 0.0

    def rest(self) -> None:
        self._rest_until = time.monotonic() + _REST_SECONDS

    def check(self) -> None:
        """Raises _Resting."""
        if time.monotonic() < self._rest_until:
            raise _Resting


_DATABASE_TROUBLES: Final = (SQLAlchemyError, OSError, ImportError)
"""ImportError: the URL asks for a driver that is not installed. OSError: among others TimeoutError,
a database that does not answer."""

_TROUBLES: Final = (*_DATABASE_TROUBLES, ValueError)


def _warn(what: str, error: Exception) -> None:
    log.warning("cache unavailable during=%s type=%s", what, type(error).__name__)


@contextlib.contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with turn(engine, _LOCK_SECONDS), engine.begin() as connection:
        yield connection


def _create(engine: Engine) -> None:
    # IF NOT EXISTS, not a look first: two processes may start on one new file.
    with _writing(engine) as connection:
        connection.execute(CreateTable(_answers, if_not_exists=True))
        for index in _answers.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _clear(engine: Engine) -> bool:
    with _writing(engine) as connection:
        connection.execute(delete(_answers))
    return True


def _state(engine: Engine) -> CacheState:
    query = select(func.count(), func.coalesce(func.sum(_answers.c.size), 0)).select_from(_answers)
    with engine.connect() as connection:
        entries, size = connection.execute(query).one()
    return CacheState(entries, size, trouble=False)


def _dump(items: Mapping[ExampleType, tuple[Item, ...]]) -> str:
    rows = {kind.value: [[one.text, one.reden] for one in row] for kind, row in items.items()}
    return orjson.dumps(rows).decode()


def _load(text: str) -> dict[ExampleType, tuple[Item, ...]]:
    """Raises ValueError when the text is not what ``_dump`` wrote."""
    match orjson.loads(text):
        case dict(rows) if rows:
            return {ExampleType(kind): tuple(map(_item, _list(row))) for kind, row in rows.items()}
        case _:
            raise ValueError("no answer")


def _list(row: object) -> list[object]:
    match row:
        case [_, *_]:
            return list(row)
        case _:
            raise ValueError("no items")


def _item(pair: object) -> Item:
    match pair:
        case [str(text), (str() | None) as reason]:
            return Item(text, reason)
        case _:
            raise ValueError("no item")
