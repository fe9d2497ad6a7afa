"""Figures du seuil : surfaces vraies et trouvées, matrice de décision, probabilité d’obligation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.mobilites.tables import THRESHOLD_M2
from formation.numbers import number, percent, plural
from formation.palette import DASHES, MUTED, SERIES, new_axes
from formation.plotting import finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

NEAR = 0.2
"""Bande dessinée de part et d’autre du seuil, en part."""
_SUBJECT, _FREE = "assujetti", "non assujetti"


def areas(table: pd.DataFrame, *, threshold: float = THRESHOLD_M2, ax: Axes | None = None) -> Axes:
    """Surface trouvée contre surface vraie, parc par parc, et la bande où une petite erreur change l’obligation.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.mobilites.surface.parks` : `surface_m2`, `surface_predite_m2`, et `entier` (0 si le
        bord de la photo coupe le parc).
    threshold : float
        Seuil de surface, en m².
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    rows = table[table["surface_predite_m2"].notna()]
    true, found = rows["surface_m2"].to_numpy(float), rows["surface_predite_m2"].to_numpy(float)
    whole = rows["entier"].eq(1).to_numpy() if "entier" in rows else np.ones(len(rows), bool)
    seen = rows["surface_visible_m2"].gt(0).to_numpy() if "surface_visible_m2" in rows else np.ones(len(rows), bool)
    ax = ax or new_axes()
    ax.axvspan((1 - NEAR) * threshold, (1 + NEAR) * threshold, color=SERIES[5], alpha=0.15, linewidth=0)
    for limit in (ax.axhline, ax.axvline):
        limit(threshold, color=MUTED, linewidth=1, linestyle="--")
    top = 1.06 * float(max(true.max(), found.max(), threshold))
    ax.plot([0, top], [0, top], color=MUTED, linewidth=1, label="surface exacte")
    wrong = (true > threshold) != (found > threshold)
    for kept, marker, colour, label in (
        (seen & whole & ~wrong, "o", SERIES[0], "parc entier, bien jugé"),
        (seen & ~whole & ~wrong, "s", SERIES[2], "parc coupé, bien jugé"),
        (seen & whole & wrong, "D", SERIES[1], "parc entier, mal jugé"),
        (seen & ~whole & wrong, "X", SERIES[3], "parc coupé par la photo, mal jugé"),
        (~seen, "v", SERIES[4], "plus récent que la photo"),
    ):
        if kept.any():
            ax.scatter(true[kept], found[kept], s=34, marker=marker, color=colour, label=label, alpha=0.85)
    ax.set(xlim=(0, top), ylim=(0, top))
    ax.legend(loc="upper left", fontsize=8.5, frameon=True, framealpha=0.9, edgecolor="none")
    missed, invented = int((wrong & (true > threshold)).sum()), int((wrong & (true <= threshold)).sum())
    near = np.abs(true / threshold - 1) <= NEAR
    title = (
        f"{plural(missed, 'parc oublié', 'parcs oubliés')} et {plural(invented, 'annoncé à tort', 'annoncés à tort')}, "
        f"sur {number(len(rows))},\nau seuil de {number(threshold)}\u00a0m²"
    )
    cut = int((wrong & ~whole & seen & (true > threshold)).sum())
    unseen = int((wrong & ~seen & (true > threshold)).sum())
    newer = f", {plural(unseen, 'plus récent', 'plus récents')} que la photo" if unseen else ""
    text = (
        f"Un point par parc. Au seuil de {number(threshold)} m²\u00a0: "
        f"{plural(missed, 'assujetti oublié', 'assujettis oubliés')}, dont {number(cut)} que le bord de la photo coupe"
        f"{newer}, et {plural(invented, 'annoncé à tort', 'annoncés à tort')}. À moins de {percent(NEAR)} du "
        "seuil\u00a0: "
        f"{plural(int(near.sum()), 'parc')} sur {number(len(rows))}, dont "
        f"{plural(int((wrong & near).sum()), 'mal jugé', 'mal jugés')}."
    )
    return finish(ax, title, "Surface vraie du parc (m²)", "Surface trouvée sur la photo (m²)", text)


def decision_matrix(table: pd.DataFrame, *, threshold: float = THRESHOLD_M2, ax: Axes | None = None) -> Axes:
    """Matrice de décision : la vérité en lignes, ce que dit la photo en colonnes.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.mobilites.decision.matrix` (vérité × verdict, des effectifs), ou celui de
        :func:`formation.mobilites.surface.parks`, compté ici.
    threshold : float
        Seuil de surface, en m².
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    counts = _counted(table, threshold) if "surface_m2" in table else table
    values = counts.to_numpy(int)
    ax = ax or new_axes()
    # Une faute se voit à son fond, sans que la couleur soit seule à le dire : « oublié » ou « à tort » est écrit.
    for row, truth in enumerate(counts.index):
        for column, verdict in enumerate(counts.columns):
            word = _word(str(truth), str(verdict))
            colour = {"oublié": "#f4d3c0", "à tort": "#f4d3c0", "à vérifier": "#efe6cf"}.get(word, "#d7e6f3")
            ax.add_patch(_cell(column, row, colour))
            ax.text(column + 0.5, row + 0.42, number(int(values[row, column])), ha="center", va="center", fontsize=20)
            ax.text(column + 0.5, row + 0.75, word, ha="center", va="center", fontsize=9, color=MUTED)
    ax.set(xlim=(0, len(counts.columns)), ylim=(len(counts.index), 0))
    ax.set_xticks(np.arange(len(counts.columns)) + 0.5, list(counts.columns))
    ax.set_yticks(np.arange(len(counts.index)) + 0.5, list(counts.index), rotation=90, va="center")
    ax.grid(visible=False)
    ax.tick_params(length=0)
    said = {
        name: int(sum(values[r, c] for r, t in enumerate(counts.index) for c, v in enumerate(counts.columns)
                      if _word(str(t), str(v)) == name))
        for name in ("oublié", "à tort", "juste", "à vérifier")
    }  # fmt: skip
    checked = f", {number(said['à vérifier'])} à vérifier" if said["à vérifier"] else ""
    title = (
        f"{plural(said['oublié'], 'obligation oubliée', 'obligations oubliées')}, "
        f"{plural(said['à tort'], 'annoncée à tort', 'annoncées à tort')}{checked}\nsur {number(values.sum())} parcs"
    )
    text = (
        f"Seuil de {number(threshold)} m², {number(values.sum())} parcs\u00a0: {number(said['juste'])} bien jugés, "
        f"{plural(said['oublié'], 'assujetti oublié', 'assujettis oubliés')}, "
        f"{plural(said['à tort'], 'annoncé à tort', 'annoncés à tort')}{checked}."
    )
    return finish(ax, title, "Ce que dit la photo", "Vérité", text)


