"""Rapport du formateur : les questions et les contrôles, ce qu’ils distinguent, ce qui est à reprendre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from formation.numbers import number, percent, plural
from formation.session import scores
from formation.session.handout import passage
from formation.session.outcome import QuizName
from formation.session.quizzes import TITLES
from formation.session.report_parts import bullets, paragraph, table
from formation.session.satisfaction import MIN_GROUP

if TYPE_CHECKING:
    from formation.classroom.items import Item


def questions_part(every: Mapping[QuizName, Sequence[scores.QuestionStat]]) -> Iterator[str]:
    """Questions des deux quiz : difficulté, ce qu’elles distinguent, erreurs à reprendre.

    Parameters
    ----------
    every : mapping of str to sequence of QuestionStat
        Analyse, par quiz.

    Yields
    ------
    str
        Morceaux de page.
    """
    yield "<h2>Questions : difficulté et erreurs</h2>"
    small = True
    for name, stats in every.items():
        copies = max((one.copies for one in stats), default=0)
        if copies < MIN_GROUP:
            yield paragraph(f"{TITLES[name]} : {plural(copies, 'copie')}, moins de {MIN_GROUP} : non détaillé.")
            continue
        small = False
        rows = [[f"Q{rank} ({one.question.id})", *_stat_cells(one)] for rank, one in enumerate(stats, start=1)]
        header = ("Question", "Réussite", "Sans réponse", "Ce qu’elle dit", "Erreur la plus choisie")
        yield table(f"{TITLES[name]} : {plural(copies, 'copie')}", header, rows)
    if small:
        return
    yield paragraph(
        "« Distingue » : ceux qui réussissent la question réussissent aussi le reste du quiz (corrélation d’au moins "
        "0,3). À moins de 10 copies, le hasard l’emporte : rien n’est conclu. Une question ratée par beaucoup peut "
        "être mal posée autant que mal comprise.",
        "note",
    )
    final = [one for one in every["evaluation-finale"] if one.copies >= MIN_GROUP]
    again = scores.to_take_up(final)
    yield "<h3>À reprendre avec le groupe</h3>"
    if not again:
        yield paragraph("Aucune question de l’évaluation finale n’est ratée par plus d’une personne sur deux.")
    ranks = {one.question.id: rank for rank, one in enumerate(every["evaluation-finale"], start=1)}
    for one in again:
        told = f"{percent(one.success)} de réussite"
        yield f"<p><strong>Q{ranks[one.question.id]}. {one.question.html}</strong> {told}.</p>"
        yield bullets(_take_up(one))


def _stat_cells(one: scores.QuestionStat) -> list[str]:
    wrong = f"{one.wrong_letter} ({one.wrong_count})" if one.wrong is not None else "aucune"
    return [percent(one.success), number(one.blank), one.reading, wrong]


def _take_up(one: scores.QuestionStat) -> Iterator[str]:
    if one.wrong is not None:
        option = one.question.options[one.wrong]
        said = option.text.rstrip(" .")
        yield f"Erreur la plus choisie ({one.wrong_count} fois) : « {said} ». À répondre : {option.feedback}"
    if one.question.review:
        yield f"À relire : {passage(one.question.review)}."


def exercises_part(checks: Sequence[Item]) -> Iterator[str]:
    """Contrôles notés des exercices : réussite de chacun, et ceux à reprendre avec leurs erreurs.

    Parameters
    ----------
    checks : sequence of Item
        Contrôles d’au moins une copie.

    Yields
    ------
    str
        Morceaux de page ; rien sans contrôle.
    """
    if not checks:
        return
    from formation.classroom.items import to_reteach

    yield "<h2>Exercices : contrôles notés</h2>"
    if max(item.copies for item in checks) < MIN_GROUP:
        yield paragraph(f"Moins de {MIN_GROUP} copies : non détaillé ici ; voir les retours de cours/feedback.")
        return
    header = ("Contrôle", "Copies", "Réussite", "Sans réponse", "Ce qu’il dit")
    for notebook, items in groupby(checks, key=lambda item: item.notebook):
        yield table(f"Réussite de chaque contrôle : {notebook}", header, map(_check_cells, items))
    yield "<h3>Contrôles à reprendre avec le groupe</h3>"
    again = [item for item in to_reteach(checks) if item.copies >= MIN_GROUP]
    if not again:
        yield paragraph(f"Aucun contrôle d’au moins {MIN_GROUP} copies n’est raté par plus d’une copie sur deux.")
    for item in again:
        yield f"<p><strong>{escape(item.notebook)} · {escape(item.control)}</strong></p>"
        yield bullets(_check_points(item))


def _check_cells(item: Item) -> list[str]:
    from formation.classroom.items import MIN_COPIES

    reading = item.reading if item.copies >= MIN_COPIES else "trop peu de copies"
    return [item.control, str(item.copies), *_figures(item), reading]


def _figures(item: Item) -> list[str]:
    if item.copies < MIN_GROUP:
        return ["–", "–"]
    return [percent(item.success), percent(item.blank)]


def _check_points(item: Item) -> Iterator[str]:
    yield f"Réussite : {percent(item.success)} de {item.copies} copies ; sans réponse : {percent(item.blank)}."
    for text, count in item.wrong:
        yield f"Erreur vue {count} fois : {text}"
    if item.reread:
        yield f"À relire : paragraphe {item.reread.rstrip('. ')}"
