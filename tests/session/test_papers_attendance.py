"""Émargement, convocation, dossier de preuves."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import re
import zipfile
from datetime import date, time
from pathlib import Path

import pikepdf
import pytest

from formation import pathways, printing
from formation.printing import tree
from formation.session import papers, places
from formation.session.model import Participant, Session, Slot
from formation.session.papers.binder import FOLDER, PRINTS
from formation.session.papers.pieces import MISSING, PIECES
from formation.session.papers.writing import PapiersImpossibles
from formation.session.quizzes import read_sheets
from formation.session.recorded import STORE, Answers, to_text
from formation.session.satisfaction import Form
from formation.workshop.documents import write


def flat(text: str) -> str:
    """Texte dont toutes les espaces se valent."""
    return " ".join(text.split())


def people(count: int) -> tuple[Participant, ...]:
    return tuple(
        Participant(f"stagiaire-{n:03d}", f"Nom {n:03d}", "Stagiaire", f"s{n:03d}@exemple.fr", "Commune d’Aubeline")
        for n in range(count, 0, -1)
    )


@pytest.fixture
def session(tmp_path: Path) -> Session:
    pathway = pathways.read("agents-1-jour")
    root = tmp_path / "session"
    for name in places.FOLDERS:
        (root / name).mkdir(parents=True)
    return Session(
        root=root,
        pathway=pathway,
        title=pathway.titre,
        organisation="Aubeline formation",
        place="Salle 1",
        mode="présentiel",
        trainers=("Formatrice Une", "Formateur Deux"),
        slots=(
            Slot(date(2027, 1, 14), time(9), time(12, 15), "Jour 1, matin", "matin", 0, 1, 15),
            Slot(date(2027, 1, 14), time(13, 30), time(17), "Jour 1, après-midi", "après-midi", 1, 1, 15),
        ),
        participants=people(3),
        erase_on=date(2027, 6, 1),
        created=date(2026, 11, 22),
        seed=7,
    )


def test_sheet_names_everyone_once_in_order_and_no_mail(session: Session) -> None:
    html = papers.attendance_html(session, session.slots[0])
    names = re.findall(r'<th scope="row">(NOM \d+ Stagiaire)</th>', html)
    assert names == ["NOM 001 Stagiaire", "NOM 002 Stagiaire", "NOM 003 Stagiaire"]
    assert "@exemple.fr" not in html
    for wanted in ("Formatrice Une", "Formateur Deux", "Salle 1", "9\u00a0h\u00a000 à 12\u00a0h\u00a015"):
        assert wanted in html


def printed(session: Session, slot: Slot) -> Path:
    return printing.write_pdf(papers.attendance_html(session, slot), session.root / "emargement.pdf")


def test_sheet_of_many_repeats_its_header_and_stays_one_table(session: Session) -> None:
    many = dataclasses.replace(session, participants=people(60))
    path = printed(many, session.slots[1])
    assert printing.check_pdf(path) == []
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) >= 3
        sizes = [len(tree.rows(table)) for table in tree.tables(pdf.Root.StructTreeRoot)]
        assert 61 in sizes
    assert printing.read_text(path).count("Nom et prénom") >= 3


def test_sheet_of_fifteen_and_two_trainers_holds_on_one_page(session: Session) -> None:
    group = dataclasses.replace(session, participants=people(15), slots=session.slots[:1])
    path = printed(group, session.slots[0])
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
    assert "Formateur Deux" in printing.read_text(path)


def test_summons_says_when_where_what_and_until_when(session: Session, tmp_path: Path) -> None:
    text = flat(papers.summons_text(session))
    assert "{prénom}" in text
    assert "{identifiant}" in text, "les quiz le demandent : c’est ici qu’on le reçoit"
    for wanted in ("jeudi 14 janvier 2027", "13 h 30", "Salle 1", "handicap", "à partir du mardi 1er juin 2027"):
        assert flat(wanted) in text
    for objective in session.pathway.objectifs:
        assert flat(objective.texte) in text
    assert "certifi" not in text
    assert "Nom 00" not in text
    path = write(papers.summons_document(session), tmp_path / "convocation.odt")
    with zipfile.ZipFile(path) as odt:
        assert "{prénom}" in odt.read("content.xml").decode()


def fill(session: Session, given: Path) -> None:
    """Une session presque close : quelques pièces, et des attestations."""
    (session.root / places.PATHWAY).write_text("format: 1\n", encoding="utf-8")
    (session.root / places.COLLECT / "satisfaction.csv").write_text("feuille;rythme\n1;\n", encoding="utf-8")
    answers = Answers(presence={"stagiaire-00": {0: 150}})
    (session.root / STORE).write_text(to_text(answers), encoding="utf-8")
    (session.root / places.ATTENDANCE / "signée.jpg").write_bytes(b"photo")
    (session.root / places.ATTENDANCE / "emargement-a.html").write_bytes(b"page")
    (session.root / places.ATTENDANCE / "emargement-a.pdf").write_bytes(b"%PDF a")
    (given / "attestations").mkdir(parents=True)
    for rank in range(8):
        feedback = session.course / "feedback" / f"stagiaire-{rank}" / "eau-01"
        feedback.mkdir(parents=True)
        (feedback / "retour.html").write_bytes(b"retour")
        (given / "attestations" / f"stagiaire-{rank}.pdf").write_bytes(b"%PDF b")


def test_binder_copies_links_and_tells_what_is_missing(session: Session) -> None:
    given = session.root / places.RETURN
    fill(session, given)
    index = papers.evidence(session, given)
    assert index == given / FOLDER / "index.html"
    html = index.read_text(encoding="utf-8")
    copy = given / FOLDER / places.COLLECT / "presences.csv"
    assert "stagiaire-00;150" in copy.read_text(encoding="utf-8")
    assert not copy.with_name("satisfaction.csv").exists(), "un tableau vide n’est pas un relevé"
    kept = sorted(path.name for path in (given / FOLDER / places.ATTENDANCE).iterdir())
    assert kept == ["emargement-a.pdf", "signée.jpg"]
    for target in re.findall(r'href="([^"]+)"', html):
        assert (given / FOLDER / target).exists(), target
    assert html.count("<td>absent</td>") == len(PIECES) - 4
    assert html.count("8\u00a0fichiers") == 2
    assert 'href="../../cours/feedback/"' in html, "le dossier de tous, pas celui du premier"
    plain = flat(html)
    for wanted in ("2026-728", "trente-trois indicateurs", "provisoires", "données personnelles", "1er juin 2027"):
        assert flat(wanted) in plain
    for sentence in MISSING:
        assert sentence in html
    assert not re.search(r"https?://", html)


def test_binder_tells_what_was_answered_on_a_screen(bare_session: Session, tmp_path: Path) -> None:
    question = read_sheets(bare_session.root)["positionnement"].questions[0]
    answers = Answers(forms=[Form({"rythme": "plutôt d’accord"}, {"utile": "une réponse libre"})] * 5)
    answers.quiz["positionnement"]["stagiaire-02"] = {question.id: question.key}
    (bare_session.root / STORE).write_text(to_text(answers), encoding="utf-8")
    papers.evidence(bare_session, tmp_path / "rendre")
    kept = tmp_path / "rendre" / FOLDER / places.COLLECT
    assert sorted(path.name for path in kept.iterdir()) == ["positionnement.csv", "satisfaction.csv"]
    said = (kept / "positionnement.csv").read_text(encoding="utf-8-sig").splitlines()
    assert said[1].startswith(f"stagiaire-02;{question.letters(question.key)};-;")
    assert len(said) == 2
    assert "une réponse libre" not in (kept / "satisfaction.csv").read_text(encoding="utf-8-sig")
    del answers.forms[0]
    (bare_session.root / STORE).write_text(to_text(answers), encoding="utf-8")
    papers.evidence(bare_session, tmp_path / "rendre")
    assert not (kept / "satisfaction.csv").exists(), "quatre feuilles se reconnaissent"


def test_binder_fingerprints_are_those_of_the_files(session: Session, tmp_path: Path) -> None:
    given = tmp_path / "rendre"
    fill(session, given)
    papers.evidence(session, given)
    with (given / FOLDER / PRINTS).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert len(rows) == 12
    for row in rows:
        content = (given / FOLDER / row["fichier"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(content).hexdigest()


def test_binder_made_again_is_the_same_and_forgets_the_old(session: Session, tmp_path: Path) -> None:
    given = tmp_path / "rendre"
    fill(session, given)
    before = papers.evidence(session, given).read_bytes()
    (given / FOLDER / "vieux.txt").write_text("x", encoding="utf-8")
    assert papers.evidence(session, given).read_bytes() == before
    assert not (given / FOLDER / "vieux.txt").exists()


def test_binder_follows_no_symbolic_link(session: Session, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (session.root / places.PREPARE / "convocation.txt").symlink_to(secret)
    papers.evidence(session, tmp_path / "rendre")
    assert not list((tmp_path / "rendre").rglob("convocation.txt"))


def test_binder_that_cannot_be_written_is_told(session: Session, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    with pytest.raises(PapiersImpossibles, match="ne s’écrit pas"):
        papers.evidence(session, tmp_path / "fichier")
