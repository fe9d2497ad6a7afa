"""La copie rebâtie : même suite de cellules que nbgrader pour une copie ordinaire, rien de cru pour les autres."""

import copy
import json
import random

import pytest
import small_course as course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formation.classroom.grading import preprocess, rebuild, snapshot


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return course.build(tmp_path_factory.mktemp("cours"))


@pytest.fixture(scope="module")
def assignment(root):
    return snapshot.read_assignments(root, course.address(root))["tp"]


@pytest.fixture(scope="module")
def known(assignment):
    return assignment.notebooks["un"]


@pytest.fixture(scope="module")
def released(root):
    return (root / "release" / "tp" / "un.ipynb").read_text(encoding="utf-8")


@pytest.fixture
def raw(released):
    """Copie où tout est répondu."""
    notebook = json.loads(released)
    for name, text in (("reponse-x", "x = 3"), ("reponse-y", "y = 4"), ("avis", "Mon avis.")):
        find(notebook, name)["source"] = text
    return notebook


def find(notebook, name):
    return next(cell for cell in notebook["cells"] if grade_id(cell) == name)


def grade_id(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def code(source, **metadata):
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def order(notebook):
    return [grade_id(cell) or cell["source"] for cell in notebook.cells]


def grader_of(cell):
    """Étiquettes nbgrader d’une cellule sans nom : vides avec nbgrader, absentes ici ; c’est la même chose."""
    return cell.metadata.get("nbgrader") or {}


# copies ordinaires


def honest_answered(notebook):
    pass


def honest_blank(notebook):
    for name, text in (("reponse-x", "..."), ("reponse-y", "..."), ("avis", "Votre réponse")):
        find(notebook, name)["source"] = text


def honest_scratch_cells(notebook):
    notebook["cells"].insert(0, code("import math"))
    notebook["cells"].insert(4, code("def aide():\n    return 3"))
    notebook["cells"].append({"cell_type": "raw", "metadata": {}, "source": "brut"})
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": ["deux\n", "lignes"]})


def honest_edits_free_cells(notebook):
    notebook["cells"][0]["source"] = "# Mon énoncé"
    notebook["cells"][2]["source"] = "%matplotlib inline\nbrouillon = 12"
    del notebook["cells"][-1]


def honest_moves_a_free_cell(notebook):
    notebook["cells"].append(notebook["cells"].pop(2))


def split_answer(notebook):
    place = notebook["cells"].index(find(notebook, "reponse-x"))
    half = copy.deepcopy(find(notebook, "reponse-x"))
    half["id"], half["source"] = "nouvelle", "x = a + 1"
    find(notebook, "reponse-x")["source"] = "a = 2"
    notebook["cells"].insert(place + 1, half)


def honest_outputs_and_counts(notebook):
    find(notebook, "reponse-x")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "vu"}]
    find(notebook, "reponse-x")["execution_count"] = 7


def honest_other_kernel(notebook):
    notebook["metadata"]["kernelspec"] = {"display_name": "R", "language": "R", "name": "ir"}


def honest_edited_test(notebook):
    find(notebook, "test-y")["source"] = "# je regarde\nassert y > 0"


def honest_answer_turned_to_text(notebook):
    find(notebook, "reponse-x")["cell_type"] = "markdown"
    del find(notebook, "reponse-x")["outputs"], find(notebook, "reponse-x")["execution_count"]


HONEST = [value for name, value in sorted(globals().items()) if name.startswith("honest_")]


@pytest.mark.parametrize("change", HONEST)
def test_honest_copy_gives_the_same_cells_as_nbgrader(change, raw, known, assignment, root):
    change(raw)
    stock = course.stock_sanitize(copy.deepcopy(raw), root)
    made = preprocess.Preprocessors(course.settings(root), assignment)
    ours = made.sanitize(rebuild.rebuild(known, raw).notebook, made.resources("un", "s"))
    assert [(cell.cell_type, cell.source, grader_of(cell)) for cell in ours.cells] == [
        (cell.cell_type, cell.source, grader_of(cell)) for cell in stock.cells
    ]
    assert ours.metadata == stock.metadata


