"""The rule files: all readable, complete, and of one form."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import voorbeelden.definition.rules as rules_package
from voorbeelden.definition import RuleFileError, RuleKind, check_definition, load_rules
from voorbeelden.definition.checks import CHECKS
from voorbeelden.definition.model import Rule, Work
from voorbeelden.definition.patterns import compiled
from voorbeelden.definition.rules import parse

WORKS = {"eigen": Work("Eigen richtlijn", "", "")}
A_RULE = """
id = "kort"
soort = "A"
groep = "vorm"
naam = "Is kort"
vraag = "Is de definitie kort?"
toelichting = "Kort leest beter."
goed = { begrip = "wet", definitie = "Geheel van regels" }
fout = { begrip = "wet", definitie = "Geheel van alle regels die er zijn" }

[[bron]]
werk = "eigen"
plaats = ""
"""
D_RULE = A_RULE.replace('"A"', '"D"').replace(
    "toelichting", 'reden = "Het is lang."\ntoelichting'
) + (
    """
[toets]
vorm = "lengte"
vanaf = 4
"""
)


def test_there_are_at_least_thirty_rules_of_all_three_kinds() -> None:
    """The issue asks for thirty; every kind is there, and no two rules share an id or a name."""
    rules = load_rules()
    assert len(rules) >= 30
    assert {rule.kind for rule in rules} == set(RuleKind)
    assert len({rule.rule_id for rule in rules}) == len(rules)
    assert len({rule.name for rule in rules}) == len(rules)


def test_every_file_in_the_folder_is_a_rule() -> None:
    """One file a rule: nothing is skipped and nothing is loaded twice."""
    files = {path.stem for path in Path(rules_package.__file__).parent.glob("*.toml")}
    assert files == {rule.rule_id for rule in load_rules()}


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.rule_id)
def test_a_rule_is_complete(rule: Rule) -> None:
    """Dutch texts are sentences, the question is a question, the examples differ, a source is
    cited, and only D and H rules carry a test that exists and patterns that compile."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.rule_id)
    assert rule.asks.endswith("?")
    assert rule.explanation.endswith(".")
    assert rule.good != rule.bad
    assert rule.sources
    if rule.kind is RuleKind.A:
        assert rule.test is None
        assert not rule.reason
        return
    assert rule.test is not None
    assert rule.test.form in CHECKS
    assert rule.reason.endswith("?" if rule.kind is RuleKind.H else ".") or (
        # "Is … een meervoud? Neem dan het enkelvoud …": a question with its advice.
        rule.kind is RuleKind.H and "?" in rule.reason
    )
    compiled(rule.test)
    fields = {name for _, name, _, _ in string.Formatter().parse(rule.reason) if name}
    assert fields <= {"woorden", "begrip", "aantal", "grens", "voorstel", "meervoud"}


@pytest.mark.parametrize(
    "rule", [rule for rule in load_rules() if rule.test], ids=lambda rule: rule.rule_id
)
def test_the_examples_of_a_coded_rule_are_what_they_say(rule: Rule) -> None:
    """The bad example is reported by its own rule; the good one meets every coded rule."""
    bad = check_definition(rule.bad.begrip, rule.bad.definitie, rule.bad.context)
    assert rule.rule_id in {finding.rule_id for finding in bad}
    good = check_definition(rule.good.begrip, rule.good.definitie, rule.good.context)
    assert [finding.reason for finding in good] == []


@pytest.mark.parametrize(
    "rule", [rule for rule in load_rules() if not rule.test], ids=lambda rule: rule.rule_id
)
def test_the_good_example_of_a_model_rule_is_good(rule: Rule) -> None:
    """What we show the model as good gives code nothing to say either."""
    good = check_definition(rule.good.begrip, rule.good.definitie, rule.good.context)
    assert [finding.reason for finding in good] == []


def test_rules_come_in_reading_order() -> None:
    """Facts before questions before judgements; the groups in order within a kind."""
    kinds = [rule.kind for rule in load_rules()]
    assert kinds == sorted(kinds, key=list(RuleKind).index)


def test_a_file_of_the_right_form_is_read() -> None:
    """A and D files, with the test of the latter."""
    assert parse("kort", A_RULE, WORKS).test is None
    test = parse("kort", D_RULE, WORKS).test
    assert test is not None
    assert (test.form, test.minimum, test.maximum) == ("lengte", 4, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id = ", "Invalid value"),
        (A_RULE.replace('id = "kort"', 'id = "lang"'), "the id is 'lang'"),
        (A_RULE.replace('soort = "A"', 'soort = "X"'), "'X' is not a valid RuleKind"),
        (A_RULE.replace('groep = "vorm"', 'groep = "rest"'), "not a valid RuleGroup"),
        (A_RULE.replace('naam = "Is kort"', ""), "naam"),
        (A_RULE.replace('naam = "Is kort"', 'naam = "Is kort"\nkleur = "rood"'), "kleur"),
        (A_RULE.replace('werk = "eigen"', 'werk = "onbekend"'), "onbekend"),
        (A_RULE.replace('"Geheel van regels" }', '"Geheel" '), "kort: "),
        (D_RULE.replace('reden = "Het is lang."', ""), "reden"),
        (D_RULE.replace("vanaf = 4", "tussen = 4"), "tussen"),
        (D_RULE.replace('vorm = "lengte"', ""), "vorm"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name(text: str, says: str) -> None:
    """Every mistake in a file is one kind of error, which names the file and the mistake."""
    with pytest.raises(RuleFileError, match=re.escape(says)) as caught:
        parse("kort", text, WORKS)
    assert str(caught.value).startswith("kort")
