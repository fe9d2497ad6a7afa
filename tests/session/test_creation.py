"""Le dossier d’une session : complet, relu, jamais à moitié."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import sqlite3
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from formation import printing
from formation.cli import main
from formation.session import places
from formation.session.creation import create_session
from formation.session.model import Session, SessionInvalide, open_session
from formation.session.request import CreationImpossible, Request, prepare

Plain = Callable[[object], str]
HEAD = "nom;prénom;courriel;organisation;fonction\n"
ROW = "NOM 01;Stagiaire;stagiaire-01@exemple.fr;Commune d’Aubeline;\n"
NAMED = (
    places.LEARNERS,
    places.READ_ME,
    f"{places.PREPARE}/convocations.csv",
    f"{places.ATTENDANCE}/",
    f"{places.COURSE}/gradebook.db",
)


def _roster(folder: Path, text: str = HEAD + ROW) -> Path:
    path = folder / "liste.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_folder_holds_every_piece(small_session: Session) -> None:
    pieces = {"session.yml", "parcours.yml", "stagiaires.csv", "LISEZ-MOI.html"}
    pieces |= {f"1-preparer/conducteur.{kind}" for kind in ("html", "pdf", "odt", "docx")}
    pieces |= {"1-preparer/convocation.txt", "1-preparer/convocation.odt", "1-preparer/convocations.csv"}
    pieces |= {"1-preparer/liste-de-controle.html"}
    pieces |= {f"1-preparer/diapositives/{name}.html" for name in small_session.pathway.decks()}
    pieces |= {
        f"2-distribuer/{name}.{kind}"
        for name in ("livret", "positionnement", "evaluation-finale", "satisfaction")
        for kind in ("html", "pdf")
    }
    pieces |= {f"3-presence/emargement-2027-01-14-matin.{kind}" for kind in ("html", "pdf")}
    pieces |= {
        f"4-recueillir/{name}.csv" for name in ("presences", "positionnement", "evaluation-finale", "satisfaction")
    }
    assert pieces <= _files(small_session.root)
    assert (small_session.root / places.ANSWERS).is_dir()
    assert (small_session.root / places.RETURN).is_dir()
    assert not small_session.course.exists()


def test_session_reads_back(small_session: Session) -> None:
    found = open_session(small_session.root)
    assert [one.id for one in found.participants] == ["stagiaire-01", "stagiaire-02", "stagiaire-03"]
    assert found.training_min == found.pathway.duree_min
    assert (found.erase_on - found.slots[-1].date).days == 180  # type: ignore[operator]
    assert found.participant("stagiaire-02").last == "NOM 02"
    with pytest.raises(SessionInvalide, match="stagiaire-99"):
        found.participant("stagiaire-99")


def test_list_saved_again_by_an_old_spreadsheet_is_read(session_copy: Session) -> None:
    path = session_copy.root / places.LEARNERS
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("cp1252"))
    assert open_session(session_copy.root).participants == session_copy.participants


@pytest.mark.parametrize("name", ["../../ailleurs", "stagiaire-01"])
def test_damaged_list_is_refused(session_copy: Session, name: str) -> None:
    path = session_copy.root / places.LEARNERS
    path.write_text(path.read_text(encoding="utf-8-sig").replace("stagiaire-02;", f"{name};"), encoding="utf-8")
    with pytest.raises(SessionInvalide, match=r"stagiaires\.csv, ligne 3"):
        open_session(session_copy.root)


def test_every_pdf_passes_the_check(small_session: Session) -> None:
    pdfs = sorted(small_session.root.rglob("*.pdf"))
    problems = {path.name: found for path in pdfs if (found := printing.check_pdf(path))}
    assert len(pdfs) == 6
    assert problems == {}


def test_names_stay_where_the_read_me_says(small_session: Session) -> None:
    people = small_session.participants
    secrets = [text for one in people for text in (one.last, one.email) if text]
    found = []
    for name in sorted(_files(small_session.root)):
        path = small_session.root / name
        if name.startswith(NAMED):
            continue
        if name.endswith(".pdf"):
            text = printing.read_text(path)
        elif name.endswith((".odt", ".docx")):
            with zipfile.ZipFile(path) as archive:
                text = "".join(archive.read(part).decode("utf-8", "replace") for part in archive.namelist())
        else:
            text = path.read_text(encoding="utf-8")
        found += [(name, secret) for secret in secrets if secret in text]
    assert found == []


def test_nothing_distributed_holds_an_answer(small_session: Session) -> None:
    frozen = json.loads((small_session.root / "1-preparer/questions.json").read_text(encoding="utf-8"))
    feedback = [
        option["feedback"] for quiz in frozen["quiz"].values() for one in quiz["questions"] for option in one["options"]
    ]
    pages = "".join(
        unescape(path.read_text(encoding="utf-8")) for path in (small_session.root / "2-distribuer").glob("*.html")
    )
    assert feedback
    assert not [text for text in feedback if text in pages]


def test_read_me_links_exist_and_no_machine_path(small_session: Session) -> None:
    for name in ("LISEZ-MOI.html", "1-preparer/liste-de-controle.html", "2-distribuer/livret.html"):
        text = (small_session.root / name).read_text(encoding="utf-8")
        for link in re.findall(r'href="([^"#]+)"', text):
            assert (small_session.root / name).parent.joinpath(link).is_file(), link
        assert str(small_session.root.parent) not in text
        assert ".session-" not in text


def test_presence_template_waits_for_minutes(small_session: Session) -> None:
    with (small_session.root / "4-recueillir/presences.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert rows[0] == ["identifiant", "2027-01-14 matin"]
    assert rows[1:] == [[one.id, ""] for one in small_session.participants]


def test_course_is_released_and_learners_are_enrolled(course_session: Session) -> None:
    names = sorted(path.stem for path in (course_session.course / "a-distribuer").glob("*.zip"))
    assert names == course_session.pathway.exercises()
    link = sqlite3.connect(course_session.course / "gradebook.db")
    try:
        rows = link.execute("select id, last_name, first_name from student order by id").fetchall()
    finally:
        link.close()
    assert rows == [(one.id, one.last, one.first) for one in course_session.participants]
    assert not (course_session.course / "journal-nbgrader.log").exists()


def test_same_order_gives_the_same_files(small_session: Session, tmp_path: Path) -> None:
    roster = small_session.root.parent / "liste.csv"
    again = create_session(
        Request(
            "elus-demi-journee",
            roster,
            "14/01/2027",
            tmp_path / "encore",
            organisation="Aubeline formation",
            place="Salle 1",
            trainers=("Formateur Un",),
            today=small_session.created,
        )
    ).session
    assert _files(again.root) == _files(small_session.root)
    different = [
        name
        for name in sorted(_files(again.root))
        if (again.root / name).read_bytes() != (small_session.root / name).read_bytes()
    ]
    assert different == []


def test_every_problem_is_in_one_message_and_nothing_is_written(tmp_path: Path, plain: Plain) -> None:
    pathway = tmp_path / "mien.yml"
    text = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8").split('SHORT = """')[1].split('"""')[0]
    pathway.write_text(text.replace("[book/cas/eau]", "[book/cas/eaux]"), encoding="utf-8")
    roster = _roster(tmp_path, HEAD + ROW + ROW)
    before = _files(tmp_path)
    with pytest.raises(CreationImpossible) as caught:
        create_session(
            Request(pathway, roster, ["2027-05-06"], tmp_path / "s", mode="à cheval", erase_after=0, today=None)
        )
    message = plain(caught.value)
    for expected in ("book/cas/eaux", "déjà à la ligne 2", "Ascension", "« à cheval »", "de 1 à 3650 jours"):
        assert expected in message
    assert message.startswith("5 problèmes. Rien n’a été créé.")
    assert _files(tmp_path) == before
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda folder: (folder / "s").mkdir() or (folder / "s" / "a").touch(), "existe et n’est pas vide"),
        (lambda folder: (folder / "s").touch(), "est un fichier"),
    ],
)
def test_taken_folder_is_refused(tmp_path: Path, plain: Plain, make: Callable[[Path], None], expected: str) -> None:
    make(tmp_path)
    with pytest.raises(CreationImpossible) as caught:
        create_session(Request("elus-demi-journee", _roster(tmp_path), "2027-01-14", tmp_path / "s"))
    assert expected in plain(caught.value)


def test_missing_parent_is_refused(tmp_path: Path, plain: Plain) -> None:
    with pytest.raises(CreationImpossible) as caught:
        prepare(Request("elus-demi-journee", _roster(tmp_path), "2027-01-14", tmp_path / "a" / "s"))
    assert "Créez-le d’abord" in plain(caught.value)


def test_unknown_pathway_names_the_near_one(tmp_path: Path, plain: Plain) -> None:
    with pytest.raises(CreationImpossible) as caught:
        prepare(Request("elus-demi-journe", _roster(tmp_path), "2027-01-14"))
    assert "« elus-demi-journee »" in plain(caught.value)


@pytest.mark.parametrize("how", ["clavier", "arret", "panne"])
def test_interruption_leaves_nothing(tmp_path: Path, how: str) -> None:
    roster = _roster(tmp_path)

    def stop(done: int, _total: int, _label: str) -> None:
        if done == 2:
            if how == "arret":
                os.kill(os.getpid(), signal.SIGTERM)
            raise OSError(28, "No space left on device") if how == "panne" else KeyboardInterrupt

    expected = CreationImpossible if how == "panne" else KeyboardInterrupt
    with pytest.raises(expected):
        create_session(Request("elus-demi-journee", roster, "2027-01-14", tmp_path / "s"), stop)
    assert list(tmp_path.iterdir()) == [roster]


def test_leftover_of_a_dead_process_is_removed(tmp_path: Path) -> None:
    dead = tmp_path / ".session-999999999-abc"
    dead.mkdir()
    (dead / "stagiaires.csv").write_text("des noms", encoding="utf-8")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_session(Request("elus-demi-journee", _roster(tmp_path), "2027-01-14", tmp_path / "s"), stop)
    assert not dead.exists()


def test_too_big_a_group_is_a_remark(tmp_path: Path, plain: Plain) -> None:
    rows = "".join(f"NOM {i:03d};Stagiaire;;;\n" for i in range(500))
    ready = prepare(Request("elus-demi-journee", _roster(tmp_path, HEAD + rows), "2027-01-14"))
    assert len(ready.participants) == 500
    assert any("500 stagiaires pour un groupe prévu de 6 à 15" in plain(text) for text in ready.remarks)


def test_command_line_dry_run_then_error(tmp_path: Path, capsys: pytest.CaptureFixture[str], plain: Plain) -> None:
    roster = str(_roster(tmp_path))
    with pytest.raises(SystemExit) as caught:
        main(["session", "verifier", "elus-demi-journee", "--stagiaires", roster, "--dates", "14/01/2027"])
    assert caught.value.code == 0
    assert "jeudi 14 janvier 2027, matin, 9 h 00 à 12 h 45" in plain(capsys.readouterr().out)
    with pytest.raises(SystemExit) as caught:
        main(["session", "verifier", "elus-demi-journee", "--stagiaires", roster, "--dates", "hier"])
    assert caught.value.code == 2
    assert "« hier » n’est pas une date" in plain(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("make", "name", "said"),
    [
        (lambda folder: None, "a" * 300, "ce nom est trop long"),
        (lambda folder: (folder / "lien").symlink_to("nulle-part"), "lien", "est un fichier ou un lien"),
        (lambda folder: (folder / "fichier").write_text("x"), "fichier", "est un fichier ou un lien"),
        (lambda folder: None, ".", "par exemple ma-session"),
    ],
    ids=["nom-trop-long", "lien-mort", "fichier", "dossier-courant"],
)
def test_folder_that_cannot_be_made_is_refused_before_any_work(
    make: Callable[[Path], object], name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path)
    (tmp_path / "liste.csv").write_text("nom;prénom\nNOM 01;Stagiaire\n", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(CreationImpossible) as caught:
        create_session(Request("elus-demi-journee", "liste.csv", "2027-01-14", Path(name)), pytest.fail)
    assert said in str(caught.value).replace("\u00a0", " ")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
