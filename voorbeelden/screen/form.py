"""What an editor fills in: labels, presets, an example. ``voorbeelden.intake`` checks what came."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

from voorbeelden.demo.teksten import VoorbeeldBegrip, bekende_begrippen
from voorbeelden.intake import Problems, read

__all__ = [
    "CONTEXT_HELP",
    "CONTEXT_LABELS",
    "CONTEXT_PRESETS",
    "Problems",
    "another_known",
    "read",
]

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


def another_known(begrip: str | None) -> VoorbeeldBegrip:
    """A well-known begrip to fill a form with; not the one that stands there."""
    return random.choice([one for one in bekende_begrippen() if one.begrip != begrip])
