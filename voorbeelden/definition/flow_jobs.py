"""Flows by id, for pages: start, look, stop, accept. What runs, runs on the host's loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from voorbeelden.definition.checks import check_definition, warm_up
from voorbeelden.definition.flow_job import FlowHost, FlowJob, FlowSnapshot
from voorbeelden.definition.flow_keeper import (
    NOT_KEPT,
    DefinitionKeeper,
    DefinitionVersion,
    MemoryKeeper,
    Origin,
)
from voorbeelden.definition.flow_model import DefinitionRequest
from voorbeelden.definition.model import RuleKind
from voorbeelden.failures import internal_failure
from voorbeelden.hooks import Part, keeping_failed
from voorbeelden.intake import UnusableRequest, read
from voorbeelden.model import Subject
from voorbeelden.store.errors import StoreError
from voorbeelden.tidy import tidy

if TYPE_CHECKING:
    from voorbeelden.keeping import Keep

EXAMPLES_NOT_KEPT: Final = (
    "De voorbeelden konden niet worden bewaard: de database is niet bereikbaar. Kopieer wat u niet "
    "kwijt wilt."
)

_ACCEPT_SECONDS: Final = 3.0
"""How long an editor waits to hear whether an accepted text is kept."""

_KEPT_FLOWS: Final = 500
"""Finished flows that stay readable; an older one is forgotten."""


class ReasonNeeded(ValueError):
    """A fact stands against the text, so accepting it takes a reason."""


class Flows:
    """Every flow of this process. Every method may be called from any thread."""

    def __init__(self, host: FlowHost, keeper: DefinitionKeeper | None = None) -> None:
        """``keeper`` keeps the definitions for longer than this process lives."""
        self._host = host
        self._kept = MemoryKeeper(keeper)
        self._flows: OrderedDict[str, FlowJob] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._others: set[asyncio.Task[None]] = set()
        self._lock = threading.Lock()

    def start(
        self,
        request: DefinitionRequest,
        *,
        owner: str = "",
        follows: str = "",
        by: str = "",
    ) -> str:
        """Starts a flow and returns its id.

        The same request of the same owner joins the flow that is running already. ``follows`` is
        the flow of which this one continues the versions; if it runs still, for the same owner and
        with another text, it is stopped. ``by`` is the editor's name.

        Raises:
            UnusableRequest: the input is empty or too long.
        """
        subject, problems = read(
            request.begrip, request.definitie, request.context, definitie_needed=False
        )
        if problems:
            raise UnusableRequest(problems)
        key = _key(owner, request, subject)
        with self._lock:
            for known in self._flows.values():
                if known.running and known.key == key:
                    return known.flow_id
            flow = FlowJob(uuid.uuid4().hex, key, request, subject, self._host, owner=owner, by=by)
            self._flows[flow.flow_id] = flow
            self._kept.begin_with(flow.flow_id, self._kept.versions(follows))
            self._forget_old()
        self._host.on_loop(self._create_task, flow)
        before = self._flows.get(follows)
        if before is not None and before.running and before.owner == owner:
            self._host.on_loop(self._overtake, before, flow)
        return flow.flow_id

    def snapshot(self, flow_id: str) -> FlowSnapshot | None:
        """The flow as it is now, or ``None`` when it is not known (any more)."""
        flow = self._flows.get(flow_id)
        return None if flow is None else flow.snapshot(self._kept.versions(flow_id))

    def cancel(self, flow_id: str) -> None:
        """Stops what is running of a flow; what had arrived stays."""
        self._host.on_loop(self._cancel, flow_id)

    def accept(
        self, flow_id: str, text: str, reason: str = "", *, by: str = ""
    ) -> DefinitionVersion:
        """Keeps ``text`` as the definition that an editor accepts; ``by`` is the editor's name.

        Raises:
            KeyError: the flow is not known (any more).
            ReasonNeeded: a fact stands against the text and ``reason`` is empty.
            UnusableRequest: the text is empty or too long.
        """
        flow = self._flows[flow_id]
        context = {key: list(values) for key, values in flow.subject.context.items()}
        subject, problems = read(flow.subject.begrip, text, context)
        if problems:
            raise UnusableRequest(problems)
        found = check_definition(subject.begrip, subject.definitie, subject.context)
        against = tuple(one.rule_id for one in found if one.kind is RuleKind.D)
        if against and not reason.strip():
            raise ReasonNeeded(", ".join(against))
        kept = reason.strip() if against else ""
        version = DefinitionVersion(flow_id, subject, Origin.ACCEPTED, kept, against, by)
        self._kept.add(version)
        keeping = self._host.submit(self._hand_on(flow, version))
        # The editor sees whether it is kept; a database that does not answer is not waited for.
        concurrent.futures.wait([keeping], _ACCEPT_SECONDS)
        return version

    def edit(self, flow_id: str, text: str) -> None:
        """Remembers what an editor made of the text, as long as the flow is known."""
        if (flow := self._flows.get(flow_id)) is not None:
            flow.edited = text

    def set_aside(self, flow_id: str, text: str, *, by: str = "") -> None:
        """Remembers ``text``, which another one takes the place of; unless it is a version."""
        flow, text = self._flows.get(flow_id), tidy(text)
        known = {one.subject.definitie for one in self._kept.versions(flow_id)}
        if flow is not None and text and text not in known:
            subject = replace(flow.subject, definitie=text)
            self._kept.add(DefinitionVersion(flow_id, subject, Origin.SET_ASIDE, by=by))

    def warm_up(self) -> None:
        """Loads the rules and the dictionary in the background, before a page needs them."""
        self._host.on_loop(self._spawn, lambda: asyncio.to_thread(warm_up))

    # On the loop.

    def _create_task(self, flow: FlowJob) -> None:
        task = asyncio.get_running_loop().create_task(self._run(flow), name=f"flow-{flow.flow_id}")
        self._tasks[flow.flow_id] = task
        task.add_done_callback(lambda done: self._task_done(flow, done))

    def _overtake(self, before: FlowJob, flow: FlowJob) -> None:
        """Nobody waits any more for examples of a text that became another one."""
        if before.running and not before.is_about(flow.subject):
            before.overtaken_by = flow
            self._cancel(before.flow_id)

    async def _run(self, flow: FlowJob) -> None:
        # Imported late: it brings the SDK, which the bridge imports in the background.
        runtime = await self._host.runtime()
        from voorbeelden.definition.orchestrator import DefinitionOrchestratorV2

        orchestrator = DefinitionOrchestratorV2(runtime, self._kept)
        await orchestrator.create_definition(
            flow.request, flow.apply, flow_id=flow.flow_id, by=flow.by
        )

    def _task_done(self, flow: FlowJob, task: asyncio.Task[None]) -> None:
        del self._tasks[flow.flow_id]
        failure = None
        if not task.cancelled() and (error := task.exception()) is not None:
            failure = internal_failure(error, flow=flow.flow_id)
        flow.end(failure, stopped=task.cancelled())
        flow.pass_on_cost()

    def _cancel(self, flow_id: str) -> None:
        if (task := self._tasks.get(flow_id)) is not None:
            task.cancel()

    async def _hand_on(self, flow: FlowJob, version: DefinitionVersion) -> None:
        """Keeps what an editor accepted, and the examples made from it if they are not yet."""
        try:
            keep = await self._kept.hand_on(version)
        except Exception as error:  # noqa: BLE001  whatever a store raises, the text is there
            self._host.tell(keeping_failed(Part.DEFINITION, flow.flow_id, error))
            flow.noted(NOT_KEPT)
            return
        flow.kept(keep)
        if keep is not None and flow.unkept_examples(version.subject.definitie) is not None:
            self._spawn(lambda: self._keep_examples(flow, version, keep))

    async def _keep_examples(self, flow: FlowJob, version: DefinitionVersion, keep: Keep) -> None:
        if (task := self._tasks.get(flow.flow_id)) is not None:
            await asyncio.wait([task])
        # Another text may have replaced the one they were made from.
        job = flow.unkept_examples(version.subject.definitie)
        if job is None:
            return
        from voorbeelden.keeping import keep_outcomes

        runtime = await self._host.runtime()
        plan = runtime.plan(job.mode, job.wanted)
        outcomes = [lane.outcome for lane in job.snapshot().lanes if lane.outcome is not None]
        job.begrip_id = keep.begrip_id
        try:
            await keep_outcomes(runtime.settings, plan, outcomes, keep, job_id=job.job_id)
        except StoreError as error:
            self._host.tell(keeping_failed(Part.EXAMPLES, flow.flow_id, error))
            job.begrip_id = ""
            flow.noted(EXAMPLES_NOT_KEPT)

    def _spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.get_running_loop().create_task(_logged(work()))
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    def _forget_old(self) -> None:
        finished = [flow_id for flow_id, flow in self._flows.items() if not flow.running]
        for flow_id in finished[: max(0, len(self._flows) - _KEPT_FLOWS)]:
            del self._flows[flow_id]
            self._kept.forget(flow_id)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001  nobody awaits it: the log is who hears of it
        internal_failure(error)


def _key(owner: str, request: DefinitionRequest, subject: Subject) -> str:
    """The same text for the same request of the same owner."""
    parts = [
        owner,
        subject.begrip,
        subject.definitie,
        {key: list(values) for key, values in subject.context.items()},
        {kind.value: count for kind, count in request.wanted.items()},
        request.order.value,
        request.fresh,
    ]
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()
