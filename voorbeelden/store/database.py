"""The app's database: SQLite in the user's data directory, or whatever the URL names."""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event

_LOG_NAME: Final = "voorbeelden"
# At DEBUG SQLAlchemy logs the rows it reads: what editors and models wrote. Not from this engine,
# however chatty the process is; the statements themselves may be seen. A filter, not a level: a
# level of its own would send every statement to the log of a process that asked for none.
logging.getLogger(f"sqlalchemy.engine.Engine.{_LOG_NAME}").addFilter(
    lambda record: record.levelno > logging.DEBUG
)

LOCK_SECONDS: Final = 2.0
"""How long a writer waits for another one before it gives up."""

_SWITCH_PAUSE: Final = 0.02
"""Seconds between two attempts to switch a file to WAL."""

WRITES: Final = "voorbeelden_writes"
"""Execution option: this connection's transactions are going to write."""


def default_url() -> str:
    """SQLite outside the repository, in a directory that is made when it is not there.

    Raises:
        OSError: the directory cannot be made.
    """
    folder = platformdirs.user_data_path("voorbeelden", appauthor=False, ensure_exists=True)
    return f"sqlite:///{folder / 'voorbeelden.sqlite3'}"


def open_engine(
    url: str | None, *, lock_seconds: float = LOCK_SECONDS, durable: bool = False
) -> Engine:
    """An engine on ``url``, or on the default. Connects at first use, not here.

    A ``durable`` engine is for work that must not be lost: on SQLite a commit is on the disk when
    it returns, and a transaction with the execution option ``WRITES`` takes the write lock at its
    start, so that what it read is still true when it writes. What is stored appears in no log
    line and in no exception text.
    """
    url = url or default_url()
    quiet: dict[str, Any] = {"hide_parameters": True, "logging_name": _LOG_NAME}
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, connect_args=_bounds(url, lock_seconds), **quiet
        )
    engine = create_engine(url, connect_args={"timeout": lock_seconds}, **quiet)
    event.listen(engine, "connect", lambda new, _: _configure_sqlite(new, lock_seconds))
    if durable:
        event.listen(engine, "connect", _make_durable)
        event.listen(engine, "begin", _begin)
    return engine


_lines: dict[str, threading.Lock] = {}
"""Where the writers of one SQLite file stand in line, by its path."""


@contextmanager
def turn(engine: Engine, seconds: float) -> Iterator[None]:
    """What is written within has the file to itself, as far as this process goes.

    SQLite has one writer at a time, and lets whoever waits sleep while others go first: of fifty
    threads that write three times each the last was ready after 1.05 s, and after 0.27 s when they
    stand in line here. Whoever does not stand in the line with them may wait for ever. A server
    keeps its own line.

    Raises:
        TimeoutError: it was not our turn within ``seconds``.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    line = _lines.setdefault(engine.url.database or "", threading.Lock())
    if not line.acquire(timeout=seconds):
        raise TimeoutError
    try:
        yield
    finally:
        line.release()


def _bounds(url: str, lock_seconds: float) -> dict[str, Any]:
    """A server that accepts and says nothing, or a lock that stays, must not hold us for good."""
    if not url.startswith("postgresql"):
        return {}
    return {
        "connect_timeout": max(2, math.ceil(lock_seconds)),
        "options": f"-c lock_timeout={round(1000 * lock_seconds)}",
    }


def _configure_sqlite(connection: sqlite3.Connection, lock_seconds: float) -> None:
    # WAL: readers do not wait for a writer. NORMAL is safe with it: a power cut may lose the
    # last commit, never the file.
    _switch_to_wal(connection, lock_seconds)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _switch_to_wal(connection: sqlite3.Connection, lock_seconds: float) -> None:
    """Waits for the others by itself: SQLite does not, where two switch one new file at once.

    Each of the two then holds what the other needs, and its busy timeout is passed over
    (https://www.sqlite.org/c3ref/busy_handler.html).
    """
    give_up = time.monotonic() + lock_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() >= give_up:
                raise
        else:
            return
        time.sleep(_SWITCH_PAUSE)


def _make_durable(connection: sqlite3.Connection, _: object) -> None:
    # Without its own BEGINs the driver leaves SELECT and DDL outside the transaction.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
