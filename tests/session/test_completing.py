"""Donner le lieu, l’organisme, les formateurs après coup : les documents suivent, le travail du formateur reste."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from formation.printing import read_text
from formation.session.completing import CompletionImpossible, complete_session
from formation.session.model import Session
from formation.session.retention import erase


def test_documents_follow_and_answers_stay(session_copy: Session) -> None:
    root = session_copy.root
    with (root / "stagiaires.csv").open("a", encoding="utf-8") as roster:
        roster.write(";NOM 04;Stagiaire;;Commune d’Aubeline;\r\n")
    typed = root / "4-recueillir/presences.csv"
    typed.write_text(typed.read_text(encoding="utf-8-sig") + "\n", encoding="utf-8")
    quiz = (root / "2-distribuer/positionnement.html").read_bytes()
    saved = typed.read_bytes()
    done = complete_session(root, place="Halle des essais", trainers=["Formatrice Deux"])
    assert (done.session.place, done.session.trainers) == ("Halle des essais", ("Formatrice Deux",))
    assert done.session.organisation == session_copy.organisation
    assert done.session.seed == session_copy.seed
    assert done.kept == ("1-preparer/conducteur.docx", "1-preparer/conducteur.odt"), "ils disent l’effectif, changé"
    (sheet,) = (root / "3-presence").glob("*.pdf")
    assert "Halle des essais" in read_text(sheet)
    assert "Formatrice Deux" in read_text(sheet)
    assert "NOM 04" in read_text(sheet), "une feuille encore vierge suit la liste"
    for name in (
        "1-preparer/convocation.txt",
        "1-preparer/conducteur.html",
        "2-distribuer/livret.html",
        "LISEZ-MOI.html",
    ):
        assert "Halle des essais" in (root / name).read_text(encoding="utf-8"), name
    assert "Sans courriel" in (root / "LISEZ-MOI.html").read_text(encoding="utf-8")
    assert (typed.read_bytes(), (root / "2-distribuer/positionnement.html").read_bytes()) == (saved, quiz)
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == []


def test_what_the_trainer_changed_is_kept(session_copy: Session) -> None:
    letter = session_copy.root / "1-preparer/convocation.txt"
    letter.write_text("Ma lettre", encoding="utf-8")
    (signed,) = (session_copy.root / "3-presence").glob("*.pdf")
    signed.write_bytes(b"%PDF signatures")
    done = complete_session(session_copy.root, place="Halle des essais")
    assert done.kept == ("1-preparer/convocation.txt", f"3-presence/{signed.name}")
    assert "Halle des essais" in signed.with_suffix(".html").read_text(encoding="utf-8")
    assert signed.read_bytes() == b"%PDF signatures", "une feuille signée ne se refait pas"
    assert letter.read_text(encoding="utf-8") == "Ma lettre"


def test_nothing_changes_when_refused(session_copy: Session) -> None:
    before = {path: path.read_bytes() for path in session_copy.root.rglob("*") if path.is_file()}
    with pytest.raises(CompletionImpossible, match="Exemple"):
        complete_session(session_copy.root)
    with pytest.raises(CompletionImpossible, match="le nom est vide"):
        complete_session(session_copy.root, trainers=[" "])
    with pytest.raises(CompletionImpossible, match="200 caractères"):
        complete_session(session_copy.root, place="x" * 201)
    assert {path: path.read_bytes() for path in session_copy.root.rglob("*") if path.is_file()} == before


def test_an_erased_session_is_not_written_again(session_copy: Session) -> None:
    erase(session_copy.root, today=date(2027, 9, 1))
    with pytest.raises(CompletionImpossible, match="effacée"):
        complete_session(session_copy.root, place="Halle des essais")
    assert not (Path(session_copy.root) / "LISEZ-MOI.html").exists()
