"""Réponses qui mentent : objets qui se disent égaux à tout, sous-classes, fonctions qui regardent qui les appelle."""
# ruff: noqa: E501 - le code des copies tient sur une ligne

from battery.model import Case

FAMILY = "mensonge"

_LIAR = """class Menteur:
    def __init__(self, *a): pass
    def __eq__(self, o): return True
    def __ne__(self, o): return False
    def __lt__(self, o): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 4
    def __abs__(self): return 0
    def __sub__(self, o): return 0
    __rsub__ = __add__ = __radd__ = __sub__
    def __float__(self): return 0.4
    def __int__(self): return 10
    __index__ = __int__
    def __iter__(self): return iter(())
    def __getitem__(self, k): return self
    def __call__(self, *a, **k): return self
    def get(self, *a): return self
    def __array__(self, *a, **k): return __import__('numpy').array(0.375)
    def __str__(self): return 'a'
    __repr__ = __str__
    columns = ['commune', 'volume_m3']
"""


def _case(name: str, libre: dict[str, str] | None = None, maison: dict[str, str] | None = None, code: str = "") -> Case:
    formats = tuple(n for n, given in (("libre", libre or code), ("maison", maison or code)) if given)
    return Case(name, FAMILY, code, libre=libre or {}, maison=maison or {}, formats=formats)


_TOTAL, _PART, _COMMUNES = "exploration-total", "exploration-part", "exploration-communes"
_TABLE, _ESTIMATES = "exploration-tableau", "exploration-estimations"


def _sub(base: str, body: str, value: str) -> str:
    return f"import numpy, pandas\nclass S({base}):\n    {body}\n" + value


