"""What the store gives out: pure data, immutable, with times as aware UTC datetimes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from voorbeelden.model import ExampleType, OutcomeState, Subject, Tokens


class ItemStatus(StrEnum):
    """Where an item stands in the review."""

    VOORSTEL = "voorstel"
    GOEDGEKEURD = "goedgekeurd"
    AFGEWEZEN = "afgewezen"
    VERVANGEN = "vervangen"
    """No longer shown: another version, or a later proposal, took its place. Never deleted."""


class ActionKind(StrEnum):
    """What was done to a begrip; every kind can be undone."""

    GENERATIE = "generatie"
    GOEDGEKEURD = "goedgekeurd"
    AFGEWEZEN = "afgewezen"
    TERUGGEZET = "teruggezet"
    BEWERKT = "bewerkt"
    TOEGEVOEGD = "toegevoegd"
    VERPLAATST = "verplaatst"
    OPGEMERKT = "opgemerkt"
    HERSTELD = "hersteld"
    BEGRIP = "begrip"
    VOORKEURSTERM = "voorkeursterm"


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How far the review of one begrip is; superseded items do not count."""

    voorstel: int = 0
    goedgekeurd: int = 0
    afgewezen: int = 0

    @property
    def beoordeeld(self) -> int:
        return self.goedgekeurd + self.afgewezen

    @property
    def total(self) -> int:
        return self.voorstel + self.beoordeeld


@dataclass(frozen=True, slots=True)
class BegripRecord:
    """A begrip as it is now.

    Attributes:
        voorkeursterm: the begrip itself, or the text of an approved synonym.
        definition_number: which of ``Desk.definitions`` is the current one, from 1.
        version: counts changes of the begrip's own fields (not of its items).
        updated_at: the last change of the begrip or of any of its items.
    """

    id: str
    begrip: str
    definitie: str
    context: Mapping[str, tuple[str, ...]]
    voorkeursterm: str
    definition_number: int
    version: int
    counts: ReviewCounts
    created_by: str
    created_at: datetime
    updated_at: datetime

    @property
    def subject(self) -> Subject:
        return Subject(self.begrip, self.definitie, self.context)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An editor accepted a version of a definition.

    Attributes:
        reason: why, although rules were not met; else empty.
        against: ids of the rules that were not met.
    """

    reason: str
    against: tuple[str, ...]
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DefinitionRecord:
    """One version of what a begrip is about; versions are only added.

    Attributes:
        origin: how the text came to be, in the words of whoever kept it; empty: an editor's.
        accepted: the last time that it was accepted, if it ever was.
    """

    begrip_id: str
    number: int
    subject: Subject
    author: str
    created_at: datetime
    origin: str = ""
    accepted: Acceptance | None = None


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One version of one example; its text never changes.

    Attributes:
        generation_id: the generation that made it; ``None`` for what an editor wrote.
        position: sorts the items of one type; not necessarily whole or consecutive.
        touched: an editor has dealt with it, so a later generation leaves it alone.
        previous_id: the version before this one.
        author: who wrote it; the model's name for a generated item.
        changed_at: the last change of status, note, position or ``touched``.
    """

    id: str
    begrip_id: str
    generation_id: str | None
    type: ExampleType
    position: float
    text: str
    reden: str | None
    status: ItemStatus
    touched: bool
    previous_id: str | None
    note: str
    author: str
    created_at: datetime
    changed_at: datetime

    @property
    def visible(self) -> bool:
        return self.status is not ItemStatus.VERVANGEN

    @property
    def protected(self) -> bool:
        """Whether no later generation may take its place."""
        return self.touched or self.status in (ItemStatus.GOEDGEKEURD, ItemStatus.AFGEWEZEN)


