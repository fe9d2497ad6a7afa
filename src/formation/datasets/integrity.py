"""Les fichiers livrés sont-ils bien ceux qui ont été publiés ?"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from dataclasses import asdict, dataclass
from typing import Any

from formation.datasets import registry
from formation.datasets.schema import DESCRIPTOR, Resource, resources
from formation.datasets.tables import content_hash, decoded_bytes


@dataclass(frozen=True)
class Defect:
    """Un fichier livré qui ne correspond pas à son descripteur.

    Parameters
    ----------
    kind : str
        `manquant`, `modifie`, `illisible` ou `inconnu`.
    """

    case: str
    path: str
    kind: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Rend le défaut sous forme de dictionnaire."""
        return asdict(self)


def verify(case: str | None = None) -> list[Defect]:
    """Compare chaque fichier livré à l’empreinte de son descripteur.

    Parameters
    ----------
    case : str, optional
        Cas à vérifier ; par défaut tous.

    Returns
    -------
    list of Defect
        Vide si tout est conforme.

    Raises
    ------
    DonneesIntrouvables
        Si le cas n’existe pas.

    Examples
    --------
    >>> verify("territoire")
    []
    """
    found = []
    for name in [case] if case is not None else registry.cases():
        folder = registry.folder(name)
        known = resources(folder)
        found += [defect for item in known if (defect := _verify_one(item)) is not None]
        expected = {item.path for item in known}
        for file in sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz"), *folder.glob("*.npz")]):
            if file.name not in expected:
                message = (
                    f"{name}/{file.name} n’est pas décrit dans {name}/{DESCRIPTOR}. "
                    "Décrivez ce fichier, ou rangez-le ailleurs."
                )
                found.append(Defect(name, file.name, "inconnu", message))
    return found


def _verify_one(item: Resource) -> Defect | None:
    where = f"{item.case}/{item.path}"
    restore = (
        f"Pour revenir au fichier livré : « git checkout -- datasets/{where} », "
        f"ou « formation donnees generer {item.case} »."
    )
    file = registry.folder(item.case) / item.path
    if not file.is_file():
        return Defect(item.case, item.path, "manquant", f"{where} manque. {restore}")
    try:
        actual = content_hash(decoded_bytes(file, item))
    except (OSError, EOFError, ValueError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        return Defect(item.case, item.path, "illisible", f"{where} est incomplet ou abîmé. {restore}")
    if actual != item.hash:
        message = (
            f"{where} a changé depuis sa publication : son contenu ne correspond plus à son empreinte. {restore} "
            "Pour travailler sur une version à vous, copiez le fichier dans un autre dossier."
        )
        return Defect(item.case, item.path, "modifie", message)
    return None
