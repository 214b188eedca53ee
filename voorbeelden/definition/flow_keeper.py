"""Where the definition goes as soon as there is one, before any example: who keeps it, and what."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from voorbeelden.model import Subject

if TYPE_CHECKING:
    from voorbeelden.keeping import Keep

NOT_KEPT: Final = (
    "De definitie kon niet worden bewaard, en voorbeelden die erbij horen ook niet: de database is "
    "niet bereikbaar. Kopieer wat u niet kwijt wilt."
)
"""What an editor reads when keeping failed."""


class Origin(StrEnum):
    """How a version of a definition came to be."""

    DRAFT = "draft"
    """The model drafted it."""
    OWN = "own"
    """An editor wrote it."""
    IMPROVED = "improved"
    """The model's improvement took the place of the draft."""
    ACCEPTED = "accepted"
    """An editor accepted it."""
    SET_ASIDE = "set-aside"
    """An editor was at work on it, and another text took its place; kept by nobody but memory."""


@dataclass(frozen=True, slots=True)
class DefinitionVersion:
    """One version of one definition.

    Attributes:
        flow_id: the flow it came from.
        subject: begrip and context, with the text.
        reason: why it was accepted although a fact stands against it; else empty.
        against: ids of the rules that were not met when it was accepted.
        by: the editor's name, where there is one.
        made_at: wall-clock seconds since the epoch.
    """

    flow_id: str
    subject: Subject
    origin: Origin
    reason: str = ""
    against: tuple[str, ...] = ()
    by: str = ""
    made_at: float = field(default_factory=time.time)


class NotKept(Exception):
    """A version is not kept, for a good reason: the message says which, in Dutch."""


class DefinitionKeeper(Protocol):
    """Keeps versions. May raise anything: the flow goes on and says that nothing was kept."""

    async def definition_ready(self, version: DefinitionVersion) -> Keep | None:
        """Returns when ``version`` is kept: where the examples made from it are to be kept too,
        or ``None`` when nobody keeps examples."""
        ...


class MemoryKeeper:
    """Keeps versions while the process lives, and hands them on. May be read from any thread."""

    def __init__(self, then: DefinitionKeeper | None = None) -> None:
        """``then`` gets every version as well."""
        self._then = then
        self._versions: dict[str, tuple[DefinitionVersion, ...]] = {}
        self._lock = threading.Lock()

    async def definition_ready(self, version: DefinitionVersion) -> Keep | None:
        self.add(version)
        return await self.hand_on(version)

    async def hand_on(self, version: DefinitionVersion) -> Keep | None:
        """Gives ``version`` to the next keeper, if there is one."""
        return None if self._then is None else await self._then.definition_ready(version)

    def add(self, version: DefinitionVersion) -> None:
        with self._lock:
            known = self._versions.get(version.flow_id, ())
            self._versions[version.flow_id] = (*known, version)

    def versions(self, flow_id: str) -> tuple[DefinitionVersion, ...]:
        """The versions of a flow, oldest first."""
        return self._versions.get(flow_id, ())

    def begin_with(self, flow_id: str, versions: tuple[DefinitionVersion, ...]) -> None:
        """A flow that goes on where another one ended has its versions too."""
        with self._lock:
            self._versions[flow_id] = versions

    def forget(self, flow_id: str) -> None:
        with self._lock:
            self._versions.pop(flow_id, None)
