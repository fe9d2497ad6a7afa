"""Chiffres des contributions cités dans le livre : tous calculés ici, jamais tapés.

`cases/citoyens/chiffres.yml` en est le résultat ; un test le recalcule et compare.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import adjusted_rand_score

from formation import published
from formation.citoyens import coverage, grouping, keywords, reading, tables, tone
from formation.citoyens.coverage import Corpus

if TYPE_CHECKING:
    import pandas as pd

    from formation.territory import Territory

RARE, SURE = 8, 0.95
"""Textes d’une opinion rare (2 % de 400), et chance voulue de la voir."""
_WAYS = {
    "titres": coverage.TITLES,
    "centres": coverage.CENTRES,
    "hasard": coverage.RANDOM,
    "canal": coverage.CHANNELS,
    "reste": coverage.LEFT,
}


def measure(corpus: Corpus) -> dict[str, float]:
    """Tous les chiffres d’un jeu de contributions.

    Parameters
    ----------
    corpus : Corpus
        Contributions et vérité.

    Returns
    -------
    dict of str to float
        Nom du chiffre et valeur, dans l’unité de :func:`unit`.
    """
    values = _corpus(corpus) | _campaigns(corpus) | _groups(corpus) | _ways(corpus) | _recalls(corpus)
    confused = tone.read_as_for(corpus.texts, corpus.truth)
    values |= {"ironie_prise_pour": 100 * confused["ironiques"], "autres_pris_pour": 100 * confused["autres"]}
    values |= {
        "heures_tout": reading.hours(corpus.texts, reading.READERS),
        "minutes_echantillon": 60 * reading.hours(corpus.texts) * coverage.BUDGET / len(corpus),
        "chance_rare_40": 100 * reading.chance_of_seeing(RARE, len(corpus), coverage.BUDGET),
        "lire_rare": reading.needed(RARE, len(corpus), SURE),
        "lire_unique": reading.needed(1, len(corpus), SURE),
    }
    return {name: float(value) for name, value in values.items()}


def unit(name: str) -> str:
    """Unité d’un chiffre.

    Parameters
    ----------
    name : str
        Nom du chiffre.

    Returns
    -------
    str
        Unité affichée, vide pour un nombre sans unité.

    Examples
    --------
    >>> unit("part_en_ligne"), unit("heures_tout"), unit("nb_groupes")
    ('%', 'h', '')
    """
    if name.startswith("heures_"):
        return "h"
    if name.startswith("minutes_"):
        return "min"
    plain = ("nb_", "accord_", "lire_", "rang_", *(f"{way}_" for way in _WAYS))
    return "" if name.startswith(plain) else "%"


def digits(name: str) -> int:
    """Décimales affichées d’un chiffre.

    Parameters
    ----------
    name : str
        Nom du chiffre.

    Returns
    -------
    int
        Nombre de chiffres après la virgule.

    Examples
    --------
    >>> digits("accord_retenu"), digits("hasard_courants"), digits("nb_groupes")
    (2, 1, 0)
    """
    if name.startswith("accord_"):
        return 2
    return int(name.startswith(("centres_", "hasard_", "canal_", "reste_")))


def _corpus(corpus: Corpus) -> dict[str, float]:
    truth, channel = corpus.truth, corpus.contributions["canal"]
    rare, online = (truth["minoritaire"] == 1).to_numpy(), (channel == "formulaire en ligne").to_numpy()
    count, free = corpus.carried.sum(axis=1), (truth["forme"] == "libre").to_numpy()
    lists = tables.minority()
    return {
        "nb_contributions": len(corpus),
        "nb_minoritaires": rare.sum(),
        "part_minoritaires": 100 * rare.mean(),
        "nb_plus_rare": corpus.carried[list(lists)].sum().min(),
        "nb_moins_rare": corpus.carried[list(lists)].sum().max(),
        "part_en_ligne": 100 * online.mean(),
        "minoritaires_hors_ligne": 100 * (~online)[rare].mean(),
        "part_plusieurs_themes": 100 * (count >= 2).to_numpy()[free].mean(),
        "nb_ironiques": truth["ironie"].sum(),
    }


def _campaigns(corpus: Corpus) -> dict[str, float]:
    privacy, against = corpus.carried["vie_privee"].to_numpy(), (corpus.truth["avis"] == "contre").to_numpy()
    once, campaign = corpus.copies.first, (corpus.truth["forme"] == "campagne").to_numpy()
    copied = corpus.copies.size >= 2
    order = [corpus.carried[rows].sum().rank(ascending=False)["vie_privee"] for rows in (slice(None), once)]
    return {
        "nb_campagne": campaign.sum(),
        "nb_copies": copied.sum(),
        "part_copies_retrouvees": 100 * copied[campaign].mean(),
        "nb_distinctes": once.sum(),
        "vie_privee_toutes": 100 * privacy.mean(),
        "vie_privee_sans_copies": 100 * privacy[once].mean(),
        "rang_vie_privee_toutes": order[0],
        "rang_vie_privee_sans_copies": order[1],
        "contre_toutes": 100 * against.mean(),
        "contre_sans_copies": 100 * against[once].mean(),
    }


def _groups(corpus: Corpus) -> dict[str, float]:
    agreement = corpus.stability.set_index("groupes")["accord"]
    rows = corpus.groups.grouped
    other = [grouping.group(corpus.texts, corpus.groups.count, seed).label[rows] for seed in published.SEEDS]
    pairs = [adjusted_rand_score(one, two) for one, two in combinations(other, 2)]
    return {
        "nb_groupes": corpus.groups.count,
        "nb_groupes_nommes": sum(name is not None for name in coverage.named(corpus)),
        "accord_retenu": agreement[corpus.groups.count],
        "accord_8": agreement[coverage.KEPT],
        "accord_graines": float(np.mean(pairs)),
    }


def _ways(corpus: Corpus) -> dict[str, float]:
    table = coverage.compare(corpus).set_index("methode")
    return {
        f"{short}_{column}": table.loc[name, column]
        for short, name in _WAYS.items()
        for column in ("courants", "minoritaires")
    }


def _recalls(corpus: Corpus) -> dict[str, float]:
    rare = list(tables.minority())
    words = keywords.scores(keywords.count(corpus.texts), corpus.carried)
    machine = coverage.recall(corpus)
    # Parmi les textes à plusieurs thèmes, la machine n’en compte qu’un : combien de mentions disparaissent ?
    several = corpus.carried[corpus.carried.sum(axis=1) >= 2]
    kept = sum(name is not None and row[name] for name, row in _named_rows(corpus, several))
    return {
        "mots_courants": 100 * words["rappel"].drop(rare).mean(),
        "mots_minoritaires": 100 * words.loc[rare, "rappel"].mean(),
        "mots_precision": 100 * words["precision"].mean(),
        "machine_courants": 100 * machine.drop(rare).mean(),
        "machine_minoritaires": 100 * machine[rare].mean(),
        "mentions_perdues": 100 * (1 - kept / several.to_numpy().sum()),
    }


def _named_rows(corpus: Corpus, several: pd.DataFrame) -> list[tuple[str | None, dict[str, bool]]]:
    names = coverage.assigned(corpus)
    return list(zip(names[several.index], several.to_dict(orient="records"), strict=True))


def _one_seed(territory: Territory, seed: int) -> dict[str, float]:
    """Tous les chiffres d’une graine.

    Parameters
    ----------
    territory : Territory
        Territoire, le même pour toutes les graines.
    seed : int
        Graine des contributions.

    Returns
    -------
    dict of str to float
        Voir :func:`measure`.
    """
    return measure(Corpus(*tables.simulated(territory, seed)))


write = published.writer(tables.CASE, _one_seed, unit=unit, digits=digits)
