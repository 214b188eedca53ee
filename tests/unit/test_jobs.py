"""Events in, snapshot out: what a page sees of a generation, with no loop and no thread."""

from __future__ import annotations

import dataclasses

import pytest

from voorbeelden.jobs import Job, job_key
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    ExampleType,
    Failure,
    FailureKind,
    GenerationMode,
    Item,
    ItemComplete,
    ItemsReplaced,
    Outcome,
    OutcomeState,
    Subject,
    TypeEnded,
    TypeRetrying,
    TypeStarted,
    TypeWaiting,
)

ZINNEN, SYNONIEMEN = ExampleType.VOORBEELDZINNEN, ExampleType.SYNONIEMEN
SUBJECT = Subject.from_dict("verdachte", "wie verdacht wordt", {"juridisch": ["strafrecht"]})
FAILURE = Failure(FailureKind.SERVER, "Storing.")
ASYNC = GenerationMode.ASYNC


def job(*kinds: ExampleType) -> Job:
    wanted = {kind: DEFAULT_EXAMPLE_COUNTS[kind] for kind in kinds or (ZINNEN, SYNONIEMEN)}
    return Job("j1", "key", SUBJECT, ASYNC, wanted)


def ended(
    kind: ExampleType, at: float, *texts: str, state: OutcomeState = OutcomeState.DONE
) -> TypeEnded:
    failure = FAILURE if state in (OutcomeState.FAILED, OutcomeState.PARTIAL) else None
    items = tuple(map(Item, texts))
    return TypeEnded(kind, Outcome(kind, state, items=items, failure=failure), at)


def apply(to: Job, *events: Event) -> None:
    for event in events:
        to.apply(event)


def test_a_new_job_runs_with_empty_lanes_in_the_order_asked() -> None:
    snapshot = job(*reversed(ExampleType)).snapshot()
    assert [lane.kind for lane in snapshot.lanes] == list(reversed(ExampleType))
    assert snapshot.running
    assert (snapshot.job_id, snapshot.subject, snapshot.mode) == ("j1", SUBJECT, ASYNC)
    assert (snapshot.finished, snapshot.in_a_row) == (0, 0.0)
    for lane in snapshot.lanes:
        assert lane.wanted == DEFAULT_EXAMPLE_COUNTS[lane.kind]
        assert (lane.items, lane.outcome, lane.started, lane.ended) == ((), None, None, None)
        assert not lane.rerun


def test_a_lane_fills_while_events_come_in() -> None:
    """And the other lane stays as it was."""
    one = job()
    before = one.snapshot()
    apply(one, TypeStarted(ZINNEN, 0.5), ItemComplete(ZINNEN, Item("een"), 1.0))
    apply(one, ItemComplete(ZINNEN, Item("twee"), 1.5))
    after = one.snapshot()
    assert after.lane(ZINNEN).items == (Item("een"), Item("twee"))
    assert after.lane(ZINNEN).started == 0.5
    assert after.lane(ZINNEN).outcome is None
    assert after.lane(SYNONIEMEN) == before.lane(SYNONIEMEN)
    assert before.lane(ZINNEN).items == (), "an earlier snapshot never changes"


def test_the_outcome_has_the_last_word_on_the_items() -> None:
    """What was shown on the way is replaced by what the verdict keeps."""
    one = job()
    apply(one, TypeStarted(ZINNEN, 0.5), ItemComplete(ZINNEN, Item("een"), 1.0))
    apply(one, ended(ZINNEN, 2.0, "een", "twee", "drie"))
    lane = one.snapshot().lane(ZINNEN)
    assert [item.text for item in lane.items] == ["een", "twee", "drie"]
    assert (lane.started, lane.ended) == (0.5, 2.0)
    assert lane.seconds(now=1e9) == 1.5


def retrying(at: float, wait: float, *texts: str) -> TypeRetrying:
    items = tuple(map(Item, texts))
    kind = FailureKind.INCOMPLETE
    return TypeRetrying(ZINNEN, kind, 2, 3, wait, items, draft=("half",), at=at)


def test_another_attempt_leaves_the_items_that_stay() -> None:
    """What a broken attempt had brought is withdrawn; the lane says which attempt comes, and
    keeps saying it while that one runs."""
    one = job()
    apply(one, TypeStarted(ZINNEN, 0.5), ItemComplete(ZINNEN, Item("een"), 1.0))
    apply(one, ItemComplete(ZINNEN, Item("twee"), 1.5), retrying(2.0, 0.5, "een"))
    lane = one.snapshot().lane(ZINNEN)
    assert lane.items == (Item("een"),)
    assert lane.retrying == retrying(2.0, 0.5, "een")
    apply(one, ItemComplete(ZINNEN, Item("drie"), 3.0))
    assert one.snapshot().lane(ZINNEN).items == (Item("een"), Item("drie"))
    assert one.snapshot().lane(ZINNEN).started == 0.5, "its clock goes on"


