"""A database that does not work is a named failure, and nothing of the text is in the log."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from tests.integration.store.support import SUBJECT, SYNONIEMEN, generate, shown
from voorbeelden.store.database import WRITES
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import StoreUnavailable

SECRET = "GEPLANTWOORD"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////geen/map/x.sqlite3",
        "postgresql://niemand:geheim@127.0.0.1:1/x",
        "geendatabase://x",
        "geen url",
    ],
)
def test_what_cannot_be_opened_says_so(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """In Dutch, without the password, whatever the reason is."""
    with pytest.raises(StoreUnavailable, match="niet bereikbaar") as caught:
        Desk(url)
    assert "geheim" not in str(caught.value)
    assert "geheim" not in caplog.text
    [record] = [one for one in caplog.records if one.name.startswith("voorbeelden")]
    assert record.levelno == logging.WARNING


def test_a_writer_that_keeps_the_lock_costs_a_named_failure_and_no_work(tmp_path: Path) -> None:
    """Reading goes on meanwhile; the same call succeeds afterwards."""
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    with Desk(url) as holder, Desk(url, lock_seconds=0.05) as desk:
        begrip = desk.take_in(SUBJECT, "anna")
        with holder._engine.execution_options(**{WRITES: True}).begin():
            with pytest.raises(StoreUnavailable, match="niets gewijzigd"):
                desk.add(begrip.id, SYNONIEMEN, "a", by="anna")
            assert shown(desk, begrip) == []
        desk.add(begrip.id, SYNONIEMEN, "a", by="anna")
        assert shown(desk, begrip) == ["a"]


def test_writers_of_one_process_stand_in_line(tmp_path: Path) -> None:
    """On SQLite, whose own waiting is sleeping: nobody asks it for a lock that another one has."""
    asking: set[int] = set()
    together: list[int] = []

    def asks(_: Connection, __: object, statement: str, *___: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            asking.add(threading.get_ident())
            together.append(len(asking))

    def goes(_: Connection) -> None:
        asking.discard(threading.get_ident())

    with Desk(f"sqlite:///{tmp_path / 'x.sqlite3'}") as desk, ThreadPoolExecutor(8) as pool:
        event.listen(desk._engine, "before_cursor_execute", asks)
        event.listen(desk._engine, "commit", goes)
        start = threading.Barrier(8)

        def write(number: int) -> None:
            start.wait()
            desk.take_in(replace(SUBJECT, begrip=f"begrip {number}"), "anna")

        list(pool.map(write, range(8)))
    assert together == [1] * 8


def test_whoever_stands_in_line_too_long_is_told(tmp_path: Path) -> None:
    """As with a lock of another process: nothing is changed, and the next call succeeds."""
    with Desk(f"sqlite:///{tmp_path / 'x.sqlite3'}", lock_seconds=0.05) as desk:
        with ThreadPoolExecutor(1) as pool, desk._write():
            late = pool.submit(desk.take_in, SUBJECT, "anna")
            with pytest.raises(StoreUnavailable, match="niets gewijzigd"):
                late.result()
        assert desk.take_in(SUBJECT, "anna").begrip == SUBJECT.begrip


def test_a_write_that_fails_half_way_leaves_nothing(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The table that is written last is gone: what came before it is rolled back."""
    begrip = desk.take_in(SUBJECT, "anna")
    generate(desk, begrip, "a")
    with desk._write() as connection:
        connection.execute(text("ALTER TABLE zoekteksten RENAME TO weg"))
    before = desk.items(begrip.id, superseded=True)
    with pytest.raises(StoreUnavailable):
        generate(desk, begrip, SECRET)
    with desk._write() as connection:
        connection.execute(text("ALTER TABLE weg RENAME TO zoekteksten"))
    assert desk.items(begrip.id, superseded=True) == before
    assert SECRET not in caplog.text
    generate(desk, begrip, "b")
    assert shown(desk, begrip) == ["b"]
