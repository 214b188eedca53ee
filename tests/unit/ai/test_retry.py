"""The policy of the one retry owner, without a loop: errors in, seconds or ``False`` out."""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from voorbeelden.ai import errors
from voorbeelden.ai.classify import retry_after
from voorbeelden.ai.errors import (
    AIError,
    BadRequest,
    Broken,
    ConnectionFailed,
    Interrupted,
    NoAnswer,
    QuotaExhausted,
    RateLimited,
    Rejected,
    ServerFailed,
    Transient,
    Truncated,
)
from voorbeelden.ai.retry import MAX_ATTEMPTS, MAX_BROKEN, RetryPlan, RetryQuota

EVERY = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, AIError)]
FULL = 500


class Told:
    """What a page would be told of the retries."""

    def __init__(self) -> None:
        self.retries: list[tuple[AIError, int, float]] = []

    def __call__(self, error: AIError, attempt: int, wait: float) -> None:
        self.retries.append((error, attempt, wait))


def plan(
    seconds: float = 60.0,
    quota: RetryQuota | None = None,
    told: Told | None = None,
    made: Callable[[], int] = lambda: 0,
) -> RetryPlan:
    return RetryPlan(quota or RetryQuota(), time.monotonic() + seconds, told or Told(), made)


def retried(error: Exception, one: RetryPlan | None = None) -> bool:
    return (one or plan()).decide(error) is not False


# --- what is tried again, and how often ---


@pytest.mark.parametrize("kind", EVERY)
def test_only_what_may_help_is_tried_again(kind: type[AIError]) -> None:
    """Transient errors and broken answers; a rejection, an open breaker and a call whose time is
    up are final."""
    assert retried(kind()) is issubclass(kind, Transient | Broken)


def test_a_foreign_exception_is_a_bug_and_not_a_retry() -> None:
    assert plan().decide(ValueError("ours")) is False


@pytest.mark.parametrize("kind", [ServerFailed, RateLimited, NoAnswer, ConnectionFailed])
def test_three_attempts_at_most(kind: type[AIError]) -> None:
    one = plan()
    answers = [retried(kind(), one) for _ in range(5)]
    assert answers == [True, True, False, False, False]
    assert one.attempts == MAX_ATTEMPTS == 3


@pytest.mark.parametrize("kind", [one for one in EVERY if issubclass(one, Broken)])
def test_an_answer_that_began_is_asked_once_more(kind: type[AIError]) -> None:
    one = plan()
    assert [retried(kind(), one) for _ in range(3)] == [True, False, False]
    assert one.attempts == MAX_BROKEN == 2


def test_a_broken_answer_after_another_failure_is_not_asked_a_third_time() -> None:
    one = plan()
    assert [retried(ServerFailed(), one), retried(Interrupted(), one)] == [True, False]


@given(some.lists(some.sampled_from(EVERY), min_size=1, max_size=8))
def test_no_mix_of_failures_makes_more_than_three_attempts(kinds: list[type[AIError]]) -> None:
    one, attempts = plan(), 1
    for kind in kinds:
        if one.decide(kind()) is False:
            break
        attempts += 1
    assert attempts <= MAX_ATTEMPTS


def test_requests_that_taught_us_the_dialect_count_as_attempts() -> None:
    """A server that refused two parameters was asked three times already."""
    assert retried(ServerFailed(), plan(made=lambda: 2))
    assert not retried(ServerFailed(), plan(made=lambda: 3))
    assert retried(Truncated(), plan(made=lambda: 3)), "its one repair stays"


# --- the provider's own advice ---


@pytest.mark.parametrize("kind", [ServerFailed, RateLimited, Interrupted])
def test_advice_not_to_retry_is_obeyed(kind: type[AIError]) -> None:
    assert not retried(kind(retry_advice=False))


def test_advice_to_retry_is_obeyed_where_a_retry_can_help() -> None:
    """A 409 is a lock that timed out; a 400 stays a 400, whatever the header says."""
    assert retried(BadRequest(status=409, retry_advice=True))
    assert not retried(BadRequest(status=409))
    assert not retried(BadRequest(status=400, retry_advice=True))


@pytest.mark.parametrize("kind", [one for one in EVERY if issubclass(one, Rejected)])
def test_a_rejection_is_final_even_against_advice(kind: type[AIError]) -> None:
    assert not retried(kind(status=429 if kind is QuotaExhausted else 400, retry_advice=True))


# --- how long ---


