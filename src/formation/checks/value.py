"""Comparer la valeur d’une réponse, en données simples, avec la valeur attendue."""

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from formation.checks.form import form_problem
from formation.checks.plain import Plain
from formation.checks.spec import Expectation
from formation.checks.wording import count, describe

_RELATIVE = 1e-6
_ABSOLUTE = 1e-9
_SCALES = {
    100.0: "Votre réponse est cent fois trop grande : part ou pourcentage ?",
    0.01: "Votre réponse est cent fois trop petite : part ou pourcentage ?",
    1000.0: "Votre réponse est mille fois trop grande : vérifiez l’unité demandée.",
    0.001: "Votre réponse est mille fois trop petite : vérifiez l’unité demandée.",
    60.0: "Votre réponse est soixante fois trop grande : heures ou minutes ?",
    1 / 60: "Votre réponse est soixante fois trop petite : heures ou minutes ?",
    24.0: "Votre réponse est vingt-quatre fois trop grande : jours ou heures ?",
    1 / 24: "Votre réponse est vingt-quatre fois trop petite : jours ou heures ?",
    -1.0: "Votre réponse a la bonne grandeur mais le signe opposé.",
}


def same(exp: Expectation, received: Plain, expected: Plain) -> bool:
    """Dit si deux réponses en données simples sont égales, à la tolérance près.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle : type, tolérance, ordre, clé.
    received, expected : Plain
        Données simples, de la forme attendue.

    Returns
    -------
    bool

    Examples
    --------
    >>> same(Expectation("part", "nombre", tolerance=0.01), 0.5, 0.505)
    True
    """
    match exp.type:
        case "nombre" | "entier":
            return _close(exp, received, expected)
        case "texte":
            return received == expected if exp.exact else fold(received) == fold(expected)
        case "date":
            return _same_day(_date_text(received), _date_text(expected))
        case "liste":
            return _same_list(exp, received["valeurs"], expected["valeurs"])
        case "tableau":
            return table_problem(exp, received, expected) is None
        case _:
            return type(received) is type(expected) and received == expected


