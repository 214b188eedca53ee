"""The definition page's HTML: marks, findings, timeline, sentences; text only ever escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from voorbeelden.definition import RuleFinding, check_definition, rules_for_model
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_keeper import DefinitionVersion, Origin
from voorbeelden.definition.flow_model import (
    DefinitionRequest,
    DraftEnded,
    DraftText,
    ExamplesEvent,
    ExamplesStarted,
    FindingsReady,
    FlowEvent,
    Judgement,
    Judgements,
    Phase,
    PhaseEnded,
    PhaseRetrying,
    PhaseStarted,
    TextReplaced,
)
from voorbeelden.definition.flow_state import FlowState
from voorbeelden.definition.model import VERDICT_OF, RuleKind, Span
from voorbeelden.jobs import Job
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    Failure,
    FailureKind,
    GenerationMode,
    Outcome,
    OutcomeState,
    Subject,
    TypeEnded,
    TypeStarted,
)
from voorbeelden.screen import definition_kept
from voorbeelden.screen.definition_findings import of_model, panel, versions
from voorbeelden.screen.definition_kept import KeptDefinition, came_about, kept_versions
from voorbeelden.screen.definition_page import about_html, heading_html
from voorbeelden.screen.definition_text import card, in_reading_order, marked
from voorbeelden.screen.definition_texts import status
from voorbeelden.screen.definition_timeline import timeline_html
from voorbeelden.store.records import (
    Acceptance,
    BegripRecord,
    BegripView,
    DefinitionRecord,
    GenerationRecord,
    ReviewCounts,
)
from voorbeelden.tidy import tidy

TEXT = "Besluit van een orgaan"
SUBJECT = Subject("besluit", TEXT)
FAILURE = Failure(FailureKind.SERVER, "Storing <b>bij</b> het model.")
HOSTILE = '<img src="http://voorbeeld.invalid/x.png" onerror="alert(1)">'
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
_TAG = re.compile(r"<[^>]*>")


def finding(kind: RuleKind, *spans: Span, reason: str = "Reden.") -> RuleFinding:
    rule = {RuleKind.D: "begin-lidwoord", RuleKind.H: "modaal-werkwoord", RuleKind.A: "toetsbaar"}
    return RuleFinding(rule[kind], kind, VERDICT_OF[kind], reason, spans)


def snapshot(*events: FlowEvent, **changes: Any) -> FlowSnapshot:
    """A flow after ``events``; its examples are made of the wrapped ones."""
    state = FlowState()
    job: Job | None = None
    for event in events:
        state = state.apply(event)
        if isinstance(event, ExamplesStarted):
            wanted = DEFAULT_EXAMPLE_COUNTS
            job = Job("j", "", event.subject, GenerationMode.ASYNC, wanted)
        if isinstance(event, ExamplesEvent) and job is not None:
            job.apply(event.event)
    given_: dict[str, Any] = {
        "flow_id": "f",
        "request": DefinitionRequest("besluit"),
        "subject": Subject("besluit", ""),
        "state": state,
        "examples": None if job is None else job.snapshot(),
        "versions": (),
        "edited": None,
        "running": True,
        "stopped": False,
        "failure": None,
        "elapsed": 5.0,
    }
    return FlowSnapshot(**{**given_, **changes})


DRAFTED = (
    PhaseStarted(Phase.DRAFT, 0.0),
    DraftEnded(TEXT, "", 4.0),
    PhaseEnded(Phase.DRAFT, None, 4.0),
)
VALIDATING = (PhaseStarted(Phase.VALIDATION, 4.0), FindingsReady(TEXT, (), None, 4.0))


def validated(*judged: Judgement, improvement: str | None = None) -> tuple[FlowEvent, ...]:
    found = Judgements(TEXT, judged, improvement=improvement)
    return (
        *VALIDATING,
        FindingsReady(TEXT, (), found, 7.0),
        PhaseEnded(Phase.VALIDATION, None, 7.0),
    )


def examples(
    *, run: int = 1, start: float = 4.0, end: float = 6.0, text: str = TEXT
) -> tuple[FlowEvent, ...]:
    events: list[FlowEvent] = [
        PhaseStarted(Phase.EXAMPLES, start),
        ExamplesStarted(run, Subject("besluit", text), start),
    ]
    for kind in ExampleType:
        outcome = Outcome(kind, OutcomeState.DONE, attempts=1)
        events += [
            ExamplesEvent(run, TypeStarted(kind, 0.0), start),
            ExamplesEvent(run, TypeEnded(kind, outcome, end - start), end),
        ]
    return (*events, PhaseEnded(Phase.EXAMPLES, None, end))


FINE = tuple(Judgement(rule.rule_id, True, "Goed.") for rule in rules_for_model())
WHOLE = (*DRAFTED, *validated(*FINE), *examples())


def words(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())


# --- marks ---

spans = st.tuples(st.integers(0, 40), st.integers(0, 40))


@given(
    text=st.text(max_size=30),
    found=st.lists(st.tuples(st.sampled_from(list(RuleKind)), st.lists(spans, max_size=3))),
)
def test_marking_never_changes_the_text(
    text: str, found: list[tuple[RuleKind, list[Span]]]
) -> None:
    """Whatever is marked and however spans overlap or stick out: without the tags and the numbers
    the text is what it was, and only our own tags are in it."""
    findings = in_reading_order([finding(kind, *places) for kind, places in found])
    html = marked(text, findings)
    bare = re.sub(r"<sup>\d+</sup>", "", html)
    assert re.sub(r'</?mark(?: class="vb-mark vb-\w+")?>', "", bare) == escape(text)
    assert html.count("<mark") == html.count("</mark>")


def test_the_strongest_finding_colours_words_that_two_are_about() -> None:
    """A fact goes before a judgement, that before a question; each number stands where its words
    end."""
    findings = in_reading_order(
        [finding(RuleKind.H, (0, 11)), finding(RuleKind.A, (8, 15)), finding(RuleKind.D, (0, 7))]
    )
    assert [one.kind for one in findings] == [RuleKind.D, RuleKind.A, RuleKind.H]
    assert marked(TEXT, findings) == (
        '<mark class="vb-mark vb-fact">Besluit<sup>1</sup></mark>'
        '<mark class="vb-mark vb-question"> </mark>'
        '<mark class="vb-mark vb-judgement">van<sup>3</sup></mark>'
        '<mark class="vb-mark vb-judgement"> een<sup>2</sup></mark>'
        " orgaan"
    )


def test_hostile_text_is_escaped_everywhere() -> None:
    """As a begrip, a text, a draft, a reason, an improvement, a failure and a version."""
    version = DefinitionVersion("f", Subject(HOSTILE, HOSTILE), Origin.ACCEPTED, HOSTILE, ())
    judged = Judgements(TEXT, (Judgement("toetsbaar", False, HOSTILE),), improvement=f"{HOSTILE} x")
    one = snapshot(
        DraftText(HOSTILE, 1.0),
        DraftEnded(None, HOSTILE, 2.0),
        FindingsReady(TEXT, (), judged, 3.0),
        subject=Subject(HOSTILE, ""),
        failure=Failure(FailureKind.INTERNAL, HOSTILE),
        versions=(version,),
    )
    found = [finding(RuleKind.D, (0, 5), reason=HOSTILE)]
    growing = snapshot(PhaseStarted(Phase.DRAFT, 0.0), DraftText(HOSTILE, 1.0))
    pieces = [
        card(one, HOSTILE, found),
        card(growing, HOSTILE, ()),
        panel(one, TEXT, found),
        versions(one.versions),
        heading_html(one),
        about_html(one, HOSTILE, HOSTILE),
        timeline_html(one, refresh=0.4),
    ]
    for html in pieces:
        assert "<img" not in html
    assert "&lt;img" in "".join(pieces[1:5])


# --- card and panel ---


def test_a_growing_draft_is_shown_with_a_caret() -> None:
    started = PhaseStarted(Phase.DRAFT, 0.0)
    assert "stelt de definitie op" in card(snapshot(started), "", ())
    retry = PhaseRetrying(Phase.DRAFT, FailureKind.SERVER, 2, 3, 0.5, 1.0)
    assert "Poging 2 van 3: het taalmodel" in words(card(snapshot(started, retry), "", ()))
    html = card(snapshot(started, DraftText("Besluit van", 1.0)), "Besluit van", ())
    assert "vb-caret" in html
    assert words(html) == "Besluit van"


def test_a_failed_draft_is_told_with_its_concept() -> None:
    failed = (
        PhaseStarted(Phase.DRAFT, 0.0),
        PhaseEnded(Phase.DRAFT, FAILURE, 1.0),
        DraftEnded(None, "Besluit van", 1.0),
    )
    said = words(card(snapshot(*failed, running=False), "Besluit van", ()))
    assert "Niet gelukt. Storing <b>bij</b> het model." in said
    assert "Concept , niet compleet" in said
    assert said.endswith("Besluit van")


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (VALIDATING, "Het taalmodel beoordeelt de overige regels…"),
        (
            (*VALIDATING, PhaseRetrying(Phase.VALIDATION, FailureKind.SERVER, 2, 3, 0.1, 5.0)),
            "(poging 2 van 3)",
        ),
        (
            (*VALIDATING, PhaseEnded(Phase.VALIDATION, FAILURE, 5.0)),
            "Geen oordeel van het taalmodel. Storing",
        ),
        (validated(*FINE), "voldoet de tekst aan alle 16 regels"),
        (
            validated(*FINE[1:], Judgement(FINE[0].rule_id, False, "Nee.")),
            "aan 15 van de 16 regels",
        ),
        (validated(*FINE, improvement="Beter besluit"), "Voorstel van het taalmodel Beter besluit"),
        ((), "Het taalmodel heeft deze tekst niet beoordeeld."),
    ],
)
def test_the_panel_says_what_the_model_did(events: tuple[FlowEvent, ...], said: str) -> None:
    assert said in words(panel(snapshot(*DRAFTED, *events), TEXT, []))


def test_the_panel_says_when_the_judgement_is_about_another_text() -> None:
    one = snapshot(*DRAFTED, *validated(*FINE))
    assert "beoordeelde een eerdere tekst" in words(panel(one, "Iets anders", []))
    failed = Judgement("toetsbaar", False, "Niet vast te stellen.")
    better = snapshot(
        *DRAFTED, *validated(failed, improvement="Beter"), TextReplaced(TEXT, "Beter", 7.0)
    )
    said = words(panel(better, "Beter", []))
    assert "De tekst is verbeterd." in said
    assert "Niet vast te stellen." in said
    assert "Voorstel" not in said


def test_a_demonstration_does_not_pretend_to_judge() -> None:
    one = snapshot(*DRAFTED, *validated(*FINE))
    said = words(panel(one, TEXT, [], demonstration=True))
    assert "niet echt beoordeeld" in said
    assert "Volgens het taalmodel" not in said


def test_rules_that_got_no_judgement_are_counted() -> None:
    judgements = Judgements(TEXT, FINE[:14], unjudged=("a", "b"))
    one = snapshot(*DRAFTED, FindingsReady(TEXT, (), judgements, 5.0))
    assert "Over 2 regels gaf het taalmodel geen oordeel." in words(panel(one, TEXT, []))


def test_every_finding_has_its_kind_its_rule_and_its_reason() -> None:
    text = "Een besluit dat kan worden genomen"
    found = in_reading_order(check_definition("besluit", text, {}))
    said = words(panel(snapshot(*DRAFTED), text, found))
    assert "1 Niet in orde Begint niet met een lidwoord" in said
    assert "Vraag Vermijdt “kan”, “mag” en “moet” Hoort “kan” bij het begrip zelf" in said
    assert "geen bevindingen" not in said


def test_versions_come_newest_first() -> None:
    first = DefinitionVersion("f", SUBJECT, Origin.DRAFT)
    second = DefinitionVersion(
        "f", SUBJECT, Origin.ACCEPTED, "Staat in de wet.", ("begin-lidwoord",)
    )
    said = words(versions((first, second)))
    assert said.startswith("2 versies van de definitie 2. Vastgesteld om")
    assert "Ondanks: Begint niet met een lidwoord. Reden: Staat in de wet." in said
    assert "vb-to-come" in versions(())


def test_the_examples_say_which_text_they_are_about() -> None:
    one = snapshot(*WHOLE)
    assert "horen bij deze tekst" in about_html(one, f" {TEXT} ", None)
    assert "horen bij een eerdere tekst" in about_html(one, "Iets anders", None)


# --- timeline and sentences ---


def test_the_timeline_shows_phases_and_the_same_calls_in_a_row() -> None:
    """The design's own example: 7 s as it ran, 19 s in a row, 9 s phase after phase."""
    one = snapshot(*WHOLE, running=False, elapsed=7.0)
    html = timeline_html(one, refresh=0.4)
    said = words(html)
    assert "Opstellen klaar 4,0 s" in said
    assert "Toetsen klaar 3,0 s" in said
    assert "Voorbeelden klaar 6/6 2,0 s" in said
    assert "In een rij opgeteld 19,0 s" in said
    assert "Zo gelopen: 7,0 s , 2,7× sneller dan alles in een rij (19,0 s)" in said
    assert "tegelijk: 9,0 s" in said
    assert html.count("vb-piece") == 8


