"""Les pages de retour, sans nbgrader : le devoir est l’exercice témoin."""

import importlib.util
import re
from pathlib import Path

import pytest

from formation.classroom.feedback import answers_of, render
from formation.classroom.grading.types import (
    AssignmentSnapshot,
    CellResult,
    CopyReport,
    NotebookResult,
    NotebookSnapshot,
    SourceCell,
    ValueCheck,
)

NAME = "pilote-01-peser-les-fuites"
MESSAGE = (
    "« part_fonte » : Vous avez compté les tronçons.\nAttendu : un nombre entre 0 et 1.\n"
    "Piste : Additionnez des longueurs.\nÀ relire : « Lire le tableau »."
)


def snapshot_of(notebook, name=NAME):
    """Devoir d’un carnet, comme le lit le moteur."""
    base, cells, checks = [], {}, {}
    for cell in notebook["cells"]:
        grader = cell["metadata"].get("nbgrader", {})
        known = grader.get("grade_id", "")
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        base.append({"cell_type": cell["cell_type"], "source": source, "name": known, "id": known})
        if known:
            flags = {flag: grader[flag] for flag in ("locked", "grade", "solution", "task")}
            cells[known] = SourceCell(
                known, known, cell["cell_type"], source, **flags, points=grader.get("points", 0.0), checksum=""
            )
        if grader.get("grade") and "expect(" in source:
            hidden = {"attente": {"relire": "Lire le tableau"}, "valeur": 0.4771, "pieges": [{"message": "secret"}]}
            checks[known] = ValueCheck(known, known, function=False, hidden=hidden)
    one = NotebookSnapshot(name, name, "", dict(notebook["metadata"]), base, [], cells, checks)
    return AssignmentSnapshot(name, name, "", {name: one}, {}, "empreinte")


def report_of(assignment, failed=(), *, message=MESSAGE, **fields):
    """Copie où tout est réussi, sauf ce qui est nommé."""
    notebooks = []
    for name, notebook in assignment.notebooks.items():
        result = NotebookResult(name, present=True)
        for known, cell in notebook.cells.items():
            kind = notebook.kind(known)
            if kind in ("texte", "libre"):
                continue
            wrong = known.removeprefix("controle-") in failed
            score = None if kind == "reponse" else 0.0 if wrong else cell.points
            result.cells.append(CellResult(known, kind, cell.points, score, "ok", message if wrong else ""))
        notebooks.append(result)
    return CopyReport("stagiaire-07", assignment.name, "empreinte", notebooks=notebooks, **fields)


@pytest.fixture
def assignment(blank):
    return snapshot_of(blank)


def text_of(page):
    return re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ")


def test_page_says_what_to_redo_first_when_a_check_fails(assignment, blank):
    page = render(assignment, report_of(assignment, ["part_fonte", "pire"]), {NAME: answers_of(blank)})[NAME]
    text = text_of(page)
    assert "7 points sur 10" in text
    first = page.index("À reprendre d’abord")
    assert first < page.index("Contrôle par contrôle")
    assert "Vous avez compté les tronçons" in page[first : first + 600]
    for label in ("Obtenu", "Attendu", "Piste", "À relire"):
        assert f"<dt>{label}</dt>" in page
    assert "2 à reprendre sur" in text
    assert "part_fonte = ..." in text


def test_page_says_nothing_is_left_when_everything_passes(assignment):
    text = text_of(render(assignment, report_of(assignment), {})[NAME])
    assert "vous n’avez rien à reprendre" in text
    assert "10 points sur 10" in text
    assert "À reprendre d’abord" not in text


def test_nothing_hidden_is_on_the_page(assignment, blank):
    page = render(assignment, report_of(assignment, ["part_fonte"]), {NAME: answers_of(blank)})[NAME]
    for secret in ("0.4771", "0,4771", "secret", "HIDDEN", "compare(", "Traceback"):
        assert secret not in page


