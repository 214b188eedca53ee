"""What an editor fills in: labels, presets, an example. ``voorbeelden.intake`` checks what came."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import streamlit as st

from voorbeelden.demo.teksten import VoorbeeldBegrip, bekende_begrippen
from voorbeelden.intake import Problems, read

__all__ = [
    "CONTEXT_HELP",
    "CONTEXT_LABELS",
    "CONTEXT_PRESETS",
    "Problems",
    "another_known",
    "context_field",
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


def context_field(
    context: str, key: str, chosen: Sequence[str] = (), *, persist: Literal["session"] | None = None
) -> None:
    """The values of one kind of context, of the list or one's own. ``chosen`` is what stands in it
    when it is made.

    Enter takes what stands first below what was typed: hence no "all of these" there, and nothing
    that has no more than its letters, in their order, in a value of one's own.
    """
    st.multiselect(
        CONTEXT_LABELS[context],
        list(dict.fromkeys([*CONTEXT_PRESETS[context], *chosen])),
        default=list(chosen) or None,
        key=key,
        persist_state=persist,
        accept_new_options=True,
        select_all=False,
        filter_mode="contains",
        placeholder="Kies of typ zelf",
        help=CONTEXT_HELP[context],
    )


def another_known(begrip: str | None) -> VoorbeeldBegrip:
    """A well-known begrip to fill a form with; not the one that stands there."""
    return random.choice([one for one in bekende_begrippen() if one.begrip != begrip])
