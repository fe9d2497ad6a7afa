"""`formation donnees` : lister, vérifier, valider, exporter ou refaire les données."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer

from formation.errors import DonneesInvalides, DonneesModifiees, FormationError

app = typer.Typer(
    help="Lister, vérifier, valider, exporter ou refaire les données.", no_args_is_help=True, add_completion=False
)
_JSON = typer.Option(False, "--json", help="Écrit le résultat en JSON, pour une machine.")


@app.command()
def lister(
    cas: str | None = typer.Argument(None, metavar="CAS", help="Cas ; aucun : tous."), en_json: bool = _JSON
) -> None:
    """Liste les tables livrées."""
    from formation import datasets

    items = [
        datasets.resource(case, name) for case in ([cas] if cas else datasets.cases()) for name in datasets.names(case)
    ]
    if en_json:
        keys = ("case", "name", "path", "title", "rows", "bytes", "hash")
        _dump([{key: getattr(item, key) for key in keys} for item in items])
        return
    for item in items:
        typer.echo(f"{f'{item.case} {item.name}':<34} {_count(item.rows):>8} lignes  {item.title}")


@app.command()
def verifier(
    cas: str | None = typer.Argument(None, metavar="CAS", help="Cas ; aucun : tous."), en_json: bool = _JSON
) -> None:
    """Vérifie que les fichiers livrés n’ont pas changé."""
    from formation import datasets

    defects = datasets.verify(cas)
    if en_json:
        _dump([defect.to_dict() for defect in defects])
        raise typer.Exit(2 if defects else 0)
    if defects:
        raise DonneesModifiees("\n".join(f"- {defect.message}" for defect in defects))
    checked = sum(len(datasets.names(case)) for case in ([cas] if cas else datasets.cases()))
    typer.echo(f"{checked} fichiers vérifiés : tous conformes à leur empreinte.")


@app.command()
def valider(
    cas: str = typer.Argument(..., metavar="CAS", help="Cas, par exemple eau."),
    table: str = typer.Argument(
        ..., metavar="TABLE", help="Table dont le fichier suit le schéma, par exemple troncons."
    ),
    fichier: Path = typer.Argument(..., metavar="FICHIER", help="Votre fichier : CSV, CSV.GZ, XLSX ou ODS."),
    avec: list[str] = typer.Option(
        [], "--avec", metavar="TABLE=FICHIER", help="Autre table à vous, pour contrôler les codes qui y renvoient."
    ),
    en_json: bool = _JSON,
) -> None:
    """Vérifie votre propre fichier, sans rien y écrire."""
    from formation import datasets

    references = dict(_reference(cas, item) for item in avec)
    report = datasets.check(cas, table, fichier, references=references)
    if en_json:
        _dump(
            {
                "valide": report.accepted,
                "lignes": report.rows,
                "problemes": [problem.to_dict() for problem in report.problems],
                "remarques": report.remarques,
            }
        )
        raise typer.Exit(0 if report.accepted else 2)
    if not report.accepted:
        raise DonneesInvalides(fichier.name, report.problems, report.remarques)
    typer.echo(f"{fichier.name} suit le schéma {cas}/{table} : {_count(report.rows)} lignes.")
    for remark in report.remarques:
        typer.echo(f"- {remark}")


@app.command()
def exporter(
    cas: str = typer.Argument(..., metavar="CAS", help="Cas, par exemple territoire."),
    table: str = typer.Argument(..., metavar="TABLE", help="Table, par exemple rues."),
    destination: Path = typer.Argument(..., metavar="DESTINATION", help="Fichier à écrire, ou dossier."),
    format_: str | None = typer.Option(
        None, "--format", metavar="FORMAT", help="csv, xlsx, ods ou csv-anglais ; sinon l’extension décide."
    ),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer un fichier."),
) -> None:
    """Exporte une table vers un tableur, zéros de tête compris."""
    from formation import datasets

    written = datasets.export(cas, table, destination, format_, overwrite=ecraser)
    typer.echo(f"{written} : écrit.")
    if written.suffix == ".csv":
        typer.echo("Un tableur retire les zéros de tête d’un CSV (00001 devient 1) : pour lui, préférez xlsx ou ods.")


@app.command()
def generer(
    cas: list[str] = typer.Argument(None, metavar="CAS", help="Cas à refaire ; aucun : tous."),
    graine: int = typer.Option(447, "--graine", min=0, metavar="ENTIER", help="Graine du hasard."),
    dossier: Path | None = typer.Option(
        None, "--dossier", metavar="DOSSIER", help="Dossier d’arrivée ; par défaut celui des données livrées."
    ),
    en_json: bool = _JSON,
) -> None:
    """Refait les données synthétiques ; l’ancien état reste entier si l’on interrompt."""
    from formation.datasets import generation

    if graine != generation.SEED and dossier is None:
        raise FormationError(
            f"Les données livrées ont la graine {generation.SEED}. Pour une autre graine, donnez un dossier à part, "
            f"par exemple : formation donnees generer --graine {graine} --dossier essai"
        )
    written = generation.generate(cas or [], seed=graine, destination=dossier, progress=_progress())
    if en_json:
        _dump([vars(item) for item in written])
        return
    for item in written:
        state = "changé" if item.changed else "identique"
        typer.echo(f"{f'{item.case}/{item.path}':<38} {_count(item.rows):>8} lignes  {state}")


def _progress() -> Any:
    """Avancement sur la sortie d’erreur, avec le temps écoulé."""
    import time

    start = time.monotonic()

    def say(step: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - start:4.0f} s] {step}…\n")
        sys.stderr.flush()

    return say


def _reference(cas: str, item: str) -> tuple[str, Any]:
    from formation import datasets

    name, equal, file = item.partition("=")
    if not equal or not file:
        raise FormationError(f"« {item} » : écrivez --avec TABLE=FICHIER, par exemple --avec rues=mes_rues.csv")
    case = cas if name in datasets.names(cas) else "territoire"
    return name, datasets.validate(case, name, file)


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}".replace(",", "\u202f")


def _dump(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
