"""Runs outlive the process and can be listed, loaded and replaced."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.benchmark.support import ASYNC, point, repetition, run
from voorbeelden.benchmark import history as history_module
from voorbeelden.benchmark.history import History, Kept
from voorbeelden.benchmark.model import BenchmarkRun

RUN = run(repetition(ASYNC), scaling=(point(1, 2.0),))


def numbered(number: int) -> BenchmarkRun:
    return replace(RUN, run_id=f"{number:032x}", made_at=1_000.0 + number)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "metingen.sqlite3"


@pytest.fixture
def history(file: Path) -> Iterator[History]:
    one = History(f"sqlite:///{file}")
    yield one
    one.close()


def test_a_kept_run_is_found_again_by_another_process(history: History, file: Path) -> None:
    """What one object keeps, another one on the same database loads, equal to the last digit."""
    history.keep(RUN)
    other = History(f"sqlite:///{file}")
    assert other.load(RUN.run_id) == RUN
    assert other.list() == [Kept(RUN.run_id, RUN.made_at, RUN.request.target.name, 1, 1)]
    other.close()


def test_the_newest_stands_first_and_keeping_again_replaces(history: History) -> None:
    """Three runs, one of them twice."""
    for number in (2, 3, 1, 2):
        history.keep(numbered(number))
    assert [int(one.run_id, 16) for one in history.list()] == [3, 2, 1]


def test_the_oldest_go_when_there_are_too_many(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for two, the first of three is gone."""
    monkeypatch.setattr(history_module, "MOST", 2)
    for number in (1, 2, 3):
        history.keep(numbered(number))
    assert [int(one.run_id, 16) for one in history.list()] == [3, 2]


def test_what_is_not_there_or_not_readable_is_none(history: History, file: Path) -> None:
    """An unknown id, and a body that another version wrote."""
    assert history.load("onbekend") is None
    history.keep(RUN)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE benchmark_runs SET body = '{\"versie\": 99}'")
    connection.close()
    assert history.load(RUN.run_id) is None


def test_it_opens_again_after_it_was_closed(history: History) -> None:
    """Closing ends connections, not the history."""
    history.keep(RUN)
    history.close()
    assert history.load(RUN.run_id) == RUN
