"""Carnets modifiés ou abîmés : étiquettes, cellules, métadonnées, format, encodage."""

from __future__ import annotations

import json
from typing import Any

from workload import find

from battery.model import Case, Sheet

FAMILY = "carnet"
Json = dict[str, Any]


def _case(name: str, mutate: Any, base: str = "juste", keeps: str = "", **options: Any) -> Case:
    return Case(name, FAMILY, base=base, mutate=mutate, keeps=keeps, **options)


def _tests(raw: Json, sheet: Sheet) -> list[Json]:
    return [find(raw, name) for name in sheet.tests]


def _each_test(change: Any) -> Any:
    def mutate(raw: Json, sheet: Sheet) -> None:
        for cell in _tests(raw, sheet):
            change(cell)

    return mutate


def _grader(cell: Json) -> Json:
    return dict.setdefault(cell["metadata"], "nbgrader", {})


def _tag(*tags: str) -> Any:
    return _each_test(lambda cell: cell["metadata"].update(tags=list(tags)))


def _set(**values: Any) -> Any:
    return _each_test(lambda cell: _grader(cell).update(values))


def _delete_tests(raw: Json, sheet: Sheet) -> None:
    for cell in _tests(raw, sheet):
        raw["cells"].remove(cell)


def _delete_answer(raw: Json, sheet: Sheet) -> None:
    raw["cells"].remove(find(raw, sheet.first))


def _duplicate(raw: Json, sheet: Sheet) -> None:
    for cell in _tests(raw, sheet):
        raw["cells"].append(json.loads(json.dumps(cell)) | {"source": "pass"})


def _duplicate_before(raw: Json, sheet: Sheet) -> None:
    for cell in _tests(raw, sheet):
        raw["cells"].insert(0, json.loads(json.dumps(cell)) | {"source": "pass"})


def _duplicate_answer(raw: Json, sheet: Sheet) -> None:
    cell = find(raw, sheet.first)
    raw["cells"].insert(raw["cells"].index(cell) + 1, json.loads(json.dumps(cell)))


def _split(raw: Json, sheet: Sheet) -> None:
    cell = find(raw, sheet.first)
    lines = cell["source"].split("\n")
    other = json.loads(json.dumps(cell)) | {"source": "\n".join(lines[1:]) or "pass"}
    cell["source"] = lines[0]
    raw["cells"].insert(raw["cells"].index(cell) + 1, other)


def _reverse(raw: Json, sheet: Sheet) -> None:
    raw["cells"].reverse()


def _tests_first(raw: Json, sheet: Sheet) -> None:
    tests = _tests(raw, sheet)
    raw["cells"] = tests + [cell for cell in raw["cells"] if cell not in tests]


def _answer_as_markdown(raw: Json, sheet: Sheet) -> None:
    cell = find(raw, sheet.first)
    cell["cell_type"] = "markdown"
    cell.pop("outputs"), cell.pop("execution_count")


def _all_raw(raw: Json, sheet: Sheet) -> None:
    for cell in raw["cells"]:
        cell["cell_type"] = "raw"
        cell.pop("outputs", None), cell.pop("execution_count", None)


def _fake_outputs(raw: Json, sheet: Sheet) -> None:
    for cell in _tests(raw, sheet):
        cell["execution_count"] = 1
        cell["outputs"] = [
            {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "4.0"}}
        ]


def _bad_outputs(raw: Json, sheet: Sheet) -> None:
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "inconnu"}, 3, None, {"output_type": "error"}]


def _html_outputs(raw: Json, sheet: Sheet) -> None:
    script = "<script>fetch('http://127.0.0.1/')</script><iframe src='file:///etc/passwd'></iframe>"
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": script}}]
        else:
            cell["source"] += script
            cell["attachments"] = {"x.html": {"text/html": script}}


def _kernel(name: str) -> Any:
    def mutate(raw: Json, sheet: Sheet) -> None:
        raw["metadata"]["kernelspec"] = {"name": name, "display_name": name, "language": "bash"}

    return mutate


def _metadata(value: Any) -> Any:
    def mutate(raw: Json, sheet: Sheet) -> None:
        raw["metadata"] = value

    return mutate


def _top(**values: Any) -> Any:
    def mutate(raw: Json, sheet: Sheet) -> None:
        raw.update(values)

    return mutate


def _text(raw: Json) -> str:
    return json.dumps(raw, ensure_ascii=False)


