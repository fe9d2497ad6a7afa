"""Une correction entière : reprise, rien de refait, une mauvaise copie n’arrête jamais les autres."""

import json
import os
import shutil
import signal
import sqlite3

import gradebooks as books
import pytest
import runs
import workload

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading import run as run_module
from formation.classroom.grading.run import grade_course

COPIES = 6


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    return runs.course(tmp_path_factory.mktemp("rendu"), COPIES)


@pytest.fixture(scope="module")
def graded(handed_in, tmp_path_factory):
    root = runs.clone(handed_in, tmp_path_factory.mktemp("corrige"))
    steps = []
    report = grade_course(root, workers=2, tell=lambda *step: steps.append(step))
    return root, report, steps


@pytest.fixture
def root(handed_in, tmp_path):
    return runs.clone(handed_in, tmp_path)


@pytest.fixture
def again(graded, tmp_path):
    return runs.clone(graded[0], tmp_path)


def states(report):
    return {copy.learner: copy.state for copy in report.copies}


def break_reference(root):
    path = root / "source" / "tp1" / "exploration.ipynb"
    raw = json.loads(path.read_text())
    workload.find(raw, "exploration-total")["source"] = "### BEGIN SOLUTION\nvolume_total_m3 = 1\n### END SOLUTION"
    path.write_text(json.dumps(raw))


def test_every_copy_is_graded_and_told(graded):
    root, report, steps = graded
    assert len(report.copies) == COPIES
    assert not report.failed
    assert not report.blocked
    assert steps[-1][:2] == (COPIES, COPIES)
    assert len(runs.rows(root)[1]) == COPIES


def test_everything_is_written_next_to_the_gradebook(graded):
    root, report, _ = graded
    for learner in states(report):
        assert (root / "corrections" / learner / "tp1.json").is_file()
        assert list((root / "autograded" / learner / "tp1").glob("*.ipynb"))
        assert list((root / "feedback" / learner / "tp1").glob("*.html"))
    data = runs.latest(root)
    assert len(data["copies"]) == COPIES
    assert data["bac_a_sable"]["mode"] == "strict"
    assert not list(root.rglob("*.tmp"))


def test_second_run_changes_nothing(again):
    before = runs.rows(again)
    assert set(states(grade_course(again)).values()) == {"déjà corrigée"}
    assert runs.rows(again) == before


def test_forced_run_gives_the_same_gradebook(again):
    before = runs.rows(again)
    assert "déjà corrigée" not in states(grade_course(again, again=True)).values()
    assert runs.rows(again) == before


def test_one_worker_gives_the_same_gradebook_as_two(graded, root):
    grade_course(root, workers=1)
    assert runs.rows(root) == runs.rows(graded[0])


def test_only_a_changed_copy_is_redone(again):
    raw = workload.correct(again)
    for name, notebook in raw.items():
        (again / "submitted" / "stagiaire-0003" / "tp1" / f"{name}.ipynb").write_text(json.dumps(notebook))
    report = grade_course(again)
    assert {name for name, state in states(report).items() if state != "déjà corrigée"} == {"stagiaire-0003"}


def test_chosen_learner_only(root):
    report = grade_course(root, learners=["stagiaire-0002"], assignments=["tp1"])
    assert list(states(report)) == ["stagiaire-0002"]


def test_reference_that_loses_a_point_stops_its_assignment(root):
    break_reference(root)
    report = grade_course(root)
    (problem,) = report.blocked["tp1"]
    problem = problem.replace("\xa0", " ")
    assert "carnet « exploration », cellule « test-total »" in problem
    assert "0 sur 2" in problem
    assert not report.copies
    assert runs.rows(root)[0]["copies"] == []
    assert runs.latest(root)["essais"][0]["reussi"] is False


def test_deadly_copy_is_a_failure_and_the_others_are_graded(root, monkeypatch):
    from formation.classroom.grading import pipeline

    original = pipeline.grade_copy

    def deadly(assignment, task, *rest, **options):
        if task.learner == "stagiaire-0002":
            os.kill(os.getpid(), signal.SIGKILL)
        if task.learner == "stagiaire-0003":
            raise RuntimeError("imprévu")
        return original(assignment, task, *rest, **options)

    monkeypatch.setattr(pipeline, "grade_copy", deadly)
    report = grade_course(root, workers=2)
    assert sorted(copy.learner for copy in report.failed) == ["stagiaire-0002", "stagiaire-0003"]
    assert len(report.copies) == COPIES
    reasons = {copy.learner: copy.reason for copy in report.failed}
    assert "mémoire" in reasons["stagiaire-0002"]
    assert "imprévu" in reasons["stagiaire-0003"]
    assert "imprévu" in (root / run_module.LOG).read_text()
    monkeypatch.undo()
    fixed = states(grade_course(root))
    assert [name for name, state in fixed.items() if state != "déjà corrigée"] == ["stagiaire-0002", "stagiaire-0003"]


