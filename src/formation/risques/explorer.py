"""Panneau du cas, dans un carnet : choisir un orage, un ruisseau, un horizon, un seuil, et couper le capteur."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from formation.numbers import number, plural
from formation.palette import DASHES, INK, MUTED, PAPER, RULE, SERIES
from formation.risques import decision, evaluation, features
from formation.risques.traps import silenced

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

METHODS = {"modèle avec garde": evaluation.MODEL, "modèle sans garde": evaluation.UNGUARDED,
           "persistance": evaluation.PERSISTENCE}  # fmt: skip
"""Méthodes que le panneau sait montrer : celles qui prévoient un débit."""
SETS = {"test": "test", "type 1988": "extreme"}
_SIZE = (600, 320)


@lru_cache(maxsize=1)
def _rows() -> pd.DataFrame:
    return features.panel()


@lru_cache(maxsize=3)
def _ready(horizon: int) -> dict[str, Any]:
    every = evaluation.methods()
    return evaluation.fitted(_rows(), horizon, {name: every[name] for name in METHODS.values()})


@lru_cache(maxsize=12)
def forecast(horizon: int, which: str = "test", *, silent: bool = False) -> evaluation.Forecasts:
    """Prévisions d’un jeu d’épisodes, gardées en mémoire.

    Parameters
    ----------
    horizon : int
        30, 60 ou 120 minutes.
    which : str
        `test` ou `extreme`.
    silent : bool
        Vrai pour couper les limnimètres.

    Returns
    -------
    Forecasts
        Prévisions des méthodes de :data:`METHODS`.
    """
    rows = silenced(_rows()) if silent else _rows()
    return evaluation.predicted(_ready(horizon), rows, horizon, which)


def episodes() -> dict[str, str]:
    """Épisodes que le modèle n’a jamais vus.

    Returns
    -------
    dict of str to str
        Identifiant : jeu (`test` ou `extreme`).
    """
    rows = _rows()
    kept = rows[rows["jeu"].isin(list(SETS.values()))].drop_duplicates("id_episode")
    return dict(zip(kept["id_episode"], kept["jeu"], strict=True))


def sentence(episode: str, basin: str, horizon: int, method: str, level: float, *, silent: bool = False) -> str:
    """Constat pour un réglage.

    Parameters
    ----------
    episode, basin : str
        Identifiants.
    horizon : int
        Minutes.
    method : str
        Une clé de :data:`METHODS`.
    level : float
        Débit annoncé qui déclenche l’alerte, en m³/s/km².
    silent : bool
        Vrai pour couper le limnimètre.

    Returns
    -------
    str
        Débordement, alerte, avance.
    """
    minute, true, told = _series(episode, basin, horizon, method, silent=silent)
    over = minute[true >= features.ALERT_M3_S_KM2]
    warned = minute[np.nan_to_num(told, nan=-1.0) >= level] - horizon
    peak = f"Pointe vraie\u00a0: {number(float(np.nanmax(true)), 1)}\u00a0m³/s/km²."
    muted = " Capteur coupé." if silent else ""
    if not len(over):
        said = "alerte pour rien" if len(warned) else "pas d’alerte\u00a0: à raison"
        return f"{basin} ne déborde pas pendant {episode}, {said}. {peak}{muted}"
    before = warned[(warned < over[0]) & (warned >= over[0] - decision.LOOK_BACK_MIN)]
    if not len(before):
        late = "alerte donnée hors délai" if len(warned) else "aucune alerte, aucun message d’erreur"
        return f"{basin} déborde à la minute {int(over[0])}\u00a0: {late}. {peak}{muted}"
    lead = plural(int(over[0] - before[0]), "minute")
    return f"{basin} déborde à la minute {int(over[0])}\u00a0: alerte {lead} avant. {peak}{muted}"


class Explorer:
    """Panneau de réglages ; `widget` est ce qu’un carnet affiche.

    Attributes
    ----------
    widget : ipywidgets.VBox
        Panneau complet.
    episode, basin, horizon, method : ipywidgets.Dropdown
        Orage, ruisseau, horizon et méthode.
    level : ipywidgets.FloatSlider
        Débit annoncé qui déclenche l’alerte.
    silent : ipywidgets.Checkbox
        Coupe le limnimètre.
    finding : ipywidgets.HTML
        Constat en une phrase, mis à jour à chaque réglage.
    """

    def __init__(self) -> None:
        import ipywidgets as w

        wide, style = w.Layout(width="min(100%, 38rem)"), {"description_width": "12rem"}

        def menu(options: list[Any], value: Any, label: str) -> Any:
            return w.Dropdown(options=options, value=value, description=label, layout=wide, style=style)

        names = episodes()
        listed = [(f"{name} ({'type 1988' if kind == 'extreme' else kind})", name) for name, kind in names.items()]
        basins = sorted(_rows()["id_bassin"].unique())
        self.episode = menu(listed, _wettest(), "Épisode")
        self.basin = menu(list(basins), basins[0], "Ruisseau")
        self.horizon = menu([(f"{value} min", value) for value in features.HORIZONS], 60, "Horizon")
        self.method = menu(list(METHODS), next(iter(METHODS)), "Méthode")
        self.level = w.FloatSlider(
            0.8, min=0.2, max=2.0, step=0.1, description="Alerter à partir de (m³/s/km²)", layout=wide, style=style
        )
        self.silent = w.Checkbox(False, description="Couper le capteur de débit", indent=False, layout=wide)
        self.finding, self.plot = w.HTML(), w.HTML()
        controls = [self.episode, self.basin, self.horizon, self.method, self.level, self.silent]
        self.widget = w.VBox([*controls, self.finding, self.plot])
        for control in controls:
            control.observe(self._update, names="value")
        self._update()

    def _update(self, _: Any = None) -> None:
        place = (self.episode.value, self.basin.value, self.horizon.value, self.method.value)
        text = sentence(*place, self.level.value, silent=self.silent.value)
        self.finding.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'
        self.plot.value = _svg(*_series(*place, silent=self.silent.value), self.level.value, text)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]


def explore() -> Explorer:
    """Ouvre le panneau du cas dans un carnet.

    Returns
    -------
    Explorer
        Panneau ; la dernière ligne d’une cellule suffit à l’afficher.
    """
    return Explorer()


def _wettest() -> str:
    """Épisode de test à la plus forte pointe : le plus parlant à l’ouverture."""
    rows = _rows()
    return str(rows.loc[rows.loc[rows["jeu"] == "test", "vrai"].idxmax(), "id_episode"])


def _series(
    episode: str, basin: str, horizon: int, method: str, *, silent: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Minutes annoncées, débit vrai et débit annoncé à ces minutes."""
    found = forecast(horizon, episodes()[episode], silent=silent)
    mine = ((found.rows["id_episode"] == episode) & (found.rows["id_bassin"] == basin)).to_numpy()
    minute = found.rows["minute"].to_numpy(float)[mine] + horizon
    return minute, found.flow[mine], found.scores[METHODS[method]].to_numpy(float)[mine]


