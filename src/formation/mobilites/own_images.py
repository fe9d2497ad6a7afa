"""Lire les photos aériennes d’une collectivité : en-têtes d’abord, mémoire bornée, tout ramené à 20 cm par pixel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from formation.datasets import pictures
from formation.datasets.pictures import Refused, Rules
from formation.errors import LINES_SHOWN, DonneesInvalides, Problem
from formation.mobilites import own_placing
from formation.mobilites.own_placing import TOLERANCE, Placing
from formation.mobilites.tables import RESOLUTION_M
from formation.numbers import number, plural, shortest

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

_T = TypeVar("_T")
FINEST_M = 0.05
"""Finesse au-delà de laquelle on refuse : passants et véhicules s’y reconnaîtraient."""
MAX_IMAGES = 300
MAX_PIXELS, MAX_TOTAL = 2_250_000, 12_000_000
"""Pixels d’une photo, et de toutes, une fois ramenées à 20 cm."""
HOW = (
    "Attendu : photo aérienne vue d’en haut (orthophoto), PNG, JPEG ou TIFF, en couleurs sur 8 bits, à 20 cm par pixel "
    "ou plus fin, par exemple 1 000 × 1 000 pixels pour 200 × 200 m."
)
CUT = (
    "Découpez-la en dalles de 1 000 × 1 000 pixels, par exemple avec gdal_retile.py -ps 1000 1000, ou n’exportez que "
    "le secteur utile."
)
_THREE = "gdal_translate -b 1 -b 2 -b 3 {0}.tif {0}_rvb.tif, ou en Python Image.open('{0}.png').convert('RGB')"
RULES = Rules(
    noun="photo",
    formats=("PNG", "JPEG", "TIFF"),
    extensions=(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
    read_as="PNG, JPEG ou TIFF",
    min_side=64,
    max_side=8_000,
    max_pixels=36_000_000,
    max_bytes=150 * 2**20,
    advice=CUT,
    how=HOW,
    says={
        "trop_large": "plus de {side} pixels de large ou de haut : l’ordinateur manquerait de mémoire. {advice}",
        "trop_grande": "plus de 300 × 300 m (2,25 millions de pixels à 20 cm) : le modèle y demanderait plus d’un "
        "gigaoctet de mémoire. {advice}",
        "trop_petite": "moins de {least} pixels de côté : on n’y voit pas un parking entier. Exportez un secteur plus "
        "large.",
        "transparence": "des pixels sont transparents (canal alpha) : sous eux, la couleur ne veut rien dire, souvent "
        "du noir au bord de la prise de vue, et leur surface compterait comme du sol nu. Recadrez sur la partie "
        "opaque, puis retirez ce canal : " + _THREE.format("photo") + ".save('photo_rvb.png').",
        "seize_bits": "plus de 8 bits par couleur : réduire au hasard écraserait les teintes. Ramenez à 8 bits, par "
        "exemple avec gdal_translate -ot Byte -scale photo.tif photo_8bits.tif.",
        "niveaux_de_gris": "photo en noir et blanc : le modèle distingue le goudron de l’herbe et des toits par leur "
        "couleur. Demandez l’orthophoto en couleurs.",
        "quadrichromie": "couleurs d’imprimerie (CMJN) : la teinte dépend du papier. Demandez l’original, ou "
        "convertissez en RVB avec son profil de couleur.",
        "autre_espace": "espace de couleurs rare, que l’essai ne lit pas. Enregistrez la photo en RVB, 8 bits par "
        "couleur.",
        "quatre_bandes": "quatre bandes, la dernière sans rôle dit (infrarouge ?) : on ne devine pas. Gardez les trois "
        "premières si ce sont bien rouge, vert, bleu : gdal_translate -b 1 -b 2 -b 3 photo.tif photo_rvb.tif.",
        "autre_resolution": "le pixel est plus gros que 20 cm : une place de 2,30 m n’y a plus assez de pixels, et "
        "agrandir la photo n’ajoute aucun détail. Demandez la photo à 20 cm (BD ORTHO) ou plus fine.",
        "trop_fin": "moins de 5 cm par pixel : des passants et des plaques pourraient s’y reconnaître, l’essai refuse. "
        "Réduisez, par exemple avec gdalwarp -tr 0.2 0.2 -r average photo.tif photo_20cm.tif.",
        "resolution_contradictoire": "la photo dit une taille de pixel, --resolution en dit une autre. Retirez "
        "--resolution, ou corrigez le fichier de géoréférencement : une surface fausse de moitié ne se verrait pas.",
        **own_placing.SAYS,
    },
)  # fmt: skip
"""Ce qu’une photo peut être."""


@dataclass
class Photo:
    """Photo lue et ramenée à 20 cm par pixel.

    Attributes
    ----------
    name : str
        Nom du fichier.
    size, reduced : tuple of int
        Largeur et hauteur, en pixels, du fichier, puis une fois à 20 cm.
    group : int
        Photos qui montrent le même sol : même groupe.
    image : ndarray of uint8, forme (hauteur, largeur, 3)
        Rouge, vert, bleu.
    mask : ndarray of uint8, forme (hauteur, largeur)
        Codes du masque ; vide tant qu’il n’est pas lu.
    """

    name: str
    size: tuple[int, int]
    reduced: tuple[int, int]
    group: int
    image: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0, 3), np.uint8))
    mask: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0), np.uint8))


@dataclass
class Photos:
    """Photos lues, ce qu’il faut savoir d’elles, et ce qui empêche de s’en servir."""

    photos: list[Photo]
    remarks: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Header:
    file: Path
    size: tuple[int, int]
    resolution_m: float
    place: Placing | None

    @property
    def reduced(self) -> tuple[int, int]:
        """Largeur et hauteur une fois à 20 cm."""
        times = self.resolution_m / RESOLUTION_M
        if abs(times - 1) <= TOLERANCE:
            return self.size
        return max(1, round(self.size[0] * times)), max(1, round(self.size[1] * times))

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Gauche, bas, droite, haut, en mètres."""
        if self.place is None:
            return None
        width, height = (side * self.resolution_m for side in self.size)
        return self.place.left, self.place.top - height, self.place.left + width, self.place.top


