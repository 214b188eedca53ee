"""What the model in use really does: tokens an item and seconds a call, learned as it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final

from voorbeelden.model import ExampleType, OutcomeState, Result
from voorbeelden.strategies import TYPICAL_TOKENS, Wanted

_WEIGHT: Final = 0.2
"""Of a new observation against everything before it."""

_WINDOW: Final = 200
_ENOUGH: Final = 20
"""Calls for the same before their percentile means anything."""


class Expectation:
    """One a process and model. Starts from ``TYPICAL_TOKENS``."""

    def __init__(self) -> None:
        self._tokens = dict(TYPICAL_TOKENS)
        self._seconds: dict[tuple[tuple[ExampleType, int], ...], deque[float]] = {}

    @property
    def tokens(self) -> Mapping[ExampleType, float]:
        """Completion tokens an item."""
        return self._tokens

    def learn(self, result: Result) -> None:
        """Takes in the whole outcomes of a generation whose types had calls of their own, each of
        which was answered at once: what broken attempts cost says nothing of an item."""
        shared = {
            kind
            for call in result.calls
            if len(call.types) > 1 or not call.counted
            for kind in call.types
        }
        for kind, outcome in result.outcomes.items():
            whole = outcome.state is OutcomeState.DONE and outcome.cached_at is None
            if whole and outcome.items and outcome.tokens and kind not in shared:
                seen = outcome.tokens.completion / len(outcome.items)
                self._tokens[kind] += _WEIGHT * (seen - self._tokens[kind])

    def took(self, wanted: Wanted, seconds: float) -> None:
        """A call for ``wanted`` succeeded after this long."""
        self._seconds.setdefault(tuple(wanted.items()), deque(maxlen=_WINDOW)).append(seconds)

    def percentile(self, wanted: Wanted, share: float) -> float | None:
        """The seconds within which ``share`` of the calls for as many items of the same types
        ended; where there were too few of these, of calls for more. ``None`` until enough did."""
        seen = [
            (sum(counts.values()), seconds)
            for counts, seconds in ((dict(key), found) for key, found in self._seconds.items())
            if len(seconds) >= _ENOUGH
            and counts.keys() == wanted.keys()
            and all(counts[kind] >= count for kind, count in wanted.items())
        ]
        if not seen:
            return None
        ordered = sorted(min(seen, key=lambda one: one[0])[1])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
