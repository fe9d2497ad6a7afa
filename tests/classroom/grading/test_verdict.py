"""Ce que l’on écrit d’une cellule : le même texte que `checks.compare`, et rien de ce qui est caché."""

import contextlib
import io

import pytest

from formation import checks
from formation.checks.failure import french
from formation.classroom.grading import verdict
from formation.classroom.grading.types import CellRun, ValueCheck

HIDDEN = {"attente": {"type": "nombre", "minimum": 0, "maximum": 1, "relire": "Lire"}, "valeur": 0.74}
CHECK = ValueCheck("part", "part", False, HIDDEN)
FUNCTION = ValueCheck(
    "aire", "aire", True, {"attente": {"type": "fonction"}, "cas": [{"args": [2, 3], "valeur": 6}], "pieges": []}
)
SECRET = 'assert_allclose(part(3, 8), 0.375)  # jamais-montre\n    assert part(5, 0) == 0, "Total nul."'
TEST = f"assert part(1, 4) == 0.25\n### BEGIN HIDDEN TESTS\n{SECRET.replace('    ', '')}\n### END HIDDEN TESTS"


def failed(name, text, status="erreur"):
    return CellRun(status, [{"output_type": "error", "ename": name, "evalue": text, "traceback": [text]}])


def stock(value):
    import json

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            checks.compare("part", value, json.dumps(HIDDEN))
        except checks.ReponseInattendue as error:
            return "ReponseInattendue", str(error)
    return "stdout", said.getvalue()


@pytest.mark.parametrize("value", [0.74, 74, 0.5, "0,74", ..., None, [0.74], True, float("nan")])
def test_a_value_gives_the_text_the_stock_engine_gives(value):
    status, (output,), message = verdict.value_verdict(CHECK, "ok", checks.to_plain(value), "")
    kind, text = stock(value)
    assert (output.get("ename") or output["name"]) == kind
    assert (output.get("evalue") or output["text"]) == text
    assert (status == "ok") == (kind == "stdout") == (message == "")


@pytest.mark.parametrize("forged", [{"genre": "liste"}, [0.74], {"genre": "non_fini"}, {"x": 1}, 10**40])
def test_a_forged_value_fails(forged):
    status, (output,), message = verdict.value_verdict(CHECK, "ok", forged, "")
    assert (status, output["output_type"]) == ("erreur", "error")
    assert message


def test_an_absent_variable_is_explained_with_what_stopped_before():
    _, (output,), message = verdict.value_verdict(CHECK, "absent", None, "ZeroDivisionError: division by zero")
    assert output["ename"] == "NameError"
    assert "n’existe pas" in message
    assert message.endswith(french("Elle a dit : ZeroDivisionError: division by zero"))


@pytest.mark.parametrize("status", ["arret", "delai"])
def test_a_dead_notebook_gives_no_point_and_says_so(status):
    given, (output,), message = verdict.value_verdict(CHECK, status, None, "")
    assert (given, output["output_type"]) == (status, "error")
    assert "n’a pas pu être lue" in message


def test_a_function_is_judged_on_its_results():
    assert verdict.function_verdict(FUNCTION, [{"valeur": 6}], "")[0] == "ok"
    assert verdict.function_verdict(FUNCTION, [{"valeur": 5}], "")[0] == "erreur"
    assert verdict.function_verdict(FUNCTION, "6", "")[0] == "erreur"


def test_an_absent_function_is_explained_like_an_absent_value():
    problem = french("« aire » n’existe pas : la cellule qui la définit manque ou s’est arrêtée.")
    _, (output,), message = verdict.function_verdict(FUNCTION, [{"probleme": problem}], "SyntaxError")
    assert output["ename"] == "NameError"
    assert "SyntaxError" in message


def test_learner_errors_are_named_and_short():
    assert verdict.explain(CellRun("ok")) == ""
    assert "guillemets" in verdict.explain(failed("NameError", "name 'b' is not defined"))
    assert verdict.explain(failed("ValueError", "x" * 5_000)).startswith("ValueError: x")
    assert len(verdict.explain(failed("ValueError", "x" * 5_000))) <= verdict.MAX_MESSAGE
    assert verdict.explain(CellRun("delai", note="trop long")) == "trop long"


@pytest.mark.parametrize("name", ["ValueError", "ReponseInattendue", "Valeur_0_375", "NameError"])
def test_once_a_hidden_test_ran_the_text_of_an_error_is_kept_back(name):
    message = verdict.explain(failed(name, "name '0.375 jamais-montre' is not defined"), guarded=True)
    assert "0.375" not in message
    assert "0_375" not in message
    assert "jamais-montre" not in message


@pytest.mark.parametrize(
    "run",
    [
        failed("AssertionError", "Not equal: 0.375 jamais-montre"),
        failed("AssertionError", "assert_allclose(part(3, 8), 0.375)"),
        failed("ValueError", "0.375 jamais-montre"),
        failed("Fuite_0_375", "jamais-montre"),
        failed("NameError", "name 'jamais_montre' is not defined"),
        failed("ReponseInattendue", "0.375 jamais-montre"),
    ],
)
def test_nothing_hidden_is_in_the_message_of_a_test(run):
    message = verdict.failed_test_message(run, TEST, "def part(q, t): return 1")
    assert message
    assert "0.375" not in message
    assert "0_375" not in message
    assert "montre" not in message


def test_the_text_the_trainer_wrote_is_shown():
    assert verdict.failed_test_message(failed("AssertionError", "Total nul."), TEST, "") == "Total nul."
    dynamic = TEST.replace('"Total nul."', 'f"Obtenu : {x:.2f}"')
    assert verdict.failed_test_message(failed("AssertionError", "Obtenu : 0.31"), dynamic, "") == french(
        "Obtenu : 0.31"
    )
    assert "eval" not in verdict.failed_test_message(failed("AssertionError", "Obtenu : eval(0.375)"), dynamic, "")


def test_a_public_test_shows_its_whole_message():
    assert "0.375" in verdict.failed_test_message(failed("AssertionError", "0.375"), "assert part(3, 8) == 0.375", "")


def test_a_missing_name_the_learner_knows_is_named():
    message = verdict.failed_test_message(failed("NameError", "name 'part' is not defined"), TEST, "")
    assert "«\u00a0part\u00a0» n’existe pas" in message


def test_quoting_a_hidden_line_is_seen_in_streams_and_displays():
    line = "np.testing.assert_allclose(part(3, 8), 0.375)"
    test = f"assert part\n### BEGIN HIDDEN TESTS\n{line}\n### END HIDDEN TESTS"
    assert verdict.quotes_hidden([{"output_type": "stream", "text": f"vu : {line}"}], test)
    assert verdict.quotes_hidden([{"output_type": "display_data", "data": {"text/plain": line}}], test)
    assert not verdict.quotes_hidden([{"output_type": "stream", "text": "assert part"}], test)