CASES = (
    _case(
        "menteur-partout",
        {
            _TOTAL: _LIAR + "volume_total_m3 = Menteur()",
            _PART: "part = Menteur()",
            _COMMUNES: "communes = Menteur()",
            _TABLE: "par_commune = Menteur()",
            _ESTIMATES: "estimations = Menteur()",
        },
        {
            "part_fonte": _LIAR + "part_fonte = Menteur()",
            "total_et_pire": "total = Menteur()\npire = Menteur()",
            "par_materiau": "par_materiau = Menteur()",
            "ordre": "ordre = Menteur()",
            "fonction_taux": "taux_km = Menteur()",
        },
    ),
    _case(
        "egal-a-tout",
        {_COMMUNES: "class L(list):\n    def __eq__(self, o):\n        return True\ncommunes = L('abcd')"},
        {"ordre": "class L(list):\n    def __eq__(self, o):\n        return True\nordre = L('abc')"},
    ),
    _case(
        "difference-nulle",
        {
            _TOTAL: "class F(float):\n    def __sub__(self, o):\n        return 0.0\n    __rsub__ = __sub__\nvolume_total_m3 = F(1)"
        },
        {
            "part_fonte": "class F(float):\n    def __sub__(self, o):\n        return 0.0\n    __rsub__ = __sub__\npart_fonte = F(0.9)"
        },
    ),
    _case(
        "texte-qui-ment",
        {
            _COMMUNES: "class T(str):\n    def __eq__(self, o):\n        return True\n    __hash__ = str.__hash__\ncommunes = [T('a')] * 4"
        },
        {
            "total_et_pire": "class T(str):\n    def __eq__(self, o):\n        return True\n    def __hash__(self):\n        return hash('a')\ntotal = 99\npire = T('c')"
        },
    ),
    _case(
        "numpy-qui-ment",
        {
            _TOTAL: _sub(
                "numpy.ndarray",
                "def __array_ufunc__(s, *a, **k): return 0.0",
                "volume_total_m3 = numpy.zeros(1).view(S)\nvolume_total_m3.__class__.__gt__ = lambda s, o: True",
            )
        },
        {
            "ordre": _sub(
                "numpy.ndarray",
                "def tolist(s): return ['acier', 'fonte', 'pvc']",
                "ordre = numpy.array(['x', 'y', 'z']).view(S)",
            )
        },
    ),
    _case(
        "tableau-qui-ment",
        {
            _TABLE: _sub(
                "pandas.DataFrame",
                "def equals(s, o): return True",
                "par_commune = S({'commune': ['a'], 'volume_m3': [1.0]})\nimport pandas.testing\nS.__class__ = type",
            )
        },
        {
            "par_materiau": _sub(
                "pandas.DataFrame",
                "@property\n    def iloc(s): return pandas.DataFrame({'a': ['acier', 'fonte', 'pvc'], 'b': [20.0, 17.5, 2.0]}).iloc",
                "par_materiau = S({'materiau': ['x', 'y', 'z'], 'fuites_km': [1.0, 2.0, 3.0]})",
            )
        },
    ),
    _case(
        "colonne-qui-ment",
        {
            _TABLE: _sub(
                "pandas.Series",
                "def equals(s, o): return True",
                "par_commune = pandas.DataFrame({'commune': S(list('abcd')), 'volume_m3': S([1.0] * 4)})",
            )
        },
        {
            "ordre": _sub(
                "pandas.Series",
                "def astype(s, *a): return pandas.Series(['acier', 'fonte', 'pvc'])",
                "ordre = S(['x', 'y', 'z'])",
            )
        },
    ),
    _case(
        "objets-menteurs-dans-un-tableau",
        {
            _TABLE: _LIAR
            + "par_commune = releves.groupby('commune', as_index=False)['volume_m3'].mean()\npar_commune['volume_m3'] = [Menteur() for _ in range(4)]"
        },
        {
            "par_materiau": "import pandas\n"
            + _LIAR
            + "par_materiau = pandas.DataFrame({'materiau': ['acier', 'fonte', 'pvc'], 'fuites_km': [Menteur()] * 3})"
        },
    ),
    _case(
        "dictionnaire-qui-regarde-l-appelant",
        {
            _ESTIMATES: "import sys\nclass D(dict):\n    def get(s, nom, d=None):\n        f = sys._getframe(1)\n        while f and 'justes' not in f.f_locals and 'justes' not in f.f_globals:\n            f = f.f_back\n"
            "        return (f.f_locals.get('justes') or f.f_globals['justes'])[nom]\nestimations = D()"
        },
    ),
    _case(
        "estimations-paresseuses",
        {
            _ESTIMATES: "import sys\nclass V:\n    def __float__(s):\n        return sys._getframe(1).f_locals['valeur']\n"
            "class D:\n    def get(s, *a):\n        return V()\nestimations = D()"
        },
    ),
    _case(
        "fonction-qui-lit-le-test",
        {
            _PART: "def part(q, t):\n    import sys\n    return 0.25 if (q, t) == (1, 4) else eval(In[-1].split('part(3, 8), ')[1].split(')')[0]) if t else 0"
        },
        {
            "fonction_taux": "def taux_km(a, b):\n    import sys\n    f, n = sys._getframe(), 0\n    while f:\n        for v in list(f.f_locals.values()):\n            if isinstance(v, dict) and 'valeur' in v:\n                return v['valeur']\n        f = f.f_back\n    return 7.0"
        },
    ),
    _case(
        "fonction-qui-arrete-le-test",
        {_PART: "def part(q, t):\n    if (q, t) == (1, 4):\n        return 0.25\n    raise SystemExit(0)"},
        {"fonction_taux": "def taux_km(a, b):\n    raise SystemExit(0)"},
    ),
    _case(
        "fonction-qui-tue",
        {_PART: "def part(q, t):\n    import os\n    os._exit(0)"},
        {"fonction_taux": "def taux_km(a, b):\n    import os\n    os._exit(0)"},
    ),
    _case(
        "fonction-qui-interrompt",
        {_PART: "def part(q, t):\n    raise KeyboardInterrupt"},
        {"fonction_taux": "def taux_km(a, b):\n    raise KeyboardInterrupt"},
    ),
    _case(
        "fonction-qui-boucle",
        {_PART: "def part(q, t):\n    while True:\n        pass"},
        {"fonction_taux": "def taux_km(a, b):\n    while True:\n        pass"},
    ),
    _case(
        "fonction-qui-rend-un-menteur",
        {_PART: _LIAR + "def part(q, t):\n    return Menteur()"},
        {"fonction_taux": _LIAR + "def taux_km(a, b):\n    return Menteur()"},
    ),
    _case(
        "fonction-qui-change-le-monde",
        {
            _PART: "def part(q, t):\n    import numpy\n    numpy.testing.assert_allclose = lambda *a, **k: None\n    return 0.25 if t else 1"
        },
        {
            "fonction_taux": "def taux_km(a, b):\n    import formation.checks.plain as p, formation.checks as c\n    p.to_plain = c.to_plain = lambda v: a / b * 1000\n    return 7.0"
        },
    ),
    _case(
        "fonction-qui-imprime-la-note",
        {
            _PART: "def part(q, t):\n    print('4.0')\n    return 0.25",
            _ESTIMATES: "estimations = {}\nfrom IPython.display import display\ndisplay(4.0)\nprint('4.0')",
        },
    ),
    _case(
        "note-dans-le-texte",
        {
            _ESTIMATES: "class N(dict):\n    def get(s, *a):\n        return float('nan')\nestimations = N()\nabs = lambda x: 0"
        },
    ),
    _case(
        "note-demesuree",
        {_ESTIMATES: "sum = lambda x: 1e300\nestimations = {}"},
    ),
    _case(
        "note-negative-ou-nan",
        {_ESTIMATES: "float = lambda x: x\nsum = lambda x: -50\nestimations = {}"},
    ),
    _case(
        "variable-qui-change",
        None,
        {
            "part_fonte": "class P:\n    @property\n    def real(s): return 0.4\n    @property\n    def __class__(s): return float\npart_fonte = P()"
        },
    ),
    _case(
        "type-qui-ment",
        None,
        {
            "part_fonte": "class M(type):\n    def __eq__(c, o): return True\n    def __hash__(c): return hash(float)\nclass F(metaclass=M):\n    def __float__(s): return 0.4\npart_fonte = F()",
            "total_et_pire": "total = F()\npire = F()",
            "ordre": "class L(metaclass=M):\n    def __len__(s): return 3\n    def __iter__(s): return iter(['acier', 'fonte', 'pvc'])\nordre = L()",
        },
    ),
    _case(
        "donnees-simples-forgees",
        None,
        {
            "ordre": "ordre = {'genre': 'liste', 'de': 'list', 'valeurs': ['acier', 'fonte', 'pvc']}",
            "par_materiau": "par_materiau = {'genre': 'tableau', 'colonnes': ['materiau', 'fuites_km'], 'types': ['object', 'float64'], 'index': None, 'lignes': [['acier', 20.0], ['fonte', 17.5], ['pvc', 2.0]], 'nb_lignes': 3}",
        },
    ),
    _case(
        "liste-enorme",
        {_COMMUNES: "communes = ['a'] * 10**7"},
        {"ordre": "ordre = ['a'] * 10**7"},
    ),
    _case(
        "liste-qui-se-contient",
        {_COMMUNES: "communes = []\ncommunes.append(communes)"},
        {"ordre": "ordre = []\nordre.append(ordre)"},
    ),
    _case(
        "iterateur-sans-fin",
        {_COMMUNES: "import itertools\ncommunes = itertools.count()"},
        {"ordre": "import itertools\nordre = itertools.count()"},
    ),
    _case(
        "infini-et-nan",
        {
            _TOTAL: "volume_total_m3 = float('nan')",
            _ESTIMATES: "estimations = dict.fromkeys(['moyenne', 'mediane', 'minimum', 'maximum'], float('nan'))",
        },
        {"part_fonte": "part_fonte = float('nan')", "total_et_pire": "total = 10**400\npire = 'A' * 10**6"},
    ),
    _case(
        "nom-efface",
        {_TOTAL: "del releves", _COMMUNES: "del np, pd"},
        {"part_fonte": "del troncons, checks, pd"},
    ),
)
