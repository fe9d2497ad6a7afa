"""Fabriquer les carnets : version du formateur, version du stagiaire, copie reconstruite pour la correction."""

import itertools
import json
from typing import Any

from formation.checks.spec import EXPECTATIONS_FILE
from formation.classroom.errors import ExerciceInvalide
from formation.classroom.exercise import Cell, Exercise
from formation.classroom.grading.types import CellRun
from formation.classroom.grading.verdict import explain
from formation.classroom.runner import Runner

Hidden = dict[str, Any]


def preparation(exercise: Exercise) -> list[str]:
    """Cellules de code qui précèdent la première réponse : les mêmes dans la solution et dans chaque copie.

    Parameters
    ----------
    exercise : Exercise
        Exercice validé.

    Returns
    -------
    list of str
    """
    code = [cell for cell in exercise.cells if cell.kind != "texte"]
    return [cell.source for cell in itertools.takewhile(lambda cell: cell.kind in ("preparation", "exemple"), code)]


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
    cells = [cell for cell in exercise.cells if cell.kind != "texte"]
    expected: Hidden = {"controles": {}, "publics": {}}
    problems: list[tuple[int, str]] = []
    session, done = runner.after(preparation(exercise), {})
    with session:
        for cell in cells:
            if cell.control is None:
                run = done.pop(0) if done else session.run(cell.solved)
                if run.status != "ok":
                    problems.append((cell.line, f"la solution s’arrête : {explain(run)}"))
                continue
            found = _recorded(session.run(_recording(cell)))
            problems += [(cell.line, text) for text in found["problemes"]]
            for kind, key in (("controles", "controle"), ("publics", "public")):
                if key in found:
                    expected[kind][cell.control.nom] = found[key]
    if problems:
        raise ExerciceInvalide(exercise.path, problems)
    return expected


def _recording(cell: Cell) -> str:
    control: Any = cell.control
    asked = {"control": control.model_dump(mode="json"), "public": control.public(), "variable": cell.variable}
    literal = repr(json.dumps(asked, ensure_ascii=False))
    return f"__import__('formation.classroom.expected', fromlist=['record']).record(globals(), {literal})"


def _recorded(run: CellRun) -> dict[str, Any]:
    if run.status != "ok":
        return {"problemes": [f"la valeur attendue n’a pas pu être relevée : {explain(run)}"]}
    written = "".join(one["text"] for one in run.outputs if one.get("name") == "stdout")
    found: dict[str, Any] = json.loads(written.rstrip().rpartition("\n")[2])
    return found


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
