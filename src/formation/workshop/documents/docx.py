"""Écriture d’un document en DOCX, pour qui n’a qu’un traitement de texte du commerce."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from formation.workshop.documents.model import Block, Bullets, Checks, Document, Fill, Paragraph, Table, clean, pieces

_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def to_docx(document: Document) -> bytes:
    """Document DOCX accessible : titres hiérarchisés, vraies listes, tableaux à en-têtes, langue française.

    Parameters
    ----------
    document : Document
        Document.

    Returns
    -------
    bytes
        Contenu du fichier.
    """
    from docx import Document as NewFile
    from docx.shared import Mm

    file = NewFile()
    _settle(file, document.title)
    layout = file.sections[0]
    layout.page_width, layout.page_height = Mm(210), Mm(297)
    layout.left_margin = layout.right_margin = layout.top_margin = layout.bottom_margin = Mm(18)
    file.add_heading(clean(document.title), level=1)
    if document.subtitle:
        _write(file.add_paragraph(), document.subtitle)
    for section in document.sections:
        if section.title:
            file.add_heading(clean(section.title), level=section.level)
        for block in section.blocks:
            _block(file, block)
    if document.footer:
        _write(file.add_paragraph(), document.footer)
    stream = io.BytesIO()
    file.save(stream)
    return _undated(stream)


def _undated(stream: io.BytesIO) -> bytes:
    """Même archive, sans l’heure de chaque fichier : le même document donne les mêmes octets."""
    output = io.BytesIO()
    with zipfile.ZipFile(stream) as before, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return output.getvalue()


def _settle(file: Any, title: str) -> None:
    """Titre, langue et couleurs : le modèle de la bibliothèque est en anglais, ses titres en bleu pâle."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    file.core_properties.title = clean(title)
    file.core_properties.language = "fr-FR"
    file.core_properties.author = ""
    file.core_properties.comments = ""
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    file.styles["Normal"].font.size = Pt(11)
    for level, size in ((1, 20), (2, 15), (3, 12)):
        font = file.styles[f"Heading {level}"].font
        font.size, font.color.rgb = Pt(size), RGBColor(0x18, 0x22, 0x2D)


def _write(paragraph: Any, text: str, *, strong: bool = False) -> None:
    for piece, url in pieces(clean(text)):
        if url:
            _link(paragraph, piece, url)
        else:
            paragraph.add_run(piece).bold = strong or None


def _link(paragraph: Any, text: str, url: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, _LINK, is_external=True))
    run = paragraph.add_run(text)
    run.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _block(file: Any, block: Block) -> None:
    if isinstance(block, Paragraph):
        _write(file.add_paragraph(), block.text, strong=block.strong)
    elif isinstance(block, Bullets):
        for rank, text in enumerate(block.items, start=1):
            if block.ordered:  # le numéro est écrit : celui du modèle continuerait d’une liste à l’autre
                _write(file.add_paragraph(), f"{rank}. {text}")
            else:
                _write(file.add_paragraph(style="List Bullet"), text)
    elif isinstance(block, Checks):
        for item in block.items:
            _write(file.add_paragraph(), f"{'☑' if item.checked else '☐'} {item.text}")
    elif isinstance(block, Fill):
        _write(file.add_paragraph(), block.label)
        for _ in range(block.lines):
            file.add_paragraph("_" * 70)
    else:
        _table(file, block)


def _table(file: Any, table: Table) -> None:
    from docx.oxml import OxmlElement

    if table.caption:
        caption = file.add_paragraph()
        _write(caption, table.caption, strong=True)
        caption.paragraph_format.keep_with_next = True
    grid = file.add_table(rows=1, cols=len(table.header), style="Table Grid")
    properties = grid.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for cell, name in zip(grid.rows[0].cells, table.header, strict=True):
        _write(cell.paragraphs[0], name, strong=True)
    for row in table.rows:
        cells = grid.add_row().cells
        for rank, (cell, text) in enumerate(zip(cells, row, strict=True)):
            _write(cell.paragraphs[0], text, strong=rank == 0)
