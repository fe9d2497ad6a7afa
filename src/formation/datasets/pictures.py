"""Ouvrir des images sans confiance : l’en-tête d’abord, les pixels ensuite, jamais plus de mémoire que dit.

Une image est jugée sur son en-tête avant toute décompression. Ce qu’une aile accepte en plus ou en moins tient dans
ses règles : côté, poids, formats, et ce qu’elle répond à chaque défaut.
"""

from __future__ import annotations

import struct
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from formation.errors import LINES_SHOWN, Problem, reason
from formation.numbers import number, plural

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_ENTRIES = 20_000
"""Fichiers parcourus dans un dossier."""
_T = TypeVar("_T")
_TIFF_BITS, _TIFF_SUBFILE = 258, 254
_OVERVIEWS = 32
_KINDS = {
    "bombe": "l’en-tête annonce une image géante, ou le fichier est fait pour épuiser la mémoire. Rien n’a été "
    "décompressé. {advice}",
    "fichier_trop_gros": "plus de {weight} Mo pour une {noun}. {advice}",
    "trop_large": "plus de {side} pixels de large ou de haut. {advice}",
    "trop_petite": "moins de {least} pixels de côté. {advice}",
    "pas_une_image": "le contenu n’est pas une image, malgré l’extension : texte renommé, ou autre format. {how}",
    "fichier_vide": "fichier vide (0 octet). Refaites l’export.",
    "image_abimee": "image incomplète ou abîmée : elle ne se décompresse pas. Copiez-la de nouveau.",
    "animation": "plusieurs images dans un même fichier. Enregistrez une {noun} par fichier.",
    "fichier_illisible": "lecture impossible : vérifiez vos droits.",
}


class Refused(Exception):
    """Une image ne peut pas servir.

    Attributes
    ----------
    kind : str
        Code stable du défaut.
    value : str
        Ce qui a été lu, à la suite du nom du fichier ; vide si rien n’est à dire.
    """

    def __init__(self, kind: str, value: str = "") -> None:
        super().__init__(kind, value)
        self.kind, self.value = kind, value


@dataclass(frozen=True)
class Rules:
    """Ce qu’un essai accepte comme image.

    Attributes
    ----------
    noun : str
        Ce qu’est une image pour cet essai, au singulier et au féminin : « vignette », « tuile ».
    formats : tuple of str
        Formats lus, tels que Pillow les nomme ; aucun autre n’est essayé.
    extensions : tuple of str
        Extensions cherchées dans un dossier, en minuscules.
    read_as : str
        Les mêmes, en mots : « PNG ou JPEG ».
    min_side, max_side : int
        Côté accepté, en pixels.
    max_pixels : int
        Nombre de pixels au-delà duquel rien n’est décompressé.
    max_bytes : int
        Poids d’un fichier, en octets.
    advice, how : str
        Que faire d’une image trop grande ; forme attendue, avec un exemple.
    says : mapping of str to str
        Réponse à chaque défaut, à la place ou en plus des réponses communes.
    """

    noun: str
    formats: tuple[str, ...]
    extensions: tuple[str, ...]
    read_as: str
    min_side: int
    max_side: int
    max_pixels: int
    max_bytes: int
    advice: str
    how: str
    says: Mapping[str, str] = field(default_factory=dict)

    def say(self, kind: str) -> str:
        """Réponse à un défaut.

        Parameters
        ----------
        kind : str
            Code du défaut.

        Returns
        -------
        str
            Pourquoi, la forme acceptée, la suite à donner.
        """
        return {**_KINDS, **self.says}[kind].format(
            noun=self.noun, side=number(self.max_side), least=self.min_side, weight=self.max_bytes // 2**20,
            advice=self.advice, how=self.how,
        )  # fmt: skip

    def problems(self, refused: Mapping[str, Sequence[str]]) -> list[Problem]:
        """Un problème par genre de défaut, avec les premiers fichiers en cause.

        Parameters
        ----------
        refused : mapping of str to sequence of str
            Fichiers refusés, par défaut.

        Returns
        -------
        list of Problem
            Dans l’ordre donné.
        """
        return [self._problem(kind, values) for kind, values in refused.items()]

    def _problem(self, kind: str, values: Sequence[str]) -> Problem:
        shown = ", ".join(f"« {value} »" for value in values[:LINES_SHOWN])
        rest = len(values) - LINES_SHOWN
        others = f" et {plural(rest, 'autre')}" if rest > 0 else ""
        message = f"{shown}{others} : {self.say(kind)}"
        return Problem(kind, message, values=tuple(values[:LINES_SHOWN]), count=len(values))


def listed(folder: Path, extensions: Sequence[str]) -> tuple[list[Path], int]:
    """Images d’un dossier, sans ses sous-dossiers.

    Parameters
    ----------
    folder : Path
        Dossier.
    extensions : sequence of str
        Extensions cherchées, en minuscules.

    Returns
    -------
    tuple
        Images dans l’ordre des noms, et nombre d’autres fichiers.
    """
    entries = list(islice(_files(folder), MAX_ENTRIES))
    files = sorted(path for path in entries if path.suffix.lower() in extensions)
    return files, len(entries) - len(files)


