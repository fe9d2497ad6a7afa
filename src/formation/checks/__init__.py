"""Retours immédiats au stagiaire, en français.

Un carnet noté n’emploie qu’un verbe : `checks.expect("nom", reponse)`. Dans la copie du stagiaire, il contrôle la
forme de la réponse. La valeur est comparée par `compare`, que la copie ne contient pas.
"""

import json
from collections.abc import Mapping
from typing import Any

from formation.checks.failure import AttenteIntrouvable, ReponseInattendue, french
from formation.checks.form import form_problem
from formation.checks.function import call_cases, function_problem, judge_function
from formation.checks.grammar import sound
from formation.checks.plain import from_plain, to_plain
from formation.checks.spec import Expectation, from_mapping, load_expectation
from formation.checks.value import value_problem
from formation.checks.wording import compose

__all__ = [
    "AttenteIntrouvable",
    "Expectation",
    "ReponseInattendue",
    "call_cases",
    "compare",
    "expect",
    "expect_function",
    "from_plain",
    "judge",
    "judge_function",
    "sound",
    "to_plain",
]


def expect(name: str, value: object) -> None:
    """Contrôle la forme d’une réponse et le dit au stagiaire.

    La forme attendue est lue dans `attentes.json`, à côté du carnet.

    Parameters
    ----------
    name : str
        Nom du contrôle.
    value : object
        Réponse du stagiaire.

    Raises
    ------
    ReponseInattendue
        Si la forme ne convient pas ; le message dit quoi corriger.
    AttenteIntrouvable
        Si `attentes.json` manque ou ne connaît pas ce contrôle.
    """
    exp = load_expectation(name)
    _refuse(exp, form_problem(exp, to_plain(value)), form=True)
    _say(f"✓ {name} : la forme convient. La valeur sera vérifiée à la correction.")


def expect_function(name: str, function: object) -> None:
    """Contrôle la forme d’une fonction : paramètres, type du résultat sur un exemple.

    Parameters
    ----------
    name : str
        Nom du contrôle.
    function : object
        Fonction du stagiaire, sans parenthèses.

    Raises
    ------
    ReponseInattendue
        Si ce n’est pas une fonction, ou si l’exemple ne donne pas un résultat de la bonne forme.
    AttenteIntrouvable
        Si `attentes.json` manque ou ne connaît pas ce contrôle.
    """
    exp = load_expectation(name)
    _refuse(exp, function_problem(exp, function, [list(args) for args in exp.exemples_appels]), form=True)
    _say(f"✓ {name} : la fonction se laisse appeler. Ses résultats seront vérifiés à la correction.")


def compare(name: str, value: object, expected: str) -> None:
    """Compare une réponse avec la valeur attendue. N’existe que du côté du formateur.

    Parameters
    ----------
    name : str
        Nom du contrôle.
    value : object
        Réponse du stagiaire.
    expected : str
        Texte JSON : `attente` (forme), `valeur`, `pieges`, ou `cas` pour une fonction.

    Raises
    ------
    ReponseInattendue
        Si la réponse n’est pas la bonne ; le message explique, sans donner la valeur.

    Examples
    --------
    >>> compare("part", 0.5, '{"attente": {"nom": "part", "type": "nombre"}, "valeur": 0.5}')
    ✓ part...réponse juste.
    """
    hidden = json.loads(expected)
    public = {**hidden["attente"], "nom": name}
    if public["type"] == "fonction":
        results = call_cases(public, value, [case["args"] for case in hidden["cas"]])
        message = judge_function(hidden, results, name)
    else:
        message = judge(hidden, to_plain(value), name)
    if message is not None:
        raise ReponseInattendue(message)
    _say(f"✓ {name} : réponse juste.")


def judge(hidden: Mapping[str, Any], plain: Any, name: str) -> str | None:
    """Juge une réponse déjà traduite en données simples, sans aucun objet du stagiaire.

    Des données qui ne viennent pas de `to_plain` (falsifiées, tronquées) sont un échec, jamais une erreur.

    Parameters
    ----------
    hidden : mapping
        `attente`, `valeur` et `pieges`, comme pour `compare`.
    plain : Plain
        Résultat de `to_plain`.
    name : str
        Nom du contrôle.

    Returns
    -------
    str or None
        Message d’échec, ou None si la réponse est juste.

    Examples
    --------
    >>> judge({"attente": {"type": "entier"}, "valeur": 3}, 3, "n")
    """
    exp = from_mapping({**hidden["attente"], "nom": name})
    if not sound(plain):
        return compose(exp, "votre réponse n’a pas pu être relue.", form=True)
    problem = form_problem(exp, plain)
    if problem is not None:
        return compose(exp, problem, form=True)
    problem = value_problem(exp, plain, hidden)
    return None if problem is None else compose(exp, problem, form=False)


def _refuse(exp: Expectation, problem: str | None, *, form: bool) -> None:
    if problem is not None:
        raise ReponseInattendue(compose(exp, problem, form=form)) from None


def _say(text: str) -> None:
    print(french(text))  # noqa: T201
