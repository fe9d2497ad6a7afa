"""`formation session tableau` : ouvrir JupyterLab sur une session, avec le tableau de bord du formateur."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)


@app.command()
def tableau(
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier d’une session ou d’un cours nbgrader.")],
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", min=1, max=65535, help="Port ; 8888 ou le suivant à défaut.")
    ] = None,
    sans_navigateur: Annotated[
        bool, typer.Option("--sans-navigateur", help="N’ouvre pas le navigateur : l’adresse s’affiche.")
    ] = False,
) -> None:
    """Ouvre JupyterLab sur la session ; la tuile « Tableau de bord du formateur » est dans son lanceur."""
    from formation.classroom.reports import say
    from formation.dashboard.launch import run_lab

    if code := run_lab(dossier, port=port, browser=not sans_navigateur, tell=say):
        raise typer.Exit(code)
