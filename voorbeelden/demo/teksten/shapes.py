"""Shapes of the demo's texts: what a JSON file beside this module holds, and what callers get.

The keys are the domain's own Dutch names, the same as in the wire contract of a provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from voorbeelden.model import ContextDict


class Tegenvoorbeeld(TypedDict):
    """A case that resembles the begrip, and the reason why it falls outside the definition."""

    voorbeeld: str
    reden: str


class Voorbeelden(TypedDict):
    """All texts of one begrip, a list for each of the six types."""

    voorbeeldzinnen: list[str]
    praktijkvoorbeelden: list[str]
    tegenvoorbeelden: list[Tegenvoorbeeld]
    synoniemen: list[str]
    antoniemen: list[str]
    toelichting: list[str]


class Bestand(Voorbeelden):
    """One JSON file. ``varianten`` are other spellings and inflections that mean the begrip."""

    begrip: str
    varianten: list[str]
    definitie: str
    context: ContextDict


Teksten = dict[str, list[str] | list[Tegenvoorbeeld]]
"""``Voorbeelden`` as a plain dict, for callers that look a type up by a name known at run time."""


@dataclass(frozen=True, slots=True)
class VoorbeeldBegrip:
    """A begrip that an editor can fill in by one click: the three fields of the form."""

    begrip: str
    definitie: str
    context: ContextDict
