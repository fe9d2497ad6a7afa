"""Du sort d’une cellule à ce qu’on en écrit : sorties du carnet corrigé, message au stagiaire, raisons de relire."""

import ast
import builtins
import keyword
import re
from collections.abc import Sequence
from typing import Any

from formation.checks import judge, judge_function
from formation.checks.failure import french
from formation.checks.wording import shorten
from formation.classroom.grading.names import parse
from formation.classroom.grading.types import CellRun, Json, Status, ValueCheck
from formation.classroom.grading.valuechecks import BEGIN_HIDDEN, END_HIDDEN

MAX_MESSAGE = 500
WITHHELD = french("Note retenue : une personne va relire cette copie.")
_OURS = ("ReponseInattendue", "AttenteIntrouvable", "DelaiDepasse", "CarnetArrete", "CelluleNonExecutee")
_MISSING = re.compile(r"name '(\w+)' is not defined")
_ERRORS = frozenset(
    name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
)
_FAILED = "Le test n’est pas passé : la valeur n’est pas celle attendue."
_MIN_LINE = 12
_DYNAMIC = r"[\w .,+\-%]{0,40}"


def value_verdict(check: ValueCheck, status: str, plain: Any, cause: str) -> tuple[Status, list[Json], str]:
    """Juge une valeur sortie du processus du stagiaire.

    Parameters
    ----------
    check : ValueCheck
        Contrôle, partie cachée comprise.
    status : str
        ok, absent, arret ou delai, rendu par `Session.export`.
    plain : Plain
        Donnée simple ; non vérifiée.
    cause : str
        Dernier message d’une cellule du stagiaire qui a échoué, vide s’il n’y en a pas.

    Returns
    -------
    tuple of (str, list of dict, str)
        Statut, sorties à écrire dans la cellule de contrôle, message au stagiaire.

    Examples
    --------
    >>> check = ValueCheck("n", "n", False, {"attente": {"type": "entier"}, "valeur": 3})
    >>> value_verdict(check, "ok", 3, "")[0]
    'ok'
    """
    if status == "ok":
        return _judged(check.control, judge(check.hidden, plain, check.control))
    if status == "absent":
        return _absent(check.variable, cause)
    message = french(f"« {check.variable} » n’a pas pu être lue : le carnet s’est arrêté ou ne répondait plus.")
    return _failed("delai" if status == "delai" else "arret", "CarnetArrete", _told(message, cause))


def function_verdict(check: ValueCheck, results: Any, cause: str) -> tuple[Status, list[Json], str]:
    """Juge les résultats d’une fonction appelée dans le processus du stagiaire.

    Parameters
    ----------
    check : ValueCheck
        Contrôle, partie cachée comprise.
    results : object
        Rendu par `Session.call` ; non vérifié.
    cause : str
        Dernier message d’une cellule du stagiaire qui a échoué.

    Returns
    -------
    tuple of (str, list of dict, str)
        Comme `value_verdict`.
    """
    absent = french(f"« {check.variable} » n’existe pas")
    problems = [str(one.get("probleme", "")) for one in results] if _all_dicts(results) else []
    if problems and all(problem.startswith(absent) for problem in problems):
        return _absent(check.variable, cause)
    return _judged(check.control, judge_function(check.hidden, results, check.control))


def _all_dicts(results: Any) -> bool:
    return type(results) is list and all(type(one) is dict for one in results)


def _judged(control: str, message: str | None) -> tuple[Status, list[Json], str]:
    if message is not None:
        return _failed("erreur", "ReponseInattendue", message)
    text = french(f"✓ {control} : réponse juste.")
    return "ok", [{"output_type": "stream", "name": "stdout", "text": f"{text}\n"}], ""


def _absent(variable: str, cause: str) -> tuple[Status, list[Json], str]:
    return _failed("erreur", "NameError", _told(missing_name(variable), cause))


def _told(message: str, cause: str) -> str:
    return french(f"{message} Elle a dit : {cause}") if cause else message


def _failed(status: Status, name: str, message: str) -> tuple[Status, list[Json], str]:
    output = {"output_type": "error", "ename": name, "evalue": message, "traceback": message.splitlines()}
    return status, [output], message


def missing_name(name: str) -> str:
    r"""Explique une variable absente.

    Parameters
    ----------
    name : str
        Variable.

    Returns
    -------
    str

    Examples
    --------
    >>> missing_name("part")
    '«\xa0part\xa0» n’existe pas\xa0: la cellule qui le calcule manque ou s’est arrêtée.'
    """
    if len(name) == 1:
        return french(f'« {name} » n’existe pas : une lettre de réponse s’écrit entre guillemets, "{name}".')
    return french(f"« {name} » n’existe pas : la cellule qui le calcule manque ou s’est arrêtée.")


