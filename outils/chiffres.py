"""Recalcule cases/<cas>/chiffres.yml depuis la simulation, sur cinq graines.

Usage : python outils/chiffres.py CAS…
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
HEADER = """\
# Chiffres cités par le chapitre, le quiz et la note du cas « {case} ». Données synthétiques d’Aubeline.
# Écrit par « python outils/chiffres.py {case} » ; tests/test_chiffres.py recalcule tout.
# valeur : données livrées (graine 447), ou moyenne des cinq graines pour un tirage au sort ; etendue : cinq graines.
"""


def main(cases: list[str]) -> int:
    """Réécrit le fichier de chaque cas, après avoir tout calculé."""
    for case in cases:
        figures = importlib.import_module(f"formation.{case}.key_figures").compute(n_jobs=2)
        lines = [
            f"{name}: {yaml.safe_dump(figure, default_flow_style=True, sort_keys=False, allow_unicode=True).strip()}"
            for name, figure in figures.items()
        ]
        target = ROOT / "cases" / case / "chiffres.yml"
        target.write_text(HEADER.format(case=case) + "\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(figures)} chiffres écrits dans {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
