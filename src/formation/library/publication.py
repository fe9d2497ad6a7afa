"""Publier la bibliothèque avec Datasette, sur cette machine seulement : facettes, plein texte, interface JSON."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from formation.errors import FormationError
from formation.library import database
from formation.library.collection import Library
from formation.numbers import plural

HOST = "127.0.0.1"
DEFAULT_PORT = 8448
TRIES = 20
_TEMPLATES = Path(__file__).parent / "gabarits"


class PublicationImpossible(FormationError):
    """Datasette manque, aucun port n’est libre, ou la base à garder existe déjà."""


def metadata(title: str, name: str = database.NAME) -> dict[str, Any]:
    """Titres, descriptions et facettes de la publication.

    Parameters
    ----------
    title : str
        Nom de la bibliothèque.
    name : str
        Nom de la base, celui du fichier sans extension.

    Returns
    -------
    dict
        Métadonnées de Datasette.
    """
    facets = [{"array": "besoin"}, "taille", "cout", "maturite", {"array": "secteur"}]
    columns = {
        "besoin": "Familles de besoin (champ du rapport)",
        "cout": "Tranche de coût (champ du rapport)",
        "evaluation_environnementale": "Qui a évalué l’impact, et quand (champ du rapport)",
        "maturite": "État du projet (ajout de la formation)",
        "secteur": "Secteurs (ajout de la formation)",
    }
    tables = {
        "fiches": {
            "title": "Fiches de projets",
            "description": "Une ligne par projet ; les détails sont dans « faits », les références dans « sources ».",
            "facets": facets,
            "facet_size": 30,
            "fts_table": "fiches_fts",
            "fts_pk": "rowid",
            "sort": "titre",
            "label_column": "titre",
            "columns": columns,
        },
        "faits": {
            "title": "Affirmations",
            "description": "Chaque affirmation, son origine (rapport ou ajout), ses sources et sa confiance.",
            "facets": ["champ", "origine", "confiance"],
        },
        "sources": {"title": "Sources", "description": "Références citées par chaque fiche.", "facets": ["lu"]},
        "collectivites": {
            "title": "Collectivités",
            "description": "Collectivités de chaque projet.",
            "facets": ["type", "region"],
        },
    }
    described = {
        "title": title,
        "description": "Projets d’intelligence artificielle de collectivités : chaque affirmation porte ses sources et "
        "son degré de certitude ; l’inconnu reste inconnu.",
        "license": "Licence Ouverte 2.0",
        "license_url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    }
    return described | {"databases": {name: described | {"tables": tables}}}


def application(base: Path, title: str) -> Any:
    """Application web de la bibliothèque.

    Parameters
    ----------
    base : Path
        Base SQLite écrite par `database.build`.
    title : str
        Nom de la bibliothèque.

    Returns
    -------
    ASGI application
        Lecture seule ; requêtes SQL libres et accès depuis un autre site fermés.

    Raises
    ------
    PublicationImpossible
        Si Datasette n’est pas installé.
    """
    _require()
    from datasette.app import Datasette

    settings = {
        "default_allow_sql": False,
        "suggest_facets": False,
        "default_facet_size": 30,
        "facet_time_limit_ms": 2_000,
        "max_returned_rows": 1_000,
    }
    return Datasette(
        immutables=[str(base)],
        metadata=metadata(title, base.stem),
        settings=settings,
        template_dir=str(_TEMPLATES),
        cors=False,
    ).app()


def serve(library: Library, *, title: str, port: int, say: Callable[[str], None], base: Path | None = None) -> None:
    """Publie une bibliothèque jusqu’à Ctrl-C.

    Parameters
    ----------
    library : Library
        Fiches.
    title : str
        Nom affiché.
    port : int
        Premier port essayé ; 0 laisse le système choisir.
    say : callable
        Écrit une ligne pour le lecteur.
    base : Path, optional
        Où garder la base SQLite ; par défaut, un fichier effacé à l’arrêt.

    Raises
    ------
    PublicationImpossible
        Si Datasette n’est pas installé, si aucun port n’est libre ou si `base` existe déjà.
    """
    _require()
    if base is not None and base.exists():
        raise PublicationImpossible(
            f"« {base} » existe déjà : donnez un autre nom à --base, ou retirez cette option. Rien n’a été écrit."
        )
    with TemporaryDirectory(prefix="formation-bibliotheque-") as folder, _listen(port) as listening:
        path = database.build(library, base or Path(folder) / f"{database.NAME}.db", replace=base is None)
        import uvicorn

        config = uvicorn.Config(application(path, title), log_level="warning", lifespan="on")
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        say(f"La bibliothèque est ici : {address}/ ({plural(len(library), 'fiche')})")
        say(f"Interface JSON : {address}/{path.stem}/fiches.json?_search=eau&_shape=objects")
        say("Ctrl-C pour arrêter. Seule cette machine y a accès.")
        with suppress(KeyboardInterrupt), _terminating():
            uvicorn.Server(config).run(sockets=[listening])
        say("Serveur arrêté.")


@contextmanager
def _terminating() -> Iterator[None]:
    """Un arrêt demandé par le système finit comme Ctrl-C : la base provisoire est effacée."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _require() -> None:
    if find_spec("datasette") is None:
        raise PublicationImpossible(
            "Publier demande Datasette, qui n’est pas installé. Installez-le : "
            'pip install "formation-ia-territoires[bibliotheque]"'
        )


def _listen(port: int) -> socket.socket:
    last = min(port + TRIES - 1, 65_535)
    for candidate in range(port, last + 1) if port else (0,):
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((HOST, candidate))
        except OSError as error:
            found.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        return found
    raise PublicationImpossible(
        f"Aucun port libre entre {port} et {last}. Choisissez-en un autre : formation bibliotheque servir --port 9000"
    )
