"""Rapport du formateur : présence, objectifs, progrès, questions à reprendre, satisfaction ; sans aucun nom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from formation.numbers import duration, long_day, number, percent, plural, points
from formation.session import satisfaction, scores
from formation.session.outcome import Outcome, QuizName, State, compute, is_trial, rule
from formation.session.quizzes import Sheet, read_sheets
from formation.session.recorded import Answers, read_answers
from formation.session.report_items import exercises_part, questions_part
from formation.session.report_parts import Bar, bullets, paragraph, stacked_bars, table

if TYPE_CHECKING:
    from formation.classroom.items import Item
    from formation.session.model import Session

STATES: tuple[State, ...] = ("atteint", "non atteint", "non évalué")
HIDDEN = "non détaillé"
TRIAL_NOTE = "ESSAI – stagiaires simulés : rien de ce qui suit ne décrit de vraies personnes."
_EFFECT = (
    "Un gain n’est pas un effet de la formation. Les deux quiz n’ont pas les mêmes questions, répondre une première "
    "fois entraîne, et personne n’a répondu aux deux quiz sans suivre la formation : sans groupe de comparaison, on ne "
    "sait pas ce qui revient à la formation."
)
_CSS = (
    "figure{margin:.8rem 0;max-width:44rem}figcaption{color:#4c5a68;font-size:.9rem}"
    ".essai{border:3px solid #c2500b;padding:.6rem .9rem;font-weight:bold}"
    ".phrases tbody th{width:44%;font-weight:normal}"
    "@page{margin:13mm 14mm 15mm}@media print{html{font-size:9.5pt;line-height:1.35}h2{margin:1rem 0 .3rem}"
    "h3{margin:.7rem 0 .2rem}p,ul{margin:.3rem 0}li{margin:.1rem 0}table{margin:.4rem 0 .6rem}"
    "td,th{padding:.14rem .4rem}figure{margin:.4rem 0;max-width:36rem}}"
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Tout ce dont le rapport parle.

    Parameters
    ----------
    outcomes : tuple of Outcome
        Bilans, dans l’ordre de la liste.
    sheets : mapping of str to Sheet
        Feuilles distribuées.
    stats : mapping of str to list of QuestionStat
        Analyse, par quiz.
    checks : list of Item
        Contrôles notés des exercices.
    satisfaction : Satisfaction
        Comptes des feuilles de satisfaction.
    """

    outcomes: tuple[Outcome, ...]
    sheets: Mapping[QuizName, Sheet]
    stats: Mapping[QuizName, list[scores.QuestionStat]]
    checks: list[Item]
    satisfaction: satisfaction.Satisfaction


def gather(session: Session, outcomes: Mapping[str, Outcome] | None = None) -> Gathered:
    """Réunit ce que la session a recueilli.

    Parameters
    ----------
    session : Session
        Session, réponses déjà notées.
    outcomes : mapping of str to Outcome, optional
        Bilans, s’ils sont déjà calculés.

    Returns
    -------
    Gathered

    Raises
    ------
    FormationError
        Si un fichier de la session a été abîmé.
    """
    found = outcomes if outcomes is not None else compute(session)
    answers: Answers = read_answers(session.root)
    sheets = read_sheets(session.root)
    items = list(answers.items(sheets))
    return Gathered(
        tuple(found.values()),
        sheets,
        {name: scores.analyse_quiz(sheet, items) for name, sheet in sheets.items()},
        _checks(session),
        satisfaction.summarise(answers.forms, len(session.participants), _named(session)),
    )


def _named(session: Session) -> Iterator[str]:
    """Ce qui désignerait quelqu’un dans une réponse libre : noms de famille et identifiants."""
    for one in session.participants:
        yield one.last
        yield one.id


def _checks(session: Session) -> list[Item]:
    from formation.classroom.course import CONFIG
    from formation.classroom.items import analyse
    from formation.classroom.marks import gradebook_url, read_marks

    root = session.course
    if not (root / CONFIG).is_file():
        return []
    url = gradebook_url(root)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return []
    from formation.classroom.grading.snapshot import read_assignments

    return [item for item in analyse(root, read_assignments(root, url), read_marks(url)) if item.copies]


def report_html(session: Session, found: Gathered) -> str:
    """Page du rapport.

    Parameters
    ----------
    session : Session
        Session.
    found : Gathered
        Résultat de `gather`.

    Returns
    -------
    str
        Page HTML autonome ; ni nom, ni identifiant, ni courriel.
    """
    from formation.letters import french
    from formation.printing.layout import page

    title = f"Rapport de session – {session.title}"
    body = "".join(_body(session, found))
    return page(title, french(body), css=_CSS)