def test_split_answer_runs_in_the_order_nbgrader_would_have_run(raw, known, root):
    # avec son dernier contrôle, nbgrader refuse la copie et arrête tout le lot
    split_answer(raw)
    stock = course.stock_sanitize(copy.deepcopy(raw), root, without="CheckCellMetadata")
    rebuilt = rebuild.rebuild(known, raw)
    assert [(cell.source, grader_of(cell)) for cell in rebuilt.notebook.cells] == [
        (cell.source, grader_of(cell)) for cell in stock.cells
    ]
    assert any("scindée" in remark for remark in rebuilt.remarks)


@pytest.mark.parametrize("change", [honest_answered, honest_blank, honest_scratch_cells, honest_edits_free_cells])
def test_ordinary_copy_has_no_remark(change, raw, known):
    change(raw)
    assert rebuild.rebuild(known, raw).remarks == []


def test_rebuilt_notebook_is_valid(raw, known):
    import nbformat

    honest_scratch_cells(raw)
    nbformat.validate(rebuild.rebuild(known, raw).notebook)
    nbformat.validate(rebuild.blank(known))
    nbformat.validate(rebuild.reference(known))


# copies abîmées ou hostiles : le squelette ne bouge pas


def hostile_tags(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]


def hostile_flags(notebook):
    for cell in notebook["cells"]:
        grader = cell["metadata"].get("nbgrader", {})
        grader |= {"grade": False, "solution": True, "locked": False, "points": 1e9, "schema_version": 1}


