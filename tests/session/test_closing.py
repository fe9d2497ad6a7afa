"""Clore : ce qui manque est dit d’abord, le dossier est remplacé d’un coup, ce qu’on y avait mis est gardé."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from shlex import quote

import pytest

from formation.cli import main
from formation.errors import FormationError
from formation.session import closing
from formation.session.closing import ClotureIncomplete, close, missing_pieces
from formation.session.model import Session
from formation.session.outcome import compute
from formation.session.quizzes import LETTERS, QUIZZES, read_sheets
from formation.session.simulation_run import play_trial


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papiers d’un mot : on éprouve ici la clôture, pas leur mise en page."""
    from formation.session import papers

    def write(session: Session, _outcomes: object, folder: Path, _tell: object) -> list[Path]:
        (folder / "attestations").mkdir()
        files = [folder / "attestations" / f"{one.id}.pdf" for one in session.participants]
        for file in files:
            file.write_text("papier", encoding="utf-8")
        return files

    monkeypatch.setattr(papers, "write_papers", write, raising=False)
    monkeypatch.setattr(papers, "evidence", lambda _session, folder: (folder / "preuves").mkdir(), raising=False)
    monkeypatch.setattr(closing, "write_report", lambda _session, _outcomes, folder: (folder / "rapport.html").touch())


def _answer_everything(session: Session) -> None:
    home = session.root / "4-recueillir"
    for name in QUIZZES:
        sheet = read_sheets(session.root)[name]
        for one in session.participants:
            data = {
                "format": 1,
                "session": sheet.token,
                "quiz": name,
                "stagiaire": one.id,
                "enregistre_le": "2027-01-14T09:10:00",
                "reponses": {q.id: [LETTERS[rank] for rank in q.key] for q in sheet.questions},
            }
            (home / "reponses" / f"{one.id}-{name}.json").write_text(json.dumps(data), encoding="utf-8")
    lines = ["identifiant;2027-01-14-matin", *(f"{one.id};oui" for one in session.participants)]
    (home / "presences.csv").write_text("\n".join(lines), encoding="utf-8")


def test_what_is_missing_is_said_before_and_nothing_is_written(bare_session: Session) -> None:
    with pytest.raises(ClotureIncomplete) as caught:
        close(bare_session)
    text = str(caught.value).replace("\u00a0", " ")
    assert "évaluation finale non rendue : tout le groupe" in text
    assert "présence inconnue" in text
    assert f"formation session cloturer {quote(str(bare_session.root))} --malgre-tout" in text
    assert not (bare_session.root / "5-rendre").exists()


def test_a_complete_session_closes_without_a_word(bare_session: Session, light: None) -> None:
    _answer_everything(bare_session)
    closed = close(bare_session)
    assert closed.missing == []
    assert closed.papers == 6
    assert sorted(path.name for path in (bare_session.root / "5-rendre").iterdir()) == [
        "attestations",
        "preuves",
        "rapport.html",
    ]
    assert not list(bare_session.root.glob(".*"))


def test_closing_again_keeps_what_the_trainer_added_and_nothing_stale(bare_session: Session, light: None) -> None:
    _answer_everything(bare_session)
    close(bare_session)
    target = bare_session.root / "5-rendre"
    (target / "compte-rendu.odt").write_text("à moi", encoding="utf-8")
    (target / "attestations" / "stagiaire-99.pdf").write_text("d’une autre liste", encoding="utf-8")
    closed = close(bare_session)
    assert closed.kept == ["compte-rendu.odt"]
    assert (target / "compte-rendu.odt").read_text(encoding="utf-8") == "à moi"
    assert not (target / "attestations" / "stagiaire-99.pdf").exists()


