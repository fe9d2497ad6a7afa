"""Ce qu’un contrôle attend : la partie publique, lue dans `attentes.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from formation.checks.failure import AttenteIntrouvable

EXPECTATIONS_FILE = "attentes.json"


@dataclass(frozen=True, slots=True)
class Expectation:
    """Forme attendue d’une réponse, sans sa valeur.

    Parameters
    ----------
    nom : str
        Nom du contrôle, premier argument de `expect`.
    type : str
        nombre, entier, booleen, texte, choix, liste, tableau ou fonction.
    unite, exemple, aide, relire : str
        Textes montrés au stagiaire.
    minimum, maximum : float, optional
        Bornes de vraisemblance, incluses, dans l’unité du contrôle.
    tolerance, tolerance_relative : float, optional
        Écart admis, absolu ou en part de la valeur attendue.
    options : dict
        Clé → texte, pour un choix.
    element : str
        Type des éléments d’une liste.
    ordre : bool
        Vrai si l’ordre des éléments ou des lignes compte.
    taille, lignes : int, optional
        Nombre d’éléments ou de lignes, s’il est donné au stagiaire.
    colonnes : dict
        Nom → type, pour un tableau.
    cle : list of str
        Colonnes qui identifient une ligne.
    manquants : bool
        Vrai si des cases vides sont permises dans les colonnes de nombres.
    exact : bool
        Vrai si la casse et les espaces d’un texte comptent.
    retour : dict
        Attente sur le résultat d’une fonction.
    exemples_appels : list
        Arguments (données simples) sur lesquels la fonction est essayée devant le stagiaire.
    """

    nom: str
    type: str
    unite: str = ""
    exemple: str = ""
    aide: str = ""
    relire: str = ""
    minimum: float | None = None
    maximum: float | None = None
    tolerance: float | None = None
    tolerance_relative: float | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    element: str = "texte"
    ordre: bool = True
    taille: int | None = None
    lignes: int | None = None
    colonnes: Mapping[str, str] = field(default_factory=dict)
    cle: tuple[str, ...] = ()
    manquants: bool = False
    exact: bool = False
    retour: Mapping[str, Any] = field(default_factory=dict)
    exemples_appels: tuple[Any, ...] = ()

    @property
    def is_share(self) -> bool:
        """Vrai si la valeur est une part, entre 0 et 1."""
        return self.maximum == 1 and (self.minimum is None or self.minimum >= 0)

    def result(self) -> "Expectation":
        """Attente sur le résultat d’une fonction."""
        given = {"type": "nombre", "tolerance": self.tolerance, **self.retour}
        return from_mapping({"aide": self.aide, "relire": self.relire, **given, "nom": self.nom})

    def items(self) -> "Expectation":
        """Attente sur un élément d’une liste."""
        return Expectation(
            nom=self.nom,
            type=self.element,
            minimum=self.minimum,
            maximum=self.maximum,
            options=self.options,
            tolerance=self.tolerance,
            tolerance_relative=self.tolerance_relative,
            unite=self.unite,
            exact=self.exact,
        )


def from_mapping(raw: Mapping[str, Any]) -> Expectation:
    """Construit une attente à partir de ses données JSON.

    Parameters
    ----------
    raw : mapping
        Champs de l’attente ; les champs inconnus sont ignorés.

    Returns
    -------
    Expectation

    Examples
    --------
    >>> from_mapping({"nom": "part", "type": "nombre", "maximum": 1}).is_share
    True
    """
    known = {f.name for f in fields(Expectation)}
    values: dict[str, Any] = {
        key: tuple(item) if isinstance(item, list) else item for key, item in raw.items() if key in known
    }
    return Expectation(**values)


def load_expectation(name: str, folder: Path | None = None) -> Expectation:
    """Lit l’attente d’un contrôle dans le fichier posé à côté du carnet.

    Parameters
    ----------
    name : str
        Nom du contrôle.
    folder : Path, optional
        Dossier du carnet. Par défaut, le dossier courant.

    Returns
    -------
    Expectation

    Raises
    ------
    AttenteIntrouvable
        Si le fichier manque, est illisible, ou ne connaît pas ce contrôle.
    """
    path = (folder or Path.cwd()) / EXPECTATIONS_FILE
    try:
        raw = dict(json.loads(path.read_text(encoding="utf-8"))["attentes"])
    except FileNotFoundError:
        raise AttenteIntrouvable(
            f"Le fichier « {EXPECTATIONS_FILE} » manque à côté du carnet. Il décrit les réponses attendues. "
            "Copiez-le depuis le dossier de l’exercice que l’on vous a remis, puis relancez la cellule."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise AttenteIntrouvable(
            f"Le fichier « {EXPECTATIONS_FILE} » est abîmé. "
            "Remplacez-le par celui du dossier de l’exercice que l’on vous a remis, puis relancez la cellule."
        ) from None
    if name not in raw:
        known = ", ".join(f"« {key} »" for key in raw) or "aucun"
        raise AttenteIntrouvable(
            f"Le contrôle « {name} » est inconnu de « {EXPECTATIONS_FILE} » (contrôles connus : {known}). "
            "Ce fichier vient sans doute d’un autre exercice : reprenez celui qui accompagne ce carnet."
        )
    return from_mapping(raw[name])