def test_a_discarded_run_is_drawn_apart_and_counted() -> None:
    one = snapshot(
        *DRAFTED,
        *VALIDATING,
        *examples(),
        TextReplaced(TEXT, "Beter", 7.0),
        *examples(run=2, start=7.0, end=9.0, text="Beter"),
        running=False,
        elapsed=9.0,
    )
    html = timeline_html(one, refresh=0.4)
    assert html.count("vb-lost") == 1
    assert "6 aanroepen waren voor niets" in words(html)


@pytest.mark.parametrize(
    ("events", "changes", "sentence"),
    [
        ((), {}, "Bezig: de definitie wordt opgesteld."),
        (DRAFTED, {}, "Bezig: bijna klaar."),
        ((*DRAFTED, *VALIDATING), {}, "Bezig: de definitie wordt getoetst."),
        (
            (*DRAFTED, *VALIDATING, *examples()[:4]),
            {},
            "Bezig: de definitie wordt getoetst; 1 van de 6 soorten voorbeelden klaar.",
        ),
        (WHOLE, {"running": False}, "De definitie en alle 6 soorten voorbeelden zijn klaar in"),
        (DRAFTED, {"running": False}, "De definitie is klaar in"),
        (
            (*DRAFTED, *examples()[:6]),
            {"running": False},
            "De definitie is klaar; van de voorbeelden 2 van de 6 soorten.",
        ),
        (
            (PhaseStarted(Phase.DRAFT, 0.0), PhaseEnded(Phase.DRAFT, FAILURE, 1.0)),
            {"running": False},
            "Er is nog geen definitie. Wat u invulde, staat er nog.",
        ),
        (
            (*DRAFTED, *VALIDATING, PhaseEnded(Phase.VALIDATION, FAILURE, 5.0), *examples()),
            {"running": False},
            "De definitie is klaar. De beoordeling door het taalmodel is niet gelukt.",
        ),
        (
            (
                *DRAFTED,
                *VALIDATING,
                PhaseEnded(Phase.VALIDATION, FAILURE, 5.0),
                PhaseStarted(Phase.EXAMPLES, 4.0),
                PhaseEnded(Phase.EXAMPLES, FAILURE, 5.0),
            ),
            {"running": False},
            "De beoordeling door het taalmodel en het maken van voorbeelden zijn niet gelukt.",
        ),
        (DRAFTED, {"running": False, "stopped": True}, "Gestopt. Bewaard is de definitie"),
        ((), {"running": False, "stopped": True}, "Gestopt. Bewaard is wat er was."),
        ((), {"running": False, "failure": FAILURE}, "Er ging iets mis."),
    ],
)
def test_one_sentence_says_how_it_stands(
    events: tuple[FlowEvent, ...], changes: dict[str, Any], sentence: str
) -> None:
    assert sentence in status(snapshot(*events, **changes))


