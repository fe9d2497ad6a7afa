"""Rendement d’une petite commune avant et après une écoute : une distribution, pas un seul chiffre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

INITIAL, DIFFUSE = 0.75, 0.20
HEARING = 0.85
"""Part des fuites qu’on entend en passant au-dessus : hypothèse pédagogique, aucune écoute n’est parfaite."""


def efficiency(distributed_m3: float, consumed_m3: float) -> float:
    """Rendement : part de l’eau mise en distribution qui arrive aux abonnés.

    Parameters
    ----------
    distributed_m3, consumed_m3 : float
        Volumes, en m³.

    Returns
    -------
    float
        De 0 à 1.

    Raises
    ------
    ValueError
        Si le volume distribué est nul ou plus petit que le volume consommé.

    Examples
    --------
    >>> efficiency(200_000, 150_000)
    0.75
    """
    if distributed_m3 <= 0 or not 0 <= consumed_m3 <= distributed_m3:
        raise ValueError(
            f"Le volume distribué ({distributed_m3}) doit être positif et au moins égal au volume consommé "
            f"({consumed_m3}), tous deux en m³."
        )
    return consumed_m3 / distributed_m3


def linear_loss_index(distributed_m3: float, consumed_m3: float, length_km: float) -> float:
    """Indice linéaire de pertes (ILP).

    Parameters
    ----------
    distributed_m3, consumed_m3 : float
        Volumes d’une année, en m³.
    length_km : float
        Longueur du réseau, hors branchements, en km.

    Returns
    -------
    float
        Pertes, en m³ par km et par jour.

    Raises
    ------
    ValueError
        Si la longueur n’est pas strictement positive.

    Examples
    --------
    >>> round(linear_loss_index(249_660, 187_245, 50), 2)
    3.42
    """
    if length_km <= 0:
        raise ValueError(f"La longueur doit être strictement positive, en km ; reçu {length_km}.")
    return (distributed_m3 - consumed_m3) / length_km / 365


def listening_draws(
    scores: pd.DataFrame,
    pipes: pd.DataFrame,
    failures: pd.DataFrame,
    method: str,
    *,
    network_km: float = 50.0,
    leaks: int = 14,
    share: float = 0.25,
    initial: float = INITIAL,
    diffuse: float = DIFFUSE,
    hearing: float = HEARING,
    draws: int = 500,
    seed: int = 447,
) -> pd.DataFrame:
    """Tire au sort des communes « type Saint-Savin » et y joue la même campagne d’écoute.

    Chaque tirage réunit des rues entières jusqu’à `network_km` et garde `leaks` fuites cachées parmi les
    défaillances des années de test. On écoute d’abord les tronçons les mieux notés **avant** la première année de
    test, puis on répare ; les fuites trouvées ne perdent plus rien, les pertes diffuses restent.

    Parameters
    ----------
    scores : DataFrame
        Tableau de :func:`formation.eau.evaluation.score_table`.
    pipes, failures : DataFrame
        Tables `troncons` (avec `id_rue`) et `defaillances` (avec `debit_m3_j`).
    method : str
        Méthode qui classe.
    network_km : float
        Longueur du réseau de la commune, en km.
    leaks : int
        Fuites cachées.
    share : float
        Part du linéaire écoutée.
    initial : float
        Rendement avant, de 0 à 1.
    diffuse : float
        Part des pertes qu’aucune écoute ne trouve.
    hearing : float
        Part des fuites entendues quand on écoute leur tronçon.
    draws : int
        Nombre de communes tirées.
    seed : int
        Graine des tirages.

    Returns
    -------
    DataFrame
        Une ligne par tirage : `fuites_trouvees`, `part_debit` (0 à 1), `rendement` après réparation (0 à 1).

    Raises
    ------
    ValueError
        Si un réglage sort de ses bornes, ou si le réseau n’a pas assez de fuites pour de tels tirages.
    """
    if not (0 < initial < 1 and 0 <= diffuse <= 1 and 0 < share <= 1 and 0 <= hearing <= 1):
        raise ValueError(
            "Le rendement, la part diffuse, la part écoutée et l’ouïe vont de 0 à 1 ; écrivez 0.75 pour 75 %."
        )
    town = _Towns(scores, pipes, failures, method, network_km)
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(20 * draws):
        heard, flow = town.draw(leaks, share, rng)
        if len(flow) == leaks:
            heard &= rng.random(leaks) < hearing
            part = float(flow[heard].sum() / flow.sum())
            remaining = (1 / initial - 1) * (1 - (1 - diffuse) * part)
            rows.append({"fuites_trouvees": int(heard.sum()), "part_debit": part, "rendement": 1 / (1 + remaining)})
        if len(rows) == draws:
            return pd.DataFrame(rows)
    raise ValueError(
        f"Ce réseau n’a pas assez de fuites pour en cacher {leaks} dans {network_km:g} km ; "
        "diminuez le nombre de fuites ou agrandissez la commune."
    )


class _Towns:
    """Communes tirées au sort dans le réseau noté."""

    def __init__(
        self, scores: pd.DataFrame, pipes: pd.DataFrame, failures: pd.DataFrame, method: str, network_km: float
    ) -> None:
        # La note de la première année de test ignore toutes les fuites qu’on va chercher.
        first = scores[scores["annee"] == scores["annee"].min()].reset_index(drop=True)
        self.score = first[method].to_numpy(float)
        self.length_km = first["longueur_m"].to_numpy(float) / 1000
        street = first["id_troncon"].map(pipes.set_index("id_troncon")["id_rue"])
        self.street, _ = pd.factorize(street)
        self.network_km = network_km
        position = pd.Series(first.index, index=first["id_troncon"])
        in_test = failures["date_signalement"].dt.year.isin(scores["annee"].unique())
        hidden = failures[in_test & failures["id_troncon"].isin(position.index)]
        self.leak_pipe = hidden["id_troncon"].map(position).to_numpy(np.int64)
        self.leak_flow = hidden["debit_m3_j"].to_numpy(float)

    def draw(self, leaks: int, share: float, rng: np.random.Generator) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Une commune : quelles fuites sont entendues, et leur débit ; moins de `leaks` si elle n’en a pas assez."""
        rank = rng.permutation(self.street.max() + 1)
        order = np.argsort(rank[self.street], kind="stable")
        inside = order[np.cumsum(self.length_km[order]) <= self.network_km]
        candidates = np.flatnonzero(np.isin(self.leak_pipe, inside))
        chosen = rng.permutation(candidates)[:leaks]
        # À notes égales, l’ordre d’écoute est tiré au sort.
        queue = inside[np.lexsort((rng.random(len(inside)), -self.score[inside]))]
        budget = share * self.length_km[inside].sum()
        listened = queue[np.cumsum(self.length_km[queue]) <= budget]
        return np.isin(self.leak_pipe[chosen], listened), self.leak_flow[chosen]


def summary(draws: pd.DataFrame) -> dict[str, float]:
    """Résumé d’une distribution de tirages.

    Parameters
    ----------
    draws : DataFrame
        Tableau de :func:`listening_draws`.

    Returns
    -------
    dict of str to float
        Moyennes, 90ᵉ centile du rendement, part des tirages à 90 % ou plus.

    Examples
    --------
    >>> table = pd.DataFrame({"fuites_trouvees": [10, 12], "part_debit": [0.7, 0.9], "rendement": [0.86, 0.91]})
    >>> summary(table)["part_90"]
    0.5
    """
    return {
        "fuites_trouvees": float(draws["fuites_trouvees"].mean()),
        "rendement_moyen": float(draws["rendement"].mean()),
        "rendement_9_sur_10": float(draws["rendement"].quantile(0.9)),
        "part_90": float((draws["rendement"] >= 0.90).mean()),
    }