def explain(run: CellRun, *, guarded: bool = False) -> str:
    """Message d’une cellule du stagiaire qui n’est pas allée au bout.

    Parameters
    ----------
    run : CellRun
        Exécution.
    guarded : bool
        Vrai si un test caché a déjà tourné dans ce processus : le texte de l’erreur, que le stagiaire choisit, pourrait
        en citer des valeurs ; seul son type est alors donné.

    Returns
    -------
    str
        Vide si la cellule a réussi.
    """
    if run.status == "ok":
        return ""
    if run.status != "erreur":
        return run.note
    error = _last_error(run.outputs)
    if error is None:
        return run.note or french("La cellule a échoué.")
    name, text = _type_name(error), str(error.get("evalue", ""))
    missing = _MISSING.search(text)
    if name == "NameError" and missing and not guarded:
        return missing_name(missing[1])
    if guarded:
        kind = f" ({name})" if name in _ERRORS else ""
        return french(f"La cellule s’arrête sur une erreur{kind} : lancez-la chez vous pour la lire en entier.")
    if str(error.get("ename")) in _OURS:
        return shorten(text, MAX_MESSAGE)
    return shorten(" ".join(f"{name}: {text}".split()), MAX_MESSAGE)


def _last_error(outputs: Sequence[Json]) -> Json | None:
    return next((one for one in reversed(outputs) if one.get("output_type") == "error"), None)


def _type_name(error: Json) -> str:
    name = str(error.get("ename", ""))
    known = name in _ERRORS or name in _OURS or re.fullmatch(r"[A-Za-z_]\w{0,60}", name)
    return name if known else "erreur"


def failed_test_message(run: CellRun, source: str, learner: str) -> str:
    """Message d’un test nbgrader raté, sans rien de ce qui est caché.

    Le texte d’une erreur n’est montré que si le formateur l’a écrit tel quel dans le test, ou si le test n’a pas de
    partie cachée : une erreur levée pendant le test peut citer le test, ou la valeur attendue.

    Parameters
    ----------
    run : CellRun
        Exécution du test.
    source : str
        Test, partie cachée comprise.
    learner : str
        Code du stagiaire, pour ne nommer que des variables qu’il connaît.

    Returns
    -------
    str
        Vide si le test a réussi.
    """
    if run.status == "ok":
        return _stderr_message(run)
    if run.status != "erreur":
        return run.note
    error = _last_error(run.outputs) or {}
    name, text = str(error.get("ename", "")), str(error.get("evalue", ""))
    public = BEGIN_HIDDEN not in source
    missing = _MISSING.search(text)
    if (
        name == "NameError"
        and missing
        and (public or _names(learner, missing[1]) or _names(visible(source), missing[1]))
    ):
        return missing_name(missing[1])
    if name == "AssertionError":
        shown = text if public else _written(text, source)
        return french(shorten(shown, MAX_MESSAGE)) if shown.strip() else french(_FAILED)
    if public:
        return shorten(" ".join(f"{_type_name(error)}: {text}".split()), MAX_MESSAGE)
    kind = name if name in _ERRORS else "inconnue"
    return french(f"Le test s’arrête sur une erreur ({kind}) : vérifiez le type et la forme de votre réponse.")


def _stderr_message(run: CellRun) -> str:
    noisy = any(one.get("output_type") == "stream" and one.get("name") == "stderr" for one in run.outputs)
    return french("La cellule écrit sur la sortie d’erreur.") if noisy else ""


def visible(source: str) -> str:
    """Partie d’un test que le stagiaire a reçue.

    Parameters
    ----------
    source : str
        Test du formateur.

    Returns
    -------
    str
    """
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == BEGIN_HIDDEN:
            inside = True
        elif line.strip() == END_HIDDEN:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def _names(source: str, name: str) -> bool:
    return not keyword.iskeyword(name) and re.search(rf"\b{re.escape(name)}\b", source) is not None


def _written(text: str, source: str) -> str:
    """Texte d’une assertion si le formateur l’a écrit ; vide sinon."""
    tree = parse(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Assert) and node.msg is not None:
            pattern = _pattern(node.msg)
            if pattern and re.fullmatch(pattern, text, re.DOTALL):
                return text
    return ""


def _pattern(message: ast.expr) -> str:
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        return re.escape(message.value)
    if isinstance(message, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else None for part in message.values]
        return "".join(_DYNAMIC if part is None else re.escape(str(part)) for part in parts)
    return ""


def quotes_hidden(outputs: Sequence[Json], source: str) -> bool:
    """Dit si des sorties citent une ligne cachée d’un test.

    Parameters
    ----------
    outputs : sequence of dict
        Sorties d’une cellule du stagiaire, ou flux d’un test.
    source : str
        Test, partie cachée comprise.

    Returns
    -------
    bool
    """
    shown = set(visible(source).splitlines())
    lines = {line.strip() for line in source.splitlines() if line not in shown}
    secrets = [line for line in lines if len(line) >= _MIN_LINE and not line.startswith("###")]
    text = "\n".join(_texts(outputs))
    return any(secret in text for secret in secrets)


def _texts(outputs: Sequence[Json]) -> list[str]:
    found = []
    for one in outputs:
        if one.get("output_type") == "error":
            found.append(str(one.get("evalue", "")))
        found.append(str(one.get("text", "")))
        found += [str(text) for kind, text in one.get("data", {}).items() if str(kind).startswith("text/")]
    return found
