"""Règles de structure d’un PDF : titres, tableaux, listes, figures, ordre de lecture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from formation.printing import tree

_HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
_STANDARD = frozenset(
    (
        *_HEADINGS, "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index",
        "NonStruct", "Private", "P", "H", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody",
        "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP",
        "Warichu", "WT", "WP", "Figure", "Formula", "Form",
    )
)  # fmt: skip
_PARENTS = {
    "LI": ("L",),
    "Lbl": ("LI", "Note", "BibEntry", "TOCI", "Reference"),
    "LBody": ("LI",),
    "TR": ("Table", "THead", "TBody", "TFoot"),
    "TH": ("TR",),
    "TD": ("TR",),
    "THead": ("Table",),
    "TBody": ("Table",),
    "TFoot": ("Table",),
}
_INSIDE = {
    "L": ("LI", "L", "Caption"),
    "Table": ("TR", "THead", "TBody", "TFoot", "Caption"),
    "TR": ("TH", "TD"),
    "THead": ("TR",),
    "TBody": ("TR",),
    "TFoot": ("TR",),
}


def problems(pdf: Any, root: Any) -> Iterator[str]:
    """Problèmes de structure.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        Document.
    root : pikepdf.Dictionary
        Racine de l’arbre de structure.

    Yields
    ------
    str
        Phrase française.
    """
    if not tree.children(root):
        yield "L’arbre de structure est vide : un lecteur d’écran ne trouvera rien."
        return
    yield from _kinds(root)
    yield from _nesting(root)
    yield from _titles(root)
    yield from _names(root)
    for rank, table in enumerate(tree.tables(root), start=1):
        yield from (f"Tableau {rank} : {text}" for text in _table(table))
    yield from _figures(root)
    yield from _order(pdf, root)
    yield from _index(pdf, root)


def _kinds(root: Any) -> Iterator[str]:
    roles = {
        str(key).removeprefix("/"): str(value).removeprefix("/") for key, value in root.get("/RoleMap", {}).items()
    }
    for name in sorted({tree.kind(element) for element in tree.walk(root)}):
        if name not in _STANDARD and roles.get(name) not in _STANDARD:
            yield f"La balise « {name} » n’est pas une balise de PDF et ne renvoie à aucune."


def _nesting(root: Any) -> Iterator[str]:
    found: set[tuple[str, str]] = set()
    for element in tree.walk(root):
        name, parent = tree.kind(element), tree.kind(element["/P"]) if "/P" in element else ""
        if name in _PARENTS and parent not in _PARENTS[name]:
            found.add((name, parent))
        for child in tree.children(element):
            if name in _INSIDE and tree.kind(child) not in _INSIDE[name]:
                found.add((tree.kind(child), name))
    for name, parent in sorted(found):
        yield f"La balise « {name} » est dans « {parent} », où elle n’a pas sa place."


def _titles(root: Any) -> Iterator[str]:
    levels = [_HEADINGS.index(tree.kind(e)) + 1 for e in tree.walk(root) if tree.kind(e) in _HEADINGS]
    if not levels:
        yield "Le document n’a aucun titre balisé."
        return
    if levels[0] != 1:
        yield f"Le premier titre est de niveau {levels[0]} au lieu de 1."
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"Un titre de niveau {after} suit un titre de niveau {before} : un niveau est sauté."


def _names(root: Any) -> Iterator[str]:
    names = [str(element["/ID"]) for element in tree.walk(root) if "/ID" in element]
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        yield f"Deux éléments ont le même identifiant (« {repeated[0]} »)."
    if names and "/IDTree" not in root:
        yield "Des éléments ont un identifiant, mais leur index manque (IDTree)."


def _table(table: Any) -> Iterator[str]:
    rows = tree.rows(table)
    every = [cell for row in rows for cell in tree.cells(row)]
    headers = [cell for cell in every if tree.kind(cell) == "TH"]
    if not headers:
        yield "aucune cellule d’en-tête (TH)."
        return
    known = {str(cell["/ID"]) for cell in headers if "/ID" in cell}
    linked = {name for cell in every for name in tree.headers(cell)}
    if linked - known:
        yield f"une cellule renvoie à un en-tête qui n’existe pas (« {sorted(linked - known)[0]} »)."
    scoped = all(any("/Scope" in one for one in tree.attributes(cell)) for cell in headers)
    if not scoped and not all(tree.headers(cell) for cell in every if tree.kind(cell) == "TD"):
        yield "des cellules ne sont rattachées à aucun en-tête (ni Scope, ni Headers)."
    widths = _widths(rows)
    if len(set(widths)) > 1:
        yield f"les lignes n’ont pas le même nombre de colonnes ({min(widths)} à {max(widths)})."


def _span(cell: Any, name: str) -> int:
    return next((int(one[name]) for one in tree.attributes(cell) if name in one), 1)


def _widths(rows: list[Any]) -> list[int]:
    """Largeur de chaque ligne, cellules fusionnées des lignes du dessus comprises."""
    widths: list[int] = []
    hanging: list[tuple[int, int]] = []
    for row in rows:
        widths.append(sum(width for _, width in hanging))
        hanging = [(left - 1, width) for left, width in hanging if left > 1]
        for cell in tree.cells(row):
            width, height = _span(cell, "/ColSpan"), _span(cell, "/RowSpan")
            widths[-1] += width
            if height > 1:
                hanging.append((height - 1, width))
    return widths


def _figures(root: Any) -> Iterator[str]:
    for element in tree.walk(root):
        if tree.kind(element) not in ("Figure", "Formula"):
            continue
        if not any(str(element.get(name, "")).strip() for name in ("/Alt", "/ActualText")):
            yield "Une figure n’a pas de texte de remplacement (Alt)."
        for one in tree.attributes(element):
            if "/BBox" in one and not _inside([float(v) for v in one["/BBox"]], element.get("/Pg")):
                yield "Le cadre d’une figure sort de la page (BBox)."


def _inside(box: list[float], page: Any) -> bool:
    if page is None:
        return True
    left, bottom, right, top = (float(value) for value in page["/MediaBox"])
    return left - 1 <= box[0] <= box[2] <= right + 1 and bottom - 1 <= box[1] <= box[3] <= top + 1


def _order(pdf: Any, root: Any) -> Iterator[str]:
    ranks = {page.objgen: rank for rank, page in enumerate(pdf.pages)}
    order = [ranks.get(leaf.page, 0) for leaf in tree.leaves(root) if leaf.page is not None]
    if any(after < before for before, after in pairwise(order)):
        yield "L’ordre de lecture revient en arrière, à une page déjà lue."


def _index(pdf: Any, root: Any) -> Iterator[str]:
    numbers = list(root.get("/ParentTree", {}).get("/Nums", []))
    known = {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=False)}
    pages = {page.objgen: int(page.get("/StructParents", -1)) for page in pdf.pages}
    for leaf in tree.leaves(root):
        listed = known.get(pages.get(leaf.page, -1)) if leaf.page is not None else None
        entry = listed[leaf.mcid] if listed is not None and leaf.mcid < len(listed) else None
        if entry is None or entry.objgen != leaf.owner.objgen:
            yield "L’index qui mène du contenu à la structure est incomplet ou faux (ParentTree)."
            return