def fold(text: str) -> str:
    """Efface d’un texte la casse, les accents et les espaces superflus.

    Parameters
    ----------
    text : str
        Texte libre.

    Returns
    -------
    str

    Examples
    --------
    >>> fold("  Fonte  GRISÉE ")
    'fonte grisee'
    """
    decomposed = unicodedata.normalize("NFD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def _date_text(plain: Plain) -> str:
    return str(plain["valeur"] if type(plain) is dict else plain)


def _same_day(received: str, expected: str) -> bool:
    # à qui demande un jour, « le 9 avril à 10 h 15 » répond juste
    return received == expected or ("T" not in expected and received.split("T")[0] == expected)


def _close(exp: Expectation, received: Plain, expected: Plain) -> bool:
    if type(received) not in (int, float) or type(expected) not in (int, float):
        return False
    if exp.type == "entier" and exp.tolerance is None:
        return bool(received == expected)
    relative = exp.tolerance_relative
    if exp.tolerance is None and relative is None:
        relative = _RELATIVE
    margin = max(exp.tolerance or 0.0, (relative or 0.0) * abs(expected), _ABSOLUTE)
    # la borne de la tolérance est admise malgré l’arrondi binaire
    return math.isfinite(received) and abs(received - expected) <= margin * (1 + 1e-9)


def _same_list(exp: Expectation, received: list[Plain], expected: list[Plain]) -> bool:
    if len(received) != len(expected):
        return False
    inner = exp.items()
    if exp.ordre:
        return all(same(inner, a, b) for a, b in zip(received, expected, strict=True))
    left = list(expected)
    for item in received:
        match_at = next((i for i, other in enumerate(left) if same(inner, item, other)), None)
        if match_at is None:
            return False
        del left[match_at]
    return True


def table_problem(exp: Expectation, received: Plain, expected: Plain) -> str | None:
    """Cherche la première différence entre deux tableaux.

    Parameters
    ----------
    exp : Expectation
        Attente d’un tableau : colonnes, clé, tolérance.
    received, expected : Plain
        Tableaux en données simples.

    Returns
    -------
    str or None
        Différence, en français, sans la valeur attendue.
    """
    if received["nb_lignes"] != expected["nb_lignes"]:
        word = "trop" if received["nb_lignes"] > expected["nb_lignes"] else "trop peu"
        return f"votre tableau a {count(received['nb_lignes'], 'ligne')}, c’est {word}."
    ours, theirs = _ordered(exp, received), _ordered(exp, expected)
    if exp.cle:
        width = len(exp.cle)
        strangers = [row for row, other in zip(ours, theirs, strict=True) if row[:width] != other[:width]]
        if strangers:
            key = ", ".join(str(part) for part in strangers[0][:width])
            return f"la ligne {key} n’est pas attendue, ou est en double."
    names = _column_order(exp)
    for line, (row, other) in enumerate(zip(ours, theirs, strict=True)):
        for name, cell, target in zip(names, row, other, strict=True):
            inner = Expectation(
                exp.nom, exp.colonnes[name], tolerance=exp.tolerance, tolerance_relative=exp.tolerance_relative
            )
            if (cell is None) != (target is None) or (cell is not None and not same(inner, cell, target)):
                where = ", ".join(str(part) for part in row[: len(exp.cle)]) if exp.cle else f"n° {line}"
                return f"colonne « {name} », ligne {where} : {describe(cell)} n’est pas la valeur attendue."
    return None


def _column_order(exp: Expectation) -> list[str]:
    return [*exp.cle, *(name for name in exp.colonnes if name not in exp.cle)]


def _ordered(exp: Expectation, plain: Plain) -> list[list[Plain]]:
    positions = [plain["colonnes"].index(name) for name in _column_order(exp)]
    rows = [[row[position] for position in positions] for row in plain["lignes"]]
    for row in rows:
        for i, name in enumerate(_column_order(exp)):
            if exp.colonnes[name] == "date" and row[i] is not None:
                row[i] = _date_text(row[i])
    if exp.cle:
        rows.sort(key=lambda row: [(part is None, str(type(part)), part) for part in row[: len(exp.cle)]])
    return rows


def value_problem(exp: Expectation, received: Plain, hidden: Mapping[str, Any]) -> str | None:
    """Cherche pourquoi la valeur d’une réponse n’est pas la bonne.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle.
    received : Plain
        Réponse en données simples, de la bonne forme.
    hidden : mapping
        `valeur` attendue, `equivalents` admis et `pieges` (valeur, message).

    Returns
    -------
    str or None
        Explication sans la valeur attendue, ou None si la réponse est juste.
    """
    expected = hidden["valeur"]
    if any(same(exp, received, target) for target in (expected, *hidden.get("equivalents", ()))):
        return None
    traps = [trap for trap in hidden.get("pieges", ()) if form_problem(exp, trap["valeur"]) is None]
    fallen = [trap for trap in traps if _trapped(exp, received, trap["valeur"], expected)]
    if fallen:
        # deux pièges voisins : le plus proche dit la vraie faute
        numeric = exp.type in ("nombre", "entier")
        closest = min(fallen, key=lambda trap: abs(received - trap["valeur"])) if numeric else fallen[0]
        return str(closest["message"])
    if exp.type == "tableau":
        return table_problem(exp, received, expected)
    if exp.type == "liste":
        return _list_difference(exp, received["valeurs"], expected["valeurs"])
    what = describe(received)
    if exp.type in ("nombre", "entier"):
        return f"{what} n’est pas la valeur attendue.{_scale_hint(exp, received, expected)}"
    return f"{what} n’est pas la bonne réponse."


def _trapped(exp: Expectation, received: Plain, trap: Plain, expected: Plain) -> bool:
    if not same(exp, received, trap):
        return False
    # une tolérance large devant le piège lui attribuerait une erreur d’unité
    far = exp.type == "nombre" and trap and not math.isclose(received, trap, rel_tol=0.5)
    return not (far and _scale_hint(exp, received, expected))


def _scale_hint(exp: Expectation, received: float, expected: float) -> str:
    if not expected:
        return ""
    for factor, hint in _SCALES.items():
        if _close(exp, received / factor, expected) and math.isclose(received, expected * factor, rel_tol=0.02):
            return f" {hint}"
    if exp.is_share and _close(exp, 1 - received, expected):
        return " Vous donnez la part complémentaire."
    if _inverse(exp, received, expected):
        return " C’est l’inverse de la valeur attendue : la division est-elle dans le bon sens ?"
    if exp.type == "nombre" and _too_rounded(received, expected):
        return " Le résultat est proche : s’il est arrondi, donnez plus de décimales, ou le calcul lui-même."
    return ""


def _inverse(exp: Expectation, received: float, expected: float) -> bool:
    if not received or math.isclose(received, expected, rel_tol=0.1):
        return False
    return _close(exp, 1 / received, expected) and math.isclose(received * expected, 1, rel_tol=0.02)


def _too_rounded(received: float, expected: float) -> bool:
    digits = next((digits for digits in range(7) if round(received, digits) == received), None)
    if digits is None or not received:
        return False
    near = abs(received - expected) <= min(0.05 * abs(expected), 10.0**-digits)
    return near or received == round(expected, digits)


def _list_difference(exp: Expectation, received: list[Plain], expected: list[Plain]) -> str:
    if len(received) != len(expected):
        word = "trop" if len(received) > len(expected) else "trop peu"
        return f"votre liste a {count(len(received), 'élément')}, c’est {word}."
    if exp.ordre:
        inner = exp.items()
        wrong = next(i for i, (a, b) in enumerate(zip(received, expected, strict=True)) if not same(inner, a, b))
        numbers = exp.element in ("nombre", "entier")
        hint = _scale_hint(inner, received[wrong], expected[wrong]) if numbers else ""
        return f"l’élément n° {wrong + 1} de la liste n’est pas celui attendu.{hint}"
    return "un élément au moins de la liste n’est pas attendu."
