"""Refaire dans l’ouvrier ce qu’un enfant prétend avoir produit : types d’une liste fermée, tailles bornées."""

import math
from collections.abc import Callable
from typing import Any

from formation.classroom.grading.protocol import ProtocolError
from formation.classroom.grading.types import Json

MAX_OUTPUTS = 501
_TEXTS = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
)
_SIZES = ("width", "height")
_MAX_DEPTH = 12


def rebuild_outputs(raw: Any) -> list[Json]:
    """Refait les sorties d’une cellule.

    Les types `text/html` et `image/svg+xml` sont gardés comme données : ils viennent du stagiaire et peuvent contenir
    du code. Aucune page qui lui est rendue, ni aucun rapport, ne doit les afficher.

    Parameters
    ----------
    raw : object
        Sorties reçues de l’enfant.

    Returns
    -------
    list of dict
        Sorties au format nbformat 4.

    Raises
    ------
    ProtocolError
        Si leur forme n’est pas celle d’un enfant honnête.
    """
    items = _list(raw, MAX_OUTPUTS)
    return [_KINDS.get(_text(_dict(one).get("output_type"), 40), _unknown)(one) for one in items]


def _unknown(raw: Json) -> Json:
    raise ProtocolError(f"sortie d’un type inconnu : {str(raw.get('output_type'))[:40]}")


def _stream(raw: Json) -> Json:
    if raw.get("name") not in ("stdout", "stderr"):
        raise ProtocolError("flux inconnu")
    return {"output_type": "stream", "name": raw["name"], "text": _text(raw.get("text"))}


def _error(raw: Json) -> Json:
    return {
        "output_type": "error",
        "ename": _text(raw.get("ename"), 200),
        "evalue": _text(raw.get("evalue"), 20_000),
        "traceback": [_text(line, 20_000) for line in _list(raw.get("traceback"), 100)],
    }


def _display(raw: Json) -> Json:
    data = {kind: _text(value) for kind, value in _dict(raw.get("data")).items() if kind in _TEXTS}
    if not data:
        data = {"text/plain": ""}
    metadata: Json = {}
    for kind, about in _dict(raw.get("metadata")).items():
        if kind in data and type(about) is dict:
            metadata[kind] = {key: about[key] for key in _SIZES if type(about.get(key)) in (int, float)}
        elif kind == "needs_background" and about in ("light", "dark"):
            metadata[kind] = about
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def _result(raw: Json) -> Json:
    count = raw.get("execution_count")
    if type(count) is not int or not 0 <= count < 1_000_000:
        raise ProtocolError("numéro de cellule impossible")
    return {**_display(raw), "output_type": "execute_result", "execution_count": count}


_KINDS: dict[str, Callable[[Json], Json]] = {
    "stream": _stream,
    "error": _error,
    "display_data": _display,
    "execute_result": _result,
}


def _text(value: Any, limit: int | None = None) -> str:
    if type(value) is not str or (limit is not None and len(value) > limit):
        raise ProtocolError("texte attendu, ou trop long")
    # ni demi-caractère, que rien ne sait écrire, ni caractère nul, que PostgreSQL refuse
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _list(value: Any, limit: int) -> list[Any]:
    if type(value) is not list or len(value) > limit:
        raise ProtocolError("liste attendue, ou trop longue")
    return value


def _dict(value: Any) -> Json:
    if type(value) is not dict:
        raise ProtocolError("dictionnaire attendu")
    return value


def rebuild_plain(raw: Any) -> Any:
    """Refait une donnée simple exportée par un enfant (voir `formation.checks.to_plain`).

    Parameters
    ----------
    raw : object
        Donnée reçue.

    Returns
    -------
    Plain
        Même donnée, de forme garantie.

    Raises
    ------
    ProtocolError
        Si la forme n’est pas celle que produit `to_plain`.
    """
    return _plain(raw, 0)


def _plain(raw: Any, depth: int) -> Any:
    if raw is None or type(raw) is bool:
        return raw
    if type(raw) is int:
        if abs(raw) > 10**18:
            raise ProtocolError("entier trop grand")
        return raw
    if type(raw) is float:
        if not math.isfinite(raw):
            raise ProtocolError("nombre non fini")
        return raw
    if type(raw) is str:
        return _text(raw, 10_000)
    if depth > _MAX_DEPTH:
        raise ProtocolError("imbrication trop profonde")
    return _GENRES.get(_text(_dict(raw).get("genre"), 20), _refused)(raw, depth + 1)


