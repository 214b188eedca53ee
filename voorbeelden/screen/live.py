"""What a page draws again and again while a generation runs: little, and nothing that is clicked.

The fragment writes into places that the page made: the heading, the timeline and the tabs of the
types that are still coming. The texts of a type that ends are drawn here first, so that they are
there at once; then all that stands beside the form is drawn, for their buttons.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from voorbeelden.bridge import Bridge
from voorbeelden.jobs import JobSnapshot
from voorbeelden.model import ExampleType
from voorbeelden.screen import address
from voorbeelden.screen.items import tab_html, tab_states
from voorbeelden.screen.kept import Findings, kept_states, standing, standing_html
from voorbeelden.screen.shell import fragment
from voorbeelden.screen.timeline import heading_html, timeline_html
from voorbeelden.screen.turns import turn
from voorbeelden.store.records import BegripView

REFRESH: Final = 0.4
"""Seconds between two pictures of a running generation while the app is not busy."""

_SECONDS_A_JOB: Final = 0.05
_SLOWEST: Final = 2.0

_MOMENT: Final = 1.0
"""Seconds in which types that end after each other get their buttons together: drawing those takes
as long as several pictures."""

_PATIENCE: Final = 5.0

RESULT: Final = "uitkomst"
"""The key of the fragment that draws what stands beside the form."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pictures of one job go. ``view`` is what the store had when the page was drawn,
    with its ``findings``, and ``opened`` the type whose tab its reader had open then."""

    job_id: str
    key: str
    view: BegripView | None
    findings: Findings
    heading: DeltaGenerator
    tabs: Mapping[ExampleType, DeltaGenerator]
    opened: ExampleType


def interval(running: int) -> float:
    """Seconds between two pictures while ``running`` jobs run in this process: all of them
    together are drawn twenty times a second, not more."""
    return min(_SLOWEST, max(REFRESH, running * _SECONDS_A_JOB))


def keep_drawing(road: Bridge, snapshot: JobSnapshot, place: Place) -> None:
    """Draws a job where this is called; again and again while it runs."""
    every = interval(road.running)
    # Not seen: screen/page.js presses it when ``watch`` says that there is more to show than texts.
    # The buttons are then drawn, and nothing beside them. It is there at the end too: the last
    # timeline takes the place of the one before, or both would be in sight for a moment.
    st.button("Bijwerken", key=f"vb-update-{place.key}")
    if snapshot.running:
        fragment(watch, every=every)(road, place, every)
    else:
        draw(snapshot, place, every)


def draw_result() -> None:
    """For a callback: draws what stands beside the form, and not the form."""
    # Where it was not drawn yet the whole page is.
    with contextlib.suppress(StreamlitAPIException):
        st.rerun(RESULT)


def watch(road: Bridge, place: Place, every: float) -> None:
    """One picture of a running job; the last one stays until its buttons are drawn."""
    snapshot = road.snapshot(place.job_id)
    if snapshot is None or _left_standing(snapshot):
        address.redraw()
    with turn(first=True):
        draw(snapshot, place, every, ready=not snapshot.running or _wants_buttons(snapshot, place))


def _wants_buttons(snapshot: JobSnapshot, place: Place) -> bool:
    """Whether the type that its reader has open has ended, and no other one a moment later."""
    if place.opened not in _ended(snapshot, place):
        return False
    return snapshot.lane(place.opened).since_end(snapshot.taken_at) >= _MOMENT


def _left_standing(snapshot: JobSnapshot) -> bool:
    """Whether a job has long ended and no script in the browser asked for its buttons."""
    since = min(lane.since_end(snapshot.taken_at) for lane in snapshot.lanes)
    return not snapshot.running and since >= _PATIENCE


def draw(snapshot: JobSnapshot, place: Place, every: float, *, ready: bool = False) -> None:
    """The timeline where this is called, the heading and the open tabs in their places; when
    ``ready``, with the mark by which screen/page.js knows that buttons can be drawn."""
    view, key = place.view, place.key
    ended = _ended(snapshot, place)
    styles = tab_states(snapshot, key) if view is None else kept_states(snapshot, view, key, ended)
    st.html(timeline_html(snapshot, refresh=every) + styles)
    for kind, tab in place.tabs.items():
        if view is None:
            tab.html(tab_html(snapshot, kind))
            continue
        there = standing(view, snapshot.job_id, snapshot.lane(kind))
        before = standing_html(there, place.findings)
        tab.html(tab_html(snapshot, kind, standing=before, after=len(there), becoming=True))
    # Last: where it says that all is done, all is there.
    mark = '<i class="vb-ready" hidden></i>' if ready else ""
    place.heading.html(heading_html(snapshot) + mark)


def _ended(snapshot: JobSnapshot, place: Place) -> frozenset[ExampleType]:
    """The types that came in since the page was drawn."""
    lanes = (snapshot.find(kind) for kind in place.tabs)
    return frozenset(lane.kind for lane in lanes if lane is not None and lane.outcome is not None)
