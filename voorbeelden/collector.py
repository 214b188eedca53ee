"""Collects the items of one type, from one call or several, and gives the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from voorbeelden.messages import message_for, with_rest
from voorbeelden.model import (
    ExampleType,
    Failure,
    FailureKind,
    Item,
    Outcome,
    OutcomeState,
    Tokens,
)
from voorbeelden.tidy import likeness, one_line

MAY_BE_FEWER: Final = frozenset({ExampleType.SYNONIEMEN, ExampleType.ANTONIEMEN})
"""Types for which fewer items, even none, can be the honest answer."""


class TypeCollector:
    """What is known of one type so far. Times count from the generation's start."""

    def __init__(
        self, kind: ExampleType, wanted: int, *, calls: int, present: Iterable[str] = ()
    ) -> None:
        """``present`` are texts that are there already and may not come back."""
        self._kind = kind
        self._present = frozenset(map(likeness, present))
        self._wanted = wanted
        self._calls_open = calls
        self._rows: list[tuple[str, Item]] = []
        self._draft: tuple[str, ...] = ()
        self._best: dict[str, list[tuple[str, Item]]] = {}
        self._failure: Failure | None = None
        self._attempts = 0
        self._tokens: Tokens | None = None
        self._notes: dict[str, None] = {}
        self._started: float | None = None
        self._first_item: float | None = None
        self._cached_at: float | None = None

    def start(self, at: float) -> bool:
        """A request left; true for the first one of this type."""
        if self._started is not None:
            return False
        self._started = at
        return True

    def take(self, call: str, item: Item, at: float) -> Item | None:
        """Keeps a usable item, tidied; ``None`` for an empty one, a double and one too many."""
        tidy = Item(one_line(item.text), one_line(item.reden) if item.reden is not None else None)
        known = self._present | {likeness(row.text) for _, row in self._rows}
        if not tidy.text or likeness(tidy.text) in known or len(self._rows) >= self._wanted:
            return None
        self._rows.append((call, tidy))
        if self._first_item is None:
            self._first_item = at
        return tidy

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for _, item in self._rows)

    @property
    def draft(self) -> tuple[str, ...]:
        """What broken attempts had brought."""
        return self._draft

    def of(self, call: str) -> tuple[Item, ...]:
        """The items that ``call`` brought, in order."""
        return tuple(item for name, item in self._rows if name == call)

    def missing(self, call: str, wanted: int) -> int:
        """How many of the ``wanted`` items ``call`` still owes; 0 if fewer is an honest answer."""
        return 0 if self._kind in MAY_BE_FEWER else max(0, wanted - len(self.of(call)))

    def withdraw(self, call: str, *, after: int = 0) -> None:
        """Makes the items of a broken attempt a draft: those behind the first ``after`` of the
        call, which an earlier attempt brought. ``bring_back`` takes them back."""
        kept = [row for row in self._rows if row[0] == call]
        lost = tuple(str(item) for _, item in kept[after:])
        gone = set(map(id, kept[after:]))
        self._rows = [row for row in self._rows if id(row) not in gone]
        self._draft = lost or self._draft
        if len(kept) > len(self._best.get(call, ())):
            self._best[call] = kept

    def bring_back(self, call: str) -> None:
        """Of a call that failed, the most that an attempt had brought, if the last brought less."""
        others = [row for row in self._rows if row[0] != call]
        known = self._present | {likeness(item.text) for _, item in others}
        best = [row for row in self._best.get(call, ()) if likeness(row[1].text) not in known]
        best = best[: self._wanted - len(others)]
        if len(best) > len(self._rows) - len(others):
            self._rows = others + best

    def fail(self, failure: Failure) -> None:
        """Something failed for this type; the first failure is the one that is told."""
        self._failure = self._failure or failure

    def note(self, notes: Iterable[str]) -> None:
        self._notes.update(dict.fromkeys(notes))

    def from_cache(self, made_at: float) -> None:
        self._cached_at = made_at

    def call_ended(self, failure: Failure | None, attempts: int, tokens: Tokens | None) -> bool:
        """One of this type's calls ended; true when it was the last one."""
        self._calls_open -= 1
        self._attempts += attempts
        if failure is not None:
            self.fail(failure)
        if tokens is not None:
            self._tokens = tokens if self._tokens is None else self._tokens + tokens
        return self._calls_open == 0

    def outcome(self, at: float, *, cancelled: bool) -> Outcome:
        """The verdict, ``at`` seconds after the generation's start."""
        started = at if self._started is None else self._started
        failure = None if cancelled else self._failure or self._shortage()
        state = self._state(failure, cancelled=cancelled)
        draft = () if state is OutcomeState.DONE or self._rows else self._draft
        if failure is not None:
            failure = with_rest(failure, len(self._rows), self._wanted, len(draft))
        return Outcome(
            example_type=self._kind,
            state=state,
            items=self.items,
            failure=failure,
            attempts=self._attempts,
            seconds=at - started,
            first_item_seconds=None if self._first_item is None else self._first_item - started,
            tokens=self._tokens,
            notes=tuple(self._notes),
            draft=draft,
            cached_at=self._cached_at,
        )

    def _state(self, failure: Failure | None, *, cancelled: bool) -> OutcomeState:
        if cancelled:
            return OutcomeState.CANCELLED
        if failure is None:
            return OutcomeState.DONE
        return OutcomeState.PARTIAL if self._rows else OutcomeState.FAILED

    def shortage(self) -> str:
        """``2 van 3``: what arrived of what was asked."""
        return f"{len(self._rows)} van {self._wanted}"

    def _shortage(self) -> Failure | None:
        if self._kind in MAY_BE_FEWER or len(self._rows) >= self._wanted:
            return None
        kind = FailureKind.UNUSABLE
        return Failure(kind, message_for(kind, detail=self.shortage()))
