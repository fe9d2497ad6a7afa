"""Copies des stagiaires : les fabriquer, les lire sans confiance, les remettre d’aplomb."""

import copy
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.exercise import Exercise
from formation.classroom.notebook import Hidden, hidden_test, trainer_notebook

MAX_NOTEBOOK_BYTES = 5_000_000
MAX_CELLS = 500
MAX_CELL_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class Mended:
    """Copie remise d’aplomb et remarques pour le formateur."""

    notebook: Any
    remarks: list[str] = field(default_factory=list)


def learner_notebook(exercise: Exercise, expected: Hidden) -> Any:
    """Copie vierge d’un exercice : trous, cellules verrouillées, aucune partie cachée.

    Identique à ce que produit `nbgrader generate_assignment`, sans charger nbgrader.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected` ; aucune valeur n’en sort.

    Returns
    -------
    NotebookNode
    """
    notebook = trainer_notebook(exercise, expected)
    for made, cell in zip(notebook.cells, exercise.cells, strict=True):
        made.source = cell.blank if cell.kind == "reponse" else cell.source
        if cell.kind == "reponse":
            made.metadata["deletable"] = False
        elif cell.kind != "libre":
            made.metadata |= {"deletable": False, "editable": False}
    return notebook


def read_untrusted(path: Path) -> dict[str, Any]:
    """Lit le carnet d’un stagiaire sans suivre de lien ni lire au-delà d’une taille bornée.

    Parameters
    ----------
    path : Path
        Fichier .ipynb.

    Returns
    -------
    dict
        JSON du carnet, au format 4.

    Raises
    ------
    AtelierImpossible
        Si le fichier n’est pas un carnet acceptable ; le message dit pourquoi.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise AtelierImpossible("ce n’est pas un fichier ordinaire que l’on puisse lire") from None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise AtelierImpossible("ce n’est pas un fichier ordinaire")
        return parse_untrusted(stream.read(MAX_NOTEBOOK_BYTES + 1))


def parse_untrusted(payload: bytes) -> dict[str, Any]:
    """Décode le carnet d’un stagiaire.

    Parameters
    ----------
    payload : bytes
        Contenu du fichier.

    Returns
    -------
    dict
        JSON du carnet.

    Raises
    ------
    AtelierImpossible
        Si ce n’est pas un carnet Jupyter au format 4, ou s’il est trop gros.
    """
    if len(payload) > MAX_NOTEBOOK_BYTES:
        raise AtelierImpossible(f"le carnet dépasse {MAX_NOTEBOOK_BYTES // 1_000_000} Mo ; effacez ses sorties")
    try:
        raw = json.loads(payload.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise AtelierImpossible("ce n’est pas un carnet Jupyter lisible (JSON en UTF-8)") from None
    if not isinstance(raw, dict) or raw.get("nbformat") != 4 or not isinstance(raw.get("cells"), list):
        raise AtelierImpossible(
            "ce n’est pas un carnet Jupyter au format 4 ; ouvrez-le et enregistrez-le avec JupyterLab"
        )
    if len(raw["cells"]) > MAX_CELLS:
        raise AtelierImpossible(f"le carnet a plus de {MAX_CELLS} cellules")
    return raw


def _no_constant(name: str) -> None:
    raise ValueError(name)


def mend(release: Any, learner: dict[str, Any]) -> Mended:
    """Remet une copie d’aplomb : tout vient de la copie vierge, sauf les réponses et les cellules ajoutées.

    Les étiquettes, sorties et métadonnées du stagiaire sont oubliées, les doubles deviennent de simples cellules,
    les cellules effacées reviennent à leur place.

    Parameters
    ----------
    release : NotebookNode
        Copie vierge.
    learner : dict
        JSON du carnet du stagiaire, non vérifié.

    Returns
    -------
    Mended
    """
    from nbformat import v4 as untyped_v4

    v4: Any = untyped_v4
    blanks = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in release.cells if "nbgrader" in cell.metadata}
    kept: list[Any] = []
    seen: set[str] = set()
    remarks: list[str] = []
    for position, (kind, source, name) in enumerate(_cells(learner["cells"], remarks)):
        if name in blanks and name not in seen:
            cell = copy.deepcopy(blanks[name])
            if cell.metadata["nbgrader"]["solution"] and kind == "code":
                cell.source = source
            elif not cell.metadata["nbgrader"]["solution"] and source.strip() != cell.source.strip():
                remarks.append(f"la cellule verrouillée « {name} » était modifiée, elle est rétablie")
            seen.add(name)
        else:
            if name in blanks:
                remarks.append(f"la cellule « {name} » était en double, seule la première compte")
            cell = v4.new_code_cell(source) if kind == "code" else v4.new_markdown_cell(source)
            cell["id"] = f"ajout-{position}"
        kept.append(cell)
    kept = _put_back(release, kept, seen, remarks)
    notebook = copy.deepcopy(release)
    notebook.cells = kept
    return Mended(notebook, [french(remark) for remark in remarks])


def _cells(raw: Iterable[Any], remarks: list[str]) -> Iterable[tuple[str, str, str]]:
    for cell in raw:
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown"):
            continue
        source = cell.get("source", "")
        text = "".join(part for part in source if isinstance(part, str)) if isinstance(source, list) else source
        if not isinstance(text, str) or len(text) > MAX_CELL_CHARS:
            remarks.append("une cellule illisible ou démesurée est ignorée")
            continue
        metadata = cell.get("metadata")
        grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        name = grader.get("grade_id") if isinstance(grader, dict) else None
        # un caractère isolé d’une paire UTF-16 ferait échouer l’écriture du carnet
        text = text.encode("utf-8", "replace").decode("utf-8")
        yield str(cell["cell_type"]), text, name if isinstance(name, str) else ""


def _put_back(release: Any, kept: list[Any], seen: set[str], remarks: list[str]) -> list[Any]:
    previous = ""
    for blank in release.cells:
        if "nbgrader" not in blank.metadata:
            continue
        name = blank.metadata["nbgrader"]["grade_id"]
        if name not in seen:
            names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in kept]
            kept.insert(names.index(previous) + 1 if previous in names else 0, copy.deepcopy(blank))
            remarks.append(f"la cellule « {name} » manquait, elle est remise")
        previous = name
    return kept


def graded_cells(exercise: Exercise, expected: Hidden, notebook: Any) -> list[dict[str, str]]:
    """Cellules de code à exécuter pour noter une copie remise d’aplomb.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected`.
    notebook : NotebookNode
        Copie rendue par `mend`.

    Returns
    -------
    list of dict
        `nom`, `kind`, `source`.
    """
    by_name = {cell.name: cell for cell in exercise.cells}
    cells = []
    for position, made in enumerate(notebook.cells):
        if made.cell_type != "code":
            continue
        known = by_name.get(made.metadata.get("nbgrader", {}).get("grade_id", ""))
        name, kind = (known.name, known.kind) if known is not None else (f"ajout-{position}", "ajout")
        source = made.source
        if known is not None and known.control is not None:
            source = f"{known.source}\n{hidden_test(known, expected)}"
        cells.append({"nom": name, "kind": kind, "source": source})
    return cells