@pytest.mark.parametrize(
    ("events", "changes", "lane"),
    [
        ((), {}, "Opstellen wacht"),
        (DRAFTED, {}, "Toetsen wacht"),
        (DRAFTED, {"running": False}, "Toetsen overgeslagen"),
        ((*DRAFTED, *VALIDATING), {}, "Toetsen bezig"),
        (
            (PhaseStarted(Phase.DRAFT, 0.0), PhaseEnded(Phase.DRAFT, FAILURE, 1.0)),
            {},
            "Opstellen mislukt",
        ),
        (
            (PhaseStarted(Phase.DRAFT, 0.0), PhaseEnded(Phase.DRAFT, None, 1.0)),
            {"running": False, "stopped": True},
            "Opstellen gestopt",
        ),
        (
            (*DRAFTED, *examples()[:4], PhaseEnded(Phase.EXAMPLES, None, 5.0)),
            {"running": False},
            "Voorbeelden deels 1/6",
        ),
        ((), {"request": DefinitionRequest("besluit", definitie=TEXT)}, "Opstellen eigen tekst"),
    ],
)
def test_a_lane_says_how_its_phase_stands(
    events: tuple[FlowEvent, ...], changes: dict[str, Any], lane: str
) -> None:
    assert lane in words(timeline_html(snapshot(*events, **changes), refresh=0.4))


