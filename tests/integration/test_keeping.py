"""What the store does not take is told: in the log, in the metrics and on the monitor page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.integration.support import SIX, SUBJECT, Provider, wait_until
from voorbeelden.bridge import Bridge
from voorbeelden.hooks import KeepingFailed, Part, Record
from voorbeelden.jobs import JobSnapshot
from voorbeelden.keeping import UNSAVED, Keep
from voorbeelden.metrics import Metrics
from voorbeelden.recent import Recent
from voorbeelden.store.desk import Desk

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess


class Watched:
    """A bridge, and everything that it told of what could not be kept."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.recent = Recent()
        self.metrics = Metrics(bridge.settings)
        self.told: list[KeepingFailed] = []
        bridge.hooks += [self.recent.hook, self.metrics.hook, self._hear]

    def _hear(self, record: Record) -> None:
        if isinstance(record, KeepingFailed):
            self.told.append(record)

    def generate(self, keep: Keep) -> JobSnapshot:
        """A generation to its end."""
        job_id = self.bridge.start(SUBJECT, keep=keep)

        def now() -> JobSnapshot:
            found = self.bridge.snapshot(job_id)
            assert found is not None
            return found

        wait_until(lambda: not now().running, 20)
        return now()

    def counted(self, part: Part) -> bool:
        line = f'voorbeelden_not_kept_total{{part="{part.value}"}} {float(len(self.told))}\n'
        return line in self.metrics.exposition("")[0].decode()


@pytest.fixture
def watched(demo: DemoProcess) -> Iterator[Watched]:
    bridge = Bridge(Provider.behaving(demo, "instant").settings())
    yield Watched(bridge)
    bridge.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(f"sqlite:///{tmp_path / 'x.sqlite3'}") as desk:
        yield desk


@pytest.mark.parametrize(
    ("table", "part", "times"),
    [("items", Part.TYPE, len(SIX)), ("generaties", Part.GENERATION, 1)],
)
def test_a_store_that_fails_is_heard_of(
    watched: Watched,
    desk: Desk,
    caplog: pytest.LogCaptureFixture,
    table: str,
    part: Part,
    times: int,
) -> None:
    """A table is gone while a generation runs: every type comes and says that it is not kept. Each
    failed write is one record, one count, one moment and one line with ids and kinds."""
    caplog.set_level(logging.INFO, "voorbeelden")
    keep = Keep(desk, desk.take_in(SUBJECT, "anna").id, "anna")
    with desk._write() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO weg"))
    last = watched.generate(keep)
    assert [lane.outcome and lane.outcome.notes[-1:] for lane in last.lanes] == [(UNSAVED,)] * 6
    assert watched.told == [KeepingFailed(part, last.job_id, "StoreUnavailable")] * times
    assert len(watched.recent.unkept) == times
    assert watched.counted(part)
    line = f"not kept part={part.value} id={last.job_id} type=StoreUnavailable"
    assert caplog.messages.count(line) == times


def test_what_is_kept_is_not_told(watched: Watched, desk: Desk) -> None:
    """A store that works counts nothing."""
    last = watched.generate(Keep(desk, desk.take_in(SUBJECT, "anna").id, "anna"))
    assert last.begrip_id
    assert watched.told == []
    assert watched.recent.unkept == ()
