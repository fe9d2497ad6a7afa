"""Ce qu’un enfant a le droit de faire, décidé avant de lancer quoi que ce soit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.types import Limits

Layer = Literal["espaces de noms", "landlock", "seccomp", "bornes"]
Mode = Literal["strict", "degrade"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
NAMESPACES, LANDLOCK, SECCOMP, BOUNDS = LAYERS


class BacASableImpossible(AtelierImpossible):
    """Une couche du bac à sable manque ou n’a pas pu se fermer : aucun code de stagiaire n’est exécuté."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Ce qu’un enfant a le droit de faire.

    Parameters
    ----------
    limits : Limits
        Bornes par défaut ; `enter` peut en recevoir d’autres.
    read_only : tuple of str
        Dossiers et fichiers lisibles, chemins absolus. Rien d’autre ne l’est, hors du dossier de travail.
    mode : str
        `strict` : toutes les couches ; `degrade` : celles de `layers` seulement, choix explicite du formateur.
    layers : tuple of str
        Couches à fermer, toutes exigées par `enter`.
    """

    limits: Limits
    read_only: tuple[str, ...]
    mode: Mode = "strict"
    layers: tuple[str, ...] = LAYERS

    def to_json(self) -> dict[str, Any]:
        """Données JSON, pour le processus chaud.

        Returns
        -------
        dict
        """
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Policy":
        """Relit `to_json`.

        Parameters
        ----------
        raw : mapping
            Données JSON.

        Returns
        -------
        Policy
        """
        return cls(Limits(**raw["limits"]), tuple(raw["read_only"]), raw["mode"], tuple(raw["layers"]))


def default_policy(
    limits: Limits | None = None, *, mode: Mode = "strict", extra_read_only: tuple[str, ...] = ()
) -> Policy:
    """Règle ordinaire d’une correction : couches exigées par `mode`, lecture de l’interpréteur et des données du cours.

    Parameters
    ----------
    limits : Limits, optional
        Bornes ; par défaut celles de `Limits`.
    mode : str
        `strict` ou `degrade`.
    extra_read_only : tuple of str
        Dossiers à laisser lire en plus.

    Returns
    -------
    Policy

    Raises
    ------
    BacASableImpossible
        Si une couche manque et que le mode est `strict`.
    """
    from formation.classroom.grading.sandbox.places import default_read_only
    from formation.classroom.grading.sandbox.probe import require

    return Policy(limits or Limits(), (*default_read_only(), *extra_read_only), mode, require(mode))
