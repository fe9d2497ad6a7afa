"""Truquer l’interpréteur pour que des réponses fausses passent."""
# ruff: noqa: E501 - le code des copies tient sur une ligne

from battery.model import Case

FAMILY = "trucage"
_IP = "ip = get_ipython()\n"


def _case(name: str, code: str, **options: object) -> Case:
    return Case(name, FAMILY, code, **options)  # type: ignore[arg-type]


SHELL = (
    _case(
        "transformateur-d-arbre",
        "import ast\nclass T(ast.NodeTransformer):\n    def visit_Assert(self, n):\n"
        "        return ast.copy_location(ast.Pass(), n)\n    def visit_Expr(self, n):\n"
        "        return n if not isinstance(n.value, ast.Call) else ast.copy_location(ast.Pass(), n)\n"
        "get_ipython().ast_transformers.append(T())",
    ),
    _case(
        "transformateur-de-texte",
        "get_ipython().input_transformers_post.append(lambda l: ['pass\\n'] if any('assert' in x or 'checks' in x for x in l) else l)",
    ),
    _case("transformateur-de-texte-avant", "get_ipython().input_transformers_cleanup.append(lambda l: ['4.0\\n'])"),
    _case("run-code-remplace", _IP + "async def faux(*a, **k):\n    return False\nip.run_code = faux"),
    _case(
        "run-code-de-la-classe",
        "import IPython\nasync def faux(self, *a, **k):\n    return False\n"
        "IPython.core.interactiveshell.InteractiveShell.run_code = faux",
    ),
    _case(
        "run-cell-remplace",
        _IP + "from IPython.core.interactiveshell import ExecutionResult\n"
        "ip.run_cell = lambda *a, **k: ExecutionResult(None)\ntype(ip).run_cell = lambda *a, **k: ExecutionResult(None)",
    ),
    _case("run-ast-nodes-remplace", _IP + "async def faux(*a, **k):\n    return False\nip.run_ast_nodes = faux"),
    _case(
        "erreurs-muettes",
        _IP + "ip.showtraceback = lambda *a, **k: None\nip._showtraceback = lambda *a, **k: None\n"
        "ip.showsyntaxerror = lambda *a, **k: None",
    ),
    _case("exceptions-prises-en-charge", "get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)"),
    _case(
        "resultat-toujours-bon",
        "from IPython.core.interactiveshell import ExecutionResult as R\n"
        "R.error_in_exec = property(lambda s: None, lambda s, v: None)\nR.error_before_exec = property(lambda s: None, lambda s, v: None)\n"
        "R.success = property(lambda s: True)\nR.raise_error = lambda s: None",
    ),
    _case("interactivite-changee", _IP + "ip.ast_node_interactivity = 'none'"),
    _case(
        "affichage-truque",
        "get_ipython().display_formatter.formatters['text/plain'].for_type(float, lambda *a: '4.0')\n"
        "get_ipython().display_formatter.formatters['text/plain'].for_type(int, lambda o, p, c: p.text('4'))",
    ),
    _case(
        "crochet-d-affichage",
        "import sys\nip = get_ipython()\nip.displayhook.compute_format_data = lambda r: ({'text/plain': '4.0'}, {})\n"
        "sys.displayhook = ip.displayhook",
    ),
    _case(
        "evenement-avant-cellule",
        "def lis(info):\n    g = get_ipython().user_ns\n    if 'juste' in info.raw_cell:\n"
        "        g['volume_total_m3'] = __import__('pandas').read_csv('releves.csv')['volume_m3'].sum()\n"
        "    if 'communes ==' in info.raw_cell:\n        g['communes'] = eval(info.raw_cell.split('communes == ')[1].split(',\\n')[0].split(', \"')[0] + '') if False else ['Aubeline', 'Berlac', 'Corvaz', 'Dolmont']\n"
        "get_ipython().events.register('pre_run_cell', lis)",
    ),
    _case(
        "evenement-apres-cellule",
        "def efface(r):\n    r.error_in_exec = None\n    r.error_before_exec = None\n"
        "get_ipython().events.register('post_run_cell', efface)",
    ),
    _case(
        "espace-de-noms-remplace",
        "class D(dict):\n    def __getitem__(s, k):\n        return dict.__getitem__(s, k)\n"
        "ip = get_ipython()\nip.user_ns = D(ip.user_ns)\nip.user_module.__dict__.update(vars(ip.user_module))",
    ),
    _case(
        "shell-remplace",
        "import IPython\nclass Faux:\n    def __getattr__(s, n):\n        return lambda *a, **k: s\n"
        "IPython.core.interactiveshell.InteractiveShell._instance = Faux()\nimport builtins\nbuiltins.get_ipython = lambda: Faux()",
    ),
    _case(
        "compilateur-remplace",
        "import builtins\nvrai = compile\ndef compile_(source, *a, **k):\n"
        "    return vrai('pass' if isinstance(source, str) and 'assert' in source else source, *a, **k)\nbuiltins.compile = compile_\n"
        "get_ipython().compile.__class__.__call__ = lambda s, *a, **k: vrai('pass', 'x', 'exec')",
    ),
    _case(
        "analyseur-remplace",
        "import ast\nvrai = ast.parse\nast.parse = lambda s, *a, **k: vrai('pass' if isinstance(s, str) and ('assert' in s or 'checks' in s) else s, *a, **k)\n"
        "get_ipython().compile.ast_parse = lambda s, *a, **k: vrai('pass')",
    ),
)