def test_failed_examples_are_not_said_to_belong_to_the_text() -> None:
    """None came of any type; while they run, they do belong to it."""
    started = (PhaseStarted(Phase.EXAMPLES, 4.0), ExamplesStarted(1, SUBJECT, 4.0))
    failed = [
        ExamplesEvent(
            1, TypeEnded(kind, Outcome(kind, OutcomeState.FAILED, failure=FAILURE), 1.0), 5.0
        )
        for kind in ExampleType
    ]
    one = snapshot(*DRAFTED, *started, *failed, running=False)
    assert one.examples is not None
    ended = replace(one, examples=replace(one.examples, running=False))
    assert "zijn nog geen voorbeelden gelukt" in about_html(ended, TEXT, None)
    assert "horen bij deze tekst" in about_html(snapshot(*DRAFTED, *started), TEXT, None)


def test_a_text_is_compared_as_tidy_as_it_is_kept() -> None:
    """Blanks, tabs and loose accents make no other text of it."""
    raw = f"\t{TEXT} e\u0301e\u0301n"
    kept = Subject("besluit", tidy(raw))
    version = DefinitionVersion("f", kept, Origin.ACCEPTED)
    judged = Judgements(kept.definitie, (Judgement("toetsbaar", False, "Nee."),))
    one = snapshot(
        *DRAFTED,
        FindingsReady(kept.definitie, (), judged, 5.0),
        ExamplesStarted(1, kept, 5.0),
        versions=(version,),
    )
    about = about_html(one, raw, None)
    assert "Deze tekst is om" in about
    assert "horen bij deze tekst" in about
    assert of_model(one, raw)


