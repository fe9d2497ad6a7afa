"""Ce que chaque stagiaire a fait et montré : objectifs, présence, points ; la base des attestations et du rapport."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from formation.classroom.results import CopyResult
    from formation.pathways.model import Objective
    from formation.session.model import Session

State = Literal["atteint", "non atteint", "non évalué"]
QuizName = Literal["positionnement", "evaluation-finale"]
_GRADED = ("corrigée", "à relire", "à noter")
TRIAL = "ESSAI.txt"
"""Fichier qui marque une session jouée avec des stagiaires simulés : tout ce qui en sort est un essai."""


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """Ce qu’un stagiaire a montré sur un objectif.

    Parameters
    ----------
    objective_id : str
        Identifiant de l’objectif dans le parcours.
    assessed, passed : int
        Éléments rendus (questions de l’évaluation finale et contrôles notés), et ceux qui sont réussis.
    state : str
        « atteint », « non atteint » ou « non évalué ».
    placement : tuple of (int, int) or None
        Bonnes réponses et questions du positionnement sur cet objectif ; None s’il n’a pas été rendu.
    planned : int
        Éléments prévus par le parcours, rendus ou non.
    needed : int
        Éléments à réussir, parmi ceux rendus, pour que l’objectif soit dit atteint.
    """

    objective_id: str
    assessed: int
    passed: int
    state: State
    placement: tuple[int, int] | None = None
    planned: int = 0
    needed: int = 0


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """Une réponse d’un stagiaire à une question.

    Parameters
    ----------
    learner : str
        Identifiant du stagiaire.
    quiz : str
        positionnement ou evaluation-finale.
    question_id : str
        Identifiant de la question dans la banque.
    chosen : tuple of int
        Rangs des options choisies, dans l’ordre de la page distribuée, à partir de 0 ; vide sans réponse.
    right : bool
        Vrai si toutes les options justes, et elles seules, sont choisies.
    """

    learner: str
    quiz: QuizName
    question_id: str
    chosen: tuple[int, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Bilan d’un stagiaire.

    Parameters
    ----------
    learner : str
        Identifiant.
    objectives : tuple of ObjectiveResult
        Un par objectif du parcours, dans son ordre.
    presence : dict of int to int, or None
        Minutes de présence par rang de demi-journée (`Slot.index`) ; une demi-journée absente du dictionnaire n’est
        pas renseignée ; None si rien ne l’est.
    attended_minutes : int
        Somme des minutes de présence connues.
    placement_score, final_score : tuple of (int, int) or None
        Bonnes réponses et questions posées ; None si le quiz n’a pas été rendu.
    course_points : tuple of (float, float) or None
        Points obtenus et points possibles des exercices rendus et corrigés ; None s’il n’y en a pas.
    did_nothing : bool
        Vrai si ni évaluation finale ni exercice n’a été rendu.
    """

    learner: str
    objectives: tuple[ObjectiveResult, ...] = ()
    presence: dict[int, int] | None = None
    attended_minutes: int = 0
    placement_score: tuple[int, int] | None = None
    final_score: tuple[int, int] | None = None
    course_points: tuple[float, float] | None = None
    did_nothing: bool = True
    waiting: tuple[str, ...] = field(default=())
    """Exercices rendus dont une partie attend encore une note."""


def is_trial(session: Session) -> bool:
    """Dit si la session a été jouée avec des stagiaires simulés.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    bool
    """
    return (session.root / TRIAL).is_file()


def rule(session: Session) -> str:
    """Dit comment « atteint » se calcule, pour l’attestation et le rapport.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    str
        Deux phrases.
    """
    from formation.letters import french
    from formation.pathways.checking import CRITERION

    found = CRITERION.search(session.pathway.objectifs[0].critere)
    example = f", par exemple {found[0]}" if found else ""
    return french(
        "Un objectif est dit atteint quand la part réussie de ce qui a été rendu sur cet objectif (questions de "
        f"l’évaluation finale et contrôles notés des exercices) vaut au moins celle de son critère{example}. Il est "
        "dit non évalué si rien n’a été rendu, ou moins de la moitié de ce qui était prévu."
    )


