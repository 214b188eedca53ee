"""One verdict a type: what counts as usable, and what the outcome says of the rest."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.collector import MAY_BE_FEWER, TypeCollector
from voorbeelden.messages import message_for
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    Failure,
    FailureKind,
    Item,
    OutcomeState,
    Tokens,
)

ZINNEN = ExampleType.VOORBEELDZINNEN
SERVER = Failure(FailureKind.SERVER, "Storing.")
QUOTA = Failure(FailureKind.QUOTA, "Op.")


def collector(kind: ExampleType = ZINNEN, wanted: int = 3, calls: int = 1) -> TypeCollector:
    return TypeCollector(kind, wanted, calls=calls)


def filled(*texts: str, kind: ExampleType = ZINNEN, wanted: int = 3) -> TypeCollector:
    one = collector(kind, wanted)
    one.start(1.0)
    for position, text in enumerate(texts):
        one.take("a", Item(text), 2.0 + position)
    return one


# --- which items are kept ---


def test_an_item_is_kept_as_one_tidy_line() -> None:
    item = Item("  Een\tzin\n met\u00a0witruimte. ", " Om\r\ndat. ")
    assert collector().take("a", item, 1.0) == Item("Een zin met witruimte.", "Om dat.")


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "\u202e \u2066", "\x00\x1b"])
def test_text_that_shows_nothing_is_no_item(text: str) -> None:
    """Blanks, zero-width characters, direction marks and control characters."""
    assert collector().take("a", Item(text), 1.0) is None


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("ver\u00addachte", "verdachte"),
        ("ver\u200bdachte", "verdachte"),
        ("\u202everdachte\u202c", "verdachte"),
        ("\ufeffverdachte", "verdachte"),
        ("ver\x1b[31mdachte", "ver [31mdachte"),
        ("cafe\u0301", "café"),
        ("cafe\u200d\u0301", "café"),
        ("half \ud83d paar", "half paar"),
        ("regel\u2028regel", "regel regel"),
    ],
)
def test_what_the_reader_sees_is_what_is_kept(text: str, tidy: str) -> None:
    assert collector().take("a", Item(text), 1.0) == Item(tidy)


@given(text=st.text(st.characters(codec=None), max_size=30), reason=st.none() | st.text())
def test_kept_text_is_one_visible_line_in_one_form(text: str, reason: str | None) -> None:
    """For any text: NFC, no control or format characters, single blanks; tidying twice is once."""
    kept = collector().take("a", Item(text, reason), 1.0)
    if kept is None:
        return
    for part in (kept.text, kept.reden or ""):
        assert part == unicodedata.normalize("NFC", part)
        assert part == " ".join(part.split())
        assert not {unicodedata.category(char) for char in part} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert collector().take("a", kept, 1.0) == kept


def test_the_same_item_counts_once() -> None:
    """Also with other capitals, blanks, signs or accents written in another way; from any call."""
    one = collector(wanted=5, calls=2)
    assert one.take("a", Item("Café gesloten."), 1.0) is not None
    doubles = ("Café gesloten.", "CAFÉ  gesloten.", "Cafe\u0301 gesloten.", "‘Café’ gesloten!")
    for double in doubles:
        assert one.take("b", Item(double), 2.0) is None
    assert one.take("b", Item("Café open."), 3.0) is not None
    assert one.take("b", Item("§"), 3.0) is not None
    assert one.take("b", Item("%"), 3.0) is not None


def test_what_is_there_already_does_not_come_back() -> None:
    """A model may return what it was told not to: it is no item, and the type is short of one."""
    one = TypeCollector(ZINNEN, 2, calls=1, present=["De verdachte zweeg."])
    assert one.take("a", Item("De verdachte zweeg"), 1.0) is None
    assert one.take("a", Item("De verdachte sprak."), 1.0) is not None
    assert one.missing("a", 2) == 1


def test_one_too_many_is_left_out() -> None:
    """At most the number asked for: the first ones."""
    outcome = filled("een", "twee", "drie", wanted=2).outcome(9.0, cancelled=False)
    assert outcome.items == (Item("een"), Item("twee"))
    assert outcome.state is OutcomeState.DONE


# --- the verdict ---


@pytest.mark.parametrize("kind", ExampleType)
def test_all_items_and_no_failure_is_done(kind: ExampleType) -> None:
    wanted = DEFAULT_EXAMPLE_COUNTS[kind]
    texts = [f"tekst {n}" for n in range(wanted)]
    outcome = filled(*texts, kind=kind, wanted=wanted).outcome(9.0, cancelled=False)
    assert (outcome.example_type, outcome.state, outcome.failure) == (kind, OutcomeState.DONE, None)
    assert [item.text for item in outcome.items] == texts


def test_only_synonyms_and_antonyms_may_be_fewer() -> None:
    assert {ExampleType.SYNONIEMEN, ExampleType.ANTONIEMEN} == MAY_BE_FEWER


@pytest.mark.parametrize("kind", sorted(MAY_BE_FEWER))
@pytest.mark.parametrize("texts", [(), ("een",)])
def test_fewer_real_synonyms_are_fine(kind: ExampleType, texts: tuple[str, ...]) -> None:
    """None at all is an honest answer too: no filler."""
    outcome = filled(*texts, kind=kind, wanted=5).outcome(9.0, cancelled=False)
    assert (outcome.state, outcome.failure) == (OutcomeState.DONE, None)


@pytest.mark.parametrize("kind", sorted(set(ExampleType) - MAY_BE_FEWER))
@pytest.mark.parametrize(
    ("texts", "state"), [((), OutcomeState.FAILED), (("een",), OutcomeState.PARTIAL)]
)
def test_too_few_is_named(kind: ExampleType, texts: tuple[str, ...], state: OutcomeState) -> None:
    """Nothing is lost in silence: the message says how many there are."""
    outcome = filled(*texts, kind=kind, wanted=3).outcome(9.0, cancelled=False)
    assert outcome.state is state
    assert outcome.failure == Failure(
        FailureKind.UNUSABLE, message_for(FailureKind.UNUSABLE, detail=f"{len(texts)} van 3")
    )


@pytest.mark.parametrize("kind", [ZINNEN, ExampleType.SYNONIEMEN])
@pytest.mark.parametrize(
    ("texts", "state"), [((), OutcomeState.FAILED), (("een",), OutcomeState.PARTIAL)]
)
def test_a_failed_call_is_never_done(
    kind: ExampleType, texts: tuple[str, ...], state: OutcomeState
) -> None:
    """Usable items make it partial; the failure's own name goes before the shortage."""
    one = filled(*texts, kind=kind, wanted=3)
    one.call_ended(SERVER, 1, None)
    outcome = one.outcome(9.0, cancelled=False)
    assert (outcome.state, outcome.failure) == (state, SERVER)
    assert [item.text for item in outcome.items] == list(texts)


