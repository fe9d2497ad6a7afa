"""Rebâtir la copie d’un stagiaire sur le carnet du formateur : seules les réponses viennent de la copie.

Cellules nbgrader : le texte des cellules verrouillées vient du carnet de notes, leur ordre et leurs étiquettes de la
copie vierge. Le reste du carnet est au stagiaire : ses cellules gardent leur texte et leur place, pas leurs étiquettes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from formation.checks.failure import french
from formation.classroom.grading.matching import Piece, match, read_pieces
from formation.classroom.grading.ordering import choose_keepers, put_back, restore_order
from formation.classroom.grading.quickstart import light_imports
from formation.classroom.grading.types import Json, NotebookSnapshot, SourceCell

MAX_REMARKS = 20
SCHEMA_VERSION = 3


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Copie rebâtie et remarques.

    Parameters
    ----------
    notebook : NotebookNode
        Carnet sans sortie ; les cellules verrouillées ont leur partie cachée si la photographie l’a.
    remarks : list of str
        Ce qui a été remis d’aplomb, en français ; vide pour une copie ordinaire.
    """

    notebook: Any
    remarks: list[str] = field(default_factory=list)


def rebuild(nb: NotebookSnapshot, raw: Mapping[str, Any]) -> Rebuilt:
    """Rebâtit une copie.

    Une cellule scindée garde son nom sur le dernier morceau rempli, comme nbgrader, tant que l’ordre du carnet le
    permet ; les autres morceaux deviennent des cellules ordinaires, à leur place. Une réponse non notée que le
    stagiaire a effacée reste effacée, comme avec nbgrader ; une cellule verrouillée ou notée est remise.

    Parameters
    ----------
    nb : NotebookSnapshot
        Carnet du formateur.
    raw : mapping
        JSON de la copie, rendu par `copies.parse_untrusted` ; rien n’y est tenu pour vrai.

    Returns
    -------
    Rebuilt
    """
    remarks: list[str] = []
    pieces = read_pieces(raw.get("cells"), remarks)
    match(nb, pieces, remarks)
    choose_keepers(nb, pieces, remarks)
    pieces = restore_order(pieces, remarks)
    pieces = put_back(nb, pieces, remarks)
    cells = [_made(nb, piece, rank, remarks) for rank, piece in enumerate(pieces)]
    return Rebuilt(_notebook(nb, cells), _short(remarks))


def blank(nb: NotebookSnapshot) -> Any:
    """Carnet vierge, parties cachées comprises : ce que l’on note quand rien n’est rendu.

    Parameters
    ----------
    nb : NotebookSnapshot
        Carnet du formateur.

    Returns
    -------
    NotebookNode
    """
    return _from_base(nb, {})


def reference(nb: NotebookSnapshot) -> Any:
    """Carnet où chaque réponse est celle du formateur, pour l’essai préalable.

    Parameters
    ----------
    nb : NotebookSnapshot
        Carnet du formateur.

    Returns
    -------
    NotebookNode
        Égal à `blank` si la photographie n’a pas les réponses.
    """
    return _from_base(nb, {cell["name"]: cell["source"] for cell in nb.solved if cell["name"]})


def recognized(nb: NotebookSnapshot, raw: Mapping[str, Any]) -> int:
    """Nombre de cellules du devoir que l’on reconnaît dans un carnet.

    Parameters
    ----------
    nb : NotebookSnapshot
        Carnet du formateur.
    raw : mapping
        JSON d’un carnet, non vérifié.

    Returns
    -------
    int
    """
    pieces = read_pieces(raw.get("cells"), [])
    claimed = {piece.claimed for piece in pieces if piece.claimed}
    if claimed and not claimed & nb.cells.keys():
        # toutes ses cellules se disent d’un autre devoir : des identifiants communs ne prouvent rien
        return 0
    match(nb, pieces, [])
    return len({piece.name for piece in pieces if piece.name})


def _from_base(nb: NotebookSnapshot, answers: Mapping[str, str]) -> Any:
    cells = []
    for rank, base in enumerate(nb.base):
        known = nb.cells.get(base["name"])
        text = answers.get(base["name"], base["source"]) if known is not None and not known.locked else base["source"]
        piece = Piece(base["cell_type"], text, name=base["name"], base=rank)
        cells.append(_made(nb, piece, rank, []))
    return _notebook(nb, cells)


def _made(nb: NotebookSnapshot, piece: Piece, rank: int, remarks: list[str]) -> Json:
    base = nb.base[piece.base] if piece.base >= 0 else None
    known = nb.cells.get(piece.name)
    kind, text = piece.cell_type, piece.source
    metadata = json.loads(json.dumps(base["metadata"])) if base is not None and base.get("metadata") else {}
    if known is not None and base is not None:
        if kind != known.cell_type:
            remarks.append(f"la cellule « {known.name} » avait changé de type, il est rétabli")
        kind = known.cell_type
        if known.locked:
            if not _same(text, base["source"]) and not _same(text, known.source):
                remarks.append(f"la cellule verrouillée « {known.name} » était modifiée, elle est rétablie")
            text = known.source
        metadata["nbgrader"] = _grader(known)
    cell: Json = {"cell_type": kind, "id": _identifier(base, rank), "metadata": metadata, "source": text}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif base is not None and base.get("attachments"):
        cell["attachments"] = base["attachments"]
    return cell


def _identifier(base: Json | None, rank: int) -> str:
    if base is None:
        return f"ajout-{rank}"
    return str(base["id"]) or f"cellule-{rank}"


def _grader(cell: SourceCell) -> Json:
    """Métadonnées nbgrader d’une cellule, entièrement refaites d’après le carnet de notes."""
    grader: Json = {
        "cell_type": cell.cell_type,
        "checksum": cell.checksum,
        "grade": cell.grade,
        "grade_id": cell.name,
        "locked": cell.locked,
        "schema_version": SCHEMA_VERSION,
        "solution": cell.solution,
        "task": cell.task,
    }
    if cell.grade or cell.task:
        grader["points"] = cell.points
    if not cell.checksum:
        del grader["checksum"]
    return grader


def _notebook(nb: NotebookSnapshot, cells: list[Json]) -> Any:
    light_imports()
    from nbformat import notebooknode as untyped

    node: Any = untyped
    metadata = json.loads(json.dumps(nb.metadata))
    if nb.kernelspec and json.loads(nb.kernelspec):
        metadata["kernelspec"] = json.loads(nb.kernelspec)
    return node.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def _short(remarks: list[str]) -> list[str]:
    unique = list(dict.fromkeys(remarks))
    if len(unique) > MAX_REMARKS:
        rest = len(unique) - MAX_REMARKS
        unique = [*unique[:MAX_REMARKS], f"… et {rest} autre{'s' if rest > 1 else ''}"]
    return [french(remark) for remark in unique]
