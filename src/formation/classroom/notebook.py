"""Fabriquer les carnets : version du formateur, version du stagiaire, copie reconstruite pour la correction."""

import json
from collections.abc import Mapping
from typing import Any

from formation.checks.spec import EXPECTATIONS_FILE
from formation.classroom.errors import ExerciceInvalide
from formation.classroom.exercise import Cell, Exercise
from formation.classroom.runner import Runner

Hidden = dict[str, Any]


def compute_expected(exercise: Exercise, runner: Runner) -> Hidden:
    """Exécute la solution une fois et relève ce que chaque contrôle attend.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    runner : Runner
        Processus chaud.

    Returns
    -------
    dict
        `controles` (partie cachée par contrôle) et `publics` (exemples d’appel par fonction).

    Raises
    ------
    ExerciceInvalide
        Si la solution s’arrête, ne passe pas ses contrôles, ou si un piège vaut la bonne réponse.
    """
    cells = []
    for cell in exercise.cells:
        if cell.kind == "texte":
            continue
        item = {"nom": cell.name, "kind": cell.kind, "source": cell.source, "line": cell.line}
        if cell.kind == "reponse":
            item["source"] = cell.solved
        if cell.control is not None:
            control = cell.control.model_dump()
            item |= {"control": control, "public": cell.control.public(), "variable": cell.variable}
        cells.append(item)
    reply = runner.run("solution", cells)
    if "erreur" in reply:
        raise ExerciceInvalide(exercise.path, [(0, f"la solution ne va pas au bout : {reply['erreur']}.")])
    if reply["problemes"]:
        raise ExerciceInvalide(exercise.path, [(int(line), str(text)) for line, text in reply["problemes"]])
    return reply


def public_expectations(exercise: Exercise, expected: Hidden) -> str:
    """Texte d’`attentes.json`, sans aucune valeur attendue.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected`, dont on ne prend que les exemples d’appel.

    Returns
    -------
    str
        JSON lisible.
    """
    entries = {}
    for name, control in exercise.controls.items():
        entry = control.public()
        if name in expected["publics"]:
            entry["exemples_appels"] = expected["publics"][name]
        entries[name] = entry
    data = {"format": 1, "exercice": exercise.name, "attentes": entries}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def hidden_test(cell: Cell, expected: Hidden) -> str:
    """Code caché d’un contrôle, entre les marqueurs de nbgrader.

    Parameters
    ----------
    cell : Cell
        Cellule de contrôle.
    expected : dict
        Résultat de `compute_expected`.

    Returns
    -------
    str
    """
    if cell.control is None:
        raise ValueError(cell.name)
    literal = repr(json.dumps(expected["controles"][cell.control.nom], ensure_ascii=False, sort_keys=True))
    call = f'checks.compare("{cell.control.nom}", {cell.variable}, {literal})'
    return f"### BEGIN HIDDEN TESTS\n{call}\n### END HIDDEN TESTS"


def trainer_notebook(exercise: Exercise, expected: Hidden) -> Any:
    """Carnet du formateur : solutions et parties cachées, métadonnées nbgrader (schéma 3).

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected`.

    Returns
    -------
    NotebookNode
        Carnet au format 4.5.
    """
    from nbformat import v4 as untyped_v4

    v4: Any = untyped_v4
    notebook = v4.new_notebook()
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}
    header = {"exercice": exercise.name, "titre": exercise.header.titre, "version": exercise.version}
    notebook.metadata["formation"] = header
    for cell in exercise.cells:
        source = f"{cell.source}\n{hidden_test(cell, expected)}" if cell.kind == "controle" else cell.source
        made = v4.new_markdown_cell(source) if cell.kind == "texte" else v4.new_code_cell(source)
        made["id"] = cell.name[:64].replace("_", "-")
        if cell.kind != "libre":
            made.metadata["nbgrader"] = _nbgrader(cell)
        notebook.cells.append(made)
    return notebook


def _nbgrader(cell: Cell) -> dict[str, Any]:
    graded = cell.control is not None
    metadata: dict[str, Any] = {
        "grade": graded,
        "grade_id": cell.name,
        "locked": cell.kind != "reponse",
        "schema_version": 3,
        "solution": cell.kind == "reponse",
        "task": False,
    }
    if cell.control is not None:
        metadata["points"] = cell.control.points
    return metadata


def rebuilt_cells(exercise: Exercise, expected: Hidden, answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Cellules d’une copie reconstruite : tout vient de la source, sauf les réponses.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected`.
    answers : mapping
        Nom de la cellule de réponse → code du stagiaire ; une réponse absente reste à trou.

    Returns
    -------
    list of dict
        `nom`, `kind` et `source` des cellules de code, dans l’ordre.
    """
    cells = []
    for cell in exercise.cells:
        if cell.kind in ("texte", "libre"):
            continue
        source = cell.source
        if cell.kind == "reponse":
            source = answers.get(cell.name, cell.blank)
        elif cell.kind == "controle":
            source = f"{cell.source}\n{hidden_test(cell, expected)}"
        cells.append({"nom": cell.name, "kind": cell.kind, "source": source})
    return cells


def side_files(exercise: Exercise, expected: Hidden) -> dict[str, str]:
    """Fichiers posés à côté du carnet.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.
    expected : dict
        Résultat de `compute_expected`.

    Returns
    -------
    dict
        Nom → texte.
    """
    return {EXPECTATIONS_FILE: public_expectations(exercise, expected)}
