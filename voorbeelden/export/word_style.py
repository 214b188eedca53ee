"""The look of the Word document: A4, one sans-serif family, calm headings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docx.document import Document

# On every machine with Office; LibreOffice has Carlito, of the same widths, in its place.
_FONT: Final = "Calibri"
_INK: Final = "1F3A5F"
_GREY: Final = "5A6270"


def set_page(document: Document) -> None:
    """A4 with margins of 2.5 cm (python-docx starts from US Letter)."""
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)


def set_styles(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    styles = document.styles
    body = _style(document, "Normal", 11.0)
    body.paragraph_format.space_after = Pt(6)
    body.paragraph_format.line_spacing = 1.15
    _style(document, "Title", 26.0, _INK, bold=True)
    _style(document, "Subtitle", 12.0, _GREY).font.italic = False
    chapter = _style(document, "Heading 1", 18.0, _INK, bold=True)
    chapter.paragraph_format.space_before = Pt(24)
    chapter.paragraph_format.space_after = Pt(6)
    part = _style(document, "Heading 2", 12.0, _INK, bold=True)
    part.paragraph_format.space_before = Pt(12)
    part.paragraph_format.space_after = Pt(3)
    _style(document, "List Number", 11.0)
    _style(document, "Header", 9.0, _GREY)
    _style(document, "Footer", 9.0, _GREY).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    styles.add_style("Inhoud", WD_STYLE_TYPE.PARAGRAPH)
    contents = _style(document, "Inhoud", 11.0, _INK)
    contents.base_style = body
    contents.paragraph_format.space_after = Pt(2)


def _style(
    document: Document, name: str, size: float, colour: str | None = None, *, bold: bool = False
) -> Any:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style: Any = document.styles[name]
    style.font.size = Pt(size)
    style.font.bold = bold
    if colour is not None:
        style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme font would win over the named one.
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), _FONT)
    return style
