"""Lire un carnet dont on ne sait rien : bornes, formes refusées, et pourquoi."""

import json
import math
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formation.classroom.errors import AtelierImpossible

MAX_NOTEBOOK_BYTES = 20_000_000
"""Sorties comprises : une dizaine de grandes figures. Au-delà, le carnet est à vider de ses sorties."""
MAX_CELLS = 1_000
TOO_MANY_CELLS = "le carnet a plus de 1 000 cellules"
MAX_DEPTH = 60
# au-delà, lire prendrait des secondes et des centaines de Mo ; aucun vrai carnet n’en approche
_MARKS = ((b"{", 1_000_000), (b"[", 1_000_000), (b":", 1_000_000), (b",", 3_000_000))
_RESAVE = "ouvrez-le dans JupyterLab et enregistrez-le de nouveau"
_SIGNATURES = (
    (b"PK\x03\x04", "c’est une archive ZIP ; dépliez-la et rendez le carnet .ipynb qu’elle contient"),
    (b"\x1f\x8b", "c’est une archive compressée ; dépliez-la et rendez le carnet .ipynb qu’elle contient"),
    (b"%PDF", "c’est un document PDF ; rendez le carnet .ipynb lui-même"),
    (b"\xff\xfe", f"il est écrit en UTF-16 ; {_RESAVE}"),
    (b"\xfe\xff", f"il est écrit en UTF-16 ; {_RESAVE}"),
)


def printable(name: str, limit: int = 80) -> str:
    r"""Nom de fichier choisi par un stagiaire, tel qu’on peut l’afficher dans un terminal ou une page.

    Parameters
    ----------
    name : str
        Nom, peut-être plein de commandes de terminal ou de demi-caractères.
    limit : int
        Nombre de caractères gardés.

    Returns
    -------
    str

    Examples
    --------
    >>> printable("a\x1b[2J\n.ipynb")
    'a?[2J?.ipynb'
    """
    shown = "".join(letter if letter.isprintable() else "?" for letter in name)
    return shown.encode("utf-8", "replace").decode("utf-8")[:limit]


def open_plain(path: Path | str, directory: int | None = None) -> int:
    """Ouvre un fichier ordinaire en lecture ; ni lien, ni tube, ni périphérique, et sans jamais attendre.

    Parameters
    ----------
    path : Path or str
        Fichier, ou son nom dans `directory`.
    directory : int, optional
        Descripteur du dossier.

    Returns
    -------
    int
        Descripteur, à fermer par l’appelant.

    Raises
    ------
    AtelierImpossible
        Si ce n’est pas un fichier ordinaire que l’on puisse lire.
    """
    # Windows n’a ni lien à refuser ainsi, ni tube nommé dans un dossier
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags, dir_fd=directory)
    except OSError as error:
        raise AtelierImpossible(_unopened(path, directory, error)) from None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise AtelierImpossible("ce n’est pas un fichier ordinaire (dossier, tube ou périphérique)")