def _body(session: Session, found: Gathered) -> Iterator[str]:
    yield f"<h1>Rapport de session</h1><p>{escape(session.title)}</p>"
    if is_trial(session):
        yield paragraph(TRIAL_NOTE, "essai")
    yield from _about(session)
    yield from _attendance(session, found)
    yield from _objectives(session, found)
    yield from _progress(session, found)
    yield from questions_part(found.stats)
    yield from exercises_part(found.checks)
    yield from _satisfaction(found.satisfaction)
    yield from _changes(session, found)


def _about(session: Session) -> Iterator[str]:
    days = ", ".join(dict.fromkeys(long_day(slot.date.isoformat()) for slot in session.slots))
    pathway = session.pathway.titre
    yield bullets(
        [
            *([] if pathway == session.title else [f"Parcours : {pathway}"]),
            f"Dates : {days}",
            f"Durée : {duration(session.training_min)}, {session.mode}",
            f"Organisme : {session.organisation or 'non renseigné'}",
        ]
    )
    yield paragraph("Ce rapport ne nomme personne. Les résultats nominatifs sont dans resultats.csv.", "note")


def _attendance(session: Session, found: Gathered) -> Iterator[str]:
    yield "<h2>Qui était là, qui a rendu quoi</h2>"
    total = len(found.outcomes)
    rows = []
    for slot in session.slots:
        known = [one.presence[slot.index] for one in found.outcomes if one.presence and slot.index in one.presence]
        there = sum(minutes > 0 for minutes in known)
        whole = sum(minutes >= slot.training_min for minutes in known)
        row = [there, whole, len(known) - there, total - len(known)]
        rows.append([f"{long_day(slot.date.isoformat())}, {slot.label}", *(number(count) for count in row)])
    header = ("Demi-journée", "Présents", "Dont tout le temps", "Absents", "Non renseigné")
    yield table(f"Présence, {plural(total, 'inscrit')}", header, rows)
    handed = {
        "positionnement": sum(one.placement_score is not None for one in found.outcomes),
        "évaluation finale": sum(one.final_score is not None for one in found.outcomes),
    }
    if session.pathway.exercises():
        handed["au moins un exercice"] = sum(one.course_points is not None for one in found.outcomes)
    nothing = sum(one.did_nothing for one in found.outcomes)
    yield bullets([*(f"Ont rendu : {name}, {count} sur {total}" for name, count in handed.items())])
    if nothing:
        yield paragraph(
            f"N’ont rien rendu à la fin : {nothing}. Leur attestation dit ce qui était évalué, pas un acquis."
        )


def _objectives(session: Session, found: Gathered) -> Iterator[str]:
    yield "<h2>Résultats par objectif</h2>"
    yield paragraph(rule(session))
    bars, rows = [], []
    for rank, objective in enumerate(session.pathway.objectifs, start=1):
        states = [one.objectives[rank - 1].state for one in found.outcomes]
        *counts, hidden = _shown([states.count(state) for state in STATES])
        bars.append(Bar(f"Objectif {rank}", (*counts, hidden)))
        cells = ["–", "–", number(counts[-1])] if hidden else [number(count) for count in counts]
        rows.append([f"{rank}. {objective.texte}", *cells, _share(counts, hidden)])
    names: tuple[str, ...] = (*STATES, HIDDEN)
    if not any(bar.counts[-1] for bar in bars):
        names, bars = STATES, [Bar(bar.label, bar.counts[:-1]) for bar in bars]
    yield stacked_bars("Stagiaires par résultat, pour chaque objectif", names, bars)
    yield paragraph(
        "L’intervalle dit ce que donnerait un autre groupe semblable : à douze personnes, une part se lit à vingt-cinq "
        "points près environ.",
        "note",
    )
    header = ("Objectif", "Atteint", "Non atteint", "Non évalué", "Part des évalués, et intervalle à 95 %")
    yield table("Résultats par objectif, en nombre de stagiaires", header, rows, "phrases")


def _shown(counts: list[int]) -> list[int]:
    """Atteint, non atteint, non évalué, puis ceux que l’on tait : un résultat de moins de cinq personnes désigne."""
    reached, missed, unassessed = counts
    if 0 < reached + missed < satisfaction.MIN_GROUP:
        return [0, 0, unassessed, reached + missed]
    return [*counts, 0]


def _share(counts: list[int], hidden: int) -> str:
    from formation.metrics.intervals import share_interval

    reached, missed, _ = counts
    assessed = reached + missed
    if hidden:
        return f"moins de {satisfaction.MIN_GROUP} évalués : non détaillé"
    if not assessed:
        return "personne n’est évalué"
    low, high = share_interval(reached, assessed)
    return f"{percent(reached / assessed)}, entre {percent(low)} et {percent(high)}"


