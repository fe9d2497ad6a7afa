"""Relire sans confiance des données simples venues du processus d’un stagiaire."""

import math
import re
from collections.abc import Callable
from typing import Any

from formation.checks.plain import MAX_CELLS, MAX_DEPTH, MAX_INT, MAX_ITEMS, MAX_TEXT

MAX_NODES = 1_000_000
_MAX_AXES = 64
_DATE = re.compile(r"-?[0-9]{4,6}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,18}([+-][0-9:.]{5,15})?)?")


def sound(plain: object) -> bool:
    """Dit si des données reçues d’un autre processus auraient pu être rendues par `to_plain`.

    Parameters
    ----------
    plain : object
        Données JSON non vérifiées.

    Returns
    -------
    bool
        Faux si un genre, une clé, un type, une taille ou une imbrication n’est pas de la grammaire.

    Examples
    --------
    >>> sound({"genre": "liste", "de": "list", "valeurs": [1, True]})
    True
    >>> sound({"genre": "liste", "de": "list"}) or sound(float("nan"))
    False
    """
    return _Grammar().accepts(plain, 0)


class _Grammar:
    """Relecture bornée d’une donnée simple."""

    def __init__(self) -> None:
        self._left = MAX_NODES

    def accepts(self, plain: object, depth: int) -> bool:
        self._left -= 1
        kind = type(plain)
        if self._left < 0:
            return False
        if plain is None or kind is bool:
            return True
        if kind is int:
            return abs(plain) <= MAX_INT  # type: ignore[arg-type]
        if kind is float:
            return math.isfinite(plain)  # type: ignore[arg-type]
        if kind is str:
            return _text(plain, MAX_TEXT)
        return kind is dict and self._tagged(plain, depth)  # type: ignore[arg-type]

    def _tagged(self, plain: dict[Any, Any], depth: int) -> bool:
        genre = plain.get("genre")
        if type(genre) is not str or frozenset(plain) - {"forme"} != _KEYS.get(genre):
            return False
        if genre in _LEAVES:
            return "forme" not in plain and _LEAVES[genre](plain)
        if depth >= MAX_DEPTH or ("forme" in plain and genre != "liste"):
            return False
        match genre:
            case "liste":
                return self._list(plain, depth + 1)
            case "dictionnaire":
                pairs = plain["paires"]
                return _sized(pairs, MAX_ITEMS) and all(
                    type(pair) is list and len(pair) == 2 and self._all(pair, depth + 1) for pair in pairs
                )
            case _:
                return self._table(plain, depth + 1)

    def _all(self, values: list[object], depth: int) -> bool:
        return all(self.accepts(value, depth) for value in values)

    def _list(self, plain: dict[str, Any], depth: int) -> bool:
        origin, values = plain["de"], plain["valeurs"]
        if type(origin) is not str or origin not in _ORIGINS or not _sized(values, MAX_ITEMS):
            return False
        if "forme" in plain:
            shape = plain["forme"]
            known = origin == "ndarray" and _sized(shape, _MAX_AXES) and all(map(_natural, shape))
            if not known or len(shape) == 1 or math.prod(shape) != len(values):
                return False
        return self._all(values, depth)

    def _table(self, plain: dict[str, Any], depth: int) -> bool:
        columns, types, index, rows = plain["colonnes"], plain["types"], plain["index"], plain["lignes"]
        if not (_sized(columns, MAX_ITEMS) and _sized(types, MAX_ITEMS) and _sized(rows, MAX_ITEMS)):
            return False
        named = index is None or (_sized(index, MAX_ITEMS) and all(n is None or _text(n, MAX_TEXT) for n in index))
        labels = all(_text(text, MAX_TEXT) for text in [*columns, *types])
        # un tableau sans colonne n’a pas de lignes à donner
        counted = _natural(plain["nb_lignes"]) and (plain["nb_lignes"] == len(rows) or not columns)
        counted = counted and len(types) == len(columns)
        if not (named and labels and counted) or len(rows) * len(columns) > MAX_CELLS:
            return False
        return all(type(row) is list and len(row) == len(columns) and self._all(row, depth) for row in rows)


def _text(value: object, limit: int) -> bool:
    if type(value) is not str or len(value) > limit:
        return False
    # un caractère isolé d’une paire UTF-16 ne s’écrit dans aucun fichier
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _natural(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_INT


def _sized(value: object, limit: int) -> bool:
    return type(value) is list and len(value) <= limit


_ORIGINS = frozenset({"list", "tuple", "set", "ndarray", "Series", "Index"})
_KEYS: dict[str, frozenset[str]] = {
    "vide": frozenset({"genre"}),
    "manquant": frozenset({"genre"}),
    "fonction": frozenset({"genre"}),
    "date": frozenset({"genre", "valeur"}),
    "non_fini": frozenset({"genre", "valeur"}),
    "autre": frozenset({"genre", "type"}),
    "trop_grand": frozenset({"genre", "quoi", "taille", "limite"}),
    "liste": frozenset({"genre", "de", "valeurs"}),
    "dictionnaire": frozenset({"genre", "paires"}),
    "tableau": frozenset({"genre", "colonnes", "types", "index", "lignes", "nb_lignes"}),
}
_LEAVES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "vide": lambda _plain: True,
    "manquant": lambda _plain: True,
    "fonction": lambda _plain: True,
    "date": lambda plain: _text(plain["valeur"], 64) and _DATE.fullmatch(plain["valeur"]) is not None,
    "non_fini": lambda plain: type(plain["valeur"]) is str and plain["valeur"] in ("nan", "inf", "-inf"),
    "autre": lambda plain: _text(plain["type"], 80),
    "trop_grand": lambda plain: _text(plain["quoi"], 80) and _natural(plain["taille"]) and _natural(plain["limite"]),
}
