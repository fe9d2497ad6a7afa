"""Lire les fichiers d’une salle de contrôle : journal d’alertes, veilles, densités par caméra. Mémoire bornée."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from formation import datasets
from formation.datasets import Field, Limits, Resource, clock
from formation.errors import LINES_SHOWN, DonneesInvalides, Problem
from formation.numbers import plural
from formation.securite import own_times
from formation.securite.tables import CASE

LIMITS = Limits(
    size=200 * 2**20,
    rows=2_000_000,
    advice="Découpez-le, par exemple un fichier par mois, et gardez les seules colonnes utiles.",
)
MIDNIGHTS = 0.5
"""Part de dates sans heure à partir de laquelle un classeur a perdu ses heures."""
IMPOSSIBLE = 12.0
"""Densité qu’aucune foule n’atteint, en personnes par mètre carré."""
_PERSONAL = ("nom", "prenom", "operateur", "agent", "matricule", "plaque", "immatriculation", "visage", "identite")

Aliases = Mapping[str, tuple[str, ...]]
_TIME = Field("horodatage", "string", "date et heure de l’alerte", example=own_times.EXAMPLE.partition(",")[0],
              constraints={"required": True})  # fmt: skip
_CAMERA = Field("id_camera", "string", "nom ou numéro de la caméra", example="C07", optional=True)
ALARMS = (
    _TIME,
    Field("confirmee", "boolean", "1 si l’opérateur a vu un vrai danger, 0 sinon, vide si personne n’a vérifié",
          example="1"),
    _CAMERA,
)  # fmt: skip
"""Colonnes d’un journal d’alertes."""
WATCHES = (
    replace(_TIME, name="debut", description="début de la veille"),
    replace(_TIME, name="fin", description="fin de la veille"),
    Field("operateurs", "integer", "opérateurs présents ensemble", "opérateurs", "2", optional=True,
          constraints={"minimum": 1, "maximum": 50}),
)  # fmt: skip
"""Colonnes d’un tableau de veilles."""
DENSITIES = (
    replace(_TIME, description="date et heure de la mesure"),
    replace(_CAMERA, optional=False, constraints={"required": True}),
    Field("densite", "number", "densité mesurée", "personnes par mètre carré", "3.42",
          constraints={"minimum": 0, "maximum": IMPOSSIBLE}),
    Field("evenement", "boolean", "1 si la foule était vraiment dangereuse, selon une relecture", example="0",
          optional=True),
)  # fmt: skip
"""Colonnes d’une série de densités."""
ALIASES: Aliases = {
    "horodatage": ("horodatage", "date_heure", "heure", "date", "timestamp", "alerte", "debut"),
    "confirmee": ("confirmee", "confirme", "vraie", "confirmation", "vrai", "valide", "statut", "resultat"),
    "id_camera": ("id_camera", "camera", "cam", "capteur", "flux"),
    "densite": ("densite", "densite_mesuree", "density", "pers_m2", "densite_pers_m2"),
    "evenement": ("evenement", "danger", "verite", "foule_dangereuse"),
    "debut": ("debut", "start", "debut_veille", "prise_de_poste"),
    "fin": ("fin", "end", "fin_veille", "fin_de_poste"),
    "operateurs": ("operateurs", "nb_operateurs", "agents"),
}
"""Noms acceptés de chaque colonne."""
_DAY = Field("date", "string", "jour, quand l’heure est dans une autre colonne", example="2025-06-21")
_DAYS, _HOURS = ("date", "jour"), ("heure", "heure_alerte", "heure_mesure")
_WHOLE = ("horodatage", "date_heure", "timestamp")


@dataclass
class OwnTable:
    """Table lue : colonnes du cours, `ligne` du fichier, heures en UTC, et ce qu’il faut savoir du fichier."""

    frame: pd.DataFrame
    remarks: list[str] = field(default_factory=list)


def alarms(file: str | Path, zone: str = own_times.PARIS) -> OwnTable:
    """Lit un journal d’alertes.

    Parameters
    ----------
    file : str or Path
        CSV, CSV.GZ, XLSX ou ODS, colonnes de `ALARMS`.
    zone : str
        Fuseau des heures écrites sans décalage.

    Returns
    -------
    OwnTable
        Colonnes `horodatage` (UTC), `confirmee` (1, 0 ou vide), `id_camera`, `ligne`, dans l’ordre du temps.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas utilisable ; tous les problèmes sont donnés.
    """
    return _timed(Path(file), ALARMS, ("horodatage",), zone, "alertes")


def watches(file: str | Path, zone: str = own_times.PARIS) -> OwnTable:
    """Lit un tableau de veilles : quand quelqu’un regardait les alertes.

    Parameters
    ----------
    file : str or Path
        CSV, CSV.GZ, XLSX ou ODS, colonnes de `WATCHES`.
    zone : str
        Fuseau des heures écrites sans décalage.

    Returns
    -------
    OwnTable
        Colonnes `debut`, `fin` (UTC), `operateurs`, `heures` (heures-opérateur) et `ligne`.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas utilisable, ou si une veille finit avant d’avoir commencé.
    """
    table = _timed(Path(file), WATCHES, ("debut", "fin"), zone, "veilles")
    frame = table.frame
    frame["operateurs"] = frame["operateurs"].fillna(1).astype(int)
    length = (frame["fin"] - frame["debut"]).dt.total_seconds() / 3600
    wrong = (length <= 0) | (length > 24)
    if wrong.any():
        message = (
            "la veille finit avant d’avoir commencé, ou dure plus de 24 heures. Après minuit, écrivez la date du "
            "lendemain, par exemple debut 2025-06-21 20:00 et fin 2025-06-22 02:00."
        )
        rows = frame["ligne"][wrong]
        lines = tuple(int(line) for line in rows.head(LINES_SHOWN))
        raise DonneesInvalides(Path(file).name, [Problem("veille_invalide", message, "fin", lines, (), len(rows))])
    frame["heures"] = length * frame["operateurs"]
    return table


def densities(file: str | Path, zone: str = own_times.PARIS) -> OwnTable:
    """Lit une série de densités par caméra.

    Parameters
    ----------
    file : str or Path
        CSV, CSV.GZ, XLSX ou ODS, colonnes de `DENSITIES`.
    zone : str
        Fuseau des heures écrites sans décalage.

    Returns
    -------
    OwnTable
        Colonnes `horodatage` (UTC), `id_camera`, `densite`, `evenement` (1, 0 ou vide) et `ligne`, triées par caméra
        puis par heure.

    Raises
    ------
    DonneesInvalides
        Si le fichier n’est pas utilisable : densité négative ou impossible, deux mesures à la même heure…
    """
    path = Path(file)
    table = _timed(path, DENSITIES, ("horodatage",), zone, "mesures")
    frame = table.frame.sort_values(["id_camera", "horodatage"], kind="stable", ignore_index=True)
    again = frame.duplicated(["id_camera", "horodatage"], keep="first")
    if again.any():
        lines = tuple(int(line) for line in sorted(frame.loc[again, "ligne"])[:LINES_SHOWN])
        message = (
            "deux mesures de la même caméra à la même heure. Si c’est la nuit où l’on recule d’une heure, écrivez le "
            "décalage (+02:00 puis +01:00) ; sinon, une ligne est en trop : retirez-la."
        )
        problem = Problem("doublon", message, "horodatage", lines, (), int(again.sum()))
        raise DonneesInvalides(path.name, [problem], table.remarks)
    table.frame = frame
    return table


def _timed(path: Path, fields: Sequence[Field], times: Sequence[str], zone: str, name: str) -> OwnTable:
    clock.zone(zone)  # un fuseau inconnu se dit avant de lire
    named, header, workbook = _named(path, fields, name)
    split = _split(named, header)
    resource = Resource(CASE, name, f"{name}.csv", fields=tuple(named.values()))
    report = datasets.check(CASE, name, path, resource=resource, limits=LIMITS)
    problems, remarks = list(report.problems), [f"{path.name} : {text}" for text in report.remarques]
    frame, lines = report.frame, report.lines
    if frame is None:
        # Les heures se jugent aussi quand une autre colonne est fautive : on dit tout à la fois.
        wanted = [*times, *split]
        alone = [named[column] for column in wanted if named[column].name in header]
        again = datasets.check(CASE, name, path, resource=replace(resource, fields=tuple(alone)), limits=LIMITS)
        frame, lines = again.frame, again.lines
    frame = pd.DataFrame() if frame is None else frame.rename(columns={item.name: key for key, item in named.items()})
    if set(split) <= set(frame):
        for day in split:
            frame[times[0]] = (_day_of(frame.pop(day)) + " " + _hour_of(frame[times[0]])).str.strip()
    for column in times:
        if column in frame:
            texts = _midnights(frame[column]) if workbook else frame[column]
            stamp, found = own_times.read(texts.tolist(), lines.tolist(), named[column].name, zone)
            frame[column] = stamp
            problems += found
    if problems:
        raise DonneesInvalides(path.name, problems, remarks)
    frame["ligne"] = lines
    remarks = [text for text in remarks if "facultative" not in text] + _personal(path, header)
    return OwnTable(frame.sort_values(times[0], kind="stable", ignore_index=True), remarks)


def _split(named: dict[str, Field], header: Sequence[str]) -> list[str]:
    """Ajoute la colonne du jour quand la date et l’heure sont dans deux colonnes ; rend son nom."""
    simple = {datasets.simplify(name): name for name in header}
    if "horodatage" not in named or any(name in simple for name in _WHOLE):
        return []
    day = next((simple[name] for name in _DAYS if name in simple), None)
    hour = next((simple[name] for name in _HOURS if name in simple), None)
    if day is None or hour is None:
        return []
    named["horodatage"] = replace(named["horodatage"], name=hour, description="heure")
    named["date"] = replace(_DAY, name=day)
    return ["date"]


def _day_of(texts: pd.Series) -> pd.Series:
    """Jour seul : un classeur écrit souvent « 2025-06-21 00:00:00 »."""
    return texts.fillna("").astype(str).str.replace(r"[ T]00:00(:00)?$", "", regex=True)


def _hour_of(texts: pd.Series) -> pd.Series:
    """Heure seule : un classeur l’écrit parfois avec un jour de convenance (1899-12-30 ou 1900-01-00)."""
    return texts.astype(str).str.replace(r"^1(899|900)-\d{2}-\d{2}[ T]", "", regex=True)


def _midnights(texts: pd.Series) -> pd.Series:
    """Un tableur écrit minuit sans heure : au milieu d’heures complètes, une date seule est minuit."""
    alone = texts.astype(str).str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    return texts.where(~alone, texts + " 00:00:00") if alone.mean() < MIDNIGHTS else texts


def _named(path: Path, fields: Sequence[Field], sheet: str) -> tuple[dict[str, Field], list[str], bool]:
    """Colonnes attendues, sous le nom que le fichier leur donne ; en-tête ; vrai si c’est un classeur."""
    accepted = [name for item in fields for name in ALIASES[item.name]]
    names = [*accepted, *(name.capitalize() for name in accepted)]
    with datasets.open_source(path, names, sheet, limits=LIMITS) as source:
        header, workbook = list(source.header), source.separator is None
    simple = [datasets.simplify(name) for name in header]
    named: dict[str, Field] = {}
    for item in fields:
        taken = {found.name for found in named.values()}
        wanted = (header[simple.index(name)] for name in ALIASES[item.name] if name in simple)
        named[item.name] = replace(item, name=next((name for name in wanted if name not in taken), item.name))
    return named, header, workbook


def _personal(path: Path, header: Sequence[str]) -> list[str]:
    found = [name for name in header if datasets.simplify(name).split("_")[0] in _PERSONAL]
    if not found:
        return []
    listed = ", ".join(f"« {name} »" for name in found[:5])
    several = len(found) > 1
    can, object_ = ("peuvent", "les") if several else ("peut", "la")
    return [
        f"{path.name} : {plural(len(found), 'colonne')} ({listed}) {can} contenir des données personnelles. L’essai ne "
        f"{object_} lit pas ; retirez-{object_} avant de partager ce fichier."
    ]
