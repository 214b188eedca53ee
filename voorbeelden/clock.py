"""The clock of the editors: Dutch time, also where the server keeps another."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_EDITORS: Final = ZoneInfo("Europe/Amsterdam")

Moment = datetime | float
"""An aware datetime, or seconds since the epoch."""


def local(at: Moment) -> datetime:
    """``at`` as the editors' clock has it."""
    return (
        at.astimezone(_EDITORS)
        if isinstance(at, datetime)
        else datetime.fromtimestamp(at, _EDITORS)
    )


def moment(at: Moment, between: str = " ") -> str:
    """``23-11-2026 14:30``, with what stands between the day and the time."""
    return f"{local(at):%d-%m-%Y}{between}{clock_time(at)}"


def clock_time(at: Moment) -> str:
    """``14:30``."""
    return f"{local(at):%H:%M}"
