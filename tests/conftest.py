"""Outils communs à plusieurs fichiers de tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("MPLBACKEND", "Agg")


@pytest.fixture(scope="session")
def plain() -> Callable[[object], str]:
    """Texte dont les espaces insécables redeviennent des espaces simples, pour comparer des messages."""
    return lambda text: str(text).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def released_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copie modifiable des données livrées ; le cours la prend pour les vraies."""
    from formation import datasets

    copy = tmp_path / "datasets"
    shutil.copytree(datasets.root(), copy)
    monkeypatch.setenv("FORMATION_DONNEES", str(copy))
    return copy
