"""Lire des vignettes : rien d’assez fin pour reconnaître quelqu’un, et jamais plus de mémoire que dit.

L’en-tête de chaque image est jugé avant toute décompression. Une image trop large est refusée : un visage pourrait y
être reconnu.
"""

from __future__ import annotations

import struct
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formation import datasets
from formation.datasets import npz
from formation.datasets.schema import Array
from formation.errors import LINES_SHOWN, DonneesInvalides, Problem, reason
from formation.numbers import number, plural

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

MAX_SIDE, MIN_SIDE = 256, 16
"""Côté d’une vignette, en pixels ; au-delà du plus grand, on refuse pour protéger les visages."""
MAX_IMAGES = 2_000
MAX_IMAGE_BYTES = 2**20
"""Poids d’un fichier d’image, en octets."""
MAX_ENTRIES = 20_000
"""Fichiers parcourus dans un dossier."""
BOMB_PIXELS = 10_000_000
EXTENSIONS = (".png", ".jpg", ".jpeg", ".bmp", ".pgm")
_READ = "PNG, JPEG, BMP ou PGM"
FORMATS = ("PNG", "JPEG", "BMP", "PPM")
_ADVICE = "Réduisez chaque vignette à 64 × 64 pixels environ, pour 8 × 8 m au sol."
_HOW = "Attendu : PNG, JPEG, BMP ou PGM, en niveaux de gris sur 8 bits, par exemple 64 × 64 pixels."
_KINDS = {
    "trop_large": "un visage pourrait y être reconnu au-delà de {side} pixels de large ou de haut ; l’essai refuse de "
    "les lire, même pour compter. {advice}",
    "trop_petite": "moins de {least} pixels de côté : on n’y distingue personne. {advice}",
    "bombe": "l’en-tête annonce une image géante : photographie entière, ou fichier fait pour épuiser la mémoire. Rien "
    "n’a été décompressé. {advice}",
    "fichier_trop_gros": "plus de {weight} Mo pour une vignette. {advice}",
    "pas_une_image": "le contenu n’est pas une image, malgré l’extension : texte renommé, ou autre format. {how}",
    "fichier_vide": "fichier vide (0 octet). Refaites l’export.",
    "image_abimee": "image incomplète ou abîmée : elle ne se décompresse pas. Copiez-la de nouveau.",
    "transparence": "canal alpha (transparence) : un pixel transparent n’a pas de valeur. Enregistrez sans "
    "transparence, sur fond opaque.",
    "seize_bits": "plus de 8 bits par pixel : convertir au hasard écraserait les gris. Réduisez à 8 bits (0 à 255) "
    "dans votre logiciel.",
    "animation": "plusieurs images dans un même fichier. Enregistrez une vignette par fichier.",
    "fichier_illisible": "lecture impossible : vérifiez vos droits.",
}


@dataclass
class OwnImages:
    """Vignettes lues : octets de forme (n, hauteur, largeur), un nom par vignette, ce qu’il faut savoir."""

    images: NDArray[np.uint8]
    names: list[str]
    remarks: list[str] = field(default_factory=list)


@dataclass
class _Refused(Exception):
    kind: str
    value: str


def read(source: str | Path) -> OwnImages:
    """Lit des vignettes, d’un fichier NPZ ou d’un dossier d’images.

    Parameters
    ----------
    source : str or Path
        Fichier `.npz` avec un tableau `images` d’octets (n, hauteur, largeur), ou dossier de PNG, JPEG, BMP ou PGM.

    Returns
    -------
    OwnImages
        Vignettes de même taille, dans l’ordre des noms. Rien n’est écrit.

    Raises
    ------
    DonneesInvalides
        Si une vignette n’est pas lisible ou est trop fine, ou si les tailles diffèrent ; tous les problèmes sont dits.
    """
    path = Path(source)
    if not path.exists():
        message = f"rien à l’endroit indiqué ({path}). Donnez un fichier NPZ, ou un dossier d’images. {_HOW}"
        raise DonneesInvalides(path.name, [Problem("fichier_introuvable", message)])
    return _folder(path) if path.is_dir() else _npz(path)


