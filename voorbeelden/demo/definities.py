"""What the demo server answers to the tasks "definitie" and "toets".

A known begrip has a hand-written definition; for any other one the text says itself that it is a
demonstration. No rule is really judged here, and every reason says so.
"""

from __future__ import annotations

from typing import Any, Final

from voorbeelden.demo.teksten import bekende_definitie

TEMPLATE: Final = (
    "Demonstratietekst, geschreven zonder taalmodel, op de plaats waar een aangesloten taalmodel "
    "zijn omschrijving geeft."
)
REASON: Final = "Demonstratie: deze regel is niet door een taalmodel beoordeeld."
REJECTED: Final = "Demonstratie van een afgekeurde regel: de bewoording is aangepast."
IMPROVED: Final = ", in de aangepaste bewoording van deze demonstratie."


def definitie(begrip: str) -> str:
    """The hand-written definition of a known begrip, else the template."""
    return bekende_definitie(begrip) or TEMPLATE


def oordelen(regels: list[str]) -> dict[str, Any]:
    """Every rule is met."""
    rows = [{"regel": regel, "voldoet": True, "reden": REASON} for regel in regels]
    return {"oordelen": rows, "verbetering": ""}


def afgekeurd(regels: list[str], definitie: str) -> dict[str, Any]:
    """The first rule is not met, and the text comes back in other words."""
    made = oordelen(regels)
    if made["oordelen"]:
        made["oordelen"][0] |= {"voldoet": False, "reden": REJECTED}
    return {**made, "verbetering": definitie.rstrip(" .") + IMPROVED}
