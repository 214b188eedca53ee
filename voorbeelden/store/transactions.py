"""An open database: transactions that read, transactions that write, and what goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from voorbeelden.store.action import Action
from voorbeelden.store.database import WRITES, open_engine, turn
from voorbeelden.store.errors import StoreUnavailable
from voorbeelden.store.migrate import upgrade
from voorbeelden.store.records import ActionKind

log = logging.getLogger(__name__)

LOCK_SECONDS: Final = 15.0
"""An editor's work is worth waiting for; a transaction takes milliseconds."""


class Database:
    """Opened and brought up to date, until ``close``. May be used from any thread."""

    def __init__(self, url: str | None = None, *, lock_seconds: float = LOCK_SECONDS) -> None:
        """``url`` is a SQLAlchemy URL; ``None`` means SQLite in the user's data directory.

        Raises:
            StoreUnavailable: the database cannot be opened.
            NewerDatabase: it belongs to a later version of this app.
        """
        with _named_troubles("open"):
            self._engine = open_engine(url, lock_seconds=lock_seconds, durable=True)
            try:
                upgrade(self._engine)
            except BaseException:
                self._engine.dispose()
                raise
        self._reading = self._engine
        if self._engine.dialect.name == "postgresql":
            # What SQLite does by itself: all the reads of one call see the same moment.
            self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._writing = self._engine.execution_options(**{WRITES: True})
        self._lock_seconds = lock_seconds
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="voorbeelden-desk")
        """Where asynchronous callers let their work be done."""

    def close(self) -> None:
        """Waits for what is being written and ends the connections."""
        self.threads.shutdown(wait=True)
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        with _named_troubles("read"), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """All or nothing; rolled back when the block raises."""
        in_line = turn(self._engine, self._lock_seconds)
        with _named_troubles("write"), in_line, self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _action(self, begrip_id: str, kind: ActionKind, author: str) -> Iterator[Action]:
        """One action on one begrip. Raises NotFound."""
        with self._write() as connection:
            action = Action(connection, begrip_id, kind, author)
            yield action
            action.finish()


@contextmanager
def _named_troubles(during: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, ImportError, OSError) as error:
        # The message of a database may quote what was being written: the type is enough.
        log.warning("store unavailable during=%s type=%s", during, type(error).__name__)
        raise StoreUnavailable(
            "De database is nu niet bereikbaar; er is niets gewijzigd. Probeer het over een "
            "minuut opnieuw en meld het aan de beheerder als dit blijft."
        ) from error
