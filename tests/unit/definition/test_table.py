"""The generated page with the rule table."""

from __future__ import annotations

from pathlib import Path

from voorbeelden.definition import load_rules
from voorbeelden.definition.__main__ import TABLE
from voorbeelden.definition.table import markdown

ROOT = Path(__file__).parents[3]


def test_the_page_in_docs_is_current() -> None:
    """A changed rule file without ``python -m voorbeelden.definition --table`` fails here."""
    assert (ROOT / TABLE).read_text("utf-8") == markdown()


def test_every_rule_has_a_row_with_its_source() -> None:
    """Kind is the heading above the row; the source stands in the last cell."""
    lines = markdown().splitlines()
    for rule in load_rules():
        row = next(line for line in lines if line.startswith(f"| `{rule.rule_id}` | {rule.name}"))
        assert rule.asks in row
        assert all(source.work.name in row.rsplit(" | ", 1)[1] for source in rule.sources)


def test_rows_have_as_many_cells_as_their_table() -> None:
    """No text breaks its cell: definitions may hold bars, stars and line ends."""
    bars = [
        line.replace("\\|", "").count("|") for line in markdown().splitlines() if line[:1] == "|"
    ]
    assert set(bars) == {4, 7}