def read(source: str | Path, resolution: float | None = None) -> Photos:
    """Lit une photo, ou toutes celles d’un dossier.

    Parameters
    ----------
    source : str or Path
        Photo, ou dossier de photos, en PNG, JPEG ou TIFF.
    resolution : float, optional
        Côté d’un pixel, en mètres ; sinon lu dans le fichier de géoréférencement, sinon 0,20.

    Returns
    -------
    Photos
        Photos à 20 cm par pixel, dans l’ordre des noms, et tous les problèmes de toutes les photos. S’il y en a, les
        pixels peuvent manquer. Rien n’est écrit.

    Raises
    ------
    DonneesInvalides
        S’il n’y a rien à lire : dossier vide ou absent, trop de photos, résolution impossible.
    """
    path = Path(source)
    if not path.exists():
        message = f"rien à l’endroit indiqué ({path}). Donnez une photo, ou un dossier de photos. {HOW}"
        raise DonneesInvalides(path.name, [Problem("fichier_introuvable", message)])
    if resolution is not None and not FINEST_M <= resolution <= RESOLUTION_M * (1 + TOLERANCE):
        message = (
            f"--resolution {shortest(resolution)} : le côté d’un pixel se donne en mètres, de {shortest(FINEST_M)} à "
            f"{shortest(RESOLUTION_M)} ; {RULES.say('autre_resolution' if resolution > RESOLUTION_M else 'trop_fin')}"
        )
        raise DonneesInvalides(path.name, [Problem("resolution_refusee", message)])
    files, ignored = pictures.listed(path, RULES.extensions) if path.is_dir() else ([path], 0)
    _check_count(path, files, ignored)
    refused: dict[str, list[str]] = {}
    notes: dict[str, list[str]] = {}
    headers = _each(files, refused, lambda file: pictures.read(file, RULES, partial(_header, file, resolution)))
    groups = own_placing.overlapping([header.box for header in headers])
    photos = [
        Photo(header.file.name, header.size, header.reduced, group)
        for header, group in zip(headers, groups, strict=True)
    ]
    problems = _too_much(headers)
    if not problems:
        # Même si une photo est déjà refusée, les autres sont décompressées : une photo coupée se dit aussi.
        for header, photo in zip(headers, photos, strict=True):
            _each([header.file], refused, partial(_load, header, photo, notes))
    remarks = _remarks(path, headers, resolution, notes, ignored)
    return Photos(photos, remarks, RULES.problems(refused) + problems)


def _each(files: list[Path], refused: dict[str, list[str]], take: Callable[[Path], _T]) -> list[_T]:
    """Ce que rend `take` pour chaque fichier ; les refus sont réunis."""
    found = []
    for file in files:
        try:
            found.append(take(file))
        except Refused as error:
            refused.setdefault(error.kind, []).append(f"{file.name}{error.value}")
    return found


def _check_count(path: Path, files: list[Path], ignored: int) -> None:
    if not files:
        others = f" Autres fichiers, non lus : {ignored}." if ignored else ""
        where = "dans ce dossier (ses sous-dossiers ne sont pas lus)"
        message = f"aucune photo {RULES.read_as} {where}.{others} {HOW}"
        raise DonneesInvalides(path.name, [Problem("aucune_photo", message)])
    if len(files) > MAX_IMAGES:
        message = (
            f"{number(len(files))} photos, et l’essai en lit au plus {number(MAX_IMAGES)}. Tirez-en au sort quelques "
            "dizaines, dans toute la commune : un échantillon suffit pour juger."
        )
        raise DonneesInvalides(path.name, [Problem("trop_de_photos", message)])


