"""Relecture du code : rien à dire d’une réponse honnête, toujours quelque chose d’un trucage écrit en clair."""
# ruff: noqa: E501 - le code des copies tient sur une ligne

from pathlib import Path

import pytest
from sample_questions import EXPLORATION_SETUP, MODELE_SETUP, QUESTIONS

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
    "retenus = donnees.query('volume > 3 and commune == \"Berlac\"')\nseuil = 4\n"
    "donnees.query('volume > @seuil')\ndonnees.query('commune in @communes')",
    "donnees.eval('double = volume * 2')\ndonnees = donnees.eval('c = a + b', inplace=False)",
    "for m in (np, pd):\n    print(m.__name__, m.__version__)\nprint(np.__version__, type(np), dir(np))",
    "vars = ['a', 'b']\nprint(donnees[vars])",
    "import string\nfor string in ['a', 'b']:\n    print(string.upper())\nprint(string.title())",
    "import time\ndebut = time.perf_counter()\ntime.sleep(0)\nprint(time.strftime('%H:%M'), time.time() - debut)",
    "import time\ntime = donnees['a']\nprint(time.mean(), max(time), sorted(time))",
    "from time import time\nprint(time())\nfrom datetime import datetime, timedelta\nprint(datetime.now().date())",
    "import datetime\nprint(datetime.datetime.now().strftime('%d/%m'), datetime.date.today().isoformat())",
    "def compte(re, eval):\n    return re.count(eval) + len(re)\nimport re\nprint(compte('aa', 'a'))",
    "try:\n    int('x')\nexcept ValueError as e:\n    print(e.args, type(e).__name__, str(e))\n    import traceback\n"
    "    traceback.print_exc()",
    "class Compteur(dict):\n    def __init__(self):\n        super().__init__()\n        self.n = 0\n"
    "print(Compteur().__class__.__name__, Compteur.__doc__)",
    "class Modele:\n    def __init__(self, **reglages):\n        self.seuil = reglages.get('seuil', 1)\n"
    "    def __call__(self, x):\n        return x > self.seuil\n    def __len__(self):\n        return 1\n"
    "    def __iter__(self):\n        return iter([1])\n    def __enter__(self):\n        return self",
    "from sklearn.base import BaseEstimator, ClassifierMixin\nclass M(ClassifierMixin, BaseEstimator):\n"
    "    def fit(self, X, y):\n        self.classes_ = np.unique(y)\n        return self\n    def predict(self, X):\n"
    "        return np.zeros(len(X))",
    "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\np = Point(1, 2)._replace(x=3)\n"
    "print(p._asdict(), p._fields)",
    "from enum import Enum\nclass Etat(Enum):\n    BON = 1\nprint(Etat.BON.name, Etat['BON'].value, list(Etat))",
    "from typing import Any, Optional\nfrom fractions import Fraction\nfrom decimal import Decimal, getcontext\n"
    "getcontext().prec = 10\ndef f(x: Optional[float] = None) -> Any:\n    return x",
    "from functools import partial, reduce, lru_cache, wraps\nimport operator\nprint(reduce(operator.add, [1, 2]))\n"
    "def trace(f):\n    @wraps(f)\n    def g(*a, **k):\n        return f(*a, **k)\n    return g",
    "from operator import itemgetter\nprint(sorted([{'a': 1}], key=itemgetter('a')), max([(1, 2)], key=lambda c: c[1]))",
    "import itertools\nlist(itertools.chain([1], [2]))\nfrom itertools import product, groupby",
    "message = 'Total : {:.2f} pour {nom}'\nprint(message.format(3, nom='x'), f'{total:>10.3f}', '%s' % total)",
    "print('La méthode __init__ crée l’objet, __name__ vaut', __name__)",
    "donnees['volume'].map(str).apply(float).agg('mean')\ndonnees.agg({'volume': ['sum', 'mean']})\n"
    "donnees.groupby('commune').agg(total=('volume', 'sum')).apply(np.sqrt).transform('rank')",
    "for nom in ['sum', 'max']:\n    print(nom, donnees.agg(nom))\nfonctions = {'somme': sum, 'max': max}",
    "from scipy import stats\nfrom scipy.optimize import minimize\nstats.norm.cdf(1.96)\nstats.linregress([1], [2])\n"
    "from scipy.signal import find_peaks\nimport scipy.io",
    "from sklearn import datasets, metrics, set_config\nX, y = datasets.load_iris(return_X_y=True)\n"
    "metrics.accuracy_score(y, y)\nmetrics = {'a': 1}\nmetrics.copy().update(b=2)\nprint(len(metrics))",
    "from sklearn.utils import shuffle, resample\nfrom sklearn.inspection import permutation_importance\n"
    "from sklearn.model_selection import train_test_split, GridSearchCV",
    "import matplotlib.dates as mdates\nimport matplotlib as mpl\nmpl.rcParams['font.size'] = 12\n"
    "plt.gca().xaxis.set_major_formatter(mdates.DateFormatter('%m'))\nplt.cm.viridis(0.5)\nplt.rcParams.copy()",
    "np.random.seed(1)\nnp.random.default_rng(1).normal(size=3)\nnp.linalg.norm([1])\nnp.copy([1])\nnp.select([[1]], [2])\n"
    "np.trace([[1]])\nnp.array([1]).astype(int)\nnp.testing.assert_allclose(1, 1)\nnp.load('a.npy')\nnp.char.upper('a')",
    "pd.api.types.is_numeric_dtype(donnees['a'])\npd.tseries.offsets.MonthEnd()\npd.plotting.scatter_matrix(donnees)\n"
    "pd.testing.assert_frame_equal(donnees, donnees)\nfrom pandas.api.types import CategoricalDtype\npd.io.json.json_normalize",
    "donnees.style.format('{:.2f}')\ndonnees.select_dtypes('number').copy()\ndonnees.time.dt.month\ndonnees.code.str.upper()",
    "import statsmodels.formula.api as smf\nsmf.ols('volume ~ C(commune) + np.log(age)', data=donnees).fit()",
    "import statsmodels.api as sm\nsm.OLS([1], sm.add_constant([1])).fit().summary()\nimport seaborn as sns\nsns.set_theme()",
    "import joblib, pickle\njoblib.dump(total, 'm.joblib')\nwith open('m.pkl', 'wb') as f:\n    pickle.dump(total, f)",
    "import glob, shutil, tempfile, zipfile, urllib.request\nfor chemin in glob.glob('*.csv'):\n    print(chemin)",
    "from pathlib import Path\nfor chemin in Path('.').glob('*.csv'):\n    print(chemin.name, chemin.read_text()[:10])",
    "import csv, json\nwith open('x.csv', newline='') as f:\n    lignes = list(csv.DictReader(f))\njson.loads(json.dumps({'a': 1}))",
    "import os\nprint(os.getcwd(), os.path.join('a', 'b'), os.listdir('.'))\nif not os.path.exists('x'):\n    os.mkdir('x')",
    "import logging\nlogging.basicConfig(level=logging.INFO)\nlogging.getLogger(__name__).info('x')",
    "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    total = 3",
    "match total:\n    case 3:\n        pass\n    case {'a': x}:\n        pass\n    case [1, *reste]:\n        pass",
    "if (n := len([1])) > 0:\n    print(n)\nx, *y = [1, 2, 3]\nprint(*y, sep=';')",
    "modele = LogisticRegression()\nfor nom in ['C', 'max_iter']:\n    print(nom, getattr(modele, nom))\n"
    "setattr(modele, 'C', 2)\nprint(hasattr(modele, 'coef_'), getattr(modele, 'coef_', None))\nmodele.set_params(C=3)",
    "!pip install seaborn\n%pip install tqdm\n%matplotlib inline\n%config InlineBackend.figure_format = 'retina'",
    "from tqdm import tqdm\nfor i in tqdm(range(3)):\n    pass",
    "lignes = ['a']\nlignes.append('b')\nd = {}\nd['a'] = 1\nd.update(b=2)\nd.pop('a')\ns = set()\ns.add(1)",
    "help(pd.DataFrame.merge)\ndonnees.merge(donnees, on='a').pipe(lambda d: d.head()).to_csv('sortie.csv')",
    "voici ma réponse",
    "run = 3",
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
    "lance = exec",
    "list(map(eval, ['1']))",
    "sorted(['1'], key=exec)",
    "@exec\n@(lambda f: '1')\ndef x():\n    pass",
    "import functools\nfunctools.partial(exec, '1')()",
    "class C:\n    __class_getitem__ = print\nC['1']",
    "def f(t, lance=exec):\n    lance(t)",
    "def f(exec=exec):\n    exec('1')",
    "match {'l': exec}:\n    case {'l': lance}:\n        lance('1')",
    "exec = exec\nexec('1')",
    "del exec\nexec('1')",
    "if False:\n    exec = 3\nexec('1')",
    "(g := getattr)(np, 'x')",
    "functools_reduce = getattr",
    "a = 're' + 'x'\ngetattr(total, a)",
    "for nom in ['__glo' + 'bals__']:\n    getattr(print, nom)",
    "for nom in ['__globals__']:\n    getattr(print, nom)",
    "nom = 'x'\nfor nom in ['mean']:\n    pass\nnom = 'en' + 'um'\ngetattr(total, nom)",
    "import re\nre.enum.bltns.print('1')",
    "import re\ngetattr(re, 'enum')",
    "import re\n[re][0].enum",
    "import re\nf = lambda m: m.enum\nf(re)",
    "import re\nm = re\nm.enum",
    "import re\na, b = re, 1",
    "import re\ndef f(m=re):\n    return m.enum",
    "import re\n{'m': re}['m'].enum",
    "import re\nmatch re:\n    case object(enum=e):\n        pass",
    "from re import enum",
    "import json\njson.decoder.scanner",
    "[np.testing][0].runstring('1', {})",
    "np.testing.runstring('1', {})",
    "from numpy.testing import *\nrunstring('1', {})",
    "from numpy import testing as t\nt.rundocs()",
    "np.ctypeslib",
    "np.array([1]).ctypes",
    "pd.io.common.os",
    "plt.sys",
    "import matplotlib\nmatplotlib.cbook.subprocess",
    "import sklearn.base\nsklearn.base.inspect",
    "pd.eval('1')",
    "from pandas import eval as e",
    "donnees.query('@f.x')",
    "donnees.query('@f(1)')",
    "donnees.query('a.__class__ == 1')",
    "donnees.query(''.join(['@', 'f(1)']))",
    "donnees.eval(f'{total}')",
    "donnees.query('a > 1', local_dict={'a': 1})",
    "q = donnees.query\nq('@f(1)')",
    "donnees.apply('eval', expr='@f(1)')",
    "donnees.apply('ev' + 'al', expr='@f(1)')",
    "pd.read_pickle('x')",
    "import pickle\npickle.loads(b'')",
    "from pickle import load",
    "import joblib\njoblib.load('x')",
    "np.load('x.npy', allow_pickle=True)",
    "np.load('x.npy', None, True)",
    "from sklearn.datasets import fetch_california_housing as f\nf(data_home='.')",
    "import yaml",
    "import typing\ntyping.get_type_hints(print)",
    "from typing import get_type_hints",
    "import inspect\ninspect.signature(print, eval_str=True)",
    "import inspect\ninspect.getmembers(print)",
    "import string\nstring.Formatter()",
    "import traceback\nlist(traceback.walk_stack(None))",
    "try:\n    1 / 0\nexcept Exception as e:\n    e.__traceback__",
    "'{0.__globals__}'.format(print)",
    "import timeit\ntimeit.timeit('1')",
    "import cProfile",
    "import doctest",
    "import pydoc",
    "import logging.config",
    "import dataclasses\ndataclasses.make_dataclass('A', [])",
    "from operator import attrgetter",
    "import base64",
    "[get_ipython][0]()",
    "[get_ipython()][0].ex('1')",
    "g = get_ipython\ng().ex('1')",
    "from IPython import get_ipython as g",
    "import IPython\nIPython.get_ipython()",
    "ip = get_ipython()\nip.run_line_magic('time', 'a' + 'b')",
    "run -i triche.py",
    "time exec('1')",
    "import os\nos.chdir('x')",
    "%cd x",
    "print.__self__",
    "memoryview(b'')",
    "print(_i, _ih)",
    "print(__loader__)",
    "import statsmodels.formula.api as smf\nsmf.ols('y ~ exec(1)', data=donnees)",
    "import statsmodels.formula.api as smf\nsmf.ols(formule, data=donnees)",
    "def f():\n    import re\n    return [re]",
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


@pytest.mark.parametrize("notebook", QUESTIONS)
def test_no_answer_of_the_ordinary_course_is_reported(notebook):
    setup = {"exploration": EXPLORATION_SETUP, "modele": MODELE_SETUP}[notebook]
    questions = QUESTIONS[notebook]
    tests = "\n".join(question.test for question in questions)
    reference = [question.solution for question in questions]
    for question in questions:
        for answer in (question.solution, *question.right, *question.wrong, *question.broken):
            assert screen([answer], tests, trusted=[setup], reference=reference) == []


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
