"""The request body of a chat completion, as far as the demo server reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from voorbeelden.demo.errors import ApiError


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One call as it was asked. ``max_tokens`` is either spelling of the limit."""

    model: str
    system: str
    user: str
    stream: bool
    has_stream_options: bool
    include_usage: bool
    max_tokens: int | None
    wants_schema: bool

    @classmethod
    def from_body(cls, body: bytes) -> ChatRequest:
        """Raises ``ApiError`` (400) when the body is no chat completion request."""
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise ApiError.invalid("We could not parse the JSON body of your request.") from None
        if not isinstance(data, dict):
            raise ApiError.invalid("The request body is not a JSON object.")
        messages = data.get("messages")
        if not isinstance(messages, list) or not messages:
            raise ApiError.invalid("Missing required parameter: 'messages'.", "messages")
        if not isinstance(data.get("model"), str):
            raise ApiError.invalid("Missing required parameter: 'model'.", "model")
        texts: dict[str, str] = {}
        for message in messages:
            if isinstance(message, dict):
                texts[str(message.get("role"))] = _text(message.get("content"))
        limit = data.get("max_completion_tokens", data.get("max_tokens"))
        response_format = data.get("response_format")
        return cls(
            model=data["model"],
            system=texts.get("system") or texts.get("developer", ""),
            user=texts.get("user", ""),
            stream=data.get("stream") is True,
            has_stream_options="stream_options" in data,
            include_usage=bool(_dict(data.get("stream_options")).get("include_usage")),
            max_tokens=limit if isinstance(limit, int) else None,
            wants_schema=_dict(response_format).get("type") == "json_schema",
        )


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(content: object) -> str:
    """A message's text: a plain string, or the text parts of a list."""
    if isinstance(content, list):
        return "".join(str(_dict(part).get("text", "")) for part in content)
    return content if isinstance(content, str) else ""