def _unopened(path: Path | str, directory: int | None, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "ce n’est pas un fichier que l’on ait le droit de lire"
    try:
        linked = stat.S_ISLNK(os.stat(path, dir_fd=directory, follow_symlinks=False).st_mode)
    except OSError:
        linked = False
    if linked:
        return "ce n’est pas un fichier ordinaire : c’est un lien vers un autre fichier, il n’est pas suivi"
    return "ce n’est pas un fichier ordinaire que l’on puisse lire"


def read_untrusted(path: Path | str, directory: int | None = None) -> dict[str, Any]:
    """Lit le carnet d’un stagiaire sans suivre de lien ni lire au-delà d’une taille bornée.

    Parameters
    ----------
    path : Path or str
        Fichier .ipynb, ou son nom dans `directory`.
    directory : int, optional
        Descripteur du dossier.

    Returns
    -------
    dict
        JSON du carnet, au format 4.

    Raises
    ------
    AtelierImpossible
        Si le fichier n’est pas un carnet acceptable ; le message dit pourquoi.
    """
    with os.fdopen(open_plain(path, directory), "rb") as stream:
        try:
            payload = stream.read(MAX_NOTEBOOK_BYTES + 1)
        except OSError:
            raise AtelierImpossible("le disque n’a pas pu le lire jusqu’au bout") from None
    return parse_untrusted(payload)


def parse_untrusted(payload: bytes) -> dict[str, Any]:
    """Décode le carnet d’un stagiaire.

    Parameters
    ----------
    payload : bytes
        Contenu du fichier.

    Returns
    -------
    dict
        JSON du carnet. Seuls son format et le nombre de ses cellules sont vérifiés.

    Raises
    ------
    AtelierImpossible
        Si ce n’est pas un carnet Jupyter au format 4, ou s’il est démesuré.
    """
    if len(payload) > MAX_NOTEBOOK_BYTES:
        limit = MAX_NOTEBOOK_BYTES // 1_000_000
        raise AtelierImpossible(f"le carnet dépasse {limit} Mo ; dans JupyterLab, effacez ses sorties et enregistrez")
    text = _decode(payload)
    if any(payload.count(mark) > most for mark, most in _MARKS):
        raise AtelierImpossible("le carnet a une structure démesurée ; effacez ses sorties et enregistrez")
    try:
        raw = json.loads(text, parse_constant=_no_constant, parse_float=_float, object_pairs_hook=_no_double)
    except json.JSONDecodeError as error:
        raise AtelierImpossible(_not_json(text, error)) from None
    except RecursionError:
        raise AtelierImpossible("ce n’est pas un carnet lisible : ses données sont trop imbriquées") from None
    except ValueError as error:
        # Python refuse de lire un entier de plus de 4 300 chiffres
        why = str(error) if isinstance(error, _Refused) else "il contient un nombre démesuré"
        raise AtelierImpossible(f"ce n’est pas un carnet lisible : {why}") from None
    return _checked(raw)


class _Refused(ValueError):
    """Forme JSON refusée, avec son explication."""


def _decode(payload: bytes) -> str:
    if not payload.strip():
        raise AtelierImpossible("ce n’est pas un carnet lisible : le fichier est vide")
    for signature, why in _SIGNATURES:
        if payload.startswith(signature):
            raise AtelierImpossible(f"ce n’est pas un carnet lisible : {why}")
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AtelierImpossible(
            f"ce n’est pas un carnet lisible : il n’est pas en UTF-8 (en Latin-1, peut-être) ; {_RESAVE}"
        ) from None


def _no_constant(name: str) -> None:
    raise _Refused(f"il contient la valeur « {name} », qui n’existe pas en JSON")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        # récrit, ce serait « Infinity », qui n’existe pas en JSON
        raise _Refused(f"il contient le nombre « {text[:20]} », démesuré")
    return value


def _no_double(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    for key, _value in pairs:
        if key in seen:
            shown = key[:40].encode("utf-8", "replace").decode("utf-8")
            raise _Refused(f"la clé « {shown} » y est écrite deux fois ; {_RESAVE}")
        seen.add(key)
    return made


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    start = text[:500].lstrip().lower()
    if start.startswith("<"):
        why = "c’est une page web enregistrée sous ce nom ; dans JupyterLab : Fichier, Télécharger"
    elif "<<<<<<<" in text:
        why = "il contient les marques d’un conflit Git ; gardez une seule des deux versions"
    elif start.startswith("{") and error.pos >= len(text.rstrip()) - 1:
        why = "il est coupé avant la fin ; rendez-le de nouveau"
    elif not start.startswith("{"):
        why = "ce n’est pas du JSON (un programme .py, peut-être) ; rendez le fichier .ipynb"
    else:
        why = f"erreur de JSON à la ligne {error.lineno} ; {_RESAVE}"
    return f"ce n’est pas un carnet lisible : {why}"


def _checked(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or not {"cells", "worksheets", "nbformat"} & raw.keys():
        raise AtelierImpossible("ce n’est pas un carnet Jupyter au format 4 : c’est un autre fichier JSON")
    version, cells = raw.get("nbformat"), raw.get("cells")
    if isinstance(version, int) and version < 4 and ("worksheets" in raw or version < 3):
        raise AtelierImpossible(
            f"il est au format {version}, on attend un carnet Jupyter au format 4. Convertissez-le : "
            "jupyter nbconvert --to notebook --nbformat 4 CARNET.ipynb"
        )
    if isinstance(version, int) and version > 4:
        raise AtelierImpossible(
            f"il est au format {version}, plus récent que ce que l’on sait lire ; on attend un carnet Jupyter au "
            "format 4. Enregistrez-le avec la version de JupyterLab de la formation"
        )
    if version != 4 or not isinstance(cells, list):
        raise AtelierImpossible(f"ce n’est pas un carnet Jupyter au format 4 ; {_RESAVE}")
    if len(cells) > MAX_CELLS:
        raise AtelierImpossible(TOO_MANY_CELLS)
    if any(depth > MAX_DEPTH for depth in _depths(raw)):
        raise AtelierImpossible("ce n’est pas un carnet lisible : ses données sont trop imbriquées")
    return raw


def _depths(raw: Any) -> Iterator[int]:
    stack = [(raw, 1)]
    while stack:
        node, depth = stack.pop()
        yield depth
        inner = node.values() if isinstance(node, dict) else node
        stack += [(item, depth + 1) for item in inner if isinstance(item, (dict, list))]
