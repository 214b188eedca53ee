"""Earlier runs, kept in a table of the app's own database, so that they can be compared."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import Final

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
    insert,
    select,
)

from voorbeelden.benchmark.model import BenchmarkRun
from voorbeelden.benchmark.record import from_json, to_json
from voorbeelden.store.database import open_engine

MOST: Final = 200
"""Runs that are kept; the oldest go first. One run is some 20 to 200 kB of text."""

_metadata = MetaData()

_runs = Table(
    "benchmark_runs",
    _metadata,
    Column("run_id", String(32), primary_key=True),
    Column("made_at", Float, nullable=False, index=True),
    Column("target", String(200), nullable=False),
    Column("repetitions", Integer, nullable=False),
    Column("scaling", Integer, nullable=False),
    Column("body", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A line in the list of earlier runs: how many repetitions and scaling points it has."""

    run_id: str
    made_at: float
    target: str
    repetitions: int
    scaling: int


class History:
    """May be used from any thread. Raises SQLAlchemyError or OSError when the database cannot be
    used: a measurement that cannot be kept is still shown, and the page says so."""

    def __init__(self, url: str | None) -> None:
        """``url`` of ``None`` is the app's default database."""
        self._url = url
        self._engine: Engine | None = None
        self._opening = threading.Lock()

    def keep(self, run: BenchmarkRun) -> None:
        """Keeps a run; one with the same id is replaced."""
        row = {
            "run_id": run.run_id,
            "made_at": run.made_at,
            "target": run.request.target.name[:200],
            "repetitions": len(run.repetitions),
            "scaling": len(run.scaling),
            "body": to_json(run).decode(),
        }
        newest = select(_runs.c.run_id).order_by(_runs.c.made_at.desc()).limit(MOST)
        with self._open().begin() as connection:
            connection.execute(delete(_runs).where(_runs.c.run_id == run.run_id))
            connection.execute(insert(_runs).values(row))
            connection.execute(delete(_runs).where(_runs.c.run_id.not_in(newest)))

    def list(self) -> list[Kept]:
        """Newest first."""
        columns = [_runs.c[name] for name in Kept.__slots__]
        query = select(*columns).order_by(_runs.c.made_at.desc())
        with self._open().connect() as connection:
            return [Kept(*row) for row in connection.execute(query)]

    def load(self, run_id: str) -> BenchmarkRun | None:
        """The run, or ``None`` when it is not kept or was written by another version."""
        query = select(_runs.c.body).where(_runs.c.run_id == run_id)
        with self._open().connect() as connection:
            body = connection.execute(query).scalar()
        if body is None:
            return None
        try:
            return from_json(body)
        except ValueError:
            return None

    def close(self) -> None:
        """Ends the connections; the next use opens them again."""
        with self._opening:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _open(self) -> Engine:
        with self._opening:
            if self._engine is None:
                engine = open_engine(self._url)
                _metadata.create_all(engine)
                self._engine = engine
            return self._engine


@cache
def get_history(url: str | None) -> History:
    """The history of this process and database."""
    return History(url)
