"""Vérifier un parcours : durées, prérequis, objectifs, évaluations, et tout ce qu’il cite."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from formation.numbers import percent, plural
from formation.pathways.model import MINUTES_PER_HOUR, HalfDay, Objective, Pathway, Pause

LONGEST_STRETCH = 120
"""Minutes de travail d’affilée, sans pause, qu’un groupe supporte."""
_VAGUE = re.compile(
    r"(?:^|[,:] )(comprendre|connaître|savoir|appréhender|découvrir|maîtriser|s’initier|se familiariser|"
    r"être sensibilisé|prendre conscience|s’approprier|avoir une idée)\b",
    re.IGNORECASE,
)
CRITERION = re.compile(r"(\d+)\s+(questions?|contrôles?|preuves?)\s+sur\s+(\d+)")


@dataclass(frozen=True)
class Problem:
    """Un défaut d’un parcours.

    Parameters
    ----------
    where : str
        Lieu, tel que le formateur le lit : « séquence s-eau », « évaluation finale ».
    text : str
        Ce qui ne va pas, ce qui est attendu, quoi faire.
    """

    where: str
    text: str


def check(pathway: Pathway, root: Path | None = None) -> list[Problem]:
    """Vérifie tout ce qu’un parcours annonce.

    Parameters
    ----------
    pathway : Pathway
        Parcours lu.
    root : Path, optional
        Racine du projet où se trouvent pages, questions, exercices et diaporamas.

    Returns
    -------
    list of Problem
        Tous les défauts, du général au particulier ; vide si tout tient.

    Raises
    ------
    SourcesIntrouvables
        Si le paquet est installé sans les sources du projet.

    Examples
    --------
    >>> from formation import pathways
    >>> pathways.check(pathways.read("elus-demi-journee"))
    []
    """
    from formation.pathways.references import cited

    return [
        *_names(pathway),
        *_durations(pathway),
        *_order(pathway),
        *_objectives(pathway),
        *_assessments(pathway),
        *cited(pathway, root),
    ]


def _names(pathway: Pathway) -> Iterator[Problem]:
    """Un identifiant désigne une seule chose."""
    aims = [one.id for one in pathway.prerequis] + [one.id for one in pathway.objectifs]
    for name in _repeated(aims):
        yield Problem("identifiants", f"« {name} » désigne deux prérequis ou objectifs. Donnez un nom à chacun.")
    for name in _repeated(one.id for one in pathway.sequences()):
        yield Problem("identifiants", f"« {name} » désigne deux séquences. Donnez un nom à chacune.")


def _durations(pathway: Pathway) -> Iterator[Problem]:
    """Étapes, séquences, demi-journées, parcours : les minutes s’additionnent à chaque étage."""
    for sequence in pathway.sequences():
        total = sum(step.minutes for step in sequence.etapes)
        if total != sequence.minutes:
            yield Problem(
                f"séquence {sequence.id}",
                f"ses étapes durent {total} min et la séquence annonce {sequence.minutes} min. "
                "Corrigez une étape, ou « minutes ».",
            )
    for day in pathway.jours:
        for half in day.demi_journees:
            yield from _half_day(f"{day.titre}, {half.titre}", half)
        for before, after in zip(day.demi_journees, day.demi_journees[1:], strict=False):
            if after.start < before.end:
                yield Problem(
                    f"{day.titre}, {after.titre}",
                    f"commence à {after.debut}, avant la fin de « {before.titre} » ({before.end:%H:%M}).",
                )
    total = sum(sequence.minutes for sequence in pathway.sequences())
    if total != pathway.duree_min:
        yield Problem(
            "durée",
            f"les séquences durent {total} min en tout, pauses non comptées, et le parcours annonce "
            f"{pathway.duree_min} min. Corrigez « duree_min », ou une séquence.",
        )


def _half_day(where: str, half: HalfDay) -> Iterator[Problem]:
    total = sum(item.minutes for item in half.sequences)
    if total != half.duree_min:
        yield Problem(
            where,
            f"séquences et pauses durent {total} min, la demi-journée annonce {half.duree_min} min. "
            "Dans une demi-journée, « duree_min » compte les pauses.",
        )
    if half.start.hour * MINUTES_PER_HOUR + half.start.minute + half.duree_min >= 24 * MINUTES_PER_HOUR:
        yield Problem(where, f"commence à {half.debut} et finirait le lendemain.")
    stretch = longest = 0
    for item in half.sequences:
        stretch = 0 if isinstance(item, Pause) else stretch + item.minutes
        longest = max(longest, stretch)
    if longest > LONGEST_STRETCH:
        yield Problem(
            where,
            f"{longest} min de travail sans pause ; {LONGEST_STRETCH} au plus. Ajoutez « - pause: 15 » entre deux "
            "séquences.",
        )


def _order(pathway: Pathway) -> Iterator[Problem]:
    """Ce qu’une séquence requiert est un prérequis du parcours, ou l’objectif d’une séquence d’avant."""
    objectives = {one.id for one in pathway.objectifs}
    reached = {one.id for one in pathway.prerequis}
    known = reached | objectives
    required: set[str] = set()
    for sequence in pathway.sequences():
        where = f"séquence {sequence.id}"
        for name in sequence.requiert:
            if name not in known:
                yield Problem(where, f"requiert « {name} », qui n’est ni un prérequis ni un objectif du parcours.")
            elif name not in reached:
                yield Problem(
                    where,
                    f"requiert « {name} », qu’aucune séquence d’avant ne vise. Déplacez la séquence, ou ôtez "
                    "« requiert ».",
                )
        for name in sequence.vise:
            if name not in objectives:
                yield Problem(where, f"vise « {name} », qui n’est pas un objectif du parcours.")
        required |= set(sequence.requiert)
        reached |= set(sequence.vise)
    for one in pathway.prerequis:
        if one.id not in required:
            yield Problem(
                f"prérequis {one.id}",
                "aucune séquence ne le requiert : retirez-le, ou dites où il sert (« requiert »).",
            )


def _objectives(pathway: Pathway) -> Iterator[Problem]:
    """Chaque objectif s’observe, se travaille et s’évalue."""
    aimed = {name for sequence in pathway.sequences() for name in sequence.vise}
    final = set(pathway.evaluation_finale.questions)
    for one in pathway.objectifs:
        where = f"objectif {one.id}"
        vague = _VAGUE.search(one.texte)
        if vague:
            yield Problem(
                where,
                f"« {vague[1].lower()} » ne s’observe pas. Dites ce que la personne fait, dans quelle condition : "
                "« Devant un score annoncé, exiger… ».",
            )
        if one.id not in aimed:
            yield Problem(where, "aucune séquence ne le vise : ajoutez-le à « vise », ou retirez-le.")
        if not one.questions and not one.controles:
            yield Problem(
                where, "rien ne l’évalue : donnez une question (« questions ») ou un contrôle (« controles »)."
            )
        yield from _criterion(where, one, len(final & set(one.questions)), pathway.evaluation_finale.seuil)


def _criterion(where: str, objective: Objective, asked: int, floor: float) -> Iterator[Problem]:
    """Le critère compte ce qui est vraiment évalué à la sortie."""
    found = CRITERION.search(objective.critere)
    if not found:
        yield Problem(
            where, "son critère ne compte rien. Écrivez par exemple « 2 questions sur 3 à l’évaluation finale »."
        )
        return
    needed, kind, total = int(found[1]), found[2].rstrip("s"), int(found[3])
    real = {"question": asked, "contrôle": len(objective.controles)}.get(kind, asked + len(objective.controles))
    if total != real or not 1 <= needed <= max(real, 1):
        checks = plural(len(objective.controles), "contrôle")
        detail = f"{plural(asked, 'question')} à l’évaluation finale et {checks}"
        yield Problem(where, f"son critère dit « {found[0]} », mais le parcours évalue {detail}.")
    elif total and needed / total < floor:
        yield Problem(
            where,
            f"son critère demande {percent(needed / total)}, moins que le seuil de l’évaluation finale "
            f"({percent(floor)}). Relevez-le, ou baissez « seuil ».",
        )


def _assessments(pathway: Pathway) -> Iterator[Problem]:
    """L’entrée et la sortie posent d’autres questions, sur les mêmes objectifs."""
    serving = {name for one in pathway.objectifs for name in one.questions}
    parts = {
        "positionnement": pathway.positionnement.questions,
        "évaluation finale": pathway.evaluation_finale.questions,
    }
    asked = {name for names in parts.values() for name in names}
    for where, names in parts.items():
        for name in _repeated(names):
            yield Problem(where, f"la question « {name} » y est deux fois.")
        for name in sorted(set(names) - serving):
            yield Problem(
                where, f"la question « {name} » n’évalue aucun objectif : ajoutez-la à l’un d’eux, ou ôtez-la."
            )
        for one in pathway.objectifs:
            if one.questions and not set(names) & set(one.questions):
                yield Problem(where, f"aucune question n’évalue l’objectif {one.id}.")
    for name in sorted(set(parts["positionnement"]) & set(parts["évaluation finale"])):
        yield Problem(
            "évaluation finale", f"la question « {name} » a déjà été posée au positionnement : prenez-en une autre."
        )
    for one in pathway.objectifs:
        for name in (name for name in one.questions if name not in asked):
            yield Problem(
                f"objectif {one.id}",
                f"la question « {name} » n’est posée ni au positionnement ni à l’évaluation finale.",
            )


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
