"""The rules, a real Prometheus on the real app, and the dashboard that reads from both."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from scripts.browser_harness import serve_app
from tests.integration.support import wait_until
from voorbeelden.metrics import Metrics, StateCollector
from voorbeelden.recent import Recent
from voorbeelden.settings import Settings

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/prometheus/voorbeelden.rules.yml"
TESTS = ROOT / "deploy/prometheus/voorbeelden.test.yml"
CONFIG = ROOT / "deploy/prometheus/prometheus.yml"
DASHBOARD = json.loads((ROOT / "deploy/grafana/voorbeelden.json").read_text("utf-8"))
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel.get("targets", ())]


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder with promtool and prometheus; without them these tests are skipped, aloud."""
    found = subprocess.run(
        ["sh", str(ROOT / "scripts/setup_promtool.sh"), "--find"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        pytest.skip(found.stderr.strip())
    return Path(found.stdout.strip())


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_alert_when_they_should_and_not_otherwise(tools: Path) -> None:
    """Each threshold, its volume and both its windows, on series made for it."""
    run(tools / "promtool", "test", "rules", TESTS)


def test_the_example_configuration_is_valid(tools: Path) -> None:
    run(tools / "promtool", "check", "config", CONFIG)


def test_every_alert_has_a_test() -> None:
    """A rule that nobody saw fire is a guess."""
    alerts = set(re.findall(r"- alert: (\w+)", RULES.read_text("utf-8")))
    fired = set(re.findall(r"alertname: (\w+)\n\s+exp_alerts:", TESTS.read_text("utf-8")))
    assert fired == alerts


def served_names() -> set[str]:
    """Every sample name that /metrics can have, and the names that the rules record."""
    metrics = Metrics(Settings())
    metrics.register(StateCollector(Recent(), lambda: None))
    names = set(re.findall(r"- record: (\S+)", RULES.read_text("utf-8"))) | {"up"}
    for family in text_string_to_metric_families(metrics.exposition("")[0].decode()):
        endings = {
            "counter": ("_total",),
            "histogram": ("_bucket", "_sum", "_count"),
        }.get(family.type, ("",))
        names |= {family.name.removesuffix("_total") + ending for ending in endings}
    return names


NAME = re.compile(r"\b(?:voorbeelden|process|gen_ai)_[a-z0-9_:]+|\bvoorbeelden:[a-z0-9_:]+")


@pytest.mark.parametrize("source", ["rules", "dashboard"])
def test_what_is_asked_for_exists(source: str) -> None:
    """A renamed metric would leave an alert silent and a panel empty."""
    if source == "rules":
        expressions = re.findall(
            r"expr: (?:>-\n)?((?:.*\n)+?)\s+(?:- |labels|for)", RULES.read_text()
        )
        assert len(expressions) >= 20
        text = " ".join(expressions)
    else:
        text = " ".join(EXPRESSIONS)
    labels = {"gen_ai_token_type"}
    assert set(NAME.findall(text)) - labels <= served_names()


def test_the_dashboard_has_the_shape_that_grafana_loads() -> None:
    """Ids are unique, nothing overlaps, and every panel asks the data source that is chosen."""
    ids = [panel["id"] for panel in PANELS]
    assert len(set(ids)) == len(ids)
    assert DASHBOARD["uid"]
    assert isinstance(DASHBOARD["schemaVersion"], int)
    assert isinstance(DASHBOARD["title"], str)
    variables = {one["name"] for one in DASHBOARD["templating"]["list"]}
    assert variables == {"datasource", "job"}
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
            references = [target["refId"] for target in panel["targets"]]
            assert references
            assert len(set(references)) == len(references)


CHARTS = [panel for panel in PANELS if panel["type"] != "row"]


@pytest.mark.parametrize("panel", CHARTS, ids=[panel["title"] for panel in CHARTS])
def test_every_panel_says_what_it_shows(panel: dict[str, Any]) -> None:
    """A title of its own, a kind that Grafana has built in, a unit, a name for each line, and in
    the options what its schema (13.2) has no default for."""
    assert [one["title"] for one in PANELS].count(panel["title"]) == 1
    assert panel["type"] in ("stat", "timeseries")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["fieldConfig"]["overrides"] == []
    for target in panel["targets"]:
        assert target["datasource"] == panel["datasource"]
        assert target["expr"].count("$job") >= 1
        names = re.findall(r"{{(\w+)}}", target.get("legendFormat", ""))
        grouped = re.findall(r"by \(([^)]*)\)", target["expr"])
        assert set(names) <= {"instance", *re.findall(r"\w+", " ".join(grouped))}
    if panel["type"] == "timeseries":
        assert all(target["legendFormat"] for target in panel["targets"])
        assert panel["options"]["legend"].keys() == {
            "calcs",
            "displayMode",
            "placement",
            "showLegend",
        }
        assert panel["options"]["tooltip"].keys() == {"mode", "sort"}
    else:
        assert panel["options"]["reduceOptions"]["calcs"]


def test_every_row_and_variable_is_whole() -> None:
    """A row that is open holds no panels of its own; a variable that an expression names exists,
    and its values come from a metric that is served."""
    for row in (panel for panel in PANELS if panel["type"] == "row"):
        assert (row["collapsed"], row["panels"], row["gridPos"]["w"]) == (False, [], 24)
    variables = {one["name"]: one for one in DASHBOARD["templating"]["list"]}
    named = set(re.findall(r"\$\{?(\w+)", json.dumps(PANELS))) - {"__rate_interval"}
    assert named == set(variables)
    assert variables["datasource"]["query"] == "prometheus"
    asked = variables["job"]["query"]["query"]
    assert set(NAME.findall(asked)) <= served_names()
    assert asked.startswith("label_values(")


def test_every_expression_of_the_dashboard_is_promql(tools: Path, tmp_path: Path) -> None:
    """As rules, with Grafana's own variables filled in."""
    rules = [
        {
            "record": f"panel:{number}",
            "expr": expression.replace("$__rate_interval", "5m").replace("$job", "voorbeelden"),
        }
        for number, expression in enumerate(EXPRESSIONS)
    ]
    path = tmp_path / "dashboard.yml"
    path.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}), "utf-8")
    run(tools / "promtool", "check", "rules", path)


