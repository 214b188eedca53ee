"""Everything that the SDK, the transport and the stream can report becomes an error of ours."""

from __future__ import annotations

import asyncio
import inspect
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any, cast

import aiohttp
import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import _exceptions

from voorbeelden.ai import classify
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
)

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")


def response(status: int, headers: dict[str, str] | None = None) -> httpx2.Response:
    return httpx2.Response(status, headers=headers, request=REQUEST)


def status_error(
    status: int, body: object = None, headers: dict[str, str] | None = None
) -> openai.APIStatusError:
    return openai.APIStatusError("geheim", response=response(status, headers), body=body)


# --- every exception of the SDK ---

STATUS_CLASSES: dict[type[openai.APIStatusError], tuple[int, type[AIError]]] = {
    openai.BadRequestError: (400, BadRequest),
    openai.AuthenticationError: (401, AuthenticationFailed),
    openai.PermissionDeniedError: (403, ModelUnavailable),
    openai.NotFoundError: (404, ModelUnavailable),
    openai.ConflictError: (409, BadRequest),
    openai.UnprocessableEntityError: (422, BadRequest),
    openai.RateLimitError: (429, RateLimited),
    openai.InternalServerError: (500, ServerFailed),
    openai.APIStatusError: (418, BadRequest),
}
OTHER_ERRORS: dict[str, openai.OpenAIError] = {
    "OpenAIError": openai.OpenAIError("geheim"),
    "APIError": openai.APIError("geheim", REQUEST, body=None),
    "APIConnectionError": openai.APIConnectionError(request=REQUEST),
    "APITimeoutError": openai.APITimeoutError(REQUEST),
    "APIResponseValidationError": openai.APIResponseValidationError(response(200), body=None),
    "OAuthError": openai.OAuthError(response=response(401), body=None),
    "SubjectTokenProviderError": _exceptions.SubjectTokenProviderError("geheim"),
    "LengthFinishReasonError": openai.LengthFinishReasonError(
        completion=cast(Any, type("Completion", (), {"usage": None})())
    ),
    "ContentFilterFinishReasonError": openai.ContentFilterFinishReasonError(),
    "WebSocketConnectionClosedError": openai.WebSocketConnectionClosedError(
        "geheim", unsent_messages=[]
    ),
    "WebSocketQueueFullError": openai.WebSocketQueueFullError("geheim"),
}
NEVER_RAISED_BY_A_REQUEST = {
    # Checks the signature of a webhook; a ValueError, not an OpenAIError.
    "InvalidWebhookSignatureError",
}


def sdk_exceptions() -> Iterator[str]:
    public = {name: getattr(openai, name) for name in openai.__all__}
    for name, value in {**public, **vars(_exceptions)}.items():
        if inspect.isclass(value) and issubclass(value, Exception):
            yield name


def test_every_exception_of_the_sdk_is_known_here() -> None:
    """A new class in a newer SDK fails this test until somebody has looked at it."""
    known = {one.__name__ for one in STATUS_CLASSES} | set(OTHER_ERRORS) | NEVER_RAISED_BY_A_REQUEST
    assert set(sdk_exceptions()) == known
    assert set(_exceptions.__all__) <= known


@pytest.mark.parametrize("kind", STATUS_CLASSES, ids=lambda kind: kind.__name__)
def test_every_status_error_is_mapped(kind: type[openai.APIStatusError]) -> None:
    status, expected = STATUS_CLASSES[kind]
    error = classify.from_sdk(kind("geheim", response=response(status), body=None))
    assert type(error) is expected
    assert error.status == status


@pytest.mark.parametrize("name", OTHER_ERRORS)
def test_every_other_error_is_mapped(name: str) -> None:
    """To something concrete, and never with the SDK's text in it."""
    error = classify.from_sdk(OTHER_ERRORS[name])
    expected = AuthenticationFailed if name == "OAuthError" else ConnectionFailed
    assert type(error) is expected
    assert "geheim" not in str(error)


