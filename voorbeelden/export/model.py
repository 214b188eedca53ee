"""What an export holds and what an import gives back: pure data, and the errors of both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from voorbeelden.model import ExampleType


class ItemStatus(StrEnum):
    """What an editor decided about one item."""

    VOORSTEL = "voorstel"
    GOEDGEKEURD = "goedgekeurd"
    AFGEWEZEN = "afgewezen"
    VERVANGEN = "vervangen"


@dataclass(frozen=True, slots=True)
class ExportItem:
    """One example.

    Attributes:
        id: as the store knows it; empty for an item that is new.
        type: which of the six kinds.
        text: never blank.
        reden: why the case is no example (tegenvoorbeelden); ``None`` when not given, never "".
        status: what the editor decided.
        position: place among the items of its type, 0 or higher.
        note: the editor's own remark; ``None`` when there is none, never "".
    """

    id: str
    type: ExampleType
    text: str
    reden: str | None = None
    status: ItemStatus = ItemStatus.VOORSTEL
    position: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ExportBegrip:
    """One begrip with its items, in the order in which a table lists them.

    Attributes:
        id: as the store knows it; empty for a begrip that is new.
        begrip: the term, never blank.
        definitie: its definition.
        context: ``voorbeelden.model.CONTEXT_KEYS`` to tuples of non-empty texts; a missing key
            reads as empty, other keys are not exported.
        voorkeursterm: the preferred term; ``None`` means that it is the begrip itself.
        items: the examples.
        changed_at: when an editor last changed it, with a time zone.
    """

    id: str
    begrip: str
    definitie: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    voorkeursterm: str | None = None
    items: tuple[ExportItem, ...] = ()
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kader:
    """The vocabulary (begrippenkader) that the exported begrippen are published in.

    Attributes:
        naam: title of the vocabulary and of the Word document.
        basis: http(s) address under which its begrippen get their identifiers, without a closing
            slash; ``None`` gives ``urn:uuid:`` identifiers, which claim nobody's domain.

    Raises:
        ValueError: ``basis`` is not such an address.
    """

    naam: str = "Begrippen met voorbeelden"
    basis: str | None = None

    def __post_init__(self) -> None:
        if self.basis is not None:
            parts = urlsplit(self.basis)
            plain = not any(char.isspace() or char in '<>"{}|\\^`?#' for char in self.basis)
            if parts.scheme not in ("http", "https") or not parts.netloc or not plain:
                raise ValueError(f"not an http(s) address: {self.basis!r}")


DEFAULT_KADER: Final = Kader()


class ExportError(ValueError):
    """The data does not fit the format. The text is Dutch, for the editor: what, and what to do."""


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row of an imported table cannot be used; every text is Dutch.

    Attributes:
        row: as the spreadsheet numbers it, the header is row 1; ``None`` is the file as a whole.
        column: name of the column; ``None`` is the row as a whole.
        problem: what is wrong.
        advice: what the editor can do about it.
    """

    row: int | None
    column: str | None
    problem: str
    advice: str

    def __str__(self) -> str:
        places = []
        if self.row is not None:
            places.append(f"rij {self.row}")
        if self.column is not None:
            places.append(f"kolom {self.column}")
        place = ", ".join(places) or "bestand"
        return f"{place[0].upper()}{place[1:]}: {self.problem} {self.advice}"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a table gave.

    Attributes:
        begrippen: the whole ones, in the order of the table. A begrip with an error in any of its
            rows is left out, so that reading the corrected file later makes no doubles.
        errors: in the order of the table.
        notes: Dutch remarks that stop nothing, such as a column that is not used.
    """

    begrippen: tuple[ExportBegrip, ...]
    errors: tuple[RowError, ...]
    notes: tuple[str, ...] = ()
