"""Lire la table du comité, et les tables des ailes qu’il joint : livrées, ou simulées avec une autre graine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from formation import datasets

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from formation.territory import Territory

CASE = "comite"


def load(name: str = "signalements") -> pd.DataFrame:
    """Table livrée du comité.

    Parameters
    ----------
    name : str
        `signalements`.

    Returns
    -------
    DataFrame
        Une ligne par rue et par semaine qui a reçu au moins un appel : `id_rue`, `semaine` (le lundi),
        `nb_signalements`.

    Raises
    ------
    formation.errors.DonneesIntrouvables
        Si la table n’existe pas.

    Examples
    --------
    >>> load()["nb_signalements"].min()
    np.int64(1)
    """
    table: pd.DataFrame = datasets.load(CASE, name)
    return table


def validate(path: str | Path, name: str = "signalements") -> pd.DataFrame:
    """Lit le fichier d’une collectivité et le vérifie avec le schéma de la table livrée.

    Parameters
    ----------
    path : str or Path
        Fichier CSV.
    name : str
        Table dont le fichier suit le schéma.

    Returns
    -------
    DataFrame
        Table lue, avec ses types.

    Raises
    ------
    formation.errors.DonneesInvalides
        Si le fichier ne suit pas le schéma ; le message dit tous les problèmes, et rien n’est écrit.
    """
    table: pd.DataFrame = datasets.validate(CASE, name, path)
    return table


class Sources:
    """Tables des ailes que le comité joint, chacune lue ou simulée une fois.

    Parameters
    ----------
    seed : int, optional
        Graine à simuler ; par défaut, les tables livrées.
    territory : Territory, optional
        Territoire ; celui du cours par défaut. Il ne change pas avec la graine : le calendrier, la météo, les grèves et
        les rues sont les mêmes dans toutes les simulations.

    Examples
    --------
    >>> len(Sources().table("risques", "bassins"))
    8
    """

    def __init__(self, seed: int | None = None, territory: Territory | None = None) -> None:
        self.seed = seed
        self._territory = territory
        self._simulated: dict[str, dict[str, Any]] = {}
        self._read: dict[tuple[str, str], Any] = {}

    @property
    def territory(self) -> Territory:
        """Tables communes du territoire."""
        if self._territory is None:
            from formation.territory import load_territory

            self._territory = load_territory()
        return self._territory

    def table(self, case: str, name: str) -> Any:
        """Table d’une aile.

        Parameters
        ----------
        case : str
            Aile, ou `comite`.
        name : str
            Table de cette aile.

        Returns
        -------
        DataFrame or dict of ndarray
            La même à chaque appel : ne pas la modifier.
        """
        if self.seed is not None:
            return self._simulate(case)[name]
        if (case, name) not in self._read:
            self._read[case, name] = datasets.load(case, name)
        return self._read[case, name]

    def tables(self, case: str, *names: str) -> dict[str, Any]:
        """Plusieurs tables d’une aile.

        Parameters
        ----------
        case : str
            Aile, ou `comite`.
        *names : str
            Tables de cette aile.

        Returns
        -------
        dict
            Tables par nom.
        """
        return {name: self.table(case, name) for name in names}

    def _simulate(self, case: str) -> dict[str, Any]:
        if case not in self._simulated:
            from importlib import import_module

            module = import_module(f"formation.{case}.simulation")
            self._simulated[case] = module.simulate(self.territory, seed=self.seed)
        return self._simulated[case]