@dataclass(frozen=True, slots=True)
class TypeRecord:
    """What became of one type of one generation; see ``voorbeelden.model.Outcome``."""

    type: ExampleType
    state: OutcomeState
    seconds: float
    first_item_seconds: float | None
    attempts: int
    tokens: Tokens | None
    failure_kind: str | None
    failure: str | None
    notes: tuple[str, ...]
    cached_at: datetime | None
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """One generation.

    Attributes:
        definition_number: the version of the definition it was made for.
        plan: the calls as they were planned: ``{"at_once": …, "calls": [{"name": …, …}]}``.
        replaces: the item that it was to find another text for, if it was only that.
        ended_at: ``None`` while it runs, and for ever when the process died under it.
        undone: an editor has undone it; its untouched items are superseded.
        types: the types that have ended, in reading order.
        items: what it made, superseded or not; empty unless one generation was asked for.
    """

    id: str
    begrip_id: str
    definition_number: int
    mode: str
    plan: Mapping[str, Any]
    model: str
    prompt_version: str
    job_id: str | None
    replaces: str | None
    author: str
    started_at: datetime
    ended_at: datetime | None
    undone: bool
    types: tuple[TypeRecord, ...]
    items: tuple[ItemRecord, ...] = ()


class Turn(StrEnum):
    """Whether a change was made, taken back, or made again."""

    GEDAAN = "gedaan"
    ONGEDAAN = "ongedaan"
    OPNIEUW = "opnieuw"


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One field that changed: who, when, from, to.

    ``old`` of a new item's status is ``None``; ``item_id`` is ``None`` for a field of the begrip
    itself. Generated items change on behalf of who asked for the generation.
    """

    item_id: str | None
    field: str
    old: Any
    new: Any
    turn: Turn
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """Who did what to a begrip, and when. ``changes`` is empty where only the heading is asked."""

    id: int
    begrip_id: str
    kind: ActionKind
    author: str
    at: datetime
    generation_id: str | None
    undone: bool
    changes: tuple[ChangeRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class BegripView:
    """Everything a page shows of one begrip.

    Attributes:
        items: what is visible, by type in reading order and then by position.
        generations: newest first, without their items.
        undo: what ``Desk.undo`` would take back now.
        redo: what ``Desk.redo`` would do again now.
    """

    begrip: BegripRecord
    items: tuple[ItemRecord, ...]
    generations: tuple[GenerationRecord, ...]
    undo: ActionRecord | None
    redo: ActionRecord | None

    def of_type(self, kind: ExampleType) -> tuple[ItemRecord, ...]:
        return tuple(item for item in self.items if item.type is kind)


@dataclass(frozen=True, slots=True)
class FullBegrip:
    """A begrip with its visible items, in reading order: what an export is made of."""

    begrip: BegripRecord
    items: tuple[ItemRecord, ...]


class Progress(StrEnum):
    """How far the review of a begrip is, to filter on."""

    LEEG = "leeg"
    """No items at all."""
    OPEN = "open"
    """Something is still to be judged."""
    KLAAR = "klaar"
    """Everything has been judged."""


class Order(StrEnum):
    """How found begrippen are sorted; with a text, the better match goes first either way."""

    BEGRIP = "begrip"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class Search:
    """A question to the history. Conditions add up; an empty one leaves everything in.

    Attributes:
        text: words that must all occur, anywhere in the begrip, its definitie or its visible
            items, also inside a word and whatever their case and diacritics. A text of nothing but
            words of one or two characters is looked for in the begrip only.
        status: there is at least one item of this status (not ``VERVANGEN``).
        context: pairs of a context key and a value that the begrip must all have.
        limit: rows a page, at most 200.
    """

    text: str = ""
    status: ItemStatus | None = None
    progress: Progress | None = None
    context: tuple[tuple[str, str], ...] = ()
    order: Order = Order.BEGRIP
    offset: int = 0
    limit: int = 25


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search found; ``total`` is all of it."""

    total: int
    offset: int
    begrippen: tuple[BegripRecord, ...]


@dataclass(frozen=True, slots=True)
class ContextValue:
    """A context that begrippen have, and how many have it."""

    kind: str
    value: str
    count: int
