"""Ce que le modèle regarde autour d’un point : sa couleur, ses contours, ses détails, et son voisinage.

Une photo a des points de vingt centimètres. On les regroupe par quatre : à quarante centimètres, une voiture couvre
encore une cinquantaine de points, et tout va quatre fois plus vite.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from formation.errors import FormationError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BLOCK = 2
"""Points regroupés dans chaque sens."""
FINE = (0.7, 1.4, 2.8, 5.6)
"""Échelles des contours et des détails, en points regroupés de 0,40 m."""
NEAR = (2.0, 5.0)
"""Échelles de la couleur moyenne autour du point."""
WIDE = (10.0, 20.0)
"""Échelles du voisinage, quatre et huit mètres : ce qui distingue une route d’un parc de stationnement."""
STRIPES = (6.0, 12.0)
"""Échelles où l’on compte la peinture, les traits sombres et les couleurs vives."""
GREYNESS = (6.0, 12.0, 24.0)
"""Échelles où l’on mesure la part de gris et de contours."""
DULL, VIVID = 0.09, 0.25
"""Écart entre couleurs au-dessous duquel un point est gris, au-dessus duquel il est vif."""
PAINT, REACH = 5, 41
"""Largeur d’un trait, et distance à laquelle on cherche le cœur d’une zone grise, en points regroupés."""
_SHRUNK = 4
_COLOURS = ("rouge", "vert", "bleu")
_AROUND = ("rouge", "rouge_vert", "vert_bleu", "saturation", "detail", "couleurs_fortes")
_BASIC = ("gris", "contour", "texture_1", "texture_2")
GREY, SATURATION = 4, 3
"""Colonnes du gris, à peine lissé, et de la saturation, que le seuil de gris lit seules."""
NAMES = (
    *_COLOURS,
    "saturation",
    *(f"{name}_{scale:g}" for scale in FINE for name in _BASIC),
    *(f"{name}_{scale:g}" for scale in NEAR for name in (*_COLOURS, "saturation")),
    *(f"{name}_{scale:g}" for scale in WIDE for name in _AROUND),
    "trait_clair",
    *(f"{name}_{scale:g}" for scale in STRIPES for name in ("peinture", "trait_sombre", "couleurs_vives")),
    *(f"{name}_{scale:g}" for scale in GREYNESS for name in ("part_grise", "part_contour")),
    "distance_bord_gris",
    "demi_largeur_grise",
)
"""Nom de chaque descripteur, dans l’ordre des colonnes."""


class ImagesIndisponibles(FormationError):
    """La bibliothèque de traitement d’images manque."""


def skimage(module: str) -> Any:
    """Charge un module de scikit-image, qui ne sert qu’à ce cas.

    Parameters
    ----------
    module : str
        Nom du module, par exemple `measure`.

    Returns
    -------
    module
        Module chargé.

    Raises
    ------
    ImagesIndisponibles
        Si scikit-image n’est pas installé.

    Examples
    --------
    >>> int(skimage("measure").label(np.array([[1, 0, 1]])).max())
    2
    """
    from importlib import import_module

    try:
        return import_module(f"skimage.{module}")
    except ModuleNotFoundError:
        raise ImagesIndisponibles(
            "Ce cas lit des photos aériennes et demande la bibliothèque scikit-image, qui n’est pas installée. "
            'Installez-la : pip install "formation-ia-territoires[images]"'
        ) from None


def shrink(image: ArrayLike) -> NDArray[np.float32]:
    """Regroupe les points d’une photo par blocs de deux sur deux.

    Parameters
    ----------
    image : array_like d’octets, forme (h, l, 3)
        Photo en couleurs. Un nombre impair de lignes ou de colonnes est complété par le bord.

    Returns
    -------
    ndarray, forme (h / 2, l / 2, 3)
        Couleurs moyennes, de 0 à 1.

    Raises
    ------
    ValueError
        Si la photo n’a pas trois couleurs.

    Examples
    --------
    >>> shrink(np.full((5, 4, 3), 255, np.uint8)).shape
    (3, 2, 3)
    """
    pixels = np.asarray(image)
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"Il faut une photo de forme (lignes, colonnes, 3) ; celle-ci est {pixels.shape}.")
    height, width = pixels.shape[:2]
    even = np.pad(pixels, ((0, height % BLOCK), (0, width % BLOCK), (0, 0)), mode="edge")
    # Quatre tranches ajoutées en entiers : même valeur qu’une moyenne par blocs, cinq fois plus vite.
    total = sum(even[row::BLOCK, column::BLOCK].astype(np.uint16) for row in range(BLOCK) for column in range(BLOCK))
    return np.asarray(np.asarray(total, np.float32) / np.float32(BLOCK**2) / np.float32(255))


def describe(image: ArrayLike) -> NDArray[np.float32]:
    """Descripteurs de chaque point d’une photo, à plusieurs échelles.

    Parameters
    ----------
    image : array_like d’octets, forme (h, l, 3)
        Photo à 0,20 m par point.

    Returns
    -------
    ndarray, forme (h / 2, l / 2, len(NAMES))
        Descripteurs, dans l’ordre de `NAMES`.

    Raises
    ------
    ValueError
        Si la photo n’a pas trois couleurs.
    ImagesIndisponibles
        Si scikit-image n’est pas installé.

    Examples
    --------
    >>> describe(np.zeros((32, 32, 3), np.uint8)).shape == (16, 16, len(NAMES))
    True
    """
    colour = shrink(image)
    grey = colour.mean(2)
    saturation = colour.max(2) - colour.min(2)
    fine = skimage("feature").multiscale_basic_features(grey, sigma_min=FINE[0], sigma_max=FINE[-1], num_sigma=4)
    layers = [*np.moveaxis(colour, 2, 0), saturation, *np.moveaxis(fine, 2, 0)]
    for scale in NEAR:
        layers += [_blur(colour[..., rank], scale) for rank in range(3)] + [_blur(saturation, scale)]
    detail = np.abs(grey - _blur(grey, 4.0))
    red, green, blue = np.moveaxis(colour, 2, 0)
    around = (red, red - green, green - blue, saturation, detail, saturation**2)
    for scale in WIDE:
        layers += [_wide(layer, scale) for layer in around]
    return np.stack([*layers, *_ground(grey, saturation)], axis=-1).astype(np.float32, copy=False)


def shares(mask: ArrayLike, codes: Iterable[int]) -> NDArray[np.bool_]:
    """Vérité à la taille des descripteurs : le bloc appartient-il pour moitié au moins à ces classes ?

    Parameters
    ----------
    mask : array_like d’octets, forme (h, l)
        Masque de classes.
    codes : iterable of int
        Classes cherchées.

    Returns
    -------
    ndarray of bool, forme (h / 2, l / 2)
        Vrai si la moitié du bloc au moins a l’un de ces codes.

    Examples
    --------
    >>> shares([[3, 4, 0, 0], [3, 0, 0, 3]], [3, 4]).tolist()
    [[True, False]]
    """
    wanted = np.isin(np.asarray(mask), list(codes)).astype(np.float32)
    height, width = wanted.shape
    even = np.pad(wanted, ((0, height % BLOCK), (0, width % BLOCK)), mode="edge")
    blocks = even.reshape(even.shape[0] // BLOCK, BLOCK, even.shape[1] // BLOCK, BLOCK)
    return np.asarray(blocks.mean((1, 3)) >= 0.5)


def enlarge(layer: ArrayLike, shape: tuple[int, int]) -> NDArray[Any]:
    """Remet une carte à la taille de la photo : chaque point regroupé redevient quatre points.

    Parameters
    ----------
    layer : array_like, forme (h / 2, l / 2)
        Carte.
    shape : tuple of int
        Lignes et colonnes de la photo.

    Returns
    -------
    ndarray
        Carte de forme `shape`.

    Examples
    --------
    >>> enlarge([[1, 2]], (2, 3)).tolist()
    [[1, 1, 2], [1, 1, 2]]
    """
    grown = np.asarray(layer).repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
    return grown[: shape[0], : shape[1]]


def _ground(grey: NDArray[np.float32], saturation: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Ce qui fait un parc pour l’œil : des traits peints, des couleurs vives garées, une zone grise large."""
    from scipy import ndimage

    clear, dark = ndimage.white_tophat(grey, PAINT), ndimage.black_tophat(grey, PAINT + 2)
    vivid = np.where(saturation > VIVID, saturation, np.float32(0))
    layers = [clear]
    for scale in STRIPES:
        layers += [_wide(layer, scale) for layer in (clear, dark, vivid)]
    dull = (saturation < DULL).astype(np.float32)
    soft = _blur(grey, 1.0)
    edge = np.hypot(ndimage.sobel(soft, 0), ndimage.sobel(soft, 1))
    for scale in GREYNESS:
        layers += [_wide(layer, scale) for layer in (dull, edge)]
    inside = np.pad(_blur(dull, 1.5) > 0.5, 1, mode="edge")
    depth = ndimage.distance_transform_edt(inside)[1:-1, 1:-1].astype(np.float32)
    return [*layers, depth, ndimage.maximum_filter(depth, REACH)]


def _blur(layer: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    from scipy import ndimage

    return np.asarray(ndimage.gaussian_filter(layer, scale, truncate=2.5), np.float32)


def _wide(layer: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Flou large, calculé sur une image quatre fois plus petite puis agrandie : seize fois moins cher."""
    height, width = layer.shape
    full = np.pad(layer, ((0, -height % _SHRUNK), (0, -width % _SHRUNK)), mode="edge")
    small = full.reshape(full.shape[0] // _SHRUNK, _SHRUNK, full.shape[1] // _SHRUNK, _SHRUNK).mean((1, 3))
    grown = _blur(small, scale / _SHRUNK).repeat(_SHRUNK, 0).repeat(_SHRUNK, 1)
    return grown[:height, :width]
