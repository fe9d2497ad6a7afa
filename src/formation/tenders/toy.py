"""Mesurer les modèles jouets du cours : combien d’énergie pour apprendre, combien pour prévoir ?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from formation import footprint
from formation.files import write_atomic
from formation.footprint import Measurement
from formation.footprint.published_measures import FILE


def toys() -> dict[str, tuple[str, Callable[[], object], int]]:
    """Calculs à mesurer, données déjà chargées.

    Returns
    -------
    dict
        Identifiant : libellé, calcul, passages.
    """
    from formation import eau

    tables = eau.load("troncons"), eau.load("defaillances")
    learnt = eau.panel(*tables, range(2019, 2024), streets=eau.streets())
    asked = eau.panel(*tables, [2024], streets=eau.streets())
    model = eau.gradient_boosting().fit(learnt, learnt["defaillances"])
    rows, pipes = len(learnt), len(asked)
    return {
        "eau-apprentissage": (
            f"Apprendre à classer les tronçons d’eau : gradient boosting, {rows} lignes",
            lambda: eau.gradient_boosting().fit(learnt, learnt["defaillances"]),
            5,
        ),
        "eau-prevision": (f"Classer une fois les {pipes} tronçons d’eau", lambda: model.predict(asked), 40),
    }


def measure_toys(progress: Callable[[int, int, str], None] | None = None) -> dict[str, Measurement]:
    """Mesure tous les modèles jouets.

    Parameters
    ----------
    progress : callable, optional
        Annonce chaque étape.

    Returns
    -------
    dict of str to Measurement
        Par identifiant.
    """
    found = {}
    works = toys()
    for rank, (name, (label, work, runs)) in enumerate(works.items(), start=1):
        if progress is not None:
            progress(rank, len(works), label)
        work()
        found[name] = footprint.measure(label, work, runs=runs)
    return found


def write(found: dict[str, Measurement], file: Path = FILE) -> None:
    """Écrit le relevé, à côté puis d’un coup.

    Parameters
    ----------
    found : dict of str to Measurement
        Mesures.
    file : Path
        Fichier JSON.
    """
    content = {
        "date": datetime.now(UTC).date().isoformat(),
        "mesures": {name: _rounded(done.to_dict()) for name, done in found.items()},
    }
    write_atomic(file, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def _rounded(value: Any) -> Any:
    """Trois chiffres utiles : une durée varie davantage d’un jour à l’autre."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.3g}") if isinstance(value, float) else value
