"""Figures du cas : chaque fonction rend un `Axes`, avec un titre qui énonce le constat et un texte de remplacement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.numbers import number, percent, plural
from formation.palette import INK, MUTED, SERIES, new_axes
from formation.plotting import description as description
from formation.plotting import finish
from formation.risques import evaluation, features, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from formation.risques.evaluation import Forecasts

SHOWN = (evaluation.MODEL, evaluation.PERSISTENCE, evaluation.RAIN_RULE)
_MARKS = dict(zip(SHOWN, "os^", strict=True))
_FLOW = "Débit (m³/s par km²)"


def rain_map(episode: str = "E71", *, ax: Axes | None = None) -> Axes:
    """Cumul de pluie vu par le radar pendant un épisode, et contours des huit bassins.

    Parameters
    ----------
    episode : str
        Identifiant.
    ax : Axes, optional
        Axes où dessiner ; de nouveaux par défaut.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    from matplotlib.patches import Circle

    ax = ax or new_axes()
    total = np.nansum(tables.radar(episode), axis=0) * features.STEP_MIN / 60
    image = ax.pcolormesh(total, cmap="Blues", vmin=0)
    bar = ax.figure.colorbar(image, ax=ax, label="Cumul en dix heures (mm)")
    bar.outline.set_visible(False)
    for basin in tables.load("bassins").itertuples():
        gauged = bool(basin.jauge)
        ring = Circle(
            (basin.x_km, basin.y_km), basin.rayon_km, fill=False, edgecolor=INK, linewidth=1.6,
            linestyle="-" if gauged else ":",
        )  # fmt: skip
        ax.add_patch(ring)
        ax.annotate(
            basin.id_bassin, (basin.x_km, basin.y_km), ha="center", va="center", fontweight="bold",
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip
    ax.set_aspect("equal")
    ax.grid(visible=False)
    high, low = float(total.max()), float(total.min())
    title = f"{episode}\u00a0: {number(high)}\u00a0mm ici, {number(low)} à quelques kilomètres"
    text = (
        f"Carte de 24 km de côté. Cumul de pluie vu par le radar pendant l’épisode {episode}, de {number(low)} à "
        f"{number(high)}\u00a0mm. Six bassins ont un capteur de débit ; B7 et B8, en pointillé, n’en ont pas."
    )
    return finish(ax, title, "Vers l’est (km)", "Vers le nord (km)", text)


def hydrograph(
    found: Forecasts, episode: str, basin: str, *, methods: Sequence[str] = (evaluation.MODEL,), ax: Axes | None = None
) -> Axes:
    """Débit vrai, débit mesuré et débit prévu d’un bassin pendant un épisode.

    Parameters
    ----------
    found : Forecasts
        Prévisions de :func:`formation.risques.evaluation.forecasts`.
    episode, basin : str
        Identifiants.
    methods : sequence of str
        Méthodes qui prévoient un débit.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure ; une prévision est placée à la minute qu’elle annonce, pas à celle où elle est faite.

    Raises
    ------
    ValueError
        Si l’épisode ou le bassin n’est pas dans les prévisions.
    """
    mine = ((found.rows["id_episode"] == episode) & (found.rows["id_bassin"] == basin)).to_numpy()
    if not mine.any():
        raise ValueError(f"Pas de prévision pour l’épisode {episode} et le bassin {basin} dans ce jeu.")
    rows, minute = found.rows[mine], found.rows["minute"].to_numpy()[mine]
    ax = ax or new_axes()
    ax.plot(minute, rows["vrai"], color=INK, label="vrai (connu de la seule simulation)")
    ax.plot(minute, rows["debit"], ".", color=MUTED, markersize=4, label="mesuré")
    for rank, name in enumerate(methods):
        ax.plot(
            minute + found.horizon, found.scores.loc[mine, name], color=SERIES[rank], linestyle="--",
            label=f"{name}, {found.horizon}\u00a0min d’avance",
        )  # fmt: skip
    ax.axhline(features.ALERT_M3_S_KM2, color=SERIES[3], linewidth=1, linestyle=":")
    ax.set_ylim(bottom=0)
    ax.legend(loc="best")
    true, told = float(rows["vrai"].max()), float(found.scores.loc[mine, methods[0]].max())
    silent = percent(float(rows["debit"].isna().mean()))
    title = f"{episode}, bassin {basin}\u00a0: pointe de {number(true, 1)}, annoncée à {number(told, 1)}\u00a0m³/s/km²"
    text = (
        f"Débit du bassin {basin} pendant l’épisode {episode}\u00a0: pointe vraie de {number(true, 1)} m³/s/km², "
        f"pointe annoncée {found.horizon} min avant par « {methods[0]} » de {number(told, 1)}. Le débit mesuré "
        f"manque {silent} du temps. Le trait pointillé est le seuil de débordement, 1 m³/s/km²."
    )
    return finish(ax, title, "Minutes depuis le début de l’épisode", _FLOW, text)


def csi_by_horizon(table: pd.DataFrame, *, methods: Sequence[str] = SHOWN, ax: Axes | None = None) -> Axes:
    """CSI de chaque méthode selon l’horizon.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.risques.evaluation.evaluate`.
    methods : sequence of str
        Méthodes, la principale d’abord.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    wide = table.pivot(index="horizon", columns="methode", values="csi")[list(methods)]
    ax = ax or new_axes()
    for rank, name in enumerate(methods):
        ax.plot(wide.index, wide[name], marker=_MARKS.get(name, "D"), color=SERIES[rank], label=name)
    ax.set_xticks(wide.index)
    ax.set_ylim(0, 1)
    ax.legend(loc="upper right")
    first, last = int(wide.index[0]), int(wide.index[-1])
    model, others = wide[methods[0]], wide[list(methods[1:])].max(axis=1)
    ahead = [int(horizon) for horizon in wide.index if model[horizon] > others[horizon]]
    title = f"De {first} à {last} min, le CSI du modèle passe de {number(model[first], 2)} à {number(model[last], 2)}"
    listed = " ; ".join(
        f"à {horizon} min, " + ", ".join(f"{name} {number(value, 2)}" for name, value in row.items())
        for horizon, row in wide.iterrows()
    )
    beat = f"Horizons où le modèle dépasse les deux références\u00a0: {', '.join(map(str, ahead)) or 'aucun'}"
    text = f"CSI sur les épisodes de test. {listed[0].upper()}{listed[1:]}. {beat}."
    return finish(ax, title, "Horizon de la prévision (min)", "CSI (0 à 1)", text)


def value_curve(table: pd.DataFrame, *, methods: Sequence[str] = SHOWN, ax: Axes | None = None) -> Axes:
    """Valeur relative de chaque méthode selon le rapport coût ÷ perte.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.risques.decision.value_table`, avec assez de rapports pour faire une courbe.
    methods : sequence of str
        Méthodes, la principale d’abord.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    wide = table.pivot(index="rapport", columns="methode", values="valeur")[list(methods)]
    ax = ax or new_axes()
    for rank, name in enumerate(methods):
        ax.plot(wide.index, wide[name], marker=_MARKS.get(name, "D"), markersize=5, color=SERIES[rank], label=name)
    ax.axhline(0, color=MUTED, linewidth=1)
    ax.set_ylim(min(-0.1, float(wide.min().min()) - 0.05), 1)
    ax.legend(loc="best")
    best = wide[methods[0]].idxmax()
    peak = float(wide[methods[0]].max())
    title = f"Le modèle vaut le plus quand une perte coûte {plural(round(1 / best), 'alerte')}"
    listed = " ; ".join(
        f"rapport {number(ratio, 2)}\u00a0: " + ", ".join(f"{name} {number(value, 2)}" for name, value in row.items())
        for ratio, row in wide.iloc[:: max(1, len(wide) // 4)].iterrows()
    )
    text = (
        f"Valeur relative (1 = prévision parfaite, 0 = pas mieux que toujours ou jamais). {listed}. Au mieux, "
        f"{number(peak, 2)} pour « {methods[0]} »."
    )
    return finish(ax, title, "Coût d’une alerte ÷ perte évitée", "Valeur relative", text)


def threshold_counts(table: pd.DataFrame, *, chosen: float | None = None, ax: Axes | None = None) -> Axes:
    """Débordements annoncés, manqués et fausses alertes selon le seuil.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.risques.decision.counts`.
    chosen : float, optional
        Seuil choisi sur la validation, marqué d’un trait.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    names = {"justes": "annoncés à temps", "fausses": "alertes pour rien", "manquees": "manqués"}
    for column, colour, mark in zip(names, (SERIES[4], SERIES[1], SERIES[3]), "os^", strict=True):
        ax.plot(table["seuil"], table[column], marker=mark, markersize=5, color=colour, label=names[column])
    if chosen is not None:
        ax.axvline(chosen, color=MUTED, linestyle=":")
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper right")
    low, high = table.iloc[0], table.iloc[-1]
    floods = int(low["justes"] + low["manquees"])
    title = (
        f"Monter le seuil\u00a0: {int(low['fausses'])} puis {int(high['fausses'])} alertes pour rien, "
        f"{int(low['manquees'])} puis {int(high['manquees'])} manqués"
    )
    text = (
        f"Couples épisode × bassin du test, {floods} débordements. Du seuil {number(low['seuil'], 2)} au seuil "
        f"{number(high['seuil'], 2)}, les alertes pour rien passent de {int(low['fausses'])} à "
        f"{int(high['fausses'])}, les débordements manqués de {int(low['manquees'])} à {int(high['manquees'])}."
    )
    return finish(ax, title, "Débit annoncé qui déclenche l’alerte (m³/s par km²)", "Couples épisode × bassin", text)


def silent_sensor(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """CSI du modèle selon la panne du limnimètre, sans garde puis avec.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.risques.traps.silent_sensor`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    place = np.arange(len(table))
    without, guarded = (table[name].fillna(0).to_numpy(float) for name in ("csi", "csi_garde"))
    bars = [
        ax.bar(place - 0.2, without, 0.4, color=SERIES[1], label="sans garde"),
        ax.bar(place + 0.2, guarded, 0.4, color=SERIES[0], hatch="//", edgecolor="white", label="avec la garde"),
    ]
    for group, values in zip(bars, (without, guarded), strict=True):
        ax.bar_label(group, [number(value, 2) for value in values], padding=2, fontsize=9)
    ax.set_xticks(place, list(table.index))
    ax.set_ylim(0, 1)
    ax.legend(loc="upper right")
    calm, mute = without[0], without[list(table.index).index("absent")]
    title = f"Capteur muet\u00a0: le CSI passe de {number(calm, 2)} à {number(mute, 2)}, sans aucune erreur"
    listed = " ; ".join(
        f"{name}, {number(a, 2)} sans garde et {number(b, 2)} avec"
        for name, a, b in zip(table.index, without, guarded, strict=True)
    )
    return finish(ax, title, "Panne du limnimètre", "CSI (0 à 1)", f"CSI à une heure selon la panne. {listed}.")


def extrapolation(table: pd.DataFrame, *, ceiling: float | None = None, ax: Axes | None = None) -> Axes:
    """Pointes de l’épisode de type 1988 : vraies et prévues, bassin par bassin.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.risques.extreme.peaks`.
    ceiling : float, optional
        Plus forte pointe apprise, marquée d’un trait.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure ; échelle logarithmique si une méthode s’emballe.
    """
    names = {"modele": "modèle (arbres)", "lineaire": "régression linéaire", "logarithme": "linéaire, en logarithme",
             "physique": "modèle physique"}  # fmt: skip
    shown = [name for name in names if name in table]
    ax = ax or new_axes()
    place = np.arange(len(table))
    ax.bar(place, table["vraie"], 0.8, color="#d5dce3", label="vraie")
    for rank, name in enumerate(shown):
        shift = (rank - (len(shown) - 1) / 2) * 0.17
        ax.plot(place + shift, table[name], "os^D"[rank], color=SERIES[rank], markersize=7, label=names[name])
    if ceiling is not None:
        ax.axhline(ceiling, color=MUTED, linestyle=":", linewidth=1.4, label="plus forte pointe apprise")
    if float(table[shown].max().max()) > 4 * float(table["vraie"].max()):
        ax.set_yscale("log")
        # Deux décades de vide en haut : la légende ne couvre aucun point.
        ax.set_ylim(1, 80 * float(table[shown].max().max()))
        ax.yaxis.set_major_formatter(lambda value, _: number(value))
    ax.set_xticks(place, list(table.index))
    ax.legend(ncols=2, fontsize=9, loc="upper right")
    gap = table["ecart_modele"]
    title = f"Jamais vu\u00a0: le modèle annonce {percent(-float(gap.mean()))} de moins que la pointe vraie"
    listed = " ; ".join(
        f"{name}\u00a0: vraie {number(row['vraie'], 1)}, " + ", ".join(f"{names[n]} {number(row[n], 1)}" for n in shown)
        for name, row in table.iterrows()
    )
    text = f"Pointes en m³/s/km² pendant l’épisode de type 1988. {listed}."
    return finish(ax, title, "Bassin", _FLOW, text)


def interactive() -> Any:
    """Figure interactive du chapitre : le seuil d’alerte et le coût d’un débordement manqué.

    Returns
    -------
    InteractiveFigure
        Figure prête pour la directive `figure-interactive`.
    """
    from formation.risques.interactive import build

    return build()


def interactive_orage() -> Any:
    """Figure interactive du chapitre : un orage passe, minute par minute.

    Returns
    -------
    InteractiveFigure
        Figure prête pour la directive `figure-interactive`.
    """
    from formation.risques.storm_figure import build

    return build()
