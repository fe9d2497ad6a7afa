"""Écriture d’un document : HTML et texte ici, ODT et DOCX chacun dans son module ; un fichier entier ou rien."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from textwrap import fill
from typing import Any

from formation.errors import FormationError, reason
from formation.files import write_atomic
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

FORMATS = (".html", ".odt", ".docx", ".txt", ".json")
TICKED, EMPTY = "☑", "☐"
_WIDTH = 88
_STYLE = (
    "body{font:1.05rem/1.55 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#18222d;"
    "background:#fff}h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.35rem;margin:2rem 0 .6rem;"
    "padding-bottom:.2rem;border-bottom:2px solid #18222d}h3{font-size:1.1rem;margin:1.4rem 0 .4rem}"
    ".sous-titre,footer{color:#46525e}footer{margin-top:2.5rem;padding-top:.8rem;border-top:1px solid #76828e}"
    ".defile{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.6rem 0 1.2rem}"
    "caption{text-align:left;font-weight:600;padding-bottom:.3rem}th,td{text-align:left;vertical-align:top;"
    "padding:.35rem .5rem;border-bottom:1px solid #d5dce3}.cases{list-style:none;padding:0}.cases li{margin:.3rem 0}"
    ".ligne{border-bottom:1px solid #76828e;height:1.9rem}a{color:#0b5394;overflow-wrap:anywhere}"
    "@page{size:A4;margin:16mm}@media print{body{max-width:none;margin:0;padding:0;font-size:10.5pt}"
    ".defile{overflow:visible}h2,h3{break-after:avoid}tr,li{break-inside:avoid}a{color:inherit}}"
)


class FicheImpossible(FormationError):
    """Un document ne peut pas être écrit ; rien n’a été changé."""


def write(
    document: Document, path: str | Path, *, ecraser: bool = False, data: Mapping[str, Any] | None = None
) -> Path:
    """Écrit un document ; l’extension du fichier choisit la forme.

    Parameters
    ----------
    document : Document
        Document.
    path : str or Path
        Fichier `.html`, `.odt`, `.docx`, `.txt` ou `.json`.
    ecraser : bool
        Vrai pour remplacer un fichier existant.
    data : mapping, optional
        Ce qu’écrit un `.json` ; par défaut le document lui-même.

    Returns
    -------
    Path
        Fichier écrit.

    Raises
    ------
    FicheImpossible
        Si l’extension n’est pas connue, si le fichier existe ou si le dossier ne se laisse pas écrire.
    """
    file = Path(path)
    check_destination(file, ecraser=ecraser)
    _write_whole(file, _content(document, file.suffix.lower(), data))
    return file


def check_destination(file: Path, formats: Sequence[str] = FORMATS, *, ecraser: bool = False) -> None:
    """Refuse tout de suite un fichier qu’on ne saurait pas écrire, ou qui en remplacerait un autre.

    Parameters
    ----------
    file : Path
        Fichier demandé.
    formats : sequence of str
        Extensions acceptées.
    ecraser : bool
        Vrai pour accepter de remplacer un fichier.

    Raises
    ------
    FicheImpossible
        Si l’extension n’est pas acceptée, si le fichier existe ou si son dossier n’existe pas.
    """
    if file.suffix.lower() not in formats:
        known = f"{', '.join(formats[:-1])} ou {formats[-1]}"
        raise FicheImpossible(
            f"«\u00a0{file.name}\u00a0»\u00a0: le fichier se termine par {known}. Exemple\u00a0: essai{formats[0]}"
        )
    if not ecraser and file.exists():
        raise FicheImpossible(
            f"«\u00a0{file}\u00a0» existe déjà. Rien n’a été écrit. Donnez un autre nom, ou demandez à l’écraser "
            "(ecraser=True en Python, --ecraser en ligne de commande)."
        )
    if not file.parent.is_dir():
        raise FicheImpossible(f"Le dossier «\u00a0{file.parent}\u00a0» n’existe pas. Créez-le, puis recommencez.")


def save_text(file: Path, text: str, formats: Sequence[str], *, ecraser: bool = False) -> None:
    """Écrit un texte, entier ou pas du tout.

    Parameters
    ----------
    file : Path
        Fichier.
    text : str
        Contenu.
    formats : sequence of str
        Extensions acceptées.
    ecraser : bool
        Vrai pour remplacer un fichier existant.

    Raises
    ------
    FicheImpossible
        Si le fichier ne peut pas être écrit ; rien n’est changé.
    """
    check_destination(file, formats, ecraser=ecraser)
    _write_whole(file, text.encode())


def _content(document: Document, kind: str, data: Mapping[str, Any] | None) -> bytes:
    if kind == ".odt":
        from formation.workshop.documents.odt import to_odt

        return to_odt(document)
    if kind == ".docx":
        from formation.workshop.documents.docx import to_docx

        return to_docx(document)
    if kind == ".json":
        return (json.dumps(data or document.to_dict(), ensure_ascii=False, indent=2) + "\n").encode()
    return (to_html(document) if kind == ".html" else to_text(document)).encode()


def _write_whole(file: Path, content: bytes) -> None:
    try:
        write_atomic(file, content)
    except OSError as error:
        raise FicheImpossible(
            f"«\u00a0{file}\u00a0» ne peut pas être écrit ({reason(error)}). Vérifiez le dossier, le disque "
            "et vos droits."
        ) from None


def to_text(document: Document) -> str:
    """Document en texte simple, pour un terminal ou un message.

    Parameters
    ----------
    document : Document
        Document.

    Returns
    -------
    str
        Texte, une ligne vide entre les blocs.

    Examples
    --------
    >>> from formation.workshop.documents.model import Section
    >>> print(to_text(Document("Fiche", [Section("Faits", [Bullets(["un", "deux"])])])))
    Fiche
    =====
    <BLANKLINE>
    Faits
    -----
    <BLANKLINE>
    - un
    - deux
    <BLANKLINE>
    """
    parts = [f"{document.title}\n{'=' * len(document.title)}", document.subtitle]
    for section in document.sections:
        if section.title:
            parts.append(f"{section.title}\n{('-' if section.level == 2 else '·') * len(section.title)}")
        parts += [_text_block(block) for block in section.blocks]
    parts.append(_wrapped(document.footer))
    return clean("\n\n".join(part for part in parts if part) + "\n")


def _wrapped(text: str, indent: str = "") -> str:
    # Chaque ligne garde ses espaces insécables : elles ne se coupent pas.
    return "\n".join(
        fill(line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


def _text_block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _wrapped(block.text)
    if isinstance(block, Bullets):
        marks = [f"{rank}. " if block.ordered else "- " for rank in range(1, len(block.items) + 1)]
        return "\n".join(_wrapped(mark + text, "  ") for mark, text in zip(marks, block.items, strict=True))
    if isinstance(block, Checks):
        return "\n".join(_wrapped(f"[{'x' if item.checked else ' '}] {item.text}", "    ") for item in block.items)
    if isinstance(block, Fill):
        return f"{block.label}\n" + "\n".join("_" * 60 for _ in range(block.lines))
    lines = [block.caption] if block.caption else []
    for row in block.rows:
        lines.append(_wrapped(f"- {row[0]}", "  "))
        named = zip(list(block.header)[1:], row[1:], strict=True)
        lines += [_wrapped(f"    {name} : {cell}", "      ") for name, cell in named if cell]
    return "\n".join(lines)


def to_html(document: Document) -> str:
    """Page HTML autonome : titres, listes, tableaux à en-têtes, lisible hors ligne et imprimable en A4.

    Parameters
    ----------
    document : Document
        Document.

    Returns
    -------
    str
        Page ; tout texte y est échappé.

    Examples
    --------
    >>> "<script>" in to_html(Document("<script>"))
    False
    """
    parts = [f"<h1>{_inline(document.title)}</h1>"]
    parts += _html_body(document)
    footer = f"<footer><p>{_inline(document.footer)}</p></footer>" if document.footer else ""
    return (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>{escape(clean(document.title))}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main>{footer}</body></html>\n"
    )


def _html_body(document: Document) -> list[str]:
    parts = [f'<p class="sous-titre">{_inline(document.subtitle)}</p>'] if document.subtitle else []
    for section in document.sections:
        if section.title:
            parts.append(f"<h{section.level}>{_inline(section.title)}</h{section.level}>")
        parts += [_html_block(block) for block in section.blocks]
    return parts


def to_fragment(
    texts: Sequence[str] = (), *, document: Document | None = None, help_text: str = "", strong: bool = False
) -> str:
    """Morceau de page, pour un panneau : des paragraphes, ou un document sans son titre.

    Parameters
    ----------
    texts : sequence of str
        Paragraphes.
    document : Document, optional
        Document à écrire à la suite.
    help_text : str
        Précision, écrite en dessous.
    strong : bool
        Met les paragraphes en valeur.

    Returns
    -------
    str
        HTML ; tout texte y est échappé.

    Examples
    --------
    >>> to_fragment(["<b>"])
    '<p>&lt;b&gt;</p>'
    """
    parts = [_html_block(Paragraph(text, strong)) for text in texts if text]
    parts += [f"<p>{_inline(help_text)}</p>"] if help_text else []
    return "".join([*parts, *(_html_body(document) if document is not None else [])])


def _inline(text: str) -> str:
    found = (
        f'<a href="{escape(url, quote=True)}">{escape(piece)}</a>' if url else escape(piece)
        for piece, url in pieces(clean(text))
    )
    return "".join(found).replace("\n", "<br>")


def _html_block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p><strong>{_inline(block.text)}</strong></p>" if block.strong else f"<p>{_inline(block.text)}</p>"
    if isinstance(block, Bullets):
        name = "ol" if block.ordered else "ul"
        return f"<{name}>" + "".join(f"<li>{_inline(text)}</li>" for text in block.items) + f"</{name}>"
    if isinstance(block, Checks):
        items = (
            f'<li><label><input type="checkbox"{" checked" if item.checked else ""}> {_inline(item.text)}</label></li>'
            for item in block.items
        )
        return f'<ul class="cases">{"".join(items)}</ul>'
    if isinstance(block, Fill):
        return f"<p>{_inline(block.label)}</p>" + '<div class="ligne"></div>' * block.lines
    return _html_table(block)


def _html_table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_inline(name)}</th>' for name in table.header)
    rows = "".join(
        f'<tr><th scope="row">{_inline(first)}</th>' + "".join(f"<td>{_inline(cell)}</td>" for cell in rest) + "</tr>"
        for first, *rest in table.rows
    )
    label = escape(clean(table.caption or table.header[0]), quote=True)
    caption = f"<caption>{_inline(table.caption)}</caption>" if table.caption else ""
    return (
        f'<div class="defile" tabindex="0" role="region" aria-label="{label}"><table>{caption}'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
