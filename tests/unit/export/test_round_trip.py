"""Export, then import, gives the same data, whatever the texts are."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.export.support import (
    CHANGED,
    OK,
    PIECES,
    STARTS,
    awkward_begrippen,
    begrip,
    known,
    some_text,
)
from voorbeelden.export import COLUMNS, FORMATS, ExportBegrip, ExportError, read_table, write
from voorbeelden.export.cells import guard, join_entries, split_entries, unguard
from voorbeelden.export.ooxml_text import escape, unescape
from voorbeelden.model import CONTEXT_KEYS, ExampleType

TABLES = ("csv", "excel")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
quick = settings(max_examples=25, deadline=None)


def back(kind: str, data: bytes) -> tuple[ExportBegrip, ...]:
    result = read_table(data, f"begrippen{FORMATS[kind].extension}")
    assert result.errors == ()
    return result.begrippen


@pytest.mark.parametrize("kind", TABLES)
@quick
@given(begrippen=awkward_begrippen())
def test_a_table_comes_back_as_it_was(kind: str, begrippen: tuple[ExportBegrip, ...]) -> None:
    """Every field of every begrip and item survives, in order."""
    assert back(kind, write(kind, begrippen, only_approved=False)) == begrippen


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("piece", [*STARTS, *PIECES])
def test_each_awkward_text_comes_back(kind: str, piece: str) -> None:
    """The same, for each listed trap by itself: alone, in front and at the end."""
    items = tuple(
        replace(item, text=text, reden=text, note=text)
        for item, text in zip(
            known(0).items, (f"x{piece}", f"{piece}x", f"x{piece}{piece}x"), strict=False
        )
    )
    given_begrip = begrip(
        *items,
        begrip=f"{piece}x",
        voorkeursterm=f"x{piece}",
        context=dict.fromkeys(CONTEXT_KEYS, (f"{piece}x{piece}", f"x{piece}")),
    )
    assert back(kind, write(kind, [given_begrip], only_approved=False)) == (given_begrip,)


@quick
@given(text=some_text)
def test_guarding_a_cell_is_undone_exactly(text: str) -> None:
    """No guarded cell starts as a formula does, and unguard gives the text back."""
    cell = guard(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert unguard(cell) == text


@quick
@given(entries=st.lists(some_text.filter(bool)).map(tuple))
def test_entries_share_a_cell_without_mixing(entries: tuple[str, ...]) -> None:
    """Separators, backslashes and white space inside entries do not split or shrink them."""
    assert split_entries(join_entries(entries)) == entries


@quick
@given(text=some_text)
def test_ooxml_escapes_are_undone_exactly(text: str) -> None:
    """Also after openpyxl has thrown every ``x005F_`` out of the string."""
    stored = escape(text)
    assert "x005F_" not in stored
    assert unescape(stored) == text


@pytest.mark.parametrize("kind", TABLES)
def test_only_approved_items_go_out_by_default(kind: str) -> None:
    """A table of a begrip holds the approved items; the flag lets all through."""
    whole = known(1)
    approved = tuple(item for item in whole.items if item.status is OK)
    assert 0 < len(approved) < len(whole.items)
    assert back(kind, write(kind, [whole])) == (replace(whole, items=approved),)
    assert back(kind, write(kind, [whole], only_approved=False)) == (whole,)


def test_csv_is_what_a_dutch_excel_opens() -> None:
    """UTF-8 with a byte order mark, semicolons; the csv module reads the same rows."""
    data = write("csv", [begrip(*known(0).items[:2], begrip="=HYPERLINK(1)")])
    assert data.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert tuple(header) == COLUMNS
    assert [row[COLUMNS.index("begrip")] for row in rows] == ["'=HYPERLINK(1)"] * 2
    assert [row[COLUMNS.index("tekst")] for row in rows] == [i.text for i in known(0).items[:2]]


@pytest.mark.parametrize("text", [*(f"{start}x" for start in FORMULA_STARTS), "#N/A", "=1+1"])
def test_no_excel_cell_is_a_formula_or_an_error(text: str) -> None:
    """openpyxl reads strings where the text looks like a formula, a number or an error value."""
    data = write("excel", [begrip(begrip=text, definitie="007", voorkeursterm="2026-11-23")])
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Begrippen"]
    by_name = {cell.value: sheet.cell(2, cell.column) for cell in sheet[1]}
    for name, start in (("begrip", "'"), ("definitie", "007"), ("voorkeursterm", "2026-11-23")):
        assert by_name[name].data_type == "s"
        assert by_name[name].value.startswith(start)


def test_excel_sheet_is_ready_to_work_in() -> None:
    """The header stays in sight, filters are on, soort and status have lists of choices."""
    book = openpyxl.load_workbook(io.BytesIO(write("excel", [known(0)])))
    sheet = book["Begrippen"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:O{sheet.max_row}"
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert [ExampleType.ANTONIEMEN in text or OK in text for text in lists] == [True, True]
    assert type(sheet.cell(2, COLUMNS.index("volgorde") + 1).value) is int


def test_a_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    """Excel holds 32,767 characters; the editor hears which begrip it is. CSV takes it whole."""
    long = begrip(definitie="é" * 32_768)
    with pytest.raises(ExportError, match=r"‘verdachte’ is te lang voor Excel"):
        write("excel", [long])
    assert back("csv", write("csv", [long])) == (long,)
    fits = begrip(definitie="é" * 32_767)
    assert back("excel", write("excel", [fits])) == (fits,)


def test_json_holds_everything() -> None:
    """json reads every field back, under the documented names."""
    whole = known(2)
    document = json.loads(write("json", [whole], only_approved=False))
    assert document["schema"] == "voorbeelden/1"
    (found,) = document["begrippen"]
    assert found["id"] == whole.id
    assert found["context"] == {key: list(whole.context[key]) for key in CONTEXT_KEYS}
    assert found["gewijzigd"] == CHANGED.isoformat()
    assert [
        (row["id"], row["soort"], row["volgorde"], row["tekst"], row["reden"], row["status"])
        for row in found["voorbeelden"]
    ] == [(i.id, i.type, i.position, i.text, i.reden, i.status) for i in whole.items]


@pytest.mark.parametrize("kind", TABLES)
def test_an_empty_selection_is_an_empty_table(kind: str) -> None:
    """Only the header: a form to fill in."""
    assert back(kind, write(kind, [])) == ()
