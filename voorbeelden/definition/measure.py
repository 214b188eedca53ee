"""How well the coded rules do: cases for each rule, and false alarms on correct definitions.

``cases/<rule>.toml`` holds definitions that the rule must report or must leave alone;
``statutory.toml`` and ``heldout.toml`` hold correct definitions in statutory style, on which every
fact is a false alarm and every question is one an editor has to answer for nothing. The rules were
written with the first at hand, so it flatters them; whoever wrote the second had not seen them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from voorbeelden.definition.checks import check_definition
from voorbeelden.definition.model import Example, Rule, RuleFinding, RuleKind
from voorbeelden.definition.rules import load_rules

_PACKAGE = "voorbeelden.definition"


@dataclass(frozen=True, slots=True)
class Case:
    """A definition that ``rule_id`` must report or not, and the words it must then mark."""

    rule_id: str
    example: Example
    reported: bool
    marked: tuple[str, ...] | None = None

    def failure(self) -> str | None:
        """What is wrong with the answer of today; ``None`` if nothing is."""
        found = _of_rule(self.rule_id, self.example)
        text = self.example.definitie
        if (found is not None) != self.reported:
            return f"{'not reported' if self.reported else 'reported'}: {self.example}"
        marked = tuple(text[start:end] for start, end in found.spans) if found else ()
        if found is not None and self.marked is not None and marked != self.marked:
            return f"marked {marked}, not {self.marked}: {self.example}"
        return None


@dataclass(frozen=True, slots=True)
class Score:
    """One rule measured: cases that are right of those there are, and alarms on both sets.

    Attributes:
        reported, to_report: the cases that must be reported.
        silent, to_leave: the cases that must be left alone.
        alarms: the begrippen of correct definitions about which the rule spoke.
        held_out: those of the held-out set.
    """

    rule: Rule
    reported: int
    to_report: int
    silent: int
    to_leave: int
    alarms: tuple[str, ...]
    held_out: tuple[str, ...] = ()


def coded_rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules() if rule.test is not None)


@cache
def cases_of(rule_id: str) -> tuple[Case, ...]:
    """The cases of a rule; empty if it has no file."""
    entry = resources.files(_PACKAGE) / "cases" / f"{rule_id}.toml"
    if not entry.is_file():
        return ()
    data = tomllib.loads(entry.read_text("utf-8"))
    return tuple(
        Case(
            rule_id,
            _example(one, one["definitie"]),
            one["gemeld"],
            tuple(one["woorden"]) if "woorden" in one else None,
        )
        for one in data["geval"]
    )


@cache
def statutory() -> tuple[Example, ...]:
    """The correct definitions that the rules were written with."""
    return _definitions("statutory.toml")


@cache
def held_out() -> tuple[Example, ...]:
    """Correct definitions that the rules were not written with."""
    return _definitions("heldout.toml")


def _definitions(name: str) -> tuple[Example, ...]:
    text = (resources.files(_PACKAGE) / name).read_text("utf-8")
    return tuple(_example(one, one["tekst"]) for one in tomllib.loads(text)["definitie"])


@cache
def scores() -> tuple[Score, ...]:
    """Every coded rule measured, in the order of the rules."""
    known, unseen = _alarms(statutory()), _alarms(held_out())
    return tuple(
        _score(rule, known.get(rule.rule_id, ()), unseen.get(rule.rule_id, ()))
        for rule in coded_rules()
    )


def about(kind: RuleKind, alarms_of: Callable[[Score], tuple[str, ...]]) -> frozenset[str]:
    """The begrippen about which at least one rule of ``kind`` spoke."""
    return frozenset(
        name for score in scores() if score.rule.kind is kind for name in alarms_of(score)
    )


def _alarms(examples: Iterable[Example]) -> Mapping[str, Sequence[str]]:
    """Of each rule, the begrippen about which it spoke."""
    alarms: dict[str, list[str]] = {}
    for example in examples:
        for finding in check_definition(example.begrip, example.definitie, example.context):
            alarms.setdefault(finding.rule_id, []).append(example.begrip)
    return alarms


def _score(rule: Rule, alarms: Sequence[str], held_out: Sequence[str]) -> Score:
    cases = cases_of(rule.rule_id)
    to_report = [case for case in cases if case.reported]
    to_leave = [case for case in cases if not case.reported]
    return Score(
        rule,
        sum(case.failure() is None for case in to_report),
        len(to_report),
        sum(case.failure() is None for case in to_leave),
        len(to_leave),
        tuple(alarms),
        tuple(held_out),
    )


def _of_rule(rule_id: str, example: Example) -> RuleFinding | None:
    found = check_definition(example.begrip, example.definitie, example.context)
    return next((finding for finding in found if finding.rule_id == rule_id), None)


def _example(data: Mapping[str, Any], definitie: str) -> Example:
    context = {key: tuple(values) for key, values in data.get("context", {}).items()}
    return Example(data["begrip"], definitie, context)