def test_cancelled_keeps_what_had_arrived_and_names_no_failure() -> None:
    """The editor stopped it: that is not something that went wrong."""
    outcome = filled("een").outcome(9.0, cancelled=True)
    assert (outcome.state, outcome.failure) == (OutcomeState.CANCELLED, None)
    assert outcome.items == (Item("een"),)


# --- several calls for one type ---


def test_a_type_ends_with_its_last_call() -> None:
    one = collector(calls=3)
    assert [one.call_ended(None, 1, None) for _ in range(3)] == [False, False, True]


def test_each_call_owes_its_own_items() -> None:
    """What one call brought does not count for another; of synonyms nothing is owed."""
    one = collector(wanted=3, calls=2)
    one.take("a", Item("een"), 1.0)
    one.take("b", Item("twee"), 2.0)
    one.take("a", Item("drie"), 3.0)
    assert (one.of("a"), one.of("b")) == ((Item("een"), Item("drie")), (Item("twee"),))
    assert (one.missing("a", 2), one.missing("b", 2), one.missing("c", 2)) == (0, 1, 2)
    assert one.items == (Item("een"), Item("twee"), Item("drie"))
    assert collector(ExampleType.SYNONIEMEN, 5).missing("a", 5) == 0


def test_a_broken_attempt_is_a_draft_and_no_result() -> None:
    """Its items are withdrawn, those of the other call stay, and a new attempt may bring the
    same ones again."""
    one = collector(wanted=3, calls=2)
    one.take("a", Item("een", "reden"), 1.0)
    one.take("b", Item("twee"), 2.0)
    one.withdraw("a")
    assert one.items == (Item("twee"),)
    assert one.draft == ("een (Geen voorbeeld: reden)",)
    one.withdraw("a")
    assert one.draft == ("een (Geen voorbeeld: reden)",), "nothing came, so nothing is replaced"
    assert one.take("a", Item("een", "reden"), 3.0) is not None