def test_a_failure_leaves_the_former_folder_as_it_was(
    bare_session: Session, light: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from formation.session import papers

    _answer_everything(bare_session)
    close(bare_session)

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(papers, "evidence", fail)
    (bare_session.root / "5-rendre" / "attestations" / "stagiaire-01.pdf").write_text("signée", encoding="utf-8")
    with pytest.raises(RuntimeError):
        close(bare_session)
    kept = bare_session.root / "5-rendre" / "attestations" / "stagiaire-01.pdf"
    assert kept.read_text(encoding="utf-8") == "signée"
    assert not list(bare_session.root.glob(".*"))


def test_an_interruption_while_pieces_are_put_back_undoes_them(
    bare_session: Session, light: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer_everything(bare_session)
    close(bare_session)
    target, replace = bare_session.root / "5-rendre", Path.replace
    (target / "attestations" / "stagiaire-01.pdf").write_text("avant", encoding="utf-8")
    (target / "compte-rendu.odt").write_text("à moi", encoding="utf-8")

    def stop(self: Path, end: Path) -> Path:
        if self.name == "rapport.html" and self.parent.name == "neuf":
            raise KeyboardInterrupt
        return replace(self, end)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        close(bare_session)
    assert (target / "attestations" / "stagiaire-01.pdf").read_text(encoding="utf-8") == "avant"
    assert sorted(path.name for path in target.iterdir()) == [
        "attestations",
        "compte-rendu.odt",
        "preuves",
        "rapport.html",
    ]
    assert not list(bare_session.root.glob(".*"))


def test_a_place_where_the_report_cannot_go_is_said(bare_session: Session, tmp_path: Path) -> None:
    (tmp_path / "occupe").touch()
    with pytest.raises(FormationError, match="occupe"):
        closing.write_alone(bare_session, tmp_path / "occupe")


def test_a_refused_answer_is_one_of_the_missing_pieces(bare_session: Session, light: None) -> None:
    _answer_everything(bare_session)
    (bare_session.root / "4-recueillir" / "reponses" / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(ClotureIncomplete, match=r"x\.json"):
        close(bare_session)
    assert not (bare_session.root / "5-rendre").exists()
    assert [line for line in close(bare_session, anyway=True).missing if "x.json" in line]


def test_copies_handed_in_but_not_graded_are_told(bare_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare_session.root / "cours" / "submitted" / "stagiaire-01" / "eau-01").mkdir(parents=True)
    found = missing_pieces(bare_session, compute(bare_session))
    assert any("stagiaire-01 (eau-01)" in line for line in found)


def test_learners_without_any_copy_are_told(course_session_copy: Session) -> None:
    (course_session_copy.course / "submitted" / "stagiaire-01" / "eau-01").mkdir(parents=True)
    found = missing_pieces(course_session_copy, compute(course_session_copy))
    (line,) = [line for line in found if line.startswith("aucune copie d’exercice")]
    assert "stagiaire-02, stagiaire-03" in line
    assert "stagiaire-01" not in line


def test_the_command_explains_and_returns_two(
    session_copy: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(SystemExit) as caught:
        main(["session", "cloturer", str(session_copy.root)])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "Avant de clore, il manque" in said
    assert "Traceback" not in said


def test_the_command_notes_and_says_what_comes_next(session_copy: Session, capsys: pytest.CaptureFixture[str]) -> None:
    _answer_everything(session_copy)
    with pytest.raises(SystemExit) as caught:
        main(["session", "noter", str(session_copy.root), "--json"])
    assert caught.value.code == 0
    assert json.loads(capsys.readouterr().out)["evaluation_finale"] == 3


def test_the_command_writes_a_report_alone(session_copy: Session, tmp_path: Path) -> None:
    _answer_everything(session_copy)
    with pytest.raises(SystemExit) as caught:
        main(["session", "rapport", str(session_copy.root), "--sortie", str(tmp_path / "vu")])
    assert caught.value.code == 0
    assert {path.name for path in (tmp_path / "vu").iterdir()} == {"rapport.html", "rapport.pdf", "resultats.csv"}


def test_an_erased_session_is_left_alone(bare_session: Session) -> None:
    erased = dataclasses.replace(bare_session, erased_on=date(2027, 7, 13), participants=())
    for act in (close, play_trial):
        with pytest.raises(FormationError, match=r"effacées le 13.juillet.2027"):
            act(erased)


def test_a_large_group_hears_how_far_its_papers_are() -> None:
    heard: list[tuple[int, int]] = []
    say = closing._counting(lambda step, total, _label: heard.append((step, total)))
    for done in range(121):
        say(done, 120, "stagiaire.pdf")
    assert heard == [(53, 124), (103, 124)], "des étapes qui avancent, sinon le temps restant grandit"