def test_learner_text_cannot_become_markup_or_commands(assignment):
    evil = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}\x1b[31m\u202e\x00"
    answers = {NAME: {"part_fonte": f"{evil}\nx = 1"}}
    report = report_of(assignment, ["part_fonte"], message=f"NameError : {evil}")
    report.notebooks[0].remarks.append(evil)
    page = render(assignment, report, answers)[NAME]
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    for unseen in ("\x1b", "\u202e", "\x00"):
        assert unseen not in page


def test_page_asks_nothing_outside(assignment):
    page = render(assignment, report_of(assignment, ["part_fonte"]), {})[NAME]
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<link|<script|src=", page)
    assert all(target.startswith("#") for target in re.findall(r'href="([^"]*)"', page))


def test_huge_answer_is_cut(assignment):
    page = render(assignment, report_of(assignment), {NAME: {"part_fonte": "x" * 300_000}})[NAME]
    assert len(page) < 60_000


def test_python_error_is_explained_in_french(assignment):
    report = report_of(assignment, ["part_fonte"], message="NameError : name 'foo' is not defined")
    answer = next(cell for cell in report.notebooks[0].cells if cell.kind == "reponse")
    answer.status = "erreur"
    text = text_of(render(assignment, report, {})[NAME])
    assert "Un nom est employé avant d’être défini" in text
    assert "Votre code s’arrête sur une erreur" in text
    assert "« Lire le tableau »" in text


def test_person_gives_points_and_comment(assignment):
    manual = {NAME: {"controle-part_fonte": {"points": 1.5}, "part_fonte": {"commentaire": "Presque <b>juste</b>."}}}
    page = render(assignment, report_of(assignment, ["part_fonte"]), {}, manual)[NAME]
    assert "noté à la main" in page
    assert "1,5 / 2" in page
    assert "9,5 points sur 10" in text_of(page)
    assert "Presque &lt;b&gt;juste&lt;/b&gt;." in page


def test_reviewed_check_waits_for_a_person_without_accusing(assignment):
    report = report_of(assignment, state="à relire", reasons=["le contrôle a été contourné"])
    report.notebooks[0].cells[-1].review.append("objet truqué")
    text = text_of(render(assignment, report, {})[NAME])
    assert "à relire par une personne" in text
    assert "Une personne va relire cette copie" in text
    for accusation in ("contourné", "truqué"):
        assert accusation not in text


def test_unread_copy_says_why(assignment):
    report = CopyReport("stagiaire-07", NAME, "", "refusée", ["ce n’est pas un carnet Jupyter lisible"])
    text = text_of(render(assignment, report, {})[NAME])
    assert "ce n’est pas un carnet Jupyter lisible" in text
    assert "0 point sur 10" in text
    assert "non rendu" in text


def test_failed_grading_shows_no_points(assignment):
    text = text_of(render(assignment, CopyReport("stagiaire-07", NAME, "", "échec"), {})[NAME])
    assert "Aucun point n’est perdu" in text
    assert "sur 10" not in text


def test_late_penalty_is_shown_and_taken_off(assignment):
    text = text_of(render(assignment, report_of(assignment), {}, None, {NAME: 2.0})[NAME])
    assert "8 points sur 10" in text
    assert "2 points de moins pour retard" in text


def test_manual_question_is_provisional_until_graded():
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Titre"},
        {
            "cell_type": "markdown",
            "metadata": {
                "nbgrader": {
                    "grade_id": "q",
                    "locked": False,
                    "grade": True,
                    "solution": True,
                    "task": False,
                    "points": 3,
                }
            },
            "source": "",
        },
    ]
    assignment = snapshot_of({"cells": cells, "metadata": {}}, "tp")
    report = report_of(assignment)
    report.notebooks[0].cells[0].score = None
    text = text_of(render(assignment, report, {"tp": {"q": "Ma réponse"}})["tp"])
    assert "une personne doit le noter" in text
    assert "Note provisoire : 3 points à donner" in text
    assert "Ma réponse" in text


def test_several_notebooks_give_one_page_each_and_a_total(blank):
    first, second = snapshot_of(blank, "a"), snapshot_of(blank, "b")
    both = AssignmentSnapshot("tp", "tp", "", first.notebooks | second.notebooks, {}, "")
    pages = render(both, report_of(both, ["part_fonte"]), {})
    assert list(pages) == ["a", "b"]
    assert "Tout le devoir : 16 points sur 20" in text_of(pages["a"])


def test_stock_engine_gives_the_same_page(blank):
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbgrader")
    from formation.classroom.feedback_stock import CleanFeedback

    notebook = nbformat.from_dict(blank)
    for cell in notebook.cells:
        grader = cell.metadata.get("nbgrader", {})
        cell.source = "".join(cell.source)
        if grader.get("grade"):
            grader["score"] = 0.0 if "part_fonte" in grader["grade_id"] else grader["points"]
            cell.source += (
                "\n### BEGIN HIDDEN TESTS\nassert part_fonte == 0.4771, 'on attend 0.4771'\n### END HIDDEN TESTS"
            )
            if not grader["score"]:
                error = {"output_type": "error", "ename": "AssertionError", "evalue": "on attend 0.4771"}
                cell.outputs = [nbformat.from_dict({**error, "traceback": ["secret"]})]
    resources = {"nbgrader": {"notebook": NAME, "student": "stagiaire-07", "late_penalty": 0}}
    emptied, resources = CleanFeedback().preprocess(notebook, resources)
    page = resources["retour"]
    assert emptied.cells == []
    assert "8 points sur 10" in text_of(page)
    assert "Une condition vérifiée par le contrôle n’est pas remplie" in page
    for secret in ("0.4771", "HIDDEN", "secret"):
        assert secret not in page


@pytest.mark.navigateur
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_passes_axe(navigateur, assignment, blank, tmp_path, scheme, width):
    report = report_of(assignment, ["part_fonte", "pire"], state="à relire")
    report.notebooks[0].cells[-1].review.append("x")
    report.notebooks[0].remarks.append("la cellule « x » manquait, elle est remise")
    answers = {NAME: answers_of(blank) | {"part_fonte": "part_fonte = " + "1+" * 400 + "1"}}
    path = tmp_path / "retour.html"
    path.write_text(render(assignment, report, answers, {NAME: {"controle-total": {"points": 0.5}}})[NAME], "utf-8")
    axe = Path(str(importlib.util.find_spec("axe_playwright_python").origin)).parent / "axe.min.js"
    context = navigateur.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.add_script_tag(path=axe)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [f"{rule['id']} : {rule['nodes'][0]['html'][:160]}" for rule in result["violations"]] == []
    assert wide <= width


def test_error_already_said_by_the_answer_is_not_repeated_by_the_control(assignment):
    said = "« part_fonte » n’existe pas : la cellule s’est arrêtée. Elle a dit : SyntaxError: oups (12.py, line 1)"
    report = report_of(assignment, ["part_fonte"], message=said)
    answer = next(cell for cell in report.notebooks[0].cells if cell.kind == "reponse")
    answer.status, answer.message = "erreur", "SyntaxError: oups (12.py, line 1)"
    text = text_of(render(assignment, report, {})[NAME])
    assert text.count("SyntaxError") == 1
    assert "Elle a dit" not in text
    assert "12.py" not in text
    assert "Python ne comprend pas cette ligne" in text
    assert "un espace dans un nombre" in text
