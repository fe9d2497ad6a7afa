"""Lecture des descripteurs `datapackage.json` : quelles tables, quelles colonnes, quelles règles."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from formation.errors import DonneesIntrouvables

DESCRIPTOR = "datapackage.json"
TYPES = ("string", "integer", "number", "boolean", "date")


@dataclass(frozen=True)
class Field:
    """Une colonne : son type, son unité, sa définition, ses bornes.

    `optional` vaut vrai quand l’utilisateur peut se passer de la colonne dans son propre fichier.
    `median` borne la valeur du milieu d’une colonne entière : hors de ces bornes, l’unité est sans doute fausse.
    """

    name: str
    type: str
    description: str = ""
    unit: str = ""
    example: str = ""
    origin: str = ""
    sensitive: bool = False
    optional: bool = False
    decimals: int = 4
    constraints: dict[str, Any] = field(default_factory=dict)
    median: tuple[float, float] | None = None

    @property
    def required(self) -> bool:
        """Vrai si aucune case de la colonne ne peut être vide."""
        return bool(self.constraints.get("required", False))


@dataclass(frozen=True)
class Array:
    """Un tableau d’un fichier NPZ : son type, sa forme, son unité, ses bornes.

    `dtype` est un nom de numpy (`uint8`, `float32`…) ou `str` ; dans `shape`, `None` laisse une dimension libre.
    """

    name: str
    dtype: str
    shape: tuple[int | None, ...]
    description: str = ""
    unit: str = ""
    origin: str = ""
    minimum: float | None = None
    maximum: float | None = None

    @property
    def kind(self) -> str:
        """Type et forme, par exemple `uint8 71 × 120 × 24 × 24` ; `n` pour une dimension libre."""
        return f"{self.dtype} {' × '.join('n' if size is None else str(size) for size in self.shape)}"


@dataclass(frozen=True)
class Resource:
    """Un fichier livré et son schéma : des colonnes pour une table, des tableaux pour un fichier NPZ.

    `shipped` vaut vrai pour un fichier livré tel quel, que la simulation ne refait pas.
    """

    case: str
    name: str
    path: str
    title: str = ""
    description: str = ""
    fields: tuple[Field, ...] = ()
    arrays: tuple[Array, ...] = ()
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[dict[str, Any], ...] = ()
    hash: str = ""
    rows: int | None = None
    bytes: int | None = None
    shipped: bool = False

    def field_named(self, name: str) -> Field:
        """Colonne de ce nom.

        Parameters
        ----------
        name : str
            Nom de la colonne.

        Returns
        -------
        Field
            Type, unité, définition et bornes.

        Raises
        ------
        KeyError
            Si la table n’a pas cette colonne.
        """
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)

    @property
    def parts(self) -> tuple[Field | Array, ...]:
        """Colonnes d’une table, ou tableaux d’un fichier NPZ."""
        return (*self.fields, *self.arrays)

    @property
    def is_table(self) -> bool:
        """Faux pour un fichier d’images ou de grilles (NPZ)."""
        return not self.path.endswith(".npz")


def _field(raw: dict[str, Any]) -> Field:
    return Field(
        name=raw["name"],
        type=raw["type"],
        description=raw.get("description", ""),
        unit=raw.get("unit", ""),
        example=str(raw.get("example", "")),
        origin=raw.get("origine", ""),
        sensitive=bool(raw.get("sensible", False)),
        optional=bool(raw.get("optionnelle", False)),
        decimals=int(raw.get("decimales", 4)),
        constraints=dict(raw.get("constraints", {})),
        median=tuple(raw["mediane"]) if "mediane" in raw else None,
    )


def _array(raw: dict[str, Any]) -> Array:
    return Array(
        name=raw["name"],
        dtype=raw["dtype"],
        shape=tuple(raw["shape"]),
        description=raw.get("description", ""),
        unit=raw.get("unit", ""),
        origin=raw.get("origine", ""),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
    )


def _names(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _resource(case: str, raw: dict[str, Any]) -> Resource:
    schema = raw.get("schema", {})
    return Resource(
        case=case,
        name=raw["name"],
        path=raw["path"],
        title=raw.get("title", ""),
        description=raw.get("description", ""),
        fields=tuple(_field(item) for item in schema.get("fields", ())),
        arrays=tuple(_array(item) for item in schema.get("arrays", ())),
        primary_key=_names(schema.get("primaryKey")),
        foreign_keys=tuple(schema.get("foreignKeys", ())),
        hash=raw.get("hash", ""),
        rows=raw.get("rows"),
        bytes=raw.get("bytes"),
        shipped=bool(raw.get("livree", False)),
    )


def read_descriptor(folder: Path) -> dict[str, Any]:
    """Contenu brut de `datapackage.json`, dans l’ordre du fichier.

    Parameters
    ----------
    folder : Path
        Dossier d’un cas.

    Returns
    -------
    dict
        Contenu du descripteur.

    Raises
    ------
    DonneesIntrouvables
        Si le descripteur manque ou n’est pas du JSON lisible.
    """
    file = folder / DESCRIPTOR
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DonneesIntrouvables(
            f"Le fichier {DESCRIPTOR} manque dans {folder.name}. Il décrit les tables : restaurez-le avec "
            f"« git checkout -- {folder.parent.name}/{folder.name}/{DESCRIPTOR} »."
        ) from None
    except json.JSONDecodeError as error:
        raise DonneesIntrouvables(
            f"{folder.name}/{DESCRIPTOR}, ligne {error.lineno} : ce n’est pas du JSON lisible. "
            "Vérifiez les guillemets et les virgules autour de cette ligne."
        ) from None
    return content


@lru_cache(maxsize=64)
def _resources(folder: Path, stamp: tuple[int, int]) -> tuple[Resource, ...]:
    del stamp  # sert de clé : le descripteur modifié est relu
    raw = read_descriptor(folder)
    return tuple(_resource(folder.name, item) for item in raw.get("resources", ()))


def resources(folder: Path) -> tuple[Resource, ...]:
    """Tables décrites dans un dossier de données, gardées en mémoire tant que le fichier ne change pas.

    Parameters
    ----------
    folder : Path
        Dossier d’un cas.

    Returns
    -------
    tuple of Resource
        Une description par fichier livré.
    """
    file = folder / DESCRIPTOR
    try:
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        stamp = (0, 0)
    return _resources(folder, stamp)
