"""Taking turns at drawing a whole page.

All script threads share one interpreter. Fifty pages drawn at the same time are all slow, and what
they wait for, the loops that fetch the answers and send the pages, gets one turn in fifty. Drawn a
few at a time they take as long together, and the first ones are there soon.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

AT_ONCE: Final = 2
_PATIENCE: Final = 5.0
"""Seconds; then a page is drawn all the same, whatever keeps the others."""

_places: Final = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Waits for a place. Do nothing in it but draw: who waits for a database here keeps others."""
    mine = _places.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if mine:
            _places.release()
