"""A strategy is a plan: which calls are made, for what, and how many at once. Nothing else.

The executor (``generator.py``) runs any plan the same way and does not know which one it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voorbeelden.model import ExampleType, GenerationMode


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


@dataclass(frozen=True, slots=True)
class Plan:
    """Calls in order of importance; ``at_once`` of ``None`` means all of them."""

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


def make_plan(mode: GenerationMode, wanted: Mapping[ExampleType, int]) -> Plan:
    """The plan of ``mode`` for the types in ``wanted``, in that order."""
    calls = tuple(Call(kind.value, {kind: count}) for kind, count in wanted.items())
    return Plan(mode, calls, at_once=1 if mode is GenerationMode.SEQUENTIAL else None)
