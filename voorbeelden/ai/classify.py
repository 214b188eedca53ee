"""From what the SDK, the transport and the stream report to our own error tree.

The aiohttp transport of the SDK renames aiohttp's exceptions to httpx2's, and a server that
disconnects becomes a ``ConnectTimeout`` on the way; so the chain of causes is read, not the name.
"""

from __future__ import annotations

import email.utils
import math
import ssl
import time
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any, Final

import aiohttp
import httpx2
import openai

from voorbeelden.ai.client import RedirectedElsewhere
from voorbeelden.ai.errors import (
    AIError,
    AuthenticationFailed,
    BadRequest,
    CertificateInvalid,
    ConnectionFailed,
    ContentFiltered,
    Interrupted,
    ModelUnavailable,
    NoAnswer,
    QuotaExhausted,
    RateLimited,
    ServerFailed,
    TooLong,
    WrongAddress,
)

_CERTIFICATE = (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError)
_CONNECT_TIMEOUT = (aiohttp.ConnectionTimeoutError, httpx2.PoolTimeout)
_SILENCE = (aiohttp.SocketTimeoutError, httpx2.ReadTimeout, httpx2.WriteTimeout)

_BY_CODE: Mapping[str, type[AIError]] = {
    "insufficient_quota": QuotaExhausted,
    "billing_hard_limit_reached": QuotaExhausted,
    "rate_limit_exceeded": RateLimited,
    "context_length_exceeded": TooLong,
    "string_above_max_length": TooLong,
    "content_filter": ContentFiltered,
    "content_policy_violation": ContentFiltered,
    "model_not_found": ModelUnavailable,
    "invalid_api_key": AuthenticationFailed,
    "server_error": ServerFailed,
    "server_overloaded": ServerFailed,
}

_BY_STATUS: Mapping[int, type[AIError]] = {
    401: AuthenticationFailed,
    403: ModelUnavailable,
    404: ModelUnavailable,
    408: ServerFailed,
    413: TooLong,
    429: RateLimited,
}

_LONGEST: Final = 86_400.0
"""Seconds: the longest wait that a provider is believed."""


def from_sdk(error: openai.OpenAIError) -> AIError:
    """The SDK raised before a stream began."""
    if isinstance(error, openai.APIStatusError):
        return _from_status(error)
    return from_transport(error, began=False)


def _from_status(error: openai.APIStatusError) -> AIError:
    headers = error.response.headers
    # Text: a local server may send a number or even an object there.
    kind = _BY_CODE.get(str(error.code)) or _BY_CODE.get(str(error.type))
    if kind is None:
        kind = _BY_STATUS.get(error.status_code)
    if kind is None and error.status_code < 400:
        kind = WrongAddress
    if kind is None:
        kind = ServerFailed if error.status_code >= 500 else BadRequest
    return kind(
        status=error.status_code,
        request_id=error.request_id,
        retry_after=retry_after(headers),
        retry_advice={"true": True, "false": False}.get(headers.get("x-should-retry", "")),
    )


def from_transport(error: BaseException, *, began: bool) -> AIError:
    """The connection failed: before (``began=False``) or after the first byte of an answer."""
    chain = tuple(_chain(error))

    def caused_by(kinds: tuple[type[BaseException], ...]) -> bool:
        return any(isinstance(one, kinds) for one in chain)

    if caused_by((RedirectedElsewhere,)):
        return WrongAddress()
    if caused_by(_CERTIFICATE):
        return CertificateInvalid()
    if began:
        return Interrupted()
    if caused_by(_CONNECT_TIMEOUT):
        return ConnectionFailed(detail="connect timeout")
    if caused_by(_SILENCE):
        return NoAnswer()
    return ConnectionFailed()


def from_event(error: Mapping[str, Any], request_id: str | None) -> AIError:
    """An error object arrived as an event inside the stream: its code decides."""
    for key in ("code", "type"):
        kind = _BY_CODE.get(str(error.get(key)))
        if kind is not None:
            return kind(request_id=request_id)
    return ServerFailed(request_id=request_id)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as the provider asks: ``retry-after-ms``, or ``Retry-After`` in seconds
    or as an HTTP date (RFC 9110, section 10.2.3); a day at most, for what is longer is a mistake
    of somebody's. ``None`` when absent or unreadable."""
    asked = _asked(headers)
    return None if asked is None else min(max(0.0, asked), _LONGEST)


def _asked(headers: Mapping[str, str]) -> float | None:
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        # The asctime form names no zone; an HTTP date is in UTC whatever its form.
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() - time.time()


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
