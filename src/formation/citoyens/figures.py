"""Figures de la concertation : chaque fonction rend un `Axes` au titre parlant, et un texte de remplacement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from formation.citoyens import coverage, reading, tables
from formation.numbers import number, percent
from formation.palette import DASHES, MUTED, SERIES, new_axes
from formation.plotting import description as description
from formation.plotting import finish

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

_SHARES = (1, 2, 5, 10)


def agreement(table: pd.DataFrame, chosen: int, *, ax: Axes | None = None) -> Axes:
    """Accord de deux regroupements sur des textes jamais vus, selon le nombre de groupes.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.citoyens.grouping.stability`.
    chosen : int
        Nombre retenu.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    at = table.set_index("groupes")["accord"]
    ax.errorbar(
        table["groupes"], table["accord"], yerr=table["erreur_type"], color=SERIES[0], marker="o", capsize=4
    )  # fmt: skip
    ax.axvline(chosen, color=MUTED, linestyle=":", linewidth=1)
    ax.set_ylim(0, 1)
    ax.set_xlim(0, None)
    title = f"{chosen} groupes retenus : deux moitiés des textes\nne s’accordent qu’à {number(at[chosen], 2)} sur 1"
    first = int(table["groupes"].iloc[0])
    text = (
        f"L’accord monte de {number(at[first], 2)} avec {first} groupes à {number(at[chosen], 2)} avec {chosen}, le "
        "nombre retenu. Il reste loin de 1 : d’autres textes donneraient d’autres groupes."
    )
    return finish(ax, title, "Nombre de groupes", "Accord sur des textes jamais vus (0 = hasard)", text)


def found_by_theme(recalls: pd.Series, by_words: pd.Series, *, ax: Axes | None = None) -> Axes:
    """Part des textes de chaque thème que les groupes, puis les mots-clés, retrouvent.

    Parameters
    ----------
    recalls : Series
        Rappel des groupes par thème, de :func:`formation.citoyens.coverage.recall`.
    by_words : Series
        Rappel des mots-clés par thème.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    names, rare = tables.titles(), list(tables.minority())
    order = [name for name in names if name not in rare] + rare
    place = np.arange(len(order))[::-1]
    ax.scatter(100 * by_words[order], place, color=SERIES[2], marker="s", label="mots-clés")
    ax.scatter(100 * recalls[order], place, color=SERIES[0], marker="o", s=60, label="groupes de la machine")
    ax.axhline(len(rare) - 0.5, color=MUTED, linewidth=1, linestyle=":")
    ax.set_yticks(place, [names[name] for name in order])
    ax.set(xlim=(-3, 165), xticks=range(0, 101, 25))
    ax.legend(loc="center right", fontsize=9)
    common, small = recalls.drop(rare).mean(), recalls[rare].mean()
    title = f"Thèmes courants : {percent(common)} des textes retrouvés ;\nvoix minoritaires : {percent(small)}"
    listed = " ; ".join(f"{names[name]}, {percent(recalls[name])}" for name in order)
    text = f"Part des textes de chaque thème rangés dans un groupe de ce nom : {listed}."
    return finish(ax, title, "Textes du thème retrouvés (%)", "", text)


def ways(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Thèmes retenus par chaque façon d’écrire la note.

    Parameters
    ----------
    table : DataFrame
        Tableau de :func:`formation.citoyens.coverage.compare`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    place = np.arange(len(table))[::-1]
    total = len(tables.minority())
    rare = ax.barh(place - 0.2, 100 * table["minoritaires"] / total, 0.36, color=SERIES[1], label="voix minoritaires")
    common = len(tables.titles()) - total
    usual = ax.barh(
        place + 0.2, 100 * table["courants"] / common, 0.36, color=SERIES[0], hatch="//", edgecolor="white",
        label="thèmes courants",
    )  # fmt: skip
    ax.bar_label(rare, [f"{number(value, 1)} sur {total}" for value in table["minoritaires"]], padding=3, fontsize=9)
    ax.bar_label(usual, [f"{number(value, 1)} sur {common}" for value in table["courants"]], padding=3, fontsize=9)
    ax.set_yticks(place, table["methode"])
    ax.set(xlim=(0, 215), xticks=range(0, 101, 25))
    ax.legend(loc="upper right", fontsize=9)
    at = table.set_index("methode")["minoritaires"]
    title = (
        f"Voix minoritaires : {number(at[coverage.TITLES], 0)} sur {total} par les titres des groupes,\n"
        f"{number(at[coverage.RANDOM], 1)} sur {total} par 40 textes lus à la main"
    )
    listed = " ; ".join(
        f"{row['methode']}, {number(row['courants'], 1)} et {number(row['minoritaires'], 1)}"
        for row in table.to_dict(orient="records")
    )
    text = f"Thèmes courants (sur {common}) et voix minoritaires (sur {total}) retenus : {listed}."
    return finish(ax, title, "Part des thèmes retenus (%)", "", text)


def chances(total: int, shares: Sequence[int] = _SHARES, *, ax: Axes | None = None) -> Axes:
    """Chance de voir au moins une fois une opinion rare, selon le nombre de textes lus.

    Parameters
    ----------
    total : int
        Textes reçus.
    shares : sequence of int
        Parts des textes qui portent l’opinion, en pour cent.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.
    """
    ax = ax or new_axes()
    samples = np.unique(np.linspace(0, total, 81).astype(int))
    said = []
    for rank, share in enumerate(shares):
        bearers = max(1, round(total * share / 100))
        curve = [100 * reading.chance_of_seeing(bearers, total, int(sample)) for sample in samples]
        ax.plot(samples, curve, color=SERIES[rank], dashes=DASHES[rank], label=f"{share}\u00a0% des textes")
        said.append(f"{share} %, {reading.needed(bearers, total)}")
    ax.axhline(95, color=MUTED, linewidth=1, linestyle=":")
    ax.set(xlim=(0, total), ylim=(0, 101))
    ax.legend(loc="lower right", title="Opinion portée par", fontsize=9)
    two = reading.needed(max(1, round(0.02 * total)), total)
    title = (
        "Pour voir 19 fois sur 20 une opinion portée par 2 %\n"
        f"des textes, il faut en lire {number(two)} sur {number(total)}"
    )
    text = f"Textes à lire pour voir l’opinion 19 fois sur 20, selon sa part : {' ; '.join(said)}."
    return finish(ax, title, "Textes lus à la main", "Chance de la voir au moins une fois (%)", text)


def interactive() -> Any:
    """Figure interactive : groupes gardés × textes lus à la main → thèmes absents de la note.

    Returns
    -------
    formation.book.interactive.InteractiveFigure
        Figure prête pour la directive `figure-interactive`.
    """
    from formation.citoyens.interactive import build

    return build()
