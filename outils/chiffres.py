"""Recalcule cases/<cas>/chiffres.yml depuis la simulation, sur cinq graines.

Usage : python outils/chiffres.py CAS…
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from formation import territory

ROOT = Path(__file__).resolve().parents[1]


def main(cases: list[str]) -> int:
    """Réécrit le fichier de chaque cas, après avoir tout calculé."""
    for case in cases:
        target = ROOT / "cases" / case / "chiffres.yml"
        importlib.import_module(f"formation.{case}.key_figures").write(target, territory.load_territory(), n_jobs=2)
        print(f"chiffres écrits dans {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
