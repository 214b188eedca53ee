"""``python -m voorbeelden.quality`` prints the table."""

from __future__ import annotations

import sys

import pytest

from voorbeelden.quality import CHECKS
from voorbeelden.quality import __main__ as command
from voorbeelden.quality.measure import Score


def test_the_command_prints_a_row_a_check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head, a rule, a row for every check but the readability, and the size of the set."""
    monkeypatch.setattr(sys, "argv", ["quality", "--misses"])
    command.main()
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + len(CHECKS) - 1
    assert len({len(row) for row in rows}) == 1
    assert any(line.startswith("dev: ") for line in lines)


def test_the_table_shows_what_was_counted() -> None:
    """Cases, due alarms, precision and recall as they follow from the counts."""
    score = Score(right_alarms=3, false_alarms=1, missed=2, right_silences=4)
    row = command.table({"dev": {"dubbel": score}})[-1]
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "dubbel",
        "hard",
        "10",
        "5",
        "0.75",
        "0.60",
    ]
