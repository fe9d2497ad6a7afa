"""Ce qu’une session effacée garde : des effectifs par objectif, jamais une personne."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from formation.errors import FormationError

SMALLEST = 5
"""Au-dessous, un effectif désigne presque quelqu’un : il n’est pas écrit."""
HIDDEN = f"moins de {SMALLEST}"


def anonymous_csv(root: Path) -> bytes | None:
    """Effectifs par objectif, prêts à garder sans durée.

    Parameters
    ----------
    root : Path
        Dossier de la session, encore complet.

    Returns
    -------
    bytes or None
        Tableau pour un tableur français ; None si rien n’a été évalué, si les réponses ne se relisent pas, ou si moins
        de cinq personnes ont été évaluées.
    """
    from formation.classroom.exports import csv_text
    from formation.session.model import open_session
    from formation.session.outcome import compute

    try:
        session = open_session(root)
        outcomes = compute(session)
    except FormationError:
        return None
    rows: list[list[str | float]] = []
    for objective in session.pathway.objectifs:
        states = Counter(
            result.state
            for outcome in outcomes.values()
            for result in outcome.objectives
            if result.objective_id == objective.id
        )
        assessed = states["atteint"] + states["non atteint"]
        if assessed >= SMALLEST:
            rows.append([objective.id, objective.texte, assessed, _shown(states["atteint"], assessed)])
    if not rows:
        return None
    header = ("objectif", "texte", "personnes évaluées", "personnes qui l’atteignent")
    return csv_text(header, rows).encode("utf-8-sig")


def _shown(count: int, assessed: int) -> str | float:
    """Effectif, sauf s’il isole quelqu’un : presque tous, ou presque personne, se disent sans nombre."""
    if count < SMALLEST:
        return HIDDEN
    return f"au moins {assessed - SMALLEST + 1}" if 0 < assessed - count < SMALLEST else float(count)
