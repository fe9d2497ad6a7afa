"""Canaris : des tests qui doivent échouer. S’ils passent, l’interpréteur ment.

Écrits par l’ouvrier, avec des nombres et des noms neufs à chaque fois, pour ressembler à des tests ordinaires.
"""

import random
import secrets
from collections.abc import Callable

_RANDOM = random.SystemRandom()


def make() -> dict[str, str]:
    """Écrit un jeu de canaris.

    Returns
    -------
    dict of str to str
        Par nom, une cellule de test qui échoue dans un interpréteur sain, dans un ordre quelconque.
    """
    # le dernier change d’une fois à l’autre ; `integrity` surveille de toute façon l’identité de ces fonctions
    names = ["égalité", "fonctions natives", "numpy", _RANDOM.choice(["pandas", "unittest", "erreur levée"])]
    _RANDOM.shuffle(names)
    return {name: _MAKERS[name](_RANDOM.randint(2, 97), f"v_{secrets.token_hex(4)}") for name in names}


def _equality(number: int, name: str) -> str:
    return f"{name} = {number}\nassert {name} == {number + _RANDOM.randint(1, 9)}, '{name} : {secrets.token_hex(4)}'"


def _builtins(number: int, name: str) -> str:
    choices = (
        f"assert isinstance({name}, str), '{name}'",
        f"assert abs(-{name}) == {number} / 2",
        f"assert float(str({name})) == {number + 1}",
        f"assert round(float({name}) + 0.6) == {number}",
        f"assert len([{name}, {name}]) == {number + 3}",
        f"assert sum([{name}, 1]) == {number + 2}",
        f"assert max([{name}, {number + 1}]) < {number}",
    )
    return f"{name} = {number}\n{_RANDOM.choice(choices)}"


def _numpy(number: int, name: str) -> str:
    choices = (
        f"np.testing.assert_allclose({number}, {number + 1})",
        f"np.testing.assert_array_equal(np.array([{number}, 1]), np.array([{number}, 2]))",
        f"assert np.isclose({number}, {number + 2})",
        f"assert np.allclose([{number}.5, 1], [{number}.0, 1])",
    )
    return _inside(name, f"import numpy as np\n    {_RANDOM.choice(choices)}")


def _pandas(number: int, name: str) -> str:
    choices = (
        f"pd.testing.assert_frame_equal(pd.DataFrame({{'a': [{number}]}}), pd.DataFrame({{'a': [{number + 1}]}}))",
        f"pd.testing.assert_series_equal(pd.Series([{number}]), pd.Series([{number + 1}]))",
        f"assert pd.Series([{number}, 1]).equals(pd.Series([{number}, 2]))",
    )
    return _inside(name, f"import pandas as pd\n    {_RANDOM.choice(choices)}")


def _unittest(number: int, name: str) -> str:
    choices = (
        f"unittest.TestCase().assertEqual({number}, {number + 1})",
        f"unittest.TestCase().assertAlmostEqual({number}, {number}.25)",
        f"unittest.TestCase().assertTrue({number} < {number - 1})",
    )
    return _inside(name, f"import unittest\n    {_RANDOM.choice(choices)}")


def _raising(number: int, name: str) -> str:
    return f"{name} = {number}\nif {name} != {number + 1}:\n    raise ValueError('{name}')"


def _inside(name: str, body: str) -> str:
    # dans une fonction, pour ne pas remplacer le « np » du stagiaire
    return f"def {name}():\n    {body}\n{name}()"


_MAKERS: dict[str, Callable[[int, str], str]] = {
    "égalité": _equality,
    "fonctions natives": _builtins,
    "numpy": _numpy,
    "pandas": _pandas,
    "unittest": _unittest,
    "erreur levée": _raising,
}
