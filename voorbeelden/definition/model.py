"""Pure data of the definition rules: what a rule is and what checking a definition says.

This module imports nothing of ours and everything in it is immutable. A span is ``(start, end)``
in characters of the definition as the caller gave it, so the page can mark the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]


class RuleKind(StrEnum):
    """Who decides a rule."""

    D = "D"
    """Code decides; the outcome is shown as fact."""
    H = "H"
    """A pattern raises a question to the editor, and never a verdict."""
    A = "A"
    """The model judges, in one structured call, and gives its reason."""


class Verdict(StrEnum):
    """What kind of statement a finding makes."""

    FACT = "fact"
    QUESTION = "question"
    JUDGEMENT = "judgement"


VERDICT_OF = {
    RuleKind.D: Verdict.FACT,
    RuleKind.H: Verdict.QUESTION,
    RuleKind.A: Verdict.JUDGEMENT,
}
"""The only verdict each kind of rule may give."""


class RuleGroup(StrEnum):
    """Under which heading an editor finds a rule; the order is the reading order."""

    BEGIN = "begin"
    VORM = "vorm"
    TAAL = "taal"
    INHOUD = "inhoud"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Example:
    """A begrip with a definition, of our own making; ``context`` where the rule looks at it."""

    begrip: str
    definitie: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """A work that rules cite.

    Attributes:
        name: its Dutch name.
        address: where it can be read; empty for our own guideline.
        seen: how far we read it, in Dutch ("tekst gelezen", "naam en nummer").
    """

    name: str
    address: str
    seen: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: a work and the place in it, empty when the whole is meant."""

    work: Work
    place: str


@dataclass(frozen=True, slots=True)
class Test:
    """How code looks at a definition: the data half of a D or H rule.

    Attributes:
        form: the name of the check in ``checks.CHECKS``.
        patterns: regular expressions; ``words`` are plain words and phrases.
        exceptions: regular expressions; a hit that touches one of their matches does not count.
        minimum, maximum: numbers of words, both included, where the check counts.
    """

    __test__ = False  # not a test class, whatever pytest makes of the name

    form: str
    patterns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its file gives it; all texts are Dutch.

    Attributes:
        rule_id: stable id, equal to the name of the file.
        asks: the question the rule answers about a definition.
        reason: what a finding says, with ``{woorden}`` and the like filled in; empty for A rules.
        test: the check of a D or H rule; ``None`` for A rules.
    """

    rule_id: str
    kind: RuleKind
    group: RuleGroup
    name: str
    asks: str
    explanation: str
    good: Example
    bad: Example
    sources: tuple[Source, ...]
    reason: str = ""
    test: Test | None = None


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What one rule says about one definition; a rule that is met says nothing.

    ``spans`` lie in the definition, in order and without overlap; empty when the finding is about
    the begrip or about the definition as a whole.
    """

    rule_id: str
    kind: RuleKind
    verdict: Verdict
    reason: str
    spans: tuple[Span, ...] = ()
