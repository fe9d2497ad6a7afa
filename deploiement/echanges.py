"""Collecter et rendre par l’échange de nbgrader, sans faire confiance à ce que les stagiaires y déposent.

nbgrader suit les liens et se contente d’un avertissement quand un rendu porte le nom d’un autre. Ces deux classes le
remplacent, pour les boutons de Formgrader comme pour « serveur.py collecter » et « serveur.py rendre ».
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

from formation.classroom.copies import MAX_FOLDER_DEPTH
from formation.classroom.errors import AtelierImpossible
from formation.classroom.untrusted import open_plain, printable
from formation.errors import reason

STAMP, SECRET = "timestamp.txt", "submission_secret.txt"
MAX_FILES, MAX_FOLDERS = 200, 50
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_SHOWN_CHARS = 200


class SafeCollect(ExchangeCollect):  # type: ignore[misc]
    """Collecte qui écarte les rendus d’un autre compte et ne copie que des fichiers ordinaires de leur auteur."""

    def init_src(self) -> None:
        """Retient, par stagiaire, le rendu le plus récent parmi ceux dont il est bien l’auteur."""
        super().init_src()
        inbound = Path(self.inbound_path)
        suffix = f"+{self.coursedir.assignment_id}+"
        records = [self._path_to_record(str(path)) for path in sorted(inbound.iterdir()) if suffix in path.name]
        wanted = self.coursedir.student_id or "*"
        honest = [one for one in records if wanted in ("*", one["username"]) and self._honest(inbound, one)]
        honest.sort(key=lambda one: (one["username"], one["timestamp"]))
        self.src_records = [list(group)[-1] for _, group in groupby(honest, key=lambda one: one["username"])]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        try:
            return dict(super()._path_to_record(path))
        except (ExchangeError, ValueError, OverflowError, TypeError):
            # nbgrader arrêterait toute la collecte sur ce nom ; sans compte, ce rendu-là est écarté
            return {"username": "", "filename": Path(path).name, "timestamp": datetime.min}  # noqa: DTZ901 - sans fuseau, comme les autres

    def _honest(self, inbound: Path, record: dict[str, Any]) -> bool:
        shown = printable(record["filename"], _SHOWN_CHARS)
        try:
            handle = os.open(inbound / record["filename"], _FOLDER)
        except OSError as error:
            self.log.error("Rendu écarté : %s ne s’ouvre pas (%s).", shown, reason(error))
            return False
        owner = os.fstat(handle).st_uid
        os.close(handle)
        try:
            if owner == pwd.getpwnam(record["username"]).pw_uid:
                return True
        except KeyError:
            pass
        self.log.error("Rendu écarté : %s n’a pas été déposé par ce compte.", shown)
        return False

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:  # noqa: ARG002
        """Copie les fichiers ordinaires du stagiaire, sans suivre un seul lien, dans les bornes du cours."""
        left = 1000 * self.coursedir.max_dir_size
        try:
            handle = os.open(src, _FOLDER)
        except OSError as error:
            self.log.error("Rendu écarté : %s ne s’ouvre pas (%s).", printable(Path(src).name), reason(error))
            return
        owner = os.fstat(handle).st_uid
        aside = Path(f"{dest}.tmp")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            walk = os.fwalk(".", dir_fd=handle, follow_symlinks=False)
            for folder, names, files, inside in islice(walk, MAX_FOLDERS):
                # plus profond, le chemin pourrait dépasser ce que le système admet
                deep = folder.count("/") >= MAX_FOLDER_DEPTH
                names[:] = [] if deep else [name for name in names if not name.startswith(".")]
                (aside / folder).mkdir(exist_ok=True)
                for name in files[:MAX_FILES]:
                    left -= self._copy(inside, name, aside / folder / name, owner, left)
            # l’heure est celle du nom : nbgrader s’arrêterait s’il ne savait pas lire celle du fichier
            (aside / STAMP).write_text(f"{self._path_to_record(src)['timestamp']} UTC", encoding="ascii")
            aside.replace(dest)
        finally:
            os.close(handle)
            shutil.rmtree(aside, ignore_errors=True)

    def _copy(self, folder: int, name: str, target: Path, owner: int, left: int) -> int:
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError:
            self.log.error("Fichier écarté : %s est un lien ou ne se lit pas.", printable(name))
            return 0
        with os.fdopen(handle, "rb") as stream:
            found = os.fstat(stream.fileno())
            limit = min(left, 1000 * self.coursedir.max_file_size)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != owner or found.st_size > limit:
                self.log.error(
                    "Fichier écarté : %s n’est pas un fichier du stagiaire, ou est trop gros.", printable(name)
                )
                return 0
            content = stream.read(limit)
        target.write_bytes(content)
        return len(content)


class ReleaseGraded(ExchangeReleaseFeedback):  # type: ignore[misc]
    """Rend les retours écrits par « formation atelier corriger »."""

    def copy_files(self) -> None:
        """Joint à chaque retour l’heure et le secret de son rendu, d’où nbgrader tire son nom caché.

        Un retour sans eux (copie venue hors de l’échange, secret effacé) n’arrête pas les autres : il n’est pas rendu.
        """
        course, assignment = Path(self.coursedir.root), self.coursedir.assignment_id
        without = []
        for page in sorted((course / "feedback").glob(f"*/{assignment}")):
            learner = page.parent.name
            handed = course / "submitted" / learner / assignment
            try:
                for name in (STAMP, SECRET):
                    (page / name).write_text(_line(handed / name), encoding="utf-8")
            except (AtelierImpossible, ValueError):
                without.append(learner)
                self.log.error("Retour écarté : %s, sa copie n’est pas venue par l’échange.", learner)
        excluded = self.coursedir.student_id_exclude
        self.coursedir.student_id_exclude = ",".join([*filter(None, [excluded]), *without])
        try:
            super().copy_files()
        finally:
            self.coursedir.student_id_exclude = excluded


def _line(path: Path) -> str:
    with os.fdopen(open_plain(path), "rb") as stream:
        return stream.read(1_000).decode("utf-8")
