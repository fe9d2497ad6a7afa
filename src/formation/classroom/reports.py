"""Afficher en français ce que la ligne de commande obtient."""

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from formation.checks.failure import french
from formation.classroom.errors import ExerciceInvalide
from formation.classroom.proof import Proof, prove
from formation.classroom.runner import Runner


def say(text: str = "") -> None:
    """Écrit une ligne sur la sortie standard, typographie française.

    Parameters
    ----------
    text : str
        Ligne à écrire.
    """
    Console(highlight=False, soft_wrap=True, markup=False).print(french(text))


def print_proofs(paths: list[Path], *, detail: bool = False, as_json: bool = False) -> bool:
    """Prouve des exercices et affiche le résultat.

    Parameters
    ----------
    paths : list of Path
        Sources des exercices.
    detail : bool
        Vrai pour montrer chaque message.
    as_json : bool
        Vrai pour écrire du JSON.

    Returns
    -------
    bool
        Vrai si tout est prouvé.
    """
    results: list[dict[str, object]] = []
    proved = True
    with Runner() as runner:
        for path in paths:
            try:
                proof = prove(path, runner)
            except ExerciceInvalide as error:
                proved = False
                results.append({"exercice": path.stem, "prouve": False, "erreurs": error.problems})
                if not as_json:
                    say(f"✗ {error}")
                continue
            proved = proved and proof.proved
            results.append(_proof_data(proof))
            if not as_json:
                _print_proof(proof, detail=detail)
    if as_json:
        say(json.dumps(results, ensure_ascii=False, indent=1))
    elif proved:
        say(f"{len(paths)} exercice(s) prouvé(s).")
    return proved


def _proof_data(proof: Proof) -> dict[str, object]:
    return {
        "exercice": proof.exercise.name,
        "prouve": proof.proved,
        "points": proof.exercise.points,
        "controles": list(proof.exercise.controls),
        "reponses": [asdict(answer) for answer in proof.answers],
    }


def _print_proof(proof: Proof, *, detail: bool) -> None:
    exercise = proof.exercise
    mark = "✓" if proof.proved else "✗"
    say(f"{mark} {exercise.name} : {len(exercise.controls)} contrôles, {exercise.points:g} points")
    for answer in proof.answers:
        sign = "✗" if answer.problems else "✓"
        grade = f"{answer.graded.points:g}/{answer.graded.maximum:g}"
        say(f"  {sign} {answer.name} : {grade} (annoncé {answer.expected:g}), {answer.graded.seconds:.2f} s")
        for problem in answer.problems:
            say(f"      {problem}")
        if detail:
            for name, outcome in answer.graded.outcomes.items():
                if not outcome.passed:
                    say(f"      [{name}] " + outcome.message.replace("\n", "\n        "))
