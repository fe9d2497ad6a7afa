"""Figures du comité : chaque fonction rend un `Axes` dont le titre énonce le constat, et un texte de remplacement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from formation.comite import basins, calls, months, streets, strikes
from formation.comite.gain import GAINS, NOTHING, TRAP
from formation.numbers import number, percent, plural
from formation.palette import MUTED, SERIES, new_axes
from formation.plotting import description as description
from formation.plotting import finish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from formation.comite.street_weeks import Grid

COLOURS = {GAINS: SERIES[4], NOTHING: SERIES[2], TRAP: SERIES[1]}
MARKS = {GAINS: "o", NOTHING: "s", TRAP: "X"}
ESSAYS = {
    streets.WITHOUT: "l’eau seule",
    streets.BEFORE: "avec les appels d’avant",
    streets.SAME_WEEK: "avec les appels de la même semaine (piège)",
}
"""Nom affiché de chaque essai de J2."""


def gains_bars(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Gain de chaque jointure, en part de la mesure sans, avec son intervalle.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.comite.summary.results`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = table[::-1].reset_index(drop=True)
    ax = ax or new_axes()
    share = {name: 100 * rows[name] / rows["sans"] for name in ("gain", "gain_min", "gain_max")}
    for verdict, colour in COLOURS.items():
        kept = (rows["verdict"] == verdict).to_numpy()
        if not kept.any():
            continue
        middle = share["gain"][kept]
        spread = np.abs([middle - share["gain_min"][kept], share["gain_max"][kept] - middle])
        place = np.flatnonzero(kept)
        ax.errorbar(middle, place, xerr=spread, fmt=MARKS[verdict], color=colour, capsize=4, label=verdict, ls="none")
    ax.axvline(0, color=MUTED, linewidth=1)
    ax.set_yticks(range(len(rows)), rows["code"])
    count = {verdict: int((rows["verdict"] == verdict).sum()) for verdict in COLOURS}
    title = (
        f"{plural(len(rows), 'jointure')} : {count[GAINS]} gagnent, {count[NOTHING]} ne gagnent rien,\n"
        f"{plural(count[TRAP], 'piège')}"
    )
    listed = " ; ".join(
        f"{row['code']}, {row['verdict']} ({number(row['sans'], 1)} puis {number(row['avec'], 1)}, {row['mesure']})"
        for _, row in table.iterrows()
    )
    finish(ax, title, "Gain, en part de la mesure sans la jointure (%)", "", f"Gain de chaque jointure : {listed}.")
    ax.legend(loc="lower right")
    return ax


def calls_by_data(errors: pd.DataFrame, *, kind: str = calls.LINEAR, ax: Axes | None = None) -> Axes:
    """Erreur sur les appels du lendemain, selon les tables jointes.

    Parameters
    ----------
    errors : DataFrame
        Tableau de :func:`formation.comite.calls.errors`.
    kind : str
        Méthode.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = errors[errors["methode"] == kind].iloc[::-1].reset_index(drop=True)
    ax = ax or new_axes()
    place = np.arange(len(rows))
    ax.barh(place + 0.2, rows["erreur"], 0.38, color=SERIES[0], label="tous les jours")
    ax.barh(
        place - 0.2, rows["erreur_atypiques"], 0.38, color=SERIES[1], hatch="//", edgecolor="white",
        label="jours atypiques",
    )  # fmt: skip
    ax.set_yticks(place, rows["donnees"])
    ax.set_xlim(0, 1.3 * float(rows["erreur_atypiques"].max()))
    first, last = rows.iloc[-1], rows.iloc[0]
    title = (
        f"De {number(first['erreur'], 1)} à {number(last['erreur'], 1)}\u00a0% d’erreur ; les jours atypiques,\n"
        f"de {number(first['erreur_atypiques'], 1)} à {number(last['erreur_atypiques'], 1)}\u00a0%"
    )
    listed = " ; ".join(
        f"{row['donnees']} {number(row['erreur'], 1)} et {number(row['erreur_atypiques'], 1)}"
        for _, row in rows[::-1].iterrows()
    )
    text = f"Erreur sur les appels du lendemain, tous les jours puis les jours atypiques, en % : {listed}."
    finish(ax, title, "Erreur moyenne (% des appels du jour)", "", text)
    ax.legend(loc="lower right")
    return ax


