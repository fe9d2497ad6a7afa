"""Exécuter un carnet sans noyau Jupyter, dans un processus déjà chaud.

Ces fonctions tournent dans un processus enfant, créé pour un seul carnet et jeté ensuite.
"""

import contextlib
import io
import json
import random
import signal
import time
import traceback
from collections.abc import Iterator
from typing import Any

from formation.checks import judge
from formation.checks.failure import french
from formation.checks.function import CallError, run_case
from formation.checks.plain import to_plain
from formation.checks.spec import from_mapping

SEED = 447
Job = dict[str, Any]
_MISSING = "n’existe pas"


class _CellTimeout(BaseException):
    """Temps de la cellule épuisé ; hors d’Exception pour que le code du stagiaire ne l’avale pas par mégarde."""


def run_copy(job: Job) -> dict[str, Any]:
    """Exécute une copie cellule par cellule.

    Parameters
    ----------
    job : dict
        `cellules` (nom, kind, source) et `delai_s` par cellule.

    Returns
    -------
    dict
        `cellules` : pour chaque nom, `reussi`, `message` et `secondes`.
    """
    shell = new_shell()
    outcomes = {}
    cause = ""
    for cell in job["cellules"]:
        start = time.perf_counter()
        message = _run_cell(shell, cell["source"], job["delai_s"], graded=cell["kind"] == "controle")
        if cell["kind"] != "controle":
            cause = message or cause
        elif message is not None and _MISSING in message and cause:
            message = french(f"{message} Elle a dit : {cause}")
        outcomes[cell["nom"]] = {
            "reussi": message is None,
            "message": message or "",
            "secondes": round(time.perf_counter() - start, 3),
        }
    return {"cellules": outcomes}


def run_solution(job: Job) -> dict[str, Any]:
    """Exécute la solution et calcule ce que chaque contrôle attend.

    Parameters
    ----------
    job : dict
        `cellules` (nom, kind, source, line, control, variable) et `delai_s` par cellule.

    Returns
    -------
    dict
        `controles` : partie cachée de chaque contrôle ; `publics` : exemples d’appel ;
        `problemes` : lignes et messages.
    """
    random.seed(SEED)
    _seed_numpy()
    shell = new_shell()
    result: dict[str, Any] = {"controles": {}, "publics": {}, "problemes": []}
    for cell in job["cellules"]:
        if cell["kind"] != "controle":
            message = _run_cell(shell, cell["source"], job["delai_s"], graded=False)
            if message is not None:
                result["problemes"].append((cell["line"], f"la solution s’arrête : {message}"))
            continue
        control = cell["control"]
        if cell["variable"] not in shell.user_ns:
            text = f"contrôle « {control['nom']} » : la solution ne définit pas « {cell['variable']} »."
            result["problemes"].append((cell["line"], text))
            continue
        try:
            _record(shell.user_ns, cell, result)
        except Exception as error:
            text = f"contrôle « {control['nom']} » : {type(error).__name__}, {error}"
            result["problemes"].append((cell["line"], text))
    return result


def _record(namespace: dict[str, Any], cell: Job, result: dict[str, Any]) -> None:
    control, public = cell["control"], cell["public"]
    value = namespace[cell["variable"]]
    say = [f"contrôle « {control['nom']} » : "]
    if control["type"] == "fonction":
        hidden, examples = _function_hidden(namespace, control, public, value)
        result["publics"][control["nom"]] = examples
    else:
        hidden = {
            "attente": public,
            "valeur": to_plain(value),
            "equivalents": [to_plain(_evaluate(namespace, text)) for text in control["equivalents"]],
            "pieges": [
                {"valeur": to_plain(_evaluate(namespace, trap["valeur"], trap["calcul"])), "message": trap["message"]}
                for trap in control["pieges"]
            ],
        }
        _verify(control, hidden, say[0], result, cell["line"])
    size = len(json.dumps(hidden))
    if size > 200_000:
        result["problemes"].append((cell["line"], f"{say[0]}{size} caractères de valeurs attendues, c’est trop."))
    result["controles"][control["nom"]] = hidden


