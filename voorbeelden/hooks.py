"""What is told of every generation, to whoever listens: logs now, metrics beside them.

Nothing in the middle imports a logger's format or a metrics library; it hands one frozen record
to the hooks. A hook must not block; one that raises is logged and does not cost an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from voorbeelden.model import FailureKind, GenerationMode, OutcomeState, Result, Tokens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GenerationStarted:
    """``job_id`` is empty for a generation that is nobody's job."""

    job_id: str
    mode: GenerationMode


@dataclass(frozen=True, slots=True)
class GenerationEnded:
    """``result`` has an outcome for every type, also after a cancellation."""

    job_id: str
    result: Result


@dataclass(frozen=True, slots=True)
class QueueLeft:
    """An attempt got its turn after ``seconds`` at the gate."""

    seconds: float


@dataclass(frozen=True, slots=True)
class RequestEnded:
    """One request to the provider ended, its stream included.

    Attributes:
        seconds: from the request to the last byte that was read.
        first_text: seconds to the first text of the answer; ``None`` when none came.
        tokens: what the provider counted; ``None`` when it did not say.
        failure: why it has no whole answer; ``None`` too when it was ``cancelled`` by us.
        cost: ``tokens``, or an estimate for an answer that the provider may have worked on and
            that did not come whole; ``None`` when it refused or was never reached.
        sent: HTTP requests that it took: more than one where the server did not know a parameter.
    """

    seconds: float
    first_text: float | None
    tokens: Tokens | None
    failure: FailureKind | None
    cancelled: bool = False
    cost: Tokens | None = None
    sent: int = 1


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """A call was ended because its whole generation ran out of time."""


class Part(StrEnum):
    """What of an editor's work was to be written."""

    BEGRIP = "begrip"
    """The begrip itself: nothing that is made for it can be kept."""
    DEFINITION = "definition"
    GENERATION = "generation"
    """Its begin: none of its types can be kept."""
    TYPE = "type"
    END = "end"
    """That a generation ended; its types are kept."""
    EXAMPLES = "examples"
    """A whole generation afterwards, when its definition was accepted."""
    WITHDRAWAL = "withdrawal"
    """That a generation is not to be shown any more."""


@dataclass(frozen=True, slots=True)
class KeepingFailed:
    """``part`` could not be written to the store, and nobody tries it again.

    Attributes:
        of: id of the job or flow, for the log; empty where there is none yet.
        error: the kind of error; its message may hold what an editor wrote.
    """

    part: Part
    of: str
    error: str


Record = (
    GenerationStarted | GenerationEnded | QueueLeft | RequestEnded | DeadlinePassed | KeepingFailed
)
Tell = Callable[[Record], None]
Hook = Callable[[Record], None]


def nobody(_: Record) -> None:
    """Nobody listens."""


def tell(hooks: Iterable[Hook], record: Record) -> None:
    """Hands ``record`` to every hook."""
    for hook in hooks:
        try:
            hook(record)
        except Exception as error:  # noqa: BLE001  whoever counts may not cost an answer
            log.warning("hook failed type=%s", type(error).__name__)


def keeping_failed(part: Part, of: str, error: Exception) -> KeepingFailed:
    return KeepingFailed(part, of, type(error).__name__)


def log_record(record: Record) -> None:
    """Ids, kinds and durations in the log; never a begrip, a prompt or a model's text."""
    match record:
        case GenerationStarted():
            log.info("generation started job=%s mode=%s", record.job_id, record.mode.value)
        case GenerationEnded(result=result):
            states = [outcome.state for outcome in result.outcomes.values()]
            log.info(
                "generation ended job=%s mode=%s seconds=%.3f done=%d of=%d",
                record.job_id,
                result.mode.value,
                result.seconds,
                states.count(OutcomeState.DONE),
                len(states),
            )
            for outcome in result.outcomes.values():
                if outcome.failure is not None:
                    log.warning(
                        "type not whole job=%s type=%s kind=%s attempts=%d seconds=%.3f",
                        record.job_id,
                        outcome.example_type.value,
                        outcome.failure.kind.value,
                        outcome.attempts,
                        outcome.seconds,
                    )
        case KeepingFailed():
            log.warning(
                "not kept part=%s id=%s type=%s", record.part.value, record.of, record.error
            )
