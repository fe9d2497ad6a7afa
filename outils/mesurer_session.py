"""Mesure la préparation et la clôture d’une session ; écrit du JSON sur la sortie.

Usage : python outils/mesurer_session.py [--stagiaires 25] [--attestations 500]

Les stagiaires sont des numéros. La création est un processus entier, PDF compris ; les attestations sont composées par
autant de processus que de cœurs, avec le résultat d’un stagiaire qui a tout rendu et d’un qui n’a rien rendu.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from formation import pathways, printing
from formation.session import open_session, outcome, papers

ROOT = Path(__file__).resolve().parents[1]
FORMATION = str(Path(sys.executable).parent / "formation")
PATHWAYS = ("elus-demi-journee", "agents-data-2-jours")


def roster(folder: Path, count: int) -> Path:
    """Liste de stagiaires numérotés."""
    lines = ["nom;prénom;courriel;organisation"]
    lines += [f"NOM {n:03d};Stagiaire;stagiaire-{n:03d}@exemple.fr;Commune {n % 12 + 1}" for n in range(1, count + 1)]
    path = folder / f"liste-{count}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def working_days(count: int) -> list[str]:
    """Mardis ordinaires, un par semaine, assez loin pour n’être ni passés ni fériés."""
    first = date(2027, 1, 12)
    return [(first + timedelta(weeks=week)).isoformat() for week in range(count)]


def create(pathway: str, learners: Path, target: Path) -> float:
    """Crée une session par la ligne de commande ; rend la durée, en secondes."""
    days = working_days(len(pathways.read(pathway).jours))
    command = [FORMATION, "session", "creer", pathway, "--stagiaires", str(learners), "--dates", ",".join(days)]
    start = time.perf_counter()
    result = subprocess.run([*command, str(target)], cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"échec de « {' '.join(command)} » :\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
    return time.perf_counter() - start


def attest(target: Path, folder: Path) -> tuple[float, int]:
    """Compose l’attestation de chaque stagiaire d’une session ; rend la durée et le nombre de défauts relevés."""
    session = open_session(target)
    outcomes = outcome.compute(session)
    folder.mkdir()
    start = time.perf_counter()
    jobs = [
        (papers.completion_html(session, one, outcomes[one.id]), folder / f"{one.id}.pdf")
        for one in session.participants
    ]
    printing.write_pdfs(jobs)
    seconds = time.perf_counter() - start
    return seconds, sum(len(printing.check_pdf(path)) for _, path in jobs)


def main() -> None:
    """Mesure et écrit le résultat."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stagiaires", type=int, default=25)
    parser.add_argument("--attestations", type=int, default=500)
    given = parser.parse_args()
    found: dict[str, object] = {"stagiaires": given.stagiaires, "attestations": given.attestations}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        few, many = roster(folder, given.stagiaires), roster(folder, given.attestations)
        found["creation_s"] = {name: create(name, few, folder / name) for name in PATHWAYS}
        found["creation_grande_s"] = create(PATHWAYS[0], many, folder / "grande")
        found["attestations_s"], found["defauts_pdf"] = attest(folder / "grande", folder / "attestations")
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
