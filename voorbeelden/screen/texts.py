"""Dutch names and number formats for the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voorbeelden.model import ExampleType, GenerationMode
from voorbeelden.store.records import ActionKind

TITLES: Final[Mapping[ExampleType, str]] = {
    ExampleType.VOORBEELDZINNEN: "Voorbeeldzinnen",
    ExampleType.PRAKTIJKVOORBEELDEN: "Praktijkvoorbeelden",
    ExampleType.TEGENVOORBEELDEN: "Tegenvoorbeelden",
    ExampleType.SYNONIEMEN: "Synoniemen",
    ExampleType.ANTONIEMEN: "Antoniemen",
    ExampleType.TOELICHTING: "Toelichting",
}

PURPOSES: Final[Mapping[ExampleType, str]] = {
    ExampleType.VOORBEELDZINNEN: "Het begrip in een zin, zoals een jurist het zou gebruiken.",
    ExampleType.PRAKTIJKVOORBEELDEN: "Situaties uit de organisatie die onder de definitie vallen.",
    ExampleType.TEGENVOORBEELDEN: "Gevallen die erop lijken maar erbuiten vallen, met de reden.",
    ExampleType.SYNONIEMEN: "Termen die in deze context hetzelfde betekenen; minder mag.",
    ExampleType.ANTONIEMEN: "Het tegendeel of de vaste tegenhanger; minder mag.",
    ExampleType.TOELICHTING: "Eén alinea over betekenis, doel en grens van het begrip.",
}

MODES: Final[Mapping[GenerationMode, str]] = {
    GenerationMode.ASYNC: "Standaard",
    GenerationMode.SPLIT: "Snelst",
    GenerationMode.COMBINED: "Zuinig",
}
"""The plans an editor may choose from. Sequential is there to be measured, not to be used."""

MODES_HELP: Final = (
    "Standaard: zes aanroepen tegelijk. Snelst: de lange soorten zijn verdeeld over meer "
    "aanroepen; dat kost iets meer. Zuinig: één aanroep voor alles; dat duurt het langst."
)

NONE_FOUND: Final[Mapping[ExampleType, str]] = {
    ExampleType.SYNONIEMEN: "Geen synoniemen. Er is geen term gevonden die precies hetzelfde "
    "betekent; dat is een geldig antwoord.",
    ExampleType.ANTONIEMEN: "Geen antoniemen. Dit begrip heeft geen zuiver tegendeel; "
    "dat is een geldig antwoord.",
}


ACTION_WORDS: Final[Mapping[ActionKind, str]] = {
    ActionKind.GENERATIE: "het genereren",
    ActionKind.GOEDGEKEURD: "het goedkeuren",
    ActionKind.AFGEWEZEN: "het afwijzen",
    ActionKind.TERUGGEZET: "het terugzetten",
    ActionKind.BEWERKT: "het bewerken",
    ActionKind.TOEGEVOEGD: "het toevoegen",
    ActionKind.VERPLAATST: "het verplaatsen",
    ActionKind.OPGEMERKT: "de opmerking",
    ActionKind.HERSTELD: "het herstellen",
    ActionKind.BEGRIP: "de wijziging van het begrip",
    ActionKind.VOORKEURSTERM: "de voorkeursterm",
}


def seconds(value: float) -> str:
    """``5.93`` → ``5,9 s``, with a space that does not break."""
    return f"{number(value)}\N{NO-BREAK SPACE}s"


def number(value: float, digits: int = 1) -> str:
    """``5.93`` → ``5,9``: the Dutch decimal comma."""
    return f"{value:.{digits}f}".replace(".", ",")


def thousands(value: float) -> str:
    """``12345.6`` → ``12.346``: whole, with the Dutch point."""
    return f"{round(value):,}".replace(",", ".")


def amount(count: int, one: str, more: str, rest: str = "") -> str:
    """``1 begrip``, ``1.200 begrippen``: a count with its noun, and with what follows."""
    return " ".join(filter(None, [thousands(count), one if count == 1 else more, rest]))


def size(count: int) -> str:
    """The size of a file of ``count`` bytes, as an editor reads it."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{number(count / 1_000_000)} MB"