def _npz(path: Path) -> OwnImages:
    problems = _header_problems(path)
    wanted = [Array("images", "uint8", (None, None, None))]
    # Déjà refusé sur son en-tête : la vérification commune dit le reste, sans rien décompresser.
    report = datasets.check_arrays(wanted, path, max_bytes=0 if problems else MAX_IMAGES * MAX_SIDE**2)
    told = {problem.kind for problem in problems}
    problems += [
        problem
        for problem in report.problems
        if not (problem.kind == "type_inattendu" and "seize_bits" in told)
        and not (problem.kind == "trop_lourd" and told)
        and not (problem.kind == "forme_inattendue" and "transparence" in told)
    ]
    if problems or report.arrays is None:
        raise DonneesInvalides(path.name, problems, report.remarques)
    images = report.arrays["images"]
    names = [str(rank) for rank in range(len(images))]
    return OwnImages(images, names, [f"{path.name} : {text}" for text in report.remarques])


def _header_problems(path: Path) -> list[Problem]:
    """Ce que l’en-tête du tableau apprend, sans décompresser les pixels."""
    try:
        header = npz.read_headers(path, only="images").get("images")
    except DonneesInvalides:
        header = None
    if header is None:
        return []  # la vérification commune dira pourquoi
    shape, dtype = header.shape, header.dtype
    problems = []
    read_as = f"le tableau a la forme {header.form}"
    if dtype.kind in "uif" and dtype.itemsize > 1 and not dtype.hasobject:
        problems.append(
            Problem(
                "seize_bits",
                f"le tableau est en {dtype.name}, il faut des octets (uint8, de 0 à 255). Ramenez l’échelle avant de "
                "convertir, par exemple (images / images.max() * 255).astype('uint8') : un simple astype('uint8') "
                "mélange les gris.",
                "images",
            )
        )
    if len(shape) == 4 and shape[-1] in (2, 4):
        problems.append(Problem("transparence", f"{read_as} : {_say('transparence')}", "images"))
    sides = shape[1:3] if len(shape) >= 3 else ()
    if sides and max(sides) > MAX_SIDE:
        problems.append(Problem("trop_large", f"{read_as} : {_say('trop_large')}", "images"))
    elif sides and min(sides) < MIN_SIDE:
        problems.append(Problem("trop_petite", f"{read_as} : {_say('trop_petite')}", "images"))
    if len(shape) == 3 and shape[0] > MAX_IMAGES:
        problems.append(_too_many(shape[0], "images"))
    if len(shape) == 3 and shape[0] == 0:
        problems.append(
            Problem("aucune_vignette", "le tableau ne contient aucune vignette. Refaites l’export.", "images")
        )
    return problems


def _too_many(count: int, column: str | None = None) -> Problem:
    return Problem(
        "trop_de_vignettes",
        f"{number(count)} vignettes, et l’essai en lit au plus {number(MAX_IMAGES)}. Tirez-en au sort, par condition "
        "et par densité.",
        column,
    )


def _folder(folder: Path) -> OwnImages:
    files, ignored = _listed(folder)
    if not files:
        others = f" Autres fichiers, non lus : {ignored}." if ignored else ""
        message = f"aucune image {_READ} dans ce dossier (ses sous-dossiers ne sont pas lus).{others} {_HOW}"
        raise DonneesInvalides(folder.name, [Problem("aucune_vignette", message)])
    if len(files) > MAX_IMAGES:
        raise DonneesInvalides(folder.name, [_too_many(len(files))])
    found: list[NDArray[np.uint8]] = []
    names: list[str] = []
    refused: dict[str, list[str]] = {}
    notes: Counter[str] = Counter()
    for file in files:
        try:
            found.append(_pixels(file, notes))
            names.append(file.name)
        except _Refused as error:
            refused.setdefault(error.kind, []).append(f"{file.name}{error.value}")
    problems = [_problem(kind, values) for kind, values in refused.items()] + _sizes(found, names)
    remarks = [f"{folder.name} : {text} ({plural(count, 'vignette')})." for text, count in notes.items()]
    if ignored:
        noun = plural(ignored, "autre fichier laissé", "autres fichiers laissés")
        remarks.append(f"{folder.name} : {noun} de côté.")
    if problems:
        raise DonneesInvalides(folder.name, problems, remarks)
    return OwnImages(np.stack(found), names, remarks)


