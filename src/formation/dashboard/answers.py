"""Ce que le stagiaire a répondu, lu dans sa copie corrigée sans jamais l’exécuter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from formation.dashboard.hand_marks import HandMark

MAX_CHARS = 20_000


def read_answer(root: Path, mark: HandMark) -> str:
    """Réponse que juge une cellule notée.

    Parameters
    ----------
    root : Path
        Dossier du cours.
    mark : HandMark
        Cellule notée.

    Returns
    -------
    str
        Pour une réponse rédigée, son texte ; pour un contrôle, la réponse qui le précède ; pour une tâche, les
        cellules que le stagiaire a ajoutées après elle. Vide si la copie corrigée manque ou est abîmée.
    """
    path = root / "autograded" / mark.learner / mark.assignment / f"{mark.notebook}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        ranks = [rank for rank, cell in enumerate(cells) if _grader(cell).get("grade_id") == mark.cell]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    if not ranks:
        return ""
    here = ranks[0]
    grader = _grader(cells[here])
    if grader.get("task"):
        found = _added_after(cells, here)
    elif grader.get("solution"):
        found = [_source(cells[here])]
    else:
        found = _answers_before(cells, here)
    return "\n\n".join(found)[:MAX_CHARS]


def _added_after(cells: list[Any], here: int) -> list[str]:
    found = []
    for cell in cells[here + 1 :]:
        if _grader(cell).get("grade_id"):
            break
        if _source(cell).strip():
            found.append(_source(cell))
    return found


def _answers_before(cells: list[Any], here: int) -> list[str]:
    """Réponses qui précèdent le contrôle, depuis le contrôle d’avant s’il en a une nouvelle."""
    found: list[str] = []
    for cell in reversed(cells[:here]):
        grader = _grader(cell)
        if grader.get("solution"):
            found.insert(0, _source(cell))
        elif grader.get("grade") and found:
            break
    return found


def _grader(cell: Any) -> dict[str, Any]:
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def _source(cell: Any) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
