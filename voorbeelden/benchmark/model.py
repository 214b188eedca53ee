"""Pure data of a benchmark: what is asked, every repetition, and the whole run.

Times are seconds. Every call of every repetition is kept as the ``CallRecord`` it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from voorbeelden.definition.flow_model import FlowOrder, Phase
from voorbeelden.model import (
    CallRecord,
    ExampleType,
    FailureKind,
    GenerationMode,
    Subject,
    Tokens,
)

Mode = GenerationMode | FlowOrder
"""What is measured: a plan of the generator, or an order of the whole flow. No two of them have
the same value."""

FLOW_ORDERS: Final = (FlowOrder.IN_A_ROW, FlowOrder.STAGED, FlowOrder.BESIDE)
"""The orders of the flow in which they are shown: the slowest first, ours last."""

MODES: Final = (
    GenerationMode.SEQUENTIAL,
    GenerationMode.ASYNC,
    GenerationMode.SPLIT,
    GenerationMode.COMBINED,
)
"""The plans in the order in which they are shown: slowest idea first, economical one last."""

SCALES: Final = (1, 2, 5, 10, 20, 40, 83)
"""Generations at once of a scaling run. 83 generations are 498 calls: just under the 512
requests that may be in flight at the same time."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the calls go.

    Attributes:
        key: the profile's key in ``profiles.py``, or ``aangesloten`` for the connected provider.
        name: Dutch, for the screen and the sentence.
        spec: the behaviour of the demo server; ``None`` means the connected provider.
        model: the model's name, for the record.
    """

    key: str
    name: str
    spec: str | None
    model: str = "demo"

    @property
    def simulated(self) -> bool:
        return self.spec is not None


@dataclass(frozen=True, slots=True)
class BenchmarkRequest:
    """What is to be measured: plans of the generator, or orders of the flow, never both.

    ``scales`` are the numbers of generations at once of the scaling run, with the plan
    ``scale_mode``; empty means no scaling run.
    """

    subject: Subject
    target: Target
    modes: tuple[Mode, ...] = MODES
    repetitions: int = 3
    scales: tuple[int, ...] = ()
    scale_mode: GenerationMode = GenerationMode.ASYNC

    @property
    def flow(self) -> bool:
        """Whether it is the flow from begrip to examples that is measured."""
        return any(isinstance(mode, FlowOrder) for mode in self.modes)

    @property
    def steps(self) -> int:
        """How many repetitions and scaling points there will be."""
        return len(self.modes) * self.repetitions + len(self.scales)


@dataclass(frozen=True, slots=True)
class TypeFailure:
    """A type, or a phase of the flow, that was not whole in some repetition, and why."""

    example_type: ExampleType | Phase
    kind: FailureKind


@dataclass(frozen=True, slots=True)
class Repetition:
    """One generation with one plan, or one flow in one order.

    Attributes:
        number: from 1; the repetitions of all plans with one number ran right after each other.
        seconds: from the start to the end of the last call.
        first_item: until the first complete example; ``None`` when there was none.
        failures: what was not whole; a repetition with one is shown but counts in no median.
        tokens_estimated: some of ``tokens`` is our estimate, because the provider did not say.
    """

    mode: Mode
    number: int
    seconds: float
    first_item: float | None
    calls: tuple[CallRecord, ...]
    failures: tuple[TypeFailure, ...]
    tokens: Tokens
    tokens_estimated: bool

    @property
    def whole(self) -> bool:
        return not self.failures

    @property
    def requests(self) -> int:
        """HTTP requests made: calls, retries and second copies."""
        return sum(call.attempts for call in self.calls)

    @property
    def in_a_row(self) -> float:
        """The sum of its calls: what they would have taken one after the other."""
        return sum(call.end - call.start for call in self.calls)

    @property
    def slowest(self) -> float:
        """What nothing can be sooner than: its longest call; of a flow, the call that drafts and
        the longest of the others, which all need its text."""
        lengths = [call.end - call.start for call in self.calls]
        if isinstance(self.mode, FlowOrder):
            return sum(lengths[:1]) + max(lengths[1:], default=0.0)
        return max(lengths, default=0.0)


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """So many generations at once.

    Attributes:
        seconds: from the start of the first to the end of the last.
        ideal: the slowest single call: nothing can be done sooner.
        ideal_measured: ``ideal`` was measured in this same run; else it is what the profile of
            the demo server prescribes.
        failed: generations that were not whole.
        requests: HTTP requests made.
    """

    generations: int
    seconds: float
    ideal: float
    ideal_measured: bool
    failed: int
    requests: int

    @property
    def over_ideal(self) -> float | None:
        """``seconds`` ÷ ``ideal``; 1 cannot be beaten. ``None`` when not all of it was done: what
        fails at once is no speed."""
        return self.seconds / self.ideal if self.ideal > 0 and not self.failed else None


@dataclass(frozen=True, slots=True)
class BenchmarkRun:
    """Everything that was measured in one go.

    Attributes:
        run_id: hex digits.
        made_at: seconds since the epoch, at the start.
        stopped: somebody ended it early; what was complete by then is here.
        seconds: how long the whole measurement took.
    """

    run_id: str
    made_at: float
    request: BenchmarkRequest
    repetitions: tuple[Repetition, ...] = ()
    scaling: tuple[ScalePoint, ...] = ()
    stopped: bool = False
    seconds: float = 0.0

    def of(self, mode: Mode) -> tuple[Repetition, ...]:
        return tuple(one for one in self.repetitions if one.mode is mode)

    @property
    def failed(self) -> int:
        """Repetitions and scaling points that were not whole."""
        return sum(not one.whole for one in self.repetitions) + sum(
            point.failed > 0 for point in self.scaling
        )


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A repetition of ``mode`` begins, or (``generations`` above 0) a scaling point."""

    mode: Mode
    number: int
    calls: int
    generations: int = 0


@dataclass(frozen=True, slots=True)
class CallsDone:
    """``done`` examples of the present step have arrived, of ``wanted``."""

    done: int
    wanted: int


Step = StepStarted | CallsDone | Repetition | ScalePoint
"""What a running benchmark tells, in order."""

StepTell = Callable[[Step], None]
"""Takes a step on the loop; must not block and must not raise."""
