"""Réponses au hasard : elles éprouvent une grille, et comparent la lecture d’ici à celle de la page."""

from __future__ import annotations

import random
from typing import Any

from formation.workshop.answers import check, exclusive, visible
from formation.workshop.conditions import Answer, Condition, State, holds
from formation.workshop.evaluation import fired
from formation.workshop.grid import Grid, Note, Question

SKIPPED = 0.12
"""Part des questions laissées sans réponse."""


def random_answers(grid: Grid, rng: random.Random) -> dict[str, Answer]:
    """Réponses au hasard, acceptées par la grille.

    Parameters
    ----------
    grid : Grid
        Grille.
    rng : Random
        Source de hasard, pour pouvoir recommencer.

    Returns
    -------
    dict
        Réponses aux questions visibles.

    Examples
    --------
    >>> from formation.workshop import load
    >>> first, again = (random_answers(load("besoin"), random.Random(7)) for _ in range(2))
    >>> first == again
    True
    """
    drawn = {q.id: _draw(q, grid, rng) for q in grid.questions.values() if rng.random() > SKIPPED}
    return visible(grid, drawn)[1]


def reach(grid: Grid, rule: str, rng: random.Random, tries: int = 400) -> dict[str, Answer] | None:
    """Cherche des réponses qui font retenir une règle.

    Parameters
    ----------
    grid : Grid
        Grille.
    rule : str
        Règle à atteindre.
    rng : Random
        Source de hasard.
    tries : int
        Essais.

    Returns
    -------
    dict or None
        Réponses ; `None` si aucun essai n’aboutit : la règle ne sert sans doute à rien.
    """
    rank, wanted = next((rank, found) for rank, found in enumerate(grid.regles) if found.id == rule)
    unique = {theme.id for theme in grid.themes if theme.unique}
    rivals = [found for found in grid.regles[:rank] if found.theme == wanted.theme and found.theme in unique]
    for _ in range(tries):
        answers: dict[str, Any] = dict(random_answers(grid, rng))
        for _ in range(2):  # une réponse imposée peut en masquer une autre : deux passages suffisent
            for before in rivals:
                if before.si is not None and rng.random() < 0.7:
                    _aim(before.si, False, grid, answers, rng)
            if wanted.si is not None:
                _aim(wanted.si, True, grid, answers, rng)
        accepted = check(grid, answers)[0]
        if rule in fired(grid, accepted):
            return visible(grid, accepted)[1]
    return None


def _draw(question: Question, grid: Grid, rng: random.Random) -> Answer:
    if question.type == "texte":
        return rng.choice(["Projet d’essai", '<b>gras</b> & "guillemets"', "1 + 1 = 2\nseconde ligne"])
    if question.type == "nombre":
        return rng.choice([*_marks(question, grid), _uniform(question, rng)])
    if question.type == "multiple":
        free = [option.id for option in question.options if not option.exclusif]
        alone = [option.id for option in question.options if option.exclusif]
        if not free or (alone and rng.random() < 1 / (1 + len(free))):
            return [rng.choice(alone or free)]
        chosen = set(rng.sample(free, rng.randint(1, len(free))))
        return [name for name in question.option_ids if name in chosen]
    return rng.choice(question.option_ids)


def _marks(question: Question, grid: Grid) -> list[float]:
    """Valeurs de part et d’autre de chaque seuil : c’est là que deux lectures pourraient différer."""
    conditions = [q.si for q in grid.questions.values()] + [rule.si for rule in grid.regles]
    parts = [part for top in conditions if top for part in top.walk() if part.question == question.id]
    limits = [float(x) for part in parts for x in (part.au_moins, part.moins_de) if x is not None]
    values = [value for limit in limits for value in (limit - 1, limit, limit + 1)]
    kept = [_bounded(question, value) for value in values]
    return kept or [_bounded(question, 0.0)]


def _uniform(question: Question, rng: random.Random) -> float:
    low = question.minimum if question.minimum is not None else 0.0
    high = question.maximum if question.maximum is not None else low + 1000
    value = rng.uniform(low, high)
    return round(value, 2) if question.decimales else float(round(value))


def _bounded(question: Question, value: float) -> float:
    low = question.minimum if question.minimum is not None else value
    high = question.maximum if question.maximum is not None else value
    bounded = min(max(value, low), high)
    return bounded if question.decimales else float(round(bounded))


def _aim(condition: Condition, wanted: bool, grid: Grid, answers: dict[str, Any], rng: random.Random) -> None:
    """Change les réponses pour rendre une condition vraie, ou fausse, autant que possible."""
    if condition.children:
        every = wanted if condition.tous else not wanted if condition.un_de else wanted
        inner = wanted if not condition.aucun_de else not wanted
        for child in condition.children if every else [rng.choice(condition.children)]:
            _aim(child, inner, grid, answers, rng)
    elif condition.regle is not None or condition.theme is not None:
        if not wanted and rng.random() < 0.5:  # une règle d’un thème unique se tait aussi quand une autre parle avant
            return
        rules = [r for r in grid.regles if r.id == condition.regle or r.theme == condition.theme]
        for rule in [rng.choice(rules)] if wanted else rules:
            if rule.si is not None:
                _aim(rule.si, wanted, grid, answers, rng)
    elif condition.note is not None:
        _aim_note(next(note for note in grid.notes if note.id == condition.note), grid, answers, rng)
    else:
        _aim_question(condition, wanted, grid, answers, rng)


def _aim_question(condition: Condition, wanted: bool, grid: Grid, answers: dict[str, Any], rng: random.Random) -> None:
    """Tire des réponses à la question jusqu’à ce que la condition soit comme on la veut."""
    name = condition.question or condition.repondu or ""
    question = grid.questions[name]
    if wanted and question.si is not None:
        _aim(question.si, True, grid, answers, rng)
    others = exclusive(grid)
    if condition.contient is not None and wanted and not _exclusive(question, condition.contient):
        held = [n for n in answers.get(name) or [] if n != condition.contient and not _exclusive(question, n)]
        answers[name] = [*held, condition.contient]
        return
    for _ in range(20):
        if holds(condition, State(answers, others)) is wanted:
            return
        answers[name] = _draw(question, grid, rng)


def _aim_note(note: Note, grid: Grid, answers: dict[str, Any], rng: random.Random) -> None:
    """Donne leur meilleure réponse à quelques questions, la moindre aux autres : tous les totaux viennent."""
    high = set(rng.sample(list(note.points), rng.randint(0, len(note.points))))
    for name, points in note.points.items():
        question = grid.questions[name]
        free = [option for option in question.option_ids if not _exclusive(question, option)]
        if free:
            best = max(free, key=lambda option: points.get(option, 0) * (1 if name in high else -1))
            answers[name] = [best] if question.type == "multiple" else best


def _exclusive(question: Question, name: str) -> bool:
    return any(option.id == name and option.exclusif for option in question.options)
