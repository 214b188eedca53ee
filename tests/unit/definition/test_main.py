"""The command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from voorbeelden.definition.__main__ import main
from voorbeelden.definition.measure import coded_rules
from voorbeelden.definition.table import markdown


def test_the_command_prints_scores_false_alarms_and_speed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line a coded rule, the false alarms of the D rules together, and the time of a check."""
    main([])
    printed = capsys.readouterr().out
    assert all(f"\n{rule.rule_id} " in printed for rule in coded_rules())
    assert "false alarms of the D rules on 66 correct definitions: 0" in printed
    assert "false alarms of the D rules on 92 held out: 4" in printed
    assert "one check while typing" in printed


def test_the_command_writes_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--table`` writes the page and says where."""
    page = tmp_path / "rules.md"
    main(["--table", "--to", str(page)])
    assert page.read_text("utf-8") == markdown()
    assert str(page) in capsys.readouterr().out
