"""Comparaison de deux images, avant et après : ce qu’un cas fournit, sans rien savoir de Sphinx.

Un cas donne une fonction `formation.<cas>.figures.avant_apres()` qui renvoie une :class:`BeforeAfter` ; la directive
`avant-apres` superpose les deux images, et un curseur déplace la limite entre elles.
"""

from __future__ import annotations

import io
import json
import re
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from formation.errors import FormationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = bytes | NDArray[np.uint8]

FORMATS = ("PNG", "JPEG", "WEBP")
SIDES = (160, 1400)
"""Plus petit et plus grand côté d’une image, en pixels."""
WEIGHT = 150_000
"""Poids d’une image, en octets : une page se lit sur un téléphone."""
ALT_MINIMUM = 15
"""Longueur d’un texte de remplacement qui dit quelque chose."""
QUALITIES = (85, 75, 65, 55)
"""Qualités essayées, de la meilleure à la plus légère, pour faire tenir un tableau sous :data:`WEIGHT`."""


class ComparaisonInvalide(FormationError):
    """Une comparaison d’images est incomplète ou incohérente."""


@dataclass(frozen=True)
class BeforeAfter:
    """Deux images de même taille et la limite qui les partage.

    Attributes
    ----------
    title : str
        Constat, écrit au-dessus des images.
    before, after : bytes
        Les deux images. On donne le contenu d’un fichier PNG, JPEG ou WebP, ou un tableau `uint8` de forme
        `(hauteur, largeur)` ou `(hauteur, largeur, 3)`, qui devient une petite image.
    before_label, after_label : str
        Légende courte de chaque image.
    before_alt, after_alt : str
        Ce que montre chaque image, en mots.
    sentence : str
        Ce qu’il faut lire, en une ou deux phrases.
    source : str
        Origine des images, écrite sous la figure.
    before_share, after_share : str
        Suite de « 40 % » dans la valeur que le curseur annonce : « 40 % de la photo, 60 % du calque ».
    legend : tuple of tuple of str
        Couleurs employées dans l’image et leur sens : `(("#0a66a8", "Parking"),)`.
    start : int
        Part de la première image au chargement de la page, en pour cent.

    Raises
    ------
    ComparaisonInvalide
        Si un texte manque ou si une image n’est pas acceptée ; le message cite tous les défauts.

    Examples
    --------
    >>> import numpy as np
    >>> figure = BeforeAfter(
    ...     title="Exemple", before=np.zeros((200, 300), np.uint8), after=np.full((200, 300, 3), 255, np.uint8),
    ...     before_label="Noir", after_label="Blanc", before_alt="Une surface noire.", after_alt="Une surface blanche.",
    ...     sentence="Du noir au blanc.", source="jouet.")
    >>> figure.size
    (300, 200)
    """

    title: str
    before: Picture
    after: Picture
    before_label: str
    after_label: str
    before_alt: str
    after_alt: str
    sentence: str
    source: str
    before_share: str = "de la première image"
    after_share: str = "de la seconde"
    legend: tuple[tuple[str, str], ...] = ()
    start: int = 50

    def __post_init__(self) -> None:
        problems = _text_problems(self)
        sizes = []
        for name in ("before", "after"):
            try:
                content, size = encoded(getattr(self, name))
            except ValueError as error:
                problems.append(f"`{name}` {error}")
                continue
            object.__setattr__(self, name, content)
            sizes.append(size)
        if len(set(sizes)) > 1:
            (w1, h1), (w2, h2) = sizes
            problems.append(f"les deux images n’ont pas la même taille ({w1} × {h1} et {w2} × {h2} pixels)")
        if problems:
            raise ComparaisonInvalide(f"Comparaison d’images « {self.title} » : " + " ; ".join(problems) + ".")

    @property
    def size(self) -> tuple[int, int]:
        """Largeur et hauteur des images, en pixels."""
        return _opened(bytes(self.before))[1]

    @property
    def extensions(self) -> tuple[str, str]:
        """Extension du fichier de chaque image, point compris."""
        before, after = (_opened(bytes(content))[0] for content in (self.before, self.after))
        return f".{before.lower()}", f".{after.lower()}"

    def share(self, percent: int) -> str:
        """Position du curseur, en mots.

        Parameters
        ----------
        percent : int
            Part de la première image, en pour cent.

        Returns
        -------
        str
            Part de chaque image.
        """
        return f"{percent}\u00a0% {self.before_share}, {100 - percent}\u00a0% {self.after_share}"


