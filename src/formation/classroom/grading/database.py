"""Ouvrir le carnet de notes de nbgrader pour y écrire, et dire en français ce qui l’empêche."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import ledger

LOCKED_WAIT_S = 15.0
_RETRY_S = 0.25
_LOCKED = ("database is locked", "database table is locked")
_CAUSES = (
    (("disk is full", "No space left", "disk quota"), "le disque est plein. Libérez de la place puis relancez"),
    (
        ("readonly database", "unable to open database", "read-only transaction"),
        "le fichier ou son dossier est en lecture seule. Donnez-vous le droit d’y écrire puis relancez",
    ),
    (
        ("not a database", "malformed", "disk I/O error"),
        "le fichier est abîmé. Remettez une sauvegarde (« nbgrader db upgrade » laisse des copies "
        "gradebook.db.<date>) ou refaites la base avec « nbgrader generate_assignment », puis relancez",
    ),
    (
        ("password authentication", "no password supplied"),
        "le serveur refuse le compte ou le mot de passe. Vérifiez l’adresse donnée à --base",
    ),
    (("FATAL:  database",), "cette base n’existe pas sur le serveur. Créez-la, ou corrigez l’adresse donnée à --base"),
    (
        ("duplicate key", "UNIQUE constraint"),
        "une autre correction y inscrit les mêmes copies. Attendez qu’elle finisse, puis relancez",
    ),
    (("permission denied",), "ce compte n’a pas le droit d’écrire. Demandez les droits sur la base puis relancez"),
    (
        (
            "connection failed",
            "connection is bad",
            "Connection refused",
            "could not translate",
            "server closed",
            "connection is lost",
        ),
        "le serveur ne répond pas. Vérifiez qu’il est lancé et l’adresse donnée à --base",
    ),
    (
        ("no such table", "no such column", "UndefinedTable", "UndefinedColumn", "does not exist"),
        "ce n’est pas un carnet de notes de cette version de nbgrader. Lancez « nbgrader db upgrade » "
        "dans le dossier du cours",
    ),
)


class CarnetDeNotesInutilisable(AtelierImpossible):
    """Le carnet de notes ne peut pas être lu ou écrit ; ce qui était inscrit l’est resté."""


def shown(db_url: str) -> str:
    """Adresse d’une base, sans mot de passe, pour un message.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy.

    Returns
    -------
    str

    Examples
    --------
    >>> shown("postgresql://ana:secret@127.0.0.1/notes")
    'postgresql://ana:***@127.0.0.1/notes'
    """
    if db_url.startswith("sqlite:///"):
        return db_url.removeprefix("sqlite:///")
    return re.sub(r"(//[^:/@]*):[^@]*@", r"\1:***@", db_url)


def explain(error: BaseException, db_url: str) -> CarnetDeNotesInutilisable:
    """Traduit une erreur de base de données.

    Parameters
    ----------
    error : Exception
        Erreur de SQLAlchemy ou du pilote.
    db_url : str
        Adresse de la base.

    Returns
    -------
    CarnetDeNotesInutilisable
        Erreur à lever : quoi, pourquoi, que faire.
    """
    text = str(error)
    if _is_locked(error):
        cause = (
            f"il est occupé depuis {LOCKED_WAIT_S:.0f} s par un autre programme. Fermez la page de notation "
            "manuelle ou l’autre correction, puis relancez"
        )
    else:
        known = (cure for words, cure in _CAUSES if any(word.casefold() in text.casefold() for word in words))
        brief = " ".join(text.split("\n", 1)[0].split())[:160]
        cause = next(known, f"la base a répondu : {brief}. Corrigez-en la cause puis relancez")
    return CarnetDeNotesInutilisable(
        french(
            f"Le carnet de notes « {shown(db_url)} » ne peut pas être écrit : {cause}. "
            "Les copies déjà inscrites le restent ; les autres seront reprises."
        )
    )


def _is_locked(error: BaseException) -> bool:
    return any(word in str(error) for word in _LOCKED)


class Database:
    """Accès en écriture au carnet de notes ; un seul par correction. La table du registre y est créée si elle manque.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy : `sqlite:////chemin/gradebook.db` ou `postgresql://…`.
    waiting : callable
        Reçoit une phrase quand la base est occupée et qu’il faut attendre.

    Raises
    ------
    CarnetDeNotesInutilisable
        Si la base ne s’ouvre pas, est en lecture seule, abîmée ou occupée.
    """

    def __init__(self, db_url: str, waiting: Callable[[str], None] = lambda _: None) -> None:
        self.url = db_url
        self._waiting = waiting
        self._engine = _engine(db_url)
        try:
            with self.transaction() as connection:
                ledger.prepare(connection)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Ouvre une transaction : tout est inscrit à la sortie, ou rien.

        Yields
        ------
        Connection

        Raises
        ------
        CarnetDeNotesInutilisable
            Si la base reste occupée plus de quinze secondes, ou refuse l’écriture.
        """
        from sqlalchemy.exc import DBAPIError

        try:
            connection = self._begin()
            try:
                yield connection
                self._commit(connection)
            except BaseException:
                connection.rollback()
                raise
            finally:
                connection.close()
        except DBAPIError as error:
            raise explain(error, self.url) from None

    def _begin(self) -> Any:
        def begin() -> Any:
            connection = self._engine.connect()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
            return connection

        return self._patiently(begin)

    def _commit(self, connection: Any) -> None:
        self._patiently(connection.commit)

    def _patiently(self, action: Callable[[], Any]) -> Any:
        from sqlalchemy.exc import DBAPIError

        give_up = time.monotonic() + LOCKED_WAIT_S
        told = False
        while True:
            try:
                return action()
            except DBAPIError as error:
                if not _is_locked(error) or time.monotonic() >= give_up:
                    raise
            if not told:
                told = True
                self._waiting(french("Le carnet de notes est occupé par un autre programme : j’attends."))
            time.sleep(_RETRY_S)

    def close(self) -> None:
        """Ferme la connexion."""
        self._engine.dispose()


def _engine(db_url: str) -> Any:
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    sqlite = db_url.startswith("sqlite")
    if sqlite and not Path(shown(db_url)).is_file():
        raise CarnetDeNotesInutilisable(
            french(
                f"Le carnet de notes « {shown(db_url)} » n’existe pas. Fabriquez d’abord les copies vierges : "
                "formation atelier distribuer DOSSIER (ou « nbgrader generate_assignment »)."
            )
        )
    try:
        engine = create_engine(db_url, connect_args={"timeout": _RETRY_S} if sqlite else {})
    except ModuleNotFoundError as error:
        raise CarnetDeNotesInutilisable(
            french(
                f"La base « {shown(db_url)} » demande la bibliothèque « {error.name} ». Installez-la : "
                'pip install "formation-ia-territoires[postgresql]"'
            )
        ) from None
    except (ArgumentError, NoSuchModuleError):
        raise CarnetDeNotesInutilisable(
            french(
                f"« {shown(db_url)} » n’est pas l’adresse d’une base. Forme admise : sqlite:////chemin/gradebook.db "
                "ou postgresql://compte:motdepasse@serveur/base"
            )
        ) from None
    if sqlite:
        # verrou d’écriture pris dès le début : ce qui est lu dans la transaction ne change pas avant l’écriture
        event.listen(engine, "connect", _manual_transactions)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _manual_transactions(raw: Any, _record: Any) -> None:
    raw.isolation_level = None


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
