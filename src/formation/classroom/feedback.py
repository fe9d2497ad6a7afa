"""Retour au stagiaire : une page par carnet, ses points, quoi reprendre ; jamais la partie cachée."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formation.checks.failure import french
from formation.checks.wording import count
from formation.classroom.feedback_view import CheckView, NotebookView, clean, points_text, view
from formation.classroom.grading.types import AssignmentSnapshot, CopyReport, Json, NotebookResult

if TYPE_CHECKING:
    from formation.classroom.feedback_stock import CleanFeedback

__all__ = ["CleanFeedback", "answers_of", "page", "render", "template_folder"]

_SYMBOLS = {"reussi": "✓", "partie": "◐", "revoir": "✗", "personne": "☞"}


def __getattr__(name: str) -> Any:
    # les sessions créées avant ce moteur importent CleanFeedback d’ici ; nbgrader n’est chargé que pour elles
    if name == "CleanFeedback":
        from formation.classroom.feedback_stock import CleanFeedback

        return CleanFeedback
    raise AttributeError(name)


def template_folder() -> str:
    """Dossier du modèle HTML du retour.

    Returns
    -------
    str
    """
    return str(Path(__file__).parent / "templates")


def answers_of(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Réponses écrites dans un carnet.

    Parameters
    ----------
    notebook : mapping
        Carnet au format 4, JSON ou `NotebookNode`, dont les métadonnées nbgrader sont celles du formateur.

    Returns
    -------
    dict
        Nom de la cellule de réponse → texte.
    """
    found = {}
    for cell in notebook["cells"]:
        grader = cell.get("metadata", {}).get("nbgrader", {})
        if grader.get("solution") and grader.get("grade_id"):
            source = cell["source"]
            found[str(grader["grade_id"])] = source if isinstance(source, str) else "".join(source)
    return found


def render(
    assignment: AssignmentSnapshot,
    report: CopyReport,
    answers: Mapping[str, Mapping[str, str]],
    manual: Mapping[str, Mapping[str, Json]] | None = None,
    penalties: Mapping[str, float] | None = None,
) -> dict[str, str]:
    """Écrit les pages de retour d’une copie.

    Parameters
    ----------
    assignment : AssignmentSnapshot
        Devoir du formateur ; rien de caché n’en est montré.
    report : CopyReport
        Sort de la copie.
    answers : mapping
        Par carnet, cellule de réponse → texte du stagiaire (voir `answers_of`).
    manual : mapping, optional
        Par carnet puis par cellule, `points`, `supplement` et `commentaire` donnés par une personne.
    penalties : mapping, optional
        Par carnet, points retirés pour retard.

    Returns
    -------
    dict
        Nom du carnet → document HTML autonome, sans script ni adresse.
    """
    results = {one.name: one for one in report.notebooks}
    views = [
        view(
            notebook,
            results.get(name) or NotebookResult(name, present=False),
            answers.get(name, {}),
            (manual or {}).get(name, {}),
            penalty=(penalties or {}).get(name, 0.0),
        )
        for name, notebook in assignment.notebooks.items()
    ]
    notices = _notices(report)
    return {one.name: page(one, views, report.learner, notices, graded=report.state != "échec") for one in views}


def page(
    shown: NotebookView, views: list[NotebookView], learner: str, notices: list[str], *, graded: bool = True
) -> str:
    """Écrit la page d’un carnet.

    Parameters
    ----------
    shown : NotebookView
        Carnet de la page.
    views : list of NotebookView
        Tous les carnets du devoir.
    learner : str
        Stagiaire.
    notices : list of str
        Ce qu’il faut savoir avant de lire les points.
    graded : bool
        Faux si la copie n’a pas pu être notée.

    Returns
    -------
    str
    """
    waiting = [check for check in shown.checks if check.tone == "personne" and check.verdict != "noté à la main"]
    again = [check for check in shown.checks if check.tone in ("revoir", "partie")]
    several = len(views) > 1
    data = {
        "titre": clean(shown.title, 160),
        "stagiaire": clean(learner, 80),
        "rendu": shown.present,
        "note": graded,
        "total": _sentence(shown.earned, shown.worth),
        "retard": french(f"{_sentence(shown.penalty)} de moins pour retard.") if shown.penalty else "",
        "avis": [*notices, *_waiting(waiting)],
        "resume": _summary(shown, again, waiting) if graded else "",
        "premier": again[0] if again and shown.present else None,
        "suite": [check.title for check in again[1:]],
        "controles": shown.checks,
        "signes": _SYMBOLS,
        "remarques": [one for one in shown.remarks if french(one) not in map(french, notices)],
        "carnets": [(one.title, points_text(one.earned, one.worth)) for one in views] if several and graded else [],
        "total_devoir": _sentence(sum(one.earned for one in views), sum(one.worth for one in views)),
    }
    return str(_template().render(data))


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader

    loader = FileSystemLoader(Path(template_folder()) / "retour")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(
        "page.html.j2"
    )


def _sentence(earned: float, worth: float | None = None) -> str:
    from formation.numbers import shortest

    text = f"{shortest(earned)} point{'s' if earned >= 2 else ''}"
    return french(text if worth is None else f"{text} sur {shortest(worth)}")


def _notices(report: CopyReport) -> list[str]:
    # les motifs de relecture sont pour le formateur : le stagiaire sait qu’une personne regarde, sans accusation
    if report.state == "à relire":
        return [french("Une personne va relire cette copie : les points peuvent encore changer.")]
    if report.state == "refusée":
        return [
            french("Cette copie n’a pas pu être lue : elle vaut 0 point pour l’instant."),
            *map(clean, report.reasons),
        ]
    if report.state == "échec":
        return [
            french("Cette copie n’a pas encore pu être corrigée. Aucun point n’est perdu : une personne s’en occupe.")
        ]
    return []


def _waiting(waiting: list[CheckView]) -> list[str]:
    worth = sum(check.worth for check in waiting if check.verdict == "une personne doit le noter")
    return [french(f"Note provisoire : {_sentence(worth)} à donner par une personne.")] if worth else []


def _summary(shown: NotebookView, again: list[CheckView], waiting: list[CheckView]) -> str:
    if not shown.present:
        return french("Ce carnet n’a pas été rendu, ou n’a pas pu être lu.")
    if again:
        total = count(len(shown.checks), "contrôle")
        return french(f"{len(again)} à reprendre sur {total}.")
    if waiting:
        return french("Rien à reprendre pour l’instant.")
    return french("Tous les contrôles sont réussis : vous n’avez rien à reprendre. Passez à l’exercice suivant.")
