"""Tokens: what the provider reported, and what we have to estimate because it did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voorbeelden import prompts
from voorbeelden.model import CallRecord, ExampleType, Result, Subject, Tokens
from voorbeelden.strategies import Plan

CHARACTERS_A_TOKEN: Final = 3.5
"""Dutch prose on common tokenizers. An estimate; what rests on it is shown as "geschat"."""


def tokens_of(result: Result) -> tuple[Tokens, bool]:
    """All tokens of a generation, and whether any of them are our estimate."""
    total = Tokens()
    estimated = False
    for call in result.calls:
        estimated = estimated or call.tokens is None or not call.counted
        if call.tokens is not None:
            total += call.tokens
        else:
            total += _guess(result, call)
    return total, estimated


def _guess(result: Result, call: CallRecord) -> Tokens:
    """From the texts: the prompt's own, and an even part of each type's items."""
    calls = {kind: sum(kind in other.types for other in result.calls) for kind in result.outcomes}
    wanted = {kind: len(result.outcomes[kind].items) // calls[kind] for kind in call.types}
    texts = (
        sum(len(str(item)) for item in result.outcomes[kind].items) / calls[kind]
        for kind in call.types
    )
    return Tokens(_prompt(result.subject, wanted), round(sum(texts) / CHARACTERS_A_TOKEN))


def estimate(subject: Subject, plan: Plan, tokens: Mapping[ExampleType, float]) -> Tokens:
    """What one generation with ``plan`` will cost, before anything is sent."""
    return Tokens(
        sum(_prompt(subject, call.wanted) for call in plan.calls),
        round(sum(tokens[kind] * count for kind, count in plan.wanted.items())),
    )


def _prompt(subject: Subject, wanted: Mapping[ExampleType, int]) -> int:
    text = prompts.system_message(tuple(wanted)) + prompts.user_message(subject, wanted)
    return round(len(text) / CHARACTERS_A_TOKEN)