def read(file: Path, rules: Rules, convert: Callable[[Image], _T]) -> _T:
    """Ouvre une image, juge son en-tête, puis la confie à `convert`.

    Parameters
    ----------
    file : Path
        Fichier de l’utilisateur ; il n’est jamais modifié.
    rules : Rules
        Ce qui est accepté.
    convert : callable
        Reçoit l’image ouverte, pas encore décompressée, et rend ce qu’on veut en garder. Elle peut lever
        :class:`Refused`.

    Returns
    -------
    object
        Ce que rend `convert`.

    Raises
    ------
    Refused
        Si l’image ne peut pas servir ; l’appelant réunit tous les refus.
    """
    import PIL.Image
    import PIL.ImageFile

    # Une autre bibliothèque a pu demander que les images coupées soient complétées en gris : ici, elles sont refusées.
    PIL.ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        size = file.stat().st_size
        if size == 0:
            raise Refused("fichier_vide")
        if size > rules.max_bytes:
            raise Refused("fichier_trop_gros", f" ({number(size / 2**20, 1)}\u00a0Mo)")
        with warnings.catch_warnings():
            # La limite de pixels est la nôtre, jugée dans `_judge` : l’avis de Pillow, plus bas, serait muet.
            warnings.simplefilter("ignore")
            with PIL.Image.open(file, formats=rules.formats) as image:
                _judge(image, rules)
                return convert(image)
    except PIL.UnidentifiedImageError:
        raise Refused("pas_une_image") from None
    except PIL.Image.DecompressionBombError:
        raise Refused("bombe") from None
    except (SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, OverflowError, MemoryError):
        raise Refused("image_abimee") from None
    except (TypeError, AttributeError, ZeroDivisionError):
        # Ce que Pillow laisse échapper devant des étiquettes fausses, TIFF surtout.
        raise Refused("image_abimee") from None
    except OSError as error:
        # Pillow signale une image coupée par une OSError sans numéro ; le système en donne toujours un.
        kind = "fichier_illisible" if error.errno else "image_abimee"
        raise Refused(kind, f" ({reason(error)})" if error.errno else "") from None


def has_alpha(image: Image) -> bool:
    """Dit si une image a un canal alpha (transparence), d’après son en-tête.

    Parameters
    ----------
    image : Image
        Image ouverte.

    Returns
    -------
    bool
        Vrai si des pixels peuvent être transparents.
    """
    return "A" in image.mode or "a" in image.mode or "transparency" in image.info


def is_deep(file: Path, image: Image) -> bool:
    """Dit si une image a plus de 8 bits par composante ; Pillow en réduit certaines sans le dire.

    Parameters
    ----------
    file : Path
        Fichier.
    image : Image
        Le même, ouvert.

    Returns
    -------
    bool
        Vrai au-delà de 8 bits.
    """
    return image.mode.startswith(("I", "F")) or _png_depth(file) > 8 or max(_tiff_bits(image)) > 8


def different_sizes(sizes: Sequence[tuple[int, int]], names: Sequence[str], noun: str, why: str) -> list[Problem]:
    """Refuse des images qui n’ont pas toutes la même taille.

    Parameters
    ----------
    sizes : sequence of tuple of int
        Largeur et hauteur de chaque image.
    names : sequence of str
        Nom de chaque image.
    noun : str
        Ce qu’est une image : « vignette ».
    why : str
        Ce que fausse une autre taille, et la suite à donner.

    Returns
    -------
    list of Problem
        Vide si toutes ont la même taille.
    """
    counts = Counter(sizes)
    if len(counts) < 2:
        return []
    (width, height), usual = counts.most_common(1)[0]
    others = [f"{name} ({a} × {b})" for (a, b), name in zip(sizes, names, strict=True) if (a, b) != (width, height)]
    message = (
        f"les {noun}s n’ont pas toutes la même taille : {width} × {height} pour {usual} sur {len(sizes)}, mais "
        f"{', '.join(others[:LINES_SHOWN])}{' …' if len(others) > LINES_SHOWN else ''}. {why}"
    )
    return [Problem("tailles_differentes", message, values=tuple(others[:LINES_SHOWN]), count=len(others))]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _judge(image: Image, rules: Rules) -> None:
    """Juge l’en-tête : aucune décompression n’a encore eu lieu."""
    width, height = image.size
    shape = f" ({width} × {height})"
    if width * height > rules.max_pixels:
        raise Refused("bombe", shape)
    if max(width, height) > rules.max_side:
        raise Refused("trop_large", shape)
    if min(width, height) < rules.min_side:
        raise Refused("trop_petite", shape)
    if _frames(image) > 1:
        raise Refused("animation")


def _frames(image: Image) -> int:
    """Images d’un fichier, sans compter les aperçus réduits d’un GeoTIFF."""
    count = int(getattr(image, "n_frames", 1))
    if count == 1 or image.format != "TIFF":
        return count
    if count > _OVERVIEWS:
        return count
    kept = 0
    for rank in range(count):
        image.seek(rank)
        # 1 : aperçu réduit ; 4 : masque de transparence d’un aperçu.
        kept += not int(image.tag_v2.get(_TIFF_SUBFILE, 0)) & 5 or rank == 0  # type: ignore[attr-defined]
    image.seek(0)
    return kept


def _png_depth(file: Path) -> int:
    """Bits par composante d’un PNG ; Pillow lit la couleur 16 bits comme du 8 bits, sans le dire."""
    with file.open("rb") as stream:
        start = stream.read(25)
    return start[24] if len(start) == 25 and start.startswith(b"\x89PNG") else 8


def _tiff_bits(image: Image) -> tuple[int, ...]:
    found = getattr(image, "tag_v2", {}).get(_TIFF_BITS, 8)
    return tuple(found) if isinstance(found, tuple) and found else (int(found or 8),)
