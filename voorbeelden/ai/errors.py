"""Everything that can go wrong on the way to a provider, as one tree.

    AIError
      Rejected                  the provider will not do this; asking again is no use
        AuthenticationFailed      401, no or a wrong key
        ModelUnavailable          403, 404
        BadRequest                400, 409, 413, 422 and other 4xx
          TooLong                 the prompt does not fit the model
        QuotaExhausted            429 insufficient_quota
        CertificateInvalid        TLS that cannot be trusted
        WrongAddress              200, but not from a provider (a proxy's HTML page)
        Refused                   the model refuses
        ContentFiltered           finish_reason content_filter
      Transient                 another attempt may succeed
        RateLimited               429
        ServerFailed              5xx, 408, overload
        ConnectionFailed          no name, refused, no route, TLS broke off, connect timeout
        NoAnswer                  connected, and not a byte in time
      Broken                    an answer began, and did not come whole
        Interrupted               reset or silence in the middle
        Incomplete                a clean end without finish_reason
        Unreadable                not the JSON that was asked
        Truncated                 finish_reason length
        Unusable                  JSON, but no usable items
      CallTimeout               the call's own time, or the generation's, ran out
      BreakerOpen               not asked at all: the provider failed too often just now

Exception text holds kinds and numbers only: no key, no prompt, no model text.
"""

from __future__ import annotations

from typing import ClassVar

from voorbeelden.model import FailureKind


class AIError(Exception):
    """A call failed.

    Attributes:
        kind: the stable id of the failure.
        status: HTTP status, when there was one.
        request_id: the provider's ``x-request-id``, for a report to it.
        retry_after: seconds the provider asks to wait, when it does.
        retry_advice: the provider's ``x-should-retry``, when it gives one.
        detail: a short word the message may show (a refusal's own reason, a missing host).
    """

    kind: ClassVar[FailureKind] = FailureKind.INTERNAL

    def __init__(
        self,
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        retry_advice: bool | None = None,
        detail: str | None = None,
    ) -> None:
        super().__init__(self.kind.value if status is None else f"{self.kind.value} ({status})")
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.retry_advice = retry_advice
        self.detail = detail


class Rejected(AIError):
    """Asking again is no use."""


class AuthenticationFailed(Rejected):
    kind = FailureKind.AUTHENTICATION


class ModelUnavailable(Rejected):
    kind = FailureKind.MODEL_UNAVAILABLE


class BadRequest(Rejected):
    kind = FailureKind.BAD_REQUEST


class TooLong(BadRequest):
    kind = FailureKind.TOO_LONG


class QuotaExhausted(Rejected):
    kind = FailureKind.QUOTA


class CertificateInvalid(Rejected):
    kind = FailureKind.CERTIFICATE


class WrongAddress(Rejected):
    kind = FailureKind.WRONG_ADDRESS


class Refused(Rejected):
    kind = FailureKind.REFUSED


class ContentFiltered(Rejected):
    kind = FailureKind.CONTENT_FILTER


class Transient(AIError):
    """Another attempt may succeed."""


class RateLimited(Transient):
    kind = FailureKind.RATE_LIMITED


class ServerFailed(Transient):
    kind = FailureKind.SERVER


class ConnectionFailed(Transient):
    kind = FailureKind.CONNECTION


class NoAnswer(Transient):
    kind = FailureKind.NO_ANSWER


class Broken(AIError):
    """An answer began, and did not come whole."""


class Interrupted(Broken):
    kind = FailureKind.INTERRUPTED


class Incomplete(Broken):
    kind = FailureKind.INCOMPLETE


class Unreadable(Broken):
    kind = FailureKind.UNREADABLE


class Truncated(Broken):
    kind = FailureKind.TRUNCATED


class Unusable(Broken):
    kind = FailureKind.UNUSABLE


class CallTimeout(AIError):
    kind = FailureKind.TIMEOUT


class BreakerOpen(AIError):
    kind = FailureKind.BREAKER_OPEN
