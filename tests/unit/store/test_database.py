"""The engine of the app's database keeps to itself what is stored."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from voorbeelden.store.database import open_engine

SECRET = "GEPLANTWOORD"


@pytest.fixture(autouse=True)
def chatty(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy")


def test_no_log_line_holds_what_is_written_or_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With SQLAlchemy at its chattiest: the statements are there, their values are not."""
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a TEXT)"))
        connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": SECRET})
    with engine.connect() as connection:
        [row] = connection.execute(text("SELECT a FROM t")).all()
    engine.dispose()
    assert row[0] == SECRET
    assert "INSERT INTO t" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in repr([record.__dict__ for record in caplog.records])


def test_no_exception_holds_what_was_to_be_written(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a TEXT PRIMARY KEY)"))
        connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": SECRET})
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": SECRET})
    engine.dispose()
    assert SECRET not in str(caught.value)
