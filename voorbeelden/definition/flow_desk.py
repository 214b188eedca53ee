"""Definitions of the flow in the store, so that they outlive the process."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from voorbeelden.definition.flow_keeper import DefinitionVersion, Origin
from voorbeelden.store.desk import Desk

_KEPT_FLOWS: Final = 1000
"""Flows of which the last text is remembered."""

_EDITORS_OWN: Final = frozenset({Origin.OWN, Origin.ACCEPTED})


class DeskKeeper:
    """A ``DefinitionKeeper`` that makes the text the newest version of its begrip.

    An editor's own text and an accepted one always are. A draft or an improvement of the model's
    is kept when the begrip is new, has no definition yet, or has one that the same flow put there:
    it never takes the place of what somebody made before. The reason with which a text was
    accepted stays with the flow; the store has no place for it.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: OrderedDict[str, str] = OrderedDict()

    async def definition_ready(self, version: DefinitionVersion) -> None:
        """Raises what ``Desk`` raises. A write that has begun is finished, cancelled or not."""
        loop = asyncio.get_running_loop()
        await asyncio.shield(loop.run_in_executor(self._desk.threads, self._keep, version))

    def _keep(self, version: DefinitionVersion) -> None:
        subject = version.subject
        if version.origin not in _EDITORS_OWN:
            known = self._desk.find(subject)
            before = self._last.get(version.flow_id)
            if known is not None and known.definitie not in ("", before):
                return
        self._last[version.flow_id] = self._desk.take_in(subject, version.by).definitie
        if len(self._last) > _KEPT_FLOWS:
            self._last.popitem(last=False)