def _v3(raw: Json, sheet: Sheet) -> Json:
    cells = [
        {
            "cell_type": "code",
            "language": "python",
            "input": cell["source"],
            "outputs": [],
            "collapsed": False,
            "metadata": cell["metadata"],
        }
        if cell["cell_type"] == "code"
        else {"cell_type": "markdown", "source": cell["source"], "metadata": cell["metadata"]}
        for cell in raw["cells"]
    ]
    return {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def _odd_cells(raw: Json, sheet: Sheet) -> None:
    raw["cells"] += [
        3,
        None,
        "texte",
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": 7, "metadata": []},
        {"cell_type": "code", "source": ["a", 1, None], "metadata": {"nbgrader": "oui"}, "outputs": {}},
        {"cell_type": 4, "source": "", "metadata": {}},
    ]


def _big_answer(raw: Json, sheet: Sheet) -> None:
    cell = find(raw, sheet.first)
    cell["source"] += "\n" + "# " + "x" * 3_000_000


def _many_cells(raw: Json, sheet: Sheet) -> None:
    raw["cells"] += [
        {"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": [], "source": "pass"}
        for n in range(30_000)
    ]


def _same_ids(raw: Json, sheet: Sheet) -> None:
    for cell in raw["cells"]:
        cell["id"] = "le-meme"


def _bad_ids(raw: Json, sheet: Sheet) -> None:
    for rank, cell in enumerate(raw["cells"]):
        cell["id"] = ("é/..\n" * 20, 7, None, "")[rank % 4]


def _list_sources(raw: Json, sheet: Sheet) -> None:
    for cell in raw["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _add_answer_cells(raw: Json, sheet: Sheet) -> None:
    """Cellules ajoutées qui prétendent être notées."""
    cell = json.loads(json.dumps(find(raw, sheet.tests[0])))
    cell["metadata"]["nbgrader"]["grade_id"] = "test-invente"
    cell["metadata"]["nbgrader"]["points"] = 1000
    raw["cells"].append(cell | {"source": "pass"})


def _ids_removed(raw: Json, sheet: Sheet) -> None:
    for cell in raw["cells"]:
        cell["metadata"].get("nbgrader", {}).pop("grade_id", None)


def _swap_ids(raw: Json, sheet: Sheet) -> None:
    one, two = find(raw, sheet.tests[0]), find(raw, sheet.first)
    _grader(one)["grade_id"], _grader(two)["grade_id"] = sheet.first, sheet.tests[0]


def _flags(raw: Json, sheet: Sheet) -> None:
    for cell in raw["cells"]:
        grader = cell["metadata"].get("nbgrader")
        if grader:
            for flag in ("grade", "solution", "locked", "task"):
                grader[flag] = not grader.get(flag)


def _test_as_solution(raw: Json, sheet: Sheet) -> None:
    for cell in _tests(raw, sheet):
        _grader(cell).update(solution=True, locked=False)
        cell["source"] = "pass"


def _setup_replaced(raw: Json, sheet: Sheet) -> None:
    for cell in raw["cells"]:
        if cell["cell_type"] == "code" and "import pandas" in cell["source"]:
            cell["source"] = "class pd: pass\nnp = pd"


TAMPERED = (
    _case("etiquette-skip-execution", _tag("skip-execution"), "fausse"),
    _case("etiquettes-diverses", _tag("raises-exception", "remove_cell", "hide-input", "parameters"), "fausse"),
    _case(
        "etiquettes-illisibles",
        _each_test(lambda c: c["metadata"].update(tags={"a": 1}, deletable="non")),
        keeps="tout",
    ),
    _case("tests-modifies", _each_test(lambda c: c.update(source="assert True")), "fausse"),
    _case("tests-vides", _each_test(lambda c: c.update(source="")), keeps="tout"),
    _case("tests-effaces", _delete_tests, "fausse"),
    _case("tests-effaces-copie-juste", _delete_tests, keeps="tout"),
    _case("reponse-effacee", _delete_answer, keeps="autres"),
    _case("tests-en-double", _duplicate, "fausse"),
    _case("tests-en-double-copie-juste", _duplicate, keeps="tout"),
    _case("tests-en-double-avant", _duplicate_before, "fausse"),
    _case("reponse-en-double", _duplicate_answer, keeps="tout"),
    _case("reponse-coupee-en-deux", _split),
    _case("ordre-inverse", _reverse, keeps="tout"),
    _case("tests-en-tete", _tests_first, keeps="tout"),
    _case(
        "tests-en-texte",
        _each_test(lambda c: (c.update(cell_type="markdown"), c.pop("outputs"), c.pop("execution_count"))),
        "fausse",
    ),
    _case(
        "tests-en-texte-copie-juste",
        _each_test(lambda c: (c.update(cell_type="markdown"), c.pop("outputs"), c.pop("execution_count"))),
        keeps="tout",
    ),
    _case("reponse-en-texte", _answer_as_markdown, keeps="autres"),
    _case("tout-en-brut", _all_raw),
    _case("sorties-inventees", _fake_outputs, "fausse"),
    _case("sorties-mal-formees", _bad_outputs, keeps="tout"),
    _case("scripts-dans-les-textes", _html_outputs, keeps="tout"),
    _case("points-releves", _set(points=10_000), "fausse"),
    _case("points-negatifs", _set(points=-5), keeps="tout"),
    _case("points-en-texte", _set(points="beaucoup"), keeps="tout"),
    _case("tests-sans-note", _set(grade=False), "fausse"),
    _case("tests-en-solution", _test_as_solution, "fausse"),
    _case("tests-en-tache", _set(task=True, grade=False), keeps="tout"),
    _case("drapeaux-inverses", _flags, "fausse"),
    _case("drapeaux-inverses-copie-juste", _flags),
    _case("drapeaux-en-texte", _set(grade="oui", locked="non", solution=[]), keeps="tout"),
    _case("identifiants-retires", _ids_removed),
    _case("identifiant-dictionnaire", _set(grade_id={"a": 1}), keeps="tout"),
    _case("identifiant-nombre", _set(grade_id=12), keeps="tout"),
    _case("identifiant-demesure", _set(grade_id="x" * 100_000), keeps="tout"),
    _case("identifiant-hostile", _set(grade_id="../../x'; DROP TABLE grade; --"), keeps="tout"),
    _case("identifiants-echanges", _swap_ids, "fausse"),
    _case("test-invente", _add_answer_cells, "fausse"),
    _case("nbgrader-en-texte", _each_test(lambda c: c["metadata"].update(nbgrader="oui")), keeps="tout"),
    _case("metadonnees-nulles", _each_test(lambda c: c.update(metadata=None))),
    _case("metadonnees-retirees", _each_test(lambda c: c.pop("metadata"))),
    _case("empreinte-fausse", _set(checksum="0" * 32), keeps="tout"),
    _case("schema-ancien", _set(schema_version=1), keeps="tout"),
    _case("schema-zero", _set(schema_version=0), keeps="tout"),
    _case("schema-futur", _set(schema_version=99), keeps="tout"),
    _case("schema-en-texte", _set(schema_version="trois"), keeps="tout"),
    _case("preparation-remplacee", _setup_replaced, keeps="tout"),
    _case("noyau-bash", _kernel("bash"), keeps="tout"),
    _case("noyau-chemin", _kernel("../../x"), keeps="tout"),
    _case("noyau-absent", _metadata({}), keeps="tout"),
    _case("metadonnees-du-carnet-en-liste", _metadata([1]), keeps=""),
    _case("langage-inconnu", _metadata({"language_info": {"name": "brainfuck"}, "kernelspec": 4}), keeps="tout"),
    _case("identifiants-de-cellule-egaux", _same_ids, keeps="tout"),
    _case("identifiants-de-cellule-illisibles", _bad_ids, keeps="tout"),
    _case("sources-en-listes", _list_sources, keeps="tout"),
    _case("cellules-etranges", _odd_cells),
    _case("reponse-de-trois-megaoctets", _big_answer),
    _case("trente-mille-cellules", _many_cells),
    _case("nbformat-mineur-ancien", _top(nbformat_minor=0), keeps="tout"),
    _case("nbformat-mineur-futur", _top(nbformat_minor=99)),
    _case("nbformat-cinq", _top(nbformat=5)),
    _case("cellules-en-dictionnaire", _top(cells={"a": 1})),
    _case("sans-cellule", _top(cells=[])),
    _case("version-trois", _v3),
)

BROKEN = (
    _case("vide", lambda raw, sheet: b""),
    _case("pas-du-json", lambda raw, sheet: b"ceci n'est pas un carnet"),
    _case("page-html", lambda raw, sheet: b"<!doctype html><html><body>Connexion</body></html>"),
    _case("json-coupe", lambda raw, sheet: _text(raw)[:-200]),
    _case("json-liste", lambda raw, sheet: "[1, 2]"),
    _case("json-nul", lambda raw, sheet: "null"),
    _case("nan", lambda raw, sheet: _text({**raw, "metadata": {**raw["metadata"], "x": float("nan")}})),
    _case("infini", lambda raw, sheet: _text({**raw, "nbformat_minor": float("inf")})),
    _case("nombre-demesure", lambda raw, sheet: _text(raw).replace('"nbformat": 4', '"nbformat": ' + "9" * 5000)),
    _case(
        "cles-en-double",
        lambda raw, sheet: (
            '{"cells": [], "cells": ' + _text(raw["cells"]) + ', "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
        ),
    ),
    _case("imbrication", lambda raw, sheet: _text(raw)[:-1] + ', "x": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    _case("imbrication-moyenne", lambda raw, sheet: _text(raw)[:-1] + ', "x": ' + "[" * 900 + "]" * 900 + "}"),
    _case("cinquante-megaoctets", lambda raw, sheet: _text({**raw, "metadata": {"x": "y" * 50_000_000}})),
    _case(
        "latin-1",
        lambda raw, sheet: _text({**raw, "metadata": {**raw["metadata"], "titre": "été"}}).encode("latin-1", "replace"),
    ),
    _case("utf-16", lambda raw, sheet: _text(raw).encode("utf-16")),
    _case("marque-d-ordre", lambda raw, sheet: _text(raw).encode("utf-8-sig")),
    _case("octets-nuls", lambda raw, sheet: _text(raw).encode() + b"\0" * 1000),
    _case("caractere-orphelin", lambda raw, sheet: _text(raw).replace("Question", "Question \\ud800", 1)),
    _case("fins-de-ligne-windows", lambda raw, sheet: json.dumps(raw, indent=1).replace("\n", "\r\n"), keeps="tout"),
    _case("zip-renomme", lambda raw, sheet: b"PK\x03\x04" + b"\0" * 400),
)

CASES = (*TAMPERED, *BROKEN)