def _listed(folder: Path) -> tuple[list[Path], int]:
    entries = list(islice(_files(folder), MAX_ENTRIES))
    files = sorted(path for path in entries if path.suffix.lower() in EXTENSIONS)
    return files, len(entries) - len(files)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _problem(kind: str, values: Sequence[str]) -> Problem:
    shown = ", ".join(f"« {value} »" for value in values[:LINES_SHOWN])
    rest = len(values) - LINES_SHOWN
    others = f" et {plural(rest, 'autre')}" if rest > 0 else ""
    return Problem(kind, f"{shown}{others} : {_say(kind)}", values=tuple(values[:LINES_SHOWN]), count=len(values))


def _say(kind: str) -> str:
    weight = MAX_IMAGE_BYTES // 2**20
    return _KINDS[kind].format(side=MAX_SIDE, least=MIN_SIDE, weight=weight, advice=_ADVICE, how=_HOW)


def _sizes(images: Sequence[NDArray[np.uint8]], names: Sequence[str]) -> list[Problem]:
    counts = Counter(image.shape for image in images)
    if len(counts) < 2:
        return []
    (height, width), usual = counts.most_common(1)[0]
    others = [
        f"{name} ({image.shape[1]} × {image.shape[0]})"
        for image, name in zip(images, names, strict=True)
        if image.shape != (height, width)
    ]
    message = (
        f"les vignettes n’ont pas toutes la même taille : {width} × {height} pour {usual} sur "
        f"{len(images)}, mais {', '.join(others[:LINES_SHOWN])}{' …' if len(others) > LINES_SHOWN else ''}. À une "
        "autre échelle, une tête n’a plus la même taille : découpez-les toutes pareil."
    )
    return [Problem("tailles_differentes", message, values=tuple(others[:LINES_SHOWN]), count=len(others))]


def _pixels(file: Path, notes: Counter[str]) -> NDArray[np.uint8]:
    """Pixels d’une image, si son en-tête puis son contenu sont acceptables."""
    import PIL.Image

    try:
        size = file.stat().st_size
        if size == 0:
            raise _Refused("fichier_vide", "")
        if size > MAX_IMAGE_BYTES:
            raise _Refused("fichier_trop_gros", f" ({number(size / 2**20, 1)}\u00a0Mo)")
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            with PIL.Image.open(file, formats=FORMATS) as image:
                _judge(file, image)
                return _grey(image, notes)
    except PIL.UnidentifiedImageError:
        raise _Refused("pas_une_image", "") from None
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise _Refused("bombe", "") from None
    except (SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, OverflowError, MemoryError):
        raise _Refused("image_abimee", "") from None
    except OSError as error:
        # Pillow signale une image coupée par une OSError sans numéro ; le système en donne toujours un.
        kind = "fichier_illisible" if error.errno else "image_abimee"
        raise _Refused(kind, f" ({reason(error)})" if error.errno else "") from None


def _judge(file: Path, image: Image) -> None:
    """Juge l’en-tête : aucune décompression n’a encore eu lieu."""
    width, height = image.size
    shape = f" ({width} × {height})"
    if width * height > BOMB_PIXELS:
        raise _Refused("bombe", shape)
    if max(width, height) > MAX_SIDE:
        raise _Refused("trop_large", shape)
    if min(width, height) < MIN_SIDE:
        raise _Refused("trop_petite", shape)
    if getattr(image, "n_frames", 1) > 1:
        raise _Refused("animation", "")
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        raise _Refused("transparence", f" ({image.mode})")
    if image.mode.startswith(("I", "F")) or _png_depth(file) > 8:
        raise _Refused("seize_bits", f" ({image.mode})")


def _png_depth(file: Path) -> int:
    """Bits par composante d’un PNG ; Pillow lit la couleur 16 bits comme du 8 bits, sans le dire."""
    with file.open("rb") as stream:
        start = stream.read(25)
    return start[24] if len(start) == 25 and start.startswith(b"\x89PNG") else 8


def _grey(image: Image, notes: Counter[str]) -> NDArray[np.uint8]:
    if image.getexif():
        notes["métadonnées de prise de vue présentes (date, appareil, parfois position), non lues"] += 1
    if image.mode != "L":
        notes["couleur ou noir et blanc, converti en niveaux de gris"] += 1
        image = image.convert("L")
    return np.asarray(image, dtype=np.uint8)
