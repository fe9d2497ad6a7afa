"""Épuiser la machine ou le correcteur : boucles, mémoire, processus, disque, sorties."""

from battery.model import Case, attack

FAMILY = "ressources"


_BOTH = ("boucle-sans-fin", "arret-brutal", "million-de-lignes", "fermer-les-descripteurs", "se-figer", "demon")
"""Cas joués dans les deux formats ; les autres ne dépendent pas du format et coûtent cher."""


def _case(name: str, code: str, keeps: str = "") -> Case:
    formats = ("libre", "maison") if name in _BOTH else ("libre",)
    return Case(name, FAMILY, code, base="juste", keeps=keeps, formats=formats)


_LOOP = "while True:\n    pass"

CASES = (
    _case("boucle-sans-fin", _LOOP, "autres"),
    _case(
        "boucle-qui-avale-les-interruptions",
        f"while True:\n    try:\n        {_LOOP.replace(chr(10), chr(10) + '        ')}\n"
        "    except BaseException:\n        pass",
    ),
    _case("interruption-ignoree", f"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n{_LOOP}"),
    _case(
        "tous-les-signaux-ignores",
        "import signal\nfor s in range(1, 32):\n    try:\n"
        f"        signal.signal(s, signal.SIG_IGN)\n    except Exception:\n        pass\n{_LOOP}",
    ),
    _case("sommeil", "import time\ntime.sleep(10**6)", "autres"),
    _case("attente-asynchrone", "import asyncio\nawait asyncio.sleep(10**6)", "autres"),
    _case("minuterie", "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(1)"),
    _case("entier-geant", "n = 9 ** (9 ** 9)"),
    _case("entier-en-texte", "import sys\nsys.set_int_max_str_digits(0)\nlen(str(7 ** (5 * 10**6)))"),
    _case("motif-catastrophique", "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"),
    _case("memoire-octets", "blocs = []\nwhile len(blocs) < 40:\n    blocs.append(bytearray(b'x' * 100_000_000))"),
    _case("memoire-liste", "liste = [0]\nfor _ in range(29):\n    liste += liste"),
    _case("memoire-numpy", "import numpy\ngrand = numpy.ones(400_000_000)\ngrand2 = grand + 1"),
    _case("memoire-pandas", "import pandas\npandas.DataFrame({'a': range(50_000_000)}).astype(str)"),
    _case(
        "cinq-cents-fils",
        "import threading, time\nfor _ in range(500):\n"
        "    threading.Thread(target=time.sleep, args=(10**6,), daemon=True).start()",
    ),
    _case(
        "fil-qui-survit",
        "import threading\ndef _tourne():\n    while True:\n        pass\nthreading.Thread(target=_tourne).start()",
    ),
    _case(
        "quarante-fourches",
        "import os, time\nfor _ in range(40):\n    if os.fork() == 0:\n        time.sleep(30)\n        os._exit(0)",
    ),
    _case(
        "demon",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        time.sleep(30)\n    os._exit(0)",
    ),
    _case(
        "multiprocessing",
        "import multiprocessing, time\nfor _ in range(5):\n"
        "    multiprocessing.get_context('fork').Process(target=time.sleep, args=(30,)).start()",
    ),
    _case(
        "joblib-parallele",
        "from joblib import Parallel, delayed\nParallel(n_jobs=4)(delayed(abs)(i) for i in range(8))",
    ),
    _case("gros-fichier", "with open('gros', 'wb') as f:\n    for _ in range(600):\n        f.write(b'x' * 1_000_000)"),
    _case("beaucoup-de-fichiers", "for i in range(30_000):\n    open(f'f{i}', 'w').write('x' * 5_000)"),
    _case("fichier-creux", "f = open('creux', 'wb')\nf.truncate(10**12)"),
    _case("dossiers-emboites", "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')"),
    _case("descripteurs", "import os\nouverts = [os.dup(1) for _ in range(5_000)]"),
    _case("million-de-lignes", "for i in range(1_000_000):\n    print(i)", "autres"),
    _case("une-ligne-enorme", "print('x' * 50_000_000)", "autres"),
    _case(
        "sortie-du-niveau-c",
        "import os\nfor _ in range(500):\n    os.write(1, b'x' * 100_000)\n    os.write(2, b'y' * 100_000)",
    ),
    _case(
        "dix-mille-affichages",
        "from IPython.display import HTML, display\nfor i in range(10_000):\n    display(HTML('<b>x</b>' * 50))",
        "autres",
    ),
    _case(
        "affichages-effaces",
        "from IPython.display import clear_output\nfor i in range(5_000):\n    print(i)\n    clear_output()",
    ),
    _case("recursion", "def f(n):\n    return f(n + 1)\nf(0)", "autres"),
    _case("recursion-sans-limite", "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return [f(n + 1)]\nf(0)"),
    _case("pile-du-niveau-c", "x = []\nfor _ in range(10**6):\n    x = [x]\nrepr(x)"),
    _case("representation-enorme", "class R:\n    def __repr__(self):\n        return 'x' * 200_000_000\ndisplay(R())"),
    _case(
        "representation-sans-fin",
        "class R:\n    def __repr__(self):\n        while True:\n            pass\ndisplay(R())",
        "autres",
    ),
    _case("message-enorme", "raise ValueError('x' * 100_000_000)"),
    _case(
        "message-sans-fin",
        "class E(Exception):\n    def __str__(self):\n        while True:\n            pass\nraise E()",
    ),
    _case(
        "chaine-d-exceptions",
        "e = ValueError()\nfor _ in range(100_000):\n    f = ValueError()\n    f.__cause__ = e\n    e = f\nraise e",
    ),
    _case(
        "figure-geante",
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(500, 500), dpi=200)\nplt.plot([0, 1])\nplt.show()",
    ),
    _case(
        "cent-figures",
        "import matplotlib.pyplot as plt\nfor _ in range(60):\n    plt.figure()\n    plt.plot([0, 1])\nplt.show()",
    ),
    _case(
        "sortie-profonde",
        "from IPython.display import publish_display_data\nd = {}\nfor _ in range(20_000):\n"
        "    d = {'a': d}\npublish_display_data({'application/json': d, 'text/plain': 'x'})",
    ),
    _case(
        "sortie-non-texte",
        "from IPython.display import publish_display_data\n"
        "publish_display_data({'text/plain': object(), 3: 'x', 'image/png': b'\\xff' * 10})",
    ),
    _case("demi-caracteres", "print('\\ud800 \\udfff \\x00 \\x1b[2J')", "tout"),
    _case("question-au-clavier", "input('Votre nom ?')", "autres"),
    _case("fichiers-sans-fin", "open('/dev/zero', 'rb').read()"),
    _case("arret-brutal", "import os\nos._exit(0)"),
    _case("sortie-propre", "import sys\nsys.exit(0)"),
    _case("quit", "quit()"),
    _case("se-tuer", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
    _case("se-figer", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    _case("faute-de-memoire", "import ctypes\nctypes.string_at(0)"),
    _case("abort", "import os\nos.abort()"),
    _case("fermer-les-descripteurs", "import os\nos.closerange(0, 1_000)"),
    _case("fin-qui-bloque", "import atexit, time\natexit.register(time.sleep, 10**6)", "tout"),
    _case(
        "destructeur-qui-boucle", "class D:\n    def __del__(self):\n        while True:\n            pass\ngarde = D()"
    ),
    _case(
        "relever-les-bornes",
        attack(
            "import resource\nfor borne in (resource.RLIMIT_CPU, resource.RLIMIT_AS, "
            "resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):\n"
            "    essai(lambda: resource.setrlimit(borne, (resource.RLIM_INFINITY,) * 2))\n"
        )
        + _LOOP,
    ),
    _case(
        "ramasse-miettes-coupe",
        "import gc\ngc.disable()\ngc.set_threshold(0)\nfor i in range(10**5):\n    a = []\n    a.append(a)",
    ),
)
