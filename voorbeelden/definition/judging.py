"""The judgement of a definition: the A rules in one structured call, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from voorbeelden import prompts
from voorbeelden.ai.errors import Unusable
from voorbeelden.definition.checks import check_definition, rules_for_model
from voorbeelden.definition.flow_call import Question
from voorbeelden.definition.flow_model import Judgement, Judgements
from voorbeelden.definition.model import Rule, RuleFinding, RuleKind, Span, Verdict
from voorbeelden.intake import MAX_DEFINITIE
from voorbeelden.model import Subject
from voorbeelden.settings import Settings
from voorbeelden.tidy import one_line

_TIME_FACTOR: Final = 2.0
"""A judgement is as long as the longest examples, and so is its patience."""

_TOKENS_A_RULE: Final = 35
_MAX_REASON: Final = 400
_QUOTED: Final = re.compile("“([^“”]{2,120})”")


def judging_question(
    settings: Settings, subject: Subject, findings: Iterable[RuleFinding]
) -> Question[Judgements]:
    """Asks for a judgement of ``subject.definitie`` on every A rule; ``findings`` are what code
    found already, of which the facts are told."""
    facts = tuple((one.rule_id, one.reason) for one in findings if one.kind is RuleKind.D)
    ids = tuple(rule.rule_id for rule in rules_for_model())
    return Question(
        system=judging_system(),
        user=prompts.judging_message(subject, ids, facts),
        schema=prompts.JUDGING_SCHEMA,
        timeout=settings.call_timeout * _TIME_FACTOR,
        answer_tokens=_TOKENS_A_RULE * len(ids),
        read=lambda answer: read_judgements(answer, subject.definitie, ids),
    )


@cache
def judging_system() -> str:
    """The instructions with every A rule, its good and its bad example."""
    return prompts.judging_system(tuple(_in_words(rule) for rule in rules_for_model()))


def _in_words(rule: Rule) -> str:
    examples = (
        f"goed: {rule.good.begrip}: “{rule.good.definitie}”; "
        f"fout: {rule.bad.begrip}: “{rule.bad.definitie}”"
    )
    return f'- "{rule.rule_id}": {rule.asks} {rule.explanation} ({examples})'


def read_judgements(answer: Mapping[str, Any], text: str, ids: tuple[str, ...]) -> Judgements:
    """The judgements in ``answer`` about ``text``, in the order of ``ids``; the first of each rule
    counts, and rules nobody asked about are passed over.

    Raises:
        Unusable: there is not one judgement that can be used.
    """
    rows = answer.get("oordelen")
    found: dict[str, Judgement] = {}
    for row in rows if isinstance(rows, list) else ():
        match row:
            case {"regel": str(rule_id), "voldoet": bool(satisfied), "reden": str(reason)}:
                if rule_id in ids:
                    one = Judgement(rule_id, satisfied, one_line(reason)[:_MAX_REASON])
                    found.setdefault(rule_id, one)
    if not found:
        raise Unusable
    return Judgements(
        text=text,
        judged=tuple(found[rule_id] for rule_id in ids if rule_id in found),
        unjudged=tuple(rule_id for rule_id in ids if rule_id not in found),
        improvement=_improvement(answer.get("verbetering"), text),
    )


def _improvement(given: object, text: str) -> str | None:
    better = one_line(given) if isinstance(given, str) else ""
    return better if better and better != text and len(better) <= MAX_DEFINITIE else None


def as_findings(judgements: Judgements) -> tuple[RuleFinding, ...]:
    """The judgements that a rule is not met, with the words that the model quotes marked."""
    return tuple(
        RuleFinding(
            one.rule_id,
            RuleKind.A,
            Verdict.JUDGEMENT,
            one.reason,
            quoted_spans(one.reason, judgements.text),
        )
        for one in judgements.failed
    )


def quoted_spans(reason: str, text: str) -> tuple[Span, ...]:
    """Where the words between “ and ” in ``reason`` stand in ``text``: the first place of each, in
    order and without overlap.

    >>> quoted_spans("Het woord “zaak” is te ruim.", "Een zaak of goed")
    ((4, 8),)
    """
    spans: list[Span] = []
    for words in _QUOTED.findall(reason):
        pattern = rf"(?<!\w){re.escape(words.strip())}(?!\w)"
        if found := re.search(pattern, text, re.IGNORECASE):
            spans.append(found.span())
    kept: list[Span] = []
    for span in sorted(set(spans)):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def better_text(
    subject: Subject, findings: Iterable[RuleFinding], judgements: Judgements
) -> tuple[str, tuple[RuleFinding, ...]] | None:
    """The improvement with what code finds in it, when it may take the place of the text.

    It may when something failed (a fact of code's or a judgement of the model's; a question
    never) and it has no more facts against it than the text had.
    """
    facts, better = count_facts(findings), judgements.improvement
    if better is None or not (facts or judgements.failed):
        return None
    found = check_definition(subject.begrip, better, subject.context)
    return (better, found) if count_facts(found) <= facts else None


def count_facts(findings: Iterable[RuleFinding]) -> int:
    """How many findings are facts."""
    return sum(one.kind is RuleKind.D for one in findings)
