"""Whole answers, kept for a while, in a table of the app's own database.

A cache may never cost an editor an answer: whatever goes wrong with the database is a miss and a
warning, and the call is made.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar
from weakref import WeakValueDictionary

import orjson
from sqlalchemy import (
    Column,
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
from sqlalchemy.exc import SQLAlchemyError

from voorbeelden.model import ExampleType, Item
from voorbeelden.run_context import CachedAnswer
from voorbeelden.store.database import open_engine

log = logging.getLogger(__name__)

T = TypeVar("T")

TROUBLE: Final = (
    "De bewaarde antwoorden zijn niet bereikbaar; dit antwoord is nieuw gemaakt. "
    "Meld het aan de beheerder als dit blijft."
)

_LOCK_SECONDS: Final = 0.5
"""A busy database is not worth waiting for: the answer can be made again."""

_SWEEP_EVERY: Final = 50
"""Puts between two clean-ups."""

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
    """Implements ``ItemCache``. Database work happens in two threads of its own."""

    def __init__(self, url: str | None, *, seconds: float, most: int) -> None:
        """Keeps an answer for ``seconds``, and ``most`` answers."""
        self._url = url
        self._seconds = seconds
        self._most = most
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._puts = 0
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="voorbeelden-cache")
        self._flights: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.trouble: str | None = None
        """A Dutch remark while the database cannot be used."""

    def flight(self, key: str) -> asyncio.Lock:
        """One lock a key, for as long as somebody holds or awaits it."""
        return self._flights.setdefault(key, asyncio.Lock())

    async def get(self, key: str) -> CachedAnswer | None:
        return await self._run("get", lambda engine: self._get(engine, key), None)

    async def put(self, key: str, items: Mapping[ExampleType, tuple[Item, ...]]) -> None:
        await self._run("put", lambda engine: self._put(engine, key, _dump(items)), None)

    async def clear(self) -> None:
        """Forgets every answer."""
        await self._run("clear", _clear, None)

    async def state(self) -> CacheState:
        return await self._run("state", _state, CacheState(0, 0, trouble=True))

    def close(self) -> None:
        """Ends the threads and the connections."""
        self._threads.shutdown(wait=True)
        if self._engine is not None:
            self._engine.dispose()

    async def _run(self, what: str, work: Callable[[Engine], T], otherwise: T) -> T:
        loop = asyncio.get_running_loop()
        try:
            result = await loop.run_in_executor(self._threads, lambda: work(self._open()))
        except (SQLAlchemyError, OSError, ValueError) as error:
            log.warning("cache unavailable during=%s type=%s", what, type(error).__name__)
            self.trouble = TROUBLE
            return otherwise
        self.trouble = None
        return result

    def _open(self) -> Engine:
        with self._opening:
            if self._engine is None:
                engine = open_engine(self._url, lock_seconds=_LOCK_SECONDS)
                _metadata.create_all(engine)
                self._engine = engine
            return self._engine

    def _get(self, engine: Engine, key: str) -> CachedAnswer | None:
        query = select(_answers.c["items"], _answers.c.made_at).where(
            _answers.c.key == key, _answers.c.expires_at > time.time()
        )
        with engine.connect() as connection:
            row = connection.execute(query).first()
        return CachedAnswer(_load(row[0]), row[1]) if row else None

    def _put(self, engine: Engine, key: str, text: str) -> None:
        now = time.time()
        row = {
            "key": key,
            "items": text,
            "size": len(text),
            "made_at": now,
            "expires_at": now + self._seconds,
        }
        with engine.begin() as connection:
            connection.execute(delete(_answers).where(_answers.c.key == key))
            connection.execute(insert(_answers).values(row))
        self._puts += 1
        if self._puts % _SWEEP_EVERY == 1:
            self._sweep(engine)

    def _sweep(self, engine: Engine) -> None:
        """Removes what is too old, and the oldest of what is too much."""
        kept = select(_answers.c.key).order_by(_answers.c.made_at.desc()).limit(self._most)
        with engine.begin() as connection:
            connection.execute(delete(_answers).where(_answers.c.expires_at <= time.time()))
            connection.execute(delete(_answers).where(_answers.c.key.not_in(kept)))


def _clear(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(_answers))


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
    rows = orjson.loads(text)
    return {
        ExampleType(kind): tuple(Item(text, reason) for text, reason in row)
        for kind, row in rows.items()
    }
