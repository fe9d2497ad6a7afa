"""Écriture d’un document en ODT : le format ouvert de LibreOffice, fabriqué ici pièce par pièce.

La page du livre fabrique le même fichier : elle reçoit :data:`STYLES` et :data:`MANIFEST` tels quels.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape

from formation.workshop.documents.model import (
    Block,
    Bullets,
    Checks,
    Document,
    Fill,
    Paragraph,
    Table,
    clean,
    pieces,
)

MIMETYPE = "application/vnd.oasis.opendocument.text"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{value}:1.0"'
    for name, value in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
OPENING = (
    f'{_XML}<office:document-content {_SPACES} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3">'
    "<office:body><office:text>"
)
CLOSING = "</office:text></office:body></office:document-content>"
MANIFEST = (
    f'{_XML}<manifest:manifest {_SPACES} manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in ("content.xml", "styles.xml", "meta.xml")
    )
    + "</manifest:manifest>"
)


def _style(name: str, parent: str, paragraph: str = "", text: str = "", shown: str = "", level: int = 0) -> str:
    outline = f' style:default-outline-level="{level}"' if level else ""
    title = f' style:display-name="{shown}"' if shown else ""
    above = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}"{title} style:family="paragraph"{above}{outline}>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {text}/></style:style>"
    )


def _heading(level: int, size: int) -> str:
    return _style(
        f"Heading_20_{level}", "Standard", 'fo:margin-top="14pt" fo:margin-bottom="5pt" fo:keep-with-next="always"',
        f'fo:font-size="{size}pt" fo:font-weight="bold"', f"Heading {level}", level,
    )  # fmt: skip


def _list_style(name: str, mark: str) -> str:
    return (
        f'<text:list-style style:name="{name}">{mark}<style:list-level-properties text:space-before="4mm" '
        f'text:min-label-width="6mm"/></text:list-level-style-{"number" if "number" in mark else "bullet"}>'
        "</text:list-style>"
    )


STYLES = (
    f'{_XML}<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
    '<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="5pt"/>'
    '<style:text-properties fo:language="fr" fo:country="FR" fo:font-family="Liberation Sans, Arial, sans-serif" '
    'fo:font-size="11pt"/></style:default-style>'
    + '<style:style style:name="Standard" style:family="paragraph"/>'
    + _heading(1, 20)
    + _heading(2, 15)
    + _heading(3, 12)
    + _style("Fort", "Standard", "", 'fo:font-weight="bold"')
    + _style("Petit", "Standard", "", 'fo:font-size="9.5pt" fo:color="#46525e"')
    + _style("Legende", "Standard", 'fo:margin-top="6pt" fo:keep-with-next="always"', 'fo:font-weight="bold"')
    + _style("Ligne", "Standard", 'fo:border-bottom="0.5pt solid #76828e" fo:margin-top="12pt"')
    + '<style:style style:name="Cellule" style:family="table-cell"><style:table-cell-properties '
    'fo:padding="1.2mm" fo:border-bottom="0.5pt solid #76828e"/></style:style>'
    + _list_style("Puces", '<text:list-level-style-bullet text:level="1" text:bullet-char="•">')
    + _list_style("Numeros", '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=".">')
    + '</office:styles><office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties '
    'fo:page-width="210mm" fo:page-height="297mm" fo:margin="18mm"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"/>'
    "</office:master-styles></office:document-styles>"
)


def to_odt(document: Document) -> bytes:
    """Document ODT accessible : titres hiérarchisés, vraies listes, tableaux à en-têtes, langue française.

    Parameters
    ----------
    document : Document
        Document.

    Returns
    -------
    bytes
        Contenu du fichier, le même pour le même document.

    Examples
    --------
    >>> to_odt(Document("Fiche"))[30:38]
    b'mimetype'
    """
    body = [_heading_xml(1, document.title)]
    if document.subtitle:
        body.append(_paragraph(document.subtitle, "Petit"))
    for section in document.sections:
        if section.title:
            body.append(_heading_xml(section.level, section.title))
        body += [_block(block) for block in section.blocks]
    if document.footer:
        body.append(_paragraph(document.footer, "Petit"))
    parts = {
        "content.xml": OPENING + "".join(body) + CLOSING,
        "styles.xml": STYLES,
        "meta.xml": meta(document.title),
        "META-INF/manifest.xml": MANIFEST,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        # Le format veut ce fichier en premier et sans compression.
        archive.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE, zipfile.ZIP_STORED)
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.encode())
    return stream.getvalue()


def meta(title: str) -> str:
    """Titre et langue du fichier, lus par les lecteurs d’écran.

    Parameters
    ----------
    title : str
        Titre.

    Returns
    -------
    str
        Contenu de `meta.xml`.
    """
    return (
        f'{_XML}<office:document-meta {_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
        f"<office:meta><dc:title>{_text(title)}</dc:title><dc:language>fr-FR</dc:language></office:meta>"
        "</office:document-meta>"
    )


def _text(text: str) -> str:
    return escape(clean(text), quote=True)


def _inline(text: str) -> str:
    found = (
        f'<text:a xlink:type="simple" xlink:href="{_text(url)}">{_text(piece)}</text:a>' if url else _text(piece)
        for piece, url in pieces(clean(text))
    )
    return "".join(found).replace("\n", "<text:line-break/>")


def _paragraph(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{_inline(text)}</text:p>'


def _heading_xml(level: int, text: str) -> str:
    return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{_inline(text)}</text:h>'


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _paragraph(block.text, "Fort" if block.strong else "Standard")
    if isinstance(block, Bullets):
        items = "".join(f"<text:list-item>{_paragraph(text)}</text:list-item>" for text in block.items)
        return f'<text:list text:style-name="{"Numeros" if block.ordered else "Puces"}">{items}</text:list>'
    if isinstance(block, Checks):
        return "".join(_paragraph(f"{'☑' if item.checked else '☐'} {item.text}") for item in block.items)
    if isinstance(block, Fill):
        return _paragraph(block.label) + _paragraph("", "Ligne") * block.lines
    return _table(block)


def _table(table: Table) -> str:
    caption = _paragraph(table.caption, "Legende") if table.caption else ""
    head = _row(table.header, "Fort")
    rows = "".join(_row(row, "Standard", "Fort") for row in table.rows)
    return (
        f'{caption}<table:table table:name="{_text(table.caption)}">'
        f'<table:table-column table:number-columns-repeated="{len(table.header)}"/>'
        f"<table:table-header-rows>{head}</table:table-header-rows>{rows}</table:table>"
    )


def _row(cells: Sequence[str], style: str, first: str = "") -> str:
    written = "".join(
        f'<table:table-cell table:style-name="Cellule" office:value-type="string">'
        f"{_paragraph(cell, first if first and not rank else style)}</table:table-cell>"
        for rank, cell in enumerate(cells)
    )
    return f"<table:table-row>{written}</table:table-row>"