def street_curves(
    broken: Grid, risks: Mapping[str, Grid], *, share: float = streets.SHARE, ax: Axes | None = None
) -> Axes:
    """Casses captées selon la part des rues visitées chaque semaine.

    Parameters
    ----------
    broken : ndarray, forme (n_rues, n_semaines)
        Casses.
    risks : mapping of str to ndarray
        Notes de :func:`formation.comite.streets.scores`.
    share : float
        Part des rues où l’on place le repère.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    grid = np.round(np.arange(0.005, 0.1001, 0.005), 3)
    ax = ax or new_axes()
    at, total = {}, float(broken.sum())
    for name, score in risks.items():
        found = [float(streets.captured(score, broken, part).sum()) / total for part in grid]
        at[name] = float(streets.captured(score, broken, share).sum()) / total
        ax.plot(100 * grid, 100 * np.array(found), label=f"{ESSAYS[name]}\u00a0: {percent(at[name])}")
    ax.axvline(100 * share, color=MUTED, linewidth=1, linestyle=":")
    title = (
        f"En visitant {percent(share)} des rues, {percent(at[streets.BEFORE])} des casses\n"
        f"au lieu de {percent(at[streets.WITHOUT])}"
    )
    listed = " ; ".join(f"{ESSAYS[name]} {percent(value)}" for name, value in at.items())
    text = f"Part des casses captées selon la part des rues visitées. À {percent(share)} des rues : {listed}."
    finish(ax, title, "Part des rues visitées chaque semaine (%)", "Part des casses captées (%)", text)
    ax.set(xlim=(0, 10), ylim=(0, 100))
    ax.legend(loc="lower right", fontsize=9)
    return ax


def privacy_price(prices: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Casses captées selon la finesse des appels transmis.

    Parameters
    ----------
    prices : DataFrame
        Tableau de :func:`formation.comite.privacy.price`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = prices[::-1].reset_index(drop=True)
    base, best = float(prices["part_captee"].iloc[0]), float(prices["part_captee"].max())
    ax = ax or new_axes()
    colours = [SERIES[0] if value == best else SERIES[2] for value in rows["part_captee"]]
    ax.barh(range(len(rows)), 100 * rows["part_captee"], color=colours)
    ax.axvline(100 * base, color=MUTED, linestyle=":")
    ax.set_yticks(range(len(rows)), [str(name).replace(", ", "\n") for name in rows["transmis"]])
    for rank, value in enumerate(rows["part_captee"]):
        ax.text(100 * value + 1, rank, percent(value), va="center")
    ax.set_xlim(0, 120 * best)
    title = f"Seul le compte par rue et par semaine aide : {percent(best)},\ncontre {percent(base)} sans rien"
    listed = " ; ".join(f"{row['transmis']} {percent(row['part_captee'])}" for _, row in prices.iterrows())
    finish(ax, title, "Part des casses captées (%)", "", f"Casses captées selon ce que l’on transmet : {listed}.")
    return ax


def peaks(true: Grid, computed: Mapping[str, Grid], *, ax: Axes | None = None) -> Axes:
    """Pointe calculée et pointe vraie de chaque épisode, sans la carte puis avec.

    Parameters
    ----------
    true : ndarray, forme (n_bassins, n_episodes, 120)
        Débits vrais.
    computed : mapping of str to ndarray
        Débits de :func:`formation.comite.basins.hydrographs`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    table = basins.summary(true, computed).set_index("part_impermeable")
    ax = ax or new_axes()
    peak = true.max(axis=-1).ravel()
    styles = {basins.MEAN: ("o", SERIES[1], "none"), basins.MAPPED: ("D", SERIES[0], SERIES[0])}
    for name, (mark, colour, face) in styles.items():
        found = computed[name].max(axis=-1).ravel()
        label = f"{name}\u00a0: {number(table.loc[name, 'erreur_pointe'])}\u00a0% d’erreur"
        ax.plot(peak, found, mark, color=colour, markerfacecolor=face, markersize=4, alpha=0.8, label=label)
    ends = [0.8 * float(peak.min()), 1.2 * float(peak.max())]
    ax.plot(ends, ends, color=MUTED, linewidth=1, linestyle=":")
    ax.set(xscale="log", yscale="log")
    ticks = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
    shown = [tick for tick in ticks if ends[0] <= tick <= ends[1]]
    for set_ticks in (ax.set_xticks, ax.set_yticks):
        set_ticks(shown, [number(tick, 2 if tick < 0.1 else 1) for tick in shown])
        set_ticks([], minor=True)
    before, after = (float(table.loc[name, "erreur_pointe"]) for name in styles)
    title = f"La carte ramène l’erreur sur la pointe de {number(before)} à {number(after)}\u00a0%"
    text = (
        f"Pointe calculée contre pointe vraie, {true.shape[0]} bassins et {plural(true.shape[1], 'épisode')}. Sans la "
        f"carte, les petites crues sont loin de la diagonale ({number(before)}\u00a0% d’erreur) ; avec, elles s’en "
        f"rapprochent ({number(after)}\u00a0%). Les plus fortes changent peu."
    )
    finish(ax, title, "Pointe vraie (m³/s/km²)", "Pointe calculée (m³/s/km²)", text)
    ax.legend(loc="upper left")
    return ax


