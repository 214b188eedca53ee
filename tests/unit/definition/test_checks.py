"""``check_definition``: which findings, in which order, with which verdict and places."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voorbeelden.definition import RuleKind, Verdict, check_definition, checks, rules_for_model
from voorbeelden.definition.model import VERDICT_OF, RuleFinding
from voorbeelden.definition.rules import RuleFileError, load_rules


def found(begrip: str, definitie: str) -> dict[str, RuleFinding]:
    return {finding.rule_id: finding for finding in check_definition(begrip, definitie, {})}


def test_a_good_definition_gets_no_findings() -> None:
    """Passes are silent."""
    assert check_definition("getuige", "Persoon die verklaart over eigen waarneming", {}) == ()


def test_a_finding_states_its_reason_and_marks_the_words() -> None:
    """The reason quotes each word once; the spans are every place, in the text as given."""
    text = "De persoon die kan en mag en kan verklaren"
    findings = found("getuige", text)
    article, modal = findings["begin-lidwoord"], findings["modaal-werkwoord"]
    assert article.reason == "De definitie begint met het lidwoord “De”."
    assert (article.kind, article.verdict) == (RuleKind.D, Verdict.FACT)
    assert article.spans == ((0, 2),)
    assert modal.reason.startswith("Hoort “kan” en “mag” bij het begrip")
    assert (modal.kind, modal.verdict) == (RuleKind.H, Verdict.QUESTION)
    assert [text[a:b] for a, b in modal.spans] == ["kan", "mag", "kan"]


def test_facts_come_before_questions() -> None:
    """An editor reads what is certain first."""
    kinds = [finding.kind for finding in check_definition("wet", "De regel die kan gelden", {})]
    assert kinds == sorted(kinds)
    assert set(kinds) == {RuleKind.D, RuleKind.H}


def test_an_empty_definition_gets_that_one_finding() -> None:
    """Nothing else can be said about a text that is not there."""
    assert list(found("voertuigen", " ")) == ["definitie-ingevuld"]


def test_places_are_those_of_the_text_as_given() -> None:
    """A text with separate accents is marked where its own characters stand."""
    text = unicodedata.normalize("NFD", "Één financiële partij die één zaak kan überhaupt geven")
    spans = found("schenking", text)["modaal-werkwoord"].spans
    assert [text[a:b] for a, b in spans] == ["kan"]


def test_the_model_gets_the_judgement_rules_only() -> None:
    """Each with what it asks and examples; none of them can speak here."""
    rules = rules_for_model()
    assert {rule.kind for rule in rules} == {RuleKind.A}
    assert len(rules) == sum(rule.kind is RuleKind.A for rule in load_rules())


def test_a_rule_that_names_no_check_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing error in a rule file fails loudly, not by passing every definition."""
    monkeypatch.setattr(checks, "CHECKS", {})
    checks._coded_rules.cache_clear()
    try:
        with pytest.raises(RuleFileError, match="no check is called"):
            check_definition("wet", "Geheel van regels dat geldt", {})
    finally:
        checks._coded_rules.cache_clear()


SCRAPS = (
    "De het een Besluit besluiten kan zoals en/of ) ( “x” 'y' Awb OM nr. . e\u0301e\u0301n aan te "
    "bijvoorbeeld houden hield - ** < > www.x.nl niet onbevoegd 1e § m.b.t. en en"
)


@settings(max_examples=60, deadline=None)
@given(
    begrip=st.one_of(st.text(max_size=12), st.sampled_from(["besluit", "aanhouden", "OM"])),
    pieces=st.lists(st.sampled_from(SCRAPS.split()), max_size=30),
    glue=st.sampled_from([" ", "", ". ", "\n"]),
)
def test_any_text_can_be_checked(begrip: str, pieces: list[str], glue: str) -> None:
    """No text raises; spans lie in the text, in order, without overlap, and are not empty; the
    verdict belongs to the kind; the same text gives the same findings."""
    text = glue.join(pieces)
    findings = check_definition(begrip, text, {"wettelijk": (begrip, "Awb")})
    assert findings == check_definition(begrip, text, {"wettelijk": (begrip, "Awb")})
    for finding in findings:
        assert finding.verdict is VERDICT_OF[finding.kind]
        assert "{" not in finding.reason.replace(begrip, "")
        places = [place for span in finding.spans for place in span]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) for start, end in finding.spans)
