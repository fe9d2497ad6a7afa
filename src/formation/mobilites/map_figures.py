"""Figures faites de photos : une tuile, sa vérité, ses erreurs, et la comparaison avant-après du chapitre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from formation.mobilites import tables
from formation.numbers import number, percent, plural
from formation.palette import RULE, new_axes
from formation.plotting import finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from formation.book.comparison import BeforeAfter
    from formation.mobilites.evaluation import Trial
    from formation.mobilites.tables import Tile

FOUND, MISSED, INVENTED = "trouvé", "oublié", "inventé"
VERDICTS = {FOUND: "#3f8fca", MISSED: "#7a1f6e", INVENTED: "#f0a23b"}
"""Couleur de chaque verdict ; clair, sombre et moyen, pour se passer de la teinte."""
CLASSES = {"sol": "#e3ead9", "route": "#5b6672", "bâti": "#b9674a", "parking": "#8fb8de", "véhicule": "#18222d"}
"""Couleur de chaque classe d’un masque, dans l’ordre des codes."""
_UNDER = {tables.GROUND: "de l’herbe ou une cour grise", tables.ROAD: "de la route", tables.BUILT: "un toit"}
_SHARE_TOLD = 0.05
_PAPER = (255, 255, 255)


def tile(
    image: ArrayLike, truth: ArrayLike | None = None, predicted: ArrayLike | None = None, *, ax: Axes | None = None
) -> Axes:
    """Une photo, sa vérité en cinq classes, et la carte des erreurs, côte à côte.

    Parameters
    ----------
    image : array_like d’octets, forme (h, l, 3)
        Photo à 0,20 m par point.
    truth : array_like d’octets, forme (h, l), optional
        Masque : 0 sol, 1 route, 2 bâti, 3 parking, 4 véhicule garé.
    predicted : array_like, forme (h, l), optional
        Parcs trouvés, vrai ou faux ; demande `truth`.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.

    Raises
    ------
    ValueError
        Si les tailles diffèrent, ou si les parcs trouvés sont donnés sans vérité.
    """
    pixels = np.asarray(image, np.uint8)
    panels, titles = [pixels], ["la photo"]
    mask = None if truth is None else _same_size(truth, pixels)
    if mask is None and predicted is not None:
        raise ValueError("Une carte des erreurs demande le masque vrai : donnez aussi `truth`.")
    if mask is not None:
        panels.append(painted(mask))
        titles.append("la vérité")
    title = "Une photo aérienne dessinée, à 20\u00a0cm par point"
    text = f"Photo dessinée de {number(pixels.shape[1] * tables.RESOLUTION_M)} m de côté."
    if mask is not None and predicted is not None:
        found = _same_size(predicted, pixels).astype(bool)
        panels.append(mistakes(mask, found))
        titles.append("les erreurs")
        title, text = _told(mask, found)
    legend = CLASSES if predicted is None else VERDICTS
    return _strip(panels, titles, title, text, legend if mask is not None else {}, ax)


def tiles(images: Sequence[ArrayLike], titles: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """Plusieurs photos de même taille côte à côte, par exemple deux campagnes aériennes.

    Parameters
    ----------
    images : sequence of array_like d’octets, forme (h, l, 3)
        Photos.
    titles : sequence of str
        Une légende par photo.
    ax : Axes, optional
        Axes où dessiner.

    Returns
    -------
    Axes
        Figure, jamais affichée par la fonction.

    Raises
    ------
    ValueError
        S’il n’y a pas une légende par photo, ou si les tailles diffèrent.
    """
    panels = [np.asarray(image, np.uint8) for image in images]
    if not panels or len(panels) != len(titles) or len({panel.shape for panel in panels}) > 1:
        raise ValueError(f"{len(titles)} légendes pour {len(panels)} photos : une légende par photo, de même taille.")
    colours = [panel.reshape(-1, 3).mean(0) for panel in panels]
    listed = " ; ".join(
        f"{name}\u00a0: rouge {number(red)}, vert {number(green)}, bleu {number(blue)}"
        for name, (red, green, blue) in zip(titles, colours, strict=True)
    )
    text = f"{plural(len(panels), 'photo dessinée', 'photos dessinées')}. Couleur moyenne, de 0 à 255\u00a0: {listed}."
    gap = max(float(abs(first - second).max()) for first in colours for second in colours)
    title = f"D’une photo à l’autre, une couleur moyenne change de {number(gap)} sur 255"
    return _strip(panels, list(titles), title, text, {}, ax)


def painted(mask: ArrayLike) -> NDArray[np.uint8]:
    """Masque de classes, en couleurs.

    Parameters
    ----------
    mask : array_like d’octets, forme (h, l)
        Codes 0 à 4.

    Returns
    -------
    ndarray d’octets, forme (h, l, 3)
        Image.

    Examples
    --------
    >>> painted([[4]]).tolist()
    [[[24, 34, 45]]]
    """
    colours: NDArray[np.uint8] = np.array([_rgb(value) for value in CLASSES.values()], np.uint8)
    return np.asarray(colours[np.asarray(mask, int)])


def mistakes(mask: ArrayLike, predicted: ArrayLike, under: ArrayLike | None = None) -> NDArray[np.uint8]:
    """Carte des erreurs : parc trouvé, oublié, inventé.

    Parameters
    ----------
    mask : array_like d’octets, forme (h, l)
        Masque vrai.
    predicted : array_like of bool, forme (h, l)
        Parcs trouvés.
    under : array_like d’octets, forme (h, l, 3), optional
        Photo à laisser voir dessous ; blanc par défaut.

    Returns
    -------
    ndarray d’octets, forme (h, l, 3)
        Image.
    """
    real, found = tables.is_parking(np.asarray(mask)), np.asarray(predicted, bool)
    ground = np.full((*real.shape, 3), _PAPER, float) if under is None else np.asarray(under, float)
    said = {FOUND: real & found, MISSED: real & ~found, INVENTED: ~real & found}
    painted_, share = ground.copy(), 1.0 if under is None else 0.72
    for name, where in said.items():
        painted_[where] = (1 - share) * ground[where] + share * np.array(_rgb(VERDICTS[name]), float)
    return np.rint(painted_).astype(np.uint8)


def before_after(done: Trial | None = None) -> BeforeAfter:
    """Photo et carte des erreurs de la grande tuile de test où le modèle se trompe le plus.

    Parameters
    ----------
    done : Trial, optional
        Essai ; celui du cours par défaut.

    Returns
    -------
    formation.book.comparison.BeforeAfter
        Comparaison du chapitre.
    """
    from formation.book.comparison import BeforeAfter
    from formation.mobilites import evaluation

    done = evaluation.course() if done is None else done
    chosen, found = worst(done)
    here = evaluation.scores(found, tables.is_parking(chosen.mask))
    whole = evaluation.iou(done.surface(), done.truth())
    missed, invented = _areas(chosen.mask, found)
    side = number(chosen.mask.shape[0] * tables.RESOLUTION_M)
    where = _invented_on(chosen.mask, found)
    return BeforeAfter(
        title=f"Sur cette photo, le modèle oublie {number(missed)}\u00a0m² de parking et en invente {number(invented)}",
        before=compressed(chosen.image),
        after=compressed(mistakes(chosen.mask, found, chosen.image)),
        before_label="La photo, dessinée",
        after_label="Ce que le modèle en dit",
        before_alt=(
            f"Photo aérienne dessinée de {side} mètres de côté\u00a0: {_scene(chosen)}, une route, des toits, des "
            "arbres et de l’herbe."
        ),
        after_alt=(
            f"La même photo coloriée. {percent(here['rappel'])} de la surface des parkings est trouvée\u00a0; "
            f"{number(missed)} m² sont oubliés\u00a0; {number(invented)} m² sont inventés ({where})."
        ),
        sentence=(
            f"Le modèle oublie {number(missed)}\u00a0m² de parking et en invente {number(invented)} ({where}). C’est "
            f"la grande photo de l’épreuve où il se trompe le plus\u00a0: indice de recouvrement de "
            f"{number(here['iou'], 2)} ici, de {number(whole, 2)} sur toutes."
        ),
        source="données synthétiques d’Aubeline, modèle jouet, photo jamais apprise.",
        before_share="de la photo",
        after_share="de la carte",
        legend=(
            (VERDICTS[FOUND], "parking trouvé"), (VERDICTS[MISSED], "parking oublié"),
            (VERDICTS[INVENTED], "parking inventé"),
        ),
    )  # fmt: skip


def worst(done: Trial) -> tuple[Tile, NDArray[np.bool_]]:
    """Grande tuile de test où le modèle recouvre le moins bien la vérité.

    Parameters
    ----------
    done : Trial
        Essai.

    Returns
    -------
    tuple
        Tuile, et parcs trouvés.
    """
    from formation.mobilites.evaluation import iou

    pairs = list(zip(done.tiles["test"], done.surface(), strict=True))
    side = max(tile.mask.shape[0] for tile, _ in pairs)
    large = [(tile, found) for tile, found in pairs if tile.mask.shape[0] == side]
    return min(large, key=lambda pair: iou(pair[1], tables.is_parking(pair[0].mask)))


def _areas(mask: ArrayLike, predicted: ArrayLike) -> tuple[float, float]:
    """Surfaces oubliée et inventée, en m²."""
    real, found = tables.is_parking(np.asarray(mask)), np.asarray(predicted, bool)
    return float((real & ~found).sum() * tables.PIXEL_M2), float((found & ~real).sum() * tables.PIXEL_M2)


def _invented_on(mask: NDArray[np.uint8], found: NDArray[np.bool_]) -> str:
    """Ce que cachent vraiment les parkings inventés : « 379 m² sur du sol, 78 m² sur un toit »."""
    wrong = found & ~tables.is_parking(mask)
    counts = {name: int((wrong & (mask == code)).sum()) for code, name in _UNDER.items()}
    told = [
        f"{number(count * tables.PIXEL_M2)} m² sur {name}"
        for name, count in sorted(counts.items(), key=lambda item: -item[1])
        if count > _SHARE_TOLD * max(int(wrong.sum()), 1)
    ]
    return ", ".join(told) or "nulle part"


def _scene(chosen: Tile) -> str:
    count = len(set(np.unique(chosen.parcels[tables.is_parking(chosen.mask)]).tolist()) - {0})
    return plural(count, "parking")


def _told(mask: NDArray[np.uint8], found: NDArray[np.bool_]) -> tuple[str, str]:
    """Titre et texte d’une carte des erreurs, les fautes d’abord."""
    real = tables.is_parking(mask)
    both = float((real & found).sum() * tables.PIXEL_M2)
    missed, invented = _areas(mask, found)
    total = both + missed
    title = (
        f"{number(missed)}\u00a0m² de parking oubliés, {number(invented)} inventés,\npour {number(total)}\u00a0m² vrais"
    )
    text = (
        f"À gauche la photo, puis la vérité, puis les erreurs. {number(missed)} m² de parking sont oubliés, "
        f"{number(invented)} inventés ({_invented_on(mask, found)}) et {number(both)} trouvés, sur {number(total)} m². "
        f"Indice de recouvrement\u00a0: {number(both / max(both + missed + invented, 1e-9), 2)}."
    )
    return title, text


def _strip(
    panels: Sequence[NDArray[np.uint8]],
    titles: list[str],
    title: str,
    text: str,
    legend: dict[str, str],
    ax: Axes | None,
) -> Axes:
    ax = ax or new_axes()
    height, width = panels[0].shape[:2]
    gap = max(2, width // 20)
    strip = np.full((height, len(panels) * (width + gap) - gap, 3), 255, np.uint8)
    for rank, panel in enumerate(panels):
        strip[:, rank * (width + gap) : rank * (width + gap) + width] = panel
    ax.imshow(strip, interpolation="nearest")
    ax.set_xticks([rank * (width + gap) + (width - 1) / 2 for rank in range(len(panels))], titles)
    ax.set_yticks([])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0)
    if legend:
        from matplotlib.patches import Patch

        handles: list[Any] = [Patch(facecolor=colour, edgecolor=RULE, label=name) for name, colour in legend.items()]
        ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(handles), fontsize=9)
    return finish(ax, title, "", "", text)


def _same_size(layer: ArrayLike, pixels: NDArray[np.uint8]) -> NDArray[Any]:
    values = np.asarray(layer)
    if values.shape != pixels.shape[:2]:
        raise ValueError(f"Le masque est {values.shape} et la photo {pixels.shape[:2]} : il faut la même taille.")
    return values


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def compressed(pixels: NDArray[np.uint8]) -> bytes:
    """Image légère : deux tiennent dans soixante kilo-octets.

    Parameters
    ----------
    pixels : ndarray d’octets, forme (h, l, 3)
        Image.

    Returns
    -------
    bytes
        Fichier WebP.
    """
    import io

    import PIL.Image

    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, format="WEBP", quality=60, method=6)
    return stream.getvalue()
