"""Cours nbgrader ordinaire et copies tirées au sort : sert aux tests d’égalité, à la batterie et aux mesures."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sample_questions import (
    EXPLORATION,
    EXPLORATION_SETUP,
    GOOD_TEXT,
    MODELE_SETUP,
    QUESTIONS,
    TEXT,
    Question,
    hidden,
)

SEED = 447
ASSIGNMENT = "tp1"
NOTEBOOKS = ("exploration", "modele")
TIMEOUT_S = 60
"""Large : sur une machine chargée, les seuls imports passent six secondes et fausseraient les notes de référence."""
LOOP_TIMEOUT_S = 6
BIN = Path(sys.executable).parent

Json = dict[str, Any]

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "essai"
c.Execute.timeout = {timeout_s}
c.Execute.interrupt_on_timeout = True
c.OverwriteCells.add_missing_cells = True
"""


def _solution(*lines: str) -> str:
    body = "\n".join(lines)
    return f"### BEGIN SOLUTION\n{body}\n### END SOLUTION"


@dataclass
class Copy:
    """Copie à rendre : carnets JSON par nom, ou texte brut, et fichiers joints."""

    learner: str
    label: str
    notebooks: dict[str, Json] = field(default_factory=dict)


def build(root: Path, copies: int = 58, *, loops: bool = False, seed: int = SEED) -> list[Copy]:
    """Fabrique le cours `tp1`, sa copie vierge par nbgrader, et les copies rendues."""
    make_course(root, timeout_s=LOOP_TIMEOUT_S if loops else TIMEOUT_S)
    made = draw(root, copies, loops=loops, seed=seed)
    for one in made:
        hand_in(root, one)
    return made


def make_course(
    root: Path, *, timeout_s: int = TIMEOUT_S, notebooks: tuple[str, ...] = NOTEBOOKS, secret: str = ""
) -> None:
    """Cours `tp1` sans aucune copie ; `secret` est caché dans la première solution."""
    source = root / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG.format(timeout_s=timeout_s), encoding="utf-8")
    _write_data(source)
    free = ("releves.describe()", "conduites[colonnes].describe()")
    for name, setup, example in zip(NOTEBOOKS, (EXPLORATION_SETUP, MODELE_SETUP), free, strict=True):
        if name not in notebooks:
            continue
        cells = [_markdown(f"# Travaux pratiques : {name}"), _code(setup, f"{name}-preparation", locked=True)]
        cells.append(_code(example))
        for question in QUESTIONS[name]:
            cells.append(_markdown(f"Question « {question.name} »."))
            note = (f"# {secret}",) if secret and question is EXPLORATION[0] else ()
            cells.append(_code(_solution(*note, question.solution), f"{name}-{question.name}", solution=True))
            cells.append(_code(question.test, f"test-{question.name}", locked=True, points=question.points))
        if name == "exploration":
            cells.append(_markdown(_solution(GOOD_TEXT), TEXT, solution=True, points=3))
        _write(source / f"{name}.ipynb", _notebook(cells))
    nbgrader(root, "generate_assignment", ASSIGNMENT)


def build_imports(root: Path, copies: int) -> None:
    """Cours d’un carnet qui n’importe que ses bibliothèques, deux tests."""
    source = root / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG.format(timeout_s=TIMEOUT_S), encoding="utf-8")
    setup = (
        "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\n"
        "from sklearn.linear_model import LogisticRegression"
    )
    tests = ("assert somme == 6\n" + hidden("assert type(somme) is int"), "assert double(2) == 4")
    cells = [
        _code(setup, "preparation", locked=True),
        _code(_solution("somme = 1 + 2 + 3"), "somme", solution=True),
        _code(tests[0], "test-somme", locked=True, points=1),
        _code(_solution("def double(x):\n    return 2 * x"), "double", solution=True),
        _code(tests[1], "test-double", locked=True, points=1),
    ]
    _write(source / "imports.ipynb", _notebook(cells))
    nbgrader(root, "generate_assignment", ASSIGNMENT)
    answers = ("somme = 1 + 2 + 3", "somme = 6.0", "somme = 7")
    for rank in range(copies):
        raw = blank(root, "imports")
        answer(raw, "somme", answers[rank % 3])
        answer(raw, "double", "def double(x):\n    return x + x")
        hand_in(root, Copy(f"stagiaire-{rank + 1:04d}", "imports", {"imports": raw}))


