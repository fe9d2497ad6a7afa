"""Lire et écrire une table livrée : une seule forme, canonique, pour toutes."""

from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from formation.datasets import registry
from formation.datasets.schema import Field, Resource
from formation.errors import DonneesIntrouvables


def _dtype(field: Field) -> str:
    match field.type:
        case "integer":
            return "int64" if field.required else "Int64"
        case "number":
            return "float64"
        case "boolean":
            return "int8" if field.required else "Int8"
        case _:
            return "str"


def read_table(source: Path | io.BytesIO, resource: Resource) -> pd.DataFrame:
    """Lit un fichier canonique avec les types du schéma.

    Les codes restent du texte (`00001`), les dates deviennent des dates, les booléens valent 0 ou 1.

    Parameters
    ----------
    source : Path or BytesIO
        Fichier canonique, compressé ou non.
    resource : Resource
        Description de la table.

    Returns
    -------
    DataFrame
        Colonnes dans l’ordre du schéma.
    """
    compression = "gzip" if isinstance(source, Path) and source.suffix == ".gz" else None
    dates = [field.name for field in resource.fields if field.type == "date"]
    frame = pd.read_csv(
        source,
        dtype={field.name: _dtype(field) for field in resource.fields if field.type != "date"},
        usecols=[field.name for field in resource.fields],
        parse_dates=dates,
        date_format="%Y-%m-%d",
        keep_default_na=False,
        na_values=[""],
        compression=compression,
        encoding="utf-8",
    )
    return frame[[field.name for field in resource.fields]]


def load(case: str, name: str) -> Any:
    """Table livrée, avec ses types.

    Parameters
    ----------
    case : str
        Nom du cas : `territoire`, `eau`…
    name : str
        Nom de la table : `communes`, `rues`…

    Returns
    -------
    DataFrame
        Un tableau neuf à chaque appel : le modifier ne change pas les données livrées.
        Pour un fichier NPZ, un dictionnaire de tableaux numpy.

    Raises
    ------
    DonneesIntrouvables
        Si le cas, la table ou le fichier manque.

    Examples
    --------
    >>> load("territoire", "communes").loc[0, "code_commune"]
    '00001'
    """
    resource = registry.resource(case, name)
    file = registry.path(case, name)
    if not file.is_file():
        raise DonneesIntrouvables(
            f"Le fichier {case}/{resource.path} manque. Restaurez-le avec « git checkout -- datasets/{case} », "
            f"ou refaites-le avec « formation donnees generer {case} »."
        )
    if not resource.is_table:
        with np.load(file, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}
    return read_table(file, resource)


def _column(values: pd.Series, field: Field) -> pd.Series:
    match field.type:
        case "number":
            rounded = values.astype("float64").round(field.decimals)
            return rounded + 0.0  # efface le zéro négatif
        case "integer" | "boolean":
            return values.astype("Int64")
        case "date":
            return pd.to_datetime(values).dt.strftime("%Y-%m-%d")
        case _:
            return values.astype("str")


def canonical_bytes(frame: pd.DataFrame, resource: Resource) -> bytes:
    """Contenu canonique d’une table : UTF-8, `,`, `.` décimal, dates ISO, fins de ligne simples.

    Parameters
    ----------
    frame : DataFrame
        Table à écrire, avec toutes les colonnes du schéma.
    resource : Resource
        Description de la table.

    Returns
    -------
    bytes
        Contenu du CSV, sans compression.

    Raises
    ------
    ValueError
        Si les colonnes ne sont pas celles du schéma.
    """
    expected = [field.name for field in resource.fields]
    if set(expected) != set(frame.columns):
        missing = sorted(set(expected) - set(frame.columns))
        extra = sorted(set(frame.columns) - set(expected))
        raise ValueError(f"{resource.case}/{resource.name} : colonnes manquantes {missing}, en trop {extra}")
    clean = pd.DataFrame({field.name: _column(frame[field.name], field) for field in resource.fields})
    text: str = clean.to_csv(index=False, lineterminator="\n", na_rep="")
    return text.encode("utf-8")


def decoded_bytes(file: Path, resource: Resource) -> bytes:
    """Contenu d’un fichier livré, sans compression ni fin de ligne propre à un système.

    Parameters
    ----------
    file : Path
        Fichier livré.
    resource : Resource
        Description de la table.

    Returns
    -------
    bytes
        Contenu sur lequel porte l’empreinte.
    """
    if not resource.is_table:
        with np.load(file, allow_pickle=False) as arrays:
            return arrays_bytes({key: arrays[key] for key in arrays.files})
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return content.replace(b"\r\n", b"\n")


def arrays_bytes(arrays: dict[str, Any]) -> bytes:
    """Contenu canonique d’un fichier NPZ : noms triés, type, forme, octets.

    Parameters
    ----------
    arrays : dict of ndarray
        Tableaux par nom.

    Returns
    -------
    bytes
        Contenu sur lequel porte l’empreinte.
    """
    parts = []
    for key in sorted(arrays):
        array = np.ascontiguousarray(arrays[key])
        parts += [f"{key}|{array.dtype.str}|{array.shape}|".encode(), array.tobytes()]
    return b"".join(parts)


def content_hash(content: bytes) -> str:
    """Empreinte SHA-256 d’un contenu décodé, précédée de l’algorithme.

    Parameters
    ----------
    content : bytes
        Contenu décodé.

    Returns
    -------
    str
        `sha256:` suivi de 64 chiffres hexadécimaux.

    Examples
    --------
    >>> content_hash(b"")[:14]
    'sha256:e3b0c44'
    """
    return "sha256:" + hashlib.sha256(content).hexdigest()


def describe(case: str, name: str) -> pd.DataFrame:
    """Dictionnaire d’une table : une ligne par colonne.

    Parameters
    ----------
    case, name : str
        Cas et table.

    Returns
    -------
    DataFrame
        Colonnes `colonne`, `type`, `unite`, `definition`, `exemple`, `origine`.

    Raises
    ------
    DonneesIntrouvables
        Si le cas ou la table n’existe pas.

    Examples
    --------
    >>> describe("territoire", "rues").set_index("colonne").loc["longueur_m", "unite"]
    'm'
    """
    resource = registry.resource(case, name)
    rows = [(item.name, item.type, item.unit, item.description, item.example, item.origin) for item in resource.fields]
    rows += [(item.name, item.kind, item.unit, item.description, "", item.origin) for item in resource.arrays]
    return pd.DataFrame(rows, columns=["colonne", "type", "unite", "definition", "exemple", "origine"])
