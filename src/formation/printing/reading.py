"""Relire le texte d’un PDF : celui des pages, et celui que les métadonnées et la structure cachent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from formation.errors import FormationError
from formation.printing import tree
from formation.printing.content import SHOWING, glyphs, instructions, steps

_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)
_SPACE = re.compile(r"[\s\u00ad]+")


class PdfIllisible(FormationError):
    """Un fichier n’est pas un PDF, ou il est abîmé."""


def open_pdf(path: str | Path) -> Any:
    """Ouvre un PDF.

    Parameters
    ----------
    path : str or Path
        Fichier.

    Returns
    -------
    pikepdf.Pdf
        À fermer par l’appelant.

    Raises
    ------
    PdfIllisible
        Si le fichier manque, s’il est protégé ou s’il n’est pas un PDF.
    """
    import pikepdf

    try:
        return pikepdf.open(path)
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError) as error:
        raise PdfIllisible(
            f"« {path} » ne s’ouvre pas comme un PDF ({type(error).__name__}) : fichier absent, coupé ou protégé par "
            "un mot de passe. Refaites le document."
        ) from None


def read_text(path: str | Path) -> str:
    """Tout le texte d’un PDF.

    Parameters
    ----------
    path : str or Path
        Fichier.

    Returns
    -------
    str
        Texte des pages dans l’ordre où il est peint, une ligne par morceau ; puis métadonnées, titres du sommaire,
        textes de remplacement et adresses.

    Raises
    ------
    PdfIllisible
        Si le fichier ne s’ouvre pas.
    """
    with open_pdf(path) as pdf:
        return text_of(pdf)


def text_of(pdf: Any) -> str:
    """Tout le texte d’un PDF ouvert.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        Document.

    Returns
    -------
    str
    """
    lines: list[str] = []
    tables: dict[tuple[int, int], dict[int, str]] = {}
    for page in pdf.pages:
        lines += _page_lines(page, tables)
    lines += _hidden(pdf)
    return "\n".join(line for line in lines if line)


def _page_lines(page: Any, tables: dict[tuple[int, int], dict[int, str]]) -> list[str]:
    fonts = page.get("/Resources", {}).get("/Font", {})
    current: dict[int, str] = {}
    lines = [""]
    for step in steps(instructions(page)):
        if step.operator == "Tf":
            font = fonts.get(str(step.operands[0]))
            current = _letters(font, tables) if font is not None else {}
        elif step.operator in ("BT", "T*", "Td", "TD", "'", '"'):
            lines.append("")
        if step.operator in SHOWING:
            shown = glyphs(step)
            codes = (int.from_bytes(shown[i : i + 2], "big") for i in range(0, len(shown), 2))
            lines[-1] += "".join(current.get(code, "\ufffd") for code in codes)
    return lines


def _letters(font: Any, tables: dict[tuple[int, int], dict[int, str]]) -> dict[int, str]:
    if font.objgen not in tables:
        tables[font.objgen] = _unicode(font["/ToUnicode"].read_bytes()) if "/ToUnicode" in font else {}
    return tables[font.objgen]


def _unicode(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for sort, block in _BLOCK.findall(cmap):
        if sort == b"bfchar":
            for code, text in _PAIR.findall(block):
                found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        else:
            for first, last, start in _RANGE.findall(block):
                for rank in range(min(int(last, 16) - int(first, 16), 0xFFFF) + 1):
                    found[int(first, 16) + rank] = chr(int(start, 16) + rank)
    return found


def _hidden(pdf: Any) -> list[str]:
    found = [str(value) for value in pdf.docinfo.values()]
    if "/Metadata" in pdf.Root:
        found.append(pdf.Root["/Metadata"].read_bytes().decode("utf-8", "replace"))
    with pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            entry = waiting.pop(0)
            found.append(str(entry.title))
            waiting = list(entry.children) + waiting
    if "/StructTreeRoot" in pdf.Root:
        for element in tree.walk(pdf.Root["/StructTreeRoot"]):
            found += [str(element[name]) for name in ("/Alt", "/ActualText", "/E", "/T") if name in element]
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            found += [str(note[name]) for name in ("/Contents", "/T", "/TU", "/V") if name in note]
            found.append(str(note.get("/A", {}).get("/URI", "")))
    return found


def present(text: str, wanted: Iterable[str]) -> list[str]:
    r"""Ce qu’un texte contient, parmi ce qui ne devrait pas y être.

    La recherche ignore la casse et les coupures de ligne, et ne s’arrête pas au milieu d’un mot : « stagiaire-1 » ne
    se trouve pas dans « stagiaire-10 ».

    Parameters
    ----------
    text : str
        Texte d’un document.
    wanted : iterable of str
        Noms, identifiants, courriels.

    Returns
    -------
    list of str
        Ceux qui sont dans le texte, dans l’ordre donné.

    Examples
    --------
    >>> present("Attestation de Stagiaire\nUN (stagiaire-10)", ["stagiaire un", "stagiaire-1", "stagiaire-10"])
    ['stagiaire un', 'stagiaire-10']
    """
    squeezed = _SPACE.sub("", text).casefold()
    found = []
    for name in wanted:
        letters = _SPACE.sub("", name).casefold()
        if not letters or letters not in squeezed:
            continue
        spread = r"[\s\u00ad]*".join(re.escape(letter) for letter in _SPACE.sub("", name))
        if re.search(rf"(?<!\w){spread}(?!\w)", text, re.IGNORECASE):
            found.append(name)
    return found