def test_a_replaced_text_stands_among_the_versions() -> None:
    """With the others of this process, and before those that the database has."""
    aside = DefinitionVersion("f", Subject("besluit", "Half zinnetje <b>"), Origin.SET_ASIDE)
    assert "2. Vervangen tekst om" in words(
        versions((DefinitionVersion("f", SUBJECT, Origin.DRAFT), aside))
    )
    begrip = BegripRecord(
        "b", "besluit", TEXT, {}, "besluit", 1, 1, ReviewCounts(), "anna", NOW, NOW
    )
    record = DefinitionRecord("b", 1, SUBJECT, "anna", NOW, "draft")
    kept = KeptDefinition(BegripView(begrip, (), (), None, None), (record,))
    said = words(kept_versions(kept, (aside,)))
    assert said.startswith("2 versies van de definitie Vervangen tekst om")
    assert "Half zinnetje <b> 1. Opgesteld op" in said


def test_how_a_version_came_about_is_told_with_reason_and_generations() -> None:
    """What the history shows beside each version."""
    accepted = Acceptance("Staat <b> zo in de wet.", ("begin-lidwoord",), "bas", NOW)
    record = DefinitionRecord("b", 2, SUBJECT, "anna", NOW, "draft", accepted)
    made = [
        GenerationRecord(
            "g", "b", number, "async", {}, "model", "1", None, None, "anna", NOW, NOW, False, ()
        )
        for number in (2, 1)
    ]
    begrip = BegripRecord(
        "b", "besluit", TEXT, {}, "besluit", 2, 1, ReviewCounts(), "anna", NOW, NOW
    )
    kept = KeptDefinition(BegripView(begrip, (), tuple(made), None, None), (record,))
    html = came_about(kept, record)
    said = words(html)
    assert said.startswith("Opgesteld door het taalmodel, voor anna Vastgesteld op")
    assert "door bas Ondanks: Begint niet met een lidwoord. Reden: Staat <b> zo in de wet." in said
    assert said.count("Voorbeelden gemaakt: 2.") == said.count("Voorbeelden gemaakt") == 1
    assert "Staat <b>" not in html


def test_the_store_is_read_again_only_when_something_was_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A picture every 0.4 s asks the database nothing; a type that ends is a reason to look, and so
    is a page that is run anew. What could not be read is asked again."""
    asked: list[str] = []
    found: list[object] = [None]

    def read(begrip_id: str) -> object:
        asked.append(begrip_id)
        return found[0]

    monkeypatch.setattr(definition_kept, "st", SimpleNamespace(session_state={}))
    monkeypatch.setattr(definition_kept, "kept_definition", read)
    running = (*DRAFTED, *examples()[:4])
    for _ in range(2):
        assert definition_kept.reading_of(snapshot(*running)) is None
    assert len(asked) == 2
    found[0] = object()
    for elapsed in (5.0, 5.4, 5.8):
        assert definition_kept.reading_of(snapshot(*running, elapsed=elapsed)) is found[0]
    assert len(asked) == 3
    definition_kept.reading_of(snapshot(*DRAFTED, *examples()[:6]))
    assert len(asked) == 4
    definition_kept.forget_reading()
    definition_kept.reading_of(snapshot(*DRAFTED, *examples()[:6]))
    assert len(asked) == 5


def test_what_is_wrong_with_a_field_is_text() -> None:
    def page() -> None:
        from voorbeelden.screen.alerts import say

        say("Niet <b>zo</b>.")

    [piece] = AppTest.from_function(page).run().get("html")
    assert "Niet &lt;b&gt;zo&lt;/b&gt;." in piece.proto.body