def test_full_disk_keeps_what_is_written_and_gives_the_cure(root, monkeypatch):
    from formation.classroom.grading import pipeline

    original = pipeline.grade_copy

    def full(assignment, task, *rest, **options):
        if task.learner == "stagiaire-0004":
            raise OSError(28, "No space left on device", str(root / "autograded"))
        return original(assignment, task, *rest, **options)

    monkeypatch.setattr(pipeline, "grade_copy", full)
    with pytest.raises(AtelierImpossible, match="le disque est plein"):
        grade_course(root, workers=1)
    assert len(runs.rows(root)[0]["copies"]) == 3
    monkeypatch.undo()
    grade_course(root)
    assert len(runs.rows(root)[0]["copies"]) == COPIES


def test_interrupted_run_keeps_what_is_done(root):
    def interrupt(done, *_rest):
        if done == 2:
            raise KeyboardInterrupt

    report = grade_course(root, workers=1, tell=interrupt)
    assert report.interrupted
    assert report.waiting == COPIES - 2
    assert len(runs.rows(root)[0]["copies"]) == 2
    assert runs.latest(root)["interrompue"] is True


def test_two_runs_at_once_are_refused(root):
    from formation.classroom.grading.locks import course_lock

    with course_lock(root), pytest.raises(AtelierImpossible, match="Une autre correction"):
        grade_course(root)


def test_gradebook_of_another_version_is_refused(root):
    with sqlite3.connect(root / "gradebook.db") as link:
        link.execute("UPDATE alembic_version SET version_num = 'inconnue'")
    with pytest.raises(AtelierImpossible, match="version de nbgrader"):
        grade_course(root)


def test_folder_that_is_not_a_course_is_refused(tmp_path):
    with pytest.raises(AtelierImpossible, match="il y manque"):
        grade_course(tmp_path)


def test_broken_settings_are_said(root):
    (root / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(AtelierImpossible, match="ne se lit pas"):
        grade_course(root)


def test_other_layout_is_refused_with_the_engine_that_accepts_it(root):
    with (root / "nbgrader_config.py").open("a") as stream:
        stream.write('c.CourseDirectory.submitted_directory = "rendus"\n')
    with pytest.raises(AtelierImpossible, match="--moteur nbgrader"):
        grade_course(root)


def test_anomalies_are_said_and_the_others_graded(root):
    (root / "submitted" / "vide").mkdir()
    shutil.copytree(root / "submitted" / "stagiaire-0001" / "tp1", root / "submitted" / "x" / "tp9")
    report = grade_course(root)
    assert len(report.copies) == COPIES
    said = " ".join(report.anomalies)
    for excerpt in ("carnet non rendu (modele.ipynb)", "dossier vide", "n’est pas un devoir de ce cours"):
        assert excerpt in said
    assert len(report.anomalies) == 3
    assert runs.latest(root)["anomalies"] == report.anomalies


def test_command_line_says_everything_and_leaves_no_scratch(root, tmp_path):
    code, out, err = runs.finish(runs.command(root, "--ouvriers", "2", temporary=tmp_path / "t"))
    assert code == 0, err
    assert f"Copies corrigées : {COPIES}" in out
    assert "Rapport :" in out
    assert not list((tmp_path / "t").iterdir())
    assert runs.wait_until(lambda: not runs.processes(tmp_path / "t"))


def test_command_line_fails_when_the_reference_does(root):
    break_reference(root)
    code, out, _ = runs.finish(runs.command(root))
    assert code == 1
    assert "essai préalable manqué" in out


def test_interrupt_from_the_terminal_finishes_cleanly(root, tmp_path):
    # Assez de copies pour que l’interruption tombe toujours pendant la correction, même sur une machine occupée.
    workload.replicate(root, 300)
    process = runs.command(root, temporary=tmp_path / "t", start_new_session=True)
    # le dossier des corrections est là bien avant la première note inscrite
    assert runs.wait_until(lambda: books.rows(books.sqlite_url(root))["copies"])
    os.killpg(process.pid, signal.SIGINT)
    code, out, err = runs.finish(process)
    assert code == 130, err
    assert "Interrompu" in out
    written = {line[1] for line in runs.rows(root)[0]["copies"]}
    assert 0 < len(written) < 300
    assert runs.wait_until(lambda: not runs.processes(tmp_path / "t"))
    assert not list((tmp_path / "t").iterdir())


def test_gradebook_elsewhere_is_used(root, tmp_path):
    elsewhere = tmp_path / "ailleurs.db"
    (root / "gradebook.db").rename(elsewhere)
    grade_course(root, db_url=f"sqlite:///{elsewhere}", learners=["stagiaire-0001"])
    assert len(books.rows(f"sqlite:///{elsewhere}")["copies"]) == 1
    assert not (root / "gradebook.db").exists()
