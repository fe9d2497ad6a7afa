"""Ouvrir une suite d’images de pluie sans confiance : les en-têtes d’abord, les valeurs ensuite, jamais d’objet "
"Python.
"""

from __future__ import annotations

import lzma
import math
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from formation.errors import DonneesInvalides, Problem, reason
from formation.numbers import number

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CELLS = 20_000_000
"""Cases qu’un tableau peut avoir : quatre mois d’images de 24 × 24 cases."""
MAX_MEMBERS = 64
_ONLY = "pluie_mm_h"
_EXAMPLE = "numpy.savez_compressed('radar.npz', pluie_mm_h=images, minute=minutes)"
_FORMATS = (
    (b"\x89HDF", "un fichier HDF5 (ODIM), le format d’échange des radars"),
    (b"CDF", "un fichier NetCDF"),
    (b"GRIB", "un fichier GRIB"),
    (b"BUFR", "un fichier BUFR"),
    (b"II*\0", "une image TIFF"),
    (b"MM\0*", "une image TIFF"),
    (b"\x89PNG", "une image PNG"),
    (b"GIF8", "une image GIF"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"%PDF", "un document PDF"),
)
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Header:
    """Forme et type d’un tableau, lus sans le décompresser."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def form(self) -> str:
        """Forme, par exemple « 120 × 24 × 24 »."""
        return " × ".join(map(str, self.shape)) or "un seul nombre"


def headers(path: Path) -> dict[str, Header]:
    """Tableaux d’un fichier NPZ ou NPY, sans les décompresser.

    Parameters
    ----------
    path : Path
        Fichier.

    Returns
    -------
    dict of str to Header
        Par nom.

    Raises
    ------
    DonneesInvalides
        Si ce n’est pas un fichier de tableaux lisible.
    """
    _check_exists(path)
    found = {}
    try:
        for name, stream in _members(path):
            with stream:
                found[name] = _header(name, stream)
    except OSError as error:
        raise _stop(path, "lecture_impossible", f"lecture impossible : {reason(error)}. Vérifiez vos droits.") from None
    except _DAMAGED:
        raise _damaged(path) from None
    if not found:
        raise _stop(path, "aucun_tableau", f"l’archive ne contient aucun tableau numpy. Exemple : {_EXAMPLE}")
    return found


def values(path: Path, header: Header) -> NDArray[Any]:
    """Décompresse un tableau dont l’en-tête a été jugé.

    Parameters
    ----------
    path : Path
        Fichier.
    header : Header
        En-tête de :func:`headers`.

    Returns
    -------
    ndarray
        Valeurs.

    Raises
    ------
    DonneesInvalides
        Si l’archive est abîmée.
    """
    try:
        for name, stream in _members(path):
            with stream:
                if name == header.name:
                    return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))
    except (OSError, *_DAMAGED):
        pass
    raise _damaged(path)


def judge(header: Header) -> list[Problem]:
    """Refuse un tableau d’objets, de textes, ou trop lourd.

    Parameters
    ----------
    header : Header
        En-tête.

    Returns
    -------
    list of Problem
        Vide s’il peut être lu.
    """
    problems = []
    if header.dtype.hasobject:
        message = (
            "le tableau contient des objets Python : les relire exécuterait du code venu du fichier, il est refusé. "
            "Convertissez-le d’abord, par exemple images.astype('float32')."
        )
        return [Problem("objets_refuses", message, header.name)]
    if header.dtype.kind not in "iuf":
        message = (
            f"le type est {header.dtype.name} : il faut des nombres, par exemple float32, en mm/h. Convertissez avec "
            "images.astype('float32')."
        )
        problems.append(Problem("type_inattendu", message, header.name))
    if math.prod(header.shape) > MAX_CELLS:
        message = (
            f"le tableau a {number(math.prod(header.shape))} cases ({header.form}), l’essai en accepte "
            f"{number(MAX_CELLS)}. Il n’a pas été décompressé. Donnez moins d’images à la fois, ou une grille moins "
            "fine."
        )
        problems.append(Problem("trop_lourd", message, header.name))
    return problems


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with path.open("rb") as stream:
        start = stream.read(6)
    if start == b"\x93NUMPY":
        yield _ONLY, path.open("rb")
        return
    with zipfile.ZipFile(path) as archive:
        members = [item for item in archive.infolist() if item.filename.endswith(".npy")]
        if len(members) > MAX_MEMBERS:
            raise _stop(
                path,
                "trop_de_tableaux",
                f"l’archive contient {len(members)} tableaux, {MAX_MEMBERS} au plus sont lus. Réunissez les images "
                f"dans un seul tableau. Exemple : {_EXAMPLE}",
            )
        for item in members:
            yield item.filename.removesuffix(".npy"), archive.open(item)


def _header(name: str, stream: IO[bytes]) -> Header:
    version = np.lib.format.read_magic(stream)
    reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = reader(stream)
    return Header(name, shape, dtype)


def _check_exists(path: Path) -> None:
    if path.is_dir():
        raise _stop(path, "dossier", "c’est un dossier. Réunissez les images dans un seul fichier NPZ. " + _how())
    if not path.exists():
        raise _stop(
            path,
            "fichier_introuvable",
            f"le fichier n’existe pas à l’endroit indiqué ({path}). Vérifiez le nom, l’extension et le dossier.",
        )
    if path.stat().st_size == 0:
        raise _stop(path, "fichier_vide", "le fichier est vide (0 octet). Refaites l’export.")
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise _stop(path, "lecture_impossible", f"lecture impossible : {reason(error)}. Vérifiez vos droits.") from None
    for signature, label in _FORMATS:
        if start.startswith(signature):
            raise _stop(
                path,
                "autre_format",
                f"c’est {label}, pas un NPZ. Ouvrez-le avec le logiciel qui l’a écrit et exportez l’intensité en "
                f"mm/h. {_how()}",
            )
    if start[:6] != b"\x93NUMPY" and not zipfile.is_zipfile(path):
        raise _stop(path, "pas_un_npz", f"ce n’est pas un fichier NPZ, ou il est coupé. {_how()}")


def _how() -> str:
    return (
        "Attendu : un NPZ avec un tableau « pluie_mm_h » de forme images × lignes × colonnes, en mm/h, une case vide "
        f"(NaN) quand rien n’est mesuré. Exemple en Python : {_EXAMPLE}"
    )


def _stop(path: Path, kind: str, message: str) -> DonneesInvalides:
    return DonneesInvalides(path.name, [Problem(kind, message)])


def _damaged(path: Path) -> DonneesInvalides:
    return _stop(
        path,
        "fichier_abime",
        "l’archive est incomplète ou abîmée : elle ne se décompresse pas. Copiez-la de nouveau depuis sa source.",
    )
