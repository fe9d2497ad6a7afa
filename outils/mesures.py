"""Mesure ce que le projet promet et écrit un seul tableau : _build/mesures.md (et .json).

Usage : python outils/mesures.py [--rapide] [--avec-tests]

--rapide saute la construction à froid et Lighthouse ; --avec-tests ajoute la durée de « make test ».
Les durées sont des médianes de processus entiers ; une machine chargée les allonge.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from formation import datasets, palette

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
BUILD = ROOT / "_build"
FORMATION = str(BIN / "formation")

Row = tuple[str, str, str, bool | None]
SUBJECTS = [case for case in datasets.cases() if case != "territoire"]
CASES = [case for case in SUBJECTS if case in palette.CASES]
STUDY_SECONDS = {"mobilites": 45}
"""Les études du cas aux images ont un plafond plus haut que les 30 s des autres."""
FITS = {
    "eau": (
        "from formation.eau import evaluation, model\nevaluation.score_table(chosen={})",
        "evaluation.score_table(chosen={'modèle': model.gradient_boosting()})",
    ),
    "dechets": (
        "from formation.dechets import features, model\nrows=features.panel()",
        "model.gradient_boosting().fit(rows, rows[features.TARGET])",
    ),
    "usagers": (
        "from formation.usagers import evaluation, model, tables\ne=tables.load('enonces')\n"
        "e=e[e['type_enonce'].isin(evaluation.IN_SCOPE)]\ny=evaluation.labels(e)",
        "model.FactoredClassifier().fit(e['texte_transcrit'].tolist(), y)",
    ),
    "securite": (
        "from formation.securite import features, model\nrows=features.panel()\n"
        "rows=rows[(rows['lieu']=='repetition') & (rows['jeu']=='apprentissage')]",
        "model.gradient_boosting().fit(rows, rows['evenement'])",
    ),
    "risques": (
        "from formation.risques import features, model\nrows=features.panel()\nrows=rows[rows['jeu']=='apprentissage']",
        "[model.gradient_boosting().fit(rows, rows[f'debit_{h}']) for h in features.HORIZONS]",
    ),
    "mobilites": (
        "from formation.mobilites import model, tables\ntiles=tables.tiles('apprentissage')\n"
        "images, masks = [t.image for t in tiles], [t.mask for t in tiles]",
        "model.segmenter().fit(images, masks)",
    ),
}
"""Par cas : ce qui prépare, puis ce qu’on chronomètre."""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Lance une commande depuis la racine ; un échec arrête la mesure avec sa sortie."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"échec de « {' '.join(command)} » :\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
    return result


def elapsed(*command: str) -> float:
    """Durée d’une commande, en secondes."""
    start = time.perf_counter()
    run(*command)
    return time.perf_counter() - start


def median_time(repeats: int, *command: str) -> float:
    """Médiane de plusieurs durées, après un tour de chauffe, en secondes."""
    run(*command)
    return statistics.median(elapsed(*command) for _ in range(repeats))


def printed_number(code: str) -> float:
    """Nombre imprimé par un programme Python lancé dans un processus neuf."""
    return float(run(sys.executable, "-c", code).stdout.strip().splitlines()[-1])


def seconds(label: str, limit: float, value: float) -> Row:
    """Ligne d’une durée, avec son plafond en secondes."""
    shown = f"{value:.1f} s" if value >= 1 else f"{1000 * value:.0f} ms"
    target = f"≤ {limit:.0f} s" if limit >= 1 else f"≤ {1000 * limit:.0f} ms"
    return label, target, shown, value <= limit


def measure_imports() -> list[Row]:
    """Coût de l’import et de l’aide, comparé à Python nu."""
    bare = median_time(9, sys.executable, "-c", "pass")
    package = median_time(9, sys.executable, "-c", "import formation")
    return [
        seconds("import formation, en plus de Python nu", 0.05, max(0.0, package - bare)),
        seconds("formation --help", 0.3, median_time(9, FORMATION, "--help")),
    ]


def measure_data() -> list[Row]:
    """Lecture, vérification et génération des données."""
    rows = []
    for case in CASES:
        load = (
            f"import time, statistics, pandas\nfrom formation import {case}\n{case}.load()\nd=[]\n"
            f"for _ in range(9):\n    t=time.perf_counter(); {case}.load(); d.append(time.perf_counter()-t)\n"
            "print(statistics.median(d))"
        )
        rows.append(seconds(f"formation.{case}.load(), table principale", 0.1, printed_number(load)))
    folder = BUILD / "mesures-donnees"
    generation = elapsed(FORMATION, "donnees", "generer", "--dossier", str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    released = sum(path.stat().st_size for path in (ROOT / "datasets").rglob("*") if path.is_file()) / 1e6
    return [
        *rows,
        seconds(f"génération du territoire, de {len(CASES)} cas, du comité et des contributions", 300, generation),
        ("données livrées, en tout", "≤ 20 Mo", f"{released:.1f} Mo".replace(".", ","), released <= 20),
    ]


def measure_model() -> list[Row]:
    """Ajustement des modèles jouets et exécution des études."""
    rows = []
    for case in CASES:
        before, fit = FITS[case]
        code = f"import time\n{before}\nt=time.perf_counter()\n{fit}\nprint(time.perf_counter()-t)"
        rows.append(seconds(f"ajustement du modèle jouet, {case}", 10, printed_number(code)))
    for case in SUBJECTS:
        notebook = BUILD / f"mesures-etude-{case}.ipynb"
        run(str(BIN / "jupytext"), "--to", "ipynb", "--output", str(notebook), f"cases/{case}/etude.md")
        command = ("nbconvert", "--execute", "--to", "notebook", "--inplace", str(notebook))
        rows.append(
            seconds(
                f"étude de cas exécutée à froid, {case}",
                STUDY_SECONDS.get(case, 30),
                elapsed(str(BIN / "jupyter"), *command),
            )
        )
        notebook.unlink()
    return rows


def measure_build() -> list[Row]:
    """Construction du livre, à froid puis après une modification d’une page."""
    shutil.rmtree(BUILD, ignore_errors=True)
    cold = elapsed(FORMATION, "livre", "construire")
    page = ROOT / "book" / "lire.md"
    original = page.read_text(encoding="utf-8")
    try:
        page.write_text(original + "\nPhrase ajoutée pour la mesure.\n", encoding="utf-8")
        edited = elapsed(FORMATION, "livre", "construire")
    finally:
        page.write_text(original, encoding="utf-8")
    run(FORMATION, "livre", "construire")
    return [
        seconds("make livre, environnement prêt, à froid", 420, cold),
        seconds("make livre, une page modifiée", 10, edited),
    ]


def measure_book() -> list[Row]:
    """Poids, accessibilité et rapidité des pages du livre construit."""
    result = json.loads(run(sys.executable, "outils/mesurer_livre.py", "--axe", "--lighthouse").stdout)
    weights, axe, outside = result["poids"], result["axe"], result["requetes_hors_du_site"]
    heaviest = max(weights, key=lambda page: weights[page]["ko"])
    with_figure = max(entry["ko_avec_figure"] for entry in weights.values() if "ko_avec_figure" in entry)
    plain, violations = weights[heaviest]["ko"], sum(axe.values())
    rows: list[Row] = [
        (f"page la plus lourde, sans figure ({heaviest})", "≤ 400 ko", f"{plain:.0f} ko", plain <= 400),
        ("chapitre avec sa figure interactive", "≤ 700 ko", f"{with_figure:.0f} ko", with_figure <= 700),
        (f"règles d’axe-core enfreintes ({len(axe)} vues)", "0", str(violations), violations == 0),
        ("requêtes hors du site", "0", str(len(outside)), not outside),
    ]
    return rows + [row for found in result["lighthouse"] for row in _lighthouse_rows(found)]


def _lighthouse_rows(found: dict[str, Any]) -> list[Row]:
    page = Path(found["page"]).stem
    if "performance" not in found:
        return [(f"Lighthouse, chapitre {page}", "≥ 95", "Node ou Lighthouse absent", None)]
    rows: list[Row] = [
        (f"Lighthouse mobile, {page}, {label}", f"≥ {target}", f"{found[key]:.0f}", found[key] >= target)
        for label, key, target in (
            ("performance", "performance", 95),
            ("accessibilité", "accessibilite", 100),
            ("bonnes pratiques", "bonnes_pratiques", 100),
        )
    ]
    for label, key, unit, places, limit in (("LCP", "lcp_s", " s", 1, 2.5), ("CLS", "cls", "", 3, 0.02)):
        shown, target = f"{found[key]:.{places}f}{unit}", f"≤ {limit}{unit}"
        label = f"Lighthouse mobile, {page}, {label}"
        rows.append((label, target.replace(".", ","), shown.replace(".", ","), found[key] <= limit))
    return rows


def measure_classroom() -> list[Row]:
    """Session de démonstration entière, douze copies, puis la correction comparée à nbgrader."""
    demo: Row = ("make atelier", "—", f"{elapsed(FORMATION, 'atelier', 'demo', '_build/atelier'):.0f} s", None)
    # une cible manquée n’arrête pas les autres mesures : le tableau la montre
    results = BUILD / "mesures-correction.json"
    results.unlink(missing_ok=True)
    subprocess.run([sys.executable, "outils/mesurer_correction.py"], cwd=ROOT, check=False)
    if not results.exists():
        return [demo, ("correction", "—", "la mesure s’est arrêtée", False)]
    found = json.loads(results.read_text(encoding="utf-8"))["lignes"]
    return [demo, *((row["mesure"], row["cible"], row["obtenu"], row["tenu"]) for row in found)]


def measure_library() -> list[Row]:
    """Bibliothèque de dix mille fiches synthétiques, recherche dans le navigateur."""
    found = json.loads(run(sys.executable, "outils/mesurer_bibliotheque.py").stdout)
    page, base = found["navigateur"], found["sqlite"]
    name = f"bibliothèque, {found['fiches']} fiches"
    return [
        seconds(f"{name}\u00a0: recherche dans le navigateur, médiane", 0.1, page["mediane_ms"] / 1000),
        seconds(f"{name}\u00a0: recherche dans le navigateur, 95e centile", 0.1, page["p95_ms"] / 1000),
        (f"{name}\u00a0: page prête, textes repliés", "—", f"{page['pret_s']:.1f} s", None),
        (f"{name}\u00a0: contrôle du fichier JSON", "—", f"{found['controle_s']:.1f} s", None),
        (f"{name}\u00a0: plein texte et facettes SQLite, médiane", "—", f"{base['mediane_ms']:.0f} ms", None),
    ]


def measure_session() -> list[Row]:
    """Session de 25 stagiaires préparée en une commande, puis 500 attestations."""
    found = json.loads(run(sys.executable, "outils/mesurer_session.py").stdout)
    learners, papers = found["stagiaires"], found["attestations"]
    rows = [
        seconds(f"session « {name} », {learners} stagiaires", 60, value) for name, value in found["creation_s"].items()
    ]
    rows.append((f"session de {papers} stagiaires", "—", f"{found['creation_grande_s']:.0f} s", None))
    rows.append(seconds(f"{papers} attestations en PDF", 120, found["attestations_s"]))
    defects = found["defauts_pdf"]
    rows.append(("défauts d’accessibilité relevés dans ces PDF", "0", str(defects), defects == 0))
    return rows


def measure_documentation() -> list[Row]:
    """Fonctions publiques documentées et typées."""
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/test_documentation.py", "-k", "documented"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    summary = result.stdout.strip().splitlines()[-1]
    complete = result.returncode == 0
    return [("modules dont tout le public est documenté et typé", "100 %", summary, complete)]


def measure_tests() -> list[Row]:
    """Durée de la suite de tests entière."""
    return [seconds("make test, environnement prêt", 600, elapsed("make", "test"))]


def publish(rows: list[Row]) -> None:
    """Affiche le tableau et l’écrit en Markdown et en JSON."""
    BUILD.mkdir(exist_ok=True)
    marks = {True: "tenu", False: "manqué", None: "—"}
    table = Table("mesure", "cible", "obtenu", "verdict", title="Mesures du projet")
    lines = ["| mesure | cible | obtenu | verdict |", "|---|---|---|---|"]
    for label, target, value, met in rows:
        table.add_row(label, target, value, marks[met])
        lines.append(f"| {label} | {target} | {value} | {marks[met]} |")
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    (BUILD / "mesures.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    payload = [dict(zip(("mesure", "cible", "obtenu", "tenu"), row, strict=True)) for row in rows]
    (BUILD / "mesures.json").write_text(json.dumps(payload, ensure_ascii=False, indent=1), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Enchaîne les mesures demandées ; rend 1 si une cible est manquée."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--rapide", action="store_true", help="saute la construction à froid, Lighthouse et la correction"
    )
    parser.add_argument("--avec-tests", action="store_true", help="ajoute la durée de « make test »")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    steps: list[Callable[[], list[Row]]] = [measure_imports, measure_data, measure_model]
    if not asked.rapide:
        steps = [measure_build, *steps, measure_book, measure_classroom, measure_library]
        steps += [measure_session, measure_documentation]
    if asked.avec_tests:
        steps.append(measure_tests)
    rows: list[Row] = []
    for step in steps:
        print(f"… {(step.__doc__ or '').rstrip('.').split(',')[0]}", file=sys.stderr)
        rows += step()
    publish(rows)
    return 0 if all(row[3] is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