def test_a_faster_copy_takes_the_place_of_what_stood() -> None:
    one = job()
    apply(one, TypeStarted(ZINNEN, 0.5), ItemComplete(ZINNEN, Item("traag"), 1.0))
    apply(one, ItemsReplaced(ZINNEN, (), 1.5), ItemComplete(ZINNEN, Item("vlug"), 1.5))
    assert one.snapshot().lane(ZINNEN).items == (Item("vlug"),)


def test_a_lane_counts_down_to_its_next_attempt_or_its_turn() -> None:
    """To the latest of the two; never below zero; and an ended lane waits for nothing."""
    one = job()
    assert one.snapshot().lane(ZINNEN).wait_left(now=1e9) == 0.0
    apply(one, retrying(2.0, 5.0))
    lane = one.snapshot().lane(ZINNEN)
    assert lane.wait_left(lane.origin + 3.0) == pytest.approx(4.0)
    assert lane.wait_left(lane.origin + 9.0) == 0.0
    apply(one, TypeWaiting(ZINNEN, 10.0, 2.0))
    assert one.snapshot().lane(ZINNEN).wait_left(lane.origin + 3.0) == pytest.approx(9.0)
    apply(one, ended(ZINNEN, 4.0))
    assert one.snapshot().lane(ZINNEN).wait_left(lane.origin + 4.0) == 0.0


def test_a_type_that_ends_before_it_started_has_no_negative_time() -> None:
    """Cancelled while it waited for its turn."""
    one = job()
    apply(one, ended(ZINNEN, 2.0, state=OutcomeState.CANCELLED))
    assert one.snapshot().lane(ZINNEN).seconds(now=1e9) == 0.0


def test_finished_counts_whole_types_only() -> None:
    """Partial, failed and cancelled are ended, and not finished."""
    one = job(*ExampleType)
    for kind, state in zip(ExampleType, OutcomeState, strict=False):
        apply(one, ended(kind, 1.0, state=state))
    assert len(OutcomeState) == 4
    assert one.snapshot().finished == 1


def test_the_sum_of_the_lanes_is_what_a_row_of_calls_would_take() -> None:
    one = job()
    apply(one, TypeStarted(ZINNEN, 0.0), ended(ZINNEN, 3.0))
    apply(one, TypeStarted(SYNONIEMEN, 1.0), ended(SYNONIEMEN, 3.0))
    snapshot = one.snapshot()
    assert snapshot.in_a_row == 5.0
    assert snapshot.elapsed == 3.0, "of an ended job it is the longest lane, at any later moment"


def test_a_running_lane_counts_up_to_now() -> None:
    one = job()
    apply(one, TypeStarted(ZINNEN, 0.0))
    first = one.snapshot()
    second = one.snapshot()
    lane = second.lane(ZINNEN)
    assert first.elapsed < second.elapsed
    assert lane.seconds(lane.origin + 2.0) == 2.0


def test_a_job_runs_until_its_run_is_ended() -> None:
    """The last outcome is not the end: the run still has to return."""
    one = job()
    apply(one, ended(ZINNEN, 1.0), ended(SYNONIEMEN, 2.0))
    assert one.snapshot().running
    one.end_run(one.first_run, None)
    assert not one.snapshot().running


@pytest.mark.parametrize(
    ("failure", "state"),
    [(None, OutcomeState.CANCELLED), (FAILURE, OutcomeState.FAILED)],
)
def test_end_run_closes_the_lanes_left_open(failure: Failure | None, state: OutcomeState) -> None:
    """A lane without an outcome would spin for ever; one with an outcome keeps it."""
    one = job()
    apply(one, ended(ZINNEN, 1.0, "een"))
    apply(one, TypeStarted(SYNONIEMEN, 0.0), ItemComplete(SYNONIEMEN, Item("half"), 0.5))
    one.end_run(one.first_run, failure)
    snapshot = one.snapshot()
    whole, left = snapshot.lane(ZINNEN), snapshot.lane(SYNONIEMEN)
    assert whole.outcome is not None
    assert whole.outcome.state is OutcomeState.DONE
    assert left.outcome is not None
    assert (left.outcome.state, left.outcome.failure) == (state, failure)
    assert left.items == (Item("half"),), "what had arrived stays"
    assert left.ended is not None


