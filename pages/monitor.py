"""How it goes now: the last generations in numbers, and what is wrong. No content is kept."""

from __future__ import annotations

import time

import streamlit as st

from voorbeelden.hosting import Host
from voorbeelden.monitor import overview, what_is_wrong
from voorbeelden.screen.monitor_html import (
    last_html,
    road_html,
    tiles_html,
    types_html,
    verdict_html,
)
from voorbeelden.screen.shell import dress, fragment, host

REFRESH = 5.0  # seconds between two pictures


def main() -> None:
    dress("Monitor", "Hoe het nu gaat, in tijden en aantallen; zonder iemands teksten.")
    fragment(show, every=REFRESH)(host())


def show(watched: Host) -> None:
    last = watched.recent.all()
    road = watched.bridge.road_state()
    seen = overview(last, watched.recent.spent)
    verdict = what_is_wrong(
        last,
        road,
        time.time(),
        unopened=watched.bridge.unopened,
        unkept=watched.recent.unkept,
    )
    st.html(verdict_html(verdict) + tiles_html(seen))
    left, right = st.columns([7, 3], gap="small")
    left.html(types_html(seen))
    right.html(road_html(road))
    st.html(last_html(last))


main()
