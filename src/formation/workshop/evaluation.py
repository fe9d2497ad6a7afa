"""Lecture d’une grille : des réponses à la fiche. La page du livre fait la même lecture (`outil.js`)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from formation.numbers import shortest
from formation.workshop.answers import ReponsesInvalides, check, exclusive, visible
from formation.workshop.conditions import UNKNOWN, Answer, State, holds
from formation.workshop.grid import SEVERITIES, Grid, Note, Question, Rule, Saying, Severity
from formation.workshop.sheet import Conclusion, Score, Sheet, SheetSection, Step, Unknown
from formation.workshop.sources import described


def evaluate(grid: Grid, answers: Mapping[str, Any], *, on: date | None = None) -> Sheet:
    """Établit la fiche d’un outil.

    Parameters
    ----------
    grid : Grid
        Grille, rendue par :func:`formation.workshop.load`.
    answers : mapping
        Réponse par identifiant de question : identifiant d’option, liste d’identifiants, nombre ou texte. Une
        question sans réponse est permise : la fiche la range dans « À éclaircir ».
    on : date, optional
        Jour de la fiche ; aujourd’hui par défaut. Les échéances « dans n mois » en partent.

    Returns
    -------
    Sheet
        Fiche.

    Raises
    ------
    ReponsesInvalides
        Si une réponse ne va pas avec la grille ; tout est dit d’un coup.

    Examples
    --------
    >>> from formation.workshop import load
    >>> evaluate(load("besoin"), {}).tool
    'besoin'
    """
    accepted, problems = check(grid, answers)
    if problems:
        raise ReponsesInvalides("vos réponses", problems)
    asked, counted = visible(grid, accepted)
    scores = [_score(note, asked, counted) for note in grid.notes]
    kept = _fire(grid, _state(grid, counted, scores))
    day = on or date.today()  # noqa: DTZ011 — le jour du lecteur, là où il est
    sections = _sections(grid, kept)
    keys = dict.fromkeys(key for section in sections for one in section.conclusions for key in one.sources)
    return Sheet(
        tool=grid.outil,
        title=grid.titre,
        question=grid.question,
        version=grid.version,
        warning=grid.avertissement,
        name=_name(grid, counted),
        facts_date=grid.date_des_faits,
        on=day,
        rules=tuple(rule.id for rule in kept),
        sections=sections,
        scores=tuple(scores),
        steps=_steps(kept, day),
        unknowns=_unknowns(asked, counted),
        answers=tuple((q.texte, written(q, counted[q.id])) for q in asked if q.id in counted),
        sources=described(keys),
    )


def _name(grid: Grid, answers: Mapping[str, Answer]) -> str:
    """Nom du projet ou de la collectivité : une grille qui le demande l’appelle `nom`."""
    question = grid.questions.get("nom")
    return str(answers.get("nom", "")) if question is not None and question.type == "texte" else ""


def fired(grid: Grid, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Règles retenues, sans le reste de la fiche.

    Parameters
    ----------
    grid : Grid
        Grille.
    answers : mapping
        Réponses déjà vérifiées.

    Returns
    -------
    tuple of str
        Identifiants, dans l’ordre de la grille.
    """
    asked, counted = visible(grid, answers)
    scores = [_score(note, asked, counted) for note in grid.notes]
    return tuple(rule.id for rule in _fire(grid, _state(grid, counted, scores)))


def _state(grid: Grid, answers: Mapping[str, Answer], scores: list[Score]) -> State:
    known = {score.id: score.total for score in scores if score.known}
    return State(answers, exclusive(grid), known)


def _fire(grid: Grid, state: State) -> list[Rule]:
    unique = {theme.id for theme in grid.themes if theme.unique}
    kept = []
    for rule in grid.regles:
        if rule.theme in unique and rule.theme in state.themes:
            continue
        if holds(rule.si, state):
            kept.append(rule)
            state.rules.add(rule.id)
            state.themes.add(rule.theme)
    return kept


def _sections(grid: Grid, kept: list[Rule]) -> tuple[SheetSection, ...]:
    sections = []
    for theme in grid.themes:
        found = [_said(rule, rule) for rule in kept if rule.theme == theme.id]
        if not found and theme.defaut is not None:
            found = [_said(theme.defaut)]
        if found:
            sections.append(SheetSection(theme.id, theme.titre, tuple(found)))
    return tuple(sections)


def _said(saying: Saying, rule: Rule | None = None) -> Conclusion:
    return Conclusion(
        rule=rule.id if rule else "",
        conclusion=saying.conclusion,
        explanation=saying.explication,
        articles=tuple(saying.articles),
        sources=tuple(saying.sources),
        due=rule.echeance if rule else None,
        severity=rule.gravite if rule else "information",
    )


def _known(value: Answer | None) -> bool:
    return value is not None and value not in (UNKNOWN, [UNKNOWN])


def _score(note: Note, asked: list[Question], answers: Mapping[str, Answer]) -> Score:
    total = known = count = 0
    for question in asked:
        points = note.points.get(question.id)
        if points is None:
            continue
        count += 1
        value = answers.get(question.id)
        known += _known(value)
        chosen = value if isinstance(value, list) else [value]
        total += sum(points.get(str(name), 0) for name in chosen)
    return Score(note.id, note.titre, total, note.sur, note.level(total), known, count)


def _steps(kept: list[Rule], day: date) -> tuple[Step, ...]:
    found: list[Step] = []
    for rule in kept:
        for task in rule.a_faire:
            due = add_months(day, task.dans_mois) if task.dans_mois else task.echeance or rule.echeance
            found.append(Step(task.texte, due, task.qui, rule.gravite, rule.id))
    unique: dict[str, Step] = {}
    for step in sorted(found, key=_order):
        unique.setdefault(step.text, step)
    return tuple(unique.values())


def _order(step: Step) -> tuple[int, str, int]:
    """Sans date et bloquant d’abord, puis par date, puis le reste par gravité ; l’ordre de la grille départage."""
    rank = SEVERITIES.index(step.severity)
    if step.due is not None:
        return 1, step.due.isoformat(), rank
    blocking: Severity = "bloquant"
    return (0, "", rank) if step.severity == blocking else (2, "", rank)


def _unknowns(asked: list[Question], answers: Mapping[str, Answer]) -> tuple[Unknown, ...]:
    return tuple(
        Unknown(question.id, question.texte, question.si_inconnu)
        for question in asked
        if not question.facultatif and not _known(answers.get(question.id))
    )


def written(question: Question, value: Answer) -> str:
    """Réponse écrite en français.

    Parameters
    ----------
    question : Question
        Question.
    value : str, float or list of str
        Réponse rangée.

    Returns
    -------
    str
        Texte.
    """
    if isinstance(value, list):
        return " ; ".join(question.option_text(name) for name in value)
    if isinstance(value, str):
        return value if question.type == "texte" else question.option_text(value)
    return shortest(value, grouped=True) + (f"\u00a0{question.unite}" if question.unite else "")


def add_months(day: date, months: int) -> date:
    """Jour situé quelques mois plus tard ; le 31 devient le dernier jour d’un mois court.

    Parameters
    ----------
    day : date
        Jour de départ.
    months : int
        Nombre de mois.

    Returns
    -------
    date
        Jour d’arrivée.

    Examples
    --------
    >>> add_months(date(2026, 11, 30), 3).isoformat()
    '2027-02-28'
    """
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
