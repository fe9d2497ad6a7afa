"""`formation parcours` : lire, vérifier ou écrire un parcours de formation."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(
    help="Lire, vérifier ou écrire un parcours de formation.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_JSON = "Écrit le résultat en JSON."
_WHICH = "Nom d’un parcours du livre, ou fichier .yml."


@app.command()
def lister(json_: bool = typer.Option(False, "--json", help=_JSON)) -> None:
    """Liste les parcours du livre : durée, groupe, objectifs, exercices notés."""
    from formation import pathways
    from formation.numbers import duration, plural
    from formation.pathways import view

    found = sorted((pathways.read(name) for name in pathways.names()), key=lambda one: one.duree_min)
    if json_:
        _dump([view.summary(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.parcours:22} {duration(one.duree_min):>9}  {one.titre}")
        exercises = plural(len(one.exercises()), "exercice noté", "exercices notés")
        aims = plural(len(one.objectifs), "objectif")
        typer.echo(f"{'':33}de {one.groupe.minimum} à {one.groupe.maximum} personnes, {aims}, {exercises}")


@app.command()
def montrer(
    parcours: str = typer.Argument(..., metavar="PARCOURS", help=_WHICH),
    json_: bool = typer.Option(False, "--json", help=_JSON),
) -> None:
    """Montre un parcours : public, objectifs, horaires, évaluations."""
    from formation import pathways
    from formation.pathways import view

    found = pathways.read(parcours)
    if json_:
        _dump(found.model_dump(mode="json"))
    else:
        typer.echo(view.text(found), nl=False)


@app.command()
def verifier(
    fichier: str = typer.Argument(..., metavar="FICHIER", help=_WHICH),
    json_: bool = typer.Option(False, "--json", help=_JSON),
) -> None:
    """Vérifie un parcours : durées, prérequis, objectifs, évaluations, tout ce qu’il cite."""
    from formation import pathways
    from formation.numbers import duration, plural
    from formation.pathways import view

    found = pathways.read(fichier)
    if json_:
        _dump(view.summary(found))
        return
    counted = [
        duration(found.duree_min),
        plural(len(found.objectifs), "objectif"),
        plural(len(found.sequences()), "séquence"),
        f"{plural(len(found.positionnement.questions), 'question')} à l’entrée",
        f"{len(found.evaluation_finale.questions)} à la sortie",
    ]
    typer.echo(f"{found.parcours}\u00a0: aucun défaut. {', '.join(counted)}.")


@app.command()
def modele(
    fichier: Path = typer.Argument(..., metavar="FICHIER", help="Fichier .yml à écrire."),
    ecraser: bool = typer.Option(False, "--ecraser", help="Remplace le fichier s’il existe."),
) -> None:
    """Écrit un modèle commenté, qui passe la vérification tel quel."""
    from formation.pathways.template import write_template

    written = write_template(fichier, overwrite=ecraser)
    typer.echo(f"Modèle écrit : {written}. Changez-le, puis : formation parcours verifier {written}")


def _dump(data: object) -> None:
    import json

    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
