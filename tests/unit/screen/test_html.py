"""Snapshots as HTML: states in words, numbers with a comma, and a model's text only as text."""

from __future__ import annotations

import html.parser
from dataclasses import replace

import pytest

from voorbeelden.jobs import JobSnapshot, Lane
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    Failure,
    FailureKind,
    GenerationMode,
    Item,
    Outcome,
    OutcomeState,
    Subject,
    TypeRetrying,
)
from voorbeelden.screen import texts
from voorbeelden.screen.items import tab_html, tab_labels, tab_states
from voorbeelden.screen.timeline import closing_sentence, heading_html, timeline_html

ZINNEN = ExampleType.VOORBEELDZINNEN
HOSTILE = '<img src="http://kwaad.example/x"><script>x()</script> ![i](http://kwaad.example) "\'&'


def lane(kind: ExampleType, **changes: object) -> Lane:
    return replace(Lane(kind, DEFAULT_EXAMPLE_COUNTS[kind], origin=0.0), **changes)  # type: ignore[arg-type]


def ended(
    kind: ExampleType,
    seconds: float = 2.0,
    state: OutcomeState = OutcomeState.DONE,
    items: tuple[Item, ...] = (Item("een"),),
    **changes: object,
) -> Lane:
    outcome = replace(Outcome(kind, state, items=items), **changes)  # type: ignore[arg-type]
    return lane(kind, started=0.0, ended=seconds, items=items, outcome=outcome)


def snapshot(*lanes: Lane, running: bool = False, **changes: object) -> JobSnapshot:
    known = {one.kind: one for one in lanes}
    whole = tuple(known.get(kind, ended(kind)) for kind in ExampleType)
    one = JobSnapshot(
        job_id="job",
        subject=Subject("begrip", "definitie"),
        mode=GenerationMode.ASYNC,
        lanes=whole,
        running=running,
        elapsed=2.0,
        taken_at=2.0,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


class Tags(html.parser.HTMLParser):
    """Which elements a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


@pytest.mark.parametrize(
    "hostile",
    [
        ended(ZINNEN, items=(Item(HOSTILE, HOSTILE),)),
        ended(
            ZINNEN,
            state=OutcomeState.FAILED,
            items=(),
            failure=Failure(FailureKind.REFUSED, HOSTILE),
            draft=(HOSTILE,),
            notes=(HOSTILE,),
        ),
    ],
)
def test_model_text_becomes_no_element(hostile: Lane) -> None:
    """Items, reasons, messages, drafts and notes: what looks like HTML is text."""
    page = tab_html(snapshot(hostile), ZINNEN)
    assert "kwaad.example" in page
    assert not Tags(page).seen & {"img", "script"}


def test_the_begrip_becomes_no_element() -> None:
    page = heading_html(snapshot(subject=Subject(HOSTILE, "x")))
    assert Tags(page).seen == {"div", "h2", "p"}


def test_labels_never_change() -> None:
    """A label with a count in it would throw the reader back to the first tab."""
    assert tab_labels() == list(texts.TITLES.values())


def test_count_and_state_are_written_behind_every_label() -> None:
    states = tab_states(snapshot(lane(ZINNEN, started=0.0, items=(Item("a"),)), running=True), "k")
    assert '" 1 …" / ", 1 van 3, bezig"' in states
    assert states.count("klaar") == 5


def test_the_sum_of_the_six_is_labelled_as_not_measured() -> None:
    page = timeline_html(snapshot(), refresh=0.4)
    assert "niet gemeten" in page
    assert "12,0\N{NO-BREAK SPACE}s" in page
    assert "6,0× sneller" in page


def test_a_failure_takes_the_factor_away() -> None:
    """A call that failed fast or waited long says nothing about speed."""
    failed = ended(ZINNEN, state=OutcomeState.FAILED, items=())
    assert "sneller" not in timeline_html(snapshot(failed), refresh=0.4)


def test_kept_answers_are_no_measurement() -> None:
    page = timeline_html(snapshot(ended(ZINNEN, cached_at=0.0)), refresh=0.4)
    assert "bewaard" in page
    assert "sneller" not in page


@pytest.mark.parametrize("mode", [GenerationMode.SPLIT, GenerationMode.COMBINED])
def test_other_plans_are_not_compared_with_six_in_a_row(mode: GenerationMode) -> None:
    page = timeline_html(snapshot(mode=mode), refresh=0.4)
    assert "Zes na elkaar" not in page
    assert texts.MODES[mode].lower() in page


def test_a_retry_says_which_attempt_and_how_long() -> None:
    retry = TypeRetrying(ZINNEN, FailureKind.SERVER, 2, 3, 4.0, (), ("half",), at=1.0)
    waiting = snapshot(lane(ZINNEN, started=0.0, retrying=retry), running=True)
    assert "wacht 3\N{NO-BREAK SPACE}s" in timeline_html(waiting, refresh=0.4)
    again = replace(waiting, taken_at=6.0)
    assert "poging 2 van 3" in timeline_html(again, refresh=0.4)
    assert "half" in tab_html(again, ZINNEN)


def test_an_empty_list_of_synonyms_is_an_answer() -> None:
    """In the tab and behind its label, where a ticked zero would say that something is there."""
    kind = ExampleType.SYNONIEMEN
    none = snapshot(ended(kind, items=()))
    page = tab_html(none, kind)
    assert "Geen synoniemen" in page
    assert "vb-alert" not in page
    assert '" geen" / ", geen"' in tab_states(none, "k")
    failed = snapshot(ended(kind, state=OutcomeState.FAILED, items=()))
    assert '" 0 ✕" / ", 0 van 5, mislukt"' in tab_states(failed, "k")


@pytest.mark.parametrize(
    ("lanes", "expected"),
    [
        ([], "Alle 6 soorten zijn klaar in 2,0"),
        ([ended(ZINNEN, state=OutcomeState.PARTIAL)], "Niet compleet: voorbeeldzinnen."),
        (
            [ended(kind, state=OutcomeState.PARTIAL) for kind in list(ExampleType)[1:]],
            "1 van de 6 soorten is klaar. Niet compleet: praktijk",
        ),
        (
            [ended(kind, state=OutcomeState.PARTIAL) for kind in list(ExampleType)[2:]],
            "2 van de 6 soorten zijn klaar. Niet compleet: tegenvoorbeelden, synoniemen, ",
        ),
        ([ended(ZINNEN, state=OutcomeState.CANCELLED)], "Gestopt. Van 6 van de 6"),
        (
            [ended(kind, state=OutcomeState.FAILED, items=()) for kind in ExampleType],
            "Er is niets gelukt. Uw tekst staat er nog",
        ),
    ],
)
def test_the_closing_sentence_says_how_it_went(lanes: list[Lane], expected: str) -> None:
    assert expected in closing_sentence(snapshot(*lanes))


def test_numbers_have_a_comma() -> None:
    assert texts.seconds(5.93) == "5,9\N{NO-BREAK SPACE}s"
    assert texts.number(0.256, 2) == "0,26"
