"""Contrôler une fonction écrite par le stagiaire : l’appeler sur des arguments choisis."""

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from formation.checks.form import form_problem
from formation.checks.plain import Plain, from_plain, to_plain
from formation.checks.spec import Expectation
from formation.checks.value import same, value_problem
from formation.checks.wording import describe, shorten


class CallError(Exception):
    """La fonction du stagiaire s’est arrêtée sur une erreur."""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # nbgrader donne zéro à une cellule qui écrit sur la sortie d’erreur, même un simple avertissement
    sink = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        warnings.simplefilter("ignore")
        yield


def call_text(name: str, args: list[Plain]) -> str:
    """Écrit un appel comme le stagiaire l’écrirait.

    Parameters
    ----------
    name : str
        Nom de la fonction.
    args : list of Plain
        Arguments en données simples.

    Returns
    -------
    str

    Examples
    --------
    >>> call_text("aire", [2, 3])
    'aire(2, 3)'
    """
    shown = [shorten(repr(arg), 40) if type(arg) is not dict else _argument(arg) for arg in args]
    return f"{name}({', '.join(shown)})"


def _argument(plain: Plain) -> str:
    if plain["genre"] == "liste" and all(type(v) is not dict for v in plain["valeurs"]):
        return shorten(repr(plain["valeurs"]), 40)
    return describe(plain)


def run_case(function: Callable[..., Any], args: list[Plain]) -> Plain:
    """Appelle la fonction sur une copie neuve des arguments.

    Parameters
    ----------
    function : callable
        Fonction du stagiaire.
    args : list of Plain
        Arguments en données simples.

    Returns
    -------
    Plain
        Résultat en données simples.

    Raises
    ------
    CallError
        Si la fonction lève une erreur ; le message la nomme.
    """
    values = [from_plain(arg) for arg in args]
    try:
        with _quiet():
            return to_plain(function(*values))
    except Exception as error:
        detail = shorten(f"{type(error).__name__} : {error}", 120)
        raise CallError(f"l’appel {{appel}} s’arrête sur une erreur ({detail}).") from None


def function_problem(exp: Expectation, function: object, cases: list[list[Plain]]) -> str | None:
    """Contrôle la forme : une fonction, le bon nombre de paramètres, un résultat du bon type.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle.
    function : object
        Réponse du stagiaire.
    cases : list of list of Plain
        Arguments des appels à essayer.

    Returns
    -------
    str or None
        Problème, en français, ou None.
    """
    if function is Ellipsis:
        return "Vous n’avez pas encore répondu : écrivez la fonction à la place des trois points."
    if not callable(function):
        return f"vous donnez {describe(to_plain(function))}, on attend une fonction."
    for args in cases:
        problem = _signature_problem(function, args) or _case_problem(exp, function, args, None)
        if problem is not None:
            return problem
    return None


def _signature_problem(function: Callable[..., Any], args: list[Plain]) -> str | None:
    try:
        signature = inspect.signature(function)
        signature.bind(*args)
    except TypeError:
        given = ", ".join(signature.parameters) or "aucun"
        return f"votre fonction doit accepter {len(args)} argument(s) ; ses paramètres sont : {given}."
    except ValueError:
        return None
    return None


def _case_problem(
    exp: Expectation, function: Callable[..., Any], args: list[Plain], hidden: Mapping[str, Any] | None
) -> str | None:
    call = call_text(exp.nom, args)
    result = exp.result()
    try:
        plain = run_case(function, args)
    except CallError as failure:
        return str(failure).format(appel=call)
    if plain is None:
        return f"l’appel {call} ne renvoie rien. Terminez la fonction par return, suivi du résultat."
    problem = form_problem(result, plain)
    if problem is None and hidden is not None:
        problem = value_problem(result, plain, hidden)
    return None if problem is None else f"pour l’appel {call}, {problem}"


def function_value_problem(exp: Expectation, function: Callable[..., Any], hidden: Mapping[str, Any]) -> str | None:
    """Compare les résultats de la fonction avec ceux attendus.

    Parameters
    ----------
    exp : Expectation
        Attente du contrôle.
    function : callable
        Fonction du stagiaire.
    hidden : mapping
        `cas` (arguments et valeur attendue) et `pieges` (valeurs de chaque cas, message).

    Returns
    -------
    str or None
        Explication, ou None si tous les cas sont justes.
    """
    problems = [_case_problem(exp, function, case["args"], case) for case in hidden["cas"]]
    first = next((problem for problem in problems if problem is not None), None)
    if first is None:
        return None
    return _trap_message(exp, function, hidden) or first


def _trap_message(exp: Expectation, function: Callable[..., Any], hidden: Mapping[str, Any]) -> str | None:
    result = exp.result()
    try:
        received = [run_case(function, case["args"]) for case in hidden["cas"]]
    except CallError:
        return None
    if any(form_problem(result, plain) for plain in received):
        return None
    for trap in hidden.get("pieges", ()):
        values = trap["valeurs"]
        if all(form_problem(result, v) is None for v in values) and all(
            map(lambda a, b: same(result, a, b), received, values)
        ):
            return str(trap["message"])
    return None
