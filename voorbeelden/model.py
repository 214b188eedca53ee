"""Pure data of the domain: what is asked, what came back, what happened on the way.

This module imports nothing of ours. Everything in it is immutable, so a snapshot can travel
from the loop thread to a page without a lock. Times are seconds as measured by one monotonic
clock (``time.perf_counter``); token counts are those that the provider reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

ContextDict = dict[str, list[str]]
"""``{"organisatorisch": [...], "juridisch": [...], "wettelijk": [...]}``; a list may be empty."""

CONTEXT_KEYS: Final = ("organisatorisch", "juridisch", "wettelijk")


class ExampleType(StrEnum):
    """The six kinds of examples, in the order in which an editor reads them."""

    VOORBEELDZINNEN = "voorbeeldzinnen"
    PRAKTIJKVOORBEELDEN = "praktijkvoorbeelden"
    TEGENVOORBEELDEN = "tegenvoorbeelden"
    SYNONIEMEN = "synoniemen"
    ANTONIEMEN = "antoniemen"
    TOELICHTING = "toelichting"


DEFAULT_EXAMPLE_COUNTS: Final[Mapping[ExampleType, int]] = MappingProxyType(
    {
        ExampleType.VOORBEELDZINNEN: 3,
        ExampleType.PRAKTIJKVOORBEELDEN: 3,
        ExampleType.TEGENVOORBEELDEN: 3,
        ExampleType.SYNONIEMEN: 5,
        ExampleType.ANTONIEMEN: 5,
        ExampleType.TOELICHTING: 1,
    }
)
"""How many items of each type are asked for; synonyms and antonyms may honestly be fewer."""


class GenerationMode(StrEnum):
    """Which plan of calls is made. The executor does not know which one it runs."""

    ASYNC = "async"
    """Six calls, one a type, all in flight at once: the documented default."""
    SEQUENTIAL = "sequential"
    """The same six calls, one after the other: what the speed-up is measured against."""
    SPLIT = "split"
    """One call an item for the types that would otherwise be waited for."""
    COMBINED = "combined"
    """One call for everything: the fewest tokens, and the slowest."""
    PARALLEL = "async"
    """Another name of ``ASYNC``, for those who compare plans."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the examples are about: one begrip in its context.

    Attributes:
        begrip: the term.
        definitie: its definition.
        context: ``CONTEXT_KEYS`` to tuples of free text; missing keys read as empty.
    """

    begrip: str
    definitie: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_dict(
        cls, begrip: str, definitie: str, context_dict: Mapping[str, list[str]] | None
    ) -> Subject:
        context = {key: tuple((context_dict or {}).get(key) or ()) for key in CONTEXT_KEYS}
        return cls(begrip, definitie, context)


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """One type of examples for one begrip: the documented request.

    ``max_examples`` of ``None`` means the default count of the type.
    """

    begrip: str
    definitie: str
    context_dict: ContextDict
    example_type: ExampleType
    generation_mode: GenerationMode = GenerationMode.ASYNC
    max_examples: int | None = None

    @property
    def count(self) -> int:
        if self.max_examples is not None:
            return self.max_examples
        return DEFAULT_EXAMPLE_COUNTS[self.example_type]

    @property
    def subject(self) -> Subject:
        return Subject.from_dict(self.begrip, self.definitie, self.context_dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One example: a row, never a part of joined text.

    ``reden`` is filled for tegenvoorbeelden only: why the case falls outside the definition.
    """

    text: str
    reden: str | None = None

    def __str__(self) -> str:
        return f"{self.text} (Geen voorbeeld: {self.reden})" if self.reden else self.text


class OutcomeState(StrEnum):
    DONE = "done"
    PARTIAL = "partial"
    """Usable items arrived, and something is missing; ``Outcome.failure`` says what."""
    FAILED = "failed"
    CANCELLED = "cancelled"


