"""The command line: what it understands, and what it refuses."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from scripts.bench_terminal import Live
from scripts.benchmark_voorbeelden_parallel import parse, request_of
from tests.unit.benchmark.support import ASYNC, COMBINED, SPLIT
from voorbeelden.benchmark.model import MODES, SCALES
from voorbeelden.demo.spec import SpecError
from voorbeelden.settings import Settings


def test_without_options_it_measures_four_plans_on_the_tokens_profile() -> None:
    """Three repetitions of a known begrip with its own definition."""
    request = request_of(parse([]), Settings())
    assert (request.modes, request.repetitions, request.scales) == (MODES, 3, ())
    assert request.target.key == "tokens"
    assert len(request.subject.definitie) > 20


def test_plans_profile_and_repetitions_can_be_chosen() -> None:
    """In the order given, each once; a demo server's own text is a profile too."""
    options = ["--plannen", "opgedeeld,tegelijk,opgedeeld", "--herhalingen", "5"]
    request = request_of(parse([*options, "--profile", "fixed,seconds=0.1"]), Settings())
    assert (request.modes, request.repetitions) == ((SPLIT, ASYNC), 5)
    assert request.target.spec == "fixed,seconds=0.1"
    scaled = request_of(parse(["--profiel", "gemeten", "--tijdfactor", "0,1"]), Settings())
    assert scaled.target.spec == "measured,scale=0.1"


def test_scale_runs_alone_with_the_first_fitting_plan() -> None:
    """Without numbers all of them; with plans the parallel one, or else the first."""
    assert request_of(parse(["--schaal"]), Settings()).scales == SCALES
    request = request_of(parse(["--schaal", "1,4", "--plannen", "gebundeld"]), Settings())
    assert (request.modes, request.scales, request.scale_mode) == ((), (1, 4), COMBINED)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--plannen", "snel"],
        ["--herhalingen", "0"],
        ["--tijdfactor", "-1"],
        ["--tijdfactor", "veel"],
        ["--schaal", "1,x"],
        ["--onbekend"],
    ],
)
def test_wrong_usage_ends_with_code_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And says what was wrong."""
    with pytest.raises(SystemExit) as ended:
        parse(wrong)
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_an_unknown_profile_is_refused() -> None:
    """Before anything is started."""
    with pytest.raises(SpecError):
        request_of(parse(["--profile", "bestaat niet"]), Settings())


def test_progress_counts_generations_where_no_plans_run() -> None:
    """Hedging has no steps to go through: it tells how many generations of how many."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with Live(console, None) as live:
        live.count(3, 8)
    assert "Generaties" in screen.getvalue()
    assert "3/8" in screen.getvalue()