def test_of_a_failed_call_the_best_attempt_is_brought_back() -> None:
    """Never what another call has brought meanwhile, and never instead of more."""
    one = collector(wanted=3, calls=2)
    for text in ("een", "twee"):
        one.take("a", Item(text), 1.0)
    one.withdraw("a")
    one.take("a", Item("drie"), 2.0)
    one.withdraw("a")
    one.bring_back("a")
    assert one.items == (Item("een"), Item("twee"))
    one.withdraw("a")
    for text in ("Twee", "vier"):
        one.take("b", Item(text), 3.0)
    one.bring_back("a")
    assert one.items == (Item("Twee"), Item("vier"), Item("een"))


def test_a_draft_is_told_only_when_there_is_nothing_better() -> None:
    failed, partial, cancelled = (filled("half") for _ in range(3))
    for one in (failed, partial, cancelled):
        one.withdraw("a")
    partial.take("a", Item("heel"), 5.0)
    assert failed.outcome(9.0, cancelled=False).draft == ("half",)
    assert partial.outcome(9.0, cancelled=False).draft == ()
    assert cancelled.outcome(9.0, cancelled=True).draft == ("half",)


def test_a_failure_from_outside_counts_like_one_of_a_call() -> None:
    """The key was refused elsewhere: this type fails for the same reason, unless it had one."""
    one, other = filled(), filled()
    other.fail(SERVER)
    for each in (one, other):
        each.fail(QUOTA)
    assert one.outcome(9.0, cancelled=False).failure == QUOTA
    assert other.outcome(9.0, cancelled=False).failure == SERVER


def test_a_kept_answer_says_when_it_was_made() -> None:
    one = filled("een", "twee", "drie")
    assert one.outcome(9.0, cancelled=False).cached_at is None
    one.from_cache(1_700_000_000.0)
    assert one.outcome(9.0, cancelled=False).cached_at == 1_700_000_000.0


def test_attempts_and_tokens_add_up_and_the_first_failure_is_named() -> None:
    one = collector(calls=3)
    one.call_ended(None, 1, Tokens(100, 10, 64))
    one.call_ended(SERVER, 3, None)
    one.call_ended(QUOTA, 1, Tokens(100, 20, 0))
    outcome = one.outcome(9.0, cancelled=False)
    assert outcome.attempts == 5
    assert outcome.tokens == Tokens(200, 30, 64)
    assert outcome.failure == SERVER


def test_unknown_tokens_stay_unknown() -> None:
    """A server that does not count is not a server that counted zero."""
    one = collector()
    one.call_ended(None, 1, None)
    assert one.outcome(9.0, cancelled=False).tokens is None


def test_a_note_is_told_once() -> None:
    one = collector(calls=2)
    one.note(("een", "twee"))
    one.note(("twee", "drie"))
    assert one.outcome(9.0, cancelled=False).notes == ("een", "twee", "drie")


# --- times ---


def test_times_count_from_the_types_own_first_request() -> None:
    one = collector(calls=2)
    assert one.start(1.0)
    assert not one.start(2.0)
    one.take("a", Item(""), 2.5)
    one.take("a", Item("een"), 3.0)
    one.take("a", Item("twee"), 5.0)
    outcome = one.outcome(7.0, cancelled=False)
    assert (outcome.first_item_seconds, outcome.seconds) == (2.0, 6.0)


def test_a_type_that_never_started_took_no_time() -> None:
    outcome = collector().outcome(7.0, cancelled=True)
    assert (outcome.first_item_seconds, outcome.seconds) == (None, 0.0)
