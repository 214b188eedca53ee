"""The client metrics that OpenTelemetry names for generative AI.

Names, attributes and bucket bounds are those of the semantic conventions v1.41.0
(gen_ai.client.operation.duration, gen_ai.client.operation.time_to_first_chunk,
gen_ai.client.token.usage), spelled as OpenTelemetry's Prometheus exporter does: dots become
underscores, the unit ``s`` becomes ``_seconds``, the annotation ``{token}`` disappears.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Histogram

from voorbeelden.hooks import RequestEnded
from voorbeelden.settings import Settings

_DURATION_BUCKETS: Final = (
    *(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64),
    *(1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
)
_TOKEN_BUCKETS: Final = tuple(4**power for power in range(14))
_FIRST_CHUNK_BUCKETS: Final = (
    *(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1),
    *(0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0),
)

_ATTRIBUTES: Final = ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model")


def provider_name(settings: Settings) -> str:
    """``openai`` (also for servers that speak its protocol), ``azure.ai.openai``, or our own
    name for the demonstration server: the conventions ask for a custom value there."""
    if settings.demonstration:
        return "voorbeelden.demo"
    host = urlsplit(settings.base_url or "").hostname or ""
    azure = settings.api_version is not None or host.endswith(".openai.azure.com")
    return "azure.ai.openai" if azure else "openai"


class GenAIMetrics:
    """Fed with every request to the provider."""

    def __init__(self, registry: CollectorRegistry, settings: Settings) -> None:
        self._labels = ("chat", provider_name(settings), settings.model)
        self._duration = Histogram(
            "gen_ai_client_operation_duration_seconds",
            "GenAI operation duration; error_type is empty for a success.",
            (*_ATTRIBUTES, "error_type"),
            buckets=_DURATION_BUCKETS,
            registry=registry,
        )
        self._first_chunk = Histogram(
            "gen_ai_client_operation_time_to_first_chunk_seconds",
            "Time from the request to the first text of its streamed answer.",
            _ATTRIBUTES,
            buckets=_FIRST_CHUNK_BUCKETS,
            registry=registry,
        )
        self._tokens = Histogram(
            "gen_ai_client_token_usage",
            "Tokens of one operation, as the provider counted them.",
            (*_ATTRIBUTES, "gen_ai_token_type"),
            buckets=_TOKEN_BUCKETS,
            registry=registry,
        )

    def request(self, record: RequestEnded) -> None:
        error = "cancelled" if record.cancelled else record.failure.value if record.failure else ""
        self._duration.labels(*self._labels, error).observe(record.seconds)
        if record.first_text is not None:
            self._first_chunk.labels(*self._labels).observe(record.first_text)
        if record.tokens is not None:
            self._tokens.labels(*self._labels, "input").observe(record.tokens.prompt)
            self._tokens.labels(*self._labels, "output").observe(record.tokens.completion)
