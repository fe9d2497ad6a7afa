"""Petit serveur local pour lire le livre : cette machine seulement, aucun réseau."""

from __future__ import annotations

import errno
import functools
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path

from formation.errors import FormationError

HOST = "127.0.0.1"
DEFAULT_PORT = 8447
TRIES = 20


_TYPES = {".js": "text/javascript", ".html": "text/html", ".txt": "text/plain"}


class _Quiet(SimpleHTTPRequestHandler):
    """Sert les fichiers sans écrire une ligne par demande."""

    def log_message(self, *arguments: object) -> None:
        """Ne journalise rien : aucune trace de lecture."""

    def guess_type(self, path: str | PathLike[str]) -> str:
        """Type d’un fichier ; le texte est en UTF-8, ce que le serveur de Python ne dit pas."""
        kind = _TYPES.get(Path(path).suffix)
        return f"{kind}; charset=utf-8" if kind else super().guess_type(path)

    def end_headers(self) -> None:
        """Demande au navigateur de revérifier chaque fichier : le livre vient peut-être d’être refait."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


def open_server(site: Path, port: int = DEFAULT_PORT) -> ThreadingHTTPServer:
    """Ouvre un serveur sur cette machine, au premier port libre.

    Parameters
    ----------
    site : Path
        Dossier du livre construit.
    port : int
        Premier port essayé ; 0 laisse le système choisir.

    Returns
    -------
    ThreadingHTTPServer
        Serveur prêt, à lancer par `serve_forever`.

    Raises
    ------
    FormationError
        Si le livre n’est pas construit ou si aucun port n’est libre.
    """
    if not (site / "index.html").is_file():
        raise FormationError("Le livre n’est pas construit. Lancez d’abord : formation livre construire")
    handler = functools.partial(_Quiet, directory=str(site))
    candidates = range(port, port + TRIES) if port else (0,)
    for candidate in candidates:
        try:
            return ThreadingHTTPServer((HOST, candidate), handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise FormationError(
        f"Aucun port libre entre {port} et {port + TRIES - 1}. Choisissez-en un autre : "
        "formation livre servir --port 9000"
    )


def serve(site: Path, port: int, say: Callable[[str], None]) -> None:
    """Sert le livre jusqu’à Ctrl-C.

    Parameters
    ----------
    site : Path
        Dossier du livre construit.
    port : int
        Premier port essayé.
    say : callable
        Écrit une ligne pour le lecteur.

    Raises
    ------
    FormationError
        Si le livre n’est pas construit ou si aucun port n’est libre.
    """
    with open_server(site, port) as server:
        say(f"Le livre est ici : http://{HOST}:{server.server_address[1]}/")
        say("Ctrl-C pour arrêter. Seule cette machine y a accès.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("\nServeur arrêté.")