class FailureKind(StrEnum):
    """Why a type has no whole result. The value is a stable id for logs, metrics and tests."""

    AUTHENTICATION = "authentication"
    MODEL_UNAVAILABLE = "model_unavailable"
    BAD_REQUEST = "bad_request"
    TOO_LONG = "too_long"
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    SERVER = "server"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    NO_ANSWER = "no_answer"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    WRONG_ADDRESS = "wrong_address"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    CONTENT_FILTER = "content_filter"
    UNUSABLE = "unusable"
    BREAKER_OPEN = "breaker_open"
    PROCESS_RESTARTED = "process_restarted"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Failure:
    """A named failure.

    Attributes:
        kind: the stable id.
        message: Dutch, for the editor: what happened and what to do next.
        retry_at: wall-clock time (seconds since the epoch) from which another try makes sense.
        reference: the provider's request id, or our own error reference.
    """

    kind: FailureKind
    message: str
    retry_at: float | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens as the provider counted them; ``None`` of a ``Tokens`` means it did not say."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            self.prompt + other.prompt,
            self.completion + other.completion,
            self.cached + other.cached,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one type. There is one for every type of every generation.

    Attributes:
        seconds: from the start of the type's first call to its end, queueing included.
        first_item_seconds: from the same start to the first complete item.
        attempts: HTTP requests made.
        notes: Dutch remarks that are not failures (a fallback that was taken).
        draft: text of a broken attempt, where nothing better stands: of a type that was stopped
            while it was asked again. Shown as a draft, never as a result.
        cached_at: when the answer was made (seconds since the epoch), if it came from the cache.
    """

    example_type: ExampleType
    state: OutcomeState
    items: tuple[Item, ...] = ()
    failure: Failure | None = None
    attempts: int = 0
    seconds: float = 0.0
    first_item_seconds: float | None = None
    tokens: Tokens | None = None
    notes: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    cached_at: float | None = None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as it ran: a bar of the Gantt. Times count from the generation's start."""

    name: str
    types: tuple[ExampleType, ...]
    start: float
    end: float
    first_item: float | None
    attempts: int
    tokens: Tokens | None
    failure: FailureKind | None
    hedged: bool = False
    cached: bool | None = None
    """Whether the cache had the answer; ``None`` when it was not asked."""

    @property
    def counted(self) -> bool:
        """Whether ``tokens`` are those of one whole answer. A call that broke off, was repeated or
        was copied is paid for too, but nobody reported all of it."""
        return self.failure is None and not self.hedged and self.attempts == 1


@dataclass(frozen=True, slots=True)
class TypeStarted:
    """The first request of a type left; ``at`` is seconds since the generation's start."""

    example_type: ExampleType
    at: float


@dataclass(frozen=True, slots=True)
class ItemComplete:
    """An item's JSON closed in the stream."""

    example_type: ExampleType
    item: Item
    at: float


@dataclass(frozen=True, slots=True)
class TypeRetrying:
    """An attempt failed, and another one follows.

    ``items`` are the ones that stay and ``draft`` is what had arrived and is now withdrawn;
    ``attempt`` of ``most`` starts after ``wait`` seconds.
    """

    example_type: ExampleType
    kind: FailureKind
    attempt: int
    most: int
    wait: float
    items: tuple[Item, ...]
    draft: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True)
class TypeWaiting:
    """A request has to wait ``wait`` seconds because the provider asked everybody to."""

    example_type: ExampleType
    wait: float
    at: float


@dataclass(frozen=True, slots=True)
class ItemsReplaced:
    """A second copy of a slow call answered first: its ``items`` take the place of what stood."""

    example_type: ExampleType
    items: tuple[Item, ...]
    at: float


@dataclass(frozen=True, slots=True)
class TypeEnded:
    """A type has its outcome; exactly one follows for every type that was asked."""

    example_type: ExampleType
    outcome: Outcome
    at: float


Event = TypeStarted | ItemComplete | TypeRetrying | TypeWaiting | ItemsReplaced | TypeEnded


@dataclass(frozen=True, slots=True)
class Result:
    """The rich result of one generation: an outcome for every type asked, in reading order."""

    subject: Subject
    mode: GenerationMode
    outcomes: Mapping[ExampleType, Outcome]
    calls: tuple[CallRecord, ...]
    seconds: float

    def as_dict(self) -> dict[str, list[str] | str]:
        """The documented thin projection: a failed type is ``[]`` or ``""`` here, and only here."""
        return {
            kind.value: project(kind, [str(item) for item in outcome.items])
            for kind, outcome in self.outcomes.items()
        }


def project(example_type: ExampleType, items: list[str]) -> list[str] | str:
    """Items as the documented dict holds them: a list of str, and one str for toelichting."""
    if example_type is ExampleType.TOELICHTING:
        return items[0] if items else ""
    return items