# --- status and body ---


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, BadRequest),
        (401, AuthenticationFailed),
        (402, BadRequest),
        (403, ModelUnavailable),
        (404, ModelUnavailable),
        (405, BadRequest),
        (408, ServerFailed),
        (409, BadRequest),
        (413, TooLong),
        (422, BadRequest),
        (429, RateLimited),
        (499, BadRequest),
        (500, ServerFailed),
        (502, ServerFailed),
        (503, ServerFailed),
        (504, ServerFailed),
        (529, ServerFailed),
    ],
)
def test_a_status_alone_decides_when_the_body_says_nothing(
    status: int, expected: type[AIError]
) -> None:
    """Also with bodies that are no error object: a proxy's text, a list, an empty answer."""
    bodies: list[object] = [None, "storing", [], {}, {"code": None, "type": None}, {"code": "x"}]
    for body in bodies:
        assert type(classify.from_sdk(status_error(status, body))) is expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, {"code": "insufficient_quota", "type": "insufficient_quota"}, QuotaExhausted),
        (429, {"code": None, "type": "insufficient_quota"}, QuotaExhausted),
        (400, {"code": "billing_hard_limit_reached"}, QuotaExhausted),
        (429, {"code": "rate_limit_exceeded", "type": "tokens"}, RateLimited),
        (400, {"code": "context_length_exceeded", "type": "invalid_request_error"}, TooLong),
        (400, {"code": "string_above_max_length"}, TooLong),
        (400, {"code": "content_filter"}, ContentFiltered),
        (400, {"code": "content_policy_violation"}, ContentFiltered),
        (404, {"code": "model_not_found"}, ModelUnavailable),
        (401, {"code": "invalid_api_key"}, AuthenticationFailed),
        (503, {"code": None, "type": "server_error"}, ServerFailed),
    ],
)
def test_the_code_in_the_body_goes_before_the_status(
    status: int, body: object, expected: type[AIError]
) -> None:
    """A used-up credit is a 429 too, but waiting does not help."""
    assert type(classify.from_sdk(status_error(status, body))) is expected


@pytest.mark.parametrize("odd", [400, 4.5, ["insufficient_quota"], {"a": 1}, True])
def test_a_code_of_another_type_does_not_break_the_mapping(odd: object) -> None:
    """Local servers put numbers there; JSON allows anything."""
    error = classify.from_sdk(status_error(400, {"code": odd, "type": odd}))
    assert type(error) is BadRequest


def test_the_facts_of_a_response_are_kept() -> None:
    headers = {"x-request-id": "req_1", "Retry-After": "7", "x-should-retry": "false"}
    error = classify.from_sdk(status_error(429, headers=headers))
    assert (error.status, error.request_id) == (429, "req_1")
    assert (error.retry_after, error.retry_advice) == (7.0, False)


@pytest.mark.parametrize(("text", "advice"), [("true", True), ("false", False), ("?", None)])
def test_the_providers_advice_is_read(text: str, advice: bool | None) -> None:
    error = classify.from_sdk(status_error(503, headers={"x-should-retry": text}))
    assert error.retry_advice is advice
    assert classify.from_sdk(status_error(503)).retry_advice is None


# --- events inside a stream ---


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"code": "insufficient_quota"}, QuotaExhausted),
        ({"code": "rate_limit_exceeded"}, RateLimited),
        ({"code": None, "type": "server_error"}, ServerFailed),
        ({"code": "content_filter", "type": "server_error"}, ContentFiltered),
        ({"code": 500}, ServerFailed),
        ({"code": ["x"], "type": {}}, ServerFailed),
        ({}, ServerFailed),
    ],
)
def test_an_error_event_is_mapped_by_its_code(
    event: dict[str, Any], expected: type[AIError]
) -> None:
    error = classify.from_event(event, "req_1")
    assert type(error) is expected
    assert error.request_id == "req_1"


# --- the connection ---


def chained(*errors: BaseException) -> BaseException:
    """The first error, caused by the second, and so on: as a transport hands it over."""
    for outer, inner in pairwise(errors):
        outer.__cause__ = inner
    return errors[0]


def wrapped(*causes: BaseException) -> openai.APIConnectionError:
    return cast(
        openai.APIConnectionError, chained(openai.APIConnectionError(request=REQUEST), *causes)
    )


