"""Les écrans, sans navigateur : ce qu’ils montrent, ce qu’ils cachent, ce qu’ils refusent."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import ipywidgets
import pytest

from formation import dashboard
from formation.dashboard import documents, markup, stuck
from formation.dashboard.hand_marks import write_mark
from formation.dashboard.job import Ended, Job
from formation.dashboard.panel import Panel
from formation.dashboard.place import DossierInconnu, Place, open_place
from formation.dashboard.screens.collecting import masked

pytestmark = pytest.mark.xdist_group("tableau-de-bord")

NAME = "pilote-01-peser-les-fuites"
LEARNERS, HAND_OUT, COLLECT, GRADE, STUCK, MARK, PRINT = range(7)


@pytest.fixture
def panel(graded_copy):
    return Panel(open_place(graded_copy), ipywidgets)


def _screen(panel, rank):
    panel.tabs.selected_index = rank
    return panel.screens[rank]


def _said(panel, plain):
    return plain(panel.desk.said.value)


def _everything(widget):
    """Tous les textes d’un écran, champs compris."""
    found = [str(getattr(widget, name, "")) for name in ("value", "description", "options", "_options_labels")]
    return " ".join([*found, *(_everything(child) for child in getattr(widget, "children", ()))])


def test_no_name_is_shown_anywhere_until_asked(panel):
    for rank in range(len(panel.screens)):
        _screen(panel, rank)
    assert "NOM 0" not in _everything(panel.box)
    panel.desk.names.value = True
    for rank in (LEARNERS, STUCK, MARK):
        _screen(panel, rank)
        assert "NOM 0" in _everything(panel.screens[rank].box)
    panel.desk.names.value = False
    for rank in range(len(panel.screens)):
        _screen(panel, rank)
    assert "NOM 0" not in _everything(panel.box)


def test_every_field_has_a_label_and_every_button_a_text(panel):
    for rank in range(len(panel.screens)):
        _screen(panel, rank)

    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    fields = [one for one in walk(panel.box) if hasattr(one, "description") and not isinstance(one, ipywidgets.HTML)]
    assert len(fields) > 25
    unnamed = [one for one in fields if not one.description and not isinstance(one, ipywidgets.IntProgress)]
    assert unnamed == []


def test_stuck_screen_shows_the_most_failed_control_first_then_who(panel):
    screen = _screen(panel, STUCK)
    progress = stuck.read_progress(panel.desk.place, NAME)
    shares = [one.share for one in progress.controls]
    assert shares == sorted(shares)
    assert progress.missing == ["stagiaire-04"]
    part = next(one for one in progress.controls if one.label == "part_fonte")
    assert [one.learner for one in part.blocked] == ["stagiaire-02"]
    screen.control.value = (part.notebook, part.cell)
    assert "stagiaire-02" in screen.detail.value
    assert "stagiaire-03" not in screen.detail.value


def test_mark_is_saved_then_undone_from_the_screen(panel, plain):
    screen = _screen(panel, MARK)
    screen.copy.value = ("stagiaire-02", NAME)
    screen.cell.value = (NAME, "controle-part_fonte")
    assert "troncons" in screen.answer.value
    screen.points.value = "1,5"
    screen.comment.value = "Relu."
    panel.desk.guard(screen.save)
    assert "note enregistrée" in _said(panel, plain)
    assert "points : 1,5 sur 2" in _said(panel, plain)
    assert screen.points.value == "1,5"
    page = panel.desk.place.course.root / "feedback" / "stagiaire-02" / NAME / f"{NAME}.html"
    assert "Relu." in page.read_text(encoding="utf-8")
    panel.desk.guard(screen.undo)
    assert "annulé" in _said(panel, plain)
    assert (screen.points.value, screen.comment.value) == ("", "")
    assert "Relu." not in page.read_text(encoding="utf-8")
    panel.desk.guard(screen.undo)
    assert "rien à annuler" in _said(panel, plain)


def test_what_is_typed_and_not_saved_survives_a_refresh_and_a_detour(panel, plain):
    screen = _screen(panel, MARK)
    screen.copy.value = ("stagiaire-02", NAME)
    first = screen.cell.value
    screen.points.value, screen.comment.value = "0,5", "À revoir ensemble."
    panel.desk.names.value = True
    panel.desk.changed()
    assert (screen.points.value, screen.comment.value) == ("0,5", "À revoir ensemble.")
    screen.copy.value = ("stagiaire-03", NAME)
    assert (screen.points.value, screen.comment.value) == ("", "")
    screen.copy.value = ("stagiaire-02", NAME)
    screen.cell.value = first
    assert (screen.points.value, screen.comment.value) == ("0,5", "À revoir ensemble.")
    # la même note, donnée ailleurs entre-temps, se voit
    place, seen = panel.desk.place, screen.current
    write_mark(place.course.root, place.db_url, seen, 0.0, "Vu.")
    panel.desk.guard(screen.save)
    assert "a changé entre-temps" in _said(panel, plain)
    panel.desk.changed()
    assert (screen.points.value, screen.comment.value) == ("0", "Vu.")


def test_refusal_is_said_and_nothing_changes(panel, plain):
    screen = _screen(panel, MARK)
    screen.copy.value = ("stagiaire-02", NAME)
    screen.points.value = "douze"
    panel.desk.guard(screen.save)
    assert "Erreur : « douze » n’est pas un nombre de points" in _said(panel, plain)


def test_waiting_tasks_are_walked_one_after_the_other(by_hand_copy, plain):
    panel = Panel(open_place(by_hand_copy), ipywidgets)
    screen = _screen(panel, MARK)
    screen.pending.value = True
    seen = []
    for _ in range(4):
        if not (screen.current and screen.current.waiting):
            panel.desk.guard(screen.next_waiting)
        seen.append((screen.current.learner, screen.current.cell))
        screen.points.value = "1"
        panel.desk.guard(screen.save)
    learners = ["stagiaire-01"] * 2 + ["stagiaire-02"] * 2
    assert sorted(seen) == list(zip(learners, ["avis", "note"] * 2, strict=True))
    panel.desk.guard(screen.next_waiting)
    assert "aucune cellule n’attend" in _said(panel, plain)


def test_learner_answer_is_escaped(by_hand_copy):
    panel = Panel(open_place(by_hand_copy), ipywidgets)
    screen = _screen(panel, MARK)
    screen.cell.value = ("carnet", "avis")
    assert "&lt;b&gt;le réseau" in screen.answer.value


def test_roster_errors_are_all_said_and_nobody_is_enrolled(panel, plain):
    (panel.desk.place.root / "fausse.csv").write_text("identifiant\nstagiaire-09\nNom Prénom\n\nstagiaire-09\n")
    screen = _screen(panel, LEARNERS)
    screen.file.value = "fausse.csv"
    panel.desk.guard(screen.enrol)
    assert "2 erreurs" in _said(panel, plain)
    assert "stagiaire-09" not in panel.desk.learners()


def test_folder_of_an_unknown_account_is_said_like_any_missing_one(panel, plain):
    screen = _screen(panel, COLLECT)
    screen.source.value = "~personne-ici/copies"
    panel.desk.guard(screen.collect)
    assert "n’est ni un dossier ni une archive ZIP" in _said(panel, plain)


def test_uploaded_roster_is_enrolled_and_not_kept(panel, plain):
    screen = _screen(panel, LEARNERS)
    before = sorted(panel.desk.place.root.iterdir())
    content = b"identifiant;nom\nstagiaire-05;NOM 05\n"
    sent = {"name": "../liste.csv", "type": "text/csv", "size": len(content), "content": content}
    screen.upload.value = ({**sent, "last_modified": datetime.now(UTC)},)
    assert "inscrits : 1 ;" in _said(panel, plain)
    assert sorted(panel.desk.place.root.iterdir()) == before


def test_refused_folder_that_may_be_a_person_is_hidden_until_asked(panel, graded):
    moodle = panel.desk.place.root / "depot" / "NOM Prénom_123_assignsubmission_file"
    moodle.mkdir(parents=True)
    shutil.copy(graded / "copies-rendues" / "stagiaire-01" / f"{NAME}.ipynb", moodle)
    screen = _screen(panel, COLLECT)
    screen.source.value = "depot"
    panel.desk.guard(screen.collect)
    assert "NOM Prénom" not in screen.outcome.value
    assert "(nom masqué)" in screen.outcome.value
    panel.desk.names.value = True
    assert "NOM Prénom_123" in screen.outcome.value
    assert masked("stagiaire-07/tp.ipynb", "stagiaire-07/tp.ipynb", {"tp"}) == "stagiaire-07/tp.ipynb"


def test_grading_is_interrupted_and_what_is_graded_stays(graded_copy):
    path = graded_copy / "submitted" / "stagiaire-03" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get("solution"))
    cell["source"] = "import time\ntime.sleep(300)"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    steps, ends = [], []

    def follow(step):
        steps.append(step)
        if step.done == 2:
            job.cancel()

    arguments = ["atelier", "corriger", str(graded_copy), "--tout", "--ouvriers", "1", "--json"]
    job = Job([*arguments, "--progression", "json", "--bac-a-sable", "degrade"], follow, ends.append)
    job.wait(300)
    assert len(ends) == 1
    assert ends[0].interrupted
    assert ends[0].data["interrompue"]
    assert ends[0].data["restantes"] == 1
    assert {one["learner"] for one in ends[0].data["copies"]} == {"stagiaire-01", "stagiaire-02"}
    assert steps[0].total == 3


def test_command_refusal_is_handed_back_in_french(tmp_path):
    ends = []
    job = Job(["atelier", "corriger", str(tmp_path)], lambda step: None, ends.append)
    job.wait(300)
    assert ends[0].code == 2
    assert "n’est pas le dossier d’un cours" in " ".join(ends[0].said)


def test_results_are_written_to_be_printed(panel, plain):
    screen = _screen(panel, PRINT)
    panel.desk.guard(screen.write_results)
    names = {one.name for one in documents.documents(panel.desk.place)}
    assert {"analyse.html", "resultats.csv", "resultats-moodle.csv", f"{NAME}.zip"} <= names
    assert "gradebook.db" not in names
    assert "analyse.html" in screen.listing.value


def test_address_is_given_only_inside_the_served_folder(tmp_path):
    inside = documents.address(tmp_path / "a b.html", ("/utilisateur/x/", tmp_path))
    assert inside == "/utilisateur/x/files/a%20b.html"
    assert documents.address(tmp_path.parent / "a.html", ("/", tmp_path)) is None
    assert documents.address(tmp_path / "a.html", None) is None


def test_folder_that_is_neither_session_nor_course_is_said(tmp_path, monkeypatch, plain):
    with pytest.raises(DossierInconnu, match="ni une session"):
        dashboard.open(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORMATION_TABLEAU", raising=False)
    chooser = dashboard.open()
    assert "n’est ni une session" in plain(_everything(chooser))


def test_chooser_opens_the_folder_written(graded_copy, monkeypatch):
    monkeypatch.chdir(graded_copy.parent)
    monkeypatch.delenv("FORMATION_TABLEAU", raising=False)
    chooser = dashboard.open()
    field, button = chooser.children[1].children
    assert field.options == ("cours",)
    field.value = "cours"
    button.click()
    assert "Cours nbgrader" in _everything(chooser)


@pytest.fixture
def plain_session(tmp_path):
    """Session sans exercices, comme celles des élus."""
    for name in ("1-preparer/conducteur.html", "4-recueillir/reponses/stagiaire-01.html", "5-rendre/rapport.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    someone = SimpleNamespace(id="stagiaire-01", first="Prénom", last="NOM 01", email="")
    return Panel(Place(tmp_path, "Élus", None, SimpleNamespace(participants=(someone,))), ipywidgets)


def test_session_without_exercises_shows_its_list_and_says_what_has_no_object(plain_session, plain):
    for rank in range(len(plain_session.screens)):
        _screen(plain_session, rank)
        assert "Erreur" not in _said(plain_session, plain)
    assert "stagiaire-01" in plain_session.screens[LEARNERS].enrolled.value
    assert "NOM 01" not in _everything(plain_session.box)
    assert "pas d’exercices" in plain_session.screens[HAND_OUT].listing.value
    plain_session.desk.guard(plain_session.screens[PRINT].write_results)
    assert "pas d’exercices" in _said(plain_session, plain)
    screen = plain_session.screens[LEARNERS]
    screen.file.value = "stagiaires.csv"
    plain_session.desk.guard(screen.enrol)
    assert "ajoutez une ligne" in _said(plain_session, plain)


def test_learner_answers_are_not_among_the_documents(plain_session):
    names = [one.name for one in documents.documents(plain_session.desk.place)]
    assert names == ["conducteur.html", "rapport.pdf"]


def test_session_buttons_run_the_commands_of_the_same_name(plain_session, monkeypatch, plain):
    screen = _screen(plain_session, PRINT)
    started = []
    monkeypatch.setattr(screen.working, "start", lambda arguments, on_end: started.append((arguments, on_end)))
    root = str(plain_session.desk.place.root)
    for action in (screen.note, screen.report, screen.close):
        action()
    assert [arguments for arguments, _ in started] == [["session", v, root] for v in ("noter", "rapport", "cloturer")]
    screen.anyway.value = True
    screen.close()
    assert started[-1][0] == ["session", "cloturer", root, "--malgre-tout"]
    started[2][1](Ended(2, None, ["Avant de clore, il manque :", "- la présence."]))
    assert "il manque" in _said(plain_session, plain)
    assert "cochez" in _said(plain_session, plain)


def test_table_has_caption_headers_and_escaped_cells():
    made = markup.table("Légende", ["A", "B"], [["<i>", 2]], numbers=(1,))
    assert "<caption>Légende</caption>" in made
    assert made.count('scope="col"') == 2
    assert '<th scope="row">&lt;i&gt;</th>' in made
    assert "rien pour" in markup.table("Légende", ["A"], [])
