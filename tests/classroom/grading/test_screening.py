"""Relecture du code : rien à dire d’une réponse honnête, toujours quelque chose d’un trucage écrit en clair."""

from pathlib import Path

import pytest

from formation.classroom.bank import read_bank
from formation.classroom.grading.screening import MAX_REASONS, screen
from formation.classroom.sources import read_exercise

ROOT = Path(__file__).parents[3]
TEST = "assert abs(float(total) - 3) < 1e-9\nnp.testing.assert_allclose(total, 3)\nassert_proche(len(donnees), 3)"
TRUSTED = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nimport sys",
    "def assert_proche(a, b):\n    assert a == b",
    'donnees = pd.read_csv("releves.csv")',
)
HONEST = (
    "df = pd.DataFrame({'a': [1]})\ndf.columns = ['b']\ndf.index.name = 'rang'\ndf['c'] = df['b'] * 2\n"
    "df.loc[0, 'c'] = 4",
    "plt.rcParams['figure.figsize'] = (8, 4)\nplt.rcParams.update({'font.size': 12})\nplt.style.use('ggplot')",
    "class Modele:\n    def __init__(self, seuil=0.5):\n        self.seuil = seuil\n    def __repr__(self):\n"
    "        return f'Modele({self.seuil})'\n    def fit(self, X, y):\n"
    "        self.moyenne_ = y.mean()\n        return self\n"
    "    def predict(self, X):\n        return [self.moyenne_] * len(X)",
    "f = lambda x: x + 1\ncarres = [x**2 for x in range(3)]\npaires = {k: v for k, v in zip('ab', (1, 2))}",
    "import warnings\nwarnings.filterwarnings('ignore')\nnp.random.seed(447)\nrng = np.random.default_rng(447)",
    "pd.set_option('display.max_rows', 10)\npd.options.display.max_columns = 20\nnp.set_printoptions(precision=3)",
    "import os, sys, math, json, re, time, datetime as dt\nfrom pathlib import Path\nprint('x', file=sys.stderr)",
    "from sklearn.linear_model import LogisticRegression\nmodele = LogisticRegression().fit([[0], [1]], [0, 1])\n"
    "modele.seuil = 0.3\nscore = getattr(modele, 'coef_')",
    "for nom in ('mean', 'median'):\n    print(getattr(donnees['volume'], nom)())",
    "motif = re.compile(r'\\d+')\nretenus = donnees.query('volume > 3').eval('x = volume * 2')",
    "donnees = donnees.dropna()\ndonnees['mois'] = 3\ndonnees = donnees[donnees['mois'] > 2].reset_index(drop=True)",
    "donnees = pd.read_csv('releves.csv', sep=';')",
    "import numpy as np\nimport pandas as pd\nfrom matplotlib import pyplot as plt\nimport seaborn",
    "%matplotlib inline\n%time total = 3\n!pip install pandas",
    "%%time\ntotal = sum([1, 2])",
    "def moyenne(valeurs):\n    '''Moyenne.'''\n    sum = 0\n    for v in valeurs:\n        sum += v\n"
    "    return sum / len(valeurs)",
    "sum = 0\nlist = [1, 2]\nmax = 3",
    "try:\n    total = int('3')\nexcept ValueError as e:\n    total = 0\n"
    "with open('releves.csv') as f:\n    lignes = f.readlines()",
    "import os\nos.environ['X'] = '1'\nsys.path.append('.')\nos.makedirs('sorties', exist_ok=True)",
    "from dataclasses import dataclass\n@dataclass\nclass Relevé:\n    volume: float = 0.0\n    @property\n"
    "    def double(self):\n        return 2 * self.volume",
    "fig, ax = plt.subplots()\nax.hist([1, 2])\nax.title.set_text('x')\nplt.gca().spines['top'].set_visible(False)",
    "total = (1 +",
    "donnees?",
    "from collections import Counter, defaultdict\nc = Counter()\nc.update('ab')\n"
    "d = defaultdict(list)\nd['a'].append(1)",
    "import functools\n@functools.cache\ndef f(n):\n    return n\n"
    "global_ = f(3)\nprint(type(global_).__name__, f.__doc__)",
    "class Erreur(ValueError):\n    pass\nraise Erreur('non')",
    "X, y = donnees[['a']], donnees['b']\nnp.append([1], 2)\nnp.insert([1], 0, 2)",
    "total: float = 3.0\nif __name__ == '__main__':\n    print(total)",
    "import random\nrandom.seed(1)\nrandom.shuffle([1])\nfrom IPython.display import display, HTML\ndisplay(donnees)",
)
CHEATS = (
    "import builtins\nbuiltins.abs = lambda x: 0",
    "abs = lambda x: 0",
    "def float(x):\n    return 3",
    "for abs in [lambda x: 0]:\n    pass",
    "import math as len",
    "def f():\n    global abs\n    abs = lambda x: 0\nf()",
    "[abs := (lambda x: 0) for _ in [1]]",
    "AssertionError = type(None)",
    "np.testing.assert_allclose = lambda *a, **k: None",
    "t = np.testing\nt.assert_allclose = print",
    "import numpy\nnumpy.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__",
    "from numpy import testing\ndel testing.assert_allclose",
    "for m in (np.testing, pd.testing):\n    m.assert_allclose = print",
    "setattr(np.testing, 'assert_allclose', print)",
    "nom = 'a'\nsetattr(total, nom, 3)",
    "getattr(np, 'tes' + 'ting')",
    "pd.DataFrame.__eq__ = lambda *a: True",
    "from sklearn.base import BaseEstimator as B\nB.score = lambda *a: 1",
    "class Menteur:\n    def __eq__(self, autre):\n        return True",
    "class M:\n    pass\nM.__eq__ = lambda s, o: True",
    "M = type('M', (), {'__eq__': lambda s, o: True})",
    "class M(float):\n    def __len__(self):\n        return '3'",
    "class M(metaclass=print):\n    pass",
    "class Tout:\n    def __getattr__(s, n):\n        return print\nnp = pd = Tout()",
    "def assert_proche(a, b):\n    pass",
    "assert_proche = print",
    "donnees = pd.DataFrame({'volume': [1, 1, 1]})",
    "get_ipython().ast_transformers.append(3)",
    "ip = get_ipython()\nip.showtraceback = print",
    "ip = get_ipython()\nip.events.register('pre_run_cell', print)",
    "get_ipython().set_custom_exc((Exception,), print)",
    "import sys\nsys.settrace(print)",
    "from sys import settrace as s\ns(print)",
    "import sys as s\ns.modules['numpy'] = 3",
    "sys._getframe().f_back",
    "import gc",
    "import ctypes as c",
    "from unittest import mock",
    "from unittest.mock import ANY\ntotal = ANY",
    "import unittest\nunittest.mock.patch('x')",
    "import inspect\ninspect.stack()",
    "exec('abs = 3')",
    "eval('1')",
    "globals()['abs'] = 3",
    "vars(np)['testing'] = 3",
    "__builtins__.abs = 3",
    "__import__('gc')",
    "import importlib",
    "import atexit, signal",
    "import threading",
    "import faulthandler",
    "import os\nos._exit(0)",
    "from os import write\nwrite(1, b'')",
    "(lambda: 0).__globals__['abs'] = 3",
    "print.__class__.__subclasses__()",
    "print.__self__.__dict__['abs'] = 3",
    "%%bash\nls",
    "!cat /etc/passwd",
    "x = !cat /etc/passwd",
    "%config InteractiveShell.ast_node_interactivity = 'none'",
    "%load_ext triche",
    "%run triche.py",
    "%%time\nnp.testing.assert_allclose = print",
    "%time np.testing.assert_allclose = print",
    "import triche_ecrite_sur_place",
    "from triche_ecrite_sur_place import *",
    "from . import x",
    "import formation.checks.plain as p\np._CONTAINERS.clear()",
    "from formation.checks import judge",
    "import formation.classroom.grading.child",
    "import pandas\npandas._testing.assert_frame_equal = print",
    "print(In[-1])",
    "import ast\nclass T(ast.NodeTransformer):\n    pass",
    "  np.testing.assert_allclose = print",
    ">>> np.testing.assert_allclose = print",
    "get_ipython().magic('run x')",
    "x = 1 " + "+ 1 " * 30_000,
)


