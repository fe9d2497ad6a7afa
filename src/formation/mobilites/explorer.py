"""Panneau du cas, dans un carnet : choisir une photo, une campagne, un recalage ; voir ce que le modèle mesure."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from formation.mobilites import decision, evaluation, map_figures, radiometry, surface, tables
from formation.mobilites.model import GREY, LINEAR, MODEL
from formation.numbers import number, percent, plural

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from formation.mobilites.tables import Tile

METHODS = (MODEL, LINEAR, GREY)
KNOWN, OTHER, RECENTRED = "campagne apprise", "autre campagne", "autre campagne, couleurs recalées"
CAMPAIGNS = (KNOWN, OTHER, RECENTRED)
"""Prises de vue proposées : celle du cours, une autre, la même recalée par lot."""


def tiles() -> list[Tile]:
    """Photos que le modèle n’a jamais vues, les plus grandes d’abord.

    Returns
    -------
    list of Tile
        Tuiles de test.
    """
    return sorted(evaluation.course().tiles["test"], key=lambda tile: (-tile.mask.shape[0], tile.id_tuile))


@lru_cache(maxsize=64)
def seen(name: str, method: str = MODEL, campaign: str = KNOWN) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Photo telle que prise, et parcs que la méthode y trouve ; gardés en mémoire.

    Parameters
    ----------
    name : str
        Identifiant de la tuile.
    method : str
        Une de :data:`METHODS`.
    campaign : str
        Une de :data:`CAMPAIGNS`.

    Returns
    -------
    tuple of ndarray
        Photo, forme (h, l, 3), et parcs trouvés, forme (h, l).
    """
    done = evaluation.course()
    rank = [tile.id_tuile for tile in done.tiles["test"]].index(name)
    if campaign == KNOWN:
        return done.tiles["test"][rank].image, done.surface(method=method)[rank]
    image = _lot(campaign)[rank]
    return image, done.methods[method].predict([image])[0]


def measured(name: str, method: str = MODEL, campaign: str = KNOWN) -> pd.DataFrame:
    """Surface de chaque parc d’une photo, et ce qu’on en dirait.

    Parameters
    ----------
    name, method, campaign : str
        Voir :func:`seen`.

    Returns
    -------
    DataFrame
        Parcs : `id_parking`, `surface_m2`, `surface_visible_m2`, `surface_predite_m2`, `probabilite`, `verdict`.
    """
    import pandas as pd

    done = evaluation.course()
    tile = next(tile for tile in done.tiles["test"] if tile.id_tuile == name)
    known = done.tables["parkings"]
    known = known[(known["id_tuile"] == name) & (known["surface_visible_m2"] > 0)].astype({"rang": int})
    found = pd.DataFrame(surface.measure(seen(name, method, campaign)[1], tile.parcels))
    if known.empty or found.empty:
        return known.assign(surface_predite_m2=np.nan, probabilite=np.nan, verdict="", assujetti=False).iloc[:0]
    merged = known.merge(found, on="rang", how="left")
    return decision.verdicts(merged, _error(method)).sort_values("rang", ignore_index=True)


def sentence(name: str, method: str = MODEL, campaign: str = KNOWN) -> str:
    """Constat pour un réglage, les fautes d’abord.

    Parameters
    ----------
    name, method, campaign : str
        Voir :func:`seen`.

    Returns
    -------
    str
        Surfaces oubliée et inventée, recouvrement, verdict de chaque parc.
    """
    mask = next(tile.mask for tile in evaluation.course().tiles["test"] if tile.id_tuile == name)
    found = seen(name, method, campaign)[1]
    scores = evaluation.scores(found, tables.is_parking(mask))
    both = scores["rappel"] * scores["surface_vraie_m2"]
    missed, invented = scores["surface_vraie_m2"] - both, scores["surface_m2"] - both
    rows = measured(name, method, campaign)
    wrong = rows[(rows["verdict"] != decision.DOUBT) & ((rows["verdict"] == decision.SUBJECT) != rows["assujetti"])]
    doubt = int((rows["verdict"] == decision.DOUBT).sum())
    parks = (
        f"{plural(len(rows), 'parc')}, {plural(len(wrong), 'mal jugé', 'mal jugés')} et {number(doubt)} à vérifier"
        if len(rows)
        else "aucun parc"
    )
    return (
        f"{name}, {campaign}, {method}\u00a0: {number(missed)}\u00a0m² oubliés et {number(invented)}\u00a0m² inventés. "
        f"Indice de recouvrement\u00a0: {number(scores['iou'], 2)}. Au seuil de "
        f"{number(tables.THRESHOLD_M2)}\u00a0m²\u00a0: {parks}."
    )


