"""Collects the items of one type, from one call or several, and gives the verdict."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from voorbeelden.messages import message_for
from voorbeelden.model import (
    ExampleType,
    Failure,
    FailureKind,
    Item,
    Outcome,
    OutcomeState,
    Tokens,
)

MAY_BE_FEWER: Final = frozenset({ExampleType.SYNONIEMEN, ExampleType.ANTONIEMEN})
"""Types for which fewer items, even none, can be the honest answer."""

_SPACE = re.compile(r"\s+")
_VISIBLE: Final = {"Cc": " ", "Cf": "", "Cs": ""}


class TypeCollector:
    """What is known of one type so far. Times count from the generation's start."""

    def __init__(self, kind: ExampleType, wanted: int, *, calls: int) -> None:
        self._kind = kind
        self._wanted = wanted
        self._calls_open = calls
        self._items: list[Item] = []
        self._keys: set[str] = set()
        self._failure: Failure | None = None
        self._attempts = 0
        self._tokens: Tokens | None = None
        self._notes: dict[str, None] = {}
        self._started: float | None = None
        self._first_item: float | None = None

    def start(self, at: float) -> bool:
        """A request left; true for the first one of this type."""
        if self._started is not None:
            return False
        self._started = at
        return True

    def take(self, item: Item, at: float) -> Item | None:
        """Keeps a usable item, tidied; ``None`` for an empty one, a double and one too many."""
        tidy = Item(_tidy(item.text), _tidy(item.reden) if item.reden is not None else None)
        key = tidy.text.casefold()
        if not key or key in self._keys or len(self._items) >= self._wanted:
            return None
        self._keys.add(key)
        self._items.append(tidy)
        if self._first_item is None:
            self._first_item = at
        return tidy

    def note(self, notes: tuple[str, ...]) -> None:
        self._notes.update(dict.fromkeys(notes))

    def call_ended(self, failure: Failure | None, attempts: int, tokens: Tokens | None) -> bool:
        """One of this type's calls ended; true when it was the last one."""
        self._calls_open -= 1
        self._attempts += attempts
        self._failure = self._failure or failure
        if tokens is not None:
            self._tokens = tokens if self._tokens is None else self._tokens + tokens
        return self._calls_open == 0

    def outcome(self, at: float, *, cancelled: bool) -> Outcome:
        """The verdict, ``at`` seconds after the generation's start."""
        started = at if self._started is None else self._started
        failure = None if cancelled else self._failure or self._shortage()
        return Outcome(
            example_type=self._kind,
            state=self._state(failure, cancelled=cancelled),
            items=tuple(self._items),
            failure=failure,
            attempts=self._attempts,
            seconds=at - started,
            first_item_seconds=None if self._first_item is None else self._first_item - started,
            tokens=self._tokens,
            notes=tuple(self._notes),
        )

    def _state(self, failure: Failure | None, *, cancelled: bool) -> OutcomeState:
        if cancelled:
            return OutcomeState.CANCELLED
        if failure is None:
            return OutcomeState.DONE
        return OutcomeState.PARTIAL if self._items else OutcomeState.FAILED

    def _shortage(self) -> Failure | None:
        if len(self._items) >= self._wanted or self._kind in MAY_BE_FEWER:
            return None
        kind = FailureKind.UNUSABLE
        message = message_for(kind, detail=f"{len(self._items)} van {self._wanted}")
        return Failure(kind, message)


def _tidy(text: str) -> str:
    """One line of NFC text without control or invisible format characters (bidi overrides among
    them): what the reader sees is what is kept."""
    if not text.isprintable():
        text = "".join(_VISIBLE.get(unicodedata.category(char), char) for char in text)
    # After the above: a letter and its accent may only now stand side by side.
    text = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", text).strip()
