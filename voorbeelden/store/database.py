"""The app's database: SQLite in the user's data directory, or whatever the URL names."""

from __future__ import annotations

import logging
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
        return create_engine(url, pool_pre_ping=True, **quiet)
    engine = create_engine(url, connect_args={"timeout": lock_seconds}, **quiet)
    event.listen(engine, "connect", _configure_sqlite)
    if durable:
        event.listen(engine, "connect", _make_durable)
        event.listen(engine, "begin", _begin)
    return engine


def _configure_sqlite(connection: Any, _: object) -> None:
    # WAL: readers do not wait for a writer. NORMAL is safe with it: a power cut may lose the
    # last commit, never the file.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _make_durable(connection: Any, _: object) -> None:
    # Without its own BEGINs the driver leaves SELECT and DDL outside the transaction.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