# --- a real Prometheus on the real app ---


@pytest.fixture
def prometheus(tools: Path, tmp_path: Path) -> Iterator[str]:
    """Prometheus with our rules, scraping the app as ``streamlit run`` starts it."""
    with serve_app() as app, socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        listener.close()
        config = CONFIG.read_text("utf-8")
        config = config.replace("localhost:8501", app.removeprefix("http://"))
        config = config.replace("voorbeelden.rules.yml", str(RULES)).replace("15s", "1s")
        (tmp_path / "prometheus.yml").write_text(config, "utf-8")
        process = subprocess.Popen(
            [
                tools / "prometheus",
                f"--config.file={tmp_path / 'prometheus.yml'}",
                f"--storage.tsdb.path={tmp_path / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def ask(url: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return json.load(answer)["data"]
    except OSError:
        return None


def test_prometheus_reads_the_running_app(prometheus: str) -> None:
    """It takes the exposition without an error, stores our names, and evaluates every rule."""

    def targets() -> list[dict[str, Any]]:
        data = ask(f"{prometheus}/api/v1/targets")
        return data["activeTargets"] if data else []

    wait_until(lambda: any(one["health"] != "unknown" for one in targets()), 30)
    [target] = targets()
    assert (target["health"], target["lastError"]) == ("up", "")

    def value(expression: str) -> float | None:
        query = urllib.parse.urlencode({"query": expression})
        data = ask(f"{prometheus}/api/v1/query?{query}")
        return float(data["result"][0]["value"][1]) if data and data["result"] else None

    assert value('count(voorbeelden_outcomes_total{job="voorbeelden"})') == 24
    assert value("voorbeelden_catastrophic_failures_total") == 0

    def rules() -> list[dict[str, Any]]:
        groups = (ask(f"{prometheus}/api/v1/rules") or {"groups": []})["groups"]
        return [rule for group in groups for rule in group["rules"]]

    wait_until(lambda: bool(rules()) and all(one["health"] != "unknown" for one in rules()), 20)
    assert {one["health"] for one in rules()} == {"ok"}
