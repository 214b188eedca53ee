"""A strategy is a plan: which calls are made, for what, and how many at once. Nothing else.

The executor (``generator.py``) runs any plan the same way and does not know which one it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode
from voorbeelden.prompts import angle

SPLITTABLE: Final = frozenset(
    {
        ExampleType.VOORBEELDZINNEN,
        ExampleType.PRAKTIJKVOORBEELDEN,
        ExampleType.TEGENVOORBEELDEN,
    }
)
"""Types whose items can be written apart. Synonyms are one list, a toelichting is one text."""

TYPICAL_TOKENS: Final[Mapping[ExampleType, float]] = MappingProxyType(
    {
        ExampleType.VOORBEELDZINNEN: 30.0,
        ExampleType.PRAKTIJKVOORBEELDEN: 167.0,
        ExampleType.TEGENVOORBEELDEN: 100.0,
        ExampleType.SYNONIEMEN: 6.0,
        ExampleType.ANTONIEMEN: 6.0,
        ExampleType.TOELICHTING: 200.0,
    }
)
"""Tokens an item, until the model in use has shown its own (``expectation.py``)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the model.

    Attributes:
        name: unique within its plan; the lane of a timeline.
        wanted: how many items at most of each type that this call answers.
        angle: the invalshoek the items must have, when calls share a type.
        present: texts that exist already and must not come back.
    """

    name: str
    wanted: Mapping[ExampleType, int]
    angle: str | None = None
    present: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[ExampleType, ...]:
        return tuple(self.wanted)

    @property
    def rank(self) -> int:
        """Place in the reading order, from 0: who goes first when there is a queue."""
        return min(_READING_ORDER[kind] for kind in self.wanted)


_READING_ORDER: Final = {kind: place for place, kind in enumerate(ExampleType)}


@dataclass(frozen=True, slots=True)
class Plan:
    """Calls in reading order; ``at_once`` of ``None`` means all of them."""

    mode: GenerationMode
    calls: tuple[Call, ...]
    at_once: int | None = None

    @property
    def wanted(self) -> dict[ExampleType, int]:
        """How many items of each type the calls ask for together."""
        total: dict[ExampleType, int] = {}
        for call in self.calls:
            for kind, count in call.wanted.items():
                total[kind] = total.get(kind, 0) + count
        return total


Wanted = Mapping[ExampleType, int]
Present = Mapping[ExampleType, tuple[str, ...]]
NOTHING_PRESENT: Final[Present] = MappingProxyType({})
TokensAnItem = Mapping[ExampleType, float]


def make_plan(
    mode: GenerationMode,
    wanted: Wanted = DEFAULT_EXAMPLE_COUNTS,
    tokens: TokensAnItem = TYPICAL_TOKENS,
) -> Plan:
    """The plan of ``mode`` for the types in ``wanted``, in that order.

    ``tokens`` is what an item of each type is expected to cost; only SPLIT looks at it.
    """
    return _MAKERS[mode](wanted, tokens)


def with_present(plan: Plan, present: Present) -> Plan:
    """The same calls, told which texts of their types exist already."""
    if not any(present.values()):
        return plan
    calls = tuple(
        replace(call, present=tuple(text for kind in call.types for text in present.get(kind, ())))
        for call in plan.calls
    )
    return replace(plan, calls=calls)


def _parallel(wanted: Wanted, _: TokensAnItem) -> Plan:
    return Plan(GenerationMode.ASYNC, _one_call_a_type(wanted))


def _sequential(wanted: Wanted, _: TokensAnItem) -> Plan:
    return Plan(GenerationMode.SEQUENTIAL, _one_call_a_type(wanted), at_once=1)


def _combined(wanted: Wanted, _: TokensAnItem) -> Plan:
    return Plan(GenerationMode.COMBINED, (Call("alles", dict(wanted)),))


def _split(wanted: Wanted, tokens: TokensAnItem) -> Plan:
    """One call an item for every type that would otherwise be waited for.

    No plan can be faster than the largest piece that cannot be cut: a type that is done sooner
    than that piece gains nothing by being cut, and each extra call costs its prompt once more.
    """
    floor = max(_whole(kind, count, tokens, cut=True) for kind, count in wanted.items())
    calls: list[Call] = []
    for kind, count in wanted.items():
        if kind in SPLITTABLE and count > 1 and _whole(kind, count, tokens) > floor:
            calls += [
                Call(f"{kind.value} {number}", {kind: 1}, angle(kind, number, count))
                for number in range(1, count + 1)
            ]
        else:
            calls.append(Call(kind.value, {kind: count}))
    return Plan(GenerationMode.SPLIT, tuple(calls))


def _whole(kind: ExampleType, count: int, tokens: TokensAnItem, *, cut: bool = False) -> float:
    """Tokens of one call for this type: of all its items, or of one when it may be cut."""
    return tokens[kind] * (1 if cut and kind in SPLITTABLE else count)


def _one_call_a_type(wanted: Wanted) -> tuple[Call, ...]:
    return tuple(Call(kind.value, {kind: count}) for kind, count in wanted.items())


_MAKERS: Final[Mapping[GenerationMode, Callable[[Wanted, TokensAnItem], Plan]]] = {
    GenerationMode.ASYNC: _parallel,
    GenerationMode.SEQUENTIAL: _sequential,
    GenerationMode.SPLIT: _split,
    GenerationMode.COMBINED: _combined,
}
