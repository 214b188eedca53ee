"""Hand-written Dutch texts for well-known legal terms, and templates for every other term.

One JSON file a begrip stands beside this module (its shape: ``shapes.Bestand``). The files are
read at the first call and kept: importing this package reads nothing.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib import resources
from typing import cast

from voorbeelden.demo.teksten.shapes import (
    Bestand,
    Tegenvoorbeeld,
    Teksten,
    VoorbeeldBegrip,
    Voorbeelden,
)
from voorbeelden.demo.teksten.templates import from_templates
from voorbeelden.model import ContextDict

__all__ = [
    "Tegenvoorbeeld",
    "Teksten",
    "VoorbeeldBegrip",
    "Voorbeelden",
    "bekende_begrippen",
    "bekende_definitie",
    "voorbeelden_voor",
]


def voorbeelden_voor(begrip: str, definitie: str, context: ContextDict) -> Teksten:
    """Texts for ``begrip``: a list for each of the six types, keyed by the type's name.

    A known begrip (any case, any Unicode composition, or one of its variants) gets its own
    hand-written texts, whatever the context: at least five voorbeeldzinnen, praktijkvoorbeelden
    and tegenvoorbeelden (``{"voorbeeld", "reden"}``), at most five synoniemen and antoniemen
    (there may be none) and one or two toelichtingen. Any other begrip gets texts from templates,
    five of each type. ``definitie`` belongs to the signature of an answer and is never read.

    The lists are the caller's own. Raises nothing for any text.
    """
    bestand = _by_name().get(_key(begrip))
    return _copy(bestand if bestand is not None else from_templates(begrip, context))


def bekende_begrippen() -> tuple[VoorbeeldBegrip, ...]:
    """The begrippen with hand-written texts, in alphabetical order, to fill a form with."""
    return tuple(
        VoorbeeldBegrip(
            begrip=bestand["begrip"],
            definitie=bestand["definitie"],
            context={key: list(entries) for key, entries in bestand["context"].items()},
        )
        for bestand in _files()
    )


def bekende_definitie(begrip: str) -> str | None:
    """The hand-written definition of a known begrip (see ``voorbeelden_voor``), else ``None``."""
    bestand = _by_name().get(_key(begrip))
    return None if bestand is None else bestand["definitie"]


@cache
def _files() -> tuple[Bestand, ...]:
    folder = resources.files(__package__)
    files = (
        cast(Bestand, json.loads(entry.read_text(encoding="utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    )
    return tuple(sorted(files, key=lambda bestand: _key(bestand["begrip"])))


@cache
def _by_name() -> dict[str, Bestand]:
    return {
        _key(name): bestand
        for bestand in _files()
        for name in (bestand["begrip"], *bestand["varianten"])
    }


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()).casefold())


def _copy(texts: Voorbeelden) -> Teksten:
    return {
        "voorbeeldzinnen": list(texts["voorbeeldzinnen"]),
        "praktijkvoorbeelden": list(texts["praktijkvoorbeelden"]),
        "tegenvoorbeelden": [item.copy() for item in texts["tegenvoorbeelden"]],
        "synoniemen": list(texts["synoniemen"]),
        "antoniemen": list(texts["antoniemen"]),
        "toelichting": list(texts["toelichting"]),
    }