_HOLDS = (
    "la copie porte la bonne valeur, 0,4, en toutes lettres : changer la traduction pour la rendre revient à l’écrire "
    "dans la variable, et la comparaison se fait ailleurs ; aucune valeur cachée n’est apprise"
)

PYTHON = (
    _case(
        "fonctions-natives-remplacees",
        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.isinstance = lambda *a: True\n"
        "builtins.len = lambda x: 4\nbuiltins.sum = lambda *a: 4\nbuiltins.set = lambda *a: 0\nbuiltins.sorted = lambda *a, **k: []",
    ),
    _case(
        "noms-masques",
        "abs = lambda x: 0\nlen = lambda x: 4\nset = lambda x: 0\nfloat = lambda x: 4.0\nsum = lambda x: 4\nsorted = lambda x: x",
    ),
    _case(
        "float-remplace",
        "import builtins\nbuiltins.float = lambda *a: 4.0",
        maison={"part_fonte": "import builtins\nbuiltins.float = lambda *a: 0.4\npart_fonte = 0.9"},
        holds=_HOLDS,
    ),
    _case(
        "numpy-truque",
        "import numpy\nnumpy.testing.assert_allclose = lambda *a, **k: None\nnumpy.testing.assert_array_equal = lambda *a, **k: None\n"
        "numpy.isclose = lambda *a, **k: True\nnumpy.allclose = lambda *a, **k: True",
    ),
    _case(
        "pandas-truque",
        "import pandas\npandas.testing.assert_frame_equal = lambda *a, **k: None\npandas._testing.assert_frame_equal = lambda *a, **k: None",
    ),
    _case(
        "code-d-une-fonction-remplace",
        "import numpy, pandas\nrien = lambda *a, **k: None\nnumpy.testing.assert_allclose.__wrapped__ = rien\n"
        "try:\n    pandas.testing.assert_frame_equal.__code__ = rien.__code__\nexcept ValueError:\n    pass\nnumpy.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__",
    ),
    _case(
        "pandas-lit-autre-chose",
        "import pandas\npandas.read_csv = lambda *a, **k: pandas.DataFrame({'commune': list('abcd'), 'volume_m3': [0.25] * 4})",
    ),
    _case(
        "noms-de-modules-masques",
        "class Tout:\n    def __getattr__(s, n):\n        return lambda *a, **k: s\n    def __getitem__(s, k):\n        return s\n"
        "    def __sub__(s, o):\n        return 0\n    def __rsub__(s, o):\n        return 0\n    def __lt__(s, o):\n        return True\nnp = pd = checks = Tout()",
    ),
    _case(
        "modules-echanges",
        "import sys, types\nfaux = types.ModuleType('numpy')\nfaux.__getattr__ = lambda n: (lambda *a, **k: None)\n"
        "for n in ('numpy', 'numpy.testing', 'pandas', 'pandas.testing'):\n    sys.modules[n] = faux",
    ),
    _case(
        "crochet-d-import",
        "import sys\nclass F:\n    def find_spec(s, n, p=None, t=None):\n        return None\n    find_module = find_spec\n"
        "sys.meta_path.insert(0, F())\nimport builtins\nvrai = builtins.__import__\nbuiltins.__import__ = lambda n, *a, **k: vrai(n, *a, **k)",
    ),
    _case(
        "trace-qui-saute",
        "import sys\ndef trace(f, e, a):\n    f.f_trace_lines = True\n    if e == 'line' and 'assert' in ''.join(In[-1:]):\n"
        "        try:\n            f.f_lineno = max(l for _, _, l in f.f_code.co_lines() if l)\n        except Exception:\n            pass\n    return trace\n"
        "sys.settrace(trace)\nsys._getframe().f_trace = trace",
    ),
    _case("profilage", "import sys\ndef p(f, e, a):\n    f.f_globals.update(volume_total_m3=0)\nsys.setprofile(p)"),
    _case(
        "fil-qui-triche",
        "import threading, time\ndef t():\n    while True:\n        g = get_ipython().user_ns\n        if 'juste' in g:\n"
        "            g['volume_total_m3'] = g['juste']\n        time.sleep(0.0005)\nthreading.Thread(target=t, daemon=True).start()",
    ),
    _case(
        "minuterie-qui-triche",
        "import signal\ndef h(*a):\n    g = get_ipython().user_ns\n    g['volume_total_m3'] = g.get('juste', 1)\n"
        "signal.signal(signal.SIGALRM, h)\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)",
    ),
    _case("interruption-detournee", "import signal\nsignal.signal(signal.SIGINT, lambda *a: print('4.0'))"),
    _case("faux-est-vrai", "import ctypes\nctypes.c_long.from_address(id(False) + 24).value = 1"),
    _case(
        "methodes-du-float",
        "import ctypes, gc\nd = gc.get_referents(float.__dict__)[0]\nd['__lt__'] = lambda a, b: True\nd['__abs__'] = lambda a: 0\n"
        "ctypes.pythonapi.PyType_Modified(ctypes.py_object(float))",
    ),
    _case(
        "methodes-de-la-liste",
        "import ctypes, gc\nd = gc.get_referents(list.__dict__)[0]\nd['__eq__'] = lambda a, b: True\n"
        "ctypes.pythonapi.PyType_Modified(ctypes.py_object(list))",
    ),
    _case(
        "egalite-des-tableaux",
        "import pandas\npandas.DataFrame.equals = lambda *a: True\npandas.DataFrame.__eq__ = lambda *a: True\npandas.Series.__eq__ = lambda *a: True\npandas.Series.sum = lambda *a, **k: 1.0",
    ),
    _case(
        "audit-et-fin",
        "import atexit, os\natexit.register(lambda: os._exit(0))\nimport sys\nsys.addaudithook(lambda *a: None)",
    ),
    _case(
        "ramasse-miettes",
        "import gc\ngc.callbacks.append(lambda *a: get_ipython().user_ns.update(volume_total_m3=get_ipython().user_ns.get('juste', 1)))\ngc.set_threshold(1)",
    ),
    _case(
        "sorties-remplacees",
        "import sys, io\nsys.stdout = sys.stderr = io.StringIO()\nsys.excepthook = lambda *a: None",
    ),
    _case("sortie-de-niveau-c", 'import os\nos.write(1, b\'{"statut": "ok", "status": "ok", "outputs": []}\\n\' * 50)'),
    _case(
        "trames-forgees",
        "import json, os, struct\nfor m in ({'status': 'ok', 'outputs': [], 'seconds': 0}, {'statut': 'ok', 'sorties': [], 'secondes': 0}):\n"
        "    b = json.dumps(m).encode()\n    for fd in range(0, 64):\n        for entete in (struct.pack('>I', len(b)), struct.pack('<I', len(b)), struct.pack('>Q', len(b)), b''):\n"
        "            try:\n                os.write(fd, entete + b)\n            except OSError:\n                pass",
    ),
    _case(
        "trames-avec-le-jeton",
        "import gc, json, os, struct, sys\njetons = set()\nf = sys._getframe()\nwhile f:\n    for k, v in list(f.f_locals.items()):\n"
        "        if isinstance(v, str) and 8 <= len(v) <= 80 and ' ' not in v:\n            jetons.add(v)\n        if type(v) is dict:\n"
        "            jetons |= {x for x in v.values() if type(x) is str and 8 <= len(x) <= 80}\n    f = f.f_back\n"
        "for j in sorted(jetons)[:50]:\n    for m in ({'nonce': j, 'jeton': j, 'status': 'ok', 'statut': 'ok', 'outputs': [], 'sorties': [], 'seconds': 0},):\n"
        "        b = json.dumps(m).encode()\n        for fd in range(3, 64):\n            try:\n                os.write(fd, struct.pack('>I', len(b)) + b)\n            except OSError:\n                pass",
    ),
    _case(
        "protocole-detourne",
        "import gc, sys\nf = sys._getframe()\nwhile f:\n    g = f.f_globals\n    if g.get('__name__', '').startswith('formation.classroom'):\n"
        "        for n, v in list(g.items()):\n            if callable(v) and n.lower() in ('send', 'reply', 'run_cell', 'answer', 'export', 'canary', 'read_frame', 'write_frame'):\n"
        "                g[n] = lambda *a, **k: None\n    f = f.f_back",
    ),
    _case(
        "modules-du-correcteur-remplaces",
        "import sys\nfor n, m in list(sys.modules.items()):\n    if n.startswith('formation.classroom'):\n"
        "        for k, v in list(vars(m).items()):\n            if isinstance(v, type) or callable(v):\n                try:\n                    setattr(m, k, lambda *a, **x: None)\n                except Exception:\n                    pass",
    ),
    _case(
        "json-truque",
        "import json\nvrai = json.dumps\ndef faux(o, *a, **k):\n    if isinstance(o, dict):\n        o = {**o, 'status': 'ok', 'statut': 'ok'}\n        if 'outputs' in o:\n            o['outputs'] = []\n    return vrai(o, *a, **k)\n"
        "json.dumps = faux\njson.encoder.JSONEncoder.encode = lambda s, o: '{}'",
    ),
    _case("time-truque", "import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0"),
    _case(
        "hasard-truque",
        "import random, secrets, os\nos.urandom = lambda n: b'0' * n\nrandom.random = lambda: 0.5\nsecrets.token_hex = lambda n=None: '0' * 32",
    ),
)

