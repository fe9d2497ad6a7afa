"""Lire les tables du cas, et valider les siennes avec le même schéma."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from formation import datasets

if TYPE_CHECKING:
    from pathlib import Path

CASE = "securite"
PLACES = {"repetition": "mesures_repetition", "fan-zone": "mesures_fan_zone", "soiree": "mesures_soiree"}
"""Lieu : table de ses mesures. La répétition se voit en plein jour, la foule y est formée exprès."""
SPLITS = ("apprentissage", "validation", "test")
HOURS = 6
"""Durée d’une soirée, en heures."""
STEPS_PER_HOUR = 360
"""Pas de dix secondes dans une heure."""
DANGER = 5.0
"""Densité à partir de laquelle une foule est en danger, en personnes par mètre carré."""


def load(name: str = "soirees") -> Any:
    """Table livrée du cas « sécurité ».

    Parameters
    ----------
    name : str
        `soirees`, `cameras`, `mesures_repetition`, `mesures_fan_zone`, `mesures_soiree`, `episodes`, `vignettes`,
        `comptages` ou `trajectoires`.

    Returns
    -------
    DataFrame or dict of ndarray
        Codes en texte, dates en dates, densités en personnes par mètre carré. Pour `vignettes`, un dictionnaire dont
        `images` est un tableau d’octets de forme (n, 64, 64).

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si la table n’existe pas.

    Examples
    --------
    >>> load("cameras")["id_camera"].iloc[0]
    'C01'
    """
    return datasets.load(CASE, name)


def measures(lieu: str | None = None, jeu: str | None = None) -> pd.DataFrame:
    """Mesures livrées d’un lieu, d’un jeu, ou toutes : une ligne par caméra et par pas de dix secondes.

    Parameters
    ----------
    lieu : {"repetition", "fan-zone", "soiree"}, optional
        Lieu ; aucun : les trois.
    jeu : {"apprentissage", "validation", "test"}, optional
        Jeu de soirées entières ; aucun : tous.

    Returns
    -------
    DataFrame
        Colonnes `id_soiree`, `id_camera`, `pas_10s`, `densite_mesuree` (personnes par mètre carré), `vitesse_m_s`,
        `evenement`, puis `lieu`, `jeu` et `pluie` de la soirée.

    Raises
    ------
    ValueError
        Si le lieu ou le jeu n’existe pas.

    Examples
    --------
    >>> measures("repetition", "test")["id_soiree"].nunique()
    2
    """
    _known(lieu, jeu)
    names = [PLACES[lieu]] if lieu else list(PLACES.values())
    return join_measures({name: load(name) for name in ["soirees", *names]}, lieu, jeu)


def join_measures(tables: Mapping[str, Any], lieu: str | None = None, jeu: str | None = None) -> pd.DataFrame:
    """Comme :func:`measures`, sur des tables déjà lues ou simulées.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Table `soirees` et tables de mesures, comme les rend `simulate`.
    lieu, jeu : str, optional
        Lieu et jeu gardés.

    Returns
    -------
    DataFrame
        Mêmes colonnes que :func:`measures`.

    Raises
    ------
    ValueError
        Si le lieu ou le jeu n’existe pas.
    """
    _known(lieu, jeu)
    evenings = tables["soirees"].set_index("id_soiree")[["lieu", "jeu", "pluie"]]
    chosen = evenings.index[(evenings["jeu"] == jeu) if jeu else slice(None)]
    parts = [tables[PLACES[place]] for place in ([lieu] if lieu else PLACES)]
    parts = [part[part["id_soiree"].isin(chosen)] for part in parts] if jeu else parts
    table = pd.concat(parts, ignore_index=True)
    return table.join(evenings, on="id_soiree")


def _known(lieu: str | None, jeu: str | None) -> None:
    for value, accepted, label in ((lieu, tuple(PLACES), "lieu"), (jeu, SPLITS, "jeu")):
        if value is not None and value not in accepted:
            raise ValueError(f"{label} : « {value} » n’existe pas. Valeurs possibles : {', '.join(accepted)}.")


def validate(path: str | Path, name: str = "mesures_soiree") -> Any:
    """Lit le fichier d’une collectivité et le vérifie avec le schéma de la table livrée.

    Parameters
    ----------
    path : str or Path
        Fichier CSV, ou fichier NPZ pour les vignettes.
    name : str
        Table dont le fichier suit le schéma.

    Returns
    -------
    DataFrame or dict of ndarray
        Contenu lu, avec ses types.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si le fichier ne suit pas le schéma ; le message dit tous les problèmes, et rien n’est écrit.
    """
    return datasets.validate(CASE, name, path)
