"""Dutch time on every machine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voorbeelden.clock import clock_time, moment


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "24-11-2026 00:30"),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "01-07-2026 14:00"),
        (1_700_000_000.0, "14-11-2023 23:13"),
    ],
)
def test_a_moment_is_shown_on_the_clock_of_the_editors(at: datetime | float, shown: str) -> None:
    """In winter and in summer, from a datetime and from seconds, whatever the machine has."""
    assert moment(at) == shown
    assert moment(at, " om ") == shown.replace(" ", " om ")
    assert clock_time(at) == shown[-5:]
