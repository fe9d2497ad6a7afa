"""Le carnet de notes sur un vrai serveur PostgreSQL, lancé par ces tests : mêmes lignes qu’avec SQLite."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import gradebooks as books
import pytest

from formation.classroom.grading.database import CarnetDeNotesInutilisable, Database
from formation.classroom.grading.penalties import Penalties
from formation.classroom.grading.writer import Writer

ACCOUNT = "postgres"


def binaries():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def server():
    """Serveur sans réseau, dans un dossier jetable ; `initdb` refuse d’être lancé par root."""
    folder = binaries()
    if folder is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL n’est pas installé : apt-get install postgresql")
        pytest.skip("PostgreSQL n’est pas installé : apt-get install postgresql")
    pytest.importorskip("psycopg")
    # court et ouvert à tous, où que soit TMPDIR : le nom d’une prise tient en cent octets
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = {"user": ACCOUNT} if os.getuid() == 0 else {}
    if user:
        shutil.chown(home, ACCOUNT)

    def run(*command):
        subprocess.run(command, check=True, capture_output=True, cwd=home, **user)

    run(folder / "initdb", "-D", home / "base", "-A", "trust", "-U", "essai", "-E", "UTF8", "--locale=C", "--no-sync")
    control = (folder / "pg_ctl", "-D", home / "base", "-w", "-l", home / "journal")
    run(*control, "-o", f"-k {home} -c listen_addresses= -c fsync=off", "start")
    try:
        yield lambda name: _new_base(name, home)
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _new_base(name, home):
    import psycopg

    with psycopg.connect(f"host={home} user=essai dbname=postgres", autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"')
    return f"postgresql+psycopg://essai@/{name}?host={home}"


def save(url, reports, timestamp=None):
    from traitlets.config import Config

    database = Database(url)
    try:
        writer = Writer(database, Penalties(Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})))
        for report in reports:
            writer.add(report, books.moment(timestamp) if timestamp else None)
        writer.flush()
    finally:
        database.close()


@pytest.fixture
def pair(server, tmp_path, request):
    urls = (books.sqlite_url(tmp_path), server(f"base{abs(hash(request.node.name))}"))
    for url in urls:
        books.make_gradebook(url)
    return urls


def test_rows_are_those_of_sqlite(pair):
    reports = books.make_reports(70)
    reports[3].state, reports[3].notebooks[0].cells[0].review = "à relire", ["motif"]
    reports[4].state, reports[4].reasons = "échec", ["demi-caractère \ud800, nul \0"]
    for url in pair:
        save(url, reports, "2026-11-21 09:00:00")
        save(url, books.make_reports(5, seed=9))
    assert books.rows(pair[0]) == books.rows(pair[1])
    assert books.ledger_rows(pair[0]) == books.ledger_rows(pair[1])


def test_failed_batch_leaves_nothing(pair):
    reports = books.make_reports(3)
    reports[2].learner = "x" * 200
    with pytest.raises(CarnetDeNotesInutilisable):
        save(pair[1], reports)
    assert books.rows(pair[1])["copies"] == books.ledger_rows(pair[1]) == []


def test_two_writers_at_once_lose_nothing(pair):
    first, second = Database(pair[1]), Database(pair[1])
    from traitlets.config import Config

    writers = [Writer(database, Penalties(Config())) for database in (first, second)]
    for writer, start in zip(writers, (1, 101), strict=True):
        for report in books.make_reports(30, first=start):
            writer.add(report)
    for writer in writers:
        writer.flush()
    first.close()
    second.close()
    assert len(books.rows(pair[1])["copies"]) == 60


def test_unknown_server_is_said_in_french(tmp_path):
    pytest.importorskip("psycopg")
    with pytest.raises(CarnetDeNotesInutilisable, match="ne répond pas"):
        Database(f"postgresql+psycopg://essai:secret@/notes?host={tmp_path}")


def test_missing_driver_gives_the_command_to_install_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(CarnetDeNotesInutilisable, match=r"formation-ia-territoires\[postgresql\]"):
        Database("postgresql+psycopg://essai@127.0.0.1/notes")


def move(source, target):
    """Recopie un carnet de notes SQLite dans une base neuve."""
    from nbgrader.api import Base
    from sqlalchemy import create_engine, text

    left, right = create_engine(source), create_engine(target)
    Base.metadata.create_all(right)
    with left.connect() as link, right.begin() as other:
        for table in Base.metadata.sorted_tables:
            found = [dict(row._mapping) for row in link.execute(table.select())]
            if found:
                other.execute(table.insert(), found)
        other.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        version = link.execute(text("SELECT version_num FROM alembic_version")).scalar()
        other.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    left.dispose()
    right.dispose()


@pytest.mark.lent
def test_whole_grading_gives_the_rows_of_sqlite(server, tmp_path):
    import runs

    from formation.classroom.grading.run import grade_course

    here, there = tmp_path / "sqlite", tmp_path / "serveur"
    here.mkdir()
    there.mkdir()
    shared = runs.course(here, 4)
    alone = runs.clone(shared, there)
    url = server("correction")
    move(books.sqlite_url(shared), url)
    grade_course(alone)
    grade_course(shared, db_url=url)
    assert books.rows(url) == books.rows(books.sqlite_url(alone))
    assert books.ledger_rows(url) == books.ledger_rows(books.sqlite_url(alone))
    assert books.rows(books.sqlite_url(shared))["copies"] == []
    assert {copy.state for copy in grade_course(shared, db_url=url).copies} == {"déjà corrigée"}
