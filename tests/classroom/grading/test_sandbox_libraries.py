"""Un travail honnête marche dans le bac à sable, bibliothèques chargées dedans comprises."""

import json
import os
import subprocess
import sys

import pytest

from formation.classroom.grading import sandbox
from formation.classroom.grading.sandbox import kernel

pytestmark = pytest.mark.skipif(not kernel.is_linux(), reason="le bac à sable n’existe que sous Linux")

ENTER = """
import json, os, sys, warnings
from formation.classroom.grading import sandbox
from formation.classroom.grading.types import Limits
scratch = sys.argv[1]
policy = sandbox.Policy(Limits(memory_mb=3000), sandbox.default_read_only(), "degrade", tuple(json.loads(sys.argv[2])))
prepared = sandbox.prepare(policy)
clean = sandbox.clean_environment(scratch)
os.environ.clear(); os.environ.update(clean)
sandbox.enter(prepared, scratch)
"""
WORK = {
    "pandas": """
import numpy as np, pandas as pd
table = pd.DataFrame({"g": list("aab"), "x": [1.0, 2.0, 4.0]})
table.to_csv("t.csv", index=False)
answer = float(pd.read_csv("t.csv").groupby("g").x.sum()["a"])
assert np.linalg.solve(np.eye(50) * 2, np.ones(50)).sum() == 25
assert len(np.random.default_rng().normal(size=3)) == 3
""",
    "dates et fuseaux": """
import pandas as pd, datetime, zoneinfo
answer = str(pd.Timestamp("2026-07-01", tz="Europe/Paris").utcoffset())
assert datetime.datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")).utcoffset().seconds == 3600
import locale, tempfile, getpass
locale.setlocale(locale.LC_ALL, "C.UTF-8")
assert tempfile.mkdtemp().startswith(scratch) and getpass.getuser() == "stagiaire"
""",
    "scikit-learn": """
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
X = np.random.default_rng(1).normal(size=(200, 3)); y = (X[:, 0] > 0).astype(int)
cross_val_score(RandomForestClassifier(n_estimators=5, n_jobs=2, random_state=0), X, y, cv=3, n_jobs=2)
answer = float(LogisticRegression().fit(X, y).score(X, y)) > 0.9
""",
    "figure": """
import matplotlib; matplotlib.use("Agg")
import matplotlib.pyplot as plt
figure, axes = plt.subplots(); axes.plot([1, 2]); axes.set_title("été à l’œuvre"); figure.savefig("f.png")
answer = os.path.getsize("f.png") > 1000
""",
    "carnet": """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(); answer = shell.run_cell("1 + 1").result
""",
    "cours": """
from formation import datasets, checks
answer = len(datasets.load("territoire", "rues")) > 0
""",
    "asyncio": """
import asyncio
async def one(): return 3
answer = asyncio.run(one())
""",
    "sqlite": """
import sqlite3
base = sqlite3.connect("b.db"); base.execute("create table t (x)")
base.execute("insert into t values (1)"); base.commit()
answer = base.execute("select sum(x) from t").fetchone()[0]
""",
}
EXPECTED = {"pandas": 3.0, "dates et fuseaux": "2:00:00", "carnet": 2, "asyncio": 3, "sqlite": 1}
STACKS = {"complet": sandbox.LAYERS, "sans espaces de noms": sandbox.LAYERS[1:]}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("name", WORK)
def test_honest_work_is_not_hindered(name, stack, tmp_path):
    code = ENTER + WORK[name] + "\nprint(json.dumps(answer))\nsys.stdout.flush()\nos._exit(0)\n"
    layers = json.dumps(STACKS[stack])
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), layers],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == EXPECTED.get(name, True)
