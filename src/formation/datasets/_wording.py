"""Les phrases des problèmes : constat, forme attendue, exemple, suite à donner."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np

from formation.datasets._columns import padded
from formation.datasets.schema import Field
from formation.letters import without_accents
from formation.numbers import shortest

NBSP = "\u00a0"

# Du plus important au moins important : l’ordre d’affichage.
ORDER = (
    "colonne_manquante",
    "colonne_en_double",
    "cases_en_trop",
    "doublon",
    "zeros_perdus",
    "date_en_nombre",
    "date_americaine",
    "date_incomplete",
    "date_annee_courte",
    "date_invalide",
    "nombre_ambigu",
    "unite_dans_la_case",
    "pas_un_nombre",
    "pas_un_entier",
    "pas_un_booleen",
    "format_invalide",
    "unite_douteuse",
    "trop_petit",
    "trop_grand",
    "date_trop_tot",
    "date_trop_tard",
    "categorie_inconnue",
    "case_vide",
    "reference_inconnue",
)

# unité attendue : (facteur vers l’unité attendue, unité sans doute employée)
_UNITS: dict[str, tuple[tuple[float, str], ...]] = {
    "m": ((1000, "des kilomètres"), (0.001, "des millimètres"), (0.01, "des centimètres")),
    "km": ((0.001, "des mètres"),),
    "mm": ((10, "des centimètres"), (1000, "des mètres"), (25.4, "des pouces")),
    "km²": ((0.01, "des hectares"), (1e-6, "des mètres carrés")),
    "bar": ((0.0980665, "des mètres de colonne d’eau"), (1e-5, "des pascals"), (0.01, "des kilopascals")),
    "m³/h": ((3.6, "des litres par seconde"), (0.001, "des litres par heure"), (1 / 24, "des mètres cubes par jour")),
    "m³/j": ((24, "des mètres cubes par heure"), (0.001, "des litres par jour"), (86.4, "des litres par seconde")),
    "m³": ((0.001, "des litres"), (1000, "des milliers de mètres cubes")),
    "part (0 à 1)": ((0.01, "un pourcentage"),),
    "°C": ((1, ""),),
}
_LONG_UNITS = {
    "m": "des mètres",
    "km": "des kilomètres",
    "mm": "des millimètres",
    "km²": "des kilomètres carrés",
    "bar": "des bars",
    "m³/h": "des mètres cubes par heure",
    "m³/j": "des mètres cubes par jour",
    "m³": "des mètres cubes",
    "part (0 à 1)": "une part entre 0 et 1",
}
_EMPTY_WORDS = {"na", "n/a", "nan", "nc", "n.c.", "nd", "n.d.", "null", "none", "inconnu", "inconnue", "-", "?", "#n/a"}


def quote(values: Sequence[str], limit: int = 3) -> str:
    """Valeurs entre guillemets, sans répétition.

    Examples
    --------
    >>> quote(["a", "a", "b"])
    '« a », « b »'
    """
    distinct = list(dict.fromkeys(values))
    cut = [value if len(value) <= 40 else value[:37] + "…" for value in distinct[:limit]]
    more = "…" if len(distinct) > limit else ""
    return ", ".join(f"« {value} »" for value in cut) + more


def _subject(values: Sequence[str]) -> str:
    """Première valeur, puis les autres entre parenthèses : le verbe reste au singulier."""
    distinct = list(dict.fromkeys(values))
    others = f" (de même : {quote(distinct[1:])})" if len(distinct) > 1 else ""
    return quote(distinct[:1]) + others


def expected(field: Field) -> str:
    """Forme attendue d’une colonne, avec un exemple."""
    example = f", par exemple {field.example}" if field.example else ""
    match field.type:
        case "date":
            form = "AAAA-MM-JJ (ou JJ/MM/AAAA)"
        case "integer":
            form = "un nombre entier"
        case "number":
            form = "un nombre"
        case "boolean":
            form = "0 ou 1"
        case _:
            form = "un texte"
    return f"Attendu : {form}{_in_unit(field)}{example}."


def _in_unit(field: Field) -> str:
    if not field.unit or field.type not in ("integer", "number"):
        return ""
    return " entre 0 et 1" if field.unit.endswith("(0 à 1)") else f", en {field.unit}"


def _if_empty(field: Field) -> str:
    return "" if field.required else " Laissez la case vide si la valeur est inconnue."


def describe(kind: str, field: Field, values: Sequence[str], numbers: Sequence[float] = ()) -> str:
    """Phrase complète pour un genre de problème.

    Parameters
    ----------
    kind : str
        Genre, l’un de `ORDER`.
    field : Field
        Colonne du schéma.
    values : sequence of str
        Premières valeurs refusées, telles que lues.
    numbers : sequence of float
        Les mêmes, en nombres, pour deviner une erreur d’unité.
    """
    read = _subject(values)
    if kind in _SIMPLE:
        return f"{read} {_SIMPLE[kind]} {expected(field)}{_if_empty(field)}"
    match kind:
        case "zeros_perdus":
            return (
                f"{read} a perdu ses zéros de tête : attendu « {padded(values[0].strip(), field)} ». Un tableur "
                "transforme 00001 en 1, et la jointure perd toutes ses lignes. Refaites l’export avec cette colonne "
                "au format texte (à l’import du CSV, choisissez le type « Texte »)."
            )
        case "date_en_nombre":
            return (
                f"{read} est le numéro d’ordre d’un jour dans un tableur, pas une date. Mettez la colonne au format "
                f"date dans le tableur, puis refaites l’export. {expected(field)}"
            )
        case "format_invalide":
            return f"{read} n’a pas la forme attendue. Exemple correct : {field.example}.{_if_empty(field)}"
        case "trop_petit" | "trop_grand":
            return _out_of_range(kind, field, values, numbers)
        case "date_trop_tot" | "date_trop_tard":
            bound = field.constraints["minimum" if kind == "date_trop_tot" else "maximum"]
            side = "avant" if kind == "date_trop_tot" else "après"
            return (
                f"{read} est {side} le {bound}, borne acceptée pour cette colonne. Vérifiez l’année.{_if_empty(field)}"
            )
        case "categorie_inconnue":
            return _unknown_category(field, values)
        case "case_vide":
            return f"la case est vide alors que la valeur est obligatoire. {expected(field)}"
    raise ValueError(kind)


_SIMPLE = {
    "date_americaine": "met le mois avant le jour.",
    "date_incomplete": "n’est pas une date complète.",
    "date_annee_courte": "n’a que deux chiffres d’année : 24 peut être 1924 ou 2024.",
    "date_invalide": "n’est pas une date.",
    "nombre_ambigu": "peut se lire de deux façons (milliers ou décimales ?). Retirez le séparateur de milliers.",
    "unite_dans_la_case": "mêle un nombre et une unité. Gardez le nombre seul : l’unité est dans le nom de la colonne.",
    "pas_un_nombre": "n’est pas un nombre.",
    "pas_un_entier": "n’est pas un nombre entier.",
    "pas_un_booleen": "n’est ni oui ni non.",
}


def _out_of_range(kind: str, field: Field, values: Sequence[str], numbers: Sequence[float]) -> str:
    low, high = field.constraints.get("minimum"), field.constraints.get("maximum")
    if low is not None and high is not None:
        range_text = f"entre {shortest(low)} et {shortest(high)}"
    elif low is not None:
        range_text = f"au moins {shortest(low)}"
    else:
        range_text = f"au plus {shortest(float(high or 0))}"
    side = "trop petit" if kind == "trop_petit" else "trop grand"
    unit = f" {field.unit}" if field.unit and not field.unit.startswith(("part", "indice", "0 ou")) else ""
    hint = unit_hint(field, numbers)
    advice = hint or f" Vérifiez la saisie et l’unité.{_if_empty(field)}"
    return f"{_subject(values)} est {side}. Attendu : {range_text}{unit}, par exemple {field.example}.{advice}"


def unit_hint(field: Field, numbers: Sequence[float], low: float | None = None, high: float | None = None) -> str:
    """Devine l’unité employée quand toutes les valeurs refusées redeviennent plausibles une fois converties."""
    low = field.constraints.get("minimum", -np.inf) if low is None else low
    high = field.constraints.get("maximum", np.inf) if high is None else high
    values = np.asarray([number for number in numbers if np.isfinite(number) and number != 0])
    if not len(values):
        return ""
    for factor, unit in _UNITS.get(field.unit, ()):
        converted = values * factor
        if factor != 1 and bool(((converted >= low) & (converted <= high)).all()):
            wanted = _LONG_UNITS.get(field.unit, field.unit)
            first = shortest(float(values[0]))
            return (
                f" {first} : {unit} ? attendu {wanted}. Si c’est le cas, multipliez la colonne par {shortest(factor)}."
            )
    return ""


def simplify(name: str) -> str:
    """Nom sans accent, sans casse, mots joints par un tiret bas.

    Parameters
    ----------
    name : str
        Nom lu.

    Returns
    -------
    str
        Nom simplifié, vide s’il n’a ni lettre ni chiffre.

    Examples
    --------
    >>> simplify(" Énoncé "), simplify("Texte transcrit"), simplify("PE-HD 100")
    ('enonce', 'texte_transcrit', 'pe_hd_100')
    """
    plain = without_accents(name.lower())
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())


def doubtful_unit(field: Field, median: float) -> str:
    """Phrase pour une colonne dont la valeur du milieu ne ressemble pas à l’unité attendue."""
    low, high = field.median or (0.0, 0.0)
    example = f", par exemple {field.example}" if field.example else ""
    return (
        f"la valeur du milieu (médiane) est {shortest(median)}. Attendu{NBSP}: une médiane entre "
        f"{shortest(low)} et {shortest(high)} {field.unit}{example}."
        f"{unit_hint(field, [median], low, high) or ' Vérifiez l’unité de toute la colonne.'}"
    )


def _unknown_category(field: Field, values: Sequence[str]) -> str:
    allowed = [str(item) for item in field.constraints["enum"]]
    simple = {simplify(item): item for item in allowed}
    hints = []
    for value in dict.fromkeys(values):
        close = get_close_matches(simplify(value), list(simple), n=1, cutoff=0.6)
        if close:
            hints.append(f"« {value} » est sans doute « {simple[close[0]]} »")
    empty = ""
    if any(value.strip().lower() in _EMPTY_WORDS for value in values):
        empty = _if_empty(field)
    proposal = f" {' ; '.join(hints)}." if hints else ""
    return f"{_subject(values)} n’est pas dans la liste. Valeurs acceptées : {', '.join(allowed)}.{proposal}{empty}"
