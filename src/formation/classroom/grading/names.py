"""Les noms d’une cellule de code : ceux qu’elle lit, ceux qu’elle définit, ce qu’elle importe."""

import ast
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SMALL = 4_000
_AUTOMATIC = frozenset(
    {"run", "load", "loadpy", "edit", "ed", "macro", "prun", "time", "timeit", "sx", "sc", "system", "alias", "store"}
    | {"alias_magic", "pylab", "debug", "cd", "env", "set_env", "reset", "reset_selective", "xdel", "config", "rerun"}
    | {"load_ext", "reload_ext", "pycat", "save", "recall", "code_wrap", "mprun", "lprun", "bookmark", "pip", "conda"}
)
"""Magies qu’IPython reconnaît sans `%`, seules sur la ligne d’une cellule."""


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
        made = str(_transformer()().transform_cell(source))
    except (SyntaxError, ValueError):
        return None
    try:
        return ast.parse(made)
    except (SyntaxError, ValueError):
        pass
    if len(made.splitlines()) != 1 or made.split(maxsplit=1)[0] not in _AUTOMATIC:
        return None
    # une cellule d’une ligne : IPython y lit « run x » comme « %run x »
    return _parse(f"%{made.strip()}")


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


def locals_read(tree: ast.Module, watched: Collection[str], followed: Collection[str] = ()) -> frozenset[int]:
    """Lectures d’une variable que la cellule définit elle-même : ni un import, ni une fonction native.

    Parameters
    ----------
    tree : Module
        Cellule.
    watched : collection of str
        Noms qui intéressent l’appelant.
    followed : collection of str
        Noms suivis par ailleurs, jamais tenus pour locaux.

    Returns
    -------
    frozenset of int
        Identités des nœuds `Name`.
    """
    nodes = list(ast.walk(tree))
    lost = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
    lost |= {name for node in nodes for name in _outer(node)}
    wanted = set(watched) - set(followed) - lost
    found: set[int] = set()
    for node in nodes:
        for names, body in _scope(node):
            found |= _reads(body, names & wanted)
    for rank, statement in enumerate(tree.body):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            found |= _reads(tree.body[rank + 1 :], {name for name, _ in bound([statement])} & wanted)
    return frozenset(found)


def _scope(node: ast.AST) -> Iterator[tuple[set[str], list[ast.AST]]]:
    """Noms propres à une fonction ou à une compréhension, et ce qui les voit."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        body: list[ast.AST] = [*node.body] if isinstance(node.body, list) else [node.body]
        made = {name for name, statement in bound(body) if not isinstance(statement, _KEPT)}
        yield made | {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}, body
    elif isinstance(node, _COMPREHENSIONS):
        names = {one.id for part in node.generators for one in ast.walk(part.target) if isinstance(one, ast.Name)}
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        yield names, [*parts, *(test for part in node.generators for test in part.ifs)]


_KEPT = (ast.Import, ast.ImportFrom, ast.Global)


def _outer(node: ast.AST) -> Iterator[str]:
    """Noms qu’une instruction peut rendre ou reprendre à l’extérieur."""
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name


def _reads(body: Sequence[ast.AST], names: set[str]) -> set[int]:
    if not names:
        return set()
    nodes = (node for part in body for node in ast.walk(part))
    return {id(node) for node in nodes if isinstance(node, ast.Name) and node.id in names}
