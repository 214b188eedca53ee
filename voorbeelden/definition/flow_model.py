"""Pure data of the flow from begrip to definition to examples: request, events, result.

Times (``at``, ``start``, ``end``, ``seconds``) are seconds since the flow's start, on one
monotonic clock, unless a docstring says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voorbeelden.definition.model import RuleFinding
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    ExampleType,
    Failure,
    FailureKind,
    Result,
    Subject,
    Tokens,
)


class Phase(StrEnum):
    """The phases of the flow, in reading order."""

    SANITISE = "sanitise"
    DRAFT = "draft"
    VALIDATION = "validation"
    EXAMPLES = "examples"


class FlowOrder(StrEnum):
    """What waits for what. The first is how the flow works; the others are there to be measured."""

    BESIDE = "beside"
    """Examples start with the text of the draft, beside its validation."""
    STAGED = "staged"
    """Draft, then validation, then the six types at once."""
    IN_A_ROW = "in-a-row"
    """Every call after the one before it."""


@dataclass(frozen=True, slots=True)
class DefinitionRequest:
    """What an editor asks.

    Attributes:
        definitie: a text of the editor's own; then nothing is drafted, and an improvement is
            proposed but never put in its place.
        wanted: how many examples of each type; empty: none at all.
        fresh: pass the cache of examples by.
    """

    begrip: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    definitie: str | None = None
    wanted: Mapping[ExampleType, int] = field(default_factory=lambda: DEFAULT_EXAMPLE_COUNTS)
    order: FlowOrder = FlowOrder.BESIDE
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one A rule."""

    rule_id: str
    satisfied: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Judgements:
    """The model's answer about one text.

    Attributes:
        text: the definition it is about.
        unjudged: rules that were asked and not answered.
        improvement: the whole text in better words, if the model gave one that differs.
    """

    text: str
    judged: tuple[Judgement, ...]
    unjudged: tuple[str, ...] = ()
    improvement: str | None = None

    @property
    def failed(self) -> tuple[Judgement, ...]:
        return tuple(one for one in self.judged if not one.satisfied)


@dataclass(frozen=True, slots=True)
class Cost:
    """What calls cost: HTTP requests made, and tokens.

    Tokens are the provider's count; of a call that was broken off they are our estimate, since
    only a whole answer says how many they were. ``None``: the provider did not say.
    """

    calls: int = 0
    tokens: Tokens | None = None

    def __add__(self, other: Cost) -> Cost:
        tokens = [one for one in (self.tokens, other.tokens) if one is not None]
        return Cost(self.calls + other.calls, sum(tokens[1:], tokens[0]) if tokens else None)


@dataclass(frozen=True, slots=True)
class PhaseTiming:
    """``end`` of ``None``: it runs still."""

    phase: Phase
    start: float
    end: float | None = None


@dataclass(frozen=True, slots=True)
class CallTiming:
    """One call as a bar: ``name`` is a phase or a type of examples.

    ``run`` counts the runs of the examples from 1; a ``discarded`` one was overtaken by a new
    text.
    """

    name: str
    phase: Phase
    start: float
    end: float | None = None
    run: int = 1
    discarded: bool = False


@dataclass(frozen=True, slots=True)
class FlowTimings:
    """Start and end of every phase and call, up to ``seconds``."""

    phases: tuple[PhaseTiming, ...]
    calls: tuple[CallTiming, ...]
    seconds: float

    def phase(self, phase: Phase) -> PhaseTiming | None:
        return next((one for one in self.phases if one.phase is phase), None)

    @property
    def in_a_row(self) -> float:
        """The sum of the calls that count: what they would take one after the other."""
        return sum(self._length(call) for call in self.calls if not call.discarded)

    @property
    def staged(self) -> float:
        """Draft, then validation, then the longest type: what phases after each other would
        take."""
        kept = [call for call in self.calls if not call.discarded]
        examples = [self._length(call) for call in kept if call.phase is Phase.EXAMPLES]
        others = [self._length(call) for call in kept if call.phase is not Phase.EXAMPLES]
        return sum(others) + max(examples, default=0.0)

    def _length(self, call: CallTiming) -> float:
        return (self.seconds if call.end is None else call.end) - call.start