@pytest.mark.parametrize("source", HONEST)
def test_ordinary_code_is_not_reported(source):
    test = TEST.replace("assert abs", "assert sorted and abs")
    assert screen([source], test, trusted=TRUSTED) == []


@pytest.mark.parametrize("source", CHEATS, ids=lambda source: source[:40])
def test_tampering_in_plain_sight_is_reported(source):
    assert screen([source], TEST, trusted=TRUSTED)


@pytest.mark.parametrize("path", sorted(ROOT.glob("notebooks/*/*.md")), ids=lambda path: path.stem[:11])
def test_no_answer_of_the_banks_is_reported(path):
    exercise = read_exercise(path)
    trusted = [cell.source for cell in exercise.cells if cell.kind in ("preparation", "exemple")]
    free = [cell.source for cell in exercise.cells if cell.kind == "libre"]
    test = "\n".join(cell.source for cell in exercise.cells if cell.kind == "controle") + "\n" + TEST
    for answer in read_bank(exercise):
        assert screen([*free, *answer.cells.values()], test, trusted=trusted) == []


def test_a_name_the_test_does_not_use_may_be_redefined():
    assert screen(["abs = 3"], "assert total == 3") == []


def test_what_the_reference_itself_does_is_not_reported():
    vector = "class Vecteur:\n    def __add__(self, autre):\n        return self"
    assert screen([vector], "assert v + v", reference=[vector]) == []
    assert screen([vector], "assert v + v")


