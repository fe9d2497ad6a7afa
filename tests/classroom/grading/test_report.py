"""Le rapport d’une correction : tout y est, rien n’en sort."""

import json
from datetime import UTC, datetime

import gradebooks as books
import pytest

from formation.classroom.grading import report as module
from formation.classroom.grading.report import RunFacts, RunReport

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def reports():
    made = books.make_reports(4)
    made[1].state, made[1].notebooks[0].cells[0].review = "à relire", ["l’objet se dit égal à tout"]
    made[2].state, made[2].reasons = "refusée", ["ce n’est pas un carnet Jupyter"]
    made[3].notebooks[0].cells[1].score = 0.0
    made[3].notebooks[0].cells[1].message = "<script>alert(1)</script> : on attend un nombre."
    return made


@pytest.fixture
def write(tmp_path):
    def make(reports, **facts):
        run = RunReport(tmp_path, tmp_path)
        for one in reports:
            run.add(one)
        paths = run.write(RunFacts(**facts), NOW)
        run.close()
        return json.loads((tmp_path / paths["json"]).read_text()), (tmp_path / paths["html"]).read_text()

    return make


def test_json_holds_every_copy_and_every_setting(write, reports):
    data, _ = write(reports, settings={"moteur": "rapide"}, trials={"tp1": []}, anomalies=["vide"], seconds=3.21)
    assert [copy["learner"] for copy in data["copies"]] == [one.learner for one in reports]
    assert data["copies"][0]["notebooks"][0]["cells"][0]["seconds"] == 0.1
    assert data["resume"] == {"corrigée": 2, "à relire": 1, "refusée": 1, "échec": 0}
    assert data["essais"] == [{"devoir": "tp1", "reussi": True, "problemes": []}]
    assert data["versions"]["nbgrader"]


def test_page_is_self_contained_accessible_and_escaped(write, reports):
    _, page = write(reports)
    assert '<html lang="fr">' in page
    assert "<caption>" in page
    assert 'scope="col"' in page
    assert "<script" not in page
    assert "http" not in page
    assert "&lt;script&gt;" in page


def test_page_shows_the_review_queue_and_the_refusals(write, reports):
    _, page = write(reports)
    assert "Copies à relire par une personne" in page
    assert "l’objet se dit égal à tout" in page
    assert "ce n’est pas un carnet Jupyter" in page


def test_degraded_sandbox_is_written_large(write, reports):
    missing = {"landlock": "le noyau ne le propose pas"}
    _, page = write(reports, sandbox={"mode": "degrade", "couches": ["bornes"], "manquantes": missing, "phrases": []})
    assert "<strong>Protection dégradée" in page
    assert "landlock" in page


def test_blocked_assignment_and_anomalies_are_shown(write):
    _, page = write([], trials={"tp1": ["cellule « test » : 0 sur 2"]}, anomalies=["submitted/x : dossier vide"])
    assert "aucune copie n’est corrigée" in page
    assert "0 sur 2" in page
    assert "dossier vide" in page


def test_long_report_keeps_the_page_short_and_the_json_whole(write, monkeypatch):
    monkeypatch.setattr(module, "_LISTED", 5)
    monkeypatch.setattr(module, "_DETAILED", 3)
    data, page = write(books.make_reports(9))
    assert len(data["copies"]) == 9
    assert "stagiaire-0006" not in page
    assert "le fichier JSON" in page


def test_latest_report_has_a_fixed_name(write, tmp_path, reports):
    write(reports[:1])
    write(reports)
    latest = json.loads((tmp_path / "rapports" / "correction-derniere.json").read_text())
    assert len(latest["copies"]) == 4
    assert not list((tmp_path / "rapports").glob(".*"))
