"""La police des documents imprimés : DejaVu Sans, livrée avec matplotlib, pour ne rien devoir à la machine."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

FAMILY, MONO = "Formation", "Formation Mono"
SCHEME = "formation-police"
_FACES = (
    (FAMILY, "DejaVuSans.ttf", "normal", "normal"),
    (FAMILY, "DejaVuSans-Bold.ttf", "bold", "normal"),
    (FAMILY, "DejaVuSans-Oblique.ttf", "normal", "italic"),
    (FAMILY, "DejaVuSans-BoldOblique.ttf", "bold", "italic"),
    (MONO, "DejaVuSansMono.ttf", "normal", "normal"),
    (MONO, "DejaVuSansMono-Bold.ttf", "bold", "normal"),
)
NAMES = tuple(name for _, name, _, _ in _FACES)
"""Seuls fichiers que la fabrique des PDF a le droit d’ouvrir."""


@lru_cache(maxsize=len(NAMES))
def font(name: str) -> bytes:
    r"""Contenu d’une des polices.

    Parameters
    ----------
    name : str
        Nom du fichier, un de :data:`NAMES`.

    Returns
    -------
    bytes
        Fichier TrueType.

    Raises
    ------
    ValueError
        Si le nom n’est pas un de ceux-là.

    Examples
    --------
    >>> font("DejaVuSans.ttf")[:4]
    b'\x00\x01\x00\x00'
    """
    if name not in NAMES:
        raise ValueError(f"police inconnue : {name}")
    return files("matplotlib").joinpath("mpl-data", "fonts", "ttf", name).read_bytes()


def style() -> str:
    """Feuille de style qui impose la police à tout le document.

    Returns
    -------
    str
        Règles `@font-face`, puis règles prioritaires.
    """
    faces = "".join(
        f'@font-face{{font-family:"{family}";src:url("{SCHEME}:{name}");font-weight:{weight};font-style:{slant}}}'
        for family, name, weight, slant in _FACES
    )
    return (
        f'{faces}@page{{font-family:"{FAMILY}" !important}}*,*::before,*::after,*::marker{{font-family:"{FAMILY}" '
        f'!important}}code,pre,kbd,samp,code *,pre *{{font-family:"{MONO}" !important}}'
    )
