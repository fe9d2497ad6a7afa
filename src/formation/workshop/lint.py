"""Défauts qu’une grille peut avoir alors que sa forme est juste : renvoi sans objet, règle sans issue, note fausse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from formation.workshop.conditions import Condition
from formation.workshop.grid import Grid, Note, Question

_CLOSED = ("choix", "oui_non")


def defects(grid: Grid) -> list[str]:
    """Tous les défauts d’une grille.

    Parameters
    ----------
    grid : Grid
        Grille dont la forme est juste.

    Returns
    -------
    list of str
        Un défaut par élément, en français, le lieu d’abord ; vide si la grille est saine.
    """
    return [
        *_repeated(grid),
        *_question_conditions(grid),
        *_rules(grid),
        *(problem for note in grid.notes for problem in _note(note, grid)),
        *_without_effect(grid),
    ]


def _repeated(grid: Grid) -> Iterator[str]:
    kinds = {
        "question": [question.id for stage in grid.etapes for question in stage.questions],
        "note": [note.id for note in grid.notes],
        "thème": [theme.id for theme in grid.themes],
        "règle": [rule.id for rule in grid.regles],
    }
    for kind, names in kinds.items():
        yield from (f"{kind} « {name} » : identifiant employé {n} fois" for name, n in Counter(names).items() if n > 1)
    for question in grid.questions.values():
        for name, n in Counter(question.option_ids).items():
            if n > 1:
                yield f"question « {question.id} » : option « {name} » employée {n} fois"


def _question_conditions(grid: Grid) -> Iterator[str]:
    before: dict[str, Question] = {}
    for question in grid.questions.values():
        where = f"question « {question.id} », si"
        for part in question.si.walk() if question.si else ():
            if part.regle or part.theme or part.note:
                yield f"{where} : une question ne dépend que de réponses, pas d’une règle, d’un thème ou d’une note"
            else:
                yield from _reference(part, where, before, grid, "question placée avant")
        if question.si is not None:
            yield from _impossible(question.si, where)
        before[question.id] = question


def _rules(grid: Grid) -> Iterator[str]:
    rules: list[str] = []
    themes: set[str] = set()
    closed: dict[str, str] = {}
    unique = {theme.id for theme in grid.themes if theme.unique}
    known = {theme.id for theme in grid.themes}
    for rule in grid.regles:
        where = f"règle « {rule.id} »"
        if rule.theme not in known:
            yield f"{where} : le thème « {rule.theme} » n’existe pas.{_near(rule.theme, known)}"
        if rule.theme in closed:
            yield (
                f"{where} : jamais retenue, car « {closed[rule.theme]} », toujours vraie, la précède dans un thème "
                "unique"
            )
        for part in rule.si.walk() if rule.si else ():
            if part.regle is not None and part.regle not in rules:
                yield f"{where}, si : « {part.regle} » n’est pas une règle placée avant.{_near(part.regle, rules)}"
            if part.theme is not None and part.theme not in themes:
                yield f"{where}, si : aucune règle placée avant n’est dans le thème « {part.theme} »"
            if part.note is not None:
                yield from _note_reference(part, where, grid)
            yield from _reference(part, f"{where}, si", grid.questions, grid, "question")
        if rule.si is not None:
            yield from _impossible(rule.si, f"{where}, si")
        elif rule.theme in unique:
            closed.setdefault(rule.theme, rule.id)
        rules.append(rule.id)
        themes.add(rule.theme)
    for theme in grid.themes:
        if theme.id not in themes and theme.defaut is None:
            yield f"thème « {theme.id} » : ni règle ni « defaut », il ne dira jamais rien"


def _note_reference(part: Condition, where: str, grid: Grid) -> Iterator[str]:
    notes = {note.id: note for note in grid.notes}
    if part.note not in notes:
        yield f"{where}, si : la note « {part.note} » n’existe pas.{_near(part.note or '', notes)}"
        return
    limit = part.au_moins if part.au_moins is not None else part.moins_de
    if limit is not None and limit > notes[part.note].sur:
        yield f"{where}, si : la note « {part.note} » va jusqu’à {notes[part.note].sur}, pas {limit:g}"


def _reference(part: Condition, where: str, questions: dict[str, Question], grid: Grid, noun: str) -> Iterator[str]:
    name = part.question or part.repondu
    if name is None:
        return
    if name not in questions:
        place = "" if name not in grid.questions else f" (« {name} » vient après)"
        yield f"{where} : « {name} » n’est pas une {noun}{place}.{_near(name, questions)}"
        return
    question = questions[name]
    cited = [*([part.est] if part.est else []), *(part.parmi or []), *([part.contient] if part.contient else [])]
    for option in cited:
        if option not in question.option_ids:
            yield (
                f"{where} : « {option} » n’est pas une réponse de « {name} ». Réponses : "
                f"{', '.join(question.option_ids) or 'aucune option'}.{_near(option, question.option_ids)}"
            )
    expected = {"est": _CLOSED, "parmi": _CLOSED, "contient": ("multiple",)}
    expected |= dict.fromkeys(("au_moins", "moins_de"), ("nombre", "multiple"))
    for test, kinds in expected.items():
        if getattr(part, test) is not None and question.type not in kinds:
            yield f"{where} : « {test} » ne va pas avec « {name} », de type « {question.type} »"
    if question.type == "texte":
        yield f"{where} : « {name} » est un texte libre, aucune condition ne le lit"


def _impossible(condition: Condition, where: str) -> Iterator[str]:
    """Contradictions visibles : deux réponses différentes exigées d’une même question à choix unique."""
    for part in condition.walk():
        wanted: dict[str, set[str]] = {}
        for child in part.tous or ():
            if child.question is not None and (child.est or child.parmi):
                accepted = {child.est} if child.est else set(child.parmi or ())
                known = wanted.setdefault(child.question, {str(name) for name in accepted})
                known &= accepted
        for name, options in wanted.items():
            if not options:
                yield f"{where} : jamais vraie, « tous » demande à « {name} » deux réponses qui s’excluent"


def _note(note: Note, grid: Grid) -> Iterator[str]:
    where = f"note « {note.id} »"
    best = 0
    for name, points in note.points.items():
        question = grid.questions.get(name)
        if question is None or question.type in ("nombre", "texte"):
            yield f"{where} : « {name} » n’est pas une question à réponses proposées.{_near(name, grid.questions)}"
            continue
        for option in points:
            if option not in question.option_ids:
                yield f"{where} : « {option} » n’est pas une réponse de « {name} ».{_near(option, question.option_ids)}"
        positive = [max(0, value) for value in points.values()]
        best += sum(positive) if question.type == "multiple" else max(positive, default=0)
    if best != note.sur:
        yield f"{where} : « sur » vaut {note.sur}, le meilleur total possible est {best}"
    starts = [level.a_partir_de for level in note.niveaux]
    if starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] > note.sur:
        yield f"{where} : les niveaux commencent à 0 et montent jusqu’à {note.sur} au plus ; lu : {starts}"


def _without_effect(grid: Grid) -> Iterator[str]:
    conditions = [question.si for question in grid.questions.values()] + [rule.si for rule in grid.regles]
    used = {part.question or part.repondu for top in conditions if top for part in top.walk()}
    used |= {name for note in grid.notes for name in note.points}
    for question in grid.questions.values():
        if question.type != "texte" and question.id not in used:
            yield f"question « {question.id} » : aucune règle, note ou condition ne s’en sert ; retirez-la"


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f" Vouliez-vous dire « {close[0]} » ?" if close else ""
