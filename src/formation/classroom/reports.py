"""Afficher en français ce que la ligne de commande obtient."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from formation.checks.failure import french
from formation.checks.wording import count
from formation.classroom.errors import AtelierImpossible, ExerciceInvalide
from formation.classroom.results import Results
from formation.numbers import shortest

SHOWN = 30
_REFRESH_S = 0.1


def say(text: str = "") -> None:
    """Écrit une ligne sur la sortie standard, typographie française.

    Parameters
    ----------
    text : str
        Ligne à écrire.
    """
    Console(highlight=False, soft_wrap=True, markup=False).print(french(text))


def say_json(data: object) -> None:
    """Écrit des données en JSON sur la sortie standard.

    Parameters
    ----------
    data : object
        Données JSON.
    """
    Console(highlight=False, soft_wrap=True, markup=False).print(json.dumps(data, ensure_ascii=False, indent=1))


@contextmanager
def progress(title: str, *, quiet: bool = False, as_json: bool = False) -> Iterator[Callable[..., None]]:
    """Barre de progression avec le temps restant, sur la sortie d’erreur.

    Parameters
    ----------
    title : str
        Ce qui est en cours.
    quiet : bool
        Vrai pour ne rien afficher.
    as_json : bool
        Vrai pour écrire, au lieu d’une barre, un objet JSON par étape et par ligne : `fait`, `total`, `etape`,
        `reste_s`. Un autre programme suit ainsi l’avancement.

    Yields
    ------
    callable
        À appeler avec le nombre d’étapes faites, leur total, l’étape en cours et, s’il est connu, le temps restant.
    """
    if as_json:
        yield _tell_machine
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    # pas de rafraîchissement automatique : son fil d’exécution gênerait la naissance des ouvriers
    with Progress(*columns, console=Console(stderr=True), disable=quiet, auto_refresh=False) as bar:
        # rien à montrer tant que rien n’a commencé : un refus s’affiche seul
        task = bar.add_task("", total=None, visible=False)
        last = 0.0

        def tell(done: int, total: int, label: str, left_s: float = 0.0) -> None:
            nonlocal last
            left = french(f" (reste {left_s:.0f} s)") if left_s >= 1 else ""
            now = time.monotonic()
            due = now - last >= _REFRESH_S or done == total
            last = now if due else last
            bar.update(task, completed=done, total=total, description=label + left, visible=True, refresh=due)

        yield tell


def _tell_machine(done: int, total: int, label: str, left_s: float = 0.0) -> None:
    step = {"fait": done, "total": total, "etape": label, "reste_s": round(left_s, 1)}
    sys.stderr.write(f"{json.dumps(step, ensure_ascii=False)}\n")
    sys.stderr.flush()


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
    from formation.classroom.proof import prove
    from formation.classroom.runner import Runner

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
        say_json(results)
    elif proved:
        say(f"Exercices prouvés : {len(paths)}.")
    return proved


def _proof_data(proof: Any) -> dict[str, object]:
    return {
        "exercice": proof.exercise.name,
        "prouve": proof.proved,
        "points": proof.exercise.points,
        "controles": list(proof.exercise.controls),
        "reponses": [asdict(answer) for answer in proof.answers],
    }


def _print_proof(proof: Any, *, detail: bool) -> None:
    exercise = proof.exercise
    mark = "✓" if proof.proved else "✗"
    say(f"{mark} {exercise.name} : {len(exercise.controls)} contrôles, {exercise.points:g} points")
    for answer in proof.answers:
        sign = "✗" if answer.problems else "✓"
        grade = f"{answer.graded.points:g}/{answer.graded.maximum:g}"
        say(f"  {sign} {answer.name} : {grade} (annoncé {answer.expected:g}), {answer.graded.seconds:.2f} s")
        for problem in answer.problems:
            say(f"      {problem}")
        if detail:
            for name, outcome in answer.graded.outcomes.items():
                if not outcome.passed:
                    say(f"      [{name}] " + outcome.message.replace("\n", "\n        "))


def print_results(results: Results) -> None:
    """Affiche les points par stagiaire et la réussite de chaque contrôle.

    Parameters
    ----------
    results : Results
        Résultats d’une session.
    """
    if not results.copies:
        say("Aucune copie corrigée pour l’instant. Lancez : formation atelier corriger DOSSIER")
        return
    names = [name for name in results.exercises if any(copy.exercise == name for copy in results.copies)]
    table = Table(title="Points par stagiaire")
    table.add_column("Stagiaire")
    for title in _short(names):
        table.add_column(title, justify="right")
    for learner in results.learners:
        table.add_row(learner, *(_cell(results, learner, name) for name in names))
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print(_success_table(results, names))


def _short(names: list[str]) -> list[str]:
    """« eau-01 » plutôt que le nom entier, si cela suffit à distinguer les exercices."""
    short = ["-".join(name.split("-")[:2]) for name in names]
    return short if len(set(short)) == len(names) else names


def _cell(results: Results, learner: str, name: str) -> str:
    copy = results.of(learner, name)
    return "–" if copy is None else f"{shortest(copy.points)} / {shortest(copy.maximum)}"


def _success_table(results: Results, names: list[str]) -> Table:
    table = Table(title="Réussite par contrôle")
    for title in ("Exercice", "Contrôle"):
        table.add_column(title)
    table.add_column("Réussites", justify="right")
    rates = results.success()
    for name in names:
        for control, (passed, total) in rates[name].items():
            table.add_row(name, control, french(f"{passed} / {total} ({100 * passed / total:.0f} %)"))
    return table


def print_collected(collected: Any) -> None:
    """Dit quelles copies sont prises, lesquelles sont refusées et pourquoi.

    Parameters
    ----------
    collected : Collected
        Bilan d’une collecte.
    """
    say(f"Copies prises : {len(collected.taken)}.")
    for item in collected.taken:
        note = " (remplace la précédente)" if item.replaced else ""
        say(f"  ✓ {item.learner} · {item.exercise}{note}")
        for remark in item.remarks:
            say(f"      {remark}.")
    if collected.refused:
        say(f"Fichiers refusés : {len(collected.refused)}.")
        for path, reason in collected.refused:
            say(f"  ✗ {path} : {reason}")
    if collected.ignored:
        say(f"Fichiers sans carnet, laissés de côté : {collected.ignored}.")


def print_graded(report: Any) -> None:
    """Dit combien de copies sont corrigées, lesquelles une personne doit relire, et ce qui n’a pas pu l’être.

    Parameters
    ----------
    report : GradingReport
        Bilan d’une correction.
    """
    states = [copy.state for copy in report.copies]
    say(f"Copies corrigées : {states.count('corrigée')}, en {report.seconds:.0f} s.")
    if "déjà corrigée" in states:
        say(f"Déjà corrigées et inchangées : {states.count('déjà corrigée')} (--tout pour les reprendre).")
    if report.mode == "degrade":
        say("Bac à sable dégradé, à votre demande ; c’est noté dans le rapport.")
    _print_set_aside(report)
    if report.anomalies:
        say(f"À vérifier : {len(report.anomalies)}.")
    for line in report.anomalies[:SHOWN]:
        say(f"  - {line}")
    if report.interrupted:
        left = count(report.waiting, "copie")
        say(f"Interrompu : ce qui est corrigé est inscrit, il reste {left}. Relancez la même commande.")
    if report.pages:
        say(f"Rapport : {report.pages['html']}")


def _print_set_aside(report: Any) -> None:
    for title, state in (("À relire par une personne", "à relire"), ("Refusées", "refusée"), ("En échec", "échec")):
        chosen = [copy for copy in report.copies if copy.state == state]
        if chosen:
            say(f"{title} : {len(chosen)}.")
        for copy in chosen[:SHOWN]:
            say(f"  ✗ {copy.learner} · {copy.exercise} : {copy.reason}")
        if len(chosen) > SHOWN:
            say(f"  … et {len(chosen) - SHOWN} autres, dans le rapport.")
    for name, problems in report.blocked.items():
        say(f"Devoir « {name} » : essai préalable manqué, aucune de ses copies n’est corrigée.")
        for problem in problems:
            say(f"  ✗ {problem}")


def print_try(trial: Any) -> None:
    """Affiche chaque contrôle d’une copie essayée, son message et les points.

    Parameters
    ----------
    trial : Try
        Copie essayée.
    """
    graded = trial.graded
    say(f"{trial.exercise.header.titre} ({trial.exercise.name})")
    for remark in graded.remarks:
        say(f"  Remarque : {remark}.")
    for name, outcome in graded.outcomes.items():
        worth = shortest(trial.exercise.controls[name].points)
        say(f"  {'✓' if outcome.passed else '✗'} {name} ({worth} pt) : {'juste' if outcome.passed else 'à revoir'}")
        if not outcome.passed:
            for line in outcome.message.splitlines():
                say(f"      {line}")
    say(f"Total : {shortest(graded.points)} sur {shortest(graded.maximum)}.")


def print_demo(folder: Path | None, wanted: str, copies: int, sources: Path | None) -> bool:
    """Joue la démonstration et affiche ses résultats.

    Parameters
    ----------
    folder : Path, optional
        Dossier neuf à garder ; sinon, un dossier provisoire effacé à la fin.
    wanted : str
        Nombre d’exercices, ou « tous ».
    copies : int
        Nombre de copies.
    sources : Path, optional
        Dossier des exercices.

    Returns
    -------
    bool
        Vrai si chaque note est celle annoncée.
    """
    import tempfile

    from formation.classroom.demo import choose, clear_previous_demo, play
    from formation.classroom.sources import exercise_paths

    available = exercise_paths(sources)
    if wanted != "tous" and (not wanted.isdigit() or int(wanted) < 1):
        raise AtelierImpossible(french(f"« {wanted} » : donnez un nombre d’exercices, par exemple 3, ou « tous »."))
    paths = choose(available, len(available) if wanted == "tous" else int(wanted))
    with tempfile.TemporaryDirectory(prefix="formation-") as provisional:
        if folder is not None:
            clear_previous_demo(folder)
        demo = play(folder or Path(provisional) / "session", paths, copies, say)
        print_results(demo.results)
    if demo.gaps:
        say(f"✗ {len(demo.gaps)} écarts entre les notes obtenues et les notes attendues :")
        for gap in demo.gaps:
            say(f"  - {gap}")
    else:
        say(f"✓ {len(demo.drawn)} copies, toutes les notes sont celles attendues, en {demo.seconds:.0f} s.")
    return not demo.gaps
