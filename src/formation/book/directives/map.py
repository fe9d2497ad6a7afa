"""Carte schématique d’Aubeline, dessinée depuis la table des communes."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from html import escape
from pathlib import Path

from docutils import nodes

from formation.book.directives.base import BookDirective
from formation.book.nodes import raw, tag
from formation.errors import FormationError
from formation.numbers import number

COMMUNES = "datasets/territoire/communes.csv"
WIDTH = 640
MARGIN = 46
NOTICE = "Ce territoire n’existe pas : communes, limites et chiffres sont imaginés pour le cours."
Point = tuple[float, float]


@dataclass(frozen=True)
class Town:
    """Une commune placée sur la carte, en pixels."""

    code: str
    name: str
    population: int
    x: float
    y: float


class CarteAubeline(BookDirective):
    """Carte d’Aubeline : dessin SVG, texte de remplacement et tableau."""

    def build(self) -> list[nodes.Node]:
        """Figure avec la carte, la mention « ce territoire n’existe pas » et le tableau des communes."""
        path = self.root / COMMUNES
        self.env.note_dependency(str(path))
        towns, height = read_towns(path)
        largest = max(towns, key=lambda town: town.population)
        total = number(sum(town.population for town in towns))
        alt = (
            f"Carte schématique de {len(towns)} communes imaginaires, {total} habitants ; la plus peuplée, "
            f"{largest.name}, compte {number(largest.population)} habitants. Détail dans le tableau."
        )
        figure = tag("figure", raw(draw(towns, height, alt)), class_="carte")
        figure += tag("figcaption", NOTICE)
        head = tag("tr", *(tag("th", text, scope="col") for text in ("Commune", "Code", "Habitants")))
        body = tag("tbody")
        for town in towns:
            cells = (tag("td", town.code), tag("td", number(town.population), class_="nombre"))
            body += tag("tr", tag("th", town.name, scope="row"), *cells)
        table = tag("table", tag("caption", "Les communes d’Aubeline"), tag("thead", head), body)
        region = tag("div", table, class_="defile", data_nom="Tableau : les communes d’Aubeline")
        figure += tag("details", tag("summary", "Lire la carte dans un tableau"), region)
        return [figure]


def read_towns(path: Path) -> tuple[list[Town], float]:
    """Lit les communes et les place dans le cadre de la carte.

    Parameters
    ----------
    path : Path
        Table des communes, avec `code_commune`, `nom`, `population`, `x_m` et `y_m`.

    Returns
    -------
    list of Town
        Communes, de la plus peuplée à la moins peuplée.
    float
        Hauteur du cadre, en pixels.

    Raises
    ------
    FormationError
        Si la table manque ou n’a pas les colonnes attendues.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        places = [(float(row["x_m"]), float(row["y_m"])) for row in rows]
        names = [(row["code_commune"], row["nom"], int(float(row["population"]))) for row in rows]
    except (OSError, KeyError, ValueError) as error:
        raise FormationError(
            f"{COMMUNES} doit exister avec les colonnes code_commune, nom, population, x_m, y_m ({error})."
        ) from error
    left, right = min(x for x, _ in places), max(x for x, _ in places)
    bottom, top = min(y for _, y in places), max(y for _, y in places)
    scale = (WIDTH - 2 * MARGIN) / (right - left)
    height = (top - bottom) * scale + 2 * MARGIN
    towns = [
        Town(code, name, population, MARGIN + (x - left) * scale, MARGIN + (top - y) * scale)
        for (code, name, population), (x, y) in zip(names, places, strict=True)
    ]
    return sorted(towns, key=lambda town: -town.population), height


def outline(towns: list[Town], height: float, *, sides: int = 40) -> list[Point]:
    """Contour arrondi autour des communes.

    Parameters
    ----------
    towns : list of Town
        Communes placées.
    height : float
        Hauteur du cadre, en pixels.
    sides : int
        Nombre de côtés du contour.

    Returns
    -------
    list of tuple
        Sommets du contour, en pixels.
    """
    middle_x, middle_y = WIDTH / 2, height / 2
    corners = []
    for rank in range(sides):
        angle = 2 * math.pi * rank / sides
        reach = max((t.x - middle_x) * math.cos(angle) + (t.y - middle_y) * math.sin(angle) for t in towns)
        reach = max(reach + MARGIN, 60) + 7 * math.sin(3 * angle) + 5 * math.cos(5 * angle)
        x, y = middle_x + reach * math.cos(angle), middle_y + reach * math.sin(angle)
        corners.append((x, y))
    return corners


def cell(town: Town, towns: list[Town], border: list[Point]) -> list[Point]:
    """Territoire d’une commune : les points du contour plus proches d’elle que de toute autre.

    Parameters
    ----------
    town : Town
        Commune.
    towns : list of Town
        Toutes les communes.
    border : list of tuple
        Contour du territoire.

    Returns
    -------
    list of tuple
        Sommets, en pixels.
    """
    polygon = border
    for other in towns:
        if other is town:
            continue
        dx, dy = other.x - town.x, other.y - town.y
        limit = ((other.x**2 - town.x**2) + (other.y**2 - town.y**2)) / 2
        clipped: list[Point] = []
        for start, end in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            before, after = dx * start[0] + dy * start[1] - limit, dx * end[0] + dy * end[1] - limit
            if before <= 0:
                clipped.append(start)
            if before * after < 0:
                part = before / (before - after)
                clipped.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
        polygon = clipped
    return polygon


def draw(towns: list[Town], height: float, alt: str) -> str:
    """Dessine la carte.

    Parameters
    ----------
    towns : list of Town
        Communes placées.
    height : float
        Hauteur du cadre, en pixels.
    alt : str
        Texte de remplacement.

    Returns
    -------
    str
        Élément `svg`.
    """
    border = outline(towns, height)
    left, top = min(x for x, _ in border) - 2, min(y for _, y in border) - 2
    width, tall = max(x for x, _ in border) + 2 - left, max(y for _, y in border) + 2 - top
    parts = [
        f'<svg viewBox="{left:.0f} {top:.0f} {width:.0f} {tall:.0f}" role="img" '
        f'aria-label="{escape(alt, quote=True)}" width="{width:.0f}" height="{tall:.0f}">'
    ]
    for rank, town in enumerate(towns):
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in cell(town, towns, border))
        parts.append(f'<polygon class="commune teinte-{rank % 3}" points="{points}"/>')
    for town in towns:
        radius = 3 + math.sqrt(town.population) / 14
        anchor = "end" if town.x > WIDTH * 0.8 else "start" if town.x < WIDTH * 0.2 else "middle"
        parts.append(f'<circle class="bourg" cx="{town.x:.0f}" cy="{town.y:.0f}" r="{radius:.1f}"/>')
        parts.append(
            f'<text x="{town.x:.0f}" y="{town.y - radius - 5:.0f}" text-anchor="{anchor}">{escape(town.name)}</text>'
        )
    return "".join(parts) + "</svg>"