def _progress(session: Session, found: Gathered) -> Iterator[str]:
    yield "<h2>Du positionnement à l’évaluation finale</h2>"
    whole = scores.overall(found.outcomes)
    if not whole.pairs:
        yield paragraph("Personne n’a rendu à la fois le positionnement et l’évaluation finale : rien à comparer.")
        return
    parts = scores.by_objective(found.outcomes)
    rows = [["Ensemble des deux quiz", *_progress_cells(whole)]]
    for rank, objective in enumerate(session.pathway.objectifs, start=1):
        rows.append([f"Objectif {rank}", *_progress_cells(parts.get(objective.id, scores.Progress(0)))])
    header = ("Ce qu’on compare", "Stagiaires", "À l’entrée", "À la fin", "Écart et intervalle à 95 %")
    yield table("Part moyenne de réussite, pour ceux qui ont été évalués deux fois", header, rows)
    if whole.pairs >= scores.MIN_PAIRS:
        yield paragraph(f"Ont une part plus haute à la fin : {whole.up} ; plus basse : {whole.down}.")
    yield paragraph(
        "Par objectif, chaque quiz n’a qu’une à quelques questions : l’intervalle est large, et deux objectifs ne se "
        "comparent guère entre eux.",
        "note",
    )
    yield paragraph(_EFFECT, "encadre")


def _progress_cells(one: scores.Progress) -> list[str]:
    if one.pairs < scores.MIN_PAIRS:
        return [number(one.pairs), "–", "–", f"moins de {scores.MIN_PAIRS} : non détaillé"]
    low, high = one.low or 0.0, one.high or 0.0
    return [
        number(one.pairs),
        percent(one.before),
        percent(one.after),
        f"{points(one.gap)}, entre {number(100 * low)} et {number(100 * high)}",
    ]


def _satisfaction(found: satisfaction.Satisfaction) -> Iterator[str]:
    yield "<h2>Satisfaction</h2>"
    yield paragraph(f"Feuilles rendues : {found.forms} pour {plural(found.invited, 'inscrit')}. Elles sont anonymes.")
    if not found.detailed:
        yield paragraph(f"Moins de {satisfaction.MIN_GROUP} feuilles : les réponses ne sont pas détaillées.")
        return
    rows = [
        [one.text, *(number(count) for count in one.counts), number(one.no_opinion), one.median or "–"]
        for one in found.figures
    ]
    words = [word.capitalize() for word in satisfaction.WORDS]
    header = ("Affirmation", *words, "Sans avis", "Réponse médiane")
    yield table(f"Réponses des {found.forms} feuilles, en nombre", header, rows, "phrases")
    yield paragraph(
        "Pas de moyenne : un mot n’est pas une note. Une satisfaction haute ne dit pas ce qui a été appris.", "note"
    )
    for name, text in satisfaction.OPEN.items():
        given = Counter((found.comments or {}).get(name, ()))
        yield f"<h3>{escape(text)}</h3>"
        said = [f"{comment} ({count} fois)" if count > 1 else comment for comment, count in given.items()]
        yield bullets(said) if said else paragraph("Aucune réponse.")


def _changes(session: Session, found: Gathered) -> Iterator[str]:
    yield "<h2>Ce que je change la prochaine fois</h2>"
    yield bullets([*_leads(session, found)] or ["Rien dans ces chiffres ne l’impose. Voir les réponses libres."])
    yield paragraph("À compléter par le formateur :")
    yield '<p class="ligne"></p>' * 3


def _unassessed(found: Gathered) -> str:
    """Ce qui a manqué : l’évaluation finale, ou les copies des exercices si elle a été rendue."""
    handed = sum(one.final_score is not None for one in found.outcomes)
    if 2 * handed > len(found.outcomes):
        return "rassembler les copies des exercices, ou en prévoir moins"
    return "garder le temps de l’évaluation finale"


def _leads(session: Session, found: Gathered) -> Iterator[str]:
    for rank, objective in enumerate(session.pathway.objectifs, start=1):
        states = [one.objectives[rank - 1].state for one in found.outcomes]
        assessed = len(states) - states.count("non évalué")
        if assessed >= satisfaction.MIN_GROUP and 2 * states.count("atteint") < assessed:
            aimed = [one for one in session.pathway.sequences() if objective.id in one.vise]
            # l’ouverture et l’évaluation visent tous les objectifs sans rien enseigner
            taught = [one.titre for one in aimed if one.diapos or one.exercices] or [one.titre for one in aimed]
            yield f"Objectif {rank}, atteint par moins d’un évalué sur deux. Séquences à revoir : {', '.join(taught)}."
        if 2 * states.count("non évalué") > len(states):
            yield f"Objectif {rank}, non évalué pour la plupart : {_unassessed(found)}."
    for one in found.satisfaction.figures:
        if one.answered and 2 * (one.counts[0] + one.counts[1]) >= one.answered:
            yield f"« {one.text} » : désaccord d’au moins une réponse sur deux."
