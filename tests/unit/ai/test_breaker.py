"""The breaker as a pure state model: every moment is given, nothing waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from voorbeelden.ai.breaker import Breaker, BreakerPolicy, BreakerState, Ticket
from voorbeelden.ai.retry import MAX_ATTEMPTS
from voorbeelden.model import ExampleType

POLICY = BreakerPolicy(window=60.0, volume=4, failure_rate=0.5, open_for=30.0)
CLOSED, OPEN, HALF_OPEN = BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN


def ended(breaker: Breaker, now: float, *, ok: bool) -> None:
    """One call from its start to its end, at one moment."""
    ticket = breaker.enter(now)
    assert ticket is not None
    breaker.record(ticket, now, ok=ok)


def opened(at: float = 0.0, policy: BreakerPolicy = POLICY) -> Breaker:
    breaker = Breaker(policy)
    for _ in range(policy.volume):
        ended(breaker, at, ok=False)
    assert breaker.state(at) is OPEN
    return breaker


def test_it_stays_closed_below_its_volume() -> None:
    """Three failures of three say too little."""
    breaker = Breaker(POLICY)
    for _ in range(3):
        ended(breaker, 0.0, ok=False)
    assert breaker.state(0.0) is CLOSED
    ended(breaker, 0.0, ok=False)
    assert breaker.state(0.0) is OPEN


def test_one_click_alone_never_opens_it() -> None:
    """Six types, three attempts each, all failing: the next editor is not shut out."""
    breaker = Breaker()
    for _ in range(len(ExampleType) * MAX_ATTEMPTS):
        ended(breaker, 0.0, ok=False)
    assert breaker.state(0.0) is CLOSED
    for _ in range(len(ExampleType)):
        if breaker.state(0.0) is CLOSED:
            ended(breaker, 0.0, ok=False)
    assert breaker.state(0.0) is OPEN, "two clicks that fail altogether do"


@pytest.mark.parametrize(("failures", "state"), [(4, CLOSED), (5, OPEN), (6, OPEN)])
def test_the_share_of_failures_decides(failures: int, state: BreakerState) -> None:
    breaker = Breaker(BreakerPolicy(volume=10, failure_rate=0.5))
    for number in range(10):
        ended(breaker, 0.0, ok=number < 10 - failures)
    assert breaker.state(0.0) is state


def test_a_success_never_opens_it() -> None:
    """A provider that comes back is not shut out by the very answer that shows it."""
    breaker = Breaker(POLICY)
    for ok in (False, False, False, True):
        ended(breaker, 0.0, ok=ok)
    assert breaker.state(0.0) is CLOSED


def test_what_fell_out_of_the_window_no_longer_counts() -> None:
    """A failure of exactly a window ago is out; one of a moment later is in."""
    breaker = Breaker(POLICY)
    for moment in (0.0, 1.0, 2.0):
        ended(breaker, moment, ok=False)
    ended(breaker, 60.0, ok=False)
    assert breaker.state(60.0) is CLOSED
    ended(breaker, 60.5, ok=False)
    assert breaker.state(60.5) is OPEN


def test_open_lets_nothing_through_until_its_time_is_over() -> None:
    breaker = opened(at=100.0)
    for now, left in ((100.0, 30.0), (110.0, 20.0), (129.9, 0.1)):
        assert breaker.enter(now) is None
        assert breaker.seconds_left(now) == pytest.approx(left)
    assert breaker.state(130.0) is HALF_OPEN
    assert breaker.seconds_left(130.0) == 0.0


def test_of_sixty_waiting_calls_exactly_one_is_the_probe() -> None:
    breaker = opened()
    tickets = [breaker.enter(30.0) for _ in range(60)]
    assert [ticket for ticket in tickets if ticket] == [Ticket(probe=True)]
    assert breaker.state(30.0) is HALF_OPEN


def test_a_probe_that_succeeds_closes_it_with_a_clean_slate() -> None:
    """The failures of before do not count against the provider that came back."""
    breaker = opened()
    ended(breaker, 30.0, ok=True)
    assert breaker.state(30.0) is CLOSED
    for _ in range(POLICY.volume - 1):
        ended(breaker, 30.0, ok=False)
    assert breaker.state(30.0) is CLOSED


def test_a_probe_that_fails_opens_it_for_as_long_again() -> None:
    breaker = opened()
    probe = breaker.enter(31.0)
    assert probe is not None
    breaker.record(probe, 35.0, ok=False)
    assert breaker.state(35.0) is OPEN
    assert breaker.seconds_left(35.0) == 30.0
    assert breaker.enter(64.9) is None
    assert breaker.enter(65.0) == Ticket(probe=True)


def test_a_cancelled_probe_makes_room_for_another() -> None:
    """Cancelling says nothing about the provider, and must not leave the road shut for ever."""
    breaker = opened()
    probe = breaker.enter(30.0)
    assert probe is not None
    assert breaker.enter(30.0) is None
    breaker.release(probe)
    assert breaker.enter(30.0) == Ticket(probe=True)


def test_cancelled_calls_do_not_count() -> None:
    breaker = Breaker(POLICY)
    for _ in range(50):
        ticket = breaker.enter(0.0)
        assert ticket is not None
        breaker.release(ticket)
    for _ in range(POLICY.volume - 1):
        ended(breaker, 0.0, ok=False)
    assert breaker.state(0.0) is CLOSED


@pytest.mark.parametrize("ok", [True, False])
def test_calls_that_left_before_it_opened_have_no_say(ok: bool) -> None:
    """Their answers come in while it is open: they neither close it nor keep it open longer."""
    breaker = Breaker(POLICY)
    early = [breaker.enter(0.0) for _ in range(3)]
    for _ in range(POLICY.volume):
        ended(breaker, 0.0, ok=False)
    for ticket in early:
        assert ticket is not None
        breaker.record(ticket, 20.0, ok=ok)
    assert breaker.state(20.0) is OPEN
    assert breaker.seconds_left(20.0) == 10.0


@given(
    some.lists(
        some.tuples(
            some.floats(0, 40),
            some.sampled_from(["ok", "failed", "cancelled", "still going"]),
        ),
        max_size=60,
    )
)
def test_whatever_happens_there_is_one_probe_at_a_time_and_a_way_back(
    story: list[tuple[float, str]],
) -> None:
    """Open: nobody enters. Half-open: one at most. And after every story the road can open."""
    breaker, now = Breaker(POLICY), 0.0
    probes: list[Ticket] = []
    for wait, end in story:
        now += wait
        state = breaker.state(now)
        ticket = breaker.enter(now)
        if state is OPEN:
            assert ticket is None
        if ticket is None:
            continue
        assert ticket.probe is (state is HALF_OPEN)
        assert not (ticket.probe and probes)
        if end == "still going":
            probes += [ticket] if ticket.probe else []
        elif end == "cancelled":
            breaker.release(ticket)
        else:
            breaker.record(ticket, now, ok=end == "ok")
    for probe in probes:
        breaker.release(probe)
    now += POLICY.open_for
    ended(breaker, now, ok=True)
    assert breaker.state(now) is CLOSED
