"""Le même retour quand c’est nbgrader lui-même qui l’écrit (`nbgrader generate_feedback`)."""

import re
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from formation.checks.failure import french
from formation.classroom.feedback import answers_of, page
from formation.classroom.feedback_view import clean, view
from formation.classroom.grading.types import CellResult, Json, NotebookResult, NotebookSnapshot, SourceCell

_HIDDEN = re.compile(r"\n?### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)
_OURS = ("ReponseInattendue", "AttenteIntrouvable", "DelaiDepasse")
_QUOTED = re.compile(r"name '(\w+)' is not defined")


class CleanFeedback(NbGraderPreprocessor):  # type: ignore[misc]
    """Écrit la page de retour, et vide le carnet de tout le reste.

    Ni la partie cachée, ni les piles d’appels, ni les sorties du stagiaire ne restent.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Prépare la page d’un carnet corrigé.

        Parameters
        ----------
        nb : NotebookNode
            Carnet corrigé, notes comprises (`GetGrades`).
        resources : dict
            Ressources de nbconvert ; reçoit `retour`.

        Returns
        -------
        tuple
            Carnet sans cellule, et ressources.
        """
        meta = resources["nbgrader"]
        snapshot, result, manual = _read(nb, str(meta["notebook"]))
        shown = view(snapshot, result, answers_of(nb), manual, penalty=float(meta.get("late_penalty") or 0))
        resources["retour"] = page(shown, [shown], str(meta["student"]), [])
        nb.cells = []
        return nb, resources


def public_error(name: str, text: str, source: str) -> str:
    r"""Message d’erreur d’un contrôle, sans rien de sa partie cachée.

    Le texte d’une erreur levée par un test caché peut citer la valeur attendue : il n’est gardé que si le
    stagiaire en a déjà le texte sous les yeux, ou s’il ne fait que nommer une variable qui lui manque.

    Parameters
    ----------
    name, text : str
        Type et texte de l’erreur.
    source : str
        Cellule du contrôle, partie cachée comprise.

    Returns
    -------
    str

    Examples
    --------
    >>> public_error("NameError", "name 'x' is not defined", "assert x > 0").replace("\u00a0", " ")
    "NameError : name 'x' is not defined"
    """
    if name in _OURS:
        return text
    public = _HIDDEN.sub("", source)
    missing = _QUOTED.search(text)
    known = public == source or text in public or (missing is not None and missing[1] in public)
    return french(f"{name} : {text}") if text and known else name


def _read(nb: Any, name: str) -> tuple[NotebookSnapshot, NotebookResult, dict[str, Json]]:
    base: list[Json] = []
    cells: dict[str, SourceCell] = {}
    result = NotebookResult(name, present=True)
    manual: dict[str, Json] = {}
    for cell in nb.cells:
        grader = cell.metadata.get("nbgrader", {})
        known = str(grader.get("grade_id", ""))
        flags = {flag: bool(grader.get(flag)) for flag in ("locked", "grade", "solution", "task")}
        if known:
            worth = float(grader.get("points") or 0)
            cells[known] = SourceCell(known, known, cell.cell_type, cell.source, **flags, points=worth, checksum="")
        # le texte ajouté par le stagiaire ne donne pas de titre
        source = cell.source if flags["locked"] or not known else ""
        base.append({"cell_type": cell.cell_type, "source": source if known else "", "name": known})
    snapshot = NotebookSnapshot(name, name, "", dict(nb.metadata), base, [], cells, {})
    for cell in nb.cells:
        known = str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if known:
            _cell_result(cell, known, snapshot, result, manual)
    return snapshot, result, manual


def _cell_result(
    cell: Any, name: str, snapshot: NotebookSnapshot, result: NotebookResult, manual: dict[str, Json]
) -> None:
    grader, kind = cell.metadata.nbgrader, snapshot.kind(name)
    comment = grader.get("comment")
    if comment == "No response.":
        result.comments[name] = comment
    elif comment:
        manual[name] = {"commentaire": str(comment)}
    score = grader.get("score")
    if kind in ("manuelle", "tache") and score:
        manual.setdefault(name, {})["points"] = float(score)
    errors = [output for output in cell.get("outputs", ()) if output.output_type == "error"]
    if kind not in ("texte", "libre"):
        one = CellResult(name, kind, snapshot.cells[name].points, None if score is None else float(score), "ok")
        if errors:
            one.status = "erreur"
            one.message = clean(public_error(errors[0].ename, clean(errors[0].evalue, 2_000), cell.source), 2_000)
        result.cells.append(one)
