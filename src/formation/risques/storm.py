"""Un orage qui passe, de dix minutes en dix minutes : ce que voit le radar, ce que dit chaque capteur, l’alerte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.numbers import number, plural
from formation.risques import evaluation, features, tables
from formation.risques.guard import Guarded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formation.risques.evaluation import Forecasts

HORIZON = 60
"""Minutes d’avance demandées au modèle."""
FRAMES, EVERY_MIN = 24, 10
LEVELS_MM_H = (1, 5, 15, 30, 50)
"""Bornes des cinq teintes de pluie."""
BEFORE_MIN = 120
TOO_EARLY_MIN = 180
"""Une alerte plus ancienne que cela n’annonce pas le débordement qui suit."""
QUIET, WARNED, FLOODED, UNKNOWN = "calme", "alerte", "déborde", "inconnu"
STATES = (QUIET, WARNED, FLOODED, UNKNOWN)


@dataclass(frozen=True)
class Storm:
    """Un épisode raconté.

    Attributes
    ----------
    episode : str
        Identifiant.
    minutes : tuple of int
        Instants montrés, depuis le début de l’épisode.
    rain : ndarray, forme (n_instants, 24, 24)
        Pluie vue par le radar, en mm/h ; vide si l’image est perdue.
    states : DataFrame
        Une ligne par instant et bassin : `minute`, `id_bassin`, `jauge` (0 ou 1), `etat` de :data:`STATES`, `part`
        (débit mesuré, en part du seuil), `pluie_mm_h` vue par le radar, `avance_min` (minutes avant le vrai débordement
        à venir).
    threshold : float
        Débit annoncé à partir duquel le modèle alerte, choisi sur la validation, en m³/s/km².
    """

    episode: str
    minutes: tuple[int, ...]
    rain: NDArray[np.float64]
    states: pd.DataFrame
    threshold: float


@lru_cache(maxsize=1)
def hour_ahead() -> tuple[Forecasts, Forecasts]:
    """Prévisions du modèle à une heure, gardées en mémoire : les deux figures du chapitre s’en servent.

    Returns
    -------
    tuple of Forecasts
        Validation et test.
    """
    return evaluation.forecasts(horizon=HORIZON, chosen={evaluation.MODEL: Guarded()})


def most_telling(rows: pd.DataFrame) -> str:
    """Épisode de test où le contraste est le plus grand : des ruisseaux débordent, leurs voisins restent calmes.

    Parameters
    ----------
    rows : DataFrame
        Lignes de test, colonnes `id_episode`, `id_bassin`, `vrai`.

    Returns
    -------
    str
        Identifiant, parmi les épisodes où deux à quatre bassins débordent.
    """
    peaks = rows.pivot_table(index="id_episode", columns="id_bassin", values="vrai", aggfunc="max")
    over = (peaks >= features.ALERT_M3_S_KM2).sum(axis=1)
    kept = peaks[over.between(2, 4)] if over.between(2, 4).any() else peaks
    return str((kept.max(axis=1) - kept.min(axis=1)).idxmax())


def tell(episode: str | None = None) -> Storm:
    """Raconte un épisode de test.

    Parameters
    ----------
    episode : str, optional
        Identifiant ; le plus parlant par défaut.

    Returns
    -------
    Storm
        Images et états.

    Raises
    ------
    KeyError
        Si ce n’est pas un épisode de test.
    """
    validation, test = hour_ahead()
    rows = test.rows.assign(prevu=test.scores[evaluation.MODEL])
    threshold = validation.chosen(evaluation.MODEL)
    chosen = most_telling(rows) if episode is None else episode
    own = rows[rows["id_episode"] == chosen]
    if own.empty:
        raise KeyError(f"« {chosen} » n’est pas un épisode de test : {', '.join(sorted(rows['id_episode'].unique()))}.")
    minutes = _window(own)
    images = tables.radar(chosen)
    rain = images[[minute // features.STEP_MIN for minute in minutes]]
    return Storm(chosen, minutes, rain, _states(own, minutes, images, threshold), threshold)


def sentence(storm: Storm, minute: int) -> str:
    """Constat d’un instant.

    Parameters
    ----------
    storm : Storm
        Épisode.
    minute : int
        Un instant de `storm.minutes`.

    Returns
    -------
    str
        Pluie, débit, alertes, avance, et ce que l’on ne sait pas.
    """
    here = storm.states[storm.states["minute"] == minute].set_index("id_bassin")
    gauged = here[here["jauge"] == 1]
    unknown = _listed(list(here.index[here["jauge"] == 0]))
    parts = [_rain(storm, minute, gauged)]
    flooded, warned = (list(gauged.index[gauged["etat"] == state]) for state in (FLOODED, WARNED))
    if flooded:
        parts.append(f"{_listed(flooded)} {'débordent' if len(flooded) > 1 else 'déborde'}.")
    elif (best := gauged["part"]).notna().any():
        top = str(best.idxmax())
        parts.append(f"Le débit le plus haut, sur {top}, est à {number(100 * best[top])}\u00a0% du seuil.")
    parts += [_warning(name, gauged.loc[name, "avance_min"]) for name in warned]
    if not warned and not flooded:
        parts.append("Aucune alerte.")
    silent = list(gauged.index[gauged["part"].isna()])
    if silent:
        parts.append(f"Capteur muet sur {_listed(silent)}.")
    return " ".join(parts) + (f" {unknown}, sans capteur\u00a0: nous ne savons pas." if unknown else "")


def row(storm: Storm, minute: int) -> list[str]:
    """Ligne du tableau de remplacement.

    Parameters
    ----------
    storm, minute
        Voir :func:`sentence`.

    Returns
    -------
    list of str
        Minute, pluie, bassin le plus arrosé, bassins en alerte, bassins qui débordent.
    """
    here = storm.states[storm.states["minute"] == minute].set_index("id_bassin")
    gauged = here[here["jauge"] == 1]
    cells = [f"{minute}\u00a0min"]
    wettest = gauged["pluie_mm_h"]
    known = wettest.notna().any()
    cells += [f"{number(wettest.max())}\u00a0mm/h ({wettest.idxmax()})" if known else "image perdue"]
    part = gauged["part"]
    cells += [f"{number(100 * part.max())}\u00a0% ({part.idxmax()})" if part.notna().any() else "—"]
    for state in (WARNED, FLOODED):
        cells.append(_listed(list(gauged.index[gauged["etat"] == state])) or "aucun")
    return cells


def runs(rain: NDArray[np.float64]) -> list[int]:
    """Image compacte : une suite de cases de même teinte, sur une même ligne, tient en un entier.

    Parameters
    ----------
    rain : ndarray, forme (n, n)
        Pluie, en mm/h.

    Returns
    -------
    list of int
        ((ligne × n + colonne) × n + longueur − 1) × 6 + teinte, teinte de 1 à 5 ; les cases sèches sont omises.

    Examples
    --------
    >>> runs(np.array([[0.0, 2.0], [80.0, 80.0]]))
    [13, 35]
    """
    levels = np.searchsorted(LEVELS_MM_H, np.nan_to_num(np.asarray(rain, dtype=float)), side="right")
    size = levels.shape[1]
    found = []
    for rank, line in enumerate(levels):
        edges = np.flatnonzero(np.diff(line, prepend=-1, append=-1))
        for first, last in pairwise(int(edge) for edge in edges):
            if line[first]:
                place = (rank * size + first) * size + last - first - 1
                found.append(place * (len(LEVELS_MM_H) + 1) + int(line[first]))
    return found


def _window(rows: pd.DataFrame) -> tuple[int, ...]:
    """Instants : deux heures avant le premier débordement, ou autour de la pointe."""
    flow = rows.set_index("minute")["vrai"]
    over = flow.index[flow >= features.ALERT_M3_S_KM2]
    first = int(over.min()) if len(over) else int(flow.idxmax())
    length = (FRAMES - 1) * EVERY_MIN
    last = int(rows["minute"].max())
    start = min(max(0, first - BEFORE_MIN), last - length)
    start -= start % features.STEP_MIN
    return tuple(range(start, start + length + 1, EVERY_MIN))


def _states(
    rows: pd.DataFrame, minutes: tuple[int, ...], images: NDArray[np.float64], threshold: float
) -> pd.DataFrame:
    from formation.risques.hydrology import basin_weights

    basins = tables.load("bassins")
    weights = basin_weights(basins)
    parts = []
    for rank, name in enumerate(basins["id_bassin"]):
        own = rows[rows["id_bassin"] == name].set_index("minute")
        seen = np.tensordot(images[[minute // features.STEP_MIN for minute in minutes]], weights[rank], axes=2)
        part = pd.DataFrame({"minute": minutes, "id_bassin": name, "pluie_mm_h": seen})
        if own.empty:
            parts.append(part.assign(jauge=0, etat=UNKNOWN, part=np.nan, avance_min=np.nan))
            continue
        at = own.loc[list(minutes)]
        flow = at["debit"].to_numpy(float)
        over = own.index[own["vrai"] >= features.ALERT_M3_S_KM2].to_numpy()
        warned = at["prevu"].to_numpy() >= threshold
        # Un capteur muet n’est pas un ruisseau calme.
        state = np.select(
            [flow >= features.ALERT_M3_S_KM2, warned, np.isnan(flow)], [FLOODED, WARNED, UNKNOWN], default=QUIET
        )
        ahead = [float(over[over > minute].min() - minute) if (over > minute).any() else np.nan for minute in minutes]
        parts.append(part.assign(jauge=1, etat=state, part=flow / features.ALERT_M3_S_KM2, avance_min=ahead))
    return pd.concat(parts, ignore_index=True).sort_values(["minute", "id_bassin"], ignore_index=True)


def _rain(storm: Storm, minute: int, gauged: pd.DataFrame) -> str:
    rain = gauged["pluie_mm_h"]
    if not rain.notna().any():
        return "L’image radar est perdue."
    top = str(rain.idxmax())
    peak = float(np.nanmax(storm.rain[storm.minutes.index(minute)]))
    if rain[top] < LEVELS_MM_H[0]:
        rest = f" ; ailleurs, jusqu’à {number(peak)}\u00a0mm/h" if peak >= LEVELS_MM_H[1] else ""
        return f"Presque pas de pluie sur les ruisseaux{rest}."
    return f"Le radar voit {number(rain[top])}\u00a0mm/h sur {top}, {number(peak)} au plus fort de l’orage."


def _warning(name: str, ahead: float) -> str:
    if ahead <= TOO_EARLY_MIN:
        return f"Alerte sur {name}\u00a0: il débordera dans {plural(ahead, 'minute')}."
    return f"Alerte sur {name}, pour rien."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}" if names else ""


def basins_shape(points: int = 32) -> list[dict[str, Any]]:
    """Contours des bassins, pour une figure Vega-Lite.

    Parameters
    ----------
    points : int
        Points par cercle.

    Returns
    -------
    list of dict
        Une ligne par point : `b` (bassin), `i` (rang), `x`, `y` (km), `g` (0 sans capteur).
    """
    angle = np.linspace(0, 2 * np.pi, points + 1)
    return [
        {
            "b": line["id_bassin"],
            "i": rank,
            "x": round(line["x_km"] + line["rayon_km"] * float(np.cos(turn)), 2),
            "y": round(line["y_km"] + line["rayon_km"] * float(np.sin(turn)), 2),
            "g": int(line["jauge"]),
        }
        for line in tables.load("bassins").to_dict(orient="records")
        for rank, turn in enumerate(angle)
    ]
