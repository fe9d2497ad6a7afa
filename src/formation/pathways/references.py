"""Vérifier que tout ce qu’un parcours cite existe : pages, ancres, questions, exercices, contrôles, diaporamas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from formation.pathways.checking import Problem
from formation.pathways.model import Pathway, Sequence
from formation.pathways.project import Project, near


def cited(pathway: Pathway, root: Path | None = None) -> list[Problem]:
    """Cherche tout ce que le parcours cite.

    Parameters
    ----------
    pathway : Pathway
        Parcours lu.
    root : Path, optional
        Racine du projet.

    Returns
    -------
    list of Problem
        Ce qui n’existe pas, ou ne tient pas dans sa séquence.

    Raises
    ------
    SourcesIntrouvables
        Si le paquet est installé sans les sources du projet.
    """
    project = Project(root)
    return [
        *_questions(pathway, project),
        *_prerequisites(pathway, project),
        *_sequences(pathway, project),
        *_controls(pathway, project),
    ]


def _questions(pathway: Pathway, project: Project) -> Iterator[Problem]:
    cited_by = [(f"prérequis {one.id}", one.verifier) for one in pathway.prerequis if one.verifier]
    cited_by += [(f"objectif {one.id}", name) for one in pathway.objectifs for name in one.questions]
    cited_by += [("positionnement", name) for name in pathway.positionnement.questions]
    cited_by += [("évaluation finale", name) for name in pathway.evaluation_finale.questions]
    for where, name in cited_by:
        if name not in project.questions:
            yield Problem(
                where,
                f"la question « {name} » n’existe pas.{near(name, project.questions)} Toutes : formation quiz lister",
            )


def _prerequisites(pathway: Pathway, project: Project) -> Iterator[Problem]:
    for one in pathway.prerequis:
        missing = project.missing_link(one.acquerir)
        if missing:
            yield Problem(f"prérequis {one.id}", f"{missing}.")


def _sequences(pathway: Pathway, project: Project) -> Iterator[Problem]:
    for sequence in pathway.sequences():
        where = f"séquence {sequence.id}"
        for link in sequence.supports:
            missing = project.missing_link(link)
            if missing:
                yield Problem(where, f"{missing}.")
        if sequence.diapos and sequence.diapos not in project.decks:
            yield Problem(
                where,
                f"le diaporama « {sequence.diapos} » n’existe pas.{near(sequence.diapos, project.decks)} Tous : "
                "formation diapos lister",
            )
        yield from _exercises(where, sequence, project)


def _exercises(where: str, sequence: Sequence, project: Project) -> Iterator[Problem]:
    planned = 0
    for name in sequence.exercices:
        if name not in project.exercises:
            yield Problem(
                where,
                f"l’exercice « {name} » n’existe pas.{near(name, project.exercises)} Écrivez son nom entier, par "
                "exemple eau-01-lire-une-courbe",
            )
            continue
        planned += project.exercise(name).minutes
    if planned > sequence.minutes:
        yield Problem(
            where,
            f"ses exercices demandent {planned} min et la séquence n’en a que {sequence.minutes}. Allongez-la, ou "
            "donnez un exercice à emporter.",
        )


def _controls(pathway: Pathway, project: Project) -> Iterator[Problem]:
    played = set(pathway.exercises())
    for one in pathway.objectifs:
        where = f"objectif {one.id}"
        for link in one.controles:
            name, _, control = link.partition("/")
            if name not in project.exercises:
                yield Problem(
                    where,
                    f"l’exercice du contrôle « {link} » n’existe pas.{near(name, project.exercises)} Écrivez "
                    "exercice/contrôle, par exemple eau-01-lire-une-courbe/km_ecoutes",
                )
                continue
            known = project.exercise(name).controls
            if control not in known:
                yield Problem(
                    where, f"l’exercice « {name} » n’a pas de contrôle « {control} ». Il a : {', '.join(known)}."
                )
            if name not in played:
                yield Problem(where, f"l’exercice « {name} » n’est dans aucune séquence : ajoutez-le à « exercices ».")
