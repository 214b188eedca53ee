"""Parts of a Word document that python-docx has no method for (ECMA-376 part 1, 17).

Elements are ``Any``: python-docx makes their classes and methods while it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph


class Body:
    """The text of a document, written from front to back.

    ``Document.add_paragraph`` and ``add_num`` look through all that is there already: with them
    960 begrippen took 471 seconds, and with this class 21 (wall clock, a busy machine).
    """

    def __init__(self, document: Document) -> None:
        from docx.oxml.ns import qn

        self._document = document
        body: Any = document.element.body
        self._end = body.sectPr
        self._style_ids: dict[str, str] = {}
        numbering: Any = document.part.numbering_part.element
        self._numbers = list(numbering.num_lst)
        style: Any = document.styles["List Number"].element
        wanted = style.find(f".//{qn('w:numId')}").get(qn("w:val"))
        self._shape = next(
            str(num.abstractNumId.val) for num in self._numbers if str(num.numId) == wanted
        )
        self._last_list = max(int(num.numId) for num in self._numbers)

    def paragraph(self, text: str, style: str = "Normal") -> Paragraph:
        from docx.oxml import OxmlElement
        from docx.text.paragraph import Paragraph

        element: Any = OxmlElement("w:p")
        self._end.addprevious(element)
        if style not in self._style_ids:
            self._style_ids[style] = self._document.styles[style].style_id
        element.style = self._style_ids[style]
        paragraph = Paragraph(element, self._document._body)
        if text:
            paragraph.add_run(text)
        return paragraph

    def new_list(self) -> int:
        """A list that counts from 1, in the look of "List Number"; returns its id."""
        self._last_list += 1
        fresh = _element("w:num", **{"w:numId": str(self._last_list)})
        fresh.append(_element("w:abstractNumId", **{"w:val": self._shape}))
        level = _element("w:lvlOverride", **{"w:ilvl": "0"})
        level.append(_element("w:startOverride", **{"w:val": "1"}))
        fresh.append(level)
        self._numbers[-1].addnext(fresh)
        self._numbers.append(fresh)
        return self._last_list

    def list_item(self, text: str, list_id: int) -> Paragraph:
        """The next paragraph of a list of ``new_list``."""
        paragraph = self.paragraph(text, "List Number")
        element: Any = paragraph._p
        properties = element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = list_id
        return paragraph


def set_language(document: Document, language: str) -> None:
    """The proofing language of the whole document, a BCP 47 tag."""
    from docx.oxml.ns import qn

    for tag in document.styles.element.iter(qn("w:lang")):
        tag.set(qn("w:val"), language)
    for theme in document.settings.element.iter(qn("w:themeFontLang")):
        theme.set(qn("w:val"), language)


def drop_thumbnail(document: Document) -> None:
    """Leave out the preview picture, which shows python-docx' own empty document."""
    relations = document.part.package.rels
    for key in [key for key, rel in relations.items() if rel.reltype.endswith("/thumbnail")]:
        del relations[key]


def add_page_numbers(paragraph: Paragraph) -> None:
    """ "Pagina 1 van 1": two fields that Word and LibreOffice fill in."""
    paragraph.add_run("Pagina ")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" van ")
    _add_field(paragraph, "NUMPAGES")


def add_bookmark(paragraph: Paragraph, name: str, identity: int) -> None:
    """A place to link to, around the text of ``paragraph``; name and identity used once."""
    start = _element("w:bookmarkStart", **{"w:id": str(identity), "w:name": name})
    end = _element("w:bookmarkEnd", **{"w:id": str(identity)})
    first: Any = paragraph.runs[0]._r
    last: Any = paragraph.runs[-1]._r
    first.addprevious(start)
    last.addnext(end)


def add_link(paragraph: Paragraph, text: str, bookmark: str) -> None:
    """``text`` as a link to a bookmark in the same document."""
    run: Any = paragraph.add_run(text)._r
    link = _element("w:hyperlink", **{"w:anchor": bookmark, "w:history": "1"})
    run.addprevious(link)
    link.append(run)


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    run: Any = paragraph.add_run()._r
    run.append(_element("w:fldChar", **{"w:fldCharType": "begin"}))
    code = _element("w:instrText", **{"xml:space": "preserve"})
    code.text = f" {instruction} "
    run.append(code)
    run.append(_element("w:fldChar", **{"w:fldCharType": "separate"}))
    shown = _element("w:t")
    shown.text = "1"
    run.append(shown)
    run.append(_element("w:fldChar", **{"w:fldCharType": "end"}))


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element
