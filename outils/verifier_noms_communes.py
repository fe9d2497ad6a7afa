"""Contrôle qu’aucune commune d’Aubeline ne porte le nom d’une commune réelle.

Usage : python outils/verifier_noms_communes.py CHEMIN/communes.json

La liste se trouve dans le paquet npm « @etalab/decoupage-administratif » (fichier data/communes.json) : communes
actuelles, déléguées, associées et arrondissements. On compare sans accent, sans casse, sans article ni trait d’union.
Un nom est refusé s’il est identique à un nom réel, ou à une lettre près ; pour « X-sur-Y », X seul est contrôlé aussi.
Rend 0 si tous les noms passent, 1 sinon.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = {"le", "la", "les", "l"}
LINKS = {"sur", "sous", "en", "les", "lès", "de", "du", "d"}


def normalize(name: str) -> str:
    """Nom sans accent, sans casse, sans article de tête."""
    spelled = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe"))
    words = "".join(c if c.isalnum() else " " for c in spelled if not unicodedata.combining(c)).split()
    while words and words[0] in ARTICLES:
        words = words[1:]
    return " ".join(words)


def distance(left: str, right: str) -> int:
    """Nombre de lettres à changer, ajouter ou retirer pour passer d’un nom à l’autre."""
    previous = list(range(len(right) + 1))
    for row, a in enumerate(left, 1):
        current = [row]
        for column, b in enumerate(right, 1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (a != b)))
        previous = current
    return previous[-1]


def forms(name: str) -> list[str]:
    """Nom entier, et sa tête pour un nom composé (« X-sur-Y » donne aussi « X »)."""
    words = normalize(name).split()
    cuts = [index for index, word in enumerate(words) if index and word in LINKS]
    return [" ".join(words)] + ([" ".join(words[: cuts[0]])] if cuts else [])


def main(arguments: list[str]) -> int:
    """Contrôle les noms et rend le code de sortie."""
    if len(arguments) != 1:
        print(__doc__)
        return 1
    content = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    real = {normalize(item["nom"]): item["nom"] for item in content}
    with (ROOT / "datasets/territoire/communes.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["nom"] for row in csv.DictReader(stream)]
    refused = 0
    print(f"{len(content)} noms réels lus, {len(real)} après mise à plat.")
    for name in names:
        near = min((distance(form, other), real[other]) for form in forms(name) for other in real)
        state = "refusé" if near[0] <= 1 else "accepté"
        refused += near[0] <= 1
        print(f"{name:<24} {state} ; le plus proche : {near[1]} ({near[0]} lettres d’écart)")
    return int(refused > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
