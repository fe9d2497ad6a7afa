"""Contrôler la forme d’une réponse : type, bornes, colonnes. La valeur n’est pas connue ici."""

import datetime as dt
import re

from formation.checks.plain import Plain
from formation.checks.spec import Expectation
from formation.checks.wording import KINDS, PLURALS, count, describe, plain_number, shorten

NOT_ANSWERED = (
    "Vous n’avez pas encore répondu : remplacez les trois points par votre réponse. Si c’est fait, votre cellule s’est "
    "arrêtée avant la fin : corrigez d’abord l’erreur qu’elle affiche."
)
_COMMA = re.compile(r"\s*[-+]?\d[\d  \u202f]*(,\d+)?\s*(%|[a-zA-Z€³/]*)\s*")
_ROUNDING = 1e-9
_ITERABLES = frozenset(
    f"builtins.{name}" for name in ("range", "dict_keys", "dict_values", "generator", "map", "filter")
)
_INDEX_LEFTOVERS = ("index", "level_0", "level_1", "Unnamed: 0")


def form_problem(exp: Expectation, plain: Plain) -> str | None:
    """Cherche ce qui ne va pas dans la forme d’une réponse.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle.
    plain : Plain
        Données simples de la réponse.

    Returns
    -------
    str or None
        Problème, en français, ou None si la forme convient.

    Examples
    --------
    >>> form_problem(Expectation("part", "nombre", minimum=0, maximum=1), 0.5)
    >>> "virgule" in form_problem(Expectation("part", "nombre"), "0,5")
    True
    """
    if type(plain) is dict and plain["genre"] == "vide":
        return NOT_ANSWERED
    if exp.type == "liste":
        return _list_problem(exp, plain)
    if exp.type == "tableau":
        return _table_problem(exp, plain)
    return _scalar_problem(exp, plain)


def _scalar_problem(exp: Expectation, plain: Plain) -> str | None:
    if type(plain) is dict and plain["genre"] in ("liste", "tableau", "dictionnaire"):
        return f"vous donnez {describe(plain)}, on attend {KINDS[exp.type]}.{_how_to_pick(exp, plain)}"
    match exp.type:
        case "nombre" | "entier":
            return _number_problem(exp, plain)
        case "booleen":
            if type(plain) is str and plain.strip().casefold() in ("true", "false", "vrai", "faux", "oui", "non"):
                return f"vous donnez {describe(plain)} : écrivez True ou False, sans guillemets."
            return None if type(plain) is bool else _wrong_kind(exp, plain)
        case "choix":
            return _choice_problem(exp, plain)
        case "date":
            return None if _is_date(plain) else _wrong_kind(exp, plain)
        case _:
            if type(plain) is str and not plain.strip():
                return "votre texte est vide."
            return None if type(plain) is str else f"{_wrong_kind(exp, plain)}{_how_to_text(plain)}"


def _how_to_text(plain: Plain) -> str:
    if type(plain) is dict and (plain["genre"] == "date" or describe(plain) == "une heure"):
        pattern = "%H:%M" if "T" in plain.get("valeur", "T") else "%Y-%m-%d"
        return f' Une date ou une heure devient un texte avec .strftime("{pattern}").'
    return ""


def _wrong_kind(exp: Expectation, plain: Plain) -> str:
    return f"vous donnez {describe(plain)}, on attend {KINDS[exp.type]}."


def _is_date(plain: Plain) -> bool:
    if type(plain) is str:
        return _is_iso_day(plain)
    return type(plain) is dict and plain["genre"] == "date"


def _is_iso_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None


def _how_to_pick(exp: Expectation, plain: Plain) -> str:
    pair = plain["genre"] == "liste" and plain["de"] == "tuple" and len(plain["valeurs"]) == 2
    if pair and exp.type == "nombre":
        return " Pour un nombre décimal, Python veut un point : 612.4 et non 612,4."
    if plain["genre"] == "liste" and len(plain["valeurs"]) == 1:
        tip = {"Series": ".iloc[0]", "ndarray": ".item()"}.get(plain["de"], "[0]")
        return f" Prenez la valeur elle-même, par exemple avec {tip}."
    if plain["genre"] == "tableau":
        return ' Choisissez une ligne et une colonne, par exemple avec .loc[ligne, "colonne"].'
    return ""