class Explorer:
    """Panneau de réglages ; `widget` est ce qu’un carnet affiche.

    Attributes
    ----------
    widget : ipywidgets.VBox
        Panneau complet.
    tile, method, campaign : ipywidgets.Dropdown
        Photo, méthode, prise de vue.
    errors : ipywidgets.Checkbox
        Montre la carte des erreurs sur la photo.
    finding : ipywidgets.HTML
        Constat en une phrase, mis à jour à chaque réglage.
    """

    def __init__(self) -> None:
        import ipywidgets as w

        shape: dict[str, Any] = {
            "layout": w.Layout(width="min(100%, 38rem)"),
            "style": {"description_width": "10rem"},
        }
        names = [
            (f"{tile.id_tuile} ({number(tile.mask.shape[0] * tables.RESOLUTION_M)}\u00a0m)", tile.id_tuile)
            for tile in tiles()
        ]
        self.tile = w.Dropdown(options=names, value=names[0][1], description="Photo", **shape)
        self.method = w.Dropdown(options=METHODS, value=MODEL, description="Méthode", **shape)
        self.campaign = w.Dropdown(options=CAMPAIGNS, value=KNOWN, description="Prise de vue", **shape)
        self.errors = w.Checkbox(True, description="Montrer les erreurs", indent=False, layout=shape["layout"])
        self.finding, self.plot, self.parks = w.HTML(), w.HTML(), w.HTML()
        controls = [self.tile, self.method, self.campaign, self.errors]
        self.widget = w.VBox([*controls, self.finding, self.plot, self.parks])
        for control in controls:
            control.observe(self._update, names="value")
        self._update()

    def _update(self, _: Any = None) -> None:
        place = (self.tile.value, self.method.value, self.campaign.value)
        text = sentence(*place)
        self.finding.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'
        self.plot.value = _picture(*place, errors=self.errors.value, text=text)
        self.parks.value = _table(measured(*place))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]


def explore() -> Explorer:
    """Ouvre le panneau du cas dans un carnet.

    Returns
    -------
    Explorer
        Panneau ; la dernière ligne d’une cellule suffit à l’afficher.
    """
    return Explorer()


@lru_cache(maxsize=2)
def _lot(campaign: str) -> list[NDArray[np.uint8]]:
    """Photos de test telles qu’une autre campagne les aurait prises, recalées ou non."""
    done = evaluation.course()
    moved = radiometry.shift([tile.image for tile in done.tiles["test"]])
    return moved if campaign == OTHER else radiometry.recentre(moved, done.reference)


@lru_cache(maxsize=3)
def _error(method: str) -> decision.AreaError:
    return decision.learn(surface.parks(evaluation.course(), "validation", method))


def _picture(name: str, method: str, campaign: str, *, errors: bool, text: str) -> str:
    image, found = seen(name, method, campaign)
    legend = ""
    if errors:
        mask = next(tile.mask for tile in evaluation.course().tiles["test"] if tile.id_tuile == name)
        image = map_figures.mistakes(mask, found, image)
        legend = " ".join(
            f'<span style="border-left:1em solid {colour};padding-left:.3em">{what}</span>'
            for what, colour in map_figures.VERDICTS.items()
        )
    data = b64encode(map_figures.compressed(image)).decode()
    return (
        f'<img alt="{escape(text)}" src="data:image/webp;base64,{data}" style="width:min(100%,512px)">'
        f"<p>{legend} données synthétiques</p>"
    )


def _table(rows: pd.DataFrame) -> str:
    head = ("parc", "surface vraie (m²)", "visible (m²)", "trouvée (m²)", "au-dessus du seuil", "verdict")
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                str(row["id_parking"]), number(row["surface_m2"]), number(row["surface_visible_m2"]),
                number(row["surface_predite_m2"]), percent(row["probabilite"]), str(row["verdict"]),
            )
        )
        + "</tr>"
        for row in rows.to_dict(orient="records")
    )  # fmt: skip
    titles = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>" if lines else ""
