"""The load script against the app as it is started: what it says is what its sessions saw."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest
from streamlit.proto.Element_pb2 import Element

from scripts import load_editors, load_figures
from scripts.browser_harness import serve_app
from scripts.load_figures import GOAL_RATIO, GOAL_SESSIONS, Load
from scripts.load_session import Editor


def run(*given: str) -> int:
    return load_editors.main(["--samples", "1", "--rounds", "1", "--timeout", "30", *given])


def test_two_editors_see_all_six_tabs_filled(tmp_path: Path) -> None:
    """Two sessions over the app's own protocol end with six filled tabs each, and the figures of
    one and of two stand in the file, of two also when they press after each other."""
    out = tmp_path / "load.json"
    given = ("--profile", "fixed,seconds=0.5", "--sessions", "1", "2", "--spread", "0", "0.2")
    assert run(*given, "--json", str(out)) == 0
    one, two, spread = json.loads(out.read_text())["profiles"]["fixed,seconds=0.5"]
    assert (one["sessions"], two["sessions"], one["ratio"]) == (1, 2, 1.0)
    assert (spread["sessions"], spread["spread"], two["spread"]) == (2, 0.2, 0.0)
    for load in (one, two, spread):
        assert load["samples"] == load["sessions"]
        # Not sooner than the demo server answers, and each session really was sent its page.
        assert 0.5 < load["median"] <= load["p95"] <= load["longest"]
        assert load["messages"] > 50
        assert load["app_cpu"] > 0


def test_a_type_that_fails_fails_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    """A session that does not get its six tabs is not counted as a quick one."""
    assert run("--profile", "instant;fault=refusal@synoniemen", "--sessions", "1") == 1
    assert "FAILED" in capsys.readouterr().err


class Watched(Editor):
    """Remembers the labels of what a session was sent."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        super().__init__(http, url)
        self.labels: list[str] = []

    def _take_element(self, element: Element, fragment: str) -> None:
        widget = getattr(element, str(element.WhichOneof("type")))
        self.labels.append(str(getattr(widget, "label", "")))
        super()._take_element(element, fragment)


def test_a_generation_draws_its_buttons_and_not_the_form_again() -> None:
    """From Genereer to the buttons of the open tab the form is not sent once; then nothing asks
    the app for pictures any more."""

    async def labels(url: str) -> tuple[list[str], bool]:
        async with aiohttp.ClientSession() as http:
            editor = Watched(http, url)
            try:
                await editor.open(30)
                assert "Definitie" in editor.labels
                editor.labels.clear()
                await load_editors.generate(editor, 0.0, 30)
                await editor._until(lambda: "Goedkeuren" in editor.labels, 30)
                await editor._until(lambda: editor._idle, 30)
                return editor.labels, bool(editor._timers)
            finally:
                await editor.close()

    with serve_app({"VOORBEELDEN_DEMO_PROFILE": "fixed,seconds=0.5"}) as url:
        seen, asking = asyncio.run(labels(url))
    assert "Stop" in seen
    assert "Alles opnieuw" in seen
    assert not {"Definitie", "Genereer"} & set(seen)
    assert not asking


def loads(ratios: Sequence[tuple[int, float]]) -> list[Load]:
    return [
        Load(
            *(sessions, 0.0, 1, 1, 1.0, 1.0, 1.0, 1.0, 1.0, ratio),
            *(1.0, 0.1, 0.1, 0.1, 1.0, 1.0, 1.0, 1.0),
        )
        for sessions, ratio in ratios
    ]


def test_where_it_doubles_is_said_between_two_measured_numbers() -> None:
    """The first number at twice the time of one, and the number before it."""
    measured = loads([(1, 1.0), (5, 1.9), (10, 2.0), (20, 4.0)])
    assert load_figures.doubling(measured).endswith("between 5 and 10 sessions")
    assert load_figures.doubling(measured[:2]).endswith("up to 5 sessions")


@pytest.mark.parametrize(("ratio", "missed"), [(GOAL_RATIO, False), (GOAL_RATIO + 0.01, True)])
def test_the_goal_counts_at_its_own_number_of_sessions(ratio: float, missed: bool) -> None:
    """More sessions than the goal may take longer."""
    assert load_figures.missed(loads([(1, 1.0), (GOAL_SESSIONS, ratio), (100, 9.0)])) is missed


def test_p95_is_the_value_that_19_of_20_do_not_exceed() -> None:
    """Nearest rank, also of a single value."""
    assert load_figures.percentile(list(range(1, 21)), 0.95) == 19
    assert load_figures.percentile([7.0], 0.95) == 7.0
