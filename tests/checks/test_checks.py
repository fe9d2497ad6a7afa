import json
import sys
import warnings

import pytest

from formation import checks

SPEC = {"nom": "part", "type": "nombre", "minimum": 0, "maximum": 1, "aide": "Pesez.", "relire": "Lire la courbe"}
FUNCTION = {"nom": "aire", "type": "fonction", "retour": {"type": "nombre"}, "exemples_appels": [[2, 3]]}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    text = json.dumps({"attentes": {"part": SPEC, "aire": FUNCTION}})
    (tmp_path / "attentes.json").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_expect_says_one_line_when_form_is_right(capsys):
    checks.expect("part", 0.5)
    assert capsys.readouterr().out.count("\n") == 1


def test_expect_explains_and_points_to_the_paragraph_when_form_is_wrong():
    with pytest.raises(AssertionError) as caught:
        checks.expect("part", 74)
    message = str(caught.value).replace("\u00a0", " ")
    assert "0.74" in message
    assert "Attendu : un nombre entre 0 et 1" in message
    assert "Par exemple : part = 0.25" in message
    assert "À relire : « Lire la courbe »." in message


def test_failure_shows_only_its_message_in_a_notebook():
    shell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell()
    outcome = shell.run_cell("from formation import checks\nchecks.expect('part', ...)", store_history=False)
    lines = outcome.error_in_exec._render_traceback_()
    assert lines[0].startswith("«\u00a0part\u00a0»")
    assert not any("Traceback" in line or "File" in line for line in lines)


def test_missing_file_says_what_to_do(folder):
    (folder / "attentes.json").unlink()
    with pytest.raises(checks.AttenteIntrouvable, match="Copiez-le"):
        checks.expect("part", 0.5)


@pytest.mark.parametrize("text", ["{", "[]", '{"attentes": 3}'])
def test_damaged_file_says_what_to_do(folder, text):
    (folder / "attentes.json").write_text(text, encoding="utf-8")
    with pytest.raises(checks.AttenteIntrouvable, match="abîmé"):
        checks.expect("part", 0.5)


def test_unknown_check_lists_known_ones():
    with pytest.raises(checks.AttenteIntrouvable, match="part"):
        checks.expect("autre", 1)


@pytest.mark.parametrize(
    ("function", "excerpt"),
    [
        (3, "on attend une fonction"),
        (..., "pas encore répondu"),
        (lambda a: a, "2 argument"),
        (lambda a, b: None, "ne renvoie rien"),
        (lambda a, b: "6", "écrivez un nombre"),
        (lambda a, b: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_expect_function_explains_when_form_is_wrong(function, excerpt):
    with pytest.raises(checks.ReponseInattendue, match=excerpt):
        checks.expect_function("aire", function)


def test_expect_function_is_silent_on_stderr_when_the_learner_warns(capsys):
    def aire(a, b):
        warnings.warn("bruit", stacklevel=1)
        sys.stdout.write("bavardage")
        return a * b

    checks.expect_function("aire", aire)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "bavardage" not in captured.out


def hidden_function(**more):
    cases = [{"args": [2, 3], "valeur": 6}, {"args": [4, 5], "valeur": 20}]
    return json.dumps({"attente": FUNCTION, "cas": cases, **more})


def test_compare_accepts_a_right_function(capsys):
    checks.compare("aire", lambda a, b: b * a, hidden_function())
    assert "juste" in capsys.readouterr().out


def test_compare_names_the_call_when_function_is_wrong():
    with pytest.raises(checks.ReponseInattendue, match=r"aire\(4, 5\)"):
        checks.compare("aire", lambda a, b: 6, hidden_function())


def test_compare_recognises_a_trap_function():
    traps = [{"valeurs": [5, 9], "message": "Vous additionnez."}]
    with pytest.raises(checks.ReponseInattendue, match="additionnez"):
        checks.compare("aire", lambda a, b: a + b, hidden_function(pieges=traps))


def test_compare_survives_a_function_that_changes_its_arguments():
    cases = [{"args": [{"genre": "liste", "de": "list", "valeurs": [1, 2]}], "valeur": 3}] * 2
    hidden = json.dumps({"attente": {**FUNCTION, "nom": "somme"}, "cas": cases})

    def somme(valeurs):
        total = sum(valeurs)
        valeurs.clear()
        return total

    checks.compare("somme", somme, hidden)
