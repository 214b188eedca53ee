"""From begrip to definition to examples, in the time of the longest chain.

The order of things, and what each waits for::

    sanitise → draft ─┬→ validation ──────────┬→ (another text? then the examples once more)
                      └→ examples, six at once ┘

The draft is kept and shown before anything else happens with it. Whatever becomes of one phase,
the results of the others are whole: a failure is data in the result, and only cancelling raises.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable

from voorbeelden.definition.flow_call import FlowRuntime
from voorbeelden.definition.flow_keeper import DefinitionKeeper
from voorbeelden.definition.flow_model import DefinitionRequest, FlowEvent, FlowResult
from voorbeelden.definition.flow_run import FlowRun
from voorbeelden.intake import UnusableRequest

__all__ = ["DefinitionOrchestratorV2", "UnusableRequest"]

log = logging.getLogger(__name__)

Emit = Callable[[FlowEvent], None]
"""Takes an event on the loop; must not block and must not raise."""


class DefinitionOrchestratorV2:
    """Makes definitions with their examples. Lives on the loop that its runtime lives on."""

    def __init__(self, runtime: FlowRuntime, keeper: DefinitionKeeper | None = None) -> None:
        """``keeper`` keeps each definition as soon as there is one; without it nothing is kept."""
        self._runtime = runtime
        self._keeper = keeper

    async def create_definition(
        self,
        request: DefinitionRequest,
        emit: Emit | None = None,
        *,
        flow_id: str = "",
        by: str = "",
    ) -> FlowResult:
        """The whole flow. ``emit`` is told of everything on the way; ``by`` is the editor's name.

        Cancelling it ends the phases that run, emits what became of them, and re-raises.

        Raises:
            UnusableRequest: the input is empty or too long; nothing was asked of the model.
        """
        run = FlowRun(self._runtime, self._keeper, request, emit or _ignore, flow_id=flow_id, by=by)
        try:
            result = await run.run()
        finally:
            log.info("flow ended id=%s %s", flow_id, run.in_short())
        return result

    async def stream(
        self, request: DefinitionRequest, *, flow_id: str = "", by: str = ""
    ) -> AsyncGenerator[FlowEvent, None]:
        """The events of the flow as they come; the last one is ``FlowEnded``, with the result.

        Leaving the iterator early cancels the flow.

        Raises:
            UnusableRequest: see ``create_definition``.
        """
        events: asyncio.Queue[FlowEvent | None] = asyncio.Queue()
        task = asyncio.create_task(
            self.create_definition(request, events.put_nowait, flow_id=flow_id, by=by)
        )
        task.add_done_callback(lambda _: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
            task.result()
        finally:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                # Raised above already, unless nobody listens any more.
                task.exception()


def _ignore(_: FlowEvent) -> None:
    """Nobody listens: the result is enough."""
