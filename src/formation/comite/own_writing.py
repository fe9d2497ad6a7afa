"""Écrire une table jointe : à côté puis d’un coup, jamais par-dessus un fichier sans qu’on l’ait demandé."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from formation.comite import own_features
from formation.datasets import Field, Resource
from formation.datasets.exporting import WRITERS
from formation.errors import FormationError, reason
from formation.files import write_atomic

FORMATS = (".csv", ".xlsx", ".ods")
_DIGITS = 12
_DECIMAL = r"-?\d+\.\d+"


class EcritureImpossible(FormationError):
    """La table jointe ne peut pas être écrite ; rien n’a été modifié."""


def check_destination(file: Path, *sources: Path, replace: bool = False) -> None:
    """Refuse tout de suite un fichier qu’on ne saurait pas écrire, ou qui en remplacerait un autre.

    Parameters
    ----------
    file : Path
        Fichier demandé.
    *sources : Path
        Fichiers à lire.
    replace : bool
        Vrai si l’utilisateur accepte de remplacer un fichier.

    Raises
    ------
    EcritureImpossible
        Si l’extension, le dossier ou le nom ne conviennent pas.
    """
    if any(source.resolve() == file.resolve() for source in sources):
        raise EcritureImpossible(
            f"--ecrire «\u00a0{file}\u00a0» : c’est un des deux fichiers à lire, la jointure le remplacerait. Donnez "
            "un autre nom, par exemple --ecrire jointure.csv. Rien n’a été écrit."
        )
    if file.suffix.lower() not in FORMATS:
        raise EcritureImpossible(
            f"--ecrire «\u00a0{file.name}\u00a0» : la table s’écrit en .csv, .xlsx ou .ods. Exemple : --ecrire "
            "jointure.csv"
        )
    if not file.resolve().parent.is_dir():
        raise EcritureImpossible(
            f"Le dossier de «\u00a0{file}\u00a0» n’existe pas. Créez-le, ou choisissez un autre endroit. Rien n’a été "
            "écrit."
        )
    if file.exists() and (file.is_dir() or not replace):
        raise EcritureImpossible(
            f"«\u00a0{file}\u00a0» existe déjà : rien n’a été écrit. Choisissez un autre nom, ou ajoutez --ecraser."
        )


def write(frame: pd.DataFrame, file: Path, *, keys: Sequence[str] = (), replace: bool = False) -> None:
    """Écrit la table jointe.

    Parameters
    ----------
    frame : DataFrame
        Table en texte.
    file : Path
        Fichier .csv (point-virgule, virgule décimale, UTF-8), .xlsx ou .ods ; les codes y restent du texte.
    keys : sequence of str
        Colonnes de la clé : du texte, quoi qu’elles contiennent.
    replace : bool
        Vrai pour remplacer un fichier.

    Raises
    ------
    EcritureImpossible
        Si l’écriture échoue ; l’ancien fichier est intact.
    """
    check_destination(file, replace=replace)
    form = file.suffix.lower().removeprefix(".")
    typed, fields = _french(frame) if form == "csv" else _typed(frame, keys)
    resource = Resource("comite", "jointure", file.name, fields=fields)
    content = WRITERS[form](typed, resource)
    try:
        write_atomic(file, content)
    except OSError as error:
        raise EcritureImpossible(
            f"«\u00a0{file}\u00a0» ne peut pas être écrit ({reason(error)}). Vérifiez le disque, vos droits, et que le "
            "fichier n’est pas ouvert ailleurs. Rien n’a été modifié."
        ) from None


def _french(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Field, ...]]:
    """Texte tel que lu, sauf la virgule décimale : les deux fichiers n’écrivaient peut-être pas la même."""
    columns = {str(name): _comma(frame[name]) for name in frame.columns}
    return pd.DataFrame(columns, index=frame.index), tuple(Field(name, "string") for name in columns)


def _comma(texts: pd.Series) -> pd.Series:
    if own_features.numbers(texts) is None:
        return texts
    decimal: pd.Series = texts.where(~texts.str.fullmatch(_DECIMAL, na=False), texts.str.replace(".", ",", regex=False))
    return decimal


def _typed(frame: pd.DataFrame, keys: Sequence[str]) -> tuple[pd.DataFrame, tuple[Field, ...]]:
    """Colonnes de nombres en nombres, pour un tableur ; les codes et le reste en texte."""
    columns, fields = {}, []
    for name in frame.columns:
        values = None if name in keys else own_features.numbers(frame[name])
        exact = values is not None and int(pd.notna(values).sum()) == int(frame[name].notna().sum())
        columns[str(name)] = values if exact else frame[name]
        fields.append(Field(str(name), "number" if exact else "string", decimals=_DIGITS))
    return pd.DataFrame(columns, index=frame.index), tuple(fields)