def _header(file: Path, resolution: float | None, image: Image) -> _Header:
    """Juge ce que l’en-tête apprend de la couleur et du pixel."""
    deep, mode = pictures.is_deep(file, image), image.mode
    if deep:
        raise Refused("seize_bits", f" ({mode})")
    if mode in ("1", "L", "LA", "La"):
        raise Refused("niveaux_de_gris", f" ({mode})")
    if mode == "CMYK":
        raise Refused("quadrichromie")
    # Pillow ouvre en RVB un TIFF de quatre bandes, et laisse tomber la dernière sans le dire.
    if getattr(image, "tag_v2", {}).get(_SAMPLES, 3) > 3 and not pictures.has_alpha(image):
        raise Refused("quatre_bandes")
    if mode not in _COLOURS:
        raise Refused("autre_espace", f" ({mode})")
    place = own_placing.placing(file, image)
    told = place.resolution_m if place else None
    if told and resolution and abs(told / resolution - 1) > TOLERANCE:
        raise Refused("resolution_contradictoire", f" ({shortest(told)} m d’après {place.origin if place else ''})")
    metres = told or resolution or RESOLUTION_M
    if metres > RESOLUTION_M * (1 + TOLERANCE):
        raise Refused("autre_resolution", f" ({shortest(metres)} m)")
    if metres < FINEST_M * (1 - TOLERANCE):
        raise Refused("trop_fin", f" ({shortest(metres)} m)")
    return _Header(file, image.size, metres, place)


def _too_much(headers: list[_Header]) -> list[Problem]:
    """Refuse ce qui demanderait trop de temps, avant de lire le premier pixel."""
    counts = {header.file.name: header.reduced[0] * header.reduced[1] for header in headers}
    heavy = [name for name, count in counts.items() if count > MAX_PIXELS]
    problems = RULES.problems({"trop_grande": heavy}) if heavy else []
    total = sum(counts.values())
    if total > MAX_TOTAL:
        message = (
            f"{number(total / 1e6, 1)} millions de pixels en tout, l’essai en lit {number(MAX_TOTAL / 1e6)} millions : "
            "il y passerait la journée. Tirez au sort moins de photos, dans toute la commune."
        )
        problems.append(Problem("trop_de_pixels", message))
    return problems


def _load(header: _Header, photo: Photo, notes: dict[str, list[str]], file: Path) -> None:
    photo.image = pictures.read(file, RULES, partial(_pixels, header, notes))


def _pixels(header: _Header, notes: dict[str, list[str]], image: Image) -> NDArray[np.uint8]:
    """Pixels d’une photo dont l’en-tête est acceptable, à 20 cm."""
    import PIL.Image

    name = header.file.name
    if image.getexif().get_ifd(_GPS):
        notes.setdefault("position de l’appareil dans les métadonnées, non lue", []).append(name)
    if pictures.has_alpha(image):
        full = image.convert("RGBA")
        if (low := np.asarray(full.getchannel("A")).min()) < _OPAQUE:
            raise Refused("transparence", f" (opacité jusqu’à {low} sur 255)")
        notes.setdefault("canal alpha opaque partout, laissé de côté : rien n’est perdu", []).append(name)
        image = full
    if image.mode == "P":
        notes.setdefault("palette de 256 couleurs au plus, des nuances sont déjà perdues", []).append(name)
    image = image.convert("RGB")
    if header.reduced != header.size:
        notes.setdefault("plus fine que 20 cm, réduite", []).append(name)
        image = image.resize(header.reduced, PIL.Image.Resampling.BOX)
    return np.asarray(image, dtype=np.uint8)


_GPS, _SAMPLES, _OPAQUE = 0x8825, 277, 255
_COLOURS = ("RGB", "RGBA", "RGBa", "P", "PA", "YCbCr")


def _remarks(
    path: Path, headers: list[_Header], resolution: float | None, notes: dict[str, list[str]], ignored: int
) -> list[str]:
    found = []
    for text, names in notes.items():
        shown = ", ".join(f"« {name} »" for name in names[:LINES_SHOWN])
        more = f" et {plural(len(names) - LINES_SHOWN, 'autre')}" if len(names) > LINES_SHOWN else ""
        found.append(f"{shown}{more} : {text}.")
    unsaid = [header for header in headers if header.place is None]
    sizes = Counter(header.size for header in headers)
    if unsaid and resolution is None:
        found.append(
            f"{path.name} : taille du pixel non dite pour {plural(len(unsaid), 'photo')}, prise égale à 20 cm. "
            "Si c’est faux, toutes les surfaces le sont : à 25 cm, elles seraient sous-estimées de 36 %. Dites-la avec "
            "--resolution."
        )
    if len(sizes) > 1 and unsaid:
        listed = ", ".join(f"{width} × {height}" for (width, height), _ in sizes.most_common(3))
        found.append(f"{path.name} : photos de tailles différentes ({listed}…). Vérifiez qu’aucune n’a été réduite.")
    if ignored:
        noun = plural(ignored, "autre fichier laissé", "autres fichiers laissés")
        found.append(f"{path.name} : {noun} de côté.")
    return found
