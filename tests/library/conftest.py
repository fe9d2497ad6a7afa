"""Une fiche d’essai, valide, et de quoi l’abîmer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from formation.library.models import ProjectRecord
from formation.library.writing import to_yaml

DATA: dict[str, Any] = {
    "version_schema": "1.0",
    "id": "essai-fuites",
    "titre": "Chercher les fuites d’eau : essai (commune inventée)",
    "date_fiche": "2026-11-22",
    "redaction": "Service de l’eau",
    "situation": {
        "collectivites": [
            {
                "nom": "Commune d’essai",
                "type": "commune",
                "population": 4200,
                "population_annee": 2023,
                "source": ["S1"],
            }
        ],
        "taille": "3500-9999",
        "faits": [{"texte": "Le réseau a 80 ans.", "source": ["S1"], "confiance": "probable"}],
    },
    "besoin": {
        "familles": ["entretenir", "economiser"],
        "faits": [{"texte": "Trouver les canalisations à écouter.", "source": ["S1"], "confiance": "sûr"}],
    },
    "cout": {
        "tranche": "10000-49999",
        "montant_euros": 12_000.5,
        "base": "annuel",
        "faits": [{"texte": "12 000,50 € par an.", "source": ["S1", "S2"], "confiance": "sûr"}],
    },
    "impact_environnemental": {"faits": [{"texte": "Non publié.", "source": [], "confiance": "inconnu"}]},
    "complements": {
        "secteur": ["eau"],
        "maturite": "experimentation",
        "calendrier": {"debut": "2024-03", "fin": "2025", "faits": []},
        "methode": {"familles": ["apprentissage"], "faits": []},
        "resultats": [
            {"texte": "12 fuites trouvées.", "source": ["S2"], "confiance": "sûr", "mesure_par": "prestataire"}
        ],
    },
    "sources": [
        {"cle": "S1", "titre": "Bulletin", "editeur": "Commune", "date": "2024", "lu": "déclaration"},
        {
            "cle": "S2",
            "titre": "Article",
            "editeur": "Journal",
            "url": "https://example.org/a?b=1&c=2",
            "consulte": "2026-11-22",
            "lu": "direct",
        },
    ],
}


@pytest.fixture(scope="session")
def copie() -> Callable[[], dict[str, Any]]:
    """Fabrique de données valides, pour les épreuves tirées au hasard."""
    return lambda: copy.deepcopy(DATA)


@pytest.fixture
def donnees() -> dict[str, Any]:
    """Données d’une fiche valide, à modifier sans crainte."""
    return copy.deepcopy(DATA)


@pytest.fixture
def fiche() -> ProjectRecord:
    """La même, lue."""
    return ProjectRecord.model_validate(copy.deepcopy(DATA))


@pytest.fixture
def fichier(tmp_path: Path, fiche: ProjectRecord) -> Callable[..., Path]:
    """Écrit la fiche en YAML, un passage remplacé par un autre."""

    def write(*changes: tuple[str, str], name: str = "essai.yml") -> Path:
        text = to_yaml(fiche)
        for old, new in changes:
            assert old in text, f"« {old} » n’est pas dans la fiche d’essai"
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
