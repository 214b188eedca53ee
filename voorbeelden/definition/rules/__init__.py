"""The definition rules: one small TOML file a rule, editable without code.

A file gives ``id`` (its own name), ``soort`` (D, H or A), ``groep``, ``naam``, ``vraag``,
``toelichting``, the examples ``goed`` and ``fout`` (``begrip``, ``definitie`` and sometimes
``context``) and at least one ``[[bron]]``; a D or H rule also ``reden`` and ``[toets]``. The
works that rules cite are described once, in ``sources.toml`` beside this package.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from voorbeelden.definition.model import (
    Example,
    Rule,
    RuleGroup,
    RuleKind,
    Source,
    Test,
    Work,
)

_REQUIRED = {"id", "soort", "groep", "naam", "vraag", "toelichting", "goed", "fout", "bron"}
_CODED = {"reden", "toets"}
_TEST_KEYS = {"vorm", "patronen", "woorden", "behalve", "vanaf", "tot"}


class RuleFileError(ValueError):
    """A rule file is not of the form that this package describes; the message says what is."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule: D first, then H, then A; within a kind by group, then by id.

    Raises:
        RuleFileError: a file lacks a key, has one too many, or cites an unknown work.
    """
    works = _works()
    folder = resources.files(__name__)
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    rules = [parse(f.name.removesuffix(".toml"), f.read_text("utf-8"), works) for f in files]
    kinds, groups = list(RuleKind), list(RuleGroup)
    rules.sort(key=lambda r: (kinds.index(r.kind), groups.index(r.group), r.rule_id))
    return tuple(rules)


def parse(name: str, text: str, works: dict[str, Work]) -> Rule:
    """The rule in ``text``, the content of file ``name``.toml.

    Raises:
        RuleFileError: see ``load_rules``.
    """
    try:
        data = tomllib.loads(text)
        kind, group = RuleKind(data["soort"]), RuleGroup(data["groep"])
        expected = _REQUIRED | (set() if kind is RuleKind.A else _CODED)
        if set(data) != expected:
            raise RuleFileError(f"{name}: keys {sorted(set(data) ^ expected)} lack or are too many")
        if data["id"] != name:
            raise RuleFileError(f"{name}: the id is {data['id']!r}")
        return Rule(
            rule_id=name,
            kind=kind,
            group=group,
            name=data["naam"],
            asks=data["vraag"],
            explanation=data["toelichting"],
            good=_example(data["goed"]),
            bad=_example(data["fout"]),
            sources=tuple(Source(works[one["werk"]], one["plaats"]) for one in data["bron"]),
            reason=data.get("reden", ""),
            test=None if kind is RuleKind.A else _test(name, data["toets"]),
        )
    except RuleFileError:
        raise
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise RuleFileError(f"{name}: {error}") from error


def _example(data: dict[str, Any]) -> Example:
    context = {key: tuple(values) for key, values in data.get("context", {}).items()}
    return Example(data["begrip"], data["definitie"], context)


def _test(name: str, data: dict[str, Any]) -> Test:
    if unknown := set(data) - _TEST_KEYS:
        raise RuleFileError(f"{name}: unknown keys {sorted(unknown)} in [toets]")
    return Test(
        form=data["vorm"],
        patterns=tuple(data.get("patronen", ())),
        words=tuple(data.get("woorden", ())),
        exceptions=tuple(data.get("behalve", ())),
        minimum=data.get("vanaf"),
        maximum=data.get("tot"),
    )


@cache
def _works() -> dict[str, Work]:
    text = (resources.files("voorbeelden.definition") / "sources.toml").read_text("utf-8")
    return {
        key: Work(work["naam"], work["adres"], work["gezien"])
        for key, work in tomllib.loads(text).items()
    }
