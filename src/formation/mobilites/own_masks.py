"""Lire les masques annotés d’une collectivité : un code par pixel, jamais deviné."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formation.datasets import pictures
from formation.datasets.pictures import Refused
from formation.errors import LINES_SHOWN, DonneesInvalides, Problem
from formation.mobilites import own_images
from formation.mobilites.own_images import Photo
from formation.mobilites.tables import GROUND, PARKING, VEHICLE
from formation.numbers import plural, shortest

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

WHITE = 255
"""Code du parking dans un masque à deux valeurs, 0 et 255."""
CODES = "0 fond, 1 route, 2 bâti, 3 parking (places et voies), 4 véhicule garé"
HOW = (
    f"Attendu : un PNG (ou TIFF) de même nom et de même taille que la photo, un code par pixel sur 8 bits : {CODES}. "
    "Un masque à deux valeurs, 0 et 255 (parking), est accepté."
)
RULES = replace(
    own_images.RULES,
    noun="annotation",
    formats=("PNG", "TIFF"),
    extensions=(".png", ".tif", ".tiff"),
    read_as="PNG ou TIFF",
    how=HOW,
    says={
        "trop_large": "plus de {side} pixels de large ou de haut. {advice}",
        "couleurs": "masque en couleurs : on ne devine pas quelle couleur vaut parking. Exportez un seul canal, avec "
        f"les codes {CODES}.",
        "seize_bits": "plus de 8 bits par pixel : un masque n’a que des codes de 0 à 4. Convertissez avec "
        "gdal_translate -ot Byte masque.tif masque_8bits.tif.",
        "transparence": "canal alpha : un pixel transparent n’a pas de code. Exportez un seul canal, sans "
        "transparence.",
        "codes_inconnus": f"des valeurs ne sont pas des codes attendus ({CODES}, ou 0 et 255). Recodez-les, sans "
        "lissage ni compression avec pertes : ils inventent des valeurs intermédiaires.",
        "taille_differente": "le masque n’a pas la taille de sa photo : aucun pixel ne tomberait en face. Exportez-les "
        "sur la même emprise et à la même résolution.",
    },
)
"""Ce qu’un masque peut être."""
_WRONG_FORMAT = (".jpg", ".jpeg")


def read(photos: list[Photo], source: str | Path) -> list[str]:
    """Lit les masques et les pose sur leurs photos.

    Parameters
    ----------
    photos : list of Photo
        Photos lues ; leur masque est posé, ramené à 20 cm comme elles.
    source : str or Path
        Dossier de masques, ou un fichier s’il n’y a qu’une photo.

    Returns
    -------
    list of str
        Ce qu’il faut savoir.

    Raises
    ------
    DonneesInvalides
        Si un masque manque ou ne peut pas servir ; tous les problèmes sont dits.
    """
    path = Path(source)
    if not path.exists():
        message = f"rien à l’endroit indiqué ({path}). Donnez un dossier de masques. {HOW}"
        raise DonneesInvalides(path.name, [Problem("fichier_introuvable", message)])
    found, problems = _paired(photos, path)
    refused: dict[str, list[str]] = {}
    binary: list[str] = []
    for photo, file in found:
        try:
            photo.mask = pictures.read(file, RULES, partial(_codes, photo, file, binary))
        except Refused as error:
            refused.setdefault(error.kind, []).append(f"{file.name}{error.value}")
    problems = RULES.problems(refused) + problems
    if problems:
        raise DonneesInvalides(path.name, problems)
    remarks = []
    if binary:
        noun = plural(len(binary), "masque à deux valeurs, lu", "masques à deux valeurs, lus")
        remarks.append(f"{path.name} : {noun} 255 = parking. Les véhicules garés n’y sont pas distingués.")
    used = {file for _, file in found}
    left = [file for file in pictures.listed(path, RULES.extensions)[0] if file not in used] if path.is_dir() else []
    if left:
        names = ", ".join(f"« {file.name} »" for file in left[:LINES_SHOWN])
        remarks.append(f"{path.name} : {plural(len(left), 'masque')} sans photo ({names}), laissé de côté.")
    return remarks


def _paired(photos: list[Photo], path: Path) -> tuple[list[tuple[Photo, Path]], list[Problem]]:
    """Photo et masque de même nom ; les photos sans masque sont un problème."""
    if path.is_file():
        files, alone = [path], len(photos) == 1
        if path.suffix.lower() in _WRONG_FORMAT:
            return [], [_lossy([path.name])]
    else:
        files, alone = pictures.listed(path, RULES.extensions)[0], False
    named = {file.stem: file for file in files}
    pairs, missing, lossy = [], [], []
    for photo in photos:
        stem = Path(photo.name).stem
        if alone or stem in named:
            pairs.append((photo, files[0] if alone else named[stem]))
        elif path.is_dir() and any((path / f"{stem}{suffix}").is_file() for suffix in _WRONG_FORMAT):
            lossy.append(f"{stem}.jpg")
        else:
            missing.append(photo.name)
    problems = [_lossy(lossy)] if lossy else []
    if missing:
        shown = ", ".join(f"« {name} »" for name in missing[:LINES_SHOWN])
        message = (
            f"{plural(len(missing), 'photo')} sans masque de même nom, par exemple {shown}. Annotez-les toutes, même "
            f"sans parking (un masque tout à 0), ou retirez-les : ne garder que les faciles fausserait l’essai. {HOW}"
        )
        problems.append(Problem("masque_manquant", message, values=tuple(missing[:LINES_SHOWN]), count=len(missing)))
    return pairs, problems


def _lossy(names: list[str]) -> Problem:
    shown = ", ".join(f"« {name} »" for name in names[:LINES_SHOWN])
    message = (
        f"{shown} : un JPEG change les valeurs en les comprimant, un code 3 y devient 2 ou 5. Exportez de nouveau en "
        f"PNG ; convertir le JPEG ne suffit pas. {HOW}"
    )
    return Problem("masque_en_jpeg", message, values=tuple(names[:LINES_SHOWN]), count=len(names))


def _codes(photo: Photo, file: Path, binary: list[str], image: Image) -> NDArray[np.uint8]:
    """Codes d’un masque, ramenés à la taille de la photo lue."""
    import PIL.Image

    if pictures.is_deep(file, image):
        raise Refused("seize_bits", f" ({image.mode})")
    if pictures.has_alpha(image) and image.mode != "P":
        raise Refused("transparence", f" ({image.mode})")
    if image.mode not in ("1", "L", "P"):
        raise Refused("couleurs", f" ({image.mode})")
    if image.size != photo.size:
        size = f"{image.size[0]} × {image.size[1]}"
        raise Refused("taille_differente", f" ({size} au lieu de {photo.size[0]} × {photo.size[1]})")
    # La palette d’un masque ne sert qu’à l’affichage : seul le rang de la couleur est un code.
    codes = np.asarray(image, dtype=np.uint8) * (WHITE if image.mode == "1" else 1)
    values, counts = np.unique(codes, return_counts=True)
    if WHITE in values and set(values.tolist()) <= {0, WHITE}:
        binary.append(file.name)
        codes = np.where(codes == WHITE, PARKING, GROUND).astype(np.uint8)
    elif values.max() > VEHICLE:
        wrong = [f"{value} ({shortest(int(count), grouped=True)} px)" for value, count in
                 zip(values, counts, strict=True) if value > VEHICLE]  # fmt: skip
        raise Refused("codes_inconnus", f" ({', '.join(wrong[:LINES_SHOWN])}{'…' if len(wrong) > LINES_SHOWN else ''})")
    if photo.reduced == photo.size:
        return codes
    return np.asarray(PIL.Image.fromarray(codes).resize(photo.reduced, PIL.Image.Resampling.NEAREST), dtype=np.uint8)
