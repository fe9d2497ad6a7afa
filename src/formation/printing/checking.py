"""Relecture d’un PDF : ce qui le rendrait inaccessible, ou indiscret.

Les règles suivent celles de PDF/UA-1 (ISO 14289-1) qu’une machine sait vérifier, et trois règles de discrétion. Un PDF
sans problème ici n’est pas certifié conforme : le sens d’un texte de remplacement ou d’un titre se juge à la lecture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from formation.printing import structure_rules, tree
from formation.printing.content import PAINTING, instructions, steps
from formation.printing.reading import open_pdf, present, text_of

_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_FORBIDDEN_ACTIONS = {
    "JavaScript": "un programme",
    "Launch": "l’ouverture d’un autre programme",
    "SubmitForm": "l’envoi d’un formulaire",
    "ImportData": "la lecture d’un autre fichier",
    "GoToR": "l’ouverture d’un autre fichier",
    "GoToE": "l’ouverture d’une pièce jointe",
    "Rendition": "un média",
}


def check_pdf(path: str | Path, must_not_contain: Iterable[str] = (), *, links: Iterable[str] = ()) -> list[str]:
    """Relit un PDF et dit ce qui le rendrait inaccessible ou indiscret.

    Parameters
    ----------
    path : str or Path
        Fichier.
    must_not_contain : iterable of str
        Noms, identifiants ou courriels qui ne doivent figurer nulle part, ni dans les pages ni dans les métadonnées.
    links : iterable of str
        Débuts d’adresses acceptés ; tout autre lien vers le réseau est un problème.

    Returns
    -------
    list of str
        Problèmes, en français ; vide si tout va bien.

    Raises
    ------
    PdfIllisible
        Si le fichier ne s’ouvre pas.
    """
    with open_pdf(path) as pdf:
        found = [*_document(pdf), *_safety(pdf, tuple(links)), *_fonts(pdf)]
        if "/StructTreeRoot" in pdf.Root:
            root = pdf.Root["/StructTreeRoot"]
            found += [*structure_rules.problems(pdf, root), *_content(pdf, root), *_notes(pdf, root)]
        found += [f"Le document contient « {name} », qui ne doit pas y être." for name in _leaks(pdf, must_not_contain)]
    return found


def _leaks(pdf: Any, names: Iterable[str]) -> list[str]:
    listed = [name for name in names if name]
    return present(text_of(pdf), listed) if listed else []


def _document(pdf: Any) -> Iterator[str]:
    root = pdf.Root
    if not _LANGUAGE.match(str(root.get("/Lang", ""))):
        yield f"La langue du document manque ou n’est pas un code de langue (« {root.get('/Lang', '')} »)."
    metadata = root["/Metadata"].read_bytes().decode("utf-8", "replace") if "/Metadata" in root else ""
    title = re.search(r"<dc:title>.*?<rdf:li[^>]*>([^<]+)</rdf:li>", metadata, re.DOTALL)
    if title is None or not title[1].strip():
        yield "Le titre du document manque dans les métadonnées (dc:title)."
    if root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is not True:
        yield "Le lecteur affichera le nom du fichier au lieu du titre (DisplayDocTitle)."
    marks = root.get("/MarkInfo", {})
    if marks.get("/Marked") is not True or marks.get("/Suspects") is True:
        yield "Le document ne se dit pas balisé (MarkInfo)."
    if "/StructTreeRoot" not in root:
        yield "Le document n’a pas d’arbre de structure : un lecteur d’écran n’y trouvera rien."
    if not re.search(r"pdfuaid:part(=[\"']1[\"']|>\s*1\s*<)", metadata):
        yield "Le document ne se dit pas PDF/UA-1 dans ses métadonnées (pdfuaid:part)."


def _safety(pdf: Any, links: tuple[str, ...]) -> Iterator[str]:
    if len(pdf.attachments) or "/AF" in pdf.Root:
        yield "Le document porte une pièce jointe."
    if "/JavaScript" in pdf.Root.get("/Names", {}) or "/AA" in pdf.Root:
        yield "Le document contient un programme (JavaScript)."
    holders = [pdf.Root, *pdf.pages]
    for page in pdf.pages:
        holders += list(page.get("/Annots", []))
        if "/AA" in page:
            yield "Une page du document déclenche une action à l’ouverture."
    for holder in holders:
        for name in ("/OpenAction", "/A"):
            action = holder.get(name)
            if not tree.is_dictionary(action):
                continue
            sort = str(action.get("/S", "")).removeprefix("/")
            if sort in _FORBIDDEN_ACTIONS:
                yield f"Le document déclenche {_FORBIDDEN_ACTIONS[sort]} ({sort})."
            url = str(action.get("/URI", ""))
            if url and not url.startswith((*links, "mailto:")):
                yield f"Le document renvoie hors de lui-même, à « {url[:80]} »."


def _fonts(pdf: Any) -> Iterator[str]:
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            if font.objgen in seen and font.objgen != (0, 0):
                continue
            seen.add(font.objgen)
            name = str(font.get("/BaseFont", "?")).removeprefix("/")
            described = [one.get("/FontDescriptor", {}) for one in font.get("/DescendantFonts", [font])]
            if not all(any(key in one for key in ("/FontFile", "/FontFile2", "/FontFile3")) for one in described):
                yield f"La police « {name} » n’est pas incorporée : le document changera d’une machine à l’autre."
            if "/ToUnicode" not in font:
                yield f"La police « {name} » ne dit pas à quelles lettres correspondent ses dessins (ToUnicode)."


def _content(pdf: Any, root: Any) -> Iterator[str]:
    reached: dict[tuple[tuple[int, int] | None, int], int] = {}
    for leaf in tree.leaves(root):
        reached[leaf.page, leaf.mcid] = reached.get((leaf.page, leaf.mcid), 0) + 1
    for number, page in enumerate(pdf.pages, start=1):
        bare = nested = lost = twice = False
        met = set()
        for step in steps(instructions(page)):
            bare |= step.operator in PAINTING and not step.marks
            nested |= len({mark.artifact for mark in step.marks}) > 1
            if step.opened and step.marks[-1].mcid is not None:
                key = (page.objgen, step.marks[-1].mcid)
                lost |= key not in reached
                twice |= reached.get(key, 0) > 1 or key in met
                met.add(key)
        if bare:
            yield f"Page {number} : un contenu n’est ni balisé ni déclaré comme décor."
        if nested:
            yield f"Page {number} : un décor est dans un contenu balisé, ou l’inverse."
        if lost:
            yield f"Page {number} : un contenu balisé n’est pas dans l’arbre de structure ; il ne sera pas lu."
        if twice:
            yield f"Page {number} : un même contenu est lu deux fois."
        if any(where == page.objgen and (where, mcid) not in met for where, mcid in reached):
            yield f"Page {number} : l’arbre de structure annonce un contenu que la page n’a pas."


def _notes(pdf: Any, root: Any) -> Iterator[str]:
    tagged = {note.objgen for element in tree.walk(root) for note in tree.notes(element)}
    for number, page in enumerate(pdf.pages, start=1):
        notes = [note for note in page.get("/Annots", []) if str(note.get("/Subtype")) != "/Popup"]
        if notes and page.get("/Tabs") != "/S":
            yield f"Page {number} : la touche de tabulation ne suit pas l’ordre de lecture (Tabs)."
        if any(note.objgen not in tagged for note in notes):
            yield f"Page {number} : un lien ou un champ n’est pas dans l’arbre de structure."
        if any(not str(note.get("/Contents", "")).strip() for note in notes if str(note["/Subtype"]) == "/Link"):
            yield f"Page {number} : un lien n’a pas de texte de remplacement (Contents)."
