"""Figures du cas : chaque fonction rend un `Axes`, titré par son constat, avec un texte de remplacement.

Celles des alertes sont dans :mod:`formation.securite.alarm_figures` et se retrouvent ici.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from formation.numbers import number, plural
from formation.palette import MUTED, SERIES, new_axes
from formation.plotting import description, finish
from formation.securite import tables
from formation.securite.alarm_figures import MARKERS, base_law, camera, precision, precision_recall, tradeoff

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from formation.book.interactive import InteractiveFigure

__all__ = [
    "base_law", "bottleneck", "camera", "counting", "description", "interactive", "precision", "precision_recall",
    "thumbnails", "tradeoff",
]  # fmt: skip


def counting(actual: ArrayLike, estimated: ArrayLike, condition: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Densité estimée contre densité vraie, selon la condition.

    Parameters
    ----------
    actual, estimated : array_like, forme (n,)
        Densités, en personnes par m².
    condition : array_like, forme (n,)
        Condition de chaque vignette.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    from formation.securite.counting import DENSE, errors

    ax = ax or new_axes()
    truth, guess, kind = np.asarray(actual, float), np.asarray(estimated, float), np.asarray(condition, str)
    found: dict[str, dict[str, float]] = {}
    for rank, name in enumerate(dict.fromkeys(kind)):
        kept = kind == name
        found[name] = errors(guess[kept], truth[kept])
        label = f"{name}\u00a0: erreur {number(found[name]['mae'], 2)}"
        ax.scatter(truth[kept], guess[kept], s=22, marker=MARKERS[rank], color=SERIES[rank], alpha=0.75, label=label)
    top = 1.05 * float(max(truth.max(), guess.max()))
    ax.plot([0, top], [0, top], color=MUTED, linewidth=1, linestyle="--", label="compte exact")
    ax.set(xlim=(0, top), ylim=(0, top))
    ax.legend(loc="upper left", fontsize=9)
    worst = max(found, key=lambda name: found[name]["mae"])
    listed = " ; ".join(
        f"{name}, erreur moyenne {number(row['mae'], 2)}, écart moyen {number(row['biais'], 2)}"
        + (f", {number(row['biais_dense'], 1)} en foule dense" if np.isfinite(row["biais_dense"]) else "")
        for name, row in found.items()
    )
    sense = "trop peu" if found[worst]["biais"] < 0 else "trop"
    title = (
        f"Condition «\u00a0{worst}\u00a0»\u00a0: {number(found[worst]['mae'], 1)} personne par m² d’erreur,\nl’outil "
        f"compte {sense}"
    )
    text = (
        f"Chaque point est une vignette. Personnes par m²\u00a0: {listed}. La foule dense commence à "
        f"{number(DENSE, 1)}."
    )
    return finish(ax, title, "Densité vraie (personnes par m²)", "Densité estimée (personnes par m²)", text)


def thumbnails(images: ArrayLike, titles: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """Quelques vignettes côte à côte, avec leur légende.

    Parameters
    ----------
    images : array_like d’octets, forme (n, hauteur, largeur)
        Vignettes.
    titles : sequence of str
        Légendes, une par vignette.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.

    Raises
    ------
    ValueError
        S’il n’y a pas une légende par vignette.
    """
    pixels = np.asarray(images)
    if pixels.ndim != 3 or len(pixels) != len(titles) or not len(titles):
        raise ValueError(f"{len(titles)} légendes pour un tableau {pixels.shape} : une légende par vignette.")
    ax = ax or new_axes()
    count, height, width = pixels.shape
    gap = max(2, width // 12)
    strip = np.full((height, count * (width + gap) - gap), 255, np.uint8)
    for rank, image in enumerate(pixels):
        strip[:, rank * (width + gap) : rank * (width + gap) + width] = image
    ax.imshow(strip, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    centres = [rank * (width + gap) + (width - 1) / 2 for rank in range(count)]
    ax.set_xticks(centres, titles)
    ax.set_yticks([])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0)
    listed = ", ".join(title.replace("\n", " ") for title in titles)
    text = (
        f"{plural(count, 'vignette dessinée', 'vignettes dessinées')}, faites de disques vus d’en haut\u00a0: {listed}."
    )
    return finish(ax, "Des disques vus d’en haut\u00a0: aucun visage,\net pourtant on compte", "", "", text)


def bottleneck(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Densité devant un goulot, au fil du temps.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.securite.trajectories.area_density`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    ax.plot(table["temps_s"], table["densite"], color=SERIES[0], label="densité classique")
    ax.axhline(
        tables.DANGER, color=SERIES[1], linewidth=1.2, linestyle="--", label=f"danger\u00a0: {tables.DANGER:.0f}"
    )
    ax.set_ylim(0, 1.15 * max(tables.DANGER, float(table["densite"].max())))
    ax.legend(loc="upper right")
    best = table.loc[table["densite"].idxmax()]
    long = float(table.loc[table["densite"] >= 0.75 * best["densite"], "temps_s"].agg(np.ptp))
    verdict = "au-dessus du danger" if best["densite"] >= tables.DANGER else "sous le seuil de danger"
    title = f"Devant le goulot, jusqu’à {number(best['densite'], 2)} personnes par m²,\n{verdict}"
    text = (
        f"La densité monte à {number(best['densite'], 2)} personnes par m² au bout de {number(best['temps_s'])} s, "
        f"reste haute environ {number(long)} s, puis retombe\u00a0; le dernier piéton sort à "
        f"{number(table['temps_s'].max())} s."
    )
    return finish(ax, title, "Temps (s)", "Personnes par m²", text)


def interactive() -> InteractiveFigure:
    """Figure interactive du chapitre : fréquence du danger, seuil et durée de veille.

    Returns
    -------
    InteractiveFigure
        Trois curseurs.
    """
    from formation.securite.interactive import build

    return build()
