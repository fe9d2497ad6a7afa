"""Mesure la correction : temps processeur, durée, mémoire, égalité avec nbgrader, copies hostiles, arrêts brutaux.

Usage : python outils/mesurer_correction.py [--rapide] [--seulement cpu,classe,…]

Parties : cpu, imports, classe, ouvriers, memoire, batterie, arrets, nature, echelle. Les deux moteurs corrigent les
mêmes copies. L’unité est la seconde de temps processeur (utilisateur et système, démarrage et descendants compris) :
elle dépend peu de la charge de la machine, contrairement aux durées. --rapide prend moins de copies et extrapole
nbgrader.
Écrit _build/mesures-correction.json et .md.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import ctypes
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
sys.path.insert(0, str(ROOT / "tests" / "classroom" / "grading"))

import workload  # noqa: E402 - le cours d’essai des tests

Row = tuple[str, str, str, bool | None]
_PR_SET_CHILD_SUBREAPER = 36
_GRADE = (
    "import sys; from pathlib import Path; from formation.classroom.grading.run import grade_course; "
    "grade_course(Path(sys.argv[1]), workers=int(sys.argv[2]))"
)
KILLS = 20


@dataclass
class Bench:
    """Ce que les parties partagent : dossier de travail, taille, résultats déjà obtenus."""

    folder: Path
    quick: bool
    found: dict[str, float] = field(default_factory=dict)

    def course(self, copies: int) -> Path:
        """Cours `tp1` et ses copies ; au-delà de 58, les mêmes sous d’autres identifiants."""
        base = self.folder / "base"
        if not base.exists():
            workload.build(base, 58)
        target = self.folder / f"cours-{len(list(self.folder.iterdir()))}"
        workload.clone(base, target)
        for extra in sorted((target / "submitted").iterdir())[copies:]:
            shutil.rmtree(extra)
        workload.replicate(target, copies)
        return target


@dataclass(frozen=True)
class Spent:
    """Ce qu’une commande a coûté, en secondes."""

    cpu: float
    wall: float


def variables(folder: Path) -> dict[str, str]:
    """Environnement commun aux deux moteurs."""
    return workload.environment(folder.parent / f".profil-{folder.name}")


def spend(command: list[str], folder: Path, *, check: bool = True) -> Spent:
    """Lance une commande et compte le temps processeur de tous ses descendants, orphelins compris."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=variables(folder), capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, 0)[0]:
            pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if check and done.returncode:
        sys.exit(f"échec de « {' '.join(command)[:200]} » :\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
    return Spent(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def ours(course: Path, workers: int = 2) -> list[str]:
    """Commande de notre moteur, bac à sable compris."""
    return [sys.executable, "-c", _GRADE, str(course), str(workers)]


def theirs() -> list[str]:
    """Commande de nbgrader."""
    return [sys.executable, "-m", "nbgrader", "autograde", workload.ASSIGNMENT]


def number(value: float, places: int = 1) -> str:
    """Nombre à la française."""
    return f"{value:.{places}f}".replace(".", ",")


def at_most(label: str, limit: float, value: float, unit: str) -> Row:
    """Ligne à ne pas dépasser."""
    return label, f"≤ {limit:g} {unit}", f"{number(value)} {unit}", value <= limit


def at_least(label: str, limit: float, value: float) -> Row:
    """Ligne à atteindre, en nombre de fois."""
    return label, f"≥ {number(limit).removesuffix(',0')} fois", f"{number(value, 2)} fois", value >= limit


def measure_cpu(bench: Bench) -> list[Row]:
    """Temps processeur par copie, et égalité ligne à ligne."""
    total = 58
    sample = 6 if bench.quick else total
    mine, stock = bench.course(total), bench.course(sample)
    cheap = spend(ours(mine, 1), mine)
    dear = spend(theirs(), stock)
    per_copy = dear.cpu / sample
    bench.found |= {"cpu_nbgrader": per_copy * total, "cpu_formation": cheap.cpu, "copies_nbgrader": sample}
    kept = {one.name for one in (stock / "submitted").iterdir()}
    right = {key: row for key, row in workload.gradebook(mine).items() if key[1] in kept}
    left = workload.gradebook(stock)
    gaps = workload.differences(left, right)
    for gap in gaps[:10]:
        print(f"    {gap}", file=sys.stderr)
    totals = {key: value for key, value in workload.scores(mine).items() if key[0] in kept}
    equal = not gaps and totals == workload.scores(stock)
    guess = f", extrapolé de {sample}" if sample < total else ""
    return [
        (f"nbgrader, {total} copies{guess}", "—", f"{number(per_copy * total)} s processeur", None),
        (f"notre moteur, {total} copies, bac à sable, 1 ouvrier", "—", f"{number(cheap.cpu)} s processeur", None),
        at_least("temps processeur par copie, démarrage compris", 20, per_copy * total / cheap.cpu),
        ("notes et commentaires égaux", "100 %", f"{len(left) - len(gaps)} lignes sur {len(left)}", equal),
    ]


def measure_imports(bench: Bench) -> list[Row]:
    """Coût d’une copie de plus, carnet qui n’importe que ses bibliothèques."""
    few, many = (2, 6) if bench.quick else (4, 16)
    stock = _slope(bench, "imports-nbgrader", few, many, lambda _: theirs())
    mine = _slope(bench, "imports-formation", 50, 250, ours)
    bench.found |= {"imports_nbgrader": stock, "imports_formation": mine}
    shown = f"{number(stock, 2)} s et {number(mine, 3)} s"
    return [
        ("une copie d’imports de plus, nbgrader et nous", "—", shown, None),
        at_least("temps processeur d’une copie d’imports de plus", 50, stock / mine),
    ]


def _slope(bench: Bench, name: str, few: int, many: int, command: Callable[[Path], list[str]]) -> float:
    costs = []
    for copies in (few, many):
        course = bench.folder / f"{name}-{copies}"
        workload.build_imports(course, copies)
        costs.append(spend(command(course), course).cpu)
    return (costs[1] - costs[0]) / (many - few)


def measure_class(bench: Bench) -> list[Row]:
    """Une classe de 25 copies de deux carnets, de la commande au résultat."""
    walls = []
    for _ in range(1 if bench.quick else 3):
        course = bench.course(25)
        walls.append(spend(ours(course), course).wall)
    return [at_most("une classe de 25 copies × 2 carnets, 2 ouvriers", 15, sorted(walls)[len(walls) // 2], "s")]


def measure_workers(bench: Bench) -> list[Row]:
    """Durée avec un puis deux ouvriers."""
    copies = 120 if bench.quick else 480
    walls = []
    for workers in (1, 2):
        course = bench.course(copies)
        walls.append(spend(ours(course, workers), course).wall)
    label = f"durée de 1 à 2 ouvriers, {copies} copies ({number(walls[0])} s, {number(walls[1])} s)"
    return [at_least(label, 1.8, walls[0] / walls[1])]


def measure_memory(bench: Bench) -> list[Row]:
    """Mémoire de tous les processus à la centième et à la dernière copie."""
    copies = 300 if bench.quick else 1_000
    course = bench.course(copies)
    process = subprocess.Popen(
        ours(course), cwd=course, env=variables(course), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    samples: list[tuple[int, float, float]] = []
    while process.poll() is None:
        done = sum(1 for _ in (course / "autograded").glob("*/*")) if (course / "autograded").is_dir() else 0
        samples.append((done, *_memory_mb(process.pid)))
        time.sleep(0.3)
    early, late = _around(samples, 100), _around(samples, copies)
    bench.found |= {"memoire_100": early[0], f"memoire_{copies}": late[0]}
    gap = late[0] - early[0]
    shown = f"{number(early[0], 0)} → {number(late[0], 0)} Mo ({gap:+.0f})"
    return [
        (f"mémoire (PSS, tous processus), 100e → {copies}e copie", "± 50 Mo", shown, abs(gap) <= 50),
        ("mémoire résidente cumulée (RSS, pages partagées comptées plusieurs fois)", "—", f"{late[1]:.0f} Mo", None),
    ]


def _around(samples: list[tuple[int, float, float]], copies: int) -> tuple[float, float]:
    """Médiane des relevés les plus proches : un enfant de passage ne fait pas la mesure."""
    near = sorted(samples, key=lambda one: abs(one[0] - copies))[:9]
    middle = len(near) // 2
    return sorted(one[1] for one in near)[middle], sorted(one[2] for one in near)[middle]


def _memory_mb(root: int) -> tuple[float, float]:
    total = collections.Counter[str]()
    for pid in _tree(root):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith(("Pss:", "Rss:")):
                    total[line[:3]] += int(line.split()[1])
    return total["Pss"] / 1024, total["Rss"] / 1024


def _tree(root: int) -> Iterator[int]:
    yield root
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{root}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _tree(int(child))


def measure_battery(bench: Bench) -> list[Row]:
    """Copies hostiles et abîmées : fuites, écritures, pertes, points volés."""
    from battery import CASES
    from battery.bench import play
    from battery.model import BREACH

    counts = collections.Counter[str]()
    copies = 0
    for form in ("libre", "maison"):
        played = play(_empty(bench.folder / f"batterie-{form}"), form, CASES)
        copies += len(played.learners)
        counts["écritures"] += len(played.moved)
        counts["contacts"] += len(played.contacts.splitlines())
        counts["processus"] += len(played.left) + (not played.witness_alive)
        for content in played.produced().values():
            counts["fuites"] += BREACH.encode() in content
        for learner in played.learners:
            counts["fuites"] += bool(played.leaks(learner))
            counts["perdues"] += played.lost(learner)
            counts["volés"] += played.stolen(learner)
        counts["notes honnêtes changées"] += sum(
            played.scores.get(name) != score for name, score in played.witnesses.items()
        )
    shown = [
        ("fuite ou brèche", "fuites"),
        ("écriture dehors", "écritures"),
        ("contact réseau", "contacts"),
        ("processus resté ou tué", "processus"),
        ("copie perdue", "perdues"),
        ("point volé ni refusé ni signalé", "volés"),
        ("note honnête changée", "notes honnêtes changées"),
    ]
    rows: list[Row] = [
        (f"batterie : {len(CASES)} cas, {copies} copies", "≥ 80 cas", f"{len(CASES)} cas", len(CASES) >= 80)
    ]
    return rows + [(f"batterie : {label}", "0", str(counts[key]), counts[key] == 0) for label, key in shown]


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def measure_kills(bench: Bench) -> list[Row]:
    """Arrêts brutaux à des instants tirés au sort : la reprise donne le même carnet de notes."""
    copies = 24
    reference = bench.course(copies)
    whole = spend(ours(reference), reference).wall
    expected, totals = workload.gradebook(reference), workload.scores(reference)
    draw, same = random.Random(workload.SEED), 0  # noqa: S311 - tirage d’essai
    kills = 5 if bench.quick else KILLS
    for _ in range(kills):
        course = bench.course(copies)
        process = subprocess.Popen(
            ours(course), cwd=course, env=variables(course), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(draw.uniform(0.1, whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
        spend(ours(course), course)
        same += workload.gradebook(course) == expected and workload.scores(course) == totals
        shutil.rmtree(course)
    return [("arrêts brutaux sans perte ni écart", f"{kills} sur {kills}", f"{same} sur {kills}", same == kills)]


def measure_kinds(_bench: Bench) -> list[Row]:
    """Part de nos contrôles notés que l’on compare hors du processus du stagiaire."""
    from formation.classroom.sources import exercise_paths, read_exercise

    exercises = [read_exercise(path) for path in exercise_paths()]
    kinds = collections.Counter(
        "fonction" if control.type == "fonction" else "valeur" for one in exercises for control in one.controls.values()
    )
    total = sum(kinds.values())
    shown = f"{kinds['valeur']} valeurs, {kinds['fonction']} fonctions, 0 autre sur {total}"
    return [("nos contrôles comparés hors du processus du stagiaire", "—", shown, None)]


def measure_scale(bench: Bench) -> list[Row]:
    """Coût unitaire sur beaucoup de copies, et ce que 100 000 demanderaient."""
    few, many = (100, 400) if bench.quick else (200, 2_000)
    costs = []
    for copies in (few, many):
        course = bench.course(copies)
        costs.append(spend(ours(course), course))
        size = sum(path.stat().st_size for path in course.glob("gradebook.db*")) / copies
        shutil.rmtree(course)
    unit = (costs[1].cpu - costs[0].cpu) / (many - few)
    wall = (costs[1].wall - costs[0].wall) / (many - few)
    start = costs[0].cpu - few * unit
    bench.found |= {"unite_cpu_s": unit, "unite_duree_s": wall, "demarrage_cpu_s": start, "base_octets_par_copie": size}
    hours = (start + 100_000 * unit) / 3600
    return [
        (f"une copie de plus, de {few} à {many} copies", "—", f"{number(unit, 3)} s processeur", None),
        (
            "100 000 copies, extrapolé",
            "—",
            f"{number(hours)} h processeur, {number(100_000 * wall / 3600)} h à 2 ouvriers",
            None,
        ),
        ("carnet de notes pour 100 000 copies, extrapolé", "—", f"{number(100_000 * size / 1e9)} Go", None),
    ]


PARTS: dict[str, Callable[[Bench], list[Row]]] = {
    "cpu": measure_cpu,
    "imports": measure_imports,
    "classe": measure_class,
    "ouvriers": measure_workers,
    "memoire": measure_memory,
    "batterie": measure_battery,
    "arrets": measure_kills,
    "nature": measure_kinds,
    "echelle": measure_scale,
}


def publish(rows: list[Row], found: dict[str, float]) -> None:
    """Affiche le tableau et l’écrit en Markdown et en JSON."""
    BUILD.mkdir(exist_ok=True)
    marks = {True: "tenu", False: "manqué", None: "—"}
    lines = ["| mesure | cible | obtenu | verdict |", "|---|---|---|---|"]
    lines += [f"| {label} | {target} | {shown} | {marks[met]} |" for label, target, shown, met in rows]
    print("\n".join(lines))
    (BUILD / "mesures-correction.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    payload = {
        "lignes": [dict(zip(("mesure", "cible", "obtenu", "tenu"), row, strict=True)) for row in rows],
        "valeurs": found,
    }
    text = json.dumps(payload, ensure_ascii=False, indent=1)
    (BUILD / "mesures-correction.json").write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Enchaîne les parties demandées ; rend 1 si une cible est manquée."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rapide", action="store_true", help="moins de copies, nbgrader extrapolé")
    parser.add_argument("--seulement", default=",".join(PARTS), help=f"parmi {', '.join(PARTS)}")
    options = parser.parse_args(arguments)
    chosen = options.seulement.split(",")
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        parser.error(f"partie inconnue : {', '.join(unknown)}. Parties : {', '.join(PARTS)}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="mesures-correction-") as folder:
        bench = Bench(Path(folder), options.rapide)
        for name in chosen:
            print(f"… {(PARTS[name].__doc__ or '').rstrip('.')}", file=sys.stderr)
            rows += PARTS[name](bench)
    publish(rows, bench.found)
    return 0 if all(row[3] is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
