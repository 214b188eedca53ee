"""Reading tables that editors made: what is taken, and what each error says."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from tests.unit.export.support import known
from voorbeelden.export import ImportResult, ItemStatus, read_table, write
from voorbeelden.model import ExampleType


def from_csv(text: str, encoding: str = "utf-8") -> ImportResult:
    return read_table(text.encode(encoding), "lijst.csv")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def messages(result: ImportResult) -> list[str]:
    return [str(error) for error in result.errors]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_two_columns_are_enough(separator: str, encoding: str) -> None:
    """begrip and definitie, in any order, with any usual separator and encoding."""
    result = from_csv(
        f"Definitie {separator} BEGRIP\nwie geeft{separator}cliënt\nwie neemt{separator}koper\n",
        encoding,
    )
    assert result.errors == ()
    assert [(b.begrip, b.definitie) for b in result.begrippen] == [
        ("cliënt", "wie geeft"),
        ("koper", "wie neemt"),
    ]
    assert {b.id for b in result.begrippen} == {""}
    assert result.notes == ()


def test_windows_text_is_read_with_a_remark() -> None:
    """Excel's plain CSV is Windows-1252: accents survive and the editor is asked to look."""
    result = from_csv("begrip;definitie\ncliënt;wie hulp vraagt\n", "cp1252")
    assert result.begrippen[0].begrip == "cliënt"
    assert len(result.notes) == 1
    assert "Windows-1252" in result.notes[0]


def test_context_lists_and_defaults() -> None:
    """Entries split at semicolons and line ends; an item without status is a voorstel."""
    result = from_csv(
        "begrip,definitie,organisatorisch,juridisch,soort,tekst\n"
        'eis,wat men vraagt,"OM; politie ;; ","a\nb",synoniemen,vordering\n'
        'eis,wat men vraagt,"OM; politie ;; ","a\nb",synoniemen,aanspraak\n'
    )
    assert result.errors == ()
    (found,) = result.begrippen
    assert found.context == {
        "organisatorisch": ("OM", "politie"),
        "juridisch": ("a", "b"),
        "wettelijk": (),
    }
    assert [(i.type, i.text, i.status, i.position) for i in found.items] == [
        (ExampleType.SYNONIEMEN, "vordering", ItemStatus.VOORSTEL, 1),
        (ExampleType.SYNONIEMEN, "aanspraak", ItemStatus.VOORSTEL, 2),
    ]


def test_a_row_with_only_the_id_repeats_the_begrip() -> None:
    """An editor may leave the begrip columns of further rows blank; order of rows is free."""
    result = from_csv(
        "begrip_id;begrip;definitie;soort;tekst\n"
        "1;eis;wat men vraagt;synoniemen;vordering\n"
        "2;koper;wie koopt;;\n"
        "1;;;antoniemen;aanbod\n"
    )
    assert result.errors == ()
    assert [(b.id, len(b.items)) for b in result.begrippen] == [("1", 2), ("2", 0)]


