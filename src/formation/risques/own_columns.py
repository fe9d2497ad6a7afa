"""Reconnaître les colonnes d’un fichier de pluies et de débits, et l’unité que leur nom annonce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formation.datasets import Field, simplify
from formation.errors import Problem

BASIN, WHEN, HOUR, RAIN, FLOW = "id_bassin", "date_heure", "heure", "pluie", "debit"
_BASINS = (
    "id_bassin", "bassin", "station", "id_station", "code_station", "nom_station", "site", "code_site", "poste",
    "limnimetre", "capteur",
)  # fmt: skip
_TIMES = (
    "date_heure", "dateheure", "date_et_heure", "horodatage", "date_heure_utc", "date_utc", "date_tu", "heure_utc",
    "timestamp", "datetime", "date_obs", "dt_obs", "date", "temps", "time",
)  # fmt: skip
_HOURS = ("heure", "heure_min", "hour", "heure_tu")
# nom simplifié : (type, facteur vers mm/h, mm sur le pas ou m³/s)
_RAINS = {
    **dict.fromkeys(("pluie_mm_h", "intensite_mm_h", "pluie_mm_par_h", "rain_mm_h", "pluie_radar_mm_h",
                     "pluie_pluvio_mm_h", "rr_mm_h"), "mm/h"),
    **dict.fromkeys(("pluie_mm", "cumul_mm", "rr_mm", "lame_mm", "precipitation_mm", "precipitations_mm",
                     "hauteur_pluie_mm", "rain_mm", "pluie_cumul_mm", "rr1", "rr5", "rr6"), "mm"),
}  # fmt: skip
_FLOWS = {
    **dict.fromkeys(("debit_m3_s", "debit_m3s", "q_m3_s", "q_m3s", "debit_m3_par_s", "debit_instantane_m3_s",
                     "valeur_en_m3_s", "flow_m3_s"), "m³/s"),
    **dict.fromkeys(("debit_l_s", "debit_ls", "q_l_s", "q_ls", "debit_l_par_s", "debit_instantane_l_s",
                     "valeur_en_l_s", "flow_l_s"), "l/s"),
}  # fmt: skip
_NO_UNIT = {
    RAIN: ("pluie", "pluies", "rain", "precipitation", "precipitations", "pluviometrie", "intensite", "cumul", "rr"),
    FLOW: ("debit", "debits", "q", "qi", "flow", "discharge", "debit_instantane", "valeur"),
}
_LEVELS = ("hauteur", "hauteur_m", "hauteur_eau", "hauteur_eau_m", "niveau", "niveau_m", "cote", "h_m", "hauteur_mm")
_UTC_WORDS = ("utc", "tu", "gmt")
_BOUNDS = {"mm/h": 600.0, "mm": 150.0, "m³/s": 20_000.0, "l/s": 20_000_000.0}
"""Au-delà, une valeur n’est pas une mesure."""
_GARBLED = "Ã"


@dataclass(frozen=True)
class Columns:
    """Colonnes reconnues.

    Attributes
    ----------
    names : dict of str to str
        Rôle (`id_bassin`, `date_heure`, `heure`, `pluie`, `debit`) : nom dans le fichier.
    rain_unit, flow_unit : str
        « mm/h » ou « mm » (sur le pas) ; « m³/s » ou « l/s ».
    utc : bool
        Vrai si le nom de la colonne d’heure annonce le temps universel.
    """

    names: dict[str, str]
    rain_unit: str
    flow_unit: str
    utc: bool

    def fields(self) -> tuple[Field, ...]:
        """Schéma qui suit les noms du fichier, pour que les messages les citent."""
        texts = [role for role in (BASIN, WHEN, HOUR) if role in self.names]
        return (
            *(Field(self.names[role], "string", example=_EXAMPLES[role], constraints={"required": True})
              for role in texts),
            _number(self.names[RAIN], self.rain_unit),
            _number(self.names[FLOW], self.flow_unit),
        )  # fmt: skip


_EXAMPLES = {BASIN: "B1", WHEN: "2019-10-26 18:05", HOUR: "18:05"}
_WHAT = {
    WHEN: "la date et l’heure de chaque mesure, par exemple 2019-10-26 18:05. Noms acceptés : date_heure, horodatage, "
    "ou deux colonnes date et heure",
    RAIN: "la pluie du pas. Noms acceptés : pluie_mm_h (intensité) ou pluie_mm (cumul sur le pas), par exemple 12.5",
    FLOW: "le débit mesuré. Noms acceptés : debit_m3_s ou debit_l_s, par exemple 3.4",
}  # fmt: skip
NAMES = (*_BASINS, *_TIMES, *_HOURS, *_RAINS, *_FLOWS, *_NO_UNIT[RAIN], *_NO_UNIT[FLOW])
"""Noms cherchés dans l’en-tête, pour reconnaître le séparateur."""


def recognise(header: Sequence[str]) -> tuple[Columns | None, list[Problem]]:
    """Colonnes d’un en-tête, et tout ce qui manque.

    Parameters
    ----------
    header : sequence of str
        Noms lus.

    Returns
    -------
    Columns or None
        `None` s’il manque une colonne.
    list of Problem
        Un problème par colonne manquante ou sans unité.

    Examples
    --------
    >>> found, problems = recognise(["Station", "Date (TU)", "Pluie mm/h", "Débit (m³/s)"])
    >>> found.utc, found.rain_unit, found.flow_unit, problems
    (True, 'mm/h', 'm³/s', [])
    """
    simple = {simplify(name): name for name in reversed(header) if name}
    names: dict[str, str] = {}
    for role, accepted in ((BASIN, _BASINS), (WHEN, _TIMES), (HOUR, _HOURS), (RAIN, _RAINS), (FLOW, _FLOWS)):
        found = next((name for name in accepted if name in simple), None)
        if found is not None:
            names[role] = simple[found]
    if WHEN in names and simplify(names[WHEN]) not in ("date", "date_obs", "date_tu", "date_utc"):
        names.pop(HOUR, None)
    problems = [_missing(role, simple, header) for role in (WHEN, RAIN, FLOW) if role not in names]
    if problems:
        if any(_GARBLED in name for name in header):
            problems.insert(0, _garbled(header))
        return None, problems
    utc = any(word in _UTC_WORDS for role in (WHEN, HOUR) for word in simplify(names.get(role, "")).split("_"))
    return Columns(names, _RAINS[simplify(names[RAIN])], _FLOWS[simplify(names[FLOW])], utc), []


def garbled(texts: Sequence[str], column: str) -> Problem | None:
    """Codes de bassin écrits dans deux encodages : « Vidourle été » et « Vidourle Ã©tÃ© ».

    Parameters
    ----------
    texts : sequence of str
        Codes distincts.
    column : str
        Nom de la colonne.

    Returns
    -------
    Problem or None
        Rien si les codes sont sains.
    """
    wrong = [text for text in texts if _GARBLED in text]
    if not wrong:
        return None
    message = (
        f"« {wrong[0]} » mêle deux encodages : le fichier réunit sans doute un export UTF-8 et un export Windows, et "
        "un même bassin y aurait deux noms. Enregistrez chaque export en « CSV UTF-8 » avant de les réunir, ou "
        "employez des codes sans accent, par exemple B1."
    )
    return Problem("encodages_meles", message, column, values=tuple(wrong[:5]), count=len(wrong))


def _garbled(header: Sequence[str]) -> Problem:
    wrong = next(name for name in header if _GARBLED in name)
    return Problem(
        "encodages_meles",
        f"l’en-tête « {wrong} » est mal décodé : le fichier mêle sans doute deux encodages. Enregistrez chaque "
        "export en « CSV UTF-8 » avant de les réunir.",
        lines=(1,),
    )


def _missing(role: str, simple: dict[str, str], header: Sequence[str]) -> Problem:
    seen = ", ".join(f"« {name} »" for name in header[:10] if name) or "aucune"
    bare = next((simple[name] for name in _NO_UNIT.get(role, ()) if name in simple), None)
    if bare is not None and role == RAIN:
        message = (
            "le nom ne dit pas l’unité : intensité (mm/h) ou cumul sur le pas (mm) ? De l’une à l’autre, la pluie est "
            "multipliée par douze. Renommez la colonne « pluie_mm_h » ou « pluie_mm »."
        )
        return Problem("unite_absente", message, column=bare)
    if bare is not None:
        message = (
            "le nom ne dit pas l’unité : mètres cubes ou litres par seconde ? Certains services exportent en l/s. "
            "Renommez la colonne « debit_m3_s » ou « debit_l_s »."
        )
        return Problem("unite_absente", message, column=bare)
    level = next((simple[name] for name in _LEVELS if name in simple), None)
    if role == FLOW and level is not None:
        message = (
            f"il n’y a pas de débit, mais une hauteur (« {level} »). L’essai compare un débit à un seuil : "
            "convertissez la hauteur avec la courbe de tarage de la station, puis nommez la colonne « debit_m3_s »."
        )
        return Problem("colonne_manquante", message, column="debit_m3_s")
    named = {WHEN: "date_heure", RAIN: "pluie_mm_h", FLOW: "debit_m3_s"}[role]
    return Problem(
        "colonne_manquante", f"la colonne manque. Elle contient {_WHAT[role]}. Colonnes lues : {seen}.", named
    )


def _number(name: str, unit: str) -> Field:
    example = "12.5" if unit.startswith("mm") else "3.4"
    return Field(name, "number", unit=unit, example=example, constraints={"minimum": 0, "maximum": _BOUNDS[unit]})


def explain(problem: Problem, columns: Columns) -> str | None:
    """Dit ce qu’une valeur négative ou impossible signifie.

    Parameters
    ----------
    problem : Problem
        Problème relevé par la lecture.
    columns : Columns
        Colonnes reconnues.

    Returns
    -------
    str or None
        Phrase ; rien si le problème est d’un autre genre.
    """
    if problem.kind not in ("trop_petit", "trop_grand"):
        return None
    rain = problem.column == columns.names[RAIN]
    unit = columns.rain_unit if rain else columns.flow_unit
    bound = f"{_BOUNDS[unit]:,.0f}".replace(",", "\u202f")
    values = [value.strip() for value in problem.values]
    first = f"« {values[0]} »" if values else "la valeur"
    form = f"Attendu : entre 0 et {bound} {unit}, par exemple {'12.5' if rain else '3.4'}"
    if any(value.replace(",", ".").split(".")[0] in ("-999", "-9999", "-99", "99999") for value in values):
        return (
            f"{first} est sans doute le code d’une mesure absente. Gardé, il ferait un cumul absurde ; mis à zéro, il "
            f"dirait qu’il ne s’est rien passé. Remplacez-le par une case vide. {form}."
        )
    what = "une intensité de pluie" if rain and unit == "mm/h" else "un cumul de pluie" if rain else "un débit"
    if problem.kind == "trop_petit":
        return (
            f"{first} : {what} ne peut pas être négati{'ve' if rain and unit == 'mm/h' else 'f'}. C’est une dérive ou "
            f"une panne du capteur : corrigez la valeur, ou videz la case si elle est inconnue. {form}."
        )
    hint = {
        "mm/h": "une panne, un cumul écrit à la place d’une intensité, ou des dixièmes de millimètre",
        "mm": "une panne, un compteur jamais remis à zéro (il faut la pluie du pas, pas le cumul depuis le début), ou "
        "des dixièmes de millimètre",
        "m³/s": "une panne, ou des litres par seconde (nommez alors la colonne « debit_l_s »)",
        "l/s": "une panne, ou une autre unité",
    }[unit]
    return f"{first} est impossible : {hint}. Corrigez l’unité, ou videz la case. {form}."
