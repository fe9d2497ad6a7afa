"""Inscrire les notes : un seul écrivain, par lots, une transaction par lot."""

import time
from collections.abc import Callable
from datetime import datetime

from formation.classroom.grading.database import Database
from formation.classroom.grading.penalties import Penalties
from formation.classroom.grading.rows import Written, save
from formation.classroom.grading.types import CopyReport

BATCH = 64
BATCH_S = 2.0


class Writer:
    """Seul écrivain du carnet de notes pendant une correction.

    Parameters
    ----------
    database : Database
        Base ouverte.
    penalties : Penalties
        Retenues de retard du cours.
    committed : callable
        Reçoit les copies d’un lot, une fois inscrites.
    """

    def __init__(
        self, database: Database, penalties: Penalties, committed: Callable[[list[CopyReport]], None] = lambda _: None
    ) -> None:
        self._database = database
        self._penalties = penalties
        self._committed = committed
        self._batch: list[Written] = []
        self._oldest = 0.0

    def add(self, report: CopyReport, timestamp: datetime | None = None) -> None:
        """Ajoute une copie au lot ; l’inscrit si le lot est plein ou assez vieux.

        Parameters
        ----------
        report : CopyReport
            Sort de la copie.
        timestamp : datetime, optional
            Heure de remise, UTC, sans fuseau.

        Raises
        ------
        CarnetDeNotesInutilisable
            Si le lot ne peut pas être inscrit ; rien du lot ne l’est alors.
        """
        if not self._batch:
            self._oldest = time.monotonic()
        self._batch.append(Written(report, timestamp))
        self.flush_if_due()

    @property
    def wait_s(self) -> float | None:
        """Temps avant que le lot soit à inscrire, en secondes ; None s’il est vide."""
        return max(0.0, BATCH_S - (time.monotonic() - self._oldest)) if self._batch else None

    def flush_if_due(self) -> None:
        """Inscrit le lot s’il est plein ou assez vieux."""
        if len(self._batch) >= BATCH or self.wait_s == 0.0:
            self.flush()

    def flush(self) -> None:
        """Inscrit le lot en une transaction.

        Raises
        ------
        CarnetDeNotesInutilisable
            Si le lot ne peut pas être inscrit ; rien du lot ne l’est alors.
        """
        if not self._batch:
            return
        batch = self._batch
        with self._database.transaction() as connection:
            save(connection, batch, self._penalties)
        self._batch = []
        self._committed([item.report for item in batch])
