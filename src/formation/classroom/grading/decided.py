"""Décisions d’une personne sur les copies à relire, dans la base et la transaction des notes.

La table `formation_decisions` s’ajoute à celles de nbgrader, qui l’ignore. Une décision vaut pour une copie et ce qui
la note : une copie nouvelle, ou un devoir changé, est à relire de nouveau.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from formation.classroom.grading.types import CopyReport

TABLE = "formation_decisions"


@dataclass(frozen=True, slots=True)
class Decided:
    """Décision prise.

    Parameters
    ----------
    learner, assignment, fingerprint : str
        Copie, et son empreinte quand la décision a été prise.
    decision : str
        acceptée ou refusée.
    reasons : list of str
        Ce que la correction avait remarqué.
    comment : str
        Commentaire donné au stagiaire.
    date : datetime or None
        Moment de la décision, UTC sans fuseau.
    """

    learner: str
    assignment: str
    fingerprint: str
    decision: str
    reasons: list[str] = field(default_factory=list)
    comment: str = ""
    date: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Ligne du journal."""
        date = self.date.replace(tzinfo=UTC).isoformat() if self.date else ""
        return {
            "date": date,
            "stagiaire": self.learner,
            "devoir": self.assignment,
            "empreinte": self.fingerprint,
            "decision": self.decision,
            "motifs": self.reasons,
            "commentaire": self.comment,
        }


@cache
def _table() -> Any:
    from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, Text

    return Table(
        TABLE,
        MetaData(),
        Column("numero", Integer, primary_key=True),
        Column("date", DateTime, nullable=False),
        Column("stagiaire", String(128), nullable=False),
        Column("devoir", String(128), nullable=False),
        Column("empreinte", String(64), nullable=False),
        Column("decision", String(16), nullable=False),
        Column("motifs", Text, nullable=False),
        Column("commentaire", Text, nullable=False),
    )


def store(connection: Any, taken: Iterable[Decided]) -> None:
    """Inscrit des décisions.

    Parameters
    ----------
    connection : Connection
        Transaction des notes que ces décisions changent.
    taken : iterable of Decided
        Décisions, datées de maintenant.
    """
    from sqlalchemy import insert

    _table().create(connection, checkfirst=True)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    rows = [
        {
            "date": now,
            "stagiaire": one.learner,
            "devoir": one.assignment,
            "empreinte": one.fingerprint,
            "decision": one.decision,
            "motifs": json.dumps(one.reasons),
            "commentaire": one.comment,
        }
        for one in taken
    ]
    if rows:
        connection.execute(insert(_table()), rows)


def read(connection: Any) -> list[Decided]:
    """Lit les décisions, de la plus ancienne à la plus récente.

    Parameters
    ----------
    connection : Connection
        Base ouverte, même en lecture.

    Returns
    -------
    list of Decided
    """
    from sqlalchemy import inspect, select

    if not inspect(connection).has_table(TABLE):
        return []
    table = _table()
    return [
        Decided(
            row.stagiaire, row.devoir, row.empreinte, row.decision, json.loads(row.motifs), row.commentaire, row.date
        )
        for row in connection.execute(select(table).order_by(table.c.numero))
    ]


def by_copy(taken: Iterable[Decided]) -> dict[tuple[str, str, str], str]:
    """Dernière décision de chaque copie.

    Parameters
    ----------
    taken : iterable of Decided
        Décisions, dans l’ordre.

    Returns
    -------
    dict of (str, str, str) to str
        Stagiaire, devoir et empreinte → décision.
    """
    return {(one.learner, one.assignment, one.fingerprint): one.decision for one in taken}


def settle(report: CopyReport, decision: str) -> CopyReport:
    """Applique une décision déjà prise : la copie n’est plus à relire.

    Parameters
    ----------
    report : CopyReport
        Sort de la copie, changé sur place.
    decision : str
        acceptée, refusée, ou vide s’il n’y en a pas.

    Returns
    -------
    CopyReport
        Le même.
    """
    if decision:
        report.decision = decision
        for notebook in report.notebooks:
            for cell in notebook.cells:
                cell.review = []
        if report.state == "à relire":
            report.state, report.reasons = "corrigée", []
    return report