def encoded(picture: Any) -> tuple[bytes, tuple[int, int]]:
    """Image acceptée par une page, et sa taille ; un tableau est compressé, un fichier est gardé tel quel.

    Parameters
    ----------
    picture : bytes or ndarray
        Contenu d’un fichier, ou tableau `uint8`.

    Returns
    -------
    bytes
        Contenu du fichier.
    tuple of int
        Largeur et hauteur, en pixels.

    Raises
    ------
    ValueError
        Si l’image n’est pas acceptée ; le message est la fin d’une phrase.
    """
    if isinstance(picture, bytes):
        kind, size = _opened(picture)
        if kind not in FORMATS:
            raise ValueError(f"est au format {kind} : donnez un PNG, un JPEG, un WebP ou un tableau uint8")
        _check_size(size)
    else:
        picture, size = _compressed(picture)
    if len(picture) > WEIGHT:
        raise ValueError(f"pèse {len(picture) // 1000} ko, pour {WEIGHT // 1000} au plus : rognez-la ou réduisez-la")
    return picture, size


def _opened(content: bytes) -> tuple[str, tuple[int, int]]:
    """Format et taille d’un fichier, lus dans son en-tête."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as image:
            return str(image.format), image.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("n’est pas une image lisible : donnez un PNG, un JPEG, un WebP ou un tableau uint8") from error


def _check_size(size: tuple[int, int]) -> None:
    low, high = SIDES
    if not (low <= min(size) and max(size) <= high):
        raise ValueError(f"fait {size[0]} × {size[1]} pixels : chaque côté doit en faire de {low} à {high}")


def _compressed(array: Any) -> tuple[bytes, tuple[int, int]]:
    """PNG sans perte pour des aplats, WebP pour une photo, sans descendre en qualité plus qu’il ne faut."""
    import numpy as np
    from PIL import Image

    if not isinstance(array, np.ndarray):
        raise ValueError(f"est un {type(array).__name__} : donnez un PNG, un JPEG, un WebP ou un tableau uint8")
    if array.dtype != np.uint8 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)):
        raise ValueError(
            f"est un tableau {array.dtype} de forme {array.shape} : la forme attendue est uint8, "
            "(hauteur, largeur) ou (hauteur, largeur, 3)"
        )
    size = (int(array.shape[1]), int(array.shape[0]))
    _check_size(size)
    image = Image.fromarray(np.ascontiguousarray(array))
    if image.getcolors(256) is not None:
        flat = image if image.mode == "L" else image.quantize(256, dither=Image.Dither.NONE)
        content = _saved(flat, "PNG", optimize=True)
        if len(content) <= WEIGHT:
            return content, size
    for quality in QUALITIES:
        content = _saved(image.convert("RGB"), "WEBP", quality=quality, method=6)
        if len(content) <= WEIGHT:
            break
    return content, size


def _saved(image: Any, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _text_problems(figure: BeforeAfter) -> list[str]:
    texts = ("title", "before_label", "after_label", "sentence", "source", "before_share", "after_share")
    problems = [f"`{name}` est vide" for name in texts if not str(getattr(figure, name)).strip()]
    problems += [
        f"`{name}` ne dit pas ce que montre l’image ({ALT_MINIMUM} signes au moins)"
        for name in ("before_alt", "after_alt")
        if len(str(getattr(figure, name)).strip()) < ALT_MINIMUM
    ]
    if figure.before_alt.strip() and figure.before_alt.strip() == figure.after_alt.strip():
        problems.append("`before_alt` et `after_alt` sont identiques : dites ce qui change")
    if not (isinstance(figure.start, int) and 0 <= figure.start <= 100):
        problems.append("`start` doit être un entier de 0 à 100")
    problems += [
        f"légende {rank} : « {colour} » n’est pas une couleur (forme attendue : #rrggbb) ou son texte est vide"
        for rank, (colour, text) in enumerate(figure.legend, start=1)
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour) or not text.strip()
    ]
    return problems


def to_json(figure: BeforeAfter) -> str:
    """Écrit une comparaison en JSON, pour la garder d’une construction à l’autre.

    Parameters
    ----------
    figure : BeforeAfter
        Comparaison à écrire.

    Returns
    -------
    str
        JSON, relu par :func:`from_json`.
    """
    data = asdict(figure)
    for name in ("before", "after"):
        data[name] = b64encode(data[name]).decode("ascii")
    return json.dumps(data, ensure_ascii=False)


def from_json(text: str) -> BeforeAfter:
    """Relit une comparaison écrite par :func:`to_json`.

    Parameters
    ----------
    text : str
        JSON.

    Returns
    -------
    BeforeAfter
        Comparaison, vérifiée comme toute autre.

    Raises
    ------
    ComparaisonInvalide
        Si la comparaison est incohérente.
    """
    data = json.loads(text)
    kept = {field.name: data[field.name] for field in fields(BeforeAfter)}
    for name in ("before", "after"):
        kept[name] = b64decode(kept[name])
    kept["legend"] = tuple((str(colour), str(text)) for colour, text in kept["legend"])
    return BeforeAfter(**kept)
