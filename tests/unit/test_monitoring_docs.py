"""docs/monitoring.md and what is served and watched name the same things."""

from __future__ import annotations

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from voorbeelden.metrics import Metrics, StateCollector
from voorbeelden.recent import Recent
from voorbeelden.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/monitoring.md").read_text("utf-8")


def test_every_metric_is_documented_and_none_that_is_not_there() -> None:
    metrics = Metrics(Settings())
    metrics.register(StateCollector(Recent(), lambda: None))
    exposition = metrics.exposition("")[0].decode()
    served = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(exposition)
        if not family.name.endswith("_created")
    }
    own = {name for name in served if not name.startswith("process_")}
    named = set(re.findall(r"`((?:voorbeelden|gen_ai)_[a-z_]+)(?:\{[^`]*\})?`", TEXT))
    assert named == own
    assert "`process_open_connections`" in TEXT


def test_every_alert_is_documented() -> None:
    rules = (ROOT / "deploy/prometheus/voorbeelden.rules.yml").read_text("utf-8")
    assert set(re.findall(r"`(Voorbeelden\w+)`", TEXT)) == set(re.findall(r"- alert: (\w+)", rules))
