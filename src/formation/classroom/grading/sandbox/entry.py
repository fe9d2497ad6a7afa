"""Préparer une fois, enfermer chaque enfant."""

from collections.abc import Callable
from dataclasses import dataclass

from formation.classroom.grading.sandbox.policy import Policy
from formation.classroom.grading.types import Limits


@dataclass(frozen=True, slots=True)
class Prepared:
    """Tout ce qui coûte, fait une fois par processus chaud et hérité par `fork`.

    Parameters
    ----------
    policy : Policy
        Règle préparée.
    """

    policy: Policy


def prepare(policy: Policy) -> Prepared:
    """Charge les bibliothèques et compile le filtre d’appels système.

    Parameters
    ----------
    policy : Policy
        Règle à préparer.

    Returns
    -------
    Prepared

    Raises
    ------
    BacASableImpossible
        Si une couche de la règle ne peut pas se préparer sur cette machine.
    """
    raise NotImplementedError


def enter(
    prepared: Prepared,
    scratch: str,
    *,
    fill: Callable[[str], None] | None = None,
    limits: Limits | None = None,
) -> None:
    """Enferme le processus courant ; sans retour possible.

    À appeler dans un enfant tout juste né de `fork`, sans autre fil d’exécution. Au retour, le dossier courant est
    `scratch`, vide hormis ce que `fill` y a posé ; l’environnement n’est pas touché (voir `clean_environment`) ; les
    descripteurs ouverts restent à la charge de l’appelant.

    Parameters
    ----------
    prepared : Prepared
        Rendu par `prepare` dans le parent.
    scratch : str
        Dossier de travail, vide, chemin absolu. Avec les espaces de noms, un disque en mémoire de `disk_mb` le
        recouvre et disparaît avec l’enfant ; sans eux, c’est à l’appelant d’effacer le dossier.
    fill : callable, optional
        Appelée avec le dossier où poser les fichiers donnés au stagiaire (pas toujours `scratch` : le disque n’a pas
        encore sa place définitive), pendant que les fichiers de la machine sont encore lisibles.
    limits : Limits, optional
        Bornes de cet enfant ; par défaut celles de la règle.

    Raises
    ------
    BacASableImpossible
        Si une couche de la règle ne se ferme pas. L’appelant doit alors le dire et finir sans rien exécuter.
    """
    raise NotImplementedError