CHECKS = (
    _case(
        "checks-remplace",
        "import formation.checks as c\nfor n in ('expect', 'compare', 'judge', 'to_plain', 'from_plain', 'expect_function'):\n    setattr(c, n, lambda *a, **k: None)",
    ),
    _case(
        "to-plain-remplace",
        "import formation.checks as c, formation.checks.plain as p, sys\nvaleurs = iter([0.4, 10, 'a'])\n"
        "faux = lambda v: 0.4\nc.to_plain = p.to_plain = p._convert = faux\nfor m in list(sys.modules.values()):\n    if hasattr(m, 'to_plain'):\n        m.to_plain = faux",
        holds=_HOLDS,
    ),
    _case(
        "contenants-remplaces",
        "import formation.checks.plain as p\np._CONTAINERS.clear()\np.MAX_ITEMS = p.MAX_TEXT = 10**12\np._BOOLS = p._INTS = p._FLOATS = (object,)",
    ),
    _case(
        "attentes-reecrites",
        "import json\njson.dump({'format': 1, 'exercice': 'x', 'attentes': {}}, open('attentes.json', 'w'))",
    ),
    _case(
        "attentes-effacees",
        "import os\nfor n in ('attentes.json', 'releves.csv'):\n    try:\n        os.remove(n)\n    except OSError:\n        pass",
    ),
    _case("donnees-reecrites", "open('releves.csv', 'w').write('releve,commune,volume_m3\\n1,Aubeline,1.0\\n')"),
    _case(
        "appels-de-fonction-truques",
        "import formation.checks as c, formation.checks.function as f\nfor m in (c, f):\n    for n in dir(m):\n        if 'call' in n or 'function' in n:\n"
        "            try:\n                setattr(m, n, lambda *a, **k: [])\n            except Exception:\n                pass",
    ),
)

CASES = (*SHELL, *PYTHON, *CHECKS)
