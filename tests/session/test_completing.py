"""Donner le lieu, l’organisme, les formateurs après coup : les documents suivent, le travail du formateur reste."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from formation.errors import FormationError
from formation.printing import read_text
from formation.session.closing import write_alone
from formation.session.completing import CompletionImpossible, complete_session
from formation.session.model import Session, SessionInvalide, open_session
from formation.session.retention import erase

Plain = Callable[[object], str]


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


def _snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda text: text.replace("duree_min: 75", "duree_min: 90").replace("pause: 15", "pause: 30"),
            "duree_min: 75",
        ),
        (lambda text: f"{text[: text.index('positionnement:')]}{_another_half(text)}", "2 demi-journées"),
        (lambda text: text.replace("vise: [o-courbe]", "vise: [o-perdu]"), "« o-perdu »"),
    ],
    ids=["duree", "demi-journee-de-plus", "objectif-retire"],
)
def test_pathway_that_no_longer_fits_the_dates_is_explained_and_nothing_is_written(
    course_session_copy: Session, change: Callable[[str], str], said: str, plain: Plain
) -> None:
    pathway = course_session_copy.root / "parcours.yml"
    text = pathway.read_text(encoding="utf-8")
    pathway.write_text(change(text), encoding="utf-8")
    assert pathway.read_text(encoding="utf-8") != text
    before = _snapshot(course_session_copy.root)
    with pytest.raises(SessionInvalide) as caught:
        complete_session(course_session_copy.root, place="Halle des essais")
    message = plain(caught.value)
    assert said in message
    for expected in ("parcours.yml ne s’accorde plus", "Rien n’a été changé", "formation session creer"):
        assert expected in message
    assert _snapshot(course_session_copy.root) == before


def _another_half(text: str) -> str:
    """Une seconde demi-journée, la même que la première à un identifiant près, puis la fin du parcours."""
    start, end = text.index("      - titre: Matin"), text.index("positionnement:")
    half = text[start:end].replace("titre: Matin", "titre: Après-midi").replace("id: s-", "id: t-")
    return half + text[end:]


def test_other_verbs_still_work_when_the_pathway_changed(course_session_copy: Session) -> None:
    """Un parcours retouché n’empêche ni de noter, ni de clore, ni d’effacer : les dates signées font foi."""
    pathway = course_session_copy.root / "parcours.yml"
    text = pathway.read_text(encoding="utf-8")
    pathway.write_text(f"{text[: text.index('positionnement:')]}{_another_half(text)}", encoding="utf-8")
    assert write_alone(open_session(course_session_copy.root), course_session_copy.root / "5-rendre")[1]
    assert erase(course_session_copy.root, date(2027, 7, 20)).removed


def test_full_disk_names_the_folder_the_trainer_knows(session_copy: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "plein")

    monkeypatch.setattr("formation.workshop.documents.writing.write_atomic", full)
    before = _snapshot(session_copy.root)
    with pytest.raises(FormationError) as caught:
        complete_session(session_copy.root, place="Halle des essais")
    message = str(caught.value)
    assert ".session-" not in message
    for expected in (str(session_copy.root / "1-preparer"), "le disque est plein", "Rien n’a été changé"):
        assert expected in message
    assert _snapshot(session_copy.root) == before
