"""Which faults hit which call, and the errors they answer: pure."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from voorbeelden.demo.chat import ChatRequest
from voorbeelden.demo.errors import ApiError
from voorbeelden.demo.profiles import estimate_tokens
from voorbeelden.demo.spec import DemoSpec, FaultSpec, Where


@dataclass(frozen=True, slots=True)
class Call:
    """A call's place: its number within the spec, and per kind how many asked for it, from 1."""

    number: int
    nth: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault that hits, with its place in the spec: two equal faults keep a memory each."""

    index: int
    fault: FaultSpec

    @property
    def name(self) -> str:
        return self.fault.name


def hits(spec: DemoSpec, call: Call) -> tuple[Hit, ...]:
    """The faults of ``spec`` that hit ``call``, in the order in which the spec names them."""
    seed = spec.count("seed")
    return tuple(
        Hit(index, fault)
        for index, fault in enumerate(spec.faults)
        if _applies(fault.where, call, f"{seed}:{index}:{call.number}")
    )


def _applies(where: Where, call: Call, seed: str) -> bool:
    if where.number is not None:
        return call.number == where.number
    if where.percent is not None:
        return random.Random(seed).random() * 100 < where.percent
    if where.kind is None:
        return True
    nth = call.nth.get(where.kind)
    return nth is not None and where.nth in (None, nth)


def error_of(fault: FaultSpec, chat: ChatRequest) -> ApiError | None:
    """The error that ``fault`` answers to this request; ``None`` when it answers none.

    ``noschema`` and ``nousage`` are errors only for a request that uses what they do not know.
    """
    match fault.name:
        case "400":
            return ApiError.invalid("Invalid value for 'messages'.", "messages", "invalid_value")
        case "401":
            return ApiError(401, "Incorrect API key provided.", code="invalid_api_key")
        case "403":
            return ApiError(
                403,
                "Country, region, or territory not supported",
                kind="request_forbidden",
                code="unsupported_country_region_territory",
            )
        case "404":
            message = f"The model `{chat.model}` does not exist or you do not have access to it."
            return ApiError(404, message, code="model_not_found")
        case "429":
            message = "Rate limit reached. Please try again later."
            headers = retry_headers(fault)
            return ApiError(
                429, message, kind="requests", code="rate_limit_exceeded", headers=headers
            )
        case "quota":
            message = "You exceeded your current quota, please check your plan and billing details."
            return ApiError(429, message, kind="insufficient_quota", code="insufficient_quota")
        case "500" | "502" | "503":
            message = "The server had an error while processing your request. Sorry about that!"
            headers = retry_headers(fault)
            return ApiError(int(fault.name), message, kind="server_error", headers=headers)
        case "context":
            tokens = estimate_tokens(chat.system) + estimate_tokens(chat.user)
            message = (
                f"This model's maximum context length is {tokens - 1} tokens. "
                f"However, your messages resulted in {tokens} tokens."
            )
            return ApiError.invalid(message, "messages", "context_length_exceeded")
        case "noschema" if chat.wants_schema:
            message = "'response_format' of type 'json_schema' is not supported with this model."
            return ApiError.invalid(f"Invalid parameter: {message}", "response_format")
        case "nousage" if chat.has_stream_options:
            message = "Unknown parameter: 'stream_options'."
            return ApiError.invalid(message, "stream_options", "unknown_parameter")
        case _:
            return None


def retry_headers(fault: FaultSpec) -> dict[str, str]:
    """``Retry-After`` in seconds or as an HTTP date (RFC 9110, 10.2.3), and ``x-should-retry``."""
    headers = {}
    if (seconds := fault.value("retry-after")) is not None:
        headers["Retry-After"] = f"{float(seconds):g}"
    if (seconds := fault.value("retry-after-date")) is not None:
        moment = datetime.now(UTC) + timedelta(seconds=float(seconds))
        headers["Retry-After"] = format_datetime(moment, usegmt=True)
    if (retry := fault.value("should-retry")) is not None:
        headers["x-should-retry"] = "true" if retry else "false"
    return headers