def _svg(
    minute: NDArray[np.float64], true: NDArray[np.float64], told: NDArray[np.float64], level: float, text: str
) -> str:
    """Débits en SVG : un dessin si léger que le curseur répond tout de suite."""
    width, height, left, bottom = *_SIZE, 48, 44
    top = max(1.2, float(np.nanmax(true)), float(np.nanmax(np.nan_to_num(told)))) * 1.08

    def x(value: float) -> float:
        return left + value / 600 * (width - left - 12)

    def y(value: float) -> float:
        return height - bottom - value / top * (height - bottom - 12)

    parts = [f'<rect width="{width}" height="{height}" fill="{PAPER}"/>']
    step = max(0.5, round(top / 4 * 2) / 2)
    for tick in np.arange(0, top, step):
        parts.append(f'<path d="M{x(0):.0f} {y(tick):.1f}H{x(600):.0f}" stroke="{RULE}"/>')
        parts.append(f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{number(tick, 1)}</text>')
    parts += [
        f'<text x="{x(tick):.0f}" y="{height - 26}" text-anchor="middle">{tick}</text>' for tick in range(0, 601, 120)
    ]
    lines = ((true, INK, (), "débit vrai"), (told, SERIES[0], DASHES[1], "débit annoncé"))
    for rank, (values, colour, dash, name) in enumerate(lines):
        known = np.isfinite(values)
        points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(minute[known], values[known], strict=True))
        pen = f'stroke="{colour}" stroke-width="2.2" stroke-dasharray="{",".join(map(str, dash))}"'
        parts.append(f'<polyline points="{points}" fill="none" {pen}/>')
        parts.append(f'<path d="M{left + 10} {22 + 18 * rank}h26" {pen}/>')
        parts.append(f'<text x="{left + 42}" y="{26 + 18 * rank}" fill="{INK}">{name}</text>')
    for value, colour, name in ((features.ALERT_M3_S_KM2, SERIES[3], "débordement"), (level, SERIES[1], "alerte")):
        parts.append(f'<path d="M{x(0):.0f} {y(value):.1f}H{x(600):.0f}" stroke="{colour}" stroke-dasharray="3,3"/>')
        shift = 12 if name == "alerte" and level <= features.ALERT_M3_S_KM2 else -4
        parts.append(
            f'<text x="{width - 14}" y="{y(value) + shift:.1f}" text-anchor="end" fill="{colour}">{name}</text>'
        )
    below, beside = "Minutes depuis le début de l’épisode · données synthétiques", "Débit (m³/s par km²)"
    parts.append(f'<text x="{x(300):.0f}" y="{height - 8}" text-anchor="middle">{below}</text>')
    parts.append(f'<text transform="translate(12 {y(top / 2):.0f}) rotate(-90)" text-anchor="middle">{beside}</text>')
    return (
        f'<svg viewBox="0 0 {width} {height}" style="width:min(100%,{width}px);font:12px sans-serif" fill="{MUTED}" '
        f'role="img" aria-label="{escape(text)}">{"".join(parts)}</svg>'
    )