def probability_curve(
    errors_pct: Sequence[float] = (2, 4, 8, 15), *, threshold: float = THRESHOLD_M2, ax: Axes | None = None
) -> Axes:
    """Probabilité d’être au-dessus du seuil selon la surface mesurée, une courbe par erreur.

    Parameters
    ----------
    errors_pct : sequence of float
        Écarts types de la mesure, en pour cent.
    threshold : float
        Seuil de surface, en m².
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    from formation.mobilites import decision

    measured = np.linspace(0.6 * threshold, 1.4 * threshold, 161)
    ax = ax or new_axes()
    spans = []
    for rank, error in enumerate(errors_pct):
        chance = np.asarray(decision.probability(measured, error / 100, threshold=threshold), float)
        style = (0, DASHES[rank]) if DASHES[rank] else "-"
        ax.plot(measured, 100 * chance, color=SERIES[rank], linestyle=style, label=f"± {number(error)}\u00a0%")
        doubtful = measured[(chance > 0.1) & (chance < 0.9)]
        spans.append((error, float(doubtful.min()), float(doubtful.max())))
    ax.axvline(threshold, color=MUTED, linewidth=1, linestyle="--")
    ax.set(xlim=(measured[0], measured[-1]), ylim=(0, 100))
    ax.legend(title="Erreur (écart type)", loc="lower right", fontsize=9)
    error, low, high = spans[-1]
    title = (
        f"À {number(error)}\u00a0% d’erreur, on ne sait rien dire de sûr entre {number(low)} et {number(high)}\u00a0m²"
    )
    listed = " ; ".join(f"± {number(e)}\u00a0%, de {number(a)} à {number(b)} m²" for e, a, b in spans)
    text = (
        f"Probabilité qu’un parc dépasse {number(threshold)} m² selon la surface mesurée. Entre 10 et 90 chances sur "
        f"100, à vérifier sur place\u00a0: {listed}."
    )
    return finish(ax, title, "Surface mesurée (m²)", "Probabilité de dépasser le seuil (%)", text)


def _counted(parks: pd.DataFrame, threshold: float) -> pd.DataFrame:
    rows = parks[parks["surface_predite_m2"].notna()]
    true, found = (rows[name] > threshold for name in ("surface_m2", "surface_predite_m2"))
    counts = [[int((true.eq(t) & found.eq(f)).sum()) for f in (True, False)] for t in (True, False)]
    return pd.DataFrame(counts, index=[_SUBJECT, _FREE], columns=[_SUBJECT, _FREE])


def _word(truth: str, verdict: str) -> str:
    """Ce que vaut une case : « juste », « oublié », « à tort » ou « à vérifier »."""
    if verdict not in (_SUBJECT, _FREE):
        return "à vérifier"
    if truth == verdict:
        return "juste"
    return "oublié" if truth == _SUBJECT else "à tort"


def _cell(column: float, row: float, colour: str) -> Patch:
    from matplotlib.patches import Rectangle

    return Rectangle((column, row), 1, 1, facecolor=colour, edgecolor="white", linewidth=3)
