"""Figures des alertes : une caméra, trois lieux, la loi de base, ce que coûte chaque seuil."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation import metrics
from formation.numbers import number, percent, plural, shortest
from formation.palette import INK, MUTED, SERIES, new_axes
from formation.plotting import finish
from formation.securite import features, tables
from formation.securite.interactive import NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

MODEL = "modèle jouet"
MARKERS = ("o", "s", "^", "D", "v", "P")
"""Marques des séries, dans l’ordre des teintes."""


def camera(
    rows: pd.DataFrame,
    episodes: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    alarms: ArrayLike | None = None,
    threshold: float = 4.2,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Une caméra un soir : ce qu’elle mesure, quand l’outil alerte, quand le danger est là.

    Parameters
    ----------
    rows : DataFrame
        Tableau de :func:`formation.securite.features.panel` d’une seule série.
    episodes : tuple of array_like, optional
        Série, premier et dernier pas de chaque danger, comme :func:`formation.securite.features.spans` ; tirés de
        `evenement` par défaut.
    alarms : array_like of int, optional
        Pas où l’outil alerte ; ceux du seuil par défaut.
    threshold : float
        Seuil de densité tracé, en personnes par m².
    ax : Axes, optional
        Axes où dessiner ; de nouveaux par défaut.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.

    Raises
    ------
    ValueError
        Si le tableau contient plusieurs séries, ou aucune.
    """
    if rows["serie"].nunique() != 1:
        raise ValueError("Il faut les mesures d’une seule caméra un seul soir : filtrez sur la colonne « serie ».")
    ax = ax or new_axes()
    hour = rows["pas_10s"].to_numpy() / tables.STEPS_PER_HOUR
    _, start, end = features.spans(rows) if episodes is None else episodes
    first, last = np.asarray(start, float), np.asarray(end, float)
    if alarms is None:
        rung = metrics.ring(rows["densite"], rows["serie"], rows["pas_10s"], threshold)
        alarms = rows["pas_10s"].to_numpy()[rung]
    steps = np.asarray(alarms)
    true_ = metrics.judge(np.zeros(len(steps)), steps, np.zeros(len(first)), first, last).true_alarm
    ax.plot(hour, rows["densite"], color=SERIES[0], linewidth=0.9, label="densité mesurée")
    ax.axhline(threshold, color=MUTED, linewidth=1, linestyle="--", label=f"seuil {number(threshold, 1)}")
    for rank, (low, high) in enumerate(zip(first, last, strict=True)):
        span = (low / tables.STEPS_PER_HOUR, (high + 1) / tables.STEPS_PER_HOUR)
        ax.axvspan(*span, color=SERIES[3], alpha=0.3, linewidth=0, label="danger réel" if not rank else None)
    top = 1.08 * float(max(rows["densite"].max(), threshold))
    for kept, marker, colour, label in ((true_, "v", INK, "alerte vraie"), (~true_, "x", SERIES[1], "fausse alerte")):
        if kept.any():
            at = steps[kept] / tables.STEPS_PER_HOUR
            ax.scatter(at, np.full(len(at), top), marker=marker, color=colour, s=42, zorder=3, label=label)
    ax.set_ylim(0, 1.12 * top)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.27), ncols=3, fontsize=8.5)
    right, wrong = int(true_.sum()), int((~true_).sum())
    dangers = plural(len(first), "danger réel", "dangers réels") if len(first) else "aucun danger réel"
    title = (
        f"{plural(right, 'alerte vraie', 'alertes vraies')}, {plural(wrong, 'fausse', 'fausses')}, pour {dangers}\n"
        "ce soir-là, sur cette caméra"
    )
    text = (
        f"Densité mesurée par une caméra pendant {number(hour[-1] - hour[0])} heures, de "
        f"{number(rows['densite'].min(), 1)} à {number(rows['densite'].max(), 1)} personnes par m². Au seuil "
        f"{number(threshold, 1)}\u00a0: {plural(right + wrong, 'alerte')} dont "
        f"{plural(right, 'vraie')}\u00a0; {dangers}."
    )
    return finish(ax, title, "Heures depuis le début de la soirée", "Personnes par m²", text)


