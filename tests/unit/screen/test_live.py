"""When a running generation asks for its buttons, and what happens where nobody brings them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest

from voorbeelden.jobs import JobSnapshot, Lane
from voorbeelden.model import ExampleType, GenerationMode, Item, Outcome, OutcomeState, Subject
from voorbeelden.screen import live
from voorbeelden.screen.kept import standing as standing_items
from voorbeelden.store.records import ItemRecord, ItemStatus

ZINNEN, SYNONIEMEN = ExampleType.VOORBEELDZINNEN, ExampleType.SYNONIEMEN
NOW = 100.0


def lane(kind: ExampleType, ended: float | None) -> Lane:
    """Of a run that began at 0 and, if it is over, ended ``ended`` seconds before ``NOW``."""
    if ended is None:
        return Lane(kind, 3, origin=0.0, started=0.0)
    outcome = Outcome(kind, OutcomeState.DONE, items=(Item("a"),))
    return Lane(kind, 3, origin=0.0, started=0.0, ended=NOW - ended, outcome=outcome)


def snapshot(running: bool, **ended: float | None) -> JobSnapshot:
    lanes = tuple(lane(ExampleType(name), seconds) for name, seconds in ended.items())
    subject = Subject("verdachte", "wie iets deed", {})
    return JobSnapshot("job", subject, GenerationMode.ASYNC, lanes, running, NOW, NOW)


def place(opened: ExampleType, *coming: ExampleType) -> live.Place:
    nowhere: Any = Mock()
    return live.Place("job", "tabs", None, {}, nowhere, dict.fromkeys(coming, nowhere), opened)


def test_the_open_tab_gets_its_buttons_a_moment_after_its_type_has_ended() -> None:
    """Types that end just after each other get theirs together."""
    open_zinnen = place(ZINNEN, ZINNEN, SYNONIEMEN)
    for ended, wanted in ((None, False), (0.2, False), (1.2, True)):
        taken = snapshot(True, voorbeeldzinnen=ended, synoniemen=None)
        assert live._wants_buttons(taken, open_zinnen) is wanted


def test_a_tab_that_is_not_open_or_had_ended_before_asks_for_nothing() -> None:
    """The others show their items without buttons; what was drawn with its buttons has them."""
    taken = snapshot(True, voorbeeldzinnen=5.0, synoniemen=None)
    assert not live._wants_buttons(taken, place(SYNONIEMEN, ZINNEN, SYNONIEMEN))
    assert not live._wants_buttons(taken, place(ZINNEN, SYNONIEMEN))


@pytest.mark.parametrize(
    ("running", "ended", "left"), [(True, 60.0, False), (False, 2.0, False), (False, 6.0, True)]
)
def test_where_no_script_brings_the_buttons_the_page_does(
    running: bool, ended: float, left: bool
) -> None:
    """Five seconds after the end of the last type, and never while one is made."""
    taken = snapshot(running, voorbeeldzinnen=60.0, synoniemen=ended)
    assert live._left_standing(taken) is left


def test_a_lane_knows_how_long_ago_it_ended() -> None:
    """From the start of its own run, which need not be the job's."""
    ended = lane(ZINNEN, 3.0)
    assert ended.since_end(NOW) == 3.0
    assert replace(ended, origin=1.0).since_end(NOW) == 2.0
    assert lane(ZINNEN, None).since_end(NOW) == 0.0


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (None, {"oud", "goedgekeurd"}),
        (OutcomeState.DONE, {"goedgekeurd"}),
        (OutcomeState.PARTIAL, {"oud", "goedgekeurd"}),
        (OutcomeState.FAILED, {"oud", "goedgekeurd"}),
    ],
)
def test_what_stood_in_a_tab_stands_beside_what_came_in(
    state: OutcomeState | None, standing: set[str]
) -> None:
    """Until its buttons are drawn a tab shows what the store will have: a whole answer takes the
    place of the proposals that nobody touched, and what the editor approved is never out of
    sight."""
    made = lane(ZINNEN, None if state is None else 0.2)
    if made.outcome is not None and state is not None:
        made = replace(made, outcome=replace(made.outcome, state=state))
    there = (
        item("oud", ItemStatus.VOORSTEL),
        item("goedgekeurd", ItemStatus.GOEDGEKEURD),
        # The store was quicker than the lane.
        item("van nu", ItemStatus.VOORSTEL, generation="deze"),
    )
    view = Mock(generations=(Mock(id="deze", job_id="job"),), of_type=lambda _: there)
    assert {one.text for one in standing_items(view, "job", made)} == standing


def item(text: str, status: ItemStatus, generation: str = "eerder") -> ItemRecord:
    touched = status is not ItemStatus.VOORSTEL
    then = datetime(2026, 1, 1, tzinfo=UTC)
    return ItemRecord(
        text,
        "b",
        generation,
        ZINNEN,
        1.0,
        text,
        None,
        status,
        touched,
        None,
        "",
        "model",
        then,
        then,
    )
