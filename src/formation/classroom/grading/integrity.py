"""Ce que le code d’un stagiaire a changé dans son interpréteur, et les types qu’il a fabriqués.

Tourne dans l’enfant : un code assez habile peut le tromper. Une anomalie vaut soupçon, son absence ne prouve rien.
"""

import builtins
import importlib
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from formation.classroom.grading.capture import CELL_FILES

_SHELL: tuple[str, ...] = (
    "run_cell",
    "run_cell_async",
    "_run_cell",
    "run_ast_nodes",
    "run_code",
    "transform_cell",
    "transform_ast",
)
_SHELL += ("showtraceback", "_showtraceback", "showsyntaxerror", "compile", "events", "displayhook", "display_pub")
_MODULES = {
    "numpy.testing": ("assert_allclose", "assert_array_equal", "assert_almost_equal", "assert_equal"),
    "pandas.testing": ("assert_frame_equal", "assert_series_equal", "assert_index_equal"),
    "numpy": ("allclose", "isclose", "array_equal", "array", "asarray", "abs", "round"),
    "math": ("isclose", "fabs", "isnan"),
    "unittest": ("TestCase",),
    "json": ("loads", "dumps"),
    "pandas": ("DataFrame", "Series", "isna"),
    "formation.checks": ("to_plain", "compare", "expect", "expect_function", "call_cases", "judge"),
}
_VOLATILE = {"_", "__builtins__", "get_ipython", "display", "exit", "quit", "__IPYTHON__", "In", "Out"}
_METHODS: tuple[str, ...] = (
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "abs",
    "float",
    "int",
    "bool",
    "index",
    "complex",
    "round",
    "len",
)
_METHODS += ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "neg", "pow", "mod", "floordiv")
_METHODS += ("contains", "getitem", "iter", "array", "array_ufunc", "array_function", "array_wrap", "class")
_METHODS += ("getattribute", "getattr", "instancecheck", "subclasscheck", "hash", "str", "repr", "format")
DUNDERS = frozenset(f"__{name}__" for name in _METHODS)
_MAX_WALK = 20_000
_HEAP_TYPE = 1 << 9
_MISSING = object()


def snapshot(shell: Any) -> dict[str, Any]:
    """Relève l’état de l’interpréteur avant tout code de stagiaire.

    Parameters
    ----------
    shell : ZMQInteractiveShell
        Interpréteur.

    Returns
    -------
    dict
        Objets attendus, par nom.
    """
    state: dict[str, Any] = {f"builtins.{key}": value for key, value in vars(builtins).items() if key not in _VOLATILE}
    for module, names in _MODULES.items():
        source = importlib.import_module(module)
        state |= {f"{module}.{name}": getattr(source, name, None) for name in names}
    case = importlib.import_module("unittest").TestCase
    state |= {f"unittest.TestCase.{key}": value for key, value in vars(case).items() if key.startswith("assert")}
    for kind in type(shell).__mro__:
        state |= {f"shell.{kind.__name__}.{name}": vars(kind)[name] for name in _SHELL if name in vars(kind)}
    state |= {f"shell.{name}": value for name, value in vars(shell).items() if name in _SHELL}
    state["tracer"] = sys.gettrace()
    state["profileur"] = sys.getprofile()
    return state | _lists(shell)


def _lists(shell: Any) -> dict[str, Any]:
    transformers = shell.input_transformer_manager
    callbacks = shell.events.callbacks
    return {
        "ast_transformers": tuple(map(id, shell.ast_transformers)),
        "cleanup_transforms": tuple(map(id, transformers.cleanup_transforms)),
        "line_transforms": tuple(map(id, transformers.line_transforms)),
        "token_transformers": tuple(map(id, transformers.token_transformers)),
        "input_transformers_post": tuple(map(id, shell.input_transformers_post)),
        "événements": tuple((name, len(callbacks[name])) for name in sorted(callbacks)),
    }


def changes(shell: Any, before: Mapping[str, Any]) -> list[str]:
    """Compare l’interpréteur à son état de départ.

    Parameters
    ----------
    shell : ZMQInteractiveShell
        Interpréteur.
    before : mapping
        Rendu par `snapshot`.

    Returns
    -------
    list of str
        Noms de ce qui a changé.
    """
    now = snapshot(shell)
    changed = [name for name in before if not _same(now.get(name, _MISSING), before[name])]
    added = [name for name in now if name.startswith("shell.") and name not in before]
    return sorted({*changed, *added})


