"""The rule table as Markdown, generated from the rule files: ``docs/definition-rules.md``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from voorbeelden.definition.measure import Score, about, held_out, scores, statutory
from voorbeelden.definition.model import Rule, RuleKind, Source
from voorbeelden.definition.rules import load_rules

_HEAD = """# Definition rules

<!-- Generated: python -m voorbeelden.definition --table. Edit the rule files, not this page. -->

Every rule is one file in `voorbeelden/definition/rules/`: what it asks (in Dutch, as an editor
reads it), a good and a bad example of our own, its source and its kind.

- **D**: code decides, and the outcome is shown as fact.
- **H**: a pattern raises a question to the editor, never a verdict.
- **A**: the model judges, in one structured call, and gives its reason.
"""
_MEASURED = """\
The cases of each rule are in `voorbeelden/definition/cases/`: definitions that it must report
and definitions that it must leave alone. The last columns count what it says about correct
definitions: for a D rule a false alarm, for an H rule a question asked for nothing. The rules
were written with the {known} of `statutory.toml` at hand, so those flatter them. Whoever wrote
the {unseen} of `heldout.toml` had not seen the rules; these were used once since, to find what
to mend, and the figures are those of after that. We wrote cases and definitions ourselves, so
this shows what the rules withstand, not how often editors err.
"""
_KNOWN = """\
Their texts follow a statute that allows itself the exception (“bezit is het houden van …”,
“minister: Minister van …”).
"""
_KINDS = {
    RuleKind.D: "D: decided by code",
    RuleKind.H: "H: a question to the editor",
    RuleKind.A: "A: judged by the model",
}


def markdown() -> str:
    """The whole page; the same rules and cases give the same page."""
    return "\n".join([_HEAD, *_counts(), *_rules(), *_measured(), *_sources()]) + "\n"


def _counts() -> Iterator[str]:
    rules = load_rules()
    per_kind = ", ".join(
        f"{sum(rule.kind is kind for rule in rules)} {kind.value}" for kind in RuleKind
    )
    yield f"There are {len(rules)} rules: {per_kind}.\n"


def _rules() -> Iterator[str]:
    for kind, title in _KINDS.items():
        yield f"## {title}\n"
        yield "| id | rule | what it asks | good | bad | source |"
        yield "|---|---|---|---|---|---|"
        for rule in load_rules():
            if rule.kind is kind:
                yield _row(_cells(rule))
        yield ""


def _cells(rule: Rule) -> Iterable[str]:
    examples = [f"*{one.begrip}*: {_shown(one.definitie)}" for one in (rule.good, rule.bad)]
    sources = "<br>".join(_cited(source) for source in rule.sources)
    return (f"`{rule.rule_id}`", rule.name, rule.asks, *examples, sources)


def _measured() -> Iterator[str]:
    found = scores()
    yield "## Measured\n"
    yield _MEASURED.format(known=len(statutory()), unseen=len(held_out()))
    yield "| | D: false alarms | definitions with at least one H question |"
    yield "|---|---|---|"
    yield _row(_in_total("`statutory.toml`", len(statutory()), lambda score: score.alarms))
    yield _row(_in_total("`heldout.toml`", len(held_out()), lambda score: score.held_out))
    yield ""
    yield f"The known false alarms: {_known_alarms()}."
    yield _KNOWN
    yield "| id | kind | reported | left alone | on `statutory.toml` | on `heldout.toml` |"
    yield "|---|---|---|---|---|---|"
    for score in found:
        yield _row(measured_cells(score))
    yield ""


def _in_total(
    name: str, size: int, alarms_of: Callable[[Score], tuple[str, ...]]
) -> tuple[str, ...]:
    facts, questions = about(RuleKind.D, alarms_of), about(RuleKind.H, alarms_of)
    return (name, f"{len(facts)} of {size}", f"{len(questions)} of {size}")


def _known_alarms() -> str:
    return ", ".join(
        f"{name} (`{score.rule.rule_id}`)"
        for score in scores()
        if score.rule.kind is RuleKind.D
        for name in (*score.alarms, *score.held_out)
    )


def measured_cells(score: Score) -> tuple[str, ...]:
    """A row of figures: id, kind, reported of those to report, left alone, alarms on both sets."""
    return (
        f"`{score.rule.rule_id}`",
        score.rule.kind.value,
        f"{score.reported} of {score.to_report}",
        f"{score.silent} of {score.to_leave}",
        str(len(score.alarms)),
        str(len(score.held_out)),
    )


def _sources() -> Iterator[str]:
    yield "## Sources\n"
    yield "“tekst gelezen”: we read the text cited. “naam en nummer”: we saw the name and number of"
    yield "the rule, with the address of its page, in public working documents that build on it; we"
    yield "have not read the page itself. The wording of every rule is our own.\n"
    works = {source.work for rule in load_rules() for source in rule.sources}
    for work in sorted(works, key=lambda work: work.name):
        if work.address:
            yield f"- {work.name}: <{work.address}> ({work.seen})"
    yield "- Eigen richtlijn: no source; our own choice."


def _cited(source: Source) -> str:
    return f"{source.work.name}: {source.place}" if source.place else source.work.name


def _shown(definitie: str) -> str:
    return definitie if len(definitie) <= 160 else definitie[:150].rsplit(" ", 1)[0] + " […]"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(cell: str) -> str:
    """Text of a cell that no reader takes for markup, code between back quotes left alone."""
    if cell.startswith("`"):
        return cell
    return cell.replace("|", "\\|").replace("**", "\\*\\*").replace("\n", " ")