def _number_problem(exp: Expectation, plain: Plain) -> str | None:
    if type(plain) is str:
        return _text_for_number(exp, plain)
    if type(plain) is bool:
        return f"vous donnez {describe(plain)} : une valeur logique n’est pas un nombre."
    if type(plain) is dict and plain["genre"] == "non_fini":
        return f"vous donnez {describe(plain)} : cherchez une division par zéro ou une case vide dans le calcul."
    if type(plain) is float and exp.type == "entier":
        tip = " : écrivez-le avec int(…)." if plain.is_integer() else ", ce n’est pas un nombre entier."
        return f"vous donnez {describe(plain)}{tip}"
    if type(plain) not in (int, float):
        return f"{_wrong_kind(exp, plain)}{_how_to_number(plain)}"
    return _range_problem(exp, plain)


def _how_to_number(plain: Plain) -> str:
    if describe(plain) == "une durée":
        return " Une durée devient un nombre avec .days, ou divisée par pd.Timedelta(hours=1)."
    return ""


def _range_problem(exp: Expectation, value: float) -> str | None:
    if exp.is_share and 1 + _ROUNDING < value <= 100:
        share = f"{value / 100:.6g}"
        return (
            f"vous donnez {describe(value)} : on attend une part entre 0 et 1. Si {value:g} est un pourcentage, "
            f"écrivez {share} ; si c’est un compte, divisez-le par le total ; si c’est un quotient, vérifiez son sens."
        )
    # un calcul juste peut dépasser sa borne du dernier chiffre binaire
    too_low = exp.minimum is not None and value < exp.minimum - _ROUNDING
    too_high = exp.maximum is not None and value > exp.maximum + _ROUNDING
    if not (too_low or too_high):
        return None
    bound = f"au moins {plain_number(exp.minimum or 0)}" if too_low else f"au plus {plain_number(exp.maximum or 0)}"
    unit = f" Vérifiez l’unité : {exp.unite}." if exp.unite else ""
    return f"vous donnez {describe(value)}, hors des valeurs vraisemblables : {bound}.{unit}"


def _text_for_number(exp: Expectation, text: str) -> str:
    if "%" in text:
        tip = "74 % s’écrit 0.74." if exp.is_share else "74 % s’écrit 74." if "%" in exp.unite else ""
        return f'vous donnez le texte "{shorten(text)}" : écrivez un nombre, sans guillemets ni %. {tip}'.rstrip()
    if _COMMA.fullmatch(text) and "," in text:
        dotted = re.sub(r"[^\d.\-]", "", text.replace(",", "."))
        return (
            f'vous donnez le texte "{shorten(text)}" : Python écrit la virgule décimale avec un point, '
            f"sans guillemets. Écrivez {dotted}"
        )
    return f'vous donnez le texte "{shorten(text)}" : écrivez un nombre, sans guillemets.'


def _choice_problem(exp: Expectation, plain: Plain) -> str | None:
    if type(plain) is not str:
        return f"vous donnez {describe(plain)}, on attend une clé entre guillemets."
    if plain in exp.options:
        return None
    folded = plain.strip().strip(".)").casefold()
    for key, label in exp.options.items():
        if folded in (key.casefold(), label.strip().casefold()):
            return f'vous donnez le texte "{shorten(plain)}" : écrivez exactement "{key}".'
    return f'vous donnez le texte "{shorten(plain)}", qui n’est pas une des réponses proposées.'


def _list_problem(exp: Expectation, plain: Plain) -> str | None:
    if type(plain) is not dict or plain["genre"] != "liste":
        return f"vous donnez {describe(plain)}, on attend une liste, entre crochets.{_how_to_list(plain)}"
    if "forme" in plain:
        return "vous donnez un tableau numpy qui n’a pas exactement une dimension, on attend une liste."
    if plain["de"] == "set" and exp.ordre:
        return "vous donnez un ensemble (set), qui n’a pas d’ordre ; on attend une liste ordonnée."
    values = plain["valeurs"]
    if not values and exp.taille != 0:
        return "votre liste est vide."
    if exp.taille is not None and len(values) != exp.taille:
        return (
            f"votre liste a {count(len(values), 'élément')}, on en attend {exp.taille}.{_split_decimals(exp, values)}"
        )
    inner = exp.items()
    for position, item in enumerate(values):
        problem = form_problem(inner, item)
        if problem is not None:
            return f"élément n° {position + 1} de la liste : {problem.removesuffix('.')}."
    if exp.element == "choix" and len(set(values)) < len(values):
        return "votre liste contient deux fois la même clé."
    return None


