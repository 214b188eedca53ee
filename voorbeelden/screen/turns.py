"""Taking turns at drawing.

All script threads share one interpreter. Many pages drawn at the same time take no less CPU than
one after the other, and the loops that fetch the answers and send the pages wait for all: with
twenty editors pressing at once nothing was sent for sixteen seconds. One at a time, each is there
soon; and what somebody waits for goes before what can come a moment later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_PATIENCE: Final = 5.0
"""Seconds; then something is drawn all the same, whatever keeps the others."""


class Turns:
    """One place, for whoever is ``first`` before the others."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._changed = threading.Condition()
        self._taken = False
        self._first_waiting = 0
        self._mine = threading.local()

    @contextmanager
    def turn(self, *, first: bool = False) -> Iterator[None]:
        """Waits until nobody else draws; a turn within a turn is the same one. Do nothing in it
        but draw: who waits for a database here keeps all others waiting."""
        if getattr(self._mine, "held", False) or not self._take(first=first):
            yield
            return
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _take(self, *, first: bool) -> bool:
        end = time.monotonic() + self._patience
        with self._changed:
            self._first_waiting += first
            try:
                while self._taken or (self._first_waiting and not first):
                    if not self._changed.wait(max(0.0, end - time.monotonic())):
                        return False
                self._taken = True
            finally:
                self._first_waiting -= first
                # Whoever waited for the last of the first ones has to look again.
                self._changed.notify_all()
            return True


turn: Final = Turns().turn
"""That of this process."""
