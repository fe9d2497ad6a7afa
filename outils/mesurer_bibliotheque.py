"""Mesure la bibliothèque des projets avec beaucoup de fiches ; écrit du JSON sur la sortie.

Usage : python outils/mesurer_bibliotheque.py [--fiches 10000] [--recherches 200]

Les fiches sont synthétiques, aussi longues que les vraies (graine 447). Dans le navigateur, une recherche va de la
lecture des champs à la liste refaite et aux comptes de chaque filtre ; la page est lue depuis le disque. En Python, on
mesure le contrôle d’un fichier JSON de toutes les fiches, la base SQLite et la recherche dans son index.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from formation.library import cards, collection, database, exports, reading
from formation.library.models import ProjectRecord
from formation.library.search import FILTERS, values, words
from formation.library.vocabulary import COSTS, MATURITIES, NEEDS, SECTORS, SIZES

ROOT = Path(__file__).resolve().parents[1]
SEED = 447
ASKED = (
    "canalisation",
    "eau",
    "repas cantine",
    "video",
    "depots sauvages",
    "urbanisme dossier",
    "xylophone",
    "e",
    "la",
)


def synthetic(count: int) -> list[ProjectRecord]:
    """Fiches synthétiques : phrases des vraies mêlées au hasard, identifiants et valeurs tirés."""
    rng = np.random.default_rng(SEED)
    real = collection.load(ROOT / "bibliotheque").records
    texts = [fact.texte for record in real for _, _, facts in database.fact_fields(record) for fact in facts]
    lengths = [sum(len(facts) for _, _, facts in database.fact_fields(record)) for record in real]

    def pick(vocabulary: Any) -> str:
        return str(rng.choice(list(vocabulary)))

    def facts(number: int) -> list[dict[str, Any]]:
        return [
            {"texte": texts[i], "source": ["S1"], "confiance": "sûr"} for i in rng.integers(len(texts), size=number)
        ]

    found = []
    for number in range(count):
        total = int(rng.choice(lengths))
        part = max(total // 5, 1)
        data = {
            "version_schema": "1.0",
            "id": f"fiche-{number:05d}",
            "titre": f"Essai {number} : {texts[int(rng.integers(len(texts)))][:120]}",
            "date_fiche": "2026-11-22",
            "redaction": "Fiche synthétique",
            "situation": {
                "collectivites": [{"nom": f"Commune {number}", "type": "commune"}],
                "taille": pick(SIZES),
                "faits": facts(part),
            },
            "besoin": {"familles": [pick(NEEDS)], "faits": facts(part)},
            "cout": {"tranche": pick(COSTS), "faits": facts(part)},
            "impact_environnemental": {"faits": facts(1)},
            "complements": {
                "secteur": [pick(SECTORS)],
                "maturite": pick(MATURITIES),
                "resultats": facts(part),
                "limites": facts(max(total - 4 * part - 1, 0)),
            },
            "sources": [{"cle": "S1", "titre": "Source synthétique", "editeur": "Essai", "lu": "direct"}],
        }
        found.append(ProjectRecord.model_validate(data))
    return found


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Durée d’un appel, en secondes, et son résultat."""
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """Médiane, 95e centile et maximum."""
    ordered = sorted(milliseconds)
    return {
        "mediane_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "max_ms": round(ordered[-1], 1),
        "recherches": len(ordered),
    }


def in_browser(page_file: Path, records: Sequence[ProjectRecord], count: int) -> dict[str, Any]:
    """Recherches dans la page : chaque saisie, chaque filtre, mesurés par la page elle-même."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT / "outils"))
    from mesurer_livre import chromium

    rng = np.random.default_rng(SEED)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(locale="fr-FR")
        start = time.perf_counter()
        page.goto(page_file.as_uri())
        page.wait_for_selector('.catalogue[data-pret="oui"]', timeout=300_000)
        ready = time.perf_counter() - start
        page.evaluate("performance.clearMeasures()")
        for rank in range(count):
            asked = (
                ASKED[rank % len(ASKED)] if rank % 2 else words(records[int(rng.integers(len(records)))].titre)[-24:]
            )
            chosen = dict.fromkeys(FILTERS, "")
            for name in rng.choice(list(FILTERS), size=rank % 3, replace=False):
                chosen[str(name)] = values(records[int(rng.integers(len(records)))], str(name))[0]
            page.evaluate(
                """([mots, choix]) => {
                  const champs = document.querySelector(".filtres").elements;
                  for (const [nom, valeur] of Object.entries(choix)) champs[nom].value = valeur;
                  champs.mots.value = mots;
                  champs.besoin.dispatchEvent(new Event("input", { bubbles: true }));
                }""",
                [asked, chosen],
            )
            page.wait_for_function(f"performance.getEntriesByName('catalogue').length === {rank + 1}")
        found = page.evaluate("performance.getEntriesByName('catalogue').map((mesure) => mesure.duration)")
        browser.close()
    return summary(found) | {"pret_s": round(ready, 1), "page_mo": round(page_file.stat().st_size / 1e6, 1)}


def in_sqlite(path: Path, count: int) -> dict[str, float]:
    """Recherches dans l’index plein texte, facettes comprises."""
    found = []
    with closing(sqlite3.connect(path)) as base:
        for rank in range(count):
            query = " ".join(f'"{word}"*' for word in ASKED[rank % len(ASKED)].split())
            select = "SELECT rowid FROM fiches_fts WHERE fiches_fts MATCH ?"

            def ask(select: str = select, query: str = query) -> None:
                base.execute(f"{select} ORDER BY rank LIMIT 20", [query]).fetchall()
                for name in ("taille", "cout", "maturite"):
                    sql = f"SELECT {name}, COUNT(*) FROM fiches WHERE rowid IN ({select}) GROUP BY 1"  # noqa: S608
                    base.execute(sql, [query]).fetchall()

            found.append(1000 * timed(ask)[0])
    return summary(found)


def main() -> int:
    """Mesure, puis écrit le résultat en JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fiches", type=int, default=10_000)
    parser.add_argument("--recherches", type=int, default=200)
    chosen = parser.parse_args()
    records = synthetic(chosen.fiches)
    with tempfile.TemporaryDirectory(prefix="formation-mesure-") as name:
        folder = Path(name)
        listing, page, base = folder / "fiches.json", folder / "catalogue.html", folder / "bibliotheque.db"
        listing.write_text(exports.to_json(records), encoding="utf-8")
        checked, reports = timed(lambda: reading.check([listing]))
        written, _ = timed(lambda: page.write_text(cards.page(records, "Mesure"), encoding="utf-8"))
        built, _ = timed(lambda: database.build(records, base))
        result = {
            "fiches": len(records),
            "controle_s": round(checked, 1),
            "fiches_lues": sum(len(report.records) for report in reports),
            "page_ecrite_s": round(written, 1),
            "base_ecrite_s": round(built, 1),
            "base_mo": round(base.stat().st_size / 1e6, 1),
            "navigateur": in_browser(page, records, chosen.recherches),
            "sqlite": in_sqlite(base, chosen.recherches),
        }
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
