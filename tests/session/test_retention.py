"""Effacer une session : tout ce qui nomme, rien d’autre, et des résultats anonymes gardés."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from formation.cli import main
from formation.session import anonymous, places, retention
from formation.session.model import Session, SessionInvalide, open_session
from formation.session.outcome import ObjectiveResult, Outcome
from formation.session.quizzes import read_sheets
from formation.session.retention import erase, plan_erasure
from formation.session.standing import state

DAY = date(2027, 7, 20)
Plain = Callable[[object], str]


def _text(root: Path) -> str:
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in root.rglob("*") if path.is_file())


def test_names_are_gone_and_teaching_stays(course_session_copy: Session) -> None:
    root = course_session_copy.root
    (root / "5-rendre/attestations").mkdir()
    (root / "5-rendre/attestations/stagiaire-01.pdf").write_text("NOM 01", encoding="utf-8")
    for name in ("submitted", "autograded", "feedback", "recus", "corrections", "rapports"):
        (root / f"cours/{name}/stagiaire-01").mkdir(parents=True)
    done = erase(root, DAY)
    assert sorted(path.name for path in (root / "cours").iterdir()) == [
        "a-distribuer",
        "nbgrader_config.py",
        "release",
        "session.json",
        "source",
    ]
    text = _text(root)
    for one in course_session_copy.participants:
        assert one.last not in text
        assert not one.email or one.email not in text
    assert (root / "1-preparer/conducteur.pdf").is_file()
    assert (root / "2-distribuer/livret.pdf").is_file()
    assert list((root / "cours/a-distribuer").glob("*.zip"))
    assert "cours/gradebook.db" in done.removed
    again = open_session(root)
    assert (again.participants, again.erased_on) == ((), DAY)


def test_erasing_twice_changes_nothing(session_copy: Session) -> None:
    erase(session_copy.root, DAY)
    before = sorted(path.name for path in session_copy.root.rglob("*"))
    done = erase(session_copy.root, DAY + timedelta(days=1))
    assert done.removed == ()
    assert sorted(path.name for path in session_copy.root.rglob("*")) == before
    assert open_session(session_copy.root).erased_on == DAY


def test_half_done_erasure_is_finished_by_the_same_command(session_copy: Session) -> None:
    (session_copy.root / places.LEARNERS).unlink()
    erase(session_copy.root, DAY)
    assert not (session_copy.root / places.COLLECT).exists()
    assert open_session(session_copy.root).erased_on == DAY


def test_what_a_killed_command_left_is_erased_too(session_copy: Session) -> None:
    left = session_copy.root / ".session-999999999-abc" / "neuf" / "attestations"
    left.mkdir(parents=True)
    (left / "stagiaire-01.pdf").write_text("NOM 01", encoding="utf-8")
    done = erase(session_copy.root, DAY)
    assert done.unknown == ()
    assert not list(session_copy.root.glob(".*"))


def test_a_stubborn_report_on_a_tiny_group_goes_at_the_next_try(
    session_copy: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, remove = session_copy.root / "5-rendre/rapport.html", retention._remove
    report.write_text("trois personnes", encoding="utf-8")

    def stubborn(path: Path) -> None:
        if path == report:
            raise PermissionError(13, "ouvert ailleurs")
        remove(path)

    with monkeypatch.context() as patch:
        patch.setattr(retention, "_remove", stubborn)
        with pytest.raises(retention.EffacementImpossible, match=r"rapport\.html"):
            erase(session_copy.root, DAY)
    assert report.is_file()
    assert not (session_copy.root / places.COLLECT).exists()
    erase(session_copy.root, DAY)
    assert not report.exists()
    assert not (session_copy.root / places.LEARNERS).exists()


def test_own_files_are_left_and_named(session_copy: Session) -> None:
    (session_copy.root / "notes du formateur.txt").touch()
    (session_copy.root / "3-presence/scan.jpg").touch()
    done = erase(session_copy.root, DAY)
    assert done.unknown == ("notes du formateur.txt",)
    assert (session_copy.root / "notes du formateur.txt").exists()
    assert not (session_copy.root / places.ATTENDANCE).exists()


def test_a_link_is_removed_but_not_its_target(session_copy: Session, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "preuve.pdf").touch()
    (session_copy.root / "5-rendre/preuves").symlink_to(archive)
    erase(session_copy.root, DAY)
    assert not (session_copy.root / "5-rendre/preuves").is_symlink()
    assert (archive / "preuve.pdf").exists()


@pytest.mark.parametrize(("people", "kept"), [(4, False), (6, True)])
def test_report_is_kept_unless_the_group_is_tiny(session_copy: Session, people: int, kept: bool) -> None:
    root = session_copy.root
    lines = ["identifiant;nom;prénom;courriel;organisation;fonction"]
    lines += [f"stagiaire-{i:02d};NOM {i:02d};;;;" for i in range(1, people + 1)]
    (root / places.LEARNERS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "5-rendre/rapport.html").write_text("rapport", encoding="utf-8")
    (root / "5-rendre/resultats.csv").write_text("stagiaire-01", encoding="utf-8")
    erase(root, DAY)
    assert (root / "5-rendre/rapport.html").exists() is kept
    assert not (root / "5-rendre/resultats.csv").exists()


@pytest.mark.parametrize(
    ("passed", "total", "expected"),
    [(0, 3, None), (2, 12, "moins de 5"), (7, 12, "7"), (10, 12, "au moins 8"), (12, 12, "12")],
)
def test_anonymous_counts_single_out_nobody(
    small_session: Session, monkeypatch: pytest.MonkeyPatch, passed: int, total: int, expected: str | None
) -> None:
    objective = small_session.pathway.objectifs[0].id
    outcomes = {
        f"s{i}": Outcome(
            f"s{i}",
            (ObjectiveResult(objective, 3, 3 if i < passed else 0, "atteint" if i < passed else "non atteint"),),
        )
        for i in range(total)
    }
    monkeypatch.setattr("formation.session.outcome.compute", lambda _session: outcomes)
    content = anonymous.anonymous_csv(small_session.root)
    if expected is None:
        assert content is None
    else:
        assert content is not None
        rows = content.decode("utf-8-sig").splitlines()
        assert len(rows) == 2
        assert rows[1].endswith(f";{total};{expected}")


def test_nothing_before_the_date_when_asked_so(
    session_copy: Session, capsys: pytest.CaptureFixture[str], plain: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Eve(date):
        @classmethod
        def today(cls) -> date:
            return date(2027, 7, 12)

    monkeypatch.setattr(retention, "date", Eve)
    root = session_copy.root
    assert not plan_erasure(root, date(2027, 7, 12)).due
    assert plan_erasure(root, date(2027, 7, 13)).due
    with pytest.raises(SystemExit) as caught:
        main(["session", "effacer", str(root), "--seulement-si-echu", "--oui"])
    assert caught.value.code == 0
    assert "Rien à effacer avant le mardi 13 juillet 2027" in plain(capsys.readouterr().out)
    assert (root / places.LEARNERS).exists()


@pytest.mark.parametrize(("answer", "left"), [("non\n", True), ("effacer\n", False)])
def test_confirmation_is_typed(session_copy: Session, monkeypatch: pytest.MonkeyPatch, answer: str, left: bool) -> None:
    from io import StringIO

    monkeypatch.setattr("sys.stdin", StringIO(answer))
    with pytest.raises(SystemExit) as caught:
        main(["session", "effacer", str(session_copy.root)])
    assert caught.value.code == (1 if left else 0)
    assert (session_copy.root / places.LEARNERS).exists() is left


def test_another_folder_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "stagiaires.csv").touch()
    with pytest.raises(SessionInvalide, match=r"session\.yml"):
        erase(tmp_path)
    assert (tmp_path / "stagiaires.csv").exists()


def test_state_says_what_is_missing(session_copy: Session, plain: Plain) -> None:
    root = session_copy.root
    before = Counter(one.status for one in state(root, date(2027, 1, 2)).stages)
    assert before == {"fait": 1, "à venir": 5}
    (root / "4-recueillir/presences.csv").write_text(
        "identifiant;2027-01-14 matin\nstagiaire-01;oui\nstagiaire-02;\n", encoding="utf-8"
    )
    (root / "2-distribuer/livret.pdf").unlink()
    found = state(root, date(2027, 1, 20))
    stages = {one.name: (one.status, plain(one.detail)) for one in found.stages}
    assert stages["dossier préparé"] == ("manque", "il manque 2-distribuer/livret.pdf")
    assert stages["présences saisies"] == ("en cours", "1 réponse pour 3 stagiaires")
    assert stages["évaluation finale"][0] == "manque"
    assert found.days_left == 174
    assert "dans 174 jours" in plain("\n".join(found.lines()))


def test_state_counts_a_learner_once_and_says_what_is_refused(session_copy: Session, plain: Plain) -> None:
    home = session_copy.root / "4-recueillir"
    sheet = read_sheets(session_copy.root)["positionnement"]
    data = {"format": 1, "session": sheet.token, "quiz": sheet.quiz, "stagiaire": "stagiaire-01", "reponses": {}}
    for name in ("a.json", "b.json"):
        (home / "reponses" / name).write_text(json.dumps(data | {"enregistre_le": name}), encoding="utf-8")
    (home / "reponses" / "c.json").write_text("{", encoding="utf-8")
    (home / "positionnement.csv").write_text("identifiant,Q1\nstagiaire-01,A\n", encoding="utf-8")
    stages = {one.name: (one.status, plain(one.detail)) for one in state(session_copy.root, DAY).stages}
    assert stages["positionnement"] == ("en cours", "1 réponse pour 3 stagiaires")
    assert stages["réponses refusées"][1].startswith("1 problème")
    (home.parent / places.LEARNERS).write_text("abîmée", encoding="utf-8")
    assert "réponses et présences" in {one.name for one in state(session_copy.root, DAY).stages}


def test_state_counts_learners_not_only_copies(course_session_copy: Session, plain: Plain) -> None:
    for exercise in ("eau-01", "eau-02"):
        (course_session_copy.course / "submitted" / "stagiaire-01" / exercise).mkdir(parents=True)
    stages = {one.name: (one.status, plain(one.detail)) for one in state(course_session_copy.root, DAY).stages}
    assert stages["copies collectées"] == ("en cours", "2 copies de 1 stagiaire sur 3")


def test_state_of_an_erased_session(session_copy: Session, plain: Plain) -> None:
    erase(session_copy.root, DAY)
    found = state(session_copy.root, DAY)
    assert (found.people, found.stages, found.days_left, found.remaining) == (None, (), None, ())
    assert "effacées le mardi 20 juillet 2027" in plain("\n".join(found.lines()))


def test_overdue_erasure_is_said(session_copy: Session, plain: Plain) -> None:
    assert "Effacement échu" in plain("\n".join(state(session_copy.root, DAY).lines()))


@pytest.mark.parametrize(("step", "said"), [("_keep_anonymous", "Rien n’a été effacé"), ("_mark", "Tout est effacé")])
def test_a_folder_that_cannot_be_written_is_said(
    session_copy: Session, monkeypatch: pytest.MonkeyPatch, step: str, said: str
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "refusé")

    monkeypatch.setattr(retention, step, refuse)
    with pytest.raises(retention.EffacementImpossible, match=said):
        retention.erase(session_copy.root)
    assert (session_copy.root / "stagiaires.csv").exists() == (step == "_keep_anonymous")
