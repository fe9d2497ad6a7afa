"""L’exécuteur rend ce que nbclient aurait rangé dans le carnet."""

import re

import nbformat
import pytest
from nbgrader.preprocessors import Execute

from formation.classroom.grading.executor import Zygote
from formation.classroom.grading.types import Limits

pytestmark = pytest.mark.lent

NOTEBOOKS = {
    "affichages": [
        "1 + 1",
        "print('a')\nprint('b')\n[1, 2]",
        "x = 3\nx;",
        "display(1)\nprint(2)\ndisplay({'a': 1})\n'fin'",
        "None",
        "from IPython.display import HTML, Markdown\ndisplay(HTML('<b>x</b>'))\nMarkdown('*x*')",
        "_ , _1, Out[1], len(In)",
        "%%time\ny = 2",
        "h = display('avant', display_id=True)\nh.update('après')",
        "from IPython.display import clear_output\nprint('x')\nclear_output()\nprint('y')",
        "print('a', end='')\nprint('b', flush=True)\nprint('c')",
        "'é' * 3 + '\\u2028'",
        "class A:\n    def _repr_html_(self):\n        return '<i>a</i>'\nA()",
        "get_ipython().__class__.__name__",
        "len?",
    ],
    "erreurs": [
        "1 / 0",
        "def f(x):\n    return g(x)\ndef g(x):\n    raise ValueError('é')\nf(1)",
        "def f(:\n    pass",
        "  x = 1\n y = 2",
        "import sys\nprint('e', file=sys.stderr)\nprint('o')",
        "import warnings\nwarnings.warn('attention')",
        "input('nom ?')",
        "assert 1 == 2, 'raté'",
        "from formation.checks import ReponseInattendue\nraise ReponseInattendue('message bref\\nsur deux lignes')",
        "raise KeyError('a') from ValueError('b')",
        "x = 5\nx +",
        "%inconnue",
        "class B:\n    def __repr__(self):\n        raise RuntimeError('repr')\nB()",
        "import sys\nsys.exit(3)",
        "return 3",
        "raise ExceptionGroup('g', [ValueError(1)])",
    ],
    "bibliothèques": [
        "import numpy as np, pandas as pd\nnp.arange(3)",
        "df = pd.DataFrame({'a': [1.5, None], 'é': ['x', 'y']})\ndf",
        "df.describe()",
        "print(df)",
        "pd.DataFrame(np.arange(2000).reshape(100, 20))",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('t')\nprint('avant')",
        "fig, axes = plt.subplots(1, 2)\nplt.show()\nprint('après')",
        "fig",
        "plt.plot([1]);",
        "from sklearn.linear_model import LinearRegression as L\nm = L().fit([[0], [1]], [0, 1])\nm.coef_.round(3)",
        "m",
        "import asyncio\nawait asyncio.sleep(0.01)\n'attendu'",
        "async def f():\n    return 4\nawait f()",
        "%matplotlib inline\nplt.plot([3, 4]);",
        "import random\nrandom.seed(1)\nrandom.random()",
        "np.float64(0.5), pd.Timestamp('2026-01-01')",
        "import ipywidgets\nipywidgets.IntSlider(value=3).value",
        "import os\nos.environ['NBGRADER_EXECUTION'] if 'NBGRADER_EXECUTION' in os.environ else 'autograde'",
        "df.info()",
    ],
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote(policy=None) as warm:
        yield warm


def _merged(outputs):
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output["output_type"] == "stream" and last.get("output_type") == "stream" and last["name"] == output["name"]:
            last["text"] += output["text"]
        else:
            merged.append(dict(output))
    return merged


def _comparable(outputs):
    """Retire ce qui change d’une exécution à l’autre : numéros de processus, adresses, durées, identifiants."""
    # nbgrader répète l’erreur d’un affichage sous le nom NoneType ; la saisie est refusée par un autre fichier
    outputs = [dict(one) for one in outputs if one.get("ename") != "NoneType"]
    for one in outputs:
        if one.get("ename") == "StdinNotImplementedError":
            one["traceback"] = []
    text = nbformat.writes(
        nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(id="c", outputs=[nbformat.from_dict(o) for o in outputs])]
        )
    )
    text = re.sub(r"(/tmp/ipykernel_\d+/\d+\.py|<ipython-input-[\w-]+>|/tmp/\S+?/\d+\.py)", "CELLULE", text)
    text = re.sub(r"\(\d+\.py, line", "(CELLULE, line", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "ADRESSE", text)
    text = re.sub(r"sk-(container|estimator)-id-\d+", "sk", text)
    text = re.sub(r"(CPU times|Wall time).*?\\n", "DUREE", text)
    return nbformat.reads(text, as_version=4).cells[0].outputs


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_outputs_equal_those_of_nbclient(name, zygote, tmp_path, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    cells = NOTEBOOKS[name]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    Execute().preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    with zygote.session({}, Limits(), plain_tracebacks=False) as session:
        runs = [session.run(source) for source in cells]
    different = {}
    for source, cell, run in zip(cells, notebook.cells, runs, strict=True):
        theirs, ours = _comparable(_merged(cell.outputs)), _comparable(_merged(run.outputs))
        if theirs != ours:
            different[source] = (theirs, ours)
    assert different == {}
