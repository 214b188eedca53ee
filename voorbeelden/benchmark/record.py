"""A run as plain JSON data and back, and as the rows of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

import orjson

from voorbeelden.benchmark.model import (
    BenchmarkRequest,
    BenchmarkRun,
    Mode,
    Repetition,
    ScalePoint,
    Target,
    TypeFailure,
)
from voorbeelden.benchmark.statistics import plan_figures, speed_ups
from voorbeelden.definition.flow_model import FlowOrder, Phase
from voorbeelden.model import (
    CallRecord,
    ExampleType,
    FailureKind,
    GenerationMode,
    Subject,
    Tokens,
)

VERSION: Final = 1

_ORDERS: Final = frozenset(FlowOrder)
_PHASES: Final = frozenset(Phase)

COLUMNS: Final = (
    "meting",
    "gemaakt_op",
    "profiel",
    "plan",
    "herhaling",
    "geslaagd",
    "seconden",
    "eerste_voorbeeld_s",
    "versnelling",
    "grens_gelijk",
    "grens_ongelijk",
    "verzoeken",
    "tokens_in",
    "tokens_uit",
    "tokens_herkomst",
    "aanroep",
    "aanroep_start_s",
    "aanroep_einde_s",
    "fout",
    "generaties_tegelijk",
    "ideaal_s",
    "mislukte_generaties",
)
"""One row a call, where what holds for the whole repetition is repeated on each; and one row a
point of the scaling run, which has values in the last three."""


def to_json(run: BenchmarkRun) -> bytes:
    """UTF-8 JSON: the run as it was, and the figures derived from it for whoever only reads."""
    data = {
        "versie": VERSION,
        "run": asdict(run),
        "cijfers": [asdict(figures) for figures in plan_figures(run)],
        "versnellingen": [asdict(one) for one in speed_ups(run)],
    }
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def from_json(text: bytes | str) -> BenchmarkRun:
    """Raises ValueError when the text is not what ``to_json`` wrote."""
    try:
        data = orjson.loads(text)
        if data["versie"] != VERSION:
            raise ValueError(f"version {data['versie']!r} of a benchmark is not known")
        return _run(data["run"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no benchmark: {error!r}") from error


def to_csv(run: BenchmarkRun) -> bytes:
    """As a Dutch Excel opens it: semicolons, decimal commas, UTF-8 with a BOM. No cell can start a
    formula: texts are ours or begin with a letter."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", restval="")
    writer.writeheader()
    same = {
        "meting": run.run_id,
        "gemaakt_op": round(run.made_at),
        "profiel": run.request.target.name,
    }
    writer.writerows({**same, **row} for row in (*_call_rows(run), *_scale_rows(run)))
    return text.getvalue().encode("utf-8-sig")


def _call_rows(run: BenchmarkRun) -> Iterator[dict[str, object]]:
    factors = {(one.mode, one.number): one for one in speed_ups(run)}
    for one in run.repetitions:
        factor = factors.get((one.mode, one.number))
        for call in one.calls:
            yield {
                "plan": one.mode.value,
                "herhaling": one.number,
                "geslaagd": int(one.whole),
                "seconden": _number(one.seconds),
                "eerste_voorbeeld_s": _number(one.first_item),
                "versnelling": _number(factor.factor if factor and factor.measured else None, 3),
                "grens_gelijk": _number(factor.equal_limit if factor else None, 0),
                "grens_ongelijk": _number(factor.uneven_limit if factor else None, 3),
                "verzoeken": call.attempts,
                "tokens_in": call.tokens.prompt if call.tokens else "",
                "tokens_uit": call.tokens.completion if call.tokens else "",
                "tokens_herkomst": "geschat" if one.tokens_estimated else "gemeld",
                "aanroep": call.name,
                "aanroep_start_s": _number(call.start),
                "aanroep_einde_s": _number(call.end),
                "fout": call.failure or "",
            }


def _scale_rows(run: BenchmarkRun) -> Iterator[dict[str, object]]:
    for point in run.scaling:
        yield {
            "plan": run.request.scale_mode.value,
            "geslaagd": int(not point.failed),
            "seconden": _number(point.seconds),
            "verzoeken": point.requests,
            "generaties_tegelijk": point.generations,
            "ideaal_s": _number(point.ideal),
            "mislukte_generaties": point.failed,
        }


def _number(value: float | None, decimals: int = 4) -> str:
    return "" if value is None else f"{value:.{decimals}f}".replace(".", ",")


def _run(data: Mapping[str, Any]) -> BenchmarkRun:
    asked = data["request"]
    subject = asked["subject"]
    context = {key: tuple(values) for key, values in subject["context"].items()}
    request = BenchmarkRequest(
        subject=Subject(subject["begrip"], subject["definitie"], context),
        target=Target(**asked["target"]),
        modes=tuple(map(_mode, asked["modes"])),
        repetitions=asked["repetitions"],
        scales=tuple(asked["scales"]),
        scale_mode=GenerationMode(asked["scale_mode"]),
    )
    return BenchmarkRun(
        run_id=data["run_id"],
        made_at=data["made_at"],
        request=request,
        repetitions=tuple(map(_repetition, data["repetitions"])),
        scaling=tuple(ScalePoint(**point) for point in data["scaling"]),
        stopped=data["stopped"],
        seconds=data["seconds"],
    )


def _repetition(data: Mapping[str, Any]) -> Repetition:
    return Repetition(
        **{
            **data,
            "mode": _mode(data["mode"]),
            "calls": tuple(map(_call, data["calls"])),
            "failures": tuple(
                TypeFailure(_part(one["example_type"]), FailureKind(one["kind"]))
                for one in data["failures"]
            ),
            "tokens": Tokens(**data["tokens"]),
        }
    )


def _mode(value: str) -> Mode:
    """Raises ValueError when it is neither a plan nor an order of the flow."""
    return FlowOrder(value) if value in _ORDERS else GenerationMode(value)


def _part(value: str) -> ExampleType | Phase:
    return Phase(value) if value in _PHASES else ExampleType(value)


def _call(data: Mapping[str, Any]) -> CallRecord:
    return CallRecord(
        **{
            **data,
            "types": tuple(map(ExampleType, data["types"])),
            "tokens": Tokens(**data["tokens"]) if data["tokens"] else None,
            "failure": FailureKind(data["failure"]) if data["failure"] else None,
        }
    )