def strike_days(predicted: pd.DataFrame, *, kind: str = strikes.TREES, ax: Axes | None = None) -> Axes:
    """Erreur sur les repas, jour de grève par jour de grève, selon ce que l’on savait.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`formation.comite.strikes.forecasts`.
    kind : str
        Méthode.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = predicted[predicted["jour_greve"]]
    ax = ax or new_axes()
    essays = (strikes.WITHOUT, strikes.LATE_NOTICE, strikes.KNOWN_RATE)
    rate = 100 * rows.groupby("date")[strikes.RATE].first()
    total = rows.groupby("date")["demande"].sum()
    means = {}
    for rank, name in enumerate(essays):
        off = (rows[f"{kind} | {name}"] - rows["demande"]).abs()
        by_day = 100 * off.groupby(rows["date"]).sum() / total
        means[name] = 100 * float(off.sum() / rows["demande"].sum())
        ax.plot(
            rate,
            by_day,
            "osX"[rank],
            color=SERIES[(1, 0, 4)[rank]],
            label=f"{name}\u00a0: {number(means[name], 1)}\u00a0%",
        )
    title = (
        f"Un préavis ramène l’erreur de {number(means[essays[0]], 1)} à {number(means[essays[1]], 1)}\u00a0% ;\n"
        f"le taux de grève, que personne ne sait d’avance, à {number(means[essays[2]], 1)}\u00a0%"
    )
    listed = " ; ".join(f"{name} {number(value, 1)}\u00a0%" for name, value in means.items())
    text = (
        f"Erreur de chaque jour de grève selon le taux constaté. En moyenne : {listed}. Sous 10\u00a0% de grévistes, "
        "les trois se confondent ; au-dessus, seule la connaissance du taux corrige la commande."
    )
    finish(ax, title, "Taux de grève constaté (%)", "Erreur sur les repas (%)", text)
    ax.legend(loc="upper left", title="Ce que l’on savait")
    return ax


def months_noise(predicted: pd.DataFrame, *, kind: str = months.LINEAR, ax: Axes | None = None) -> Axes:
    """Casses de chaque mois, et ce qu’en disaient les deux modèles.

    Parameters
    ----------
    predicted : DataFrame
        Tableau de :func:`formation.comite.months.forecasts`.
    kind : str
        Méthode.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    when = predicted.index.to_timestamp()
    errors = months.errors(predicted).set_index(["methode", "donnees"])["erreur"]
    ax = ax or new_axes()
    ax.bar(when, predicted["casses"], width=24, color=SERIES[2], alpha=0.5, label="casses du mois")
    means = {}
    for name, colour, dash in zip(months.SETS, (SERIES[0], SERIES[1]), ("-", "--"), strict=True):
        means[name] = float(errors[kind, name])
        label = f"{name}\u00a0: erreur {number(means[name], 2)}"
        ax.plot(when, predicted[f"{kind} | {name}"], color=colour, linestyle=dash, label=label)
    noise = months.chance_error(float(predicted["casses"].mean()))
    before, after = means.values()
    title = (
        f"La météo n’aide pas : {number(before, 2)} puis {number(after, 2)} casses d’erreur,\n"
        f"quand le hasard seul en fait {number(noise, 2)}"
    )
    text = (
        f"Casses mensuelles, {plural(len(predicted), 'mois', 'mois')} de test. Les deux prévisions restent près de la "
        f"moyenne pendant que les casses sautent d’un mois à l’autre. Erreur {number(before, 2)} sans la météo, "
        f"{number(after, 2)} avec ; plancher du hasard {number(noise, 2)}."
    )
    finish(ax, title, "Mois", "Casses signalées", text)
    ax.set_ylim(0, 1.35 * float(predicted["casses"].max()))
    ax.legend(loc="upper left", ncols=3, fontsize=9)
    return ax


def interactive() -> Any:
    """Figure interactive du chapitre : part des rues visitées × qui partage.

    Returns
    -------
    InteractiveFigure
        Figure prête pour la directive `figure-interactive`.
    """
    from formation.comite.interactive import build

    return build()


def interactive_croisements() -> Any:
    """Seconde figure interactive : un croisement par position, la mesure sans et avec.

    Returns
    -------
    InteractiveFigure
        Figure prête pour la directive `figure-interactive`.
    """
    from formation.comite.interactive import build_joins

    return build_joins()