def compute(session: Session) -> dict[str, Outcome]:
    """Calcule le bilan de chaque stagiaire, d’après ce qui est noté dans le dossier de la session.

    Parameters
    ----------
    session : Session
        Session ; ses réponses ont été notées par `answers.note`.

    Returns
    -------
    dict of str to Outcome
        Par identifiant, dans l’ordre de la liste.

    Raises
    ------
    FormationError
        Si les réponses lues, les questions figées ou le carnet de notes ont été abîmés.
    """
    from formation.session.quizzes import QUIZZES, read_sheets
    from formation.session.recorded import read_answers

    answers = read_answers(session.root)
    marks: dict[QuizName, dict[str, dict[str, bool]]] = {name: {} for name in QUIZZES}
    for item in answers.items(read_sheets(session.root)):
        marks[item.quiz].setdefault(item.learner, {})[item.question_id] = item.right
    copies = graded_copies(session)
    return {
        one.id: _outcome(
            session,
            one.id,
            marks["positionnement"].get(one.id),
            marks["evaluation-finale"].get(one.id),
            copies.get(one.id, []),
            answers.presence.get(one.id),
        )
        for one in session.participants
    }


def graded_copies(session: Session) -> dict[str, list[CopyResult]]:
    """Copies corrigées du cours, par stagiaire.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    dict of str to list of CopyResult
        Vide si le parcours n’a pas d’exercice, ou si rien n’est corrigé. Une copie refusée n’y est pas.
    """
    from formation.classroom.course import CONFIG, Course
    from formation.classroom.results import read_results

    found: dict[str, list[CopyResult]] = {}
    if (session.course / CONFIG).is_file():
        for copy in read_results(Course(session.course)).copies:
            if copy.state in _GRADED:
                found.setdefault(copy.learner, []).append(copy)
    return found


def _outcome(
    session: Session,
    learner: str,
    placement: dict[str, bool] | None,
    final: dict[str, bool] | None,
    copies: list[CopyResult],
    presence: dict[int, int] | None,
) -> Outcome:
    checks = {
        f"{copy.exercise}/{name}": passed
        for copy in copies
        for name, passed in copy.controls.items()
        if name not in copy.waiting
    }
    points = (sum(copy.points for copy in copies), sum(copy.maximum for copy in copies)) if copies else None
    return Outcome(
        learner,
        tuple(_objective(session, one, placement, final, checks) for one in session.pathway.objectifs),
        presence,
        sum((presence or {}).values()),
        _score(placement),
        _score(final),
        points,
        final is None and not copies,
        tuple(copy.exercise for copy in copies if copy.waiting),
    )


def _score(marks: dict[str, bool] | None) -> tuple[int, int] | None:
    return None if marks is None else (sum(marks.values()), len(marks))


def _objective(
    session: Session,
    objective: Objective,
    placement: dict[str, bool] | None,
    final: dict[str, bool] | None,
    checks: dict[str, bool],
) -> ObjectiveResult:
    asked = set(session.pathway.evaluation_finale.questions)
    questions = [name for name in objective.questions if name in asked]
    planned = len(questions) + len(objective.controles)
    results = [final[name] for name in questions if name in final] if final else []
    results += [checks[name] for name in objective.controles if name in checks]
    before = [placement[name] for name in objective.questions if name in placement] if placement else []
    assessed, passed = len(results), sum(results)
    needed = required(assessed, expected_share(objective, session.pathway.evaluation_finale.seuil))
    state: State = "atteint" if passed >= needed else "non atteint"
    if not assessed or 2 * assessed < planned:
        state = "non évalué"
    return ObjectiveResult(
        objective.id, assessed, passed, state, (sum(before), len(before)) if before else None, planned, needed
    )


def expected_share(objective: Objective, threshold: float) -> float:
    """Part attendue pour un objectif : celle de son critère, ou le seuil du parcours s’il ne compte rien.

    Parameters
    ----------
    objective : Objective
        Objectif du parcours.
    threshold : float
        Seuil de l’évaluation finale, entre 0 et 1.

    Returns
    -------
    float
        Part, entre 0 et 1.

    Examples
    --------
    >>> from formation.pathways.model import Objective
    >>> expected_share(Objective(id="o-a", texte="Lire.", critere="4 preuves sur 5", questions=("eau-q01",)), 0.6)
    0.8
    """
    from formation.pathways.checking import CRITERION

    found = CRITERION.search(objective.critere)
    return int(found[1]) / int(found[3]) if found and int(found[3]) else threshold


def required(assessed: int, threshold: float) -> int:
    """Éléments à réussir parmi ceux rendus.

    Parameters
    ----------
    assessed : int
        Éléments rendus.
    threshold : float
        Part attendue, entre 0 et 1.

    Returns
    -------
    int
        Nombre entier, arrondi au-dessus.

    Examples
    --------
    >>> required(3, 0.6), required(2, 0.6), required(5, 0.6), required(0, 0.6)
    (2, 2, 3, 0)
    """
    # la marge évite que 0,6 × 5 = 3,0000000000000004 ne demande 4 éléments
    return math.ceil(assessed * threshold - 1e-9)