def _how_to_list(plain: Plain) -> str:
    iterable = type(plain) is dict and plain["genre"] == "autre" and plain["type"] in _ITERABLES
    return " Mettez-le dans list(…) pour en faire une liste." if iterable else ""


def _split_decimals(exp: Expectation, values: list[Plain]) -> str:
    extra = len(values) - (exp.taille or 0)
    whole = sum(type(value) is int for value in values)
    if exp.element == "nombre" and 0 < extra <= (exp.taille or 0) and whole >= 2 * extra:
        return " Pour un nombre décimal, Python veut un point : 0.5 et non 0,5."
    return ""


def _table_problem(exp: Expectation, plain: Plain) -> str | None:
    if type(plain) is not dict or plain["genre"] != "tableau":
        return f"vous donnez {describe(plain)}, on attend un tableau (DataFrame).{_to_table(plain)}"
    problem = _column_problem(exp, plain)
    if problem is not None:
        return problem
    if plain["nb_lignes"] == 0:
        return "votre tableau n’a aucune ligne."
    if exp.lignes is not None and plain["nb_lignes"] != exp.lignes:
        return f"votre tableau a {count(plain['nb_lignes'], 'ligne')}, on en attend {exp.lignes}."
    for name, kind in exp.colonnes.items():
        position = plain["colonnes"].index(name)
        problem = _cells_problem(exp, kind, plain["types"][position], [row[position] for row in plain["lignes"]])
        if problem is not None:
            return f"colonne « {name} » : {problem}"
    return None


def _to_table(plain: Plain) -> str:
    if type(plain) is not dict or plain["genre"] not in ("liste", "dictionnaire"):
        return ""
    if plain.get("de") == "Series":
        return " Une colonne devient un tableau avec .reset_index()."
    return " Mettez les valeurs dans pd.DataFrame(…)."


def _column_problem(exp: Expectation, plain: Plain) -> str | None:
    received = plain["colonnes"]
    missing = [name for name in exp.colonnes if name not in received]
    in_index = [name for name in missing if name in (plain["index"] or [])]
    if in_index:
        return f"la colonne « {in_index[0]} » est dans l’index du tableau : ajoutez .reset_index() à la fin."
    extra = [name for name in received if name not in exp.colonnes]
    if missing:
        wrong = "il manque " + ", ".join(f"« {name} »" for name in missing)
        return f"{wrong} dans les colonnes (reçu : {shorten(', '.join(received) or 'aucune', 100)})."
    if len(set(received)) < len(received):
        return "deux colonnes de votre tableau portent le même nom."
    if extra and extra[0] in _INDEX_LEFTOVERS:
        return f"l’ancien index est resté dans la colonne « {extra[0]} » : utilisez .reset_index(drop=True)."
    if extra:
        names = shorten(", ".join(f"« {name} »" for name in extra), 100)
        return f"colonnes en trop : {names}. Gardez seulement {', '.join(f'« {name} »' for name in exp.colonnes)}."
    return None


def _cells_problem(exp: Expectation, kind: str, dtype: str, cells: list[Plain]) -> str | None:
    empty = sum(cell is None for cell in cells)
    if empty and not exp.manquants:
        verb = "est vide" if empty == 1 else "sont vides"
        return f"{count(empty, 'case')} {verb}."
    whole = [type(cell) is float and cell.is_integer() for cell in cells]
    if kind == "entier" and all(whole) and not empty:
        return f"on attend des nombres entiers, la colonne est de type {dtype} : convertissez-la avec .astype(int)."
    inner = Expectation(nom=exp.nom, type=kind)
    for line, cell in enumerate(cells):
        # un compte devient décimal dès qu’une case manque : seule la valeur importe alors
        relaxed = int(cell) if kind == "entier" and type(cell) is float and cell.is_integer() and empty else cell
        problem = None if cell is None else form_problem(inner, relaxed)
        if problem is not None:
            return f"on attend des {PLURALS[kind]}, la colonne est de type {dtype}. Ligne {line} : {problem}"
    return None