def test_the_wait_has_full_jitter_within_doubling_bounds() -> None:
    """Between nothing and half a second, then one second: never longer, and not all the same."""
    first, second = [], []
    for _ in range(200):
        one = plan(quota=RetryQuota())
        first.append(float(one.decide(ServerFailed())))
        second.append(float(one.decide(ServerFailed())))
    assert all(0 <= wait <= 0.5 for wait in first)
    assert all(0 <= wait <= 1.0 for wait in second)
    assert max(first) > 0.4
    assert max(second) > 0.8
    assert min(first) < 0.1
    assert len(set(first)) > 100


@pytest.mark.parametrize("kind", [ServerFailed, RateLimited])
def test_retry_after_is_obeyed_with_a_tenth_of_jitter(kind: type[AIError]) -> None:
    """Never earlier than asked, and not all at the same moment."""
    waits = [float(plan().decide(kind(retry_after=10.0))) for _ in range(200)]
    assert all(10.0 <= wait <= 11.0 for wait in waits)
    assert max(waits) - min(waits) > 0.5


def test_a_broken_answer_is_asked_again_at_once() -> None:
    assert plan().decide(Interrupted()) == 0.0


def test_zero_seconds_is_a_wait_and_not_a_no() -> None:
    """``0.0`` and ``False`` are equal in Python; stamina tells them apart, and so must we."""
    answer = plan().decide(RateLimited(retry_after=0.0))
    assert answer == 0.0
    assert answer is not False


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "gauw", "retry-after": "9"}, 9.0),
        ({"retry-after": "gauw"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after_in_all_its_spellings(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("ahead", [-60.0, 20.0])
def test_retry_after_as_a_date(ahead: float) -> None:
    """An HTTP date has whole seconds; one that is past means now."""
    date = email.utils.formatdate(time.time() + ahead, usegmt=True)
    assert retry_after({"retry-after": date}) == pytest.approx(max(0.0, ahead), abs=1.1)


# --- the deadline ---


def test_a_wait_beyond_the_deadline_fails_at_once() -> None:
    """Nobody is told of a retry that will not come, and nothing is paid for it."""
    told, quota = Told(), RetryQuota()
    assert plan(5.0, quota, told).decide(RateLimited(retry_after=6.0)) is False
    assert told.retries == []
    assert quota.left == FULL


def test_a_wait_within_the_deadline_is_told_as_it_will_be() -> None:
    told = Told()
    error = RateLimited(retry_after=3.0)
    wait = plan(5.0, told=told).decide(error)
    assert told.retries == [(error, 2, wait)]


def test_after_the_deadline_nothing_is_tried_again() -> None:
    assert not retried(Interrupted(), plan(-0.001))


# --- the shared budget ---


def test_a_retry_costs_five_and_one_after_silence_ten() -> None:
    quota = RetryQuota()
    assert (quota.take(ServerFailed()), quota.take(NoAnswer())) == (5, 10)
    assert quota.left == FULL - 15


def test_a_success_pays_back_its_retry_or_one() -> None:
    quota = RetryQuota()
    price = quota.take(NoAnswer())
    quota.take(ServerFailed())
    quota.pay_back(price)
    assert quota.left == FULL - 5
    quota.pay_back(None)
    assert quota.left == FULL - 4


def test_the_budget_never_grows_beyond_its_size() -> None:
    quota = RetryQuota()
    for _ in range(10):
        quota.pay_back(10)
    assert quota.left == FULL


def test_an_empty_budget_stops_everybodys_retries() -> None:
    """A hundred retries and no success: the hundred-and-first call fails as it failed."""
    quota = RetryQuota()
    assert sum(retried(ServerFailed(), plan(quota=quota)) for _ in range(300)) == FULL // 5
    told = Told()
    assert plan(quota=quota, told=told).decide(ServerFailed()) is False
    assert told.retries == []
    for _ in range(5):
        quota.pay_back(None)
    assert retried(ServerFailed(), plan(quota=quota)), "five successes paid for one retry"


def test_too_little_for_a_dear_retry_still_buys_a_cheap_one() -> None:
    quota = RetryQuota(capacity=9)
    assert quota.take(NoAnswer()) is None
    assert quota.take(ServerFailed()) == 5


@given(some.lists(some.sampled_from([ServerFailed, NoAnswer, None]), max_size=400))
def test_the_budget_stays_between_nothing_and_its_size(story: list[type[AIError] | None]) -> None:
    quota, owed = RetryQuota(), list[int]()
    for kind in story:
        if kind is None:
            quota.pay_back(owed.pop() if owed else None)
        elif (price := quota.take(kind())) is not None:
            owed.append(price)
        assert 0 <= quota.left <= FULL
        assert math.isfinite(quota.left)
