"""A run survives JSON whole, and its table says what it holds."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.unit.benchmark.support import ASYNC, FAILED, SEQUENTIAL, point, repetition, run
from voorbeelden.benchmark.record import COLUMNS, from_json, to_csv, to_json

RUN = run(
    repetition(SEQUENTIAL),
    repetition(ASYNC),
    repetition(ASYNC, 2, failures=(FAILED,), estimated=True),
    scaling=(point(1, 2.1), point(10, 2.6, failed=1)),
    stopped=True,
)


def test_json_gives_the_same_run_back() -> None:
    """Everything, calls and failures included; the figures beside it are for readers only."""
    assert from_json(to_json(RUN)) == RUN
    data = json.loads(to_json(RUN))
    assert [one["mode"] for one in data["cijfers"]] == ["sequential", "async"]
    assert data["versnellingen"][0]["factor"] == pytest.approx(2.4)


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"versie":1}', b'{"versie":99,"run":{}}', b'{"versie":1,"run":3}']
)
def test_anything_else_is_refused(text: bytes) -> None:
    """One kind of error for everything that is no run of ours."""
    with pytest.raises(ValueError, match=r".+"):
        from_json(text)


def test_the_table_has_a_row_a_call() -> None:
    """Eighteen calls; the speed-up stands only where it was measured; a Dutch Excel opens it:
    UTF-8 that it knows as such, semicolons, decimal commas."""
    data = to_csv(RUN)
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    rows = [row for row in table if row["aanroep"]]
    assert len(rows) == 18
    assert tuple(rows[0]) == COLUMNS
    by_plan = {(row["plan"], row["herhaling"]): row for row in rows}
    assert by_plan["async", "1"]["versnelling"] == "2,400"
    assert by_plan["async", "1"]["grens_gelijk"] == "6"
    assert by_plan["sequential", "1"]["versnelling"] == ""
    assert by_plan["async", "2"]["geslaagd"] == "0"
    assert by_plan["async", "2"]["tokens_herkomst"] == "geschat"


def test_a_run_of_many_at_once_has_a_row_a_point() -> None:
    """Where nothing else was measured the table is not empty."""
    scaled = run(scaling=(point(1, 2.1), point(10, 2.6, failed=1)))
    text = to_csv(scaled).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    found = [(row["generaties_tegelijk"], row["seconden"], row["geslaagd"]) for row in rows]
    assert found == [("1", "2,1000", "1"), ("10", "2,6000", "0")]
    assert {row["plan"] for row in rows} == {"async"}
    assert [row["mislukte_generaties"] for row in rows] == ["0", "1"]
