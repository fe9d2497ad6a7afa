"""Aucun chemin public d’une bibliothèque permise ne mène hors d’elle sans être signalé."""

import ast
import atexit
import builtins
import ctypes
import enum
import gc
import importlib
import inspect
import operator
import os
import pickle
import string
import subprocess
import sys
import threading
import traceback
import types
import typing
import weakref
from types import ModuleType

import IPython
import pytest

from formation.classroom.grading import suspects
from formation.classroom.grading.reach import forbidden, shadows, unexpected
from formation.classroom.grading.screening import screen
from formation.classroom.grading.shapes import named

LIBRARIES = ("numpy", "pandas", "scipy", "sklearn", "matplotlib", "matplotlib.pyplot", "formation", "IPython")
PARTS = (
    *("numpy.random", "numpy.linalg", "numpy.ma", "numpy.polynomial", "pandas.api", "pandas.plotting", "scipy.stats"),
    *("pandas.tseries", "scipy.optimize", "scipy.signal", "scipy.io", "sklearn.metrics", "sklearn.linear_model"),
    *("sklearn.datasets", "sklearn.model_selection", "sklearn.preprocessing", "sklearn.pipeline", "sklearn.base"),
    *("sklearn.tree", "sklearn.ensemble", "sklearn.cluster", "sklearn.utils", "sklearn.inspection", "matplotlib.cm"),
    *("matplotlib.colors", "matplotlib.dates", "matplotlib.ticker", "formation.checks", "formation.metrics"),
    *("formation.eau", "formation.usagers", "formation.dechets", "formation.datasets", "formation.palette"),
)
STANDARD = sorted(suspects.STANDARD)
DANGEROUS = [
    *(builtins.exec, builtins.eval, builtins.compile, builtins.getattr, builtins.setattr, builtins.__import__),
    *(builtins.globals, builtins.vars, operator.attrgetter, operator.methodcaller, pickle.loads, pickle.load),
    *(importlib.import_module, sys._getframe, pickle.Unpickler, types.FunctionType, types.CodeType, types.ModuleType),
    *(typing.get_type_hints, string.Formatter, inspect.getmembers, inspect.stack, inspect.currentframe, sys.modules),
    *(traceback.walk_stack, os.system, os.fork, sys, os, builtins, importlib, inspect, ctypes, pickle, enum, gc),
    *(IPython.get_ipython, threading.Thread, subprocess, weakref.finalize, atexit.register, threading, ast.parse),
]
DEPTH = 3


def _walk(path, module, depth):
    """Chemins publics, sans passer par un élément déjà signalé."""
    for name in dir(module):
        full = f"{path}.{name}"
        if list(forbidden(full)) or list(named(name)):
            continue
        try:
            found = getattr(module, name)
        except Exception:
            # un élément paresseux qui ne se charge pas ne mène nulle part
            continue
        yield full, found
        if isinstance(found, ModuleType) and depth and found is not module:
            yield from _walk(full, found, depth - 1)


@pytest.mark.parametrize("path", [*LIBRARIES, *PARTS, *STANDARD])
def test_no_public_path_leads_outside(path):
    module = importlib.import_module(path)
    depth = 2 if path in LIBRARIES else DEPTH
    leaks = [full for full, found in _walk(path, module, depth) if any(found is one for one in DANGEROUS)]
    assert leaks == []


@pytest.mark.parametrize("path", [*LIBRARIES, *PARTS])
def test_what_a_library_announces_is_not_reported(path):
    module = importlib.import_module(path)
    announced = [name for name in getattr(module, "__all__", ()) if not name.startswith("_")]
    denied = set(suspects.ANYWHERE) | {one for names in suspects.MEMBERS.values() for one in names}
    limited = suspects.ALLOWED_MEMBERS.get(path)
    expected = [name for name in announced if name not in denied and (limited is None or name in limited)]
    assert [name for name in expected if list(forbidden(f"{path}.{name}"))] == []


def test_usual_imports_are_expected_and_others_are_not():
    usual = ("numpy", "pandas.testing", "sklearn.metrics", "datetime", "collections.abc", "os.path", "seaborn")
    assert [path for path in usual if unexpected(path)] == []
    assert "installée" in unexpected("triche_ecrite_sur_place")
    assert "ne se sert pas" in unexpected("doctest")
    assert not unexpected("doctest", {"doctest"})


@pytest.mark.parametrize("name", ["seaborn", "tabulate", "random", "numpy", "sitecustomize"])
def test_a_shipped_module_does_not_take_the_name_of_a_library(name):
    assert shadows(name)
    (reason,) = screen(["total = 3"], "assert total == 3", shipped={f"{name}.py": "x = 1"})
    assert f"{name}.py" in reason


def test_a_shipped_module_is_read_like_a_cell():
    honest = "import numpy as np\n\ndef moyenne(valeurs):\n    return np.mean(valeurs)\n"
    source = "from outils_perso import moyenne\ntotal = moyenne([3])"
    assert screen([source], "assert total == 3", shipped={"outils_perso.py": honest}) == []
    reasons = screen([source], "assert total == 3", shipped={"outils_perso.py": honest + "exec('1')\n"})
    assert "outils_perso.py" in reasons[0]
    assert screen([], "assert total == 3", shipped={"outils_perso/__init__.py": "import gc"})


def test_a_shipped_module_that_cannot_be_read_is_reported():
    assert screen([], "assert total == 3", shipped={"outils.cpython-311-x86_64-linux-gnu.so": None})


def test_a_module_of_the_trainer_is_not_read_again():
    assert screen(["import outils"], "assert True", files={"outils.py"}, shipped={"outils.py": "exec('1')"}) == []
