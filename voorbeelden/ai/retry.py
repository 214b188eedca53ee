"""Whether a failed attempt is made again, and after how long: the policy of the one retry owner.

stamina runs the loop; it asks ``RetryPlan`` after every failure. The deadline is not kept here:
no library can interrupt an attempt, so ``road.py`` puts it around everything.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from voorbeelden.ai.errors import AIError, BadRequest, Broken, NoAnswer, Transient

MAX_ATTEMPTS = 3
MAX_BROKEN = 2
"""An answer that began and broke is asked once more, not twice: it was paid for."""
LARGER_CAP = 2
"""How many times as many tokens a call gets once an answer of it was cut off."""
BUDGET = 500
"""What the shared budget holds when it is full; a retry costs 5 or 10 of it."""


class RetryQuota:
    """A shared budget, as botocore's standard mode has it: a retry costs 5 (after silence 10),
    a call that succeeds pays 1 back or what its own retry cost. Empty, nothing is retried, so
    that a provider in trouble is not asked three times as much."""

    def __init__(self, capacity: int = BUDGET) -> None:
        self._capacity = capacity
        self.left = capacity

    def take(self, error: AIError) -> int | None:
        """The price of a retry after ``error``, now paid; ``None`` when it cannot be."""
        price = 10 if isinstance(error, NoAnswer) else 5
        if price > self.left:
            return None
        self.left -= price
        return price

    def pay_back(self, price: int | None) -> None:
        self.left = min(self._capacity, self.left + (price or 1))


@dataclass(slots=True)
class RetryPlan:
    """The retries of one call.

    Attributes:
        deadline: ``time.monotonic`` seconds after which nothing may start.
        on_retry: told of every retry that will be made: the error, the number of the attempt to
            come, and the seconds until then.
        made: how many HTTP requests the call has made; more than its attempts when a server
            turned out not to know a parameter and was asked once more without it.
        spare: whether whoever the call belongs to has a retry to spare for it; takes it.
        backoff: the longest first wait in seconds; doubles with every attempt, with full jitter.
    """

    quota: RetryQuota
    deadline: float
    on_retry: Callable[[AIError, int, float], None]
    made: Callable[[], int] = lambda: 0
    spare: Callable[[], bool] = lambda: True
    backoff: float = 0.5
    attempts: int = 1
    paid: int | None = None

    def decide(self, error: Exception) -> bool | float:
        """stamina's backoff hook: seconds to wait, or ``False`` to give up."""
        if not isinstance(error, AIError) or not self._may_retry(error):
            return False
        wait = self._wait(error)
        if time.monotonic() + wait >= self.deadline or not self.spare():
            return False
        price = self.quota.take(error)
        if price is None:
            return False
        self.paid = price
        self.attempts += 1
        self.on_retry(error, self.attempts, wait)
        return wait

    def _may_retry(self, error: AIError) -> bool:
        if error.retry_advice is False:
            return False
        if isinstance(error, Broken):
            return self.attempts < MAX_BROKEN
        return _may_help(error) and max(self.attempts, self.made()) < MAX_ATTEMPTS

    def _wait(self, error: AIError) -> float:
        if error.retry_after is not None:
            # A tenth more at random: those who were sent away together do not come back together.
            return error.retry_after * random.uniform(1.0, 1.1)
        if isinstance(error, Broken):
            return 0.0
        return random.uniform(0, self.backoff * 2 ** (self.attempts - 1))


def _may_help(error: AIError) -> bool:
    """A lock that timed out (409) and its like are retried when the provider says so itself; a
    400 never is, whatever it says."""
    advised = type(error) is BadRequest and error.status != 400 and error.retry_advice is True
    return advised or isinstance(error, Transient)