def _verify(control: Job, hidden: Job, prefix: str, result: dict[str, Any], line: int) -> None:
    name = control["nom"]
    refusal = judge(hidden, hidden["valeur"], name)
    if refusal is not None:
        result["problemes"].append((line, f"{prefix}la solution ne passe pas son propre contrôle. {refusal}"))
        return
    without = {**hidden, "pieges": []}
    for trap, declared in zip(hidden["pieges"], control["pieges"], strict=True):
        if judge(without, trap["valeur"], name) is None:
            text = f"le piège « {declared['valeur']} » a la même valeur que la bonne réponse, à la tolérance près."
            result["problemes"].append((line, prefix + text))


def _function_hidden(namespace: dict[str, Any], control: Job, public: Job, function: Any) -> tuple[Job, list[Any]]:
    calls = []
    for text in control["cas"]:
        args = _evaluate(namespace, text)
        calls.append([to_plain(arg) for arg in (args if type(args) is tuple else (args,))])
    cases = [{"args": args, "valeur": run_case(function, args)} for args in calls]
    result_spec = from_mapping({**public, "nom": control["nom"]}).result()
    declared = {**public.get("retour", {}), "type": result_spec.type}
    for case in cases:
        refusal = judge({"attente": declared, "valeur": case["valeur"]}, case["valeur"], control["nom"])
        if refusal is not None:
            raise ValueError(f"la solution ne passe pas son propre contrôle. {refusal}")
    traps = []
    for trap in control["pieges"]:
        wrong = _evaluate(namespace, trap["valeur"], trap["calcul"])
        try:
            values = [run_case(wrong, args) for args in calls]
        except CallError as error:
            raise ValueError(f"le piège « {trap['valeur']} » : {error}") from None
        pairs = zip(cases, values, strict=True)
        if all(judge({"attente": declared, "valeur": c["valeur"]}, v, control["nom"]) is None for c, v in pairs):
            raise ValueError(f"le piège « {trap['valeur']} » donne les bons résultats sur tous les cas.")
        traps.append({"valeurs": values, "message": trap["message"]})
    return {"attente": public, "cas": cases, "pieges": traps}, calls[:1]


def _evaluate(namespace: dict[str, Any], text: str, preamble: str = "") -> Any:
    scope = dict(namespace)
    if preamble:
        exec(preamble, scope)  # noqa: S102 - code de l’auteur, versionné avec le cours
    return eval(text.strip(), scope)  # noqa: S307 - idem


def new_shell() -> Any:
    """Interpréteur IPython du processus, sans historique ni trace affichée."""
    from IPython.core.interactiveshell import InteractiveShell

    # les traces colorées coûtent cher et ne servent pas : l’erreur elle-même suffit
    shell: Any = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.showtraceback = shell.showsyntaxerror = _silent
    return shell


def _silent(*_args: object, **_kwargs: object) -> None:
    return None


def _seed_numpy() -> None:
    import numpy as np

    np.random.seed(SEED)  # noqa: NPY002 - le code d’un stagiaire peut employer l’état global


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def stop(_signum: int, _frame: object) -> None:
        raise _CellTimeout

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run_cell(shell: Any, source: str, seconds: float, *, graded: bool) -> str | None:
    """Rend None si la cellule réussit, sinon le message de l’échec."""
    stdout, stderr = io.StringIO(), io.StringIO()
    error: BaseException | None
    try:
        with _limit(seconds), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            outcome = shell.run_cell(source, store_history=False)
        error = outcome.error_before_exec or outcome.error_in_exec
    except _CellTimeout as late:
        error = late
    if error is None:
        # même règle que nbgrader : une cellule notée qui écrit sur la sortie d’erreur n’a pas de point
        return "la cellule écrit sur la sortie d’erreur." if graded and stderr.getvalue() else None
    return _explain(error, seconds)


def _explain(error: BaseException, seconds: float) -> str:
    if isinstance(error, _CellTimeout):
        return french(f"la cellule dépasse {seconds:g} s : cherchez une boucle sans fin.")
    if hasattr(error, "_render_traceback_"):
        return str(error)
    if isinstance(error, NameError) and error.name and len(error.name) == 1:
        return french(f'« {error.name} » {_MISSING} : une lettre de réponse s’écrit entre guillemets, "{error.name}".')
    if isinstance(error, NameError) and error.name:
        return french(f"« {error.name} » {_MISSING} : la cellule qui le calcule manque ou s’est arrêtée.")
    return " ".join(traceback.format_exception_only(error)[-1].split())[:500]
