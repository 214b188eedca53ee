"""One structured call of the flow: prompt in, checked answer out, over the one road.

The road is the one owner of deadline, retries, gate and breaker; here stands what an attempt is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from voorbeelden.ai.errors import AIError, Broken, TooLong, Truncated, Unreadable
from voorbeelden.ai.estimate import tokens_of
from voorbeelden.ai.items import ItemReader
from voorbeelden.ai.retry import LARGER_CAP, MAX_ATTEMPTS, MAX_BROKEN
from voorbeelden.ai.road import Call, Road
from voorbeelden.ai.service import ChatCall
from voorbeelden.definition.flow_model import Cost
from voorbeelden.keeping import Generates
from voorbeelden.model import ExampleType, GenerationMode, Tokens
from voorbeelden.strategies import Plan

T = TypeVar("T")

_FIRST: Final = 0
"""Place in the queue: everything else of the flow waits for these calls."""


class FlowRuntime(Generates, Protocol):
    """What the flow needs of the loop it runs on; ``voorbeelden.runtime.Runtime`` has it."""

    road: Road

    def plan(self, mode: GenerationMode, wanted: Mapping[ExampleType, int]) -> Plan: ...


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What is asked, and how the answer is read.

    Attributes:
        timeout: seconds one attempt may take.
        answer_tokens: what the answer is expected to cost.
        read: makes the result of the whole JSON object; raises ``Unusable`` when it cannot.
    """

    system: str
    user: str
    schema: dict[str, Any]
    timeout: float
    answer_tokens: int
    read: Callable[[Mapping[str, Any]], T]


class StructuredCall(Generic[T]):
    """Asks one question; ``run`` is awaited once, ``cost`` and ``text`` may be read afterwards."""

    def __init__(
        self,
        runtime: FlowRuntime,
        question: Question[T],
        *,
        on_text: Callable[[str], None],
        on_retry: Callable[[AIError, int, int, float], None],
    ) -> None:
        """``on_text`` is told all the text of an attempt so far, whenever some arrives;
        ``on_retry`` the error, the number of the next attempt, the most there will be, and the
        seconds until then."""
        self._runtime = runtime
        self._question = question
        self._on_text = on_text
        self._on_retry = on_retry
        self._tokens: Tokens | None = None
        self._calls = 0
        self._room = 1
        self.text = ""
        """The answer's text as far as the last attempt that brought any got."""

    @property
    def cost(self) -> Cost:
        return Cost(self._calls, self._tokens)

    async def run(self) -> T:
        """The answer.

        Raises:
            AIError: there is no usable one.
        """
        settings, question = self._runtime.settings, self._question
        prompt = tokens_of(question.system + question.user)
        if prompt > settings.context_tokens:
            raise TooLong
        call = Call(
            rank=_FIRST,
            tokens=prompt + question.answer_tokens,
            deadline=time.monotonic() + settings.deadline,
            on_retry=self._retrying,
            on_wait=_sit_out,
            made=lambda: self._calls,
        )
        return await self._runtime.road.run(call, self._attempt)

    async def _attempt(self, _: AIError | None) -> T:
        question, settings = self._question, self._runtime.settings
        reader = ItemReader(())

        def on_text(piece: str) -> None:
            reader.feed(piece)
            self.text = reader.text
            self._on_text(self.text)

        await self._runtime.road.service.complete(
            ChatCall(
                system=question.system,
                user=question.user,
                schema=question.schema,
                max_tokens=settings.max_output_tokens * self._room,
                timeout=question.timeout,
            ),
            on_text,
            on_request=self._count,
            on_cost=self._pay,
        )
        answer = reader.complete()
        if answer is None:
            raise Unreadable
        return question.read(answer)

    def _pay(self, tokens: Tokens) -> None:
        self._tokens = tokens if self._tokens is None else self._tokens + tokens

    def _count(self) -> None:
        self._calls += 1

    def _retrying(self, error: AIError, attempt: int, wait: float) -> None:
        most = MAX_BROKEN if isinstance(error, Broken) else MAX_ATTEMPTS
        if isinstance(error, Truncated):
            self._room = LARGER_CAP
        self._on_retry(error, attempt, most, wait)


def _sit_out(_: float) -> None:
    """A pause of the whole road; the phase's own clock shows it."""
