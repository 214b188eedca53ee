"""What a server turned out not to know, learned from its refusals.

OpenAI, Azure and the local servers speak the same protocol with gaps. A request starts complete;
when a server answers 400 and names a parameter, that parameter is left out from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import orjson

_NOTE_SCHEMA = (
    "Deze server kent geen vast antwoordschema (json_schema). Het antwoord is als gewoon JSON "
    "gevraagd en daarna gecontroleerd."
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which optional parts of Chat Completions are used with this server."""

    json_schema: bool = True
    json_object: bool = True
    usage: bool = True
    max_tokens: str | None = "max_completion_tokens"
    temperature: bool = True

    def without(self, refusal: str) -> Dialect | None:
        """The dialect after a 400 with this text, or ``None`` when it names nothing we can omit."""
        text = refusal.lower()
        if self.json_schema and ("response_format" in text or "json_schema" in text):
            return replace(self, json_schema=False)
        if self.json_object and ("response_format" in text or "json_object" in text):
            return replace(self, json_object=False)
        if self.usage and ("stream_options" in text or "include_usage" in text):
            return replace(self, usage=False)
        if self.max_tokens == "max_completion_tokens" and self.max_tokens in text:
            return replace(self, max_tokens="max_tokens")
        if self.max_tokens == "max_tokens" and self.max_tokens in text:
            return replace(self, max_tokens=None)
        if self.temperature and "temperature" in text:
            return replace(self, temperature=False)
        return None

    def notes(self) -> tuple[str, ...]:
        """Dutch remarks for the editor about what is done differently."""
        return () if self.json_schema else (_NOTE_SCHEMA,)

    def parameters(
        self,
        *,
        system: str,
        user: str,
        schema: dict[str, Any],
        max_tokens: int,
        temperature: float | None,
    ) -> dict[str, Any]:
        """The body of the request, apart from the model."""
        body: dict[str, Any] = {}
        if self.json_schema:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "voorbeelden", "strict": True, "schema": schema},
            }
        else:
            system += "\n\nHet antwoord voldoet aan dit JSON-schema:\n" + orjson.dumps(
                schema
            ).decode("utf-8")
            if self.json_object:
                body["response_format"] = {"type": "json_object"}
        body["messages"] = [
            {"role": "system", "content": system},
            {"role": "user", "content": user},
        ]
        if self.usage:
            body["stream_options"] = {"include_usage": True}
        if self.max_tokens:
            body[self.max_tokens] = max_tokens
        if self.temperature and temperature is not None:
            body["temperature"] = temperature
        return body
