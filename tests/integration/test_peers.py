"""The contenders of the comparison ask the demo server for the same thing, and get it whole."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

import pytest

from scripts import benchmark_peers
from scripts.peers import worker
from scripts.peers.contenders import CONTENDERS
from tests.integration.support import SIX, Provider

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

NEEDS = {
    "langchain": "langchain_openai",
    "langchain-text": "langchain_openai",
    "litellm": "litellm",
    "pydantic-ai": "pydantic_ai",
    "pydantic-ai-text": "pydantic_ai",
    "instructor": "instructor",
}
"""Libraries that have a virtual environment of their own: scripts/requirements-peers.txt."""


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("name", CONTENDERS)
def test_every_contender_asks_the_same(demo: DemoProcess, name: str, streamed: bool) -> None:
    """The warm-up and two generations: six calls each, none made again, every answer checked."""
    if name in NEEDS and importlib.util.find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed here")
    provider = Provider.behaving(demo, "instant")
    job = {
        "url": provider.base_url,
        "streamed": streamed,
        "stats_url": provider.base_url.removesuffix("/v1") + "/stats",
        **benchmark_peers._work(2),
    }
    contender = CONTENDERS[name]
    # As the worker gets it: through JSON.
    measured = worker.measure(contender, json.loads(json.dumps(job)))
    figures = worker.run(measured, on_uvloop=contender.uvloop)
    assert set(figures) == {"wall", "cpu", "server_cpu"}
    assert provider.stats()["by_type"] == {kind.value: 3 for kind in SIX}


def test_the_arguments_name_contenders_and_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """Without any the whole table; a name that is none is refused with those there are."""
    every = benchmark_peers.parse([])
    assert (every.generaties, every.alleen) == ([1, 10, 83], list(CONTENDERS))
    some = benchmark_peers.parse(["--generaties", "2,3", "--alleen", "floor,openai"])
    assert (some.generaties, some.alleen) == ([2, 3], ["floor", "openai"])
    cells = list(benchmark_peers.cells(some))
    assert len(cells) == len(set(cells)) == 2 * 2 * 2
    with pytest.raises(SystemExit):
        benchmark_peers.parse(["--alleen", "niemand"])
    assert "niemand" in capsys.readouterr().err
