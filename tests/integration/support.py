"""What the integration tests share: one demo server, seen as many providers."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voorbeelden.demo.process import DemoProcess
from voorbeelden.model import ExampleType, Subject
from voorbeelden.settings import Settings

SUBJECT = Subject.from_dict(
    "verdachte",
    "Degene te wiens aanzien uit feiten of omstandigheden een redelijk vermoeden van schuld "
    "aan enig strafbaar feit voortvloeit.",
    {"organisatorisch": ["OM"], "juridisch": ["strafrecht"], "wettelijk": ["Sv"]},
)
SIX = tuple(ExampleType)


@dataclass(frozen=True, slots=True)
class Provider:
    """The demo server behaving as one spec that no other test uses, with counters of its own."""

    demo: DemoProcess
    spec: str

    @classmethod
    def behaving(cls, demo: DemoProcess, spec: str) -> Provider:
        return cls(demo, f"{spec};run={uuid.uuid4().hex}")

    @property
    def base_url(self) -> str:
        return self.demo.url_for(self.spec)

    def stats(self) -> dict[str, Any]:
        """Counters of this spec; ``connections_*`` are the whole server's, this call's included."""
        return self.demo.stats(self.spec)

    def settings(self, **changes: Any) -> Settings:
        """Settings that lead to this provider."""
        return Settings(**{"api_key": "sleutel", "base_url": self.base_url, **changes})


def wait_until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Returns as soon as ``true()`` holds; fails the test when it never does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """``wait_until`` for a test that runs on a loop."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)