@dataclass(frozen=True, slots=True)
class FlowResult:
    """What came of a request; each part stands on its own.

    Attributes:
        subject: the sanitised input, with the final text as its definition (empty if there is
            none).
        draft: the text as it was drafted, or the editor's own.
        concept: what had arrived of a draft that broke off; no definition, but a start.
        definitie: the final text; ``None`` when the draft failed.
        findings: facts and questions about the final text.
        judgements: what the model said, about ``judgements.text``; ``None`` if it did not.
        examples: the rich result, about the final text; ``None`` if there was none.
        failures: of each phase that failed; the others are whole.
        costs: of each phase; ``discarded`` is that of examples overtaken by a new text.
        notes: Dutch remarks that are not failures.
    """

    request: DefinitionRequest
    subject: Subject
    draft: str | None
    concept: str
    definitie: str | None
    findings: tuple[RuleFinding, ...]
    judgements: Judgements | None
    examples: Result | None
    failures: Mapping[Phase, Failure]
    timings: FlowTimings
    costs: Mapping[Phase, Cost]
    discarded: Cost
    notes: tuple[str, ...] = ()

    @property
    def replaced(self) -> bool:
        """Whether validation led to another text than the draft."""
        return self.definitie != self.draft

    @property
    def cost(self) -> Cost:
        """Of everything, what was thrown away included."""
        return sum(self.costs.values(), self.discarded)


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase begins; that of the examples begins again with a new text."""

    phase: Phase
    at: float


@dataclass(frozen=True, slots=True)
class PhaseRetrying:
    """A call of this phase failed and ``attempt`` of ``most`` follows after ``wait`` seconds."""

    phase: Phase
    kind: FailureKind
    attempt: int
    most: int
    wait: float
    at: float


@dataclass(frozen=True, slots=True)
class PhaseEnded:
    """``failure`` of ``None``: it succeeded, or was cancelled with the flow."""

    phase: Phase
    failure: Failure | None
    at: float


@dataclass(frozen=True, slots=True)
class DraftText:
    """The draft so far: whole, not only what is new."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class DraftEnded:
    """``text`` is the definition; ``None`` when there is none, and ``concept`` what there was."""

    text: str | None
    concept: str
    at: float


@dataclass(frozen=True, slots=True)
class FindingsReady:
    """Facts and questions (``judgements`` is ``None``), or what the model judged of ``text``."""

    text: str
    findings: tuple[RuleFinding, ...]
    judgements: Judgements | None
    at: float


@dataclass(frozen=True, slots=True)
class TextReplaced:
    """The improvement takes the place of the draft; a run of the examples until now was for
    nothing."""

    old: str
    new: str
    at: float


@dataclass(frozen=True, slots=True)
class DefinitionKept:
    """The text as it stands is kept, in the store under ``begrip_id``; empty: it is not."""

    begrip_id: str
    at: float


@dataclass(frozen=True, slots=True)
class ExamplesStarted:
    """Run ``run`` (from 1) of the examples begins, from ``subject.definitie``, as job ``job_id``;
    each type is kept under ``begrip_id`` before its end is told (empty: they are not kept)."""

    run: int
    subject: Subject
    at: float
    job_id: str = ""
    begrip_id: str = ""


@dataclass(frozen=True, slots=True)
class ExamplesEvent:
    """An event of run ``run``; its own ``at`` counts from that run's start."""

    run: int
    event: Event
    at: float


@dataclass(frozen=True, slots=True)
class Noted:
    """A Dutch remark that is not a failure: why the text is not kept."""

    note: str
    at: float


@dataclass(frozen=True, slots=True)
class Overtook:
    """A flow that this one follows was stopped for it; its examples, which cost this, were for
    nothing."""

    cost: Cost
    at: float


@dataclass(frozen=True, slots=True)
class FlowEnded:
    """The last event of a flow that was not cancelled."""

    result: FlowResult
    at: float


FlowEvent = (
    PhaseStarted
    | PhaseRetrying
    | PhaseEnded
    | DraftText
    | DraftEnded
    | FindingsReady
    | TextReplaced
    | DefinitionKept
    | ExamplesStarted
    | ExamplesEvent
    | Noted
    | Overtook
    | FlowEnded
)
