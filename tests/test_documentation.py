"""Tout ce qui est public est documenté en français, typé, et ses exemples disent vrai."""

from __future__ import annotations

import ast
import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import formation

SOURCE = Path(formation.__file__).parent
# Un module dont le nom commence par « _ » est une pièce de service : sa forme n’est promise à personne.
MODULES = sorted(
    p for p in SOURCE.rglob("*.py") if p.name == "__init__.py" or not any(n.startswith("_") for n in p.parts[-2:])
)
# Protocole de scikit-learn : la classe décrit les données une fois pour toutes ses méthodes.
ESTIMATOR_METHODS = {"fit", "predict", "transform"}
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def _public_functions(tree: ast.Module) -> Iterator[tuple[str, FunctionNode]]:
    """Fonctions et méthodes publiques d’un module ; les méthodes d’une classe privée n’en sont pas."""
    for node in tree.body:
        if isinstance(node, FunctionNode) and not node.name.startswith("_"):
            yield node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for child in node.body:
                if isinstance(child, FunctionNode) and not child.name.startswith("_"):
                    yield f"{node.name}.{child.name}", child


def _arguments(node: FunctionNode) -> list[str]:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [a.arg for a in every if a.arg not in {"self", "cls"} and not a.arg.startswith("_")]


def _decorators(node: FunctionNode) -> set[str]:
    return {name.id for d in node.decorator_list for name in ast.walk(d) if isinstance(name, ast.Name)} | {
        name.attr for d in node.decorator_list for name in ast.walk(d) if isinstance(name, ast.Attribute)
    }


def _returns_something(node: FunctionNode) -> bool:
    return not (node.returns is None or (isinstance(node.returns, ast.Constant) and node.returns.value is None))


def _missing(name: str, node: FunctionNode) -> list[str]:
    """Ce qui manque à une fonction publique, en français."""
    text = ast.get_docstring(node) or ""
    missing = [] if text else [f"{name} : aucune docstring"]
    arguments = _arguments(node)
    # Une propriété, une surcharge ou une commande typer dit ses arguments autrement.
    short_form = {"property", "cached_property", "overload", "override", "command", "callback", "setter"} & _decorators(
        node
    )
    if text and not short_form and name.split(".")[-1] not in ESTIMATOR_METHODS:
        undocumented = [a for a in arguments if a not in text]
        if undocumented:
            missing.append(f"{name} : paramètres non décrits : {', '.join(undocumented)}")
        if _returns_something(node) and arguments and not any(w in text for w in ("Returns", "Yields")):
            missing.append(f"{name} : section Returns absente")
    annotated = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if node.returns is None or any(a.annotation is None for a in annotated if a.arg not in {"self", "cls"}):
        missing.append(f"{name} : types incomplets")
    return missing


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_public_functions_are_documented_and_typed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    missing = [line for name, node in _public_functions(tree) for line in _missing(name, node)]
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]
    missing += [f"{c.name} : aucune docstring" for c in classes if not ast.get_docstring(c)]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_examples_in_docstrings_are_true(path: Path) -> None:
    parts = ["formation", *path.relative_to(SOURCE).with_suffix("").parts]
    module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert result.failed == 0
