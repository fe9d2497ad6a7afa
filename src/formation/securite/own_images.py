"""Lire des vignettes : rien d’assez fin pour reconnaître quelqu’un, et jamais plus de mémoire que dit.

L’en-tête de chaque image est jugé avant toute décompression. Une image trop large est refusée : un visage pourrait y
être reconnu.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formation import datasets
from formation.datasets import npz, pictures
from formation.datasets.pictures import Refused, Rules
from formation.datasets.schema import Array
from formation.errors import DonneesInvalides, Problem
from formation.numbers import number, plural

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

MAX_SIDE, MIN_SIDE = 256, 16
"""Côté d’une vignette, en pixels ; au-delà du plus grand, on refuse pour protéger les visages."""
MAX_IMAGES = 2_000
MAX_IMAGE_BYTES = 2**20
"""Poids d’un fichier d’image, en octets."""
RULES = Rules(
    noun="vignette",
    formats=("PNG", "JPEG", "BMP", "PPM"),
    extensions=(".png", ".jpg", ".jpeg", ".bmp", ".pgm"),
    read_as="PNG, JPEG, BMP ou PGM",
    min_side=MIN_SIDE,
    max_side=MAX_SIDE,
    max_pixels=10_000_000,
    max_bytes=MAX_IMAGE_BYTES,
    advice="Réduisez chaque vignette à 64 × 64 pixels environ, pour 8 × 8 m au sol.",
    how="Attendu : PNG, JPEG, BMP ou PGM, en niveaux de gris sur 8 bits, par exemple 64 × 64 pixels.",
    says={
        "trop_large": "un visage pourrait y être reconnu au-delà de {side} pixels de large ou de haut ; l’essai refuse "
        "de les lire, même pour compter. {advice}",
        "trop_petite": "moins de {least} pixels de côté : on n’y distingue personne. {advice}",
        "bombe": "l’en-tête annonce une image géante : photographie entière, ou fichier fait pour épuiser la mémoire. "
        "Rien n’a été décompressé. {advice}",
        "transparence": "canal alpha (transparence) : un pixel transparent n’a pas de valeur. Enregistrez sans "
        "transparence, sur fond opaque.",
        "seize_bits": "plus de 8 bits par pixel : convertir au hasard écraserait les gris. Réduisez à 8 bits (0 à 255) "
        "dans votre logiciel.",
    },
)
"""Ce qu’une vignette peut être."""


@dataclass
class OwnImages:
    """Vignettes lues : octets de forme (n, hauteur, largeur), un nom par vignette, ce qu’il faut savoir."""

    images: NDArray[np.uint8]
    names: list[str]
    remarks: list[str] = field(default_factory=list)


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
        message = f"rien à l’endroit indiqué ({path}). Donnez un fichier NPZ, ou un dossier d’images. {RULES.how}"
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
        problems.append(Problem("transparence", f"{read_as} : {RULES.say('transparence')}", "images"))
    sides = shape[1:3] if len(shape) >= 3 else ()
    if sides and max(sides) > MAX_SIDE:
        problems.append(Problem("trop_large", f"{read_as} : {RULES.say('trop_large')}", "images"))
    elif sides and min(sides) < MIN_SIDE:
        problems.append(Problem("trop_petite", f"{read_as} : {RULES.say('trop_petite')}", "images"))
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
    files, ignored = pictures.listed(folder, RULES.extensions)
    if not files:
        others = f" Autres fichiers, non lus : {ignored}." if ignored else ""
        message = (
            f"aucune image {RULES.read_as} dans ce dossier (ses sous-dossiers ne sont pas lus).{others} {RULES.how}"
        )
        raise DonneesInvalides(folder.name, [Problem("aucune_vignette", message)])
    if len(files) > MAX_IMAGES:
        raise DonneesInvalides(folder.name, [_too_many(len(files))])
    found: list[NDArray[np.uint8]] = []
    names: list[str] = []
    refused: dict[str, list[str]] = {}
    notes: Counter[str] = Counter()
    for file in files:
        try:
            found.append(pictures.read(file, RULES, partial(_grey, file, notes)))
            names.append(file.name)
        except Refused as error:
            refused.setdefault(error.kind, []).append(f"{file.name}{error.value}")
    sizes = [(image.shape[1], image.shape[0]) for image in found]
    problems = RULES.problems(refused) + pictures.different_sizes(sizes, names, RULES.noun, _SCALE)
    remarks = [f"{folder.name} : {text} ({plural(count, 'vignette')})." for text, count in notes.items()]
    if ignored:
        noun = plural(ignored, "autre fichier laissé", "autres fichiers laissés")
        remarks.append(f"{folder.name} : {noun} de côté.")
    if problems:
        raise DonneesInvalides(folder.name, problems, remarks)
    return OwnImages(np.stack(found), names, remarks)


_SCALE = "À une autre échelle, une tête n’a plus la même taille : découpez-les toutes pareil."


def _grey(file: Path, notes: Counter[str], image: Image) -> NDArray[np.uint8]:
    """Niveaux de gris d’une image dont l’en-tête est acceptable."""
    if pictures.has_alpha(image):
        raise Refused("transparence", f" ({image.mode})")
    if pictures.is_deep(file, image):
        raise Refused("seize_bits", f" ({image.mode})")
    if image.getexif():
        notes["métadonnées de prise de vue présentes (date, appareil, parfois position), non lues"] += 1
    if image.mode != "L":
        notes["couleur ou noir et blanc, converti en niveaux de gris"] += 1
        image = image.convert("L")
    return np.asarray(image, dtype=np.uint8)
