"""Relever ce que chaque contrôle attend, dans l’interpréteur où la solution de l’auteur vient de s’exécuter.

`record` est appelé par une cellule que `notebook.compute_expected` ajoute à la solution ; il écrit son résultat en JSON
sur la sortie ordinaire.
"""

import json
from typing import Any

from formation.checks import judge
from formation.checks.function import CallError, run_case
from formation.checks.plain import to_plain
from formation.checks.spec import from_mapping

MAX_HIDDEN = 200_000
Job = dict[str, Any]


def record(namespace: Job, cell: str) -> None:
    """Relève ce qu’un contrôle attend et l’écrit, en JSON, sur la dernière ligne de la sortie.

    Parameters
    ----------
    namespace : dict
        Variables de la solution.
    cell : str
        JSON : `control`, `public`, `variable`.
    """
    asked = json.loads(cell)
    found: Job = {"problemes": []}
    name = f"contrôle « {asked['control']['nom']} » : "
    if asked["variable"] not in namespace:
        found["problemes"].append(f"{name}la solution ne définit pas « {asked['variable']} ».")
    else:
        try:
            _record(namespace, asked, found, name)
        except Exception as error:
            found["problemes"].append(f"{name}{type(error).__name__}, {error}")
    print("\n" + json.dumps(found))  # noqa: T201


def _record(namespace: Job, cell: Job, found: Job, prefix: str) -> None:
    control, public = cell["control"], cell["public"]
    value = namespace[cell["variable"]]
    if control["type"] == "fonction":
        hidden, found["public"] = _function_hidden(namespace, control, public, value)
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
        found["problemes"] += [prefix + text for text in _verify(control, hidden)]
    size = len(json.dumps(hidden))
    if size > MAX_HIDDEN:
        found["problemes"].append(f"{prefix}{size} caractères de valeurs attendues, c’est trop.")
    else:
        found["controle"] = hidden


def _verify(control: Job, hidden: Job) -> list[str]:
    name = control["nom"]
    refusal = judge(hidden, hidden["valeur"], name)
    if refusal is not None:
        return [f"la solution ne passe pas son propre contrôle. {refusal}"]
    without = {**hidden, "pieges": []}
    return [
        f"le piège « {declared['valeur']} » a la même valeur que la bonne réponse, à la tolérance près."
        for trap, declared in zip(hidden["pieges"], control["pieges"], strict=True)
        if judge(without, trap["valeur"], name) is None
    ]


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
