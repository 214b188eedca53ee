"""What an editor fills in: presets for the context, tidying, and checks before anything is sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from voorbeelden.model import Subject

MAX_BEGRIP: Final = 120
MAX_DEFINITIE: Final = 4000
MAX_CONTEXT_ENTRY: Final = 200
MAX_CONTEXT_ENTRIES: Final = 20

CONTEXT_LABELS: Final[Mapping[str, str]] = {
    "organisatorisch": "Organisatorische context",
    "juridisch": "Juridische context",
    "wettelijk": "Wettelijke context",
}

CONTEXT_HELP: Final[Mapping[str, str]] = {
    "organisatorisch": "Waar het begrip wordt gebruikt. Praktijkvoorbeelden spelen zich hier af.",
    "juridisch": "Het rechtsgebied waarin de definitie geldt.",
    "wettelijk": "De regelingen die genoemd mogen worden. Andere noemt het model niet.",
}

CONTEXT_PRESETS: Final[Mapping[str, Sequence[str]]] = {
    "organisatorisch": (
        "OM",
        "ZM",
        "DJI",
        "Politie",
        "Reclassering",
        "CJIB",
        "Justid",
        "KMar",
        "NFI",
        "IND",
        "Raad voor de Kinderbescherming",
        "advocatuur",
        "notariaat",
        "gemeente",
        "provincie",
        "Belastingdienst",
        "UWV",
        "Autoriteit Persoonsgegevens",
    ),
    "juridisch": (
        "strafrecht",
        "strafprocesrecht",
        "penitentiair recht",
        "bestuursrecht",
        "bestuursprocesrecht",
        "civiel recht",
        "burgerlijk procesrecht",
        "personen- en familierecht",
        "verbintenissenrecht",
        "goederenrecht",
        "arbeidsrecht",
        "huurrecht",
        "jeugdrecht",
        "vreemdelingenrecht",
        "omgevingsrecht",
        "belastingrecht",
        "privacyrecht",
        "Europees recht",
    ),
    "wettelijk": (
        "Sv",
        "Sr",
        "Awb",
        "BW",
        "Rv",
        "AVG",
        "UAVG",
        "Wpg",
        "Wjsg",
        "Pbw",
        "Jeugdwet",
        "Gemeentewet",
        "Omgevingswet",
        "Vreemdelingenwet 2000",
        "Wet RO",
        "WVW 1994",
        "Opiumwet",
        "EVRM",
    ),
}

Problems = Mapping[str, str]
"""Field (``begrip``, ``definitie`` or a context key) to what is wrong with it, in Dutch."""


def tidy(text: str) -> str:
    """NFC, without control characters other than line ends, and without outer white space."""
    text = unicodedata.normalize("NFC", text)
    kept = (char for char in text if char == "\n" or unicodedata.category(char) != "Cc")
    return "".join(kept).strip()


def read(
    begrip: str | None, definitie: str | None, context: Mapping[str, Sequence[str]]
) -> tuple[Subject, Problems]:
    """The tidied input and what is wrong with it; nothing wrong is an empty mapping."""
    entries = {
        key: tuple(dict.fromkeys(filter(None, map(tidy, context.get(key) or ()))))
        for key in CONTEXT_LABELS
    }
    subject = Subject(" ".join(tidy(begrip or "").split()), tidy(definitie or ""), entries)
    problems: dict[str, str] = {}
    if wrong := _text_problem("een begrip", "Het begrip", subject.begrip, MAX_BEGRIP):
        problems["begrip"] = wrong
    if wrong := _text_problem("een definitie", "De definitie", subject.definitie, MAX_DEFINITIE):
        problems["definitie"] = wrong
    for key, values in entries.items():
        if len(values) > MAX_CONTEXT_ENTRIES:
            problems[key] = (
                f"Kies hoogstens {MAX_CONTEXT_ENTRIES} waarden; nu zijn het er {len(values)}."
            )
        elif too_long := [value for value in values if len(value) > MAX_CONTEXT_ENTRY]:
            problems[key] = (
                f"Een waarde is te lang: {len(too_long[0])} tekens, "
                f"hoogstens {MAX_CONTEXT_ENTRY}. Kort haar in."
            )
    return subject, problems


def _text_problem(asked: str, name: str, text: str, most: int) -> str | None:
    if not text:
        return f"Vul {asked} in; alleen spaties telt niet."
    if len(text) > most:
        return f"{name} is te lang: {len(text)} tekens, hoogstens {most}. Kort de tekst in."
    return None