def _write_data(folder: Path) -> None:
    draw_ = random.Random(SEED)
    communes = ("Berlac", "Aubeline", "Dolmont", "Corvaz")
    lines = ["releve,commune,volume_m3"]
    lines += [f"{n},{communes[n % 4]},{draw_.uniform(20, 180):.1f}" for n in range(240)]
    (folder / "releves.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["conduite,age_ans,longueur_m,pression_bar,fuite"]
    for n in range(240):
        age, length, pressure = draw_.uniform(1, 90), draw_.uniform(20, 400), draw_.uniform(2, 8)
        leak = int(0.06 * age + 0.006 * length + 0.3 * pressure + draw_.gauss(0, 0.5) > 5.3)
        lines.append(f"{n},{age:.1f},{length:.1f},{pressure:.2f},{leak}")
    (folder / "conduites.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _grader(name: str, *, locked: bool, solution: bool, points: int | None) -> Json:
    base: Json = {"grade": points is not None, "grade_id": name, "locked": locked, "schema_version": 3}
    base |= {"solution": solution, "task": False}
    return {"nbgrader": base | ({} if points is None else {"points": points})}


def _code(
    source: str, name: str = "", *, locked: bool = False, solution: bool = False, points: int | None = None
) -> Json:
    metadata = _grader(name, locked=locked, solution=solution, points=points) if name else {}
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": source}


def _markdown(source: str, name: str = "", *, solution: bool = False, points: int | None = None) -> Json:
    metadata = _grader(name, locked=False, solution=solution, points=points) if name else {}
    return {"cell_type": "markdown", "metadata": metadata, "source": source}


def _notebook(cells: list[Json]) -> Json:
    for rank, cell in enumerate(cells):
        cell["id"] = f"cellule-{rank:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _write(path: Path, notebook: Json) -> None:
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")


def blank(root: Path, name: str, assignment: str = ASSIGNMENT) -> Json:
    """Copie vierge d’un carnet, telle que le stagiaire la reçoit."""
    path = root / "release" / assignment / f"{name}.ipynb"
    raw: Json = json.loads(path.read_text(encoding="utf-8"))
    for cell in raw["cells"]:
        cell["source"] = "".join(cell["source"])
    return raw


def find(raw: Json, name: str) -> Json:
    """Cellule d’un carnet par son nom nbgrader."""
    for cell in raw["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            found: Json = cell
            return found
    raise KeyError(name)


def answer(raw: Json, name: str, source: str) -> None:
    """Pose une réponse dans une copie."""
    find(raw, name)["source"] = source


def correct(root: Path) -> dict[str, Json]:
    """Copie entièrement juste."""
    made = {}
    for name in NOTEBOOKS:
        raw = blank(root, name)
        for question in QUESTIONS[name]:
            answer(raw, f"{name}-{question.name}", question.solution)
        made[name] = raw
    answer(made["exploration"], TEXT, GOOD_TEXT)
    return made


def draw(root: Path, copies: int, *, loops: bool = False, seed: int = SEED) -> list[Copy]:
    """Tire des copies : justes, justes autrement, fausses, en erreur, vierges, incomplètes."""
    chance = random.Random(seed)
    made = []
    for rank in range(copies):
        profile = ("right", "mixed", "wrong", "broken", "blank")[0 if rank == 0 else _profile(chance)]
        notebooks = {name: _drawn(root, name, profile, chance) for name in NOTEBOOKS}
        label = profile
        special = _SPECIAL.get(rank)
        if special is not None:
            special(notebooks)
            label = f"{profile}, {special.__name__.strip('_')}"
        made.append(Copy(f"stagiaire-{rank + 1:04d}", label, notebooks))
    if loops:
        for one, name, question in ((made[-1], "exploration", "total"), (made[-2], "modele", "risques")):
            answer(one.notebooks[name], f"{name}-{question}", "while True:\n    pass")
            one.label += ", boucle sans fin"
    return made


def _profile(chance: random.Random) -> int:
    return chance.choices(range(5), weights=(30, 40, 12, 14, 4))[0]


def _drawn(root: Path, name: str, profile: str, chance: random.Random) -> Json:
    raw = blank(root, name)
    for question in QUESTIONS[name]:
        source = _choose(question, profile, chance)
        if source is not None:
            answer(raw, f"{name}-{question.name}", source)
    if name == "exploration" and profile != "blank":
        answer(raw, TEXT, GOOD_TEXT)
    return raw


def _choose(question: Question, profile: str, chance: random.Random) -> str | None:
    right = (question.solution, *question.right)
    pools = {
        "right": right,
        "mixed": (*right, *right, *question.wrong, *question.broken),
        "wrong": (*right, *question.wrong, *question.wrong),
        "broken": (*right, *question.broken, *question.broken),
    }
    return chance.choice(pools[profile]) if profile in pools else None


def _without_modele(notebooks: dict[str, Json]) -> None:
    del notebooks["modele"]


def _added_cells(notebooks: dict[str, Json]) -> None:
    raw = notebooks["exploration"]
    raw["cells"].insert(3, _code("brouillon = releves.shape\nprint(brouillon)") | {"id": "ajout-1"})
    raw["cells"].append(_markdown("Merci.") | {"id": "ajout-2"})


def _edited_free_cell(notebooks: dict[str, Json]) -> None:
    notebooks["modele"]["cells"][2]["source"] = "conduites['fuite'].value_counts()"


def _deleted_test(notebooks: dict[str, Json]) -> None:
    raw = notebooks["exploration"]
    raw["cells"].remove(find(raw, "test-communes"))


def _edited_test(notebooks: dict[str, Json]) -> None:
    find(notebooks["modele"], "test-tournee")["source"] = "assert True"


_SPECIAL = {5: _without_modele, 8: _added_cells, 11: _edited_free_cell, 14: _deleted_test, 17: _edited_test}


def hand_in(root: Path, one: Copy, assignment: str = ASSIGNMENT) -> Path:
    """Pose une copie dans submitted/, avec les données distribuées."""
    folder = root / "submitted" / one.learner / assignment
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((root / "release" / assignment).iterdir()):
        if path.suffix != ".ipynb":
            shutil.copyfile(path, folder / path.name)
    for name, raw in one.notebooks.items():
        _write(folder / f"{name}.ipynb", raw)
    return folder


def replicate(root: Path, copies: int) -> None:
    """Recopie les copies déjà rendues jusqu’à en avoir `copies`, sous d’autres identifiants."""
    base = sorted((root / "submitted").iterdir())
    for rank in range(len(base), copies):
        target = root / "submitted" / f"stagiaire-{rank + 1:06d}"
        shutil.copytree(base[rank % len(base)], target)


def clone(root: Path, target: Path) -> Path:
    """Copie d’un cours, carnet de notes compris, pour le corriger autrement."""
    shutil.copytree(root, target, symlinks=True)
    return target


def environment(profile: Path) -> dict[str, str]:
    """Environnement d’une commande nbgrader : ce Python, un profil à part."""
    profile.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]),
        "IPYTHONDIR": str(profile),
        "JUPYTER_RUNTIME_DIR": str(profile),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def nbgrader(root: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Lance nbgrader tel quel dans un cours."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    variables = environment(root.parent / f".profil-{root.name}")
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)} : {done.stderr[-2000:]}")
    return done


