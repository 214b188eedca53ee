"""What was found about a definition, as HTML: facts, the model's judgements, questions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape

from voorbeelden.clock import clock_time
from voorbeelden.definition import Rule, RuleKind, load_rules
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_keeper import DefinitionVersion
from voorbeelden.definition.flow_model import Judgements, Phase
from voorbeelden.definition.judging import as_findings
from voorbeelden.definition.model import RuleFinding
from voorbeelden.screen.alerts import alert
from voorbeelden.screen.definition_texts import ORIGINS, VERDICTS
from voorbeelden.tidy import tidy


@cache
def _rules() -> dict[str, Rule]:
    return {rule.rule_id: rule for rule in load_rules()}


def of_model(snapshot: FlowSnapshot, text: str) -> tuple[RuleFinding, ...]:
    """What the model found in ``text``; nothing when it judged another one."""
    judgements = snapshot.state.judgements
    if judgements is None or judgements.text != tidy(text):
        return ()
    return as_findings(judgements)


def panel(
    snapshot: FlowSnapshot,
    text: str,
    findings: Sequence[RuleFinding] | None,
    *,
    demonstration: bool = False,
) -> str:
    """The whole panel. ``findings`` are numbered by their place; ``None``: not looked yet. A
    ``demonstration`` has no model, and its judgements say nothing."""
    if findings is None:
        body = '<p class="vb-purpose">De toets begint zodra de tekst er staat.</p>'
    else:
        rows = "".join(_finding(number, one) for number, one in enumerate(findings, start=1))
        listed = f'<ol class="vb-findings">{rows}</ol>' if rows else ""
        by_code = [one for one in findings if one.kind is not RuleKind.A]
        clean = "" if by_code or not text.strip() else _clean()
        body = listed + clean + _model(snapshot, text, demonstration=demonstration)
    return (
        '<section class="vb-checks" aria-label="Bevindingen" tabindex="0"><h3>Bevindingen</h3>'
        f"{body}</section>"
    )


def _finding(number: int, one: RuleFinding) -> str:
    rule = _rules()[one.rule_id]
    return (
        f'<li class="vb-finding vb-{one.verdict.value}">'
        f'<span class="vb-number" aria-hidden="true">{number}</span>'
        f'<div><span class="vb-chip">{VERDICTS[one.verdict]}</span>'
        f'<b class="vb-rule">{escape(rule.name)}</b>'
        f'<span class="vb-why">{escape(one.reason)}</span></div></li>'
    )


def _clean() -> str:
    count = sum(rule.kind is not RuleKind.A for rule in _rules().values())
    return (
        f'<p class="vb-fine">De toepassing zelf heeft geen bevindingen: zij ging {count} regels na.'
        "</p>"
    )


def _model(snapshot: FlowSnapshot, text: str, *, demonstration: bool) -> str:
    """What the model does or did, in a sentence or two."""
    state = snapshot.state
    if failure := state.failures.get(Phase.VALIDATION):
        return alert(failure.message, "Geen oordeel van het taalmodel.")
    if state.judgements is not None:
        judged = _judged(snapshot, state.judgements, text, demonstration=demonstration)
        return judged + _proposal(state.judgements, text)
    if state.running(Phase.VALIDATION):
        retry = state.retrying.get(Phase.VALIDATION)
        again = f" (poging {retry.attempt} van {retry.most})" if retry else ""
        return (
            '<p class="vb-purpose" role="status">Het taalmodel beoordeelt de overige regels'
            f'{again}…</p><div class="vb-skeleton" aria-hidden="true"></div>'
        )
    if not text.strip():
        return ""
    return '<p class="vb-purpose">Het taalmodel heeft deze tekst niet beoordeeld.</p>'


def _judged(
    snapshot: FlowSnapshot, judgements: Judgements, text: str, *, demonstration: bool
) -> str:
    failed, total = len(judgements.failed), len(judgements.judged)
    parts: list[str] = []
    if demonstration and not failed:
        parts.append(
            f'<p class="vb-purpose">Demonstratie: de {total} regels die een taalmodel beoordeelt, '
            "zijn hier niet echt beoordeeld.</p>"
        )
    elif judgements.text == tidy(text):
        fine = f"{total - failed} van de {total}" if failed else f"alle {total}"
        parts.append(
            f'<p class="vb-fine">Volgens het taalmodel voldoet de tekst aan {fine} regels die het '
            "beoordeelde.</p>"
        )
    elif snapshot.state.replaced_at is not None and snapshot.state.text == tidy(text):
        parts.append(
            '<p class="vb-purpose"><b>De tekst is verbeterd.</b> Het taalmodel had bezwaar tegen '
            "de eerste tekst en gaf deze in de plaats. De nieuwe tekst is niet opnieuw door het "
            f"model beoordeeld.</p>{_objections(judgements)}"
        )
    else:
        parts.append(
            '<p class="vb-purpose">Het taalmodel beoordeelde een eerdere tekst. Kies Genereer '
            "voorbeelden om ook deze te laten beoordelen.</p>"
        )
    if judgements.unjudged:
        count = len(judgements.unjudged)
        noun = "één regel" if count == 1 else f"{count} regels"
        parts.append(f'<p class="vb-note">Over {noun} gaf het taalmodel geen oordeel.</p>')
    return "".join(parts)


def _proposal(judgements: Judgements, text: str) -> str:
    """What the model would write instead, unless that is what stands there."""
    if judgements.improvement is None or judgements.improvement == tidy(text):
        return ""
    return (
        '<div class="vb-proposal"><b>Voorstel van het taalmodel</b>'
        f"<p>{escape(judgements.improvement)}</p></div>"
    )


def _objections(judgements: Judgements) -> str:
    rows = "".join(
        f"<li><b>{escape(_rules()[one.rule_id].name)}</b>: {escape(one.reason)}</li>"
        for one in judgements.failed
    )
    return f'<ul class="vb-objections">{rows}</ul>' if rows else ""


def versions(found: Sequence[DefinitionVersion]) -> str:
    """Every version, newest first, folded away."""
    rows = [in_memory(one, len(found) - place) for place, one in enumerate(reversed(found))]
    return folded_away(rows)


def folded_away(versions: Sequence[str]) -> str:
    """List items, each one a version, under a line that says how many there are; of none yet, the
    room that the line takes."""
    count = "1 versie" if len(versions) == 1 else f"{len(versions)} versies"
    css = "vb-versions" if versions else "vb-versions vb-to-come"
    rows = "".join(versions)
    return (
        f'<details class="{css}"><summary>{count} van de definitie</summary>'
        f"<ol>{rows}</ol></details>"
    )


def in_memory(one: DefinitionVersion, number: int | None = None) -> str:
    """A version as the process remembers it, as a list item; without a number it is none of those
    that are kept."""
    place = "" if number is None else f"{number}. "
    moment = clock_time(one.made_at)
    return (
        f'<li><span class="vb-version-head">{place}{ORIGINS[one.origin]} om {moment}</span>'
        f'<span class="vb-version-text">{escape(one.subject.definitie)}</span>'
        f"{despite(one.against, one.reason)}</li>"
    )


def despite(against: Sequence[str], reason: str) -> str:
    """With which reason a text was accepted although these rules (ids) were not met."""
    if not reason:
        return ""
    known = _rules()
    # A kept text may be older than the rules of today.
    names = ", ".join(known[rule].name if rule in known else rule for rule in against)
    return f'<span class="vb-why">Ondanks: {escape(names)}. Reden: {escape(reason)}</span>'
