"""Répétition générale : la session entière, jouée, notée, corrigée, close, imprimée ; et toujours dite « essai »."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from formation import printing
from formation.session import simulation_run
from formation.session.closing import close
from formation.session.model import Session
from formation.session.outcome import TRIAL, compute, is_trial
from formation.session.recorded import STORE
from formation.session.simulation_run import SimulationRefusee, play_trial


def test_a_trial_is_the_same_for_the_same_seed(bare_session: Session) -> None:
    first = play_trial(bare_session, 7)
    before = (bare_session.root / STORE).read_bytes()
    assert play_trial(bare_session, 7).noted.final == first.noted.final == 5
    assert (bare_session.root / STORE).read_bytes() == before
    play_trial(bare_session, 8)
    assert (bare_session.root / STORE).read_bytes() != before


def test_roles_are_played(bare_session: Session) -> None:
    played = play_trial(bare_session)
    found = compute(bare_session)
    assert found[played.idle].did_nothing
    assert found[played.idle].attended_minutes == 210
    assert found[played.absent].attended_minutes == 105
    assert sum(one.did_nothing for one in found.values()) == 1
    states = {result.state for one in found.values() for result in one.objectives}
    assert states == {"atteint", "non atteint", "non évalué"}


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("reponses/a.json", "{}"),
        ("presences.csv", "identifiant;a\nstagiaire-01;oui\n"),
        ("presences.csv", "identifiant,2027-01-14-matin\nstagiaire-01,oui\n"),
        ("satisfaction.csv", "identifiant;a\nstagiaire-01;oui\n"),
    ],
)
def test_a_folder_with_real_answers_is_left_alone(bare_session: Session, where: str, text: str) -> None:
    path = bare_session.root / "4-recueillir" / where
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SimulationRefusee, match="Rien n’est écrit"):
        play_trial(bare_session)
    assert not is_trial(bare_session)
    assert path.read_text(encoding="utf-8") == text


def test_a_trial_needs_two_learners(bare_session: Session) -> None:
    import dataclasses

    alone = dataclasses.replace(bare_session, participants=bare_session.participants[:1])
    with pytest.raises(SimulationRefusee, match="deux"):
        play_trial(alone)


@pytest.mark.lent
def test_a_course_is_played_graded_closed_and_printed(course_session_copy: Session) -> None:
    session = course_session_copy
    played = play_trial(session)
    assert played.failed == []
    assert played.copies == 2
    assert TRIAL in {path.name for path in session.root.iterdir()}
    closed = close(session, anyway=True)
    assert any("stagiaire-03" in line for line in closed.missing)
    home = session.root / "5-rendre"
    papers = sorted(home.rglob("*.pdf"))
    names = {path.relative_to(home).as_posix() for path in papers}
    assert {f"attestations/{one.id}.pdf" for one in session.participants} <= names
    assert "rapport.pdf" in names
    for path in (home / "attestations" / "stagiaire-03.pdf", home / "rapport.pdf"):
        others = [one.last for one in session.participants if one.id not in path.name]
        assert printing.check_pdf(path, others) == []
        assert "ESSAI" in printing.read_text(path)
    idle = " ".join(printing.read_text(home / "attestations" / "stagiaire-03.pdf").split())
    assert "aucune production rendue" in idle
    assert (home / "preuves" / "index.html").is_file()
    table = (home / "resultats.csv").read_text(encoding="utf-8-sig")
    assert table.count("simulées") == 3
    points = {name: one.course_points for name, one in compute(session).items()}
    assert points["stagiaire-03"] is None
    assert all(points[name] for name in ("stagiaire-01", "stagiaire-02"))


def test_answers_written_are_those_a_page_would_write(bare_session: Session) -> None:
    play_trial(bare_session)
    files = sorted(Path(bare_session.root / "4-recueillir" / "reponses").glob("reponses-*.json"))
    keys = {tuple(sorted(json.loads(path.read_text(encoding="utf-8")))) for path in files}
    assert keys == {("enregistre_le", "format", "genre", "quiz", "reponses", "session", "stagiaire")}


def test_full_disk_before_the_trial_is_said_and_marks_nothing(
    bare_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "plein")

    monkeypatch.setattr(simulation_run, "write_atomic", full)
    with pytest.raises(SimulationRefusee, match="le disque est plein"):
        play_trial(bare_session)
    assert not is_trial(bare_session)
