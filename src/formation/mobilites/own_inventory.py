"""Lire une liste de parkings : surface ou places, erreur, parc coupé par la photo, usage. Mémoire bornée."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from formation import datasets
from formation.datasets import Field, Limits, Resource, located
from formation.errors import DonneesInvalides, Problem
from formation.mobilites.tables import CASE

LIMITS = Limits(size=20 * 2**20, rows=50_000, advice="Gardez une ligne par parking, et les seules colonnes utiles.")
DECLARED_PLACES = (10.0, 14.0)
"""Surface par place d’un inventaire qui a oublié les voies, en m²."""
SMALLEST_M2, LARGEST_M2 = 50.0, 1_000_000.0
"""Surfaces au-delà desquelles l’unité n’est sans doute pas le m²."""
FIELDS = (
    Field("id_parking", "string", "nom ou numéro du parking", example="P012", optional=True),
    Field("surface_m2", "number", "surface du parking, places et voies comprises", "mètres carrés", "1480",
          optional=True, constraints={"minimum": 0}),
    Field("nb_places", "integer", "nombre de places, si la surface manque", "places", "62", optional=True,
          constraints={"minimum": 1, "maximum": 50_000}),
    Field("erreur_pct", "number", "écart type de la surface", "pour cent", "5", optional=True,
          constraints={"minimum": 0.1, "maximum": 60}),
    Field("coupe", "boolean", "1 si le bord de la photo coupe le parking", example="0", optional=True),
    Field("usage", "string", "clients, salariés, dépôt de véhicules, poids lourds…", example="clients", optional=True),
)  # fmt: skip
"""Colonnes d’une liste de parkings."""
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id_parking": ("id_parking", "id", "identifiant", "nom", "parking", "nom_parking", "code", "numero", "reference"),
    "surface_m2": ("surface_m2", "surface", "superficie", "superficie_m2", "aire", "aire_m2", "surface_predite_m2",
                   "surface_declaree_m2", "area", "area_m2"),
    "nb_places": ("nb_places", "places", "nombre_de_places", "nb_places_declarees", "capacite"),
    "erreur_pct": ("erreur_pct", "erreur", "incertitude", "ecart_type_pct", "incertitude_pct"),
    "coupe": ("coupe", "touche_bord", "tronque"),
    "usage": ("usage", "type", "categorie", "destination"),
}  # fmt: skip
"""Noms acceptés de chaque colonne."""
_HECTARES = ("surface_ha", "superficie_ha", "aire_ha", "hectares")
_SPECIAL = ("depot", "stock", "poids_lourd", "camion", "fourriere", "logistique")


@dataclass
class Inventory:
    """Parkings lus : colonnes du cours, `ligne` du fichier, et ce qu’il faut savoir du fichier."""

    frame: pd.DataFrame
    remarks: list[str] = field(default_factory=list)


def read(file: str | Path) -> Inventory:
    """Lit une liste de parkings.

    Parameters
    ----------
    file : str or Path
        CSV, CSV.GZ, XLSX ou ODS, colonnes de `FIELDS`.

    Returns
    -------
    Inventory
        Une ligne par parking.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas utilisable ; tous les problèmes sont donnés.
    """
    path = Path(file)
    named, problems = _named(path)
    resource = Resource(CASE, "parkings", "parkings.csv", fields=tuple(named.values()))
    report = datasets.check(CASE, "parkings", path, resource=resource, limits=LIMITS)
    problems += report.problems
    remarks = [f"{path.name} : {text}" for text in report.remarques if "facultative" not in text]
    if problems or report.frame is None:
        raise DonneesInvalides(path.name, problems, remarks)
    frame = report.frame.rename(columns={item.name: key for key, item in named.items()}).assign(ligne=report.lines)
    problems += _judge(frame, {key: item.name for key, item in named.items()})
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    missing = frame["id_parking"].isna()
    frame["id_parking"] = frame["id_parking"].where(~missing, "ligne " + frame["ligne"].astype(str))
    for name in ("surface_m2", "nb_places", "erreur_pct"):
        frame[name] = frame[name].astype(float)
    frame["coupe"] = frame["coupe"].fillna(0).astype(int)
    return Inventory(frame, remarks)


def is_special(usage: str) -> bool:
    """Dit si un usage peut sortir de l’obligation : stockage, poids lourds.

    Parameters
    ----------
    usage : str
        Usage écrit dans le fichier.

    Returns
    -------
    bool
        Vrai s’il faut le faire relire.

    Examples
    --------
    >>> is_special("Dépôt de véhicules"), is_special("clients")
    (True, False)
    """
    simple = datasets.simplify(usage)
    return any(word in simple for word in _SPECIAL)


def _named(path: Path) -> tuple[dict[str, Field], list[Problem]]:
    """Colonnes attendues, sous le nom que le fichier leur donne."""
    accepted = [name for names in ALIASES.values() for name in names]
    with datasets.open_source(path, accepted, "parkings", limits=LIMITS) as source:
        header = list(source.header)
    simple = [datasets.simplify(name) for name in header]
    named: dict[str, Field] = {}
    for item in FIELDS:
        taken = {found.name for found in named.values()}
        wanted = (header[simple.index(name)] for name in ALIASES[item.name] if name in simple)
        named[item.name] = replace(item, name=next((name for name in wanted if name not in taken), item.name))
    if any(named[name].name in header for name in ("surface_m2", "nb_places")):
        return named, []
    hectares = next((name for name, bare in zip(header, simple, strict=True) if bare in _HECTARES), None)
    if hectares:
        message = "surface en hectares : multipliez par 10 000 et nommez la colonne surface_m2, par exemple 1480."
        return named, [Problem("unite", message, hectares)]
    message = (
        "ni surface ni nombre de places : il faut l’un des deux pour parler du seuil. Attendu : une colonne "
        "« surface_m2 » (places et voies, par exemple 1480), ou « nb_places » (par exemple 62)."
    )
    return named, [Problem("colonne_manquante", message, "surface_m2")]


def _judge(frame: pd.DataFrame, named: Mapping[str, str]) -> list[Problem]:
    """Ce que le schéma ne voit pas : doublons, lignes sans rien à mesurer, surfaces d’une autre unité."""
    problems = []
    lines, area = frame["ligne"], frame["surface_m2"].astype(float)

    def tell(kind: str, mask: pd.Series, column: str, message: str) -> None:
        if mask.any():
            texts = frame[column].map(_text).to_numpy()
            found = located.problem(kind, mask, lines, named[column], message, texts)
            problems.append(replace(found, message=f"« {found.values[0]} » : {message}"))

    tell(
        "doublon",
        frame["id_parking"].notna() & frame["id_parking"].duplicated(),
        "id_parking",
        "ce parking est déjà plus haut. Gardez une ligne par parking, ou réunissez les morceaux d’un même parc.",
    )
    tell("surface_absurde", (area < SMALLEST_M2) | (area > LARGEST_M2), "surface_m2",
         "ce n’est pas la surface d’un parking en m² : hectares, km², ou place comptée seule ? Attendu : places et "
         "voies, par exemple 1480.")  # fmt: skip
    empty = area.isna() & frame["nb_places"].isna()
    if empty.any():
        message = "ni surface ni nombre de places : donnez l’un des deux, ou retirez la ligne."
        problems.append(located.problem("rien_a_mesurer", empty, lines, named["surface_m2"], message))
    return problems


def _text(value: object) -> str:
    """Une valeur telle qu’on l’écrit en français : « 12,5 », non « 12.5 »."""
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)
