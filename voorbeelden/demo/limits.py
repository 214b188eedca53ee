"""The rate limit of a spec: a fixed window, and the headers in which OpenAI reports it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voorbeelden.demo.errors import ApiError


@dataclass(slots=True)
class Window:
    """``requests`` and ``tokens`` that fit in ``seconds``; ``None`` is no limit.

    The window opens at the first call and is emptied when it is over. A call that is turned away
    uses nothing.
    """

    requests: int | None
    tokens: int | None
    seconds: float
    _opened: float | None = field(default=None, init=False)
    _calls: int = field(default=0, init=False)
    _spent: int = field(default=0, init=False)

    def take(self, now: float, tokens: int) -> dict[str, str]:
        """Counts a call of ``tokens`` at ``now`` (monotonic seconds) and gives its headers.

        Raises ``ApiError`` (429, with the headers and Retry-After) when it does not fit.
        """
        if self._opened is None or now - self._opened >= self.seconds:
            self._opened, self._calls, self._spent = now, 0, 0
        full = None
        if self.requests is not None and self._calls + 1 > self.requests:
            full = "requests"
        elif self.tokens is not None and self._spent + tokens > self.tokens:
            full = "tokens"
        if full is None:
            self._calls += 1
            self._spent += tokens
        wait = self._opened + self.seconds - now
        headers = self._headers(wait)
        if full is None:
            return headers
        headers["Retry-After"] = str(math.ceil(wait))
        headers["retry-after-ms"] = str(math.ceil(wait * 1000))
        message = f"Rate limit reached on {full}. Please try again in {duration(wait)}."
        raise ApiError(429, message, kind=full, code="rate_limit_exceeded", headers=headers)

    def _headers(self, wait: float) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, limit, used in (
            ("requests", self.requests, self._calls),
            ("tokens", self.tokens, self._spent),
        ):
            if limit is not None:
                headers[f"x-ratelimit-limit-{name}"] = str(limit)
                headers[f"x-ratelimit-remaining-{name}"] = str(max(0, limit - used))
                headers[f"x-ratelimit-reset-{name}"] = duration(wait if used else 0.0)
        return headers


def duration(seconds: float) -> str:
    """A duration as the reset headers write it: ``120ms``, ``1.5s``, ``6m0s``."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(round(seconds, 3), 60)
    return f"{int(minutes)}m{rest:g}s" if minutes else f"{rest:g}s"
