"""Taking turns at drawing.

All script threads share one interpreter. Many pages drawn at the same time take no less CPU than
one after the other, and the loops that fetch the answers and send the pages wait for all: with
twenty editors pressing at once nothing was sent for sixteen seconds. One at a time, each is there
soon.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_PATIENCE: Final = 5.0
"""Seconds; then a page is drawn all the same, whatever keeps the others."""

_place: Final = threading.BoundedSemaphore(1)
_mine: Final = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """Waits until nobody else draws; a turn within a turn is the same one. Do nothing in it but
    draw: who waits for a database here keeps all others waiting."""
    if getattr(_mine, "held", False) or not _place.acquire(timeout=_PATIENCE):
        yield
        return
    _mine.held = True
    try:
        yield
    finally:
        _mine.held = False
        _place.release()