def gradebook(root: Path) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Toutes les lignes de notes et de commentaires, et les totaux, par stagiaire, carnet et cellule."""
    rows: dict[tuple[str, ...], tuple[Any, ...]] = {}
    with sqlite3.connect(f"file:{root / 'gradebook.db'}?mode=ro", uri=True) as base:
        for table, columns in (
            ("grade", "x.auto_score, x.manual_score, x.extra_credit, x.needs_manual_grade"),
            ("comment", "x.auto_comment, x.manual_comment"),
        ):
            query = (
                f"SELECT sa.student_id, a.name, n.name, c.name, {columns} FROM {table} x "
                "JOIN base_cell c ON c.id = x.cell_id JOIN submitted_notebook sn ON sn.id = x.notebook_id "
                "JOIN notebook n ON n.id = sn.notebook_id JOIN submitted_assignment sa ON sa.id = sn.assignment_id "
                "JOIN assignment a ON a.id = sa.assignment_id"
            )
            for row in base.execute(query):
                key = (table, *row[:4])
                if key in rows:
                    raise AssertionError(f"ligne en double au carnet de notes : {key}")
                rows[key] = tuple(row[4:])
        query = (
            "SELECT sa.student_id, a.name, n.name, sn.late_submission_penalty FROM submitted_notebook sn "
            "JOIN notebook n ON n.id = sn.notebook_id JOIN submitted_assignment sa ON sa.id = sn.assignment_id "
            "JOIN assignment a ON a.id = sa.assignment_id"
        )
        for row in base.execute(query):
            rows[("notebook", *row[:3])] = (row[3],)
    return rows


def scores(root: Path) -> dict[tuple[str, str], float]:
    """Note totale de chaque copie, calculée par nbgrader."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        return {
            (one.student_id, assignment.name): float(one.score)
            for assignment in book.assignments
            for one in assignment.submissions
        }


def differences(left: dict[Any, Any], right: dict[Any, Any]) -> list[str]:
    """Lignes qui ne sont pas égales dans deux carnets de notes."""
    missing = ("absente",)
    pairs = {key: (left.get(key, missing), right.get(key, missing)) for key in sorted(set(left) | set(right), key=str)}
    return [f"{key} : {one} / {two}" for key, (one, two) in pairs.items() if one != two]


def altered(raw: Json) -> Json:
    """Copie profonde d’un carnet, à modifier."""
    return copy.deepcopy(raw)
