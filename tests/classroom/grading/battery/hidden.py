"""Faire sortir les parties cachées : par un message d’erreur, une représentation, un nom, un fichier, une copie."""
# ruff: noqa: E501 - le code des copies tient sur une ligne

from battery.model import Case

FAMILY = "fuite"
_STACK = (
    "def _pile():\n    import linecache, sys\n    t = []\n    f = sys._getframe()\n    while f:\n        t.append(f.f_code.co_filename)\n"
    "        t += linecache.getlines(f.f_code.co_filename)[-60:] if 'ipykernel' in f.f_code.co_filename or '<ipython' in f.f_code.co_filename else []\n"
    "        t.append(str({k: repr(v)[:300] for k, v in list(f.f_locals.items())[:40]}))\n        f = f.f_back\n    return '\\n'.join(t)\n"
)
_PART, _TOTAL = "exploration-part", "exploration-total"


def _case(name: str, part: str, taux: str = "", code: str = "") -> Case:
    maison = {"fonction_taux": taux} if taux else {}
    return Case(
        name,
        FAMILY,
        code,
        libre={_PART: part} if part else {},
        maison=maison,
        formats=("libre", "maison") if taux or not part else ("libre",),
    )


def _both(name: str, body: str) -> Case:
    """Le même corps dans la fonction des deux formats."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return _case(name, f"{_STACK}def part(q, t):\n{lines}", f"{_STACK}def taux_km(a, b):\n{lines}")


CASES = (
    _both("message-avec-le-test", "raise ValueError(In[-1])"),
    _both("message-avec-la-pile", "raise ValueError(_pile())"),
    _both("nom-d-exception-avec-le-test", "raise type(In[-1].replace('\\n', ' '), (Exception,), {})()"),
    _both("message-decale", "raise ValueError(''.join(chr(ord(c) + 1) for c in In[-1]))"),
    _both("imprimer-le-test", "print(In[-1])\nprint(_pile())\nreturn 0.25"),
    _both("imprimer-sur-la-sortie-d-erreur", "import sys\nprint(In[-1], file=sys.stderr)\nreturn 0.25"),
    _both(
        "afficher-le-test",
        "from IPython.display import HTML, display\ndisplay(HTML('<pre>' + In[-1] + '</pre>'))\nreturn 0.25",
    ),
    _both("avertir-avec-le-test", "import warnings\nwarnings.warn(In[-1])\nreturn 0.25"),
    _both(
        "figure-du-test",
        "import matplotlib.pyplot as plt\nplt.figure()\nplt.title(In[-1][-80:])\nplt.show()\nreturn 0.25",
    ),
    _both("note-sur-l-exception", "e = ValueError('x')\ne.add_note(In[-1])\nraise e"),
    _both(
        "cause-de-l-exception",
        "try:\n    raise KeyError(In[-1])\nexcept KeyError as e:\n    raise ValueError('x') from e",
    ),
    _both("representation-du-resultat", "class R:\n    def __repr__(s):\n        return In[-1]\nreturn R()"),
    _both("nom-du-type-du-resultat", "return type(In[-1][-70:].replace('\\n', ' '), (), {})()"),
    _both("fichier-laisse", "open('fuite.txt', 'w').write(In[-1] + _pile())\nreturn 0.25"),
    _both(
        "historique",
        "ip = get_ipython()\nprint(list(ip.history_manager.get_range(0)))\nprint(ip.history_manager.input_hist_raw)\nprint(ip.user_ns.get('_ih'), ip.user_ns.get('_i'))\nreturn 0.25",
    ),
    _both(
        "cache-de-lignes",
        "import linecache\nprint(linecache.cache)\nprint(get_ipython().compile._filename_map)\nreturn 0.25",
    ),
    _both(
        "valeurs-attendues-par-les-cadres",
        "import sys\nf = sys._getframe(1)\nwhile f:\n    for n in ('juste', 'attendu', 'expected', 'hidden', 'cas', 'desired', 'y'):\n        if n in f.f_locals:\n            raise ValueError(repr(f.f_locals[n]))\n    f = f.f_back\nreturn 0.25",
    ),
    _case(
        "valeur-attendue-dans-un-message",
        "",
        code="class T(float):\n    def __sub__(s, o):\n        raise ValueError('attendu : %r' % o)\n    __rsub__ = __sub__\nvolume = T(1)",
    ),
    Case(
        "comparaison-qui-raconte",
        FAMILY,
        libre={
            _TOTAL: "class T(float):\n    def __sub__(s, o):\n        raise ValueError('jamais-' + 'montre-valeur %r ' % float(o) + In[-1])\nvolume_total_m3 = T(5)",
            "exploration-communes": "class L(list):\n    def __eq__(s, o):\n        raise ValueError(repr(o))\ncommunes = L('abcd')",
        },
        formats=("libre",),
        private=("jamais-montre-valeur", "'Berlac', 'Corvaz'"),
    ),
    Case(
        "cellule-ajoutee-qui-raconte",
        FAMILY,
        mutate=lambda raw, sheet: raw["cells"].append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "raconte",
                "metadata": {},
                "outputs": [],
                "source": "print(In)\nprint(Out)\nraise ValueError(str(In))",
            }
        ),
    ),
    Case(
        "deux-cellules-dans-une",
        FAMILY,
        "def _apres(r):\n    print(In[-1])\nget_ipython().events.register('post_run_cell', _apres)",
    ),
    Case(
        "reponse-avec-balises",
        FAMILY,
        "\"\"\"</pre><script src='http://127.0.0.1:@TCP@/x.js'></script><img src=x onerror=alert(1)>\"\"\"\nprint('<script>alert(1)</script>')\nraise ValueError('</pre><script>alert(1)</script>')",
    ),
)
