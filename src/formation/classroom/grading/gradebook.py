"""Lire le carnet de notes de nbgrader, sans rien y écrire, et dire en français ce qui l’empêche."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formation.checks.failure import french
from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.quickstart import light_imports

_WAIT_S = 20
_CREATE = "Fabriquez d’abord les copies vierges : formation atelier distribuer DOSSIER"


@dataclass(slots=True)
class NotebookRows:
    """Lignes d’un carnet : identifiant, noyau, cellules par nom, notes maximales, rôles."""

    key: str
    kernelspec: str
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    grades: dict[str, float] = field(default_factory=dict)
    tasks: dict[str, float] = field(default_factory=dict)
    solutions: set[str] = field(default_factory=set)


@dataclass(slots=True)
class AssignmentRows:
    """Lignes d’un devoir : identifiant, date limite ISO en UTC (vide sans limite), carnets par nom."""

    key: str
    duedate: str
    notebooks: dict[str, NotebookRows] = field(default_factory=dict)


def read_rows(db_url: str) -> dict[str, AssignmentRows]:
    """Lit devoirs, carnets et cellules en une requête par table.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy du carnet de notes.

    Returns
    -------
    dict of str to AssignmentRows

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes manque, est occupé, abîmé, ou d’une autre version de nbgrader.
    """
    light_imports()
    from nbgrader import api
    from sqlalchemy import select

    with connection(db_url) as link:
        assignments = {
            row.id: AssignmentRows(row.id, row.duedate.isoformat() if row.duedate else "")
            for row in link.execute(select(api.Assignment.__table__))
        }
        names = {row.id: row.name for row in link.execute(select(api.Assignment.__table__))}
        notebooks: dict[str, NotebookRows] = {}
        for row in link.execute(select(api.Notebook.__table__).order_by(api.Notebook.__table__.c.name)):
            # un carnet sans devoir est un reste de suppression
            if row.assignment_id in assignments:
                notebooks[row.id] = NotebookRows(row.id, row.kernelspec or "")
                assignments[row.assignment_id].notebooks[row.name] = notebooks[row.id]
        _read_cells(link, notebooks)
    return {names[key]: rows for key, rows in assignments.items()}


def _read_cells(link: Any, notebooks: dict[str, NotebookRows]) -> None:
    from nbgrader import api
    from sqlalchemy import select

    for row in link.execute(select(api.SourceCell.__table__)):
        if row.notebook_id in notebooks:
            notebooks[row.notebook_id].sources[row.name] = dict(row._mapping)
    base = api.BaseCell.__table__
    for model, attribute in ((api.GradeCell, "grades"), (api.TaskCell, "tasks")):
        table = model.__table__
        query = select(base.c.name, base.c.notebook_id, table.c.max_score).join(table, table.c.id == base.c.id)
        for name, notebook, points in link.execute(query):
            if notebook in notebooks:
                getattr(notebooks[notebook], attribute)[name] = float(points)
    for name, notebook in link.execute(
        select(base.c.name, base.c.notebook_id).where(base.c.type == api.SolutionCell.__name__)
    ):
        if notebook in notebooks:
            notebooks[notebook].solutions.add(name)


@contextlib.contextmanager
def connection(db_url: str) -> Iterator[Any]:
    """Ouvre le carnet de notes en lecture et traduit les pannes.

    Parameters
    ----------
    db_url : str
        Adresse SQLAlchemy.

    Yields
    ------
    Connection

    Raises
    ------
    AtelierImpossible
        Si le carnet de notes manque, est occupé, abîmé, injoignable, ou d’une autre version de nbgrader.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = make_url(db_url)
        sqlite = url.get_backend_name() == "sqlite"
        if sqlite and not Path(url.database or "").is_file():
            raise AtelierImpossible(french(f"Le carnet de notes « {url.database} » n’existe pas. {_CREATE}"))
        engine = create_engine(url, connect_args={"timeout": _WAIT_S} if sqlite else {})
        if sqlite:
            event.listen(engine, "connect", lambda link, _record: link.execute("PRAGMA query_only = 1"))
    except (SQLAlchemyError, ImportError) as error:
        raise AtelierImpossible(_broken(db_url, error)) from None
    try:
        with engine.connect() as link:
            _check_version(link)
            yield link
    except SQLAlchemyError as error:
        raise AtelierImpossible(_broken(db_url, error)) from None
    finally:
        engine.dispose()


def _check_version(link: Any) -> None:
    from sqlalchemy import inspect, text

    tables = set(inspect(link).get_table_names())
    found = ""
    if "alembic_version" in tables:
        found = str(link.execute(text("SELECT version_num FROM alembic_version")).scalar())
    elif "assignment" not in tables:
        raise AtelierImpossible(french(f"Le carnet de notes est vide, ce n’est pas celui d’un cours. {_CREATE}"))
    if found and found not in known_versions():
        raise AtelierImpossible(
            french(
                f"Le carnet de notes est au format « {found} », celui d’une version de nbgrader plus "
                "récente que celle installée ici. Mettez nbgrader à jour, puis recommencez."
            )
        )
    if found != known_versions()[-1]:
        raise AtelierImpossible(
            french(
                f"Le carnet de notes vient d’une version plus ancienne de nbgrader (format « {found or 'ancien'} »). "
                "Copiez d’abord gradebook.db en lieu sûr, puis, dans le dossier du cours : nbgrader db upgrade"
            )
        )


def known_versions() -> list[str]:
    """Formats du carnet de notes que connaît la version de nbgrader installée, du plus ancien au plus récent.

    Returns
    -------
    list of str
    """
    import nbgrader

    texts = [path.read_text(encoding="utf-8") for path in Path(nbgrader.__file__).parent.glob("alembic/versions/*.py")]
    after: dict[str, str] = {}
    for text in texts:
        values = dict(re.findall(r"^(revision|down_revision)(?:\s*:[^=]+)?\s*=\s*['\"]?(\w+)", text, re.MULTILINE))
        after[values.get("down_revision", "None")] = values["revision"]
    chain, current = [], after.get("None")
    while current is not None:
        chain.append(current)
        current = after.get(current)
    return chain


def _broken(db_url: str, error: Exception) -> str:
    detail = str(getattr(error, "orig", None) or error).strip().splitlines()[0][:200]
    if "locked" in detail:
        cure = "un autre programme y écrit. Attendez qu’il finisse, ou fermez formgrader, puis recommencez."
    elif "not a database" in detail or "malformed" in detail:
        cure = (
            "le fichier est abîmé. Remettez votre dernière copie de gradebook.db ; les copies des stagiaires, "
            "dans submitted/, sont intactes."
        )
    elif "no such column" in detail or "no such table" in detail or "does not exist" in detail:
        cure = (
            "il vient d’une autre version de nbgrader. Copiez gradebook.db en lieu sûr, puis, dans le dossier du "
            "cours : nbgrader db upgrade"
        )
    elif isinstance(error, ImportError):
        cure = (
            "le pilote de cette base n’est pas installé. Pour PostgreSQL, installez l’extra « postgresql » du projet "
            "et commencez l’adresse par postgresql+psycopg://"
        )
    else:
        cure = "vérifiez son adresse, le droit de le lire et, pour PostgreSQL, que le serveur répond."
    # l’adresse peut porter un mot de passe
    shown = re.sub(r"//[^@/]*@", "//…@", db_url).removeprefix("sqlite:///")
    return french(f"Le carnet de notes « {shown} » ne se laisse pas lire ({detail}) : {cure}")
