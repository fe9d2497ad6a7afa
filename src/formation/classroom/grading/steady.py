"""Dit si une fonction du stagiaire peut être appelée une fois de plus sans rien changer à la suite du carnet."""

import ast
from collections.abc import Iterable, Sequence

from formation.classroom.grading.names import bound, parse

_MUTATORS: frozenset[str] = frozenset(
    ("append", "extend", "insert", "pop", "remove", "clear", "update", "add", "discard", "setdefault", "popitem")
)
_MUTATORS |= {"sort", "reverse", "rotate", "appendleft", "popleft", "send", "write", "writelines", "seed", "shuffle"}
_MUTATORS |= {"fill", "put", "set_option", "to_csv", "to_json", "fit", "fit_transform", "partial_fit"}
# tirages, horloge, itérateur, fichier, affichage : un second appel ne rendrait pas la même chose
_MOVING: frozenset[str] = frozenset(
    (
        "random",
        "rand",
        "randn",
        "randint",
        "choice",
        "default_rng",
        "sample",
        "next",
        "open",
        "input",
        "iter",
        "inplace",
    )
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_MAX = 50


def steady(sources: Sequence[str], functions: Iterable[str]) -> bool:
    r"""Vrai si appeler ces fonctions ne change rien hors d’elles, autant que leur texte le montre.

    Parameters
    ----------
    sources : sequence of str
        Cellules du stagiaire.
    functions : iterable of str
        Fonctions appelées par un test.

    Returns
    -------
    bool
        Faux aussi si une fonction n’est pas trouvée, ou n’est ni un `def` ni un `lambda`.

    Examples
    --------
    >>> steady(["def f(x):\n    return x + 1"], ["f"])
    True
    >>> steady(["vus = []\ndef f(x):\n    vus.append(x)\n    return x"], ["f"])
    False
    """
    made = _definitions(sources)
    todo, seen = list(functions), set()
    if any(name not in made for name in todo):
        return False
    while todo:
        name = todo.pop()
        if name in seen or name not in made:
            continue
        seen.add(name)
        for node in made[name]:
            if len(seen) > _MAX or not isinstance(node, _FUNCTIONS) or not _calm(node):
                return False
            todo += [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    return True


def _definitions(sources: Sequence[str]) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for source in sources:
        tree = parse(source)
        for statement in tree.body if tree is not None else ():
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.setdefault(statement.name, []).append(statement)
            elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
                for target in statement.targets:
                    found.setdefault(getattr(target, "id", ""), []).append(statement.value)
    return found


def _calm(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    body = function.body if isinstance(function.body, list) else []
    # un argument modifié sur place n’est pas à la fonction
    local = {name for name, _ in bound(body)}
    arguments = function.args
    if getattr(function, "decorator_list", ()) or any(isinstance(one, ast.Global) for one in ast.walk(function)):
        return False
    defaults = [one for one in (*arguments.defaults, *arguments.kw_defaults) if one is not None]
    if not all(isinstance(one, (ast.Constant, ast.UnaryOp, ast.Name, ast.Attribute, ast.Tuple)) for one in defaults):
        return False
    return not any(_moves(node, local) for node in ast.walk(function))


def _moves(node: ast.AST, local: set[str]) -> bool:
    if isinstance(node, (ast.Name, ast.Attribute, ast.keyword)):
        word = getattr(node, "id", "") or getattr(node, "attr", "") or getattr(node, "arg", "") or ""
        if word in _MOVING:
            return True
    if isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
        return _root(node) not in local
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MUTATORS:
        return _root(node.func) not in local
    return isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await, ast.Nonlocal))


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
