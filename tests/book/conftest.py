"""Livres construits une fois pour toute la session, et navigateur."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MINI = Path(__file__).parent / "fixtures" / "mini"


@pytest.fixture(scope="session")
def copie_mini(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Copie neuve des sources du mini-livre, avec les réglages du vrai."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("mini")
        shutil.copytree(MINI, folder, dirs_exist_ok=True)
        settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
        settings = settings.replace("formation.book]", "formation.book, figure_jouet]")
        (folder / "_config.yml").write_text(settings, encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def construire() -> Callable[[Path], Any]:
    """Construit un livre ; l’extension des tests est trouvée à côté de ses sources."""
    from formation.book import construction

    def build(folder: Path) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(folder))
            return construction.build(folder)

    return build


@pytest.fixture(scope="session")
def mini(copie_mini: Callable[[], Path], construire: Callable[[Path], Any]) -> Path:
    """Site du mini-livre : chaque directive y paraît."""
    return Path(construire(copie_mini()).site)


@pytest.fixture(scope="session")
def livre(construire: Callable[[Path], Any]) -> Path:
    """Site du vrai livre, reconstruit là où il est : rapide quand rien n’a changé."""
    return Path(construire(ROOT).site)


@pytest.fixture
def ouvrir(navigateur: Any) -> Iterator[Callable[..., Any]]:
    """Ouvre une page depuis le disque ; les erreurs et les demandes sont gardées sur la page."""
    contexts = []

    def go(
        site: Path, name: str, *, width: int = 1280, scheme: str = "light", query: str = "", script: bool = True
    ) -> Any:
        context = navigateur.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script, locale="fr-FR"
        )
        contexts.append(context)
        page = context.new_page()
        page.erreurs, page.demandes = [], []
        page.on("pageerror", lambda error: page.erreurs.append(str(error)))
        page.on("console", lambda message: message.type == "error" and page.erreurs.append(message.text))
        page.on("request", lambda request: page.demandes.append(request.url))
        page.goto((site / name).as_uri() + query)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def serveur(livre: Path) -> Iterator[str]:
    """Le vrai livre, servi comme le fait « formation livre servir »."""
    from formation.book.server import open_server

    with open_server(livre, 0) as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
