"""`formation donnees` : lister, vérifier, valider, exporter ou refaire les données."""

from __future__ import annotations

import typer

app = typer.Typer(help="Lister, vérifier, valider, exporter ou refaire les données.", no_args_is_help=True)


@app.command()
def generer(
    cas: list[str] | None = typer.Argument(None, metavar="CAS", help="Cas à refaire ; aucun : tous."),
    graine: int = typer.Option(447, "--graine", help="Graine du hasard ; 447 pour les données livrées."),
) -> None:
    """Refait les données synthétiques."""
    from formation.datasets import generation

    for item in generation.generate(cas or [], seed=graine, progress=typer.echo):
        typer.echo(f"{item.case}/{item.path} : {item.rows} lignes")


@app.command()
def lister() -> None:
    """Liste les tables livrées."""
    from formation import datasets

    for case in datasets.cases():
        for name in datasets.names(case):
            typer.echo(f"{case}/{name}")