KEY = cast(Any, None)  # aiohttp's connection key, which only its text needs
REFUSED = aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, "refused"))


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (httpx2.ConnectError("geheim"), ConnectionFailed),
        (httpx2.ConnectTimeout("geheim"), ConnectionFailed),
        (httpx2.PoolTimeout("geheim"), ConnectionFailed),
        (httpx2.ReadTimeout("geheim"), NoAnswer),
        (httpx2.WriteTimeout("geheim"), NoAnswer),
        (httpx2.RemoteProtocolError("geheim"), ConnectionFailed),
        (aiohttp.ConnectionTimeoutError(), ConnectionFailed),
        (aiohttp.SocketTimeoutError(), NoAnswer),
        (aiohttp.ServerDisconnectedError(), ConnectionFailed),
        (socket.gaierror(-2, "geheim"), ConnectionFailed),
        (ConnectionResetError(104, "geheim"), ConnectionFailed),
        (ssl.SSLError("geheim"), ConnectionFailed),
        (ssl.SSLCertVerificationError("geheim"), CertificateInvalid),
        (asyncio.IncompleteReadError(b"", 1), ConnectionFailed),
        (ValueError("geheim"), ConnectionFailed),
    ],
    ids=lambda value: value.__class__.__name__ if isinstance(value, BaseException) else None,
)
def test_a_failure_before_the_first_byte_is_named_by_its_cause(
    cause: BaseException, expected: type[AIError]
) -> None:
    """The SDK says "Connection error." of all of them; the chain of causes says which it was."""
    for error in (wrapped(cause), wrapped(httpx2.ConnectTimeout("x"), OSError(), cause)):
        found = classify.from_sdk(error)
        assert type(found) is expected
        assert "geheim" not in f"{found}{found.detail}"


def test_a_disconnect_that_the_transport_calls_a_timeout_is_no_timeout() -> None:
    """The aiohttp transport of the SDK renames a disconnecting server to ConnectTimeout."""
    found = classify.from_sdk(
        wrapped(httpx2.ConnectTimeout("x"), aiohttp.ServerDisconnectedError())
    )
    assert type(found) is ConnectionFailed
    assert found.detail is None
    real = classify.from_sdk(wrapped(httpx2.ConnectTimeout("x"), aiohttp.ConnectionTimeoutError()))
    assert real.detail == "connect timeout"


def test_an_error_raised_while_handling_another_counts_as_its_cause() -> None:
    """Not every layer writes ``raise … from …``."""
    error = openai.APIConnectionError(request=REQUEST)
    error.__context__ = aiohttp.SocketTimeoutError()
    assert type(classify.from_sdk(error)) is NoAnswer


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ReadError("x"),
        httpx2.ReadTimeout("x"),
        httpx2.RemoteProtocolError("x"),
        REFUSED,
        ConnectionResetError(),
        OSError(),
    ],
    ids=lambda error: error.__class__.__name__,
)
def test_after_the_first_byte_every_break_is_an_interruption(error: BaseException) -> None:
    assert type(classify.from_transport(error, began=True)) is Interrupted


# --- Retry-After ---


def date(seconds: float, form: str = "http") -> str:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    if form == "asctime":
        return moment.strftime("%a %b %d %H:%M:%S %Y")
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0.25"}, 0.25),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "-5"}, 0.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1e300"}, 86_400.0),
        ({"Retry-After": "1764309600000"}, 86_400.0),
        ({"Retry-After": "99999999999999"}, 86_400.0),
        ({"retry-after-ms": "1500", "Retry-After": "60"}, 1.5),
        ({"retry-after-ms": "straks", "Retry-After": "60"}, 60.0),
        ({"Retry-After": "straks"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "1e999"}, None),
        ({"Retry-After": "06 Nov 00:00 99999999999999999999"}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0.0),
    ],
)
def test_retry_after_in_numbers(headers: dict[str, str], seconds: float | None) -> None:
    """Milliseconds before seconds; the past is now; what cannot be read is not there."""
    assert classify.retry_after(httpx2.Headers(headers)) == seconds


@pytest.mark.parametrize("form", ["http", "asctime"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_retry_after_as_a_date(monkeypatch: pytest.MonkeyPatch, form: str, zone: str) -> None:
    """A date is in UTC, in the obsolete form without a zone too, wherever this machine stands."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        found = classify.retry_after(httpx2.Headers({"Retry-After": date(120, form)}))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found is not None
    assert 110 < found <= 120


@given(
    text=st.text(max_size=30)
    | st.from_regex(r"[A-z]{3}, [0-9]{1,9} [A-z]{3} [0-9]{1,20} [0-9:]{1,12} [A-Z]*")
)
def test_retry_after_never_raises(text: str) -> None:
    """A header is what a stranger wrote."""
    found = classify.retry_after({"retry-after": text})
    assert found is None or 0 <= found < float("inf")
