"""Outils communs à plusieurs fichiers de tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["COLUMNS"] = "80"  # les pages d’aide se plient à la largeur du terminal de qui lance les tests
# Ni la charge de la machine ni le hasard d’un tirage ne décident : mêmes exemples partout, aucun délai.
# Pour en chercher d’autres : pytest --hypothesis-profile=default
settings.register_profile(
    "projet", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("projet")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 120_000
"""Temps laissé à une page : sur une machine chargée, attendre n’est pas échouer."""


def pytest_configure(config: pytest.Config) -> None:
    """Déclare la marque de pytest-xdist même sans lui : « -p no:xdist » lit alors tous les fichiers."""
    config.addinivalue_line("markers", "xdist_group(name): garde ces tests sur un seul processus")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Garde un groupe, ou à défaut un fichier, sur un seul processus : une préparation longue n’est payée qu’une fois.

    pytest-xdist 3.8 écrit le nom du groupe dans `_nodeid`, que pytest 9.2 ne lit plus : il tire l’identifiant d’un
    test de `_id`, et `--dist loadgroup` ne groupait plus rien.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        file = ".".join(item.path.relative_to(config.rootpath).with_suffix("").parts)
        meant, kept = vars(item).get("_nodeid", f"{item.nodeid}@{file}"), getattr(item, "_id", None)
        if kept is not None and meant != item.nodeid:
            item._id = type(kept).parse(meant)


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


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Any]:
    """Chromium installé sur la machine, piloté par Playwright."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(
            "Chromium est absent : installez-le (Debian, Ubuntu : apt install chromium ; macOS : brew install chromium)"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=WAIT_MS)
        for name in ("new_context", "new_page"):
            setattr(browser, name, _patient(getattr(browser, name)))
        yield browser
        browser.close()


def _patient(make: Callable[..., Any]) -> Callable[..., Any]:
    """Ouvre un contexte ou une page dont chaque attente peut durer WAIT_MS."""

    def opened(**options: Any) -> Any:
        made = make(**options)
        made.set_default_timeout(WAIT_MS)
        return made

    return opened