def test_a_module_given_with_the_exercise_may_be_imported():
    assert screen(["import outils_du_tp"], "assert True", files={"outils_du_tp.py"}) == []


@pytest.mark.parametrize(
    "source",
    [
        "open('releves.csv', 'w').write('a')",
        "with open('./releves.csv', mode='a') as f:\n    f.write('a')",
        "pd.DataFrame().to_csv('releves.csv')",
        "from pathlib import Path\nPath('releves.csv').write_text('a')",
        "import os\nfor n in ('releves.csv',):\n    os.remove(n)",
    ],
)
def test_writing_in_a_given_file_is_reported(source):
    assert screen([source], TEST, trusted=TRUSTED, files={"releves.csv"})


def test_reading_a_given_file_or_writing_elsewhere_is_not_reported():
    source = (
        "pd.read_csv('releves.csv').to_csv('sortie.csv')\nopen('notes.txt', 'w').write('a')\n"
        "open('releves.csv', 'r').read()\ndonnees['a'].replace('w', 'x').to_numpy()"
    )
    assert screen([source], TEST, trusted=TRUSTED, files={"releves.csv"}) == []


def test_the_reason_gives_the_line_in_french():
    (reason,) = screen(["total = 3\nimport gc"], TEST)
    assert "ligne 2" in reason
    assert "emploie «\u00a0gc\u00a0»" in reason


def test_reasons_are_bounded_and_without_doubles():
    sources = ["import gc\nimport gc", "\n".join(f"np.x{n} = 1" for n in range(50))]
    reasons = screen(sources, TEST, trusted=TRUSTED)
    assert len(reasons) == MAX_REASONS
    assert len(set(reasons)) == MAX_REASONS


def test_an_import_in_one_cell_is_known_in_the_next():
    assert screen(["import numpy.testing as nt", "nt.assert_allclose = print"], "assert True")
