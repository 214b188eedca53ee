"""What the page and the picture show of a run: figures in the text, and nothing run as markup."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.unit.benchmark.support import (
    ASYNC,
    COMBINED,
    FAILED,
    SEQUENTIAL,
    SPLIT,
    point,
    repetition,
    run,
)
from voorbeelden.benchmark.estimate import cost_of
from voorbeelden.benchmark.model import BenchmarkRequest, BenchmarkRun, Target
from voorbeelden.benchmark.profiles import connected_target
from voorbeelden.model import GenerationMode, Subject
from voorbeelden.screen.bench_axis import axis_for
from voorbeelden.screen.bench_bars import cost_bars, first_bars, time_bars
from voorbeelden.screen.bench_charts import (
    COLOURS,
    scaling_chart,
    scaling_legend,
    speed_up_chart,
    speed_up_legend,
)
from voorbeelden.screen.bench_gantt import gantt_html
from voorbeelden.screen.bench_picture import WIDTH, to_png
from voorbeelden.screen.bench_tables import (
    comparison_html,
    conditions_html,
    cost_html,
    limits_html,
    scaling_html,
)
from voorbeelden.screen.bench_texts import duration, times
from voorbeelden.settings import Settings

FOUR = run(
    repetition(SEQUENTIAL, 1),
    repetition(ASYNC, 1),
    repetition(SPLIT, 1, (4.0,) * 6),
    repetition(COMBINED, 1, (30.0,) * 6),
    repetition(SEQUENTIAL, 2),
    repetition(ASYNC, 2, failures=(FAILED,)),
    scaling=(point(1, 2.1), point(83, 2.8)),
)
NOTHING = run()


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html).replace("\N{NO-BREAK SPACE}", " ")


@given(st.floats(1e-6, 1e6))
def test_an_axis_holds_its_values_in_few_round_steps(most: float) -> None:
    """Two to six steps, the last tick at the end, and never more than 2.5 times too long."""
    axis = axis_for(most)
    assert axis.end >= most * (1 - 1e-9)
    assert axis.end <= most * 2.5
    assert 3 <= len(axis.ticks) <= 7
    assert axis.ticks[-1] == pytest.approx(axis.end)
    assert axis.place(most) <= 1


def test_an_axis_of_nothing_can_be_drawn() -> None:
    """No division by zero when nothing took any time."""
    assert axis_for(0).end > 0


def test_bars_tell_median_gain_and_spread() -> None:
    """The figures stand in the text, for people and for screen readers alike."""
    text = text_of(time_bars(FOUR))
    for expected in ("36,0 s", "15,0 s", "4,0 s", "30,0 s", "2,4×", "21,0 s bespaard", "gemeten"):
        assert expected in text
    assert "IQR" in text


def test_bars_without_a_row_claim_no_gain() -> None:
    """Nothing to compare with: no factor, nothing saved."""
    text = text_of(time_bars(run(repetition(ASYNC), repetition(SPLIT))))
    assert "×" not in text
    assert "bespaard" not in text


def test_tokens_are_labelled_by_their_origin() -> None:
    """Reported ones are measured; one estimate makes them estimated."""
    assert "geschat" not in text_of(cost_bars(FOUR))
    guessed = text_of(cost_bars(run(repetition(ASYNC, estimated=True))))
    assert "geschat" in guessed
    assert "900" in guessed
    assert "6 aanroepen" in guessed


def test_the_gantt_has_a_lane_a_call_and_marks_what_broke() -> None:
    """Four plans of six calls; the title of a plan that is not whole says so."""
    html = gantt_html(FOUR)
    assert html.count('class="vb-b-lane"') == 24
    assert html.count('class="vb-b-first"') == 24
    broken = gantt_html(run(repetition(ASYNC, 1, failures=(FAILED,))))
    assert "niet compleet" in broken


def test_nothing_measured_is_nothing_drawn() -> None:
    """An empty run gives empty parts, not empty axes."""
    assert (time_bars(NOTHING), first_bars(NOTHING), cost_bars(NOTHING)) == ("", "", "")
    assert gantt_html(NOTHING) == ""
    assert speed_up_chart(NOTHING, "light") is None
    assert scaling_chart(NOTHING, "dark") is None


def test_a_hostile_begrip_and_target_stay_text() -> None:
    """Both come from an editor: they are escaped wherever they are shown."""
    evil = run(
        repetition(ASYNC),
        target=Target("eigen", "<img src=x onerror=alert(1)>", "instant"),
        begrip="<script>alert(1)</script>",
    )
    for html in (conditions_html(evil), comparison_html(evil, FOUR)):
        assert "<script" not in html
        assert "<img" not in html


def test_the_comparison_warns_when_conditions_differ() -> None:
    """Same target: a difference in percent. Another one: a warning before the figures."""
    slower = run(repetition(ASYNC, 1, (30.0,) * 6))
    text = text_of(comparison_html(run(repetition(ASYNC)), slower))
    assert "50 % korter" in text
    assert "omstandigheden" not in text
    other = run(repetition(ASYNC), target=Target("vast", "vast", "fixed"))
    assert "De omstandigheden verschillen" in text_of(comparison_html(other, slower))
    assert "geen plan gemeen" in comparison_html(run(repetition(SPLIT)), slower)


def test_the_price_is_told_before_anything_is_sent() -> None:
    """Calls exactly, tokens as an estimate."""
    target = connected_target(Settings(api_key="x", model="groot"))
    asked = BenchmarkRequest(Subject("b", "d"), target, (ASYNC,), repetitions=5)
    text = text_of(cost_html(cost_of(asked), "groot"))
    assert "30 aanroepen naar groot" in text
    assert "geschat" in text


def test_tables_hold_the_limits_and_the_scale() -> None:
    """Medians next to both limits; each point against its ideal."""
    limits = text_of(limits_html(FOUR))
    assert "2,4×" in limits
    assert "9,0×" in limits
    scale = text_of(scaling_html(FOUR))
    assert "83 generaties" in scale
    assert "1,40" in scale


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_hold_the_measured_values_in_the_themes_colours(theme: str) -> None:
    """What Vega gets: every speed-up, both limits, every point; titles in Dutch."""
    chart = speed_up_chart(FOUR, theme)
    assert chart is not None
    spec = chart.to_dict()
    values = [row for rows in spec["datasets"].values() for row in rows]
    factors = {round(row["keer"], 1) for row in values if "plan" in row}
    assert factors == {2.4, 9.0, 1.2}
    assert COLOURS[theme][GenerationMode.SPLIT] in str(spec)
    [across] = [layer["encoding"] for layer in spec["layer"] if "x2" in layer["encoding"]]
    ends = across["x"]["bandPosition"], across["x2"]["bandPosition"]
    assert ends == (0.1, 0.9), "the limit stands under every plan of its repetition"
    scale = scaling_chart(FOUR, theme)
    assert scale is not None
    assert "Generaties tegelijk" in str(scale.to_dict())


def test_legends_name_what_is_drawn() -> None:
    """In HTML, so that they wrap; the plan in a row is what the others are held against."""
    legend = text_of(speed_up_legend(FOUR))
    assert "Opgedeeld" in legend
    assert "Na elkaar" not in legend
    assert "ideaal" in scaling_legend(FOUR)


@pytest.mark.parametrize("one", [FOUR, NOTHING, run(repetition(ASYNC, 1, failures=(FAILED,)))])
def test_the_picture_is_a_png_of_the_promised_width(one: BenchmarkRun) -> None:
    """Whole, partial or empty: it can be opened, and something is drawn on it."""
    image = Image.open(io.BytesIO(to_png(one)))
    assert (image.format, image.width) == ("PNG", WIDTH)
    assert len(image.convert("L").getcolors(256) or ()) > 2


def test_words_for_waiting() -> None:
    """Rough on purpose: it is an estimate."""
    assert [duration(x) for x in (3, 44, 95, 400)] == [
        "minder dan 10 seconden",
        "ongeveer 40 seconden",
        "ongeveer 2 minuten",
        "ongeveer 7 minuten",
    ]
    assert times(2.44) == "2,4×"
