"""Prendre la place de l’interpréteur sans employer un seul des mots que la relecture surveille.

Chaque cas finit par le même code : il retrouve la prise de l’enfant et répond lui-même « tout va bien » à chaque test,
canaris compris. Dans un test exécuté chez le stagiaire, seule la relecture du texte peut le voir.
"""
# ruff: noqa: E501 - le code des copies tient sur une ligne

from __future__ import annotations

import base64
import pickle
from pathlib import Path

from battery.model import Case, Lab, Sheet

FAMILY = "contournement"

TAKEOVER = """
import sys
f = sys._getframe()
q = c = None
while f is not None:
    r = f.f_locals.get('request')
    if q is None and type(r) is dict and 'n' in r:
        q = r
    if c is None and hasattr(f.f_locals.get('channel'), 'receive'):
        c = f.f_locals['channel']
    f = f.f_back
while q is not None and c is not None:
    n = len(q.get('sources', []))
    c.send({'sorties': [], 'erreur': False, 'coupe': False, 'echecs': [True] * n, 'changements': [], 'types': {}, 'n': q['n']})
    q = c.receive(50_000_000)
"""
_TEXT = base64.b64encode(TAKEOVER.encode()).decode()
_DECODE = f"import base64\ntexte = base64.b64decode('{_TEXT}').decode()\n"


class _Reduced:
    """Se relit en exécutant le code."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, (TAKEOVER,)


_PICKLE = f"import base64, io\noctets = base64.b64decode('{base64.b64encode(pickle.dumps(_Reduced())).decode()}')\n"


def _case(name: str, code: str) -> Case:
    return Case(name, FAMILY, code, formats=("libre",))


def _module(name: str) -> Case:
    def place(folder: Path, sheet: Sheet, lab: Lab) -> None:
        (folder / f"{name}.py").write_text(TAKEOVER, encoding="utf-8")

    return Case(f"module-{name}-joint", FAMILY, f"import {name}", place=place, formats=("libre",))


CASES = (
    _case("prise-en-clair", TAKEOVER),
    _case("prise-par-exec", _DECODE + "exec(texte)"),
    _case("exec-sous-un-autre-nom", _DECODE + "lance = exec\nlance(texte)"),
    _case("exec-par-map", _DECODE + "list(map(exec, [texte]))"),
    _case("exec-en-cle-de-tri", _DECODE + "sorted([texte], key=exec)"),
    _case("exec-en-decorateur", _DECODE + "@exec\n@(lambda f: texte)\ndef x():\n    pass"),
    _case("exec-par-partial", _DECODE + "import functools\nfunctools.partial(exec, texte)()"),
    _case("exec-par-crochets", _DECODE + "class C:\n    __class_getitem__ = exec\nC[texte]"),
    _case("exec-par-numpy-vectorize", _DECODE + "np.vectorize(exec, otypes=[object])([texte])"),
    _case("exec-par-apply", _DECODE + "pd.Series([texte]).apply(exec)"),
    _case("exec-par-un-module-d-un-module", _DECODE + "import re\nre.enum.bltns.exec(texte)"),
    _case("exec-par-sys-d-un-module", _DECODE + "import re\nre.enum.sys.modules['buil' + 'tins'].exec(texte)"),
    _case("getattr-sous-un-autre-nom", _DECODE + "import re\ng = getattr\ng(re.enum, 'blt' + 'ns').exec(texte)"),
    _case("numpy-runstring", _DECODE + "np.testing.runstring(texte, {})"),
    _case("timeit", _DECODE + "import timeit\ntimeit.timeit(texte, number=1)"),
    _case("profil", _DECODE + "import cProfile\ncProfile.run(texte)"),
    _case("pydoc-locate", _DECODE + "import pydoc\npydoc.locate('builtins.ex' + 'ec')(texte)"),
    _case("pickle", _PICKLE + "import pickle\npickle.loads(octets)"),
    _case("pickle-par-pandas", _PICKLE + "pd.read_pickle(io.BytesIO(octets))"),
    _case("pickle-par-joblib", _PICKLE + "import joblib\njoblib.load(io.BytesIO(octets))"),
    _case("pickle-par-numpy", _PICKLE + "open('x.npy', 'xb').write(octets)\nnp.load('x.npy', allow_pickle=True)"),
    _case(
        "annotations-evaluees",
        _DECODE + "import typing\nclass A:\n    x: 'exec(texte)'\ntyping.get_type_hints(A, {'texte': texte})",
    ),
    _case(
        "annotations-par-inspect",
        _DECODE + "import inspect\ndef f(x: 'exec(texte)'):\n    pass\ninspect.signature(f, eval_str=True)",
    ),
    _case(
        "eval-de-pandas",
        _DECODE
        + "def f():\n    pass\npd.eval('f.__glo' + 'bals__', local_dict={'f': f}, engine='python')['__buil' + 'tins__'].exec(texte)",
    ),
    _case("requete-de-pandas", _DECODE + "import re\nreleves.query('@re.enum.bltns.exec(@texte)', engine='python')"),
    _case(
        "formatter",
        _DECODE
        + "import string\ndef f():\n    pass\nb = string.Formatter().get_field('0.__globals__[__builtins__]', (f,), {})[0]\nb.exec(texte)",
    ),
    _case(
        "inspect-getmembers",
        _DECODE + "import inspect, re\ndict(inspect.getmembers(re.enum.bltns))['ex' + 'ec'](texte)",
    ),
    _case(
        "pile-par-traceback",
        _DECODE
        + "import string, traceback\nfor cadre, _ in traceback.walk_stack(None):\n    b = string.Formatter().get_field('0.f_builtins[exec]', (cadre,), {})[0]\n    b(texte)",
    ),
    _case("interpreteur-par-une-liste", _DECODE + "g = [get_ipython][0]\ng().ex(texte)"),
    _case("interpreteur-importe", _DECODE + "from IPython import get_ipython as g\ng().ex(texte)"),
    _case("magie-time", _DECODE + "ip = get_ipython()\nip.run_line_magic('time', 'lance = ex' + 'ec; lance(texte)')"),
    _case(
        "magie-run",
        _DECODE + "open('essai_x.py', 'x').write(texte)\nget_ipython().run_line_magic('run', '-i essai_x.py')",
    ),
    _case(
        "journal-configure",
        _DECODE
        + "import logging.config\nlogging.config.dictConfig({'version': 1, 'formatters': {'f': {'()': 'builtins.ex' + 'ec', 'format': 'x'}}})",
    ),
    _case(
        "yaml-sans-garde",
        _DECODE
        + "import yaml\nyaml.load('!!python/object/apply:builtins.exec [' + repr(texte) + ']', Loader=yaml.UnsafeLoader)",
    ),
    _case(
        "doctest",
        _DECODE
        + "import doctest\ndef f():\n    '''>>> exec(texte)'''\ndoctest.run_docstring_examples(f, {'texte': texte})",
    ),
    _case("attribut-de-classe", _DECODE + "class K:\n    lance = exec\nK.lance(texte)"),
    _case("valeur-par-defaut", _DECODE + "def f(t, lance=exec):\n    lance(t)\nf(texte)"),
    _case("filtrage-par-motif", _DECODE + "match {'l': exec}:\n    case {'l': lance}:\n        lance(texte)"),
    _module("seaborn"),
    _module("tqdm"),
    _module("yaml"),
    _module("outils_perso"),
)
