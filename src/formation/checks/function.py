"""Contrôler une fonction écrite par le stagiaire : l’appeler sur des arguments choisis, juger ses résultats ailleurs.

`call_cases` appelle, dans le processus du stagiaire ; `judge_function` compare, dans un processus qui n’a exécuté aucun
de ses codes.
"""

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from formation.checks.form import form_problem
from formation.checks.grammar import sound
from formation.checks.plain import Plain, from_plain, to_plain
from formation.checks.spec import Expectation, from_mapping
from formation.checks.value import same, value_problem
from formation.checks.wording import compose, count, describe, shorten

MAX_PROBLEM = 1_000


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
    if plain["genre"] != "liste":
        return describe(plain)
    rows = [v["valeurs"] if type(v) is dict and v["genre"] == "liste" else v for v in plain["valeurs"]]
    cells = [cell for row in rows for cell in (row if type(row) is list else [row])]
    return shorten(repr(rows), 40) if all(type(cell) is not dict for cell in cells) else describe(plain)


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
    except (Exception, SystemExit) as error:
        raise CallError(
            f"l’appel {{appel}} s’arrête sur une erreur ({_named(error)}).{_list_tip(error, args)}"
        ) from None


def _list_tip(error: BaseException, args: list[Plain]) -> str:
    wanted_array = type(error) in (TypeError, AttributeError) and "list" in _named(error)
    given_list = any(type(arg) is dict and arg["genre"] == "liste" and arg["de"] == "list" for arg in args)
    tip = " Elle reçoit ici des listes : np.array(…) ou pd.Series(…) en fait ce qu’il faut pour calculer."
    return tip if wanted_array and given_list else ""


def _named(error: BaseException) -> str:
    name = type(error).__name__
    try:
        return shorten(f"{name} : {error}", 120)
    except Exception:
        # le texte d’une erreur écrite par le stagiaire peut lui-même échouer
        return name


def call_cases(public: Mapping[str, Any], function: object, cases: list[list[Plain]]) -> list[dict[str, Any]]:
    """Appelle une fonction sur chaque cas, là où vit le stagiaire, sans rien savoir de ce qui est attendu.

    Parameters
    ----------
    public : mapping
        Partie publique de l’attente, `nom` compris.
    function : object
        Réponse du stagiaire.
    cases : list of list of Plain
        Arguments de chaque appel.

    Returns
    -------
    list of dict
        Une entrée par cas : `{"valeur": Plain}`, ou `{"probleme": str}` si l’appel n’a pas abouti.

    Examples
    --------
    >>> call_cases({"nom": "aire"}, lambda a, b: a * b, [[2, 3]])
    [{'valeur': 6}]
    """
    problem = _not_callable(function)
    if problem is not None:
        return [{"probleme": problem} for _ in cases]
    return [_call(str(public.get("nom", "fonction")), function, args) for args in cases]  # type: ignore[arg-type]


def _not_callable(function: object) -> str | None:
    if function is Ellipsis:
        return "Vous n’avez pas encore répondu : écrivez la fonction à la place des trois points."
    if not callable(function):
        return f"vous donnez {describe(to_plain(function))}, on attend une fonction."
    return None


def _call(name: str, function: Callable[..., Any], args: list[Plain]) -> dict[str, Any]:
    problem = _signature_problem(function, args)
    if problem is not None:
        return {"probleme": _clean(problem)}
    try:
        return {"valeur": run_case(function, args)}
    except CallError as failure:
        return {"probleme": _clean(str(failure).replace("{appel}", call_text(name, args), 1))}


def _clean(text: str) -> str:
    return shorten(text.encode("utf-8", "replace").decode("utf-8"), MAX_PROBLEM)


def _signature_problem(function: Callable[..., Any], args: list[Plain]) -> str | None:
    try:
        signature = inspect.signature(function)
    except Exception:
        # une fonction écrite en C n’a pas toujours de signature : l’appel dira si elle convient
        return None
    try:
        signature.bind(*args)
    except TypeError:
        given = ", ".join(signature.parameters) or "aucun"
        return f"votre fonction doit accepter {count(len(args), 'argument')} ; ses paramètres sont : {given}."
    return None


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
    problem = _not_callable(function)
    if problem is not None:
        return problem
    results = call_cases({"nom": exp.nom}, function, cases)
    problems = (_form(exp, args, result) for args, result in zip(cases, results, strict=True))
    return next((problem for problem in problems if problem is not None), None)


def _form(exp: Expectation, args: list[Plain], result: dict[str, Any]) -> str | None:
    if "probleme" in result:
        return str(result["probleme"])
    call, plain = call_text(exp.nom, args), result["valeur"]
    if plain is None:
        return f"l’appel {call} ne renvoie rien. Terminez la fonction par return, suivi du résultat."
    problem = form_problem(exp.result(), plain)
    return None if problem is None else f"pour l’appel {call}, {problem}"


def judge_function(hidden: Mapping[str, Any], results: object, name: str) -> str | None:
    """Juge les résultats rapportés par `call_cases`, sans aucun objet du stagiaire.

    Parameters
    ----------
    hidden : mapping
        `attente`, `cas` (arguments et valeur attendue) et `pieges` (valeurs de chaque cas, message).
    results : object
        Ce que le processus du stagiaire a rendu ; rien n’y est cru d’avance.
    name : str
        Nom du contrôle.

    Returns
    -------
    str or None
        Message d’échec, ou None si tous les cas sont justes.

    Examples
    --------
    >>> hidden = {"attente": {"type": "fonction"}, "cas": [{"args": [2, 3], "valeur": 6}]}
    >>> judge_function(hidden, [{"valeur": 6}], "aire")
    """
    exp = from_mapping({**hidden["attente"], "nom": name})
    cases = list(hidden["cas"])
    if type(results) is not list or len(results) != len(cases) or not cases or not all(map(_sound_result, results)):
        return compose(exp, "les résultats de votre fonction n’ont pas pu être relus.", form=True)
    forms = [_form(exp, case["args"], result) for case, result in zip(cases, results, strict=True)]
    if forms[0] is not None:
        return compose(exp, forms[0], form=True)
    pairs = zip(cases, results, forms, strict=True)
    problems = [form or _wrong_value(exp, case, result["valeur"]) for case, result, form in pairs]
    first = next((problem for problem in problems if problem is not None), None)
    if first is None:
        return None
    trap = None if any(forms) else _trap_message(exp, [result["valeur"] for result in results], hidden)
    return compose(exp, trap or first, form=False)


def _sound_result(result: object) -> bool:
    if type(result) is not dict or len(result) != 1:
        return False
    if "probleme" in result:
        text = result["probleme"]
        return type(text) is str and bool(text) and len(text) <= MAX_PROBLEM and sound(text)
    return "valeur" in result and sound(result["valeur"])


def _wrong_value(exp: Expectation, case: Mapping[str, Any], plain: Plain) -> str | None:
    problem = value_problem(exp.result(), plain, case)
    return None if problem is None else f"pour l’appel {call_text(exp.nom, case['args'])}, {problem}"


def _trap_message(exp: Expectation, received: list[Plain], hidden: Mapping[str, Any]) -> str | None:
    result = exp.result()
    for trap in hidden.get("pieges", ()):
        values = trap["valeurs"]
        if all(form_problem(result, v) is None for v in values) and all(
            map(lambda a, b: same(result, a, b), received, values)
        ):
            return str(trap["message"])
    return None
