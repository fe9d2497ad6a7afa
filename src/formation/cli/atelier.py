"""`formation atelier` : préparer, distribuer, corriger une session."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Préparer et corriger une session de formation.", no_args_is_help=True, rich_markup_mode=None)

Sources = Annotated[Path | None, typer.Option("--sources", help="Dossier des exercices (par défaut, ceux du cours).")]


@app.callback()
def _group() -> None:
    """Préparer et corriger une session de formation."""


@app.command()
def prouver(
    exercices: Annotated[
        list[str] | None, typer.Argument(help="Noms, débuts de nom, cas ou fichiers. Par défaut : tous.")
    ] = None,
    sources: Sources = None,
    detail: Annotated[bool, typer.Option("--detail", help="Montrer chaque message.")] = False,
    en_json: Annotated[bool, typer.Option("--json", help="Résultat pour une machine.")] = False,
) -> None:
    """Vérifier que chaque réponse des banques obtient ce qu’elle doit obtenir."""
    from formation.classroom.reports import print_proofs
    from formation.classroom.sources import exercise_paths

    if not print_proofs(exercise_paths(sources, tuple(exercices or ())), detail=detail, as_json=en_json):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