def hostile_names_of_a_wrong_type(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader"] = {"grade_id": {"a": 1}, "grade": True}


def hostile_no_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = None


def hostile_no_metadata_nor_identifiers(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]


def hostile_shuffled(notebook):
    random.Random(447).shuffle(notebook["cells"])


def hostile_reversed(notebook):
    notebook["cells"].reverse()


def hostile_tests_deleted(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if grade_id(cell) not in ("controle-x", "test-y", "note")]


def hostile_tests_are_text(notebook):
    for name in ("controle-x", "test-y", "partielle"):
        find(notebook, name)["cell_type"] = "raw"


def hostile_tests_emptied(notebook):
    for name in ("preparation", "controle-x", "test-y", "partielle"):
        find(notebook, name)["source"] = ""


def hostile_duplicated_tests(notebook):
    for name in ("controle-x", "test-y"):
        twin = copy.deepcopy(find(notebook, name))
        twin["source"] = "pass"
        notebook["cells"].append(twin)
        notebook["cells"].insert(0, copy.deepcopy(twin))


def hostile_junk(notebook):
    notebook["cells"] += [None, 3, [], {}, {"cell_type": "titre"}, code(3), code([1]), code({"a": 1})]


def hostile_giant_cell(notebook):
    notebook["cells"].insert(0, code("a" * 300_000))


def hostile_strange_letters(notebook):
    find(notebook, "preparation")["source"] = "\ufeff\ud800\0"
    notebook["cells"].append(code("\ud83d et \0"))


def hostile_unknown_names(notebook):
    notebook["cells"].append(code("pass", nbgrader={"grade_id": "inventee", "grade": True, "points": 5}))


def hostile_kernel(notebook):
    notebook["metadata"] = {"kernelspec": {"name": "bash"}, "papermill": {}, "widgets": [[]]}


HOSTILE = [value for name, value in sorted(globals().items()) if name.startswith("hostile_")]


@pytest.mark.parametrize("change", HOSTILE)
def test_skeleton_stands_whatever_the_copy_says(change, raw, known, assignment, root):
    import nbformat

    change(raw)
    rebuilt = rebuild.rebuild(known, raw)
    named = [cell for cell in rebuilt.notebook.cells if grade_id(cell)]
    assert [grade_id(cell) for cell in named] == list(known.cells)
    for cell in named:
        truth = known.cells[grade_id(cell)]
        assert cell.cell_type == truth.cell_type
        assert "tags" not in cell.metadata
        assert (cell.metadata.nbgrader["grade"], cell.metadata.nbgrader["solution"]) == (truth.grade, truth.solution)
        if truth.locked:
            assert cell.source == truth.source
        if truth.grade or truth.task:
            assert cell.metadata.nbgrader["points"] == truth.points
    assert rebuilt.notebook.metadata.kernelspec.name == "python3"
    nbformat.validate(rebuilt.notebook)
    rebuilt.notebook.cells[0].source.encode("utf-8")
    made = preprocess.Preprocessors(course.settings(root), assignment)
    made.sanitize(rebuilt.notebook, made.resources("un", "s"))


@pytest.mark.parametrize("change", [value for value in HOSTILE if value is not hostile_tests_deleted])
def test_answers_survive(change, raw, known):
    change(raw)
    texts = {grade_id(cell): cell.source for cell in rebuild.rebuild(known, raw).notebook.cells}
    assert (texts["reponse-x"], texts["reponse-y"], texts["avis"]) == ("x = 3", "y = 4", "Mon avis.")


@pytest.mark.parametrize("cells", [None, 3, [], {}, "texte", [[]]])
def test_copy_without_cells_gives_the_locked_cells(cells, known):
    names = [grade_id(cell) for cell in rebuild.rebuild(known, {"cells": cells}).notebook.cells]
    assert names == [name for name in known.cells if name not in ("reponse-x", "reponse-y")]


def test_moved_check_comes_back_and_helpers_stay(raw, known):
    check = find(raw, "controle-x")
    raw["cells"].remove(check)
    raw["cells"].insert(raw["cells"].index(find(raw, "reponse-x")) + 1, code("x = x + 0"))
    raw["cells"].insert(0, check)
    rebuilt = rebuild.rebuild(known, raw)
    names = order(rebuilt.notebook)
    assert names[names.index("reponse-x") :][:3] == ["reponse-x", "x = x + 0", "controle-x"]
    assert any("déplacée" in remark for remark in rebuilt.remarks)


def test_deleted_preparation_comes_back_before_the_learners_cells(raw, known):
    raw["cells"] = [code("base + 1")] + [cell for cell in raw["cells"] if grade_id(cell) != "preparation"]
    names = order(rebuild.rebuild(known, raw).notebook)
    assert names.index("preparation") < names.index("base + 1")


def test_deleted_answer_stays_deleted_and_is_told(raw, known):
    raw["cells"].remove(find(raw, "reponse-x"))
    rebuilt = rebuild.rebuild(known, raw)
    assert "reponse-x" not in order(rebuilt.notebook)
    assert any("reponse-x" in remark and "effacée" in remark for remark in rebuilt.remarks)


def test_answer_retyped_in_a_new_cell_is_recognized(raw, known):
    place = raw["cells"].index(find(raw, "avis"))
    raw["cells"][place] = {"cell_type": "markdown", "metadata": {}, "source": "Recopié."}
    texts = {grade_id(cell): cell.source for cell in rebuild.rebuild(known, raw).notebook.cells}
    assert texts["avis"] == "Recopié."


def test_blank_twin_below_does_not_erase_an_answer(raw, known):
    twin = copy.deepcopy(find(raw, "reponse-x"))
    twin["source"] = "..."
    raw["cells"].append(twin)
    rebuilt = rebuild.rebuild(known, raw)
    names = order(rebuilt.notebook)
    assert names[-1] == "..."
    assert next(cell.source for cell in rebuilt.notebook.cells if grade_id(cell) == "reponse-x") == "x = 3"


def test_blank_twin_just_below_does_not_turn_a_written_answer_into_zero(raw, known):
    twin = copy.deepcopy(find(raw, "avis"))
    twin["source"] = "Votre réponse"
    raw["cells"].insert(raw["cells"].index(find(raw, "avis")) + 1, twin)
    notebook = rebuild.rebuild(known, raw).notebook
    assert preprocess.scores(notebook)[0]["avis"] is None


@pytest.mark.parametrize(("text", "word"), [("x = 3", "en double"), ("x = 4", "scindée")])
def test_twins_are_told_apart_from_halves(raw, known, text, word):
    twin = copy.deepcopy(find(raw, "reponse-x"))
    twin["source"] = text
    raw["cells"].insert(4, twin)
    assert any(word in remark for remark in rebuild.rebuild(known, raw).remarks)


def test_remarks_are_few(known):
    remarks = rebuild.rebuild(known, {"cells": [None] * 100}).remarks
    assert len(remarks) == rebuild.MAX_REMARKS + 1
    assert remarks[-1].startswith("… et ")


def test_pasted_image_is_told(raw, known):
    find(raw, "avis")["attachments"] = {"a.png": {"image/png": "AAAA"}}
    rebuilt = rebuild.rebuild(known, raw)
    assert any("image collée" in remark for remark in rebuilt.remarks)
    assert not any("attachments" in cell for cell in rebuilt.notebook.cells)


def test_trainers_tags_are_kept(raw, known):
    base = copy.deepcopy(known.base)
    base[2]["metadata"]["tags"] = ["skip-execution"]
    tagged = type(known)(known.name, "", "", {}, base, [], known.cells, {})
    assert rebuild.rebuild(tagged, raw).notebook.cells[2].metadata.tags == ["skip-execution"]


def test_reference_has_the_trainers_answers_and_blank_has_none(known):
    reference = {grade_id(cell): cell.source for cell in rebuild.reference(known).cells}
    assert "x = 3" in reference["reponse-x"]
    assert "Parce que." in reference["avis"]
    assert {grade_id(cell): cell.source for cell in rebuild.blank(known).cells}["reponse-x"] == "..."
    assert "compare" in reference["controle-x"]
    assert order(rebuild.reference(known)) == order(rebuild.blank(known))


def test_rebuilding_twice_changes_nothing(raw, known):
    for change in (honest_scratch_cells, split_answer):
        change(raw)
    once = rebuild.rebuild(known, raw).notebook
    again = rebuild.rebuild(known, json.loads(json.dumps(once)))
    assert [(cell.cell_type, cell.source) for cell in again.notebook.cells] == [
        (cell.cell_type, cell.source) for cell in once.cells
    ]
    assert again.remarks == []


def test_the_photograph_is_not_changed_by_use(raw, known):
    before = copy.deepcopy(known)
    notebook = rebuild.rebuild(known, raw).notebook
    notebook.metadata.kernelspec.name = "autre"
    notebook.cells[1].metadata.nbgrader.points = 99
    notebook.cells[1].metadata["ajout"] = 1
    assert known == before


def test_recognized_counts_cells_of_the_assignment(raw, known):
    assert rebuild.recognized(known, raw) == len(known.cells)
    assert rebuild.recognized(known, {"cells": [code("autre chose")]}) == 0


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["preparation", "reponse-x", "controle-x", "reponse-y", "test-y", "avis", "note", "inconnue"])
SOURCES = st.sampled_from(["x = 3", "...", "", "brouillon = 0", "fin = True"]) | st.text(
    st.characters(codec=None), max_size=20
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "titre"]) | JUNK,
        "source": SOURCES | st.lists(SOURCES, max_size=3) | JUNK,
        "id": NAMES | JUNK,
        "metadata": st.fixed_dictionaries(
            {"nbgrader": st.fixed_dictionaries({"grade_id": NAMES | JUNK}, optional={"grade": JUNK})}
        )
        | JUNK,
        "outputs": JUNK,
        "attachments": JUNK,
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELLS | JUNK, max_size=25) | JUNK, metadata=JUNK)
def test_any_json_gives_a_valid_notebook_in_the_trainers_order(known, cells, metadata):
    import nbformat

    rebuilt = rebuild.rebuild(known, {"cells": cells, "metadata": metadata})
    nbformat.validate(rebuilt.notebook)
    names = [grade_id(cell) for cell in rebuilt.notebook.cells if grade_id(cell)]
    assert names == [name for name in known.cells if name in names]
    assert set(known.cells) - set(names) <= {"reponse-x", "reponse-y"}
    for cell in rebuilt.notebook.cells:
        truth = known.cells.get(grade_id(cell))
        assert truth is None or not truth.locked or cell.source == truth.source
    nbformat.writes(rebuilt.notebook).encode("utf-8")
    "".join(rebuilt.remarks).encode("utf-8")


def test_notebook_of_another_assignment_is_not_recognized_by_shared_ids(raw, known):
    for cell in raw["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = f"autre-{cell['metadata']['nbgrader']['grade_id']}"
    assert rebuild.recognized(known, raw) == 0