def _refused(raw: Json, _depth: int) -> Json:
    raise ProtocolError(f"genre inconnu : {str(raw.get('genre'))[:20]}")


def _bare(raw: Json, _depth: int) -> Json:
    return {"genre": raw["genre"]}


def _named(key: str, limit: int) -> Callable[[Json, int], Json]:
    return lambda raw, _depth: {"genre": raw["genre"], key: _text(raw.get(key), limit)}


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 10**18:
        raise ProtocolError("taille impossible")
    return value


def _oversized(raw: Json, _depth: int) -> Json:
    size, limit = _count(raw.get("taille")), _count(raw.get("limite"))
    return {"genre": "trop_grand", "quoi": _text(raw.get("quoi"), 40), "taille": size, "limite": limit}


def _non_finite(raw: Json, _depth: int) -> Json:
    if raw.get("valeur") not in ("nan", "inf", "-inf"):
        raise ProtocolError("valeur non finie inconnue")
    return {"genre": "non_fini", "valeur": raw["valeur"]}


def _items(raw: Json, depth: int) -> Json:
    values = [_plain(item, depth) for item in _list(raw.get("valeurs"), 10_000)]
    plain = {"genre": "liste", "de": _text(raw.get("de"), 20), "valeurs": values}
    if "forme" in raw:
        plain["forme"] = [_count(size) for size in _list(raw["forme"], 64)]
        if math.prod(plain["forme"]) != len(values):
            raise ProtocolError("forme impossible")
    return plain


def _pairs(raw: Json, depth: int) -> Json:
    pairs = [_list(pair, 2) for pair in _list(raw.get("paires"), 10_000)]
    if any(len(pair) != 2 for pair in pairs):
        raise ProtocolError("paire incomplète")
    return {"genre": "dictionnaire", "paires": [[_plain(one, depth) for one in pair] for pair in pairs]}


def _frame(raw: Json, depth: int) -> Json:
    columns = [_text(name, 10_000) for name in _list(raw.get("colonnes"), 100_000)]
    types = [_text(name, 200) for name in _list(raw.get("types"), 100_000)]
    rows = [[_plain(cell, depth) for cell in _list(row, len(columns))] for row in _list(raw.get("lignes"), 10_000)]
    if len(types) != len(columns) or any(len(row) != len(columns) for row in rows):
        raise ProtocolError("tableau de travers")
    index = raw.get("index")
    if index is not None:
        index = [None if name is None else _text(name, 10_000) for name in _list(index, 100)]
    count = _count(raw.get("nb_lignes"))
    if columns and count != len(rows):
        raise ProtocolError("nombre de lignes faux")
    return {
        "genre": "tableau",
        "colonnes": columns,
        "types": types,
        "index": index,
        "lignes": rows,
        "nb_lignes": count,
    }


_GENRES: dict[str, Callable[[Json, int], Json]] = {
    "vide": _bare,
    "manquant": _bare,
    "fonction": _bare,
    "autre": _named("type", 100),
    "date": _named("valeur", 40),
    "non_fini": _non_finite,
    "trop_grand": _oversized,
    "liste": _items,
    "dictionnaire": _pairs,
    "tableau": _frame,
}


def rebuild_results(raw: Any, count: int) -> list[Json]:
    """Refait les résultats des appels d’une fonction.

    Parameters
    ----------
    raw : object
        Résultats reçus.
    count : int
        Nombre d’appels demandés.

    Returns
    -------
    list of dict
        `{"valeur": …}` ou `{"probleme": …}` par appel, ou un seul problème pour tous.

    Raises
    ------
    ProtocolError
        Si leur forme n’est pas celle de `formation.checks.call_cases`.
    """
    results = [_call(one) for one in _list(raw, max(count, 1))]
    if len(results) != count and not (len(results) == 1 and "probleme" in results[0]):
        raise ProtocolError("nombre de résultats faux")
    return results


def _call(raw: Any) -> Json:
    result = _dict(raw)
    if set(result) == {"valeur"}:
        return {"valeur": rebuild_plain(result["valeur"])}
    if set(result) == {"probleme"}:
        return {"probleme": _text(result["probleme"], 5_000)}
    raise ProtocolError("résultat d’appel illisible")
