"""Les noms d’une cellule de code : ceux qu’elle lit, ceux qu’elle définit, ce qu’elle importe."""

import ast
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SMALL = 4_000


def parse(source: str) -> ast.Module | None:
    """Arbre d’une cellule telle qu’IPython l’exécute.

    Parameters
    ----------
    source : str
        Code de la cellule, magies permises.

    Returns
    -------
    Module or None
        None si la cellule ne peut pas s’exécuter.

    Examples
    --------
    >>> parse("x = (") is None
    True
    """
    # un arbre pèse cent fois son texte : seuls les petits sont gardés
    return _parse_small(source) if len(source) <= _SMALL else _parse(source)


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        pass
    try:
        return ast.parse(str(_transformer()().transform_cell(source)))
    except (SyntaxError, ValueError):
        return None


_parse_small = lru_cache(maxsize=512)(_parse)


@cache
def _transformer() -> Any:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager


def loaded(source: str) -> frozenset[str]:
    """Noms qu’une cellule lit.

    Parameters
    ----------
    source : str
        Code de la cellule.

    Returns
    -------
    frozenset of str
    """
    tree = parse(source)
    nodes = ast.walk(tree) if tree is not None else ()
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


def given(trusted: Sequence[str]) -> dict[str, str]:
    """Relève ce que le formateur a défini.

    Parameters
    ----------
    trusted : sequence of str
        Cellules du formateur.

    Returns
    -------
    dict
        Nom → `import numpy`, « définition » ou « donnée ».

    Examples
    --------
    >>> given(["import numpy as np"])
    {'np': 'import numpy'}
    """
    found: dict[str, str] = {}
    for source in trusted:
        tree = parse(source)
        for name, node in bound(tree.body if tree is not None else []):
            found[name] = _nature(name, node)
    return found


def _nature(name: str, node: ast.AST) -> str:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return next(f"import {path}" for made, path in imported(node) if made == name)
    return "définition" if isinstance(node, _DEFINITIONS) else "donnée"


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Noms qu’une instruction d’import définit.

    Parameters
    ----------
    node : Import or ImportFrom
        Instruction.

    Yields
    ------
    tuple of (str, str)
        Nom dans la cellule, chemin pointé de ce qu’il désigne.
    """
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            yield alias.name.split(".")[0], alias.name.split(".")[0]


def bound(body: Sequence[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Noms définis au niveau de la cellule, avec l’instruction qui les définit.

    Parameters
    ----------
    body : sequence of AST
        Instructions ; le corps des fonctions et des classes est à elles.

    Yields
    ------
    tuple of (str, AST)

    Examples
    --------
    >>> [name for name, _ in bound(ast.parse("a = [b for b in c]").body)]
    ['a']
    """
    todo: list[tuple[ast.AST, ast.AST]] = [(node, node) for node in reversed(body)]
    while todo:
        node, statement = todo.pop()
        statement = node if isinstance(node, ast.stmt) else statement
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((name, node) for name, _ in imported(node))
        elif isinstance(node, _DEFINITIONS):
            yield node.name, node
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id, statement
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, statement
        if not isinstance(node, (*_SCOPES, *_COMPREHENSIONS)):
            todo += [(child, statement) for child in ast.iter_child_nodes(node)]
        else:
            yield from _escaping(node)


def _escaping(scope: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Global):
            yield from ((name, node) for name in node.names)
        elif isinstance(node, ast.NamedExpr) and isinstance(scope, _COMPREHENSIONS):
            yield node.target.id, node


def simple_assignments(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Affectations d’une expression à un nom seul : `x = …`, `x := …`, `for x in (…, …)`.

    Parameters
    ----------
    node : AST
        Nœud quelconque.

    Yields
    ------
    tuple of (str, AST)
        Nom, expression.
    """
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
    elif isinstance(node, (ast.NamedExpr, ast.AnnAssign)) and isinstance(node.target, ast.Name) and node.value:
        yield node.target.id, node.value
    elif isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
        items = node.iter.elts if isinstance(node.iter, (ast.Tuple, ast.List, ast.Set)) else []
        yield from ((node.target.id, item) for item in items)
