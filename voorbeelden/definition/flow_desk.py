"""Definitions of the flow in the store, and where the examples made from them are kept."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Final

from voorbeelden.definition.flow_keeper import DefinitionVersion, NotKept, Origin
from voorbeelden.keeping import Keep
from voorbeelden.store.desk import Desk
from voorbeelden.store.records import BegripRecord

_OF_MODEL: Final = frozenset({Origin.DRAFT, Origin.IMPROVED})

TAKEN: Final = (
    "Dit begrip heeft al een definitie van een redacteur. Deze tekst en zijn voorbeelden worden "
    "bewaard zodra u de tekst vaststelt."
)


class DeskKeeper:
    """A ``DefinitionKeeper`` that makes the text the newest version of its begrip.

    An editor's own text and an accepted one always are. A draft or an improvement of the model's
    takes the place of such a text of the model's only, and not once somebody accepted that.
    """

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        """``open_desk`` may block and raises what ``Desk`` raises."""
        self._open = open_desk

    async def definition_ready(self, version: DefinitionVersion) -> Keep:
        """A write that has begun is finished, cancelled or not.

        Raises:
            NotKept: an editor's definition stands there.
            StoreError: the store could not keep it.
        """
        desk = await asyncio.to_thread(self._open)
        loop = asyncio.get_running_loop()
        begrip = await asyncio.shield(loop.run_in_executor(desk.threads, self._keep, desk, version))
        return Keep(
            desk,
            begrip.id,
            version.by,
            generation_id=uuid.uuid4().hex,
            definition_number=begrip.definition_number,
        )

    def _keep(self, desk: Desk, version: DefinitionVersion) -> BegripRecord:
        subject, by, origin = version.subject, version.by, version.origin
        if origin is Origin.ACCEPTED:
            return desk.accept_definition(
                subject, by, origin=origin, reason=version.reason, against=version.against
            )
        if origin is Origin.OWN:
            return desk.take_in(subject, by, origin=origin)
        begrip = desk.offer_definition(subject, by, origin=origin, over=_OF_MODEL)
        if begrip is None:
            raise NotKept(TAKEN)
        return begrip