def _same(first: object, second: object) -> bool:
    # les listes relevées sont des uplets faits ici ; tout le reste se compare par identité
    return first == second if type(first) is tuple and type(second) is tuple else first is second


def made_here(kind: type, folder: str) -> bool:
    """Dit si une classe vient du carnet, ou d’un module posé à côté de lui.

    Parameters
    ----------
    kind : type
        Classe.
    folder : str
        Dossier de travail.

    Returns
    -------
    bool
    """
    # un type de l’interpréteur lui-même (fonction, générateur) n’a pas de nom de module à lire
    if not type.__dict__["__flags__"].__get__(kind) & _HEAP_TYPE:
        return False
    members = _members(kind)
    name = members.get("__module__", "builtins")
    module = sys.modules.get(name) if type(name) is str else None
    if module is None or name == "__main__":
        return True
    path = getattr(module, "__file__", None)
    if type(path) is str and path.startswith(folder):
        return True
    # une classe du carnet peut se dire d’une bibliothèque ; le code de ses méthodes dit d’où il vient
    codes = [getattr(member, "__code__", None) for member in members.values()]
    return any(code.co_filename.startswith((CELL_FILES, folder)) for code in codes if type(code) is _CODE)


_CODE = type(made_here.__code__)


def _members(kind: type) -> dict[str, Any]:
    return dict(type.__dict__["__dict__"].__get__(kind))


def _ancestors(kind: type) -> tuple[type, ...]:
    return tuple(type.__dict__["__mro__"].__get__(kind))


def lying_types(namespace: Mapping[str, Any], names: Iterable[str], folder: str) -> dict[str, list[str]]:
    """Méthodes de comparaison et de calcul que le stagiaire a définies, pour les objets de ces noms.

    Parameters
    ----------
    namespace : mapping
        Variables du carnet.
    names : iterable of str
        Noms à regarder, jusque dans les listes, dictionnaires et colonnes d’objets.
    folder : str
        Dossier de travail.

    Returns
    -------
    dict of str to list of str
        Par nom, « Classe.__methode__ » ; les noms sans rien à dire n’y sont pas.
    """
    found = {name: _methods(namespace[name], folder) for name in names if name in namespace}
    return {name: methods for name, methods in found.items() if methods}


def _methods(value: object, folder: str) -> list[str]:
    kinds: set[type] = set()
    for item in _walk(value):
        kinds.add(type(item))
        if issubclass(type(item), type):
            kinds.add(item)  # type: ignore[arg-type]
    every = {id(one): one for kind in kinds for one in _ancestors(kind)}
    methods: set[str] = set()
    for kind in every.values():
        defined = DUNDERS & set(_members(kind))
        if defined and made_here(kind, folder):
            name = str(type.__dict__["__name__"].__get__(kind))[:80]
            methods |= {f"{name}.{method}" for method in defined}
    return sorted(methods)[:50]


def _walk(value: object) -> Iterable[object]:
    todo, seen, count = [value], set(), 0
    while todo and count < _MAX_WALK:
        item = todo.pop()
        count += 1
        yield item
        if id(item) not in seen:
            children = _children(item)
            if children:
                seen.add(id(item))
                todo += children


def _children(item: Any) -> list[object]:
    import numpy as np
    import pandas as pd

    if issubclass(type(item), dict):
        return [*dict.keys(item), *dict.values(item)][:_MAX_WALK]
    for base in (list, tuple, set, frozenset):
        if issubclass(type(item), base):
            return [*base.__iter__(item)][:_MAX_WALK]
    if issubclass(type(item), pd.DataFrame):
        return [item.iloc[:, place] for place, dtype in enumerate(item.dtypes) if getattr(dtype, "hasobject", False)][
            :100
        ]
    if issubclass(type(item), (np.ndarray, pd.Series, pd.Index)) and getattr(item.dtype, "hasobject", False):
        return list(np.asarray(item, dtype=object).ravel()[:_MAX_WALK])
    return []
