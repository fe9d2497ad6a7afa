"""Tableau nominatif des résultats : le seul document du rapport où chacun est nommé."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from formation.session.outcome import Outcome, is_trial

if TYPE_CHECKING:
    from formation.classroom.exports import Cell
    from formation.session.model import Session

FILE = "resultats.csv"


def header(session: Session) -> list[str]:
    """En-têtes du tableau.

    Parameters
    ----------
    session : Session
        Session.

    Returns
    -------
    list of str
    """
    first = ["identifiant", "nom", "prénom", "organisation", "données", "présence_min", "présence_prévue_min"]
    first += [f"présence_{slot.key}_min" for slot in session.slots]
    first += ["positionnement_justes", "positionnement_questions", "finale_justes", "finale_questions"]
    first += ["exercices_points", "exercices_points_possibles", "rien_rendu"]
    for objective in session.pathway.objectifs:
        first += [objective.id, f"{objective.id}_réussis", f"{objective.id}_évalués", f"{objective.id}_prévus"]
    return first


def rows(session: Session, outcomes: Mapping[str, Outcome]) -> list[list[Cell]]:
    """Lignes du tableau, une par stagiaire ; une case vide veut dire « inconnu » ou « non rendu ».

    Parameters
    ----------
    session : Session
        Session.
    outcomes : mapping of str to Outcome
        Bilans.

    Returns
    -------
    list of list
    """
    kind = "simulées" if is_trial(session) else "réelles"
    planned = session.training_min
    found: list[list[Cell]] = []
    for one in session.participants:
        outcome = outcomes[one.id]
        known = outcome.presence or {}
        row: list[Cell] = [one.id, one.last, one.first, one.organisation, kind]
        row += [outcome.attended_minutes if outcome.presence is not None else None, planned]
        row += [known.get(slot.index) for slot in session.slots]
        row += [*(outcome.placement_score or (None, None)), *(outcome.final_score or (None, None))]
        row += [*(outcome.course_points or (None, None)), "oui" if outcome.did_nothing else "non"]
        for result in outcome.objectives:
            row += [result.state, result.passed, result.assessed, result.planned]
        found.append(row)
    return found
