"""The cells of one item and of a moment: text to typed values, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from voorbeelden.export.model import ExportItem, ItemStatus, RowError
from voorbeelden.model import ExampleType

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no text or number (a formula, an error value); Dutch, as ``RowError``."""

    problem: str
    advice: str


@dataclass(slots=True)
class Problems:
    """The errors of one row."""

    row: int
    found: list[RowError] = field(default_factory=list)

    @property
    def columns(self) -> frozenset[str | None]:
        return frozenset(error.column for error in self.found)

    def add(self, column: str | None, problem: str, advice: str) -> None:
        self.found.append(RowError(self.row, column, problem, advice))


def read_item(
    values: Mapping[str, str], earlier: Sequence[ExportItem], problems: Problems
) -> ExportItem | None:
    """The item of a row, or ``None`` when a cell of it cannot be used.

    An empty status is voorstel; an empty volgorde is the next one of its type.
    """
    before = len(problems.found)
    kind = _choice(ExampleType, "soort", values["soort"], problems)
    empty_status = not values["status"].strip()
    status = (
        ItemStatus.VOORSTEL
        if empty_status
        else _choice(ItemStatus, "status", values["status"], problems)
    )
    position = _position(values["volgorde"], kind, earlier, problems)
    if not values["tekst"].strip() and "tekst" not in problems.columns:
        problems.add(
            "tekst",
            "deze cel is leeg.",
            "Vul de tekst van het voorbeeld in, of maak ook de andere cellen ervan leeg.",
        )
    if kind is None or status is None or position is None or len(problems.found) > before:
        return None
    return ExportItem(
        id=values["voorbeeld_id"].strip(),
        type=kind,
        text=values["tekst"],
        reden=values["reden"] or None,
        status=status,
        position=position,
        note=values["notitie"] or None,
    )


def read_moment(cell: str, problems: Problems) -> datetime | None:
    """The moment of ISO 8601 text, UTC when it names no zone; ``None`` for an empty cell."""
    if not cell.strip():
        return None
    try:
        moment = datetime.fromisoformat(cell.strip())
    except ValueError:
        problems.add(
            "gewijzigd",
            f"‘{_short(cell)}’ is geen datum met tijd.",
            "Maak de cel leeg, of schrijf hem als 2026-11-23T14:30:00+01:00.",
        )
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _choice(choices: type[Choice], column: str, cell: str, problems: Problems) -> Choice | None:
    plain = cell.strip().casefold()
    known = [choice.value for choice in choices]
    if plain in known:
        return choices(plain)
    if column in problems.columns:
        return None
    if not plain:
        problems.add(column, "deze cel is leeg.", f"Kies uit: {', '.join(known)}.")
        return None
    close = get_close_matches(plain, known, n=1)
    advice = f"Bedoelt u ‘{close[0]}’?" if close else f"Kies uit: {', '.join(known)}."
    problems.add(column, f"‘{_short(cell)}’ is hier niet bekend.", advice)
    return None


def _position(
    cell: str, kind: ExampleType | None, earlier: Sequence[ExportItem], problems: Problems
) -> int | None:
    plain = cell.strip()
    if not plain:
        taken = (item.position for item in earlier if item.type is kind)
        return max(taken, default=0) + 1
    if plain.isascii() and plain.isdigit() and len(plain) <= 9:
        return int(plain)
    problems.add(
        "volgorde",
        f"‘{_short(cell)}’ is geen heel getal van 0 of hoger.",
        "Vul een heel getal in, of maak de cel leeg.",
    )
    return None


def _short(cell: str) -> str:
    plain = " ".join(cell.split())
    return plain if len(plain) <= 40 else f"{plain[:39]}…"