def precision(table: pd.DataFrame, method: str = MODEL, *, ax: Axes | None = None) -> Axes:
    """Part d’alertes vraies et part d’épisodes signalés dans chaque lieu, au même réglage.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.securite.evaluate`.
    method : str
        Méthode tracée.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = _of_method(table, method)
    ax = ax or new_axes()
    place = np.arange(len(rows))
    share, caught = 100 * rows["precision"].to_numpy(), 100 * rows["rappel"].to_numpy()
    reach = _reach(rows, "precision")
    ax.bar(place - 0.16, share, 0.42, color=SERIES[0], label="alertes vraies", yerr=reach, capsize=4, ecolor=INK)
    ax.errorbar(
        place + 0.26, caught, yerr=_reach(rows, "rappel"), fmt="D", color=SERIES[1], capsize=4,
        label="épisodes signalés",
    )  # fmt: skip
    for x, value, above in zip(place, share, reach[1], strict=True):
        ax.annotate(_percent(value), (x - 0.16, value + above + 2), ha="center", weight="bold")
    ax.set_xticks(place, [f"{NAMES[name]}\n{_percent(100 * p)} du temps" for name, p in _shares(rows)])
    ax.set_ylim(0, 105)
    ax.legend(loc="upper right", ncols=2)
    listed = " ; ".join(
        f"{NAMES[row['lieu']]}\u00a0: {_percent(100 * row['precision'])} d’alertes vraies (entre "
        f"{_percent(100 * row['precision_bas'])} et {_percent(100 * row['precision_haut'])}), "
        f"{percent(row['rappel'])} des épisodes signalés"
        for _, row in rows.iterrows()
    )
    title = f"Même modèle, même seuil\u00a0: {_hundreds(rows)}\nalertes vraies sur 100, selon le lieu"
    return finish(ax, title, "Lieu, et part du temps où le danger est là", "Part (%)", f"Par lieu, {listed}.")


def base_law(table: pd.DataFrame, method: str = MODEL, *, ax: Axes | None = None) -> Axes:
    """Part d’alertes vraies selon la fréquence du danger : la loi attendue et les trois lieux mesurés.

    La loi garde les alertes vraies par danger des trois lieux réunis, et les fausses alertes par heure du lieu le plus
    calme.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.securite.evaluate`.
    method : str
        Méthode tracée.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = _of_method(table, method)
    ax = ax or new_axes()
    true_ = (rows["alertes_heure"] - rows["fausses_heure"]) * rows["heures"]
    per_share = float(true_.sum() / (rows["prevalence"] * rows["heures"]).sum())
    false = float(rows.loc[rows["prevalence"].idxmin(), "fausses_heure"])
    grid = np.geomspace(4e-5, 0.25, 200)
    ax.plot(100 * grid, 100 * grid * per_share / (grid * per_share + false), color=MUTED, label="loi attendue")
    ax.errorbar(
        100 * rows["prevalence"], 100 * rows["precision"], yerr=_reach(rows, "precision"), fmt="o", color=SERIES[0],
        capsize=4, markersize=8, label="mesuré",
    )  # fmt: skip
    for _, row in rows.iterrows():
        label = f"{NAMES[row['lieu']]}\u00a0: {_percent(100 * row['precision'])}"
        ax.annotate(label, (100 * row["prevalence"], 100 * row["precision"]), (-8, 8), textcoords="offset points",
                    ha="right", weight="bold")  # fmt: skip
    ax.set_xscale("log")
    ticks = [0.01, 0.1, 1, 10]
    ax.set_xticks(ticks, [f"{shortest(tick)}\u00a0%" for tick in ticks])
    ax.set_xlim(0.004, 25)
    ax.set_ylim(-2, 100)
    ax.legend(loc="upper left")
    listed = " ; ".join(
        f"{NAMES[row['lieu']]}, danger présent {_percent(100 * row['prevalence'])} du temps\u00a0: "
        f"{_percent(100 * row['precision'])} d’alertes vraies"
        for _, row in rows.iterrows()
    )
    return finish(
        ax,
        "Plus le danger est rare, plus l’alerte est fausse\nà réglage égal",
        "Part du temps où le danger est là (échelle logarithmique)",
        "Alertes vraies (%)",
        f"La part d’alertes vraies s’effondre avec la fréquence du danger\u00a0: {listed}. La loi attendue passe près "
        "des trois points.",
    )


def precision_recall(curves: Mapping[str, pd.DataFrame], mark: float = 0.5, *, ax: Axes | None = None) -> Axes:
    """Courbes précision-rappel, une par lieu.

    Parameters
    ----------
    curves : mapping of str to DataFrame
        Par lieu, tableau de :meth:`formation.securite.evaluation.Trial.curve`.
    mark : float
        Seuil marqué d’un point.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    listed = []
    for rank, (place, curve) in enumerate(curves.items()):
        name = NAMES.get(place, place)
        ax.plot(100 * curve["rappel"], 100 * curve["precision"], color=SERIES[rank], label=name)
        at = curve.loc[(curve["seuil"] - mark).abs().idxmin()]
        ax.scatter(100 * at["rappel"], 100 * at["precision"], color=SERIES[rank], s=55, marker=MARKERS[rank], zorder=3)
        listed.append(
            f"{name}, {_percent(100 * at['precision'])} d’alertes vraies pour {percent(at['rappel'])} d’épisodes "
            "signalés"
        )
    ax.set(xlim=(0, 102), ylim=(0, 102))
    ax.legend(title=f"Points\u00a0: seuil {number(mark, 1)}")
    text = f"Une courbe par lieu. Au seuil {number(mark, 1)}\u00a0: {' ; '.join(listed)}."
    title = "Où le danger est rare, aucun seuil ne donne\nà la fois des alertes vraies et peu de manques"
    return finish(ax, title, "Épisodes signalés (%)", "Alertes vraies (%)", text)


def tradeoff(curves: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Ce que coûte la tranquillité : épisodes signalés selon les fausses alertes par heure.

    Parameters
    ----------
    curves : mapping of str to DataFrame
        Par nom (méthode ou lieu), tableau de :meth:`formation.securite.evaluation.Trial.curve` ; le premier fait le
        titre.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    for rank, (name, curve) in enumerate(curves.items()):
        shown = curve[curve["fausses_heure"] > 0].sort_values("fausses_heure")
        ax.plot(
            shown["fausses_heure"], 100 * shown["rappel"], color=SERIES[rank], marker=MARKERS[rank], markersize=4,
            label=NAMES.get(name, name),
        )  # fmt: skip
    ax.set_xscale("log")
    ticks = [1, 2, 5, 10, 20, 50]
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.set_ylim(0, 102)
    ax.legend(loc="lower right")
    name, curve = next(iter(curves.items()))
    name = NAMES.get(name, name)
    calm, often = (curve.loc[(curve["fausses_heure"] - target).abs().idxmin()] for target in (2, 12))
    title = (
        f"De {number(often['fausses_heure'])} à {number(calm['fausses_heure'], 1)} fausses alertes par heure,\non "
        f"passe de {percent(often['rappel'])} à {percent(calm['rappel'])} d’épisodes signalés"
    )
    text = (
        f"Épisodes signalés selon les fausses alertes par heure, un point par seuil. "
        f"{name[0].upper()}{name[1:]}\u00a0: {percent(often['rappel'])} à {number(often['fausses_heure'], 1)} fausses "
        f"alertes par heure, {percent(calm['rappel'])} à {number(calm['fausses_heure'], 1)}."
    )
    return finish(
        ax, title, "Fausses alertes par heure de veille (échelle logarithmique)", "Épisodes signalés (%)", text
    )


def _of_method(table: pd.DataFrame, method: str) -> pd.DataFrame:
    rows = table[table["methode"] == method].sort_values("prevalence", ascending=False, ignore_index=True)
    if rows.empty:
        raise ValueError(f"Méthode « {method} » absente. Méthodes : {', '.join(table['methode'].unique())}.")
    return rows


def _reach(rows: pd.DataFrame, name: str) -> Any:
    low, high = (100 * (rows[name] - rows[f"{name}_bas"]), 100 * (rows[f"{name}_haut"] - rows[name]))
    return [low.clip(lower=0), high.clip(lower=0)]


def _shares(rows: pd.DataFrame) -> list[tuple[str, float]]:
    return list(zip(rows["lieu"], rows["prevalence"], strict=True))


def _hundreds(rows: pd.DataFrame) -> str:
    return ", puis ".join(number(100 * p, 0 if p >= 0.095 else 1) for p in rows["precision"])


def _percent(value: float) -> str:
    digits = 0 if value >= 9.5 else 1 if value >= 0.95 else 2
    return f"{number(value, digits)}\u00a0%"
