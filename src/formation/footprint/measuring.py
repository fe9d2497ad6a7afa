"""Mesurer l’énergie d’un calcul sur sa propre machine, sans aucune requête au dehors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from formation.footprint.factors import electricity, factor
from formation.footprint.interval import Interval

RAPL = "compteurs du processeur"
LOAD = "charge du processeur × puissance nominale"
STOPWATCH = "chronomètre × puissance"
"""Façons de connaître l’énergie : la première mesure, les deux autres estiment."""


@dataclass(frozen=True)
class Measurement:
    """Énergie d’un calcul.

    Attributes
    ----------
    label : str
        Ce qui a été calculé.
    duration_s : float
        Durée d’un passage, en secondes.
    runs : int
        Passages chronométrés.
    energy_wh : Interval
        Énergie d’un passage : chronomètre × puissance, élargi à la valeur de codecarbon s’il en donne une.
    codecarbon_wh : float or None
        Valeur de codecarbon pour un passage, ou rien s’il n’a pas pu mesurer.
    method : str
        Façon dont codecarbon a trouvé la puissance, ou le seul chronomètre.
    hypotheses : list of str
        Ce qui a été supposé.
    """

    label: str
    duration_s: float
    runs: int
    energy_wh: Interval
    codecarbon_wh: float | None
    method: str
    hypotheses: list[str] = field(default_factory=list)

    def emissions_g(self, country: str = "FRA") -> Interval:
        """Émissions d’un passage.

        Parameters
        ----------
        country : str
            Pays de la prise électrique, code ISO à trois lettres.

        Returns
        -------
        Interval
            gCO2e, fabrication de la machine exclue.
        """
        return self.energy_wh * electricity(country).interval * 0.001

    def to_dict(self) -> dict[str, Any]:
        """Rend la mesure en types simples."""
        return {
            "libelle": self.label,
            "duree_s": self.duration_s,
            "passages": self.runs,
            "energie_wh": [self.energy_wh.low, self.energy_wh.high],
            "codecarbon_wh": self.codecarbon_wh,
            "methode": self.method,
            "hypotheses": self.hypotheses,
        }


def measure(label: str, work: Callable[[], object], *, runs: int = 1, tracker: bool = True) -> Measurement:
    """Chronomètre un calcul et en estime l’énergie.

    Parameters
    ----------
    label : str
        Ce qui est calculé.
    work : callable
        Calcul, sans argument.
    runs : int
        Passages ; la durée et l’énergie rendues sont celles d’un passage.
    tracker : bool
        Faux pour se contenter du chronomètre.

    Returns
    -------
    Measurement
        Durée, énergie et façon de l’obtenir. codecarbon tourne en mode hors ligne : aucune requête n’est faite.

    Examples
    --------
    >>> done = measure("somme", lambda: sum(range(1000)), tracker=False)
    >>> done.method, done.energy_wh.low < done.energy_wh.high
    ('chronomètre × puissance', True)
    """
    watch = _start() if tracker else None
    start = time.perf_counter()
    try:
        for _ in range(runs):
            work()
    finally:
        spent = time.perf_counter() - start
        seen = None if watch is None else _stop(watch)
    duration = spent / runs
    power = factor("puissance-poste").interval
    energy = power * (duration / 3600)
    hypotheses = [
        f"Puissance de l’ordinateur : {power.text('W')} (hypothèse), refroidissement et écran exclus.",
        "Fabrication de la machine non comptée ; machine supposée occupée par ce seul calcul.",
    ]
    if seen is None:
        return Measurement(label, duration, runs, energy, None, STOPWATCH, hypotheses)
    total_wh, method, version = seen
    value = total_wh / runs
    hypotheses.append(
        f"codecarbon {version}, hors ligne, d’après : {method}. "
        + ("C’est une mesure." if method == RAPL else "Ce n’est pas une mesure : c’est une estimation.")
    )
    wide = Interval(min(energy.low, value), max(energy.high, value))
    return Measurement(label, duration, runs, wide, value, method, hypotheses)


def _start() -> Any:
    """Démarre codecarbon hors ligne ; rien s’il n’est pas installé ou refuse de démarrer."""
    try:
        from codecarbon import OfflineEmissionsTracker
    except ImportError:
        return None
    logging.getLogger("codecarbon").setLevel(logging.CRITICAL)
    watch = OfflineEmissionsTracker(
        country_iso_code="FRA",
        measure_power_secs=1,
        # Un réglage personnel de codecarbon peut demander l’envoi des mesures, ou interroger un service : ici, jamais.
        output_methods=[],
        output_handlers=[],
        emissions_endpoint=None,
        electricitymaps_api_token="",
        pue=1.0,
        allow_multiple_runs=True,
        tracking_mode="machine",
        log_level="critical",
    )
    watch.start()
    return watch


def _stop(watch: Any) -> tuple[float, str, str] | None:
    """Arrête codecarbon : énergie en Wh, façon, version ; rien s’il n’a rien relevé."""
    watch.stop()
    data = getattr(watch, "final_emissions_data", None)
    if data is None or not data.energy_consumed > 0:
        return None
    described = " ".join(str(part) for part in getattr(watch, "_hardware", []))
    real = any(word in described.lower() for word in ("rapl", "powermetrics", "power gadget"))
    return 1000 * float(data.energy_consumed), RAPL if real else LOAD, str(data.codecarbon_version)