CASES = {
    "a missing definition": (
        "begrip;definitie\neis;\n",
        ["Rij 2, kolom definitie: deze cel is leeg. Vul de definitie in."],
    ),
    "an item without a begrip": (
        "begrip;definitie;soort;tekst\n;;synoniemen;vordering\n",
        [
            "Rij 2, kolom begrip: deze cel is leeg. Vul het begrip in.",
            "Rij 2, kolom definitie: deze cel is leeg. Vul de definitie in.",
        ],
    ),
    "a type misspelt": (
        "begrip;definitie;soort;tekst\neis;x;synoniem;vordering\n",
        ["Rij 2, kolom soort: ‘synoniem’ is hier niet bekend. Bedoelt u ‘synoniemen’?"],
    ),
    "a type unknown": (
        "begrip;definitie;soort;tekst\neis;x;plaatje;vordering\n",
        [
            "Rij 2, kolom soort: ‘plaatje’ is hier niet bekend. Kies uit: voorbeeldzinnen, "
            "praktijkvoorbeelden, tegenvoorbeelden, synoniemen, antoniemen, toelichting."
        ],
    ),
    "a text without a type": (
        "begrip;definitie;soort;tekst\neis;x;;vordering\n",
        [
            "Rij 2, kolom soort: deze cel is leeg. Kies uit: voorbeeldzinnen, "
            "praktijkvoorbeelden, tegenvoorbeelden, synoniemen, antoniemen, toelichting."
        ],
    ),
    "a type without a text": (
        "begrip;definitie;soort;tekst\neis;x;synoniemen;  \n",
        [
            "Rij 2, kolom tekst: deze cel is leeg. Vul de tekst van het voorbeeld in, "
            "of maak ook de andere cellen ervan leeg."
        ],
    ),
    "a status unknown": (
        "begrip;definitie;soort;tekst;status\neis;x;synoniemen;a;goedgekeud\n",
        ["Rij 2, kolom status: ‘goedgekeud’ is hier niet bekend. Bedoelt u ‘goedgekeurd’?"],
    ),
    "a place that is no number": (
        "begrip;definitie;soort;tekst;volgorde\neis;x;synoniemen;a;eerste\n",
        [
            "Rij 2, kolom volgorde: ‘eerste’ is geen heel getal van 0 of hoger. "
            "Vul een heel getal in, of maak de cel leeg."
        ],
    ),
    "a date that is none": (
        "begrip;definitie;gewijzigd\neis;x;gisteren\n",
        [
            "Rij 2, kolom gewijzigd: ‘gisteren’ is geen datum met tijd. "
            "Maak de cel leeg, of schrijf hem als 2026-11-23T14:30:00+01:00."
        ],
    ),
    "one id, two definitions": (
        "begrip_id;begrip;definitie\n1;eis;x\n\n1;eis;y\n",
        [
            "Rij 4, kolom definitie: de waarde is een andere dan in rij 2, bij hetzelfde "
            "begrip_id. Maak ze gelijk, of maak begrip_id leeg om er een nieuw begrip van te maken."
        ],
    ),
    "one item twice": (
        "begrip;definitie;voorbeeld_id;soort;tekst\neis;x;7;synoniemen;a\neis;x;7;synoniemen;b\n",
        [
            "Rij 3, kolom voorbeeld_id: hetzelfde kenmerk staat ook in rij 2. "
            "Maak de cel leeg om het voorbeeld als nieuw op te nemen."
        ],
    ),
    "a separator without quotes": (
        "begrip;definitie\neis;wat men vraagt; of wil\n",
        [
            "Rij 2: er staat tekst naast de laatste kolom. Zet een tekst met een scheidingsteken "
            "erin tussen aanhalingstekens, of geef de kolom een naam."
        ],
    ),
    "a column missing": (
        "term;definities\neis;x\n",
        [
            "Rij 1, kolom begrip: deze kolom ontbreekt. "
            "Zet ‘begrip’ in de kopregel boven de kolom.",
            "Rij 1, kolom definitie: deze kolom ontbreekt. "
            "Zet ‘definitie’ in de kopregel boven de kolom (bedoelt u ‘definities’?).",
        ],
    ),
    "a column twice": (
        "begrip;definitie;Begrip\neis;x;y\n",
        ["Rij 1, kolom begrip: deze kolom staat er twee keer. Verwijder of hernoem er één."],
    ),
    "a quote never closed": (
        'begrip;definitie\neis;x\nkoper;"wie koopt\n',
        [
            "Bestand: De tekst na rij 2 is niet te lezen. Meestal staat er een aanhalingsteken "
            '(") te veel of te weinig, of is een cel langer dan 131.072 tekens.'
        ],
    ),
    "nothing at all": (
        "\n \n",
        ["Bestand: Het bestand is leeg. Zet in de eerste rij de kolomnamen."],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_error_names_the_place_and_the_way_out(name: str) -> None:
    """Row, column, what is wrong, what to do; and no half begrip is imported."""
    text, expected = CASES[name]
    result = from_csv(text)
    assert messages(result) == expected
    assert all(begrip.definitie != "y" for begrip in result.begrippen)
    assert not result.begrippen


def test_a_fault_stops_its_own_begrip_only() -> None:
    """The others are read; the one with a bad row is left out whole, good rows included."""
    result = from_csv(
        "begrip;definitie;soort;tekst\n"
        "eis;x;synoniemen;vordering\n"
        "eis;x;onzin;vordering\n"
        "koper;wie koopt;;\n"
    )
    assert [b.begrip for b in result.begrippen] == ["koper"]
    assert [(e.row, e.column) for e in result.errors] == [(3, "soort")]


def test_an_unknown_column_is_a_remark() -> None:
    """Nothing an editor wrote is passed over in silence."""
    result = from_csv("begrip;definitie;Opmerking van Jan\neis;x;klopt dit?\n")
    assert len(result.begrippen) == 1
    assert result.notes == ("De kolom ‘Opmerking van Jan’ is niet bekend en is overgeslagen.",)


def test_a_sheet_by_hand_is_read() -> None:
    """Numbers, dates and blank rows as Excel keeps them; times without a zone are UTC."""
    moment = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    data = workbook(
        ("Begrip", "Definitie", "Gewijzigd", "Soort", "Tekst", "Volgorde"),
        (112, "alarmnummer", moment.replace(tzinfo=None), "Synoniemen", "noodnummer", 2.0),
        (),
        ("koper", "wie koopt"),
    )
    result = read_table(data, "lijst.xlsx")
    assert result.errors == ()
    first, second = result.begrippen
    assert first.begrip == "112"
    assert first.changed_at == moment
    assert [(i.text, i.position) for i in first.items] == [("noodnummer", 2)]
    assert second.begrip == "koper"


def test_a_formula_is_refused_not_computed() -> None:
    """A formula and an error value are named with their place, never taken as text."""
    data = workbook(("begrip", "definitie"), ("=A3", "x"), ("koper", "#REF!"))
    assert messages(read_table(data, "lijst.xlsx")) == [
        "Rij 2, kolom begrip: hier staat een formule. "
        "Vervang hem door zijn uitkomst (kopiëren en plakken als waarde).",
        "Rij 3, kolom definitie: hier staat de Excel-fout #REF!. Verbeter de cel of maak hem leeg.",
    ]


def test_text_that_excel_escaped_itself_is_read() -> None:
    """A carriage return in a shared string, as Excel stores it."""
    data = workbook(("begrip", "definitie"), ("eis", "a_x000D_\nb"))
    assert read_table(data, "x.xlsx").begrippen[0].definitie == "a\r\nb"


def test_the_sheet_begrippen_is_preferred_and_sizes_are_not_believed() -> None:
    """Another sheet may come first; rows outside the size that the file claims are read too."""
    book = openpyxl.Workbook()
    book.active.append(("uitleg",))
    sheet = book.create_sheet("Begrippen")
    for row in (("begrip", "definitie"), ("eis", "x"), ("koper", "y")):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    data = buffer.getvalue()
    assert [b.begrip for b in read_table(data, "a.xlsx").begrippen] == ["eis", "koper"]
    assert [b.begrip for b in read_table(shrunk(data), "a.xlsx").begrippen] == ["eis", "koper"]


def shrunk(data: bytes) -> bytes:
    """The workbook with a size of one cell written in every sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        changed = 0
        for part in old.infolist():
            content = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                content, count = re.subn(
                    rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content
                )
                changed += count
            new.writestr(part, content)
    assert changed == 2
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "part"),
    [
        (b"\xd0\xcf\x11\xe0 oud", "lijst.xls", "oud Excel-bestand (.xls)"),
        (b"PK\x03\x04 stuk", "lijst.xlsx", "geen leesbaar Excel-bestand"),
        (b"begrip;definitie", "lijst.xlsx", "geen leesbaar Excel-bestand"),
        (b"\x81\x8d\x8f", "lijst.csv", "geen leesbaar tekstbestand"),
        (b"%PDF-1.7", "lijst.pdf", "type ‘.pdf’ kunnen niet worden gelezen"),
        (b"", "lijst", "type ‘onbekend’"),
        (b"", "lijst.csv", "Het bestand is leeg"),
    ],
)
def test_other_files_get_an_answer_too(data: bytes, name: str, part: str) -> None:
    """Whatever is uploaded: one error in Dutch with a way out, and no exception."""
    result = read_table(data, name)
    assert result.begrippen == ()
    (error,) = result.errors
    assert part in str(error)
    assert error.advice


def test_every_cut_of_a_workbook_is_an_error_not_a_crash() -> None:
    """A download that broke off, or a Word file by mistake."""
    data = write("excel", [known(0)])
    for length in range(4, len(data) - 1, 997):
        result = read_table(data[:length], "lijst.xlsx")
        assert "geen leesbaar Excel-bestand" in str(result.errors[0])
    assert "geen leesbaar Excel-bestand" in str(
        read_table(write("word", [known(0)]), "lijst.docx").errors[0]
    )


def test_a_huge_workbook_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The unpacked size is looked at first; a zip bomb never reaches the parser."""
    monkeypatch.setattr("voorbeelden.export.excel._MOST_UNPACKED", 1_000)
    result = read_table(write("excel", [known(0)]), "lijst.xlsx")
    assert messages(result) == [
        "Bestand: Dit Excel-bestand is te groot om te lezen. Verdeel de rijen over meer bestanden."
    ]
