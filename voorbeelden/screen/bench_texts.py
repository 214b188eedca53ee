"""Dutch names of the plans, for the page, the pictures and the terminal alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voorbeelden.benchmark.model import MODES, Mode, ScalePoint
from voorbeelden.definition.flow_model import FlowOrder, Phase
from voorbeelden.model import ExampleType, GenerationMode
from voorbeelden.screen.texts import TITLES, number

PLAN_TITLES: Final[Mapping[Mode, str]] = {
    GenerationMode.SEQUENTIAL: "Na elkaar",
    GenerationMode.ASYNC: "Tegelijk",
    GenerationMode.SPLIT: "Opgedeeld",
    GenerationMode.COMBINED: "Gebundeld",
    FlowOrder.IN_A_ROW: "In een rij",
    FlowOrder.STAGED: "Fase na fase",
    FlowOrder.BESIDE: "De stroom",
}

PLAN_EXPLAINS: Final[Mapping[Mode, str]] = {
    GenerationMode.SEQUENTIAL: "zes aanroepen, één voor één",
    GenerationMode.ASYNC: "zes aanroepen, alle tegelijk",
    GenerationMode.SPLIT: "lange soorten per voorbeeld, alles tegelijk",
    GenerationMode.COMBINED: "één aanroep voor alle zes soorten",
    FlowOrder.IN_A_ROW: "acht aanroepen, één voor één",
    FlowOrder.STAGED: "opstellen, dan toetsen, dan de zes soorten tegelijk",
    FlowOrder.BESIDE: "opstellen, dan toets en zes soorten naast elkaar",
}

PART_TITLES: Final[Mapping[ExampleType | Phase, str]] = {
    **{kind: title for kind, title in TITLES.items()},  # noqa: C416  a wider type of key
    Phase.DRAFT: "Definitie",
    Phase.VALIDATION: "Toets",
    Phase.EXAMPLES: "Voorbeelden",
}
"""What can fail in a repetition."""

PLAN_KEYS: Final[Mapping[str, GenerationMode]] = {
    PLAN_TITLES[mode].lower().replace(" ", "-"): mode for mode in MODES
}
"""What a command line calls them: ``na-elkaar``, ``tegelijk``, ``opgedeeld``, ``gebundeld``."""


def times(factor: float) -> str:
    """``2.43`` → ``2,4×``."""
    return f"{factor:.1f}×".replace(".", ",")


def plural(count: int, one: str, more: str) -> str:
    """``1 herhaling``, ``3 herhalingen``."""
    return f"{count} {one if count == 1 else more}"


def tag(*, measured: bool) -> str:
    """The label of a figure's origin, as HTML."""
    if measured:
        return '<span class="vb-b-tag">gemeten</span>'
    return '<span class="vb-b-tag vb-b-guess">geschat</span>'


def duration(value: float) -> str:
    """``95`` → ``ongeveer 2 minuten``: for what has to be waited for."""
    if value < 10:
        return "minder dan 10 seconden"
    if value < 90:
        return f"ongeveer {round(value / 10) * 10} seconden"
    return f"ongeveer {round(value / 60)} minuten"


def over_ideal(point: ScalePoint, unit: str = "") -> str:
    """``1,33`` with its unit, or that the point does not count."""
    if point.over_ideal is None:
        return "niet compleet, telt niet mee"
    return f"{number(point.over_ideal, 2)}{unit}"
