"""Ouvrir un fichier de tableaux numpy sans confiance : les en-têtes d’abord, les valeurs ensuite.

L’en-tête d’un tableau dit sa forme et son type : il se lit sans rien décompresser. Les objets Python ne sont jamais
relus, car cela exécuterait du code venu du fichier.
"""

from __future__ import annotations

import lzma
import math
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from formation.datasets._reading import check_exists
from formation.errors import DonneesInvalides, Problem, reason

MAX_MEMBERS = 64
"""Fichiers qu’une archive peut contenir."""
HOW = (
    "Un NPZ est l’archive de tableaux qu’écrit numpy ; exemple : numpy.savez_compressed('mon_fichier.npz', "
    "nom=tableau). Une image ou un CSV renommé n’en est pas un."
)
_NPY = b"\x93NUMPY"
_FORMATS = (
    (b"\x89HDF", "un fichier HDF5 (ODIM, le format d’échange des radars, ou NetCDF 4)"),
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
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, tokenize.TokenError, EOFError, OSError, ValueError, SyntaxError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Header:
    """Forme et type d’un tableau, lus sans le décompresser.

    Attributes
    ----------
    name : str
        Nom du tableau.
    shape : tuple of int
        Forme.
    dtype : dtype
        Type numpy.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def weight(self) -> int:
        """Mémoire que le tableau demanderait, en octets."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def kind(self) -> str:
        """Type tel que le schéma l’écrit, par exemple « uint8 » ou « str »."""
        return "str" if self.dtype.kind == "U" else self.dtype.name

    @property
    def form(self) -> str:
        """Forme, par exemple « 120 × 24 × 24 »."""
        return " × ".join(map(str, self.shape)) or "un seul nombre"


def read_headers(file: Path, *, only: str, how: str = HOW) -> dict[str, Header | None]:
    """En-têtes des tableaux d’un fichier NPZ ou NPY, sans rien décompresser.

    Parameters
    ----------
    file : Path
        Fichier de l’utilisateur ; il n’est jamais modifié.
    only : str
        Nom donné au tableau d’un fichier `.npy`, qui n’en porte pas.
    how : str
        Forme attendue et exemple, à la fin des messages.

    Returns
    -------
    dict
        En-tête par nom ; `None` s’il ne se lit pas. Vide si l’archive n’a pas de tableau.

    Raises
    ------
    DonneesInvalides
        Si le fichier manque, n’est pas un fichier de tableaux, est abîmé ou en contient trop.
    """
    check_exists(file, how, "*.npz")
    if _start(file, how).startswith(_NPY):
        with file.open("rb") as stream:
            return {only: _header(only, stream)}
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                message = (
                    f"l’archive contient {len(members)} fichiers, {MAX_MEMBERS} au plus sont lus. Refaites un NPZ "
                    f"simple, avec les éléments de même nature dans un seul tableau. {how}"
                )
                raise _stop(file, "trop_de_tableaux", message)
            named = {item.filename.removesuffix(".npy"): item for item in members if item.filename.endswith(".npy")}
            return {name: _member(name, archive, item) for name, item in named.items()}
    except _DAMAGED:
        raise damaged(file) from None


def read_values(file: Path, name: str) -> np.ndarray:
    """Décompresse un tableau dont l’en-tête a été jugé.

    Parameters
    ----------
    file : Path
        Fichier NPZ, ou NPY : il n’a qu’un tableau, et `name` n’y sert pas.
    name : str
        Nom du tableau.

    Returns
    -------
    ndarray
        Valeurs ; jamais d’objets Python.

    Raises
    ------
    DonneesInvalides
        Si le fichier est abîmé.
    """
    try:
        with file.open("rb") as stream:
            if stream.read(len(_NPY)) == _NPY:
                stream.seek(0)
                return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))
        with zipfile.ZipFile(file) as archive, archive.open(f"{name}.npy") as member:
            return np.asarray(np.lib.format.read_array(member, allow_pickle=False))
    except (KeyError, *_DAMAGED):
        raise damaged(file) from None


def refuse_objects(header: Header, dtype: str) -> list[Problem]:
    """Refuse un tableau d’objets Python.

    Parameters
    ----------
    header : Header
        En-tête.
    dtype : str
        Type attendu, pour l’exemple.

    Returns
    -------
    list of Problem
        Vide si le tableau n’en contient pas.

    Examples
    --------
    >>> refuse_objects(Header("code", (2,), np.dtype("uint8")), "uint8")
    []
    """
    if not header.dtype.hasobject:
        return []
    message = (
        "le tableau contient des objets Python : les relire exécuterait du code venu du fichier, il est refusé. "
        f"Convertissez-le d’abord en {dtype} : tableau.astype({dtype!r})."
    )
    return [Problem("objets_refuses", message, header.name)]


def damaged(file: Path) -> DonneesInvalides:
    """Erreur à lever pour un fichier de tableaux abîmé.

    Parameters
    ----------
    file : Path
        Fichier.

    Returns
    -------
    DonneesInvalides
        Erreur, à lever.
    """
    message = "l’archive est incomplète ou abîmée : elle ne se décompresse pas. Copiez-la de nouveau depuis sa source."
    return _stop(file, "fichier_abime", message)


def _start(file: Path, how: str) -> bytes:
    try:
        with file.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        message = f"lecture impossible : {reason(error)}. Vérifiez vos droits."
        raise _stop(file, "lecture_impossible", message) from None
    for signature, label in _FORMATS:
        if start.startswith(signature):
            message = (
                f"c’est {label}, pas un NPZ. Ouvrez-le avec son logiciel et exportez ses valeurs en tableau numpy."
            )
            raise _stop(file, "pas_un_npz", f"{message} {how}")
    if not start.startswith(_NPY) and not zipfile.is_zipfile(file):
        raise _stop(file, "pas_un_npz", f"ce n’est pas un fichier NPZ, ou il est coupé. {how}")
    return start


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Header | None:
    try:
        with archive.open(member) as stream:
            return _header(name, stream)
    except _DAMAGED:
        return None


def _header(name: str, stream: IO[bytes]) -> Header | None:
    try:
        version = np.lib.format.read_magic(stream)
        reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = reader(stream)
    except _DAMAGED:
        return None
    return Header(name, shape, dtype)


def _stop(file: Path, kind: str, message: str) -> DonneesInvalides:
    return DonneesInvalides(file.name, [Problem(kind, message)])
