"""Figures du cas : chaque fonction rend un `Axes`, titré par son constat, avec un texte de remplacement.

Celles qui montrent des photos sont dans :mod:`formation.mobilites.map_figures`, celles du seuil dans
:mod:`formation.mobilites.decision_figures`, et se retrouvent ici.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.mobilites.decision_figures import areas, decision_matrix, probability_curve
from formation.mobilites.map_figures import tile, tiles
from formation.numbers import number, percent
from formation.palette import INK, SERIES, new_axes
from formation.plotting import description, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from formation.book.comparison import BeforeAfter
    from formation.book.interactive import InteractiveFigure

__all__ = [
    "areas", "avant_apres", "counting", "decision_matrix", "description", "interactive", "iou_by_method",
    "probability_curve", "radiometric_shift", "split", "tile", "tiles",
]  # fmt: skip


def iou_by_method(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Recouvrement (IoU) de chaque méthode, de la plus faible à la plus forte.

    Parameters
    ----------
    table : DataFrame
        Colonnes `methode` et `iou` ; `iou_bas` et `iou_haut` s’il y a des bornes.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = table.sort_values("iou", kind="stable", ignore_index=True)
    return _bars(rows, "methode", "iou", _best_title(rows), "Indice de recouvrement (IoU, de 0 à 1)", ax)


def radiometric_shift(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Recouvrement sur la campagne apprise, sur une autre, puis après recalage.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.mobilites.radiometry.evaluate` : `etat`, `iou`, et si possible des bornes.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    first, second = float(table["iou"].iloc[0]), float(table["iou"].iloc[1])
    title = f"Une autre campagne\u00a0: l’IoU tombe de {number(first, 2)} à {number(second, 2)}"
    if len(table) > 2:
        best = table.iloc[2:].loc[table["iou"].iloc[2:].idxmax()]
        title += f",\npuis {number(float(best['iou']), 2)} ({best['etat']})"
    return _bars(table.iloc[::-1], "etat", "iou", title, "Indice de recouvrement (IoU, de 0 à 1)", ax)


def split(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Ce que gagne, en apparence, un mauvais découpage.

    Parameters
    ----------
    table : DataFrame
        Colonnes `decoupage` et `f1` (ou `iou`).
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    value = "f1" if "f1" in table else "iou"
    rows = table.sort_values(value, kind="stable", ignore_index=True)
    low, high = rows.iloc[0], rows.iloc[-1]
    title = (
        f"Le même modèle\u00a0: {number(low[value], 2)} {low['decoupage']},\n{number(high[value], 2)} "
        f"{high['decoupage']}"
    )
    label = "Score F1 (de 0 à 1)" if value == "f1" else "Indice de recouvrement (IoU, de 0 à 1)"
    return _bars(rows, "decoupage", value, title, label, ax)


def counting(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Total compté par chaque méthode, devant le vrai total.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.mobilites.counting.compare` : `methode`, `mae`, `total`, `total_vrai`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = table.sort_values("mae", ascending=False, kind="stable", ignore_index=True)
    ax = ax or new_axes()
    true = float(rows["total_vrai"].iloc[0])
    bars = ax.barh(list(rows["methode"]), rows["total"], 0.6, color=SERIES[0])
    labels = [
        f"{number(row['total'])}, erreur {number(row['mae'], 1)} par tuile" for row in rows.to_dict(orient="records")
    ]
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    ax.bar_label(bars, labels, padding=5, fontsize=9, bbox=white)
    ax.axvline(true, color=INK, linestyle="--", linewidth=1.4, label=f"vrai\u00a0: {number(true)}")
    ax.set_xlim(0, 1.65 * max(true, float(rows["total"].max())))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), fontsize=9)
    worst = rows.loc[(rows["total"] - true).abs().idxmax()]
    gap = float(worst["total"]) / true - 1
    sense = "trop" if gap > 0 else "moins"
    title = (
        f"«\u00a0{worst['methode']}\u00a0»\u00a0: {percent(abs(gap))} de {sense} en tout\u00a0;\n"
        f"«\u00a0{rows.iloc[-1]['methode']}\u00a0» se trompe le moins par tuile"
    )
    listed = " ; ".join(
        f"{row['methode']}\u00a0: {label}" for row, label in zip(rows.to_dict("records"), labels, strict=True)
    )
    return finish(ax, title, "Nombre compté sur les tuiles de test", "", f"Vrai total\u00a0: {number(true)}. {listed}.")


def interactive() -> InteractiveFigure:
    """Figure interactive du chapitre : erreur de surface, surface du parc, marge de contrôle.

    Returns
    -------
    InteractiveFigure
        Trois curseurs.
    """
    from formation.mobilites.interactive import build

    return build()


def avant_apres() -> BeforeAfter:
    """Comparaison avant-après du chapitre : une photo, et ce que le modèle en dit.

    Returns
    -------
    formation.book.comparison.BeforeAfter
        Deux images, leurs textes.
    """
    from formation.mobilites.map_figures import before_after

    return before_after()


def _bars(rows: pd.DataFrame, names: str, value: str, title: str, label: str, ax: Axes | None) -> Axes:
    """Barres horizontales, de 0 à 1, avec leurs bornes si le tableau en a."""
    ax = ax or new_axes()
    known = rows[value].to_numpy(float)
    bounded = {f"{value}_bas", f"{value}_haut"} <= set(rows)
    spread = (known - rows[f"{value}_bas"], rows[f"{value}_haut"] - known) if bounded else None
    reach = None if spread is None else np.clip(np.array(spread, float), 0, None)
    ax.barh(list(rows[names]), known, 0.6, color=SERIES[0], xerr=reach, capsize=4, ecolor=INK)
    for place, share in enumerate(known):
        right = share + (0 if reach is None else float(reach[1][place]))
        ax.annotate(number(share, 2), (right + 0.02, place), va="center", fontweight="bold")
    ax.set_xlim(0, 1.12)
    ax.set_xticks(np.linspace(0, 1, 6))
    ax.grid(axis="y", visible=False)
    listed = " ; ".join(
        f"{row[names]}\u00a0: {number(float(row[value]), 2)}"
        + (f" (entre {number(row[f'{value}_bas'], 2)} et {number(row[f'{value}_haut'], 2)})" if bounded else "")
        for row in rows.iloc[::-1].to_dict(orient="records")
    )
    return finish(ax, title, label, "", f"{label}, de la plus haute à la plus basse barre. {listed}.")


def _best_title(rows: pd.DataFrame) -> str:
    best, rival, worst = rows.iloc[-1], rows.iloc[-2] if len(rows) > 1 else None, rows.iloc[0]
    if rival is None:
        return f"{best['methode'].capitalize()}\u00a0: IoU de {number(best['iou'], 2)}"
    return (
        f"{worst['methode'].capitalize()}\u00a0: {number(worst['iou'], 2)}\u00a0; {best['methode']}\u00a0: "
        f"{number(best['iou'], 2)},\n{number(best['iou'] - rival['iou'], 2)} de mieux que le "
        f"«\u00a0{rival['methode']}\u00a0»"
    )
