"""Reconnaître les contrôles que l’on peut juger hors du processus du stagiaire."""

import ast
import json
from typing import Any

from formation.checks.spec import from_mapping
from formation.classroom.grading.types import ValueCheck

BEGIN_HIDDEN = "### BEGIN HIDDEN TESTS"
END_HIDDEN = "### END HIDDEN TESTS"
_VERBS = {"expect": False, "expect_function": True}


def find_check(source: str, public: str) -> ValueCheck | None:
    r"""Lit une cellule de contrôle, à condition qu’elle ne fasse rien d’autre.

    Forme reconnue, à la ligne près : `checks.expect("nom", variable)` ou `checks.expect_function("nom", variable)`,
    puis, entre les marqueurs de nbgrader, `checks.compare("nom", variable, '<json>')` pour le même nom et la même
    variable. Toute autre cellule est un test ordinaire, à exécuter.

    Parameters
    ----------
    source : str
        Cellule du carnet de notes, partie cachée comprise.
    public : str
        La même cellule dans la copie vierge.

    Returns
    -------
    ValueCheck or None
        None si la cellule n’a pas exactement cette forme.

    Examples
    --------
    >>> hidden = '{"attente": {"type": "entier"}, "valeur": 3}'
    >>> cell = f"checks.expect('n', x)\n{BEGIN_HIDDEN}\nchecks.compare('n', x, {hidden!r})\n{END_HIDDEN}"
    >>> find_check(cell, "checks.expect('n', x)").variable
    'x'
    >>> find_check("assert x == 3", "assert x == 3") is None
    True
    """
    lines = source.strip().splitlines()
    marked = len(lines) == 4 and lines[1].strip() == BEGIN_HIDDEN and lines[3].strip() == END_HIDDEN
    if not marked or lines[0].strip() != public.strip():
        return None
    shown, compared = _call(lines[0], _VERBS, 2), _call(lines[2], ("compare",), 3)
    if shown is None or compared is None or shown[1:3] != compared[1:3]:
        return None
    hidden = _hidden(compared[3], shown[1])
    if hidden is None:
        return None
    function = _VERBS[shown[0]]
    if (hidden["attente"]["type"] == "fonction") != function or ("cas" if function else "valeur") not in hidden:
        return None
    return ValueCheck(shown[1], shown[2], function, hidden)


def _call(line: str, verbs: Any, arity: int) -> list[str] | None:
    """Verbe, nom, variable et, s’il y en a un, texte caché d’un appel `checks.verbe(…)`."""
    try:
        body = ast.parse(line.strip()).body
    except (SyntaxError, ValueError):
        return None
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) != arity:
        return None
    target = call.func
    if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "checks"):
        return None
    name, variable, *literal = call.args
    texts = [arg.value for arg in (name, *literal) if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if target.attr not in verbs or not isinstance(variable, ast.Name) or len(texts) != arity - 1:
        return None
    return [target.attr, texts[0], variable.id, *texts[1:]]


def _hidden(text: str, name: str) -> dict[str, Any] | None:
    try:
        hidden = json.loads(text)
        from_mapping({**hidden["attente"], "nom": name})
    except (ValueError, KeyError, TypeError):
        return None
    return hidden if isinstance(hidden["attente"].get("type"), str) else None
