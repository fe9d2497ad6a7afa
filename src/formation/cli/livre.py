"""`formation livre` : construire le livre et le lire sur cette machine."""

from __future__ import annotations

from pathlib import Path

import typer

from formation.errors import DonneesModifiees

app = typer.Typer(help="Construire le livre et le lire sur cette machine.", no_args_is_help=True, add_completion=False)


def project_root() -> Path:
    """Racine du projet : le dossier courant s’il contient le livre, sinon celui du paquet installé en place."""
    here = Path.cwd()
    candidates = [here, *here.parents, Path(__file__).resolve().parents[3]]
    return next((path for path in candidates if (path / "_toc.yml").is_file()), here)


@app.command()
def construire(
    sans_executer: bool = typer.Option(False, "--sans-executer", help="N’exécute pas les carnets (plus rapide)."),
) -> None:
    """Vérifie les données, exécute les carnets, construit le livre et le publie d’un coup."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from formation import datasets
    from formation.book import construction

    defects = datasets.verify()
    if defects:
        details = "\n".join(f"- {defect.message}" for defect in defects)
        raise DonneesModifiees(
            f"Le livre n’est pas construit : des données livrées ont changé.\n{details}\n"
            "Remettez les fichiers d’origine, ou refaites les données : formation donnees generer"
        )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Démarrage", total=None)

        def report(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total, description=text)

        built = construction.build(project_root(), execute=not sans_executer, report=report)
    typer.echo(f"Livre construit : {built.pages} pages, diapositives comprises, en {built.seconds:.0f}\u00a0s.")
    typer.echo(f"À ouvrir sans serveur : {_short(built.site / 'index.html')}")


@app.command()
def servir(port: int = typer.Option(8447, "--port", help="Premier port essayé.", min=0, max=65535)) -> None:
    """Sert le livre construit sur cette machine, jusqu’à Ctrl-C."""
    from formation.book.construction import BUILD, SITE
    from formation.book.server import serve

    serve(project_root() / BUILD / SITE, port, typer.echo)


def _short(path: Path) -> str:
    """Chemin depuis le dossier courant si possible."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
