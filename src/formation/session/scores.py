"""Ce que disent les quiz d’un groupe : progrès du positionnement à la fin, et analyse question par question."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from formation.session.outcome import ItemAnswer, Outcome, QuizName
from formation.session.quizzes import LETTERS, Sheet, SheetQuestion

MIN_PAIRS = 5
"""Au-dessous de cinq personnes ayant répondu aux deux quiz, aucun intervalle : il couvrirait presque tout."""
LEVEL = 0.95
HARD = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """Écart entre l’évaluation finale et le positionnement, pour ceux qui ont rendu les deux.

    Parameters
    ----------
    pairs : int
        Stagiaires qui ont rendu les deux.
    before, after : float
        Part moyenne de bonnes réponses, entre 0 et 1 ; 0 sans paire.
    low, high : float or None
        Bornes à 95 % de l’écart moyen (Student, données appariées) ; None à moins de cinq paires.
    up, down : int
        Stagiaires dont la part monte, ou baisse.
    """

    pairs: int
    before: float = 0.0
    after: float = 0.0
    low: float | None = None
    high: float | None = None
    up: int = 0
    down: int = 0

    @property
    def gap(self) -> float:
        """Écart moyen, entre -1 et 1."""
        return self.after - self.before


def progress(pairs: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Progress:
    """Mesure un écart entre deux quiz.

    Parameters
    ----------
    pairs : sequence of ((int, int), (int, int))
        Par stagiaire : bonnes réponses et questions, au positionnement puis à la fin.

    Returns
    -------
    Progress

    Examples
    --------
    >>> progress([((1, 4), (3, 4))] * 3).gap
    0.5
    >>> progress([]).pairs
    0
    """
    shares = [(right / asked, done / given) for (right, asked), (done, given) in pairs if asked and given]
    if not shares:
        return Progress(0)
    gaps = [after - before for before, after in shares]
    low = high = None
    if len(gaps) >= MIN_PAIRS:
        half = _student(len(gaps) - 1) * statistics.stdev(gaps) / len(gaps) ** 0.5
        middle = statistics.fmean(gaps)
        low, high = max(-1.0, middle - half), min(1.0, middle + half)
    return Progress(
        len(gaps),
        statistics.fmean(before for before, _ in shares),
        statistics.fmean(after for _, after in shares),
        low,
        high,
        sum(gap > 0 for gap in gaps),
        sum(gap < 0 for gap in gaps),
    )


def _student(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + LEVEL) / 2))


def overall(outcomes: Iterable[Outcome]) -> Progress:
    """Progrès d’ensemble, d’un quiz à l’autre.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Bilans.

    Returns
    -------
    Progress
    """
    return progress(
        [(one.placement_score, one.final_score) for one in outcomes if one.placement_score and one.final_score]
    )


def by_objective(outcomes: Sequence[Outcome]) -> dict[str, Progress]:
    """Progrès par objectif, pour ceux qui ont été évalués à l’entrée et à la fin.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Bilans.

    Returns
    -------
    dict of str to Progress
        Par identifiant d’objectif.
    """
    pairs: dict[str, list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    for one in outcomes:
        for result in one.objectives:
            found = pairs.setdefault(result.objective_id, [])
            if result.placement and result.assessed:
                found.append((result.placement, (result.passed, result.assessed)))
    return {name: progress(found) for name, found in pairs.items()}


@dataclass(frozen=True, slots=True)
class QuestionStat:
    """Une question vue sur tout le groupe.

    Parameters
    ----------
    quiz : str
        positionnement ou evaluation-finale.
    question : SheetQuestion
        Question distribuée.
    copies : int
        Stagiaires qui ont rendu le quiz.
    right, blank : int
        Bonnes réponses ; sans réponse.
    discrimination : float or None
        Corrélation avec le reste du quiz ; None à moins de dix copies, ou sans variation.
    reading : str
        Ce qu’elle dit, en mots.
    wrong : int or None
        Rang de l’option fausse la plus choisie ; None si personne n’en a choisi.
    wrong_count : int
        Nombre de stagiaires qui l’ont choisie.
    """

    quiz: QuizName
    question: SheetQuestion
    copies: int
    right: int
    blank: int
    discrimination: float | None
    reading: str
    wrong: int | None = None
    wrong_count: int = 0

    @property
    def success(self) -> float:
        """Part de bonnes réponses, entre 0 et 1."""
        return self.right / self.copies if self.copies else 0.0

    @property
    def wrong_letter(self) -> str:
        """Lettre de l’option fausse la plus choisie."""
        return "" if self.wrong is None else LETTERS[self.wrong]


def analyse_quiz(sheet: Sheet, items: Iterable[ItemAnswer]) -> list[QuestionStat]:
    """Analyse chaque question d’un quiz.

    Parameters
    ----------
    sheet : Sheet
        Feuille distribuée.
    items : iterable of ItemAnswer
        Réponses jugées ; celles d’un autre quiz sont laissées.

    Returns
    -------
    list of QuestionStat
        Dans l’ordre de la feuille.
    """
    by_question: dict[str, list[ItemAnswer]] = {}
    totals: Counter[str] = Counter()
    for item in items:
        if item.quiz == sheet.quiz:
            by_question.setdefault(item.question_id, []).append(item)
            totals[item.learner] += item.right
    return [_stat(sheet.quiz, one, by_question.get(one.id, []), totals) for one in sheet.questions]


def _stat(
    quiz: QuizName, question: SheetQuestion, items: Sequence[ItemAnswer], totals: Mapping[str, int]
) -> QuestionStat:
    from formation.classroom.items import discrimination, reading

    passed = [item.right for item in items]
    value = discrimination(passed, [totals[item.learner] - item.right for item in items])
    wrong = Counter(rank for item in items for rank in item.chosen if not question.options[rank].right)
    rank, count = min(wrong.items(), key=lambda pair: (-pair[1], pair[0])) if wrong else (None, 0)
    return QuestionStat(
        quiz,
        question,
        len(items),
        sum(passed),
        sum(not item.chosen for item in items),
        value,
        reading(len(items), sum(passed) / len(items), value) if items else "aucune réponse",
        rank,
        count,
    )


def to_take_up(stats: Iterable[QuestionStat]) -> list[QuestionStat]:
    """Questions ratées par plus d’une personne sur deux, la plus ratée d’abord.

    Parameters
    ----------
    stats : iterable of QuestionStat
        Analyse.

    Returns
    -------
    list of QuestionStat
    """
    return sorted((one for one in stats if one.copies and one.success < HARD), key=lambda one: one.success)
