"""Metrics in Prometheus' text format, filled through the hooks. docs/monitoring.md lists them.

Labels are enumerations and the name of the model: never a begrip, a prompt, a job or a person.
"""

from __future__ import annotations

from voorbeelden.metrics.instruments import Metrics
from voorbeelden.metrics.state import StateCollector

__all__ = ["Metrics", "StateCollector"]
