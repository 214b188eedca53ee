"""The list of formats, and what holds for all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.export.support import begrip, item, known
from voorbeelden.export import COLUMNS, FORMATS, ExportError, Kader, write
from voorbeelden.model import ExampleType

ROOT = Path(__file__).parents[3]
HEAVY = ("rdflib", "lxml", "docx", "openpyxl", "pandas", "pyshacl")


def test_the_formats_differ_in_name_and_extension() -> None:
    """An editor can tell them apart, and a download does not overwrite another."""
    assert len({format_.name for format_ in FORMATS.values()}) == len(FORMATS)
    assert len({format_.extension for format_ in FORMATS.values()}) == len(FORMATS)
    assert all(format_.extension.startswith(".") for format_ in FORMATS.values())


def test_the_documentation_lists_every_format_and_column() -> None:
    """docs/export.md names what there is."""
    text = (ROOT / "docs" / "export.md").read_text("utf-8")
    for key, format_ in FORMATS.items():
        assert f"| `{key}` | {format_.name} | `{format_.extension}` |" in text
    for column in COLUMNS:
        assert f"| `{column}` |" in text


def test_importing_the_package_loads_no_heavy_library() -> None:
    """The app starts without rdflib, lxml, python-docx, openpyxl and pandas."""
    code = (
        "import sys, voorbeelden.export\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("kind", FORMATS)
def test_a_lone_surrogate_stops_no_export(kind: str) -> None:
    """Half a character, as a model may send it, becomes the replacement character."""
    broken = begrip(
        item(ExampleType.TOELICHTING, "x\ud83dx"), definitie="a\udc00b", begrip="c\ud800"
    )
    assert write(kind, [broken], kader=Kader("k\ud800"))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_begrip_without_a_name_is_refused(kind: str) -> None:
    """No format can do without the term."""
    with pytest.raises(ExportError, match="geen naam"):
        write(kind, [begrip(begrip=" \n")])


def test_two_begrippen_with_one_id_are_a_mistake_of_the_caller() -> None:
    """They would be merged on the way back."""
    with pytest.raises(ValueError, match="same id"):
        write("csv", [known(0), known(0)])


def test_an_unknown_format_is_a_mistake_of_the_caller() -> None:
    """The keys are those of FORMATS."""
    with pytest.raises(KeyError):
        write("pdf", [known(0)])