def test_a_rerun_empties_its_own_lane_and_no_other() -> None:
    """ "Opnieuw" for one type: its lane starts at zero and says that it is a rerun."""
    one = job()
    apply(one, ended(ZINNEN, 1.0, "een"), ended(SYNONIEMEN, 2.0, state=OutcomeState.FAILED))
    one.end_run(one.first_run, None)
    before = one.snapshot()
    rerun = one.begin([SYNONIEMEN])
    during = one.snapshot()
    assert during.running
    assert during.lane(ZINNEN) == before.lane(ZINNEN)
    lane = during.lane(SYNONIEMEN)
    assert (lane.rerun, lane.items, lane.outcome, lane.ended) == (True, (), None, None)
    assert lane.origin > before.lane(SYNONIEMEN).origin
    apply(one, TypeStarted(SYNONIEMEN, 0.25), ended(SYNONIEMEN, 0.75, "nieuw"))
    one.end_run(rerun, None)
    after = one.snapshot()
    assert not after.running
    assert after.finished == 2
    assert after.lane(SYNONIEMEN).seconds(now=1e9) == 0.5


def test_a_job_runs_as_long_as_one_of_its_runs() -> None:
    """Two reruns at once: the first to end does not end the other."""
    one = job()
    apply(one, ended(ZINNEN, 1.0), ended(SYNONIEMEN, 1.0))
    one.end_run(one.first_run, None)
    first, second = one.begin([ZINNEN]), one.begin([SYNONIEMEN])
    apply(one, ended(ZINNEN, 1.0))
    one.end_run(first, None)
    assert one.snapshot().running
    assert one.snapshot().lane(SYNONIEMEN).outcome is None
    apply(one, ended(SYNONIEMEN, 1.0))
    one.end_run(second, None)
    assert not one.snapshot().running


def test_the_first_run_does_not_close_the_lane_of_a_rerun() -> None:
    """One type failed at once and runs again while the others still stream: when those are done,
    the rerun is still on its way, and nobody cancelled it."""
    one = job()
    apply(one, ended(SYNONIEMEN, 0.1, state=OutcomeState.FAILED))
    one.begin([SYNONIEMEN])
    apply(one, TypeStarted(SYNONIEMEN, 0.1), ended(ZINNEN, 5.0, "een"))
    one.end_run(one.first_run, None)
    assert one.snapshot().lane(SYNONIEMEN).outcome is None


def test_an_unknown_lane_is_an_error() -> None:
    with pytest.raises(StopIteration):
        job().snapshot().lane(ExampleType.TOELICHTING)


# --- which requests are the same ---


@pytest.mark.parametrize(
    ("runs_fresh", "fresh", "serves"),
    [(False, False, True), (True, True, True), (True, False, True), (False, True, False)],
)
def test_new_answers_serve_who_would_take_kept_ones(
    runs_fresh: bool, fresh: bool, serves: bool
) -> None:
    """Not the other way round; and a job that was stopped serves nobody."""
    running = Job("j1", "key", SUBJECT, ASYNC, WANTED, fresh=runs_fresh)
    assert running.serves("key", fresh=fresh) is serves
    assert not running.serves("another", fresh=fresh)
    running.joinable = False
    assert not running.serves("key", fresh=fresh)


WANTED = dict(DEFAULT_EXAMPLE_COUNTS)
KEY = job_key("anna", SUBJECT, ASYNC, WANTED)


def test_the_same_request_has_the_same_key() -> None:
    """Whatever the order of the keys in the dicts that a page happened to make."""
    context = {key: SUBJECT.context[key] for key in reversed(list(SUBJECT.context))}
    same = dataclasses.replace(SUBJECT, context=context)
    assert job_key("anna", same, ASYNC, dict(reversed(WANTED.items()))) == KEY


@pytest.mark.parametrize(
    "other",
    [
        job_key("bert", SUBJECT, ASYNC, WANTED),
        job_key("anna", dataclasses.replace(SUBJECT, begrip="getuige"), ASYNC, WANTED),
        job_key("anna", dataclasses.replace(SUBJECT, definitie=""), ASYNC, WANTED),
        job_key("anna", dataclasses.replace(SUBJECT, context={}), ASYNC, WANTED),
        job_key("anna", SUBJECT, GenerationMode.SEQUENTIAL, WANTED),
        job_key("anna", SUBJECT, ASYNC, {**WANTED, ZINNEN: 2}),
    ],
    ids=["owner", "begrip", "definitie", "context", "mode", "counts"],
)
def test_another_request_has_another_key(other: str) -> None:
    assert other != KEY


def test_fields_cannot_run_into_each_other() -> None:
    """ "ab" + "c" is another request than "a" + "bc"."""
    one = job_key("", Subject("ab", "c"), ASYNC, WANTED)
    assert job_key("", Subject("a", "bc"), ASYNC, WANTED) != one
    assert job_key("", Subject("ab", "c", {"juridisch": ("x", "y")}), ASYNC, WANTED) != job_key(
        "", Subject("ab", "c", {"juridisch": ("x,y",)}), ASYNC, WANTED
    )
