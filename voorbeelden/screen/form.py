"""What an editor fills in: labels and presets. ``voorbeelden.intake`` tidies and checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from voorbeelden.intake import Problems, read

__all__ = [
    "CONTEXT_HELP",
    "CONTEXT_LABELS",
    "CONTEXT_PRESETS",
    "Problems",
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
