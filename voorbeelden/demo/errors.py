"""Errors as the OpenAI API words them: status, body and headers."""

from __future__ import annotations

from collections.abc import Mapping

import orjson


class ApiError(Exception):
    """An error answer; ``body`` is ``{"error": {"message", "type", "param", "code"}}``."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.error = {"message": message, "type": kind, "param": param, "code": code}

    @property
    def body(self) -> bytes:
        return orjson.dumps({"error": self.error})

    @classmethod
    def invalid(cls, message: str, param: str | None = None, code: str | None = None) -> ApiError:
        return cls(400, message, param=param, code=code)

    @classmethod
    def server(cls, message: str, code: str | None = None) -> ApiError:
        return cls(500, message, kind="server_error", code=code)
