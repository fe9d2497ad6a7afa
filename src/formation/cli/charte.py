"""`formation charte` : écrire la charte, la versionner, comparer deux versions, y confronter un projet."""

from __future__ import annotations

from pathlib import Path

import typer

from formation.cli._workshop import tool_app

app = tool_app("charte", "Outil « Charte éthique » : écrire la charte, y confronter un projet.")

_JSON = "Écrit le résultat en JSON."
_OVERWRITE = "Remplace le fichier s’il existe."
_OUT = "Écrit aussi ce fichier : .odt, .docx, .html, .txt ou .json."
_CHARTER = "Charte : fichier adopté, ou réponses enregistrées par la page du livre (.yml, .json)."


@app.command()
def texte(
    charte: Path = typer.Argument(..., metavar="CHARTE", help=_CHARTER),
    sortie: Path | None = typer.Option(None, "--sortie", metavar="FICHIER", help=_OUT),
    ecraser: bool = typer.Option(False, "--ecraser", help=_OVERWRITE),
) -> None:
    """Écrit le texte de la charte : articles, versions, liste de vérification annexée."""
    from formation.charter import reading, writing
    from formation.workshop import documents

    found = writing.document(reading.read(charte))
    if sortie is None:
        typer.echo(documents.to_text(found), nl=False)
        return
    typer.echo(f"Charte écrite : {documents.write(found, sortie, ecraser=ecraser)}")


@app.command()
def adopter(
    reponses: Path = typer.Argument(..., metavar="REPONSES", help="Vos choix (.yml, .json)."),
    version: str = typer.Option(..., "--version", help="Numéro de la version votée, par exemple 1.0."),
    date: str = typer.Option(..., "--date", help="Jour du vote, AAAA-MM-JJ."),
    sortie: Path = typer.Option(..., "--sortie", metavar="FICHIER", help="Fichier .yml de la charte adoptée."),
    precedente: Path | None = typer.Option(None, "--precedente", metavar="CHARTE", help="Version en vigueur."),
    resume: str = typer.Option("", "--resume", help="Pourquoi cette version, en une phrase."),
    ecraser: bool = typer.Option(False, "--ecraser", help=_OVERWRITE),
) -> None:
    """Adopte une version : numéro, date, et ce qui change depuis la précédente."""
    from formation.charter import adoption, reading
    from formation.workshop import FicheImpossible

    if any(one is not None and one.resolve() == sortie.resolve() for one in (reponses, precedente)):
        raise FicheImpossible(
            f"« {sortie} » est un fichier lu par cette commande : une version adoptée se garde. Donnez un autre nom."
        )
    before = reading.read(precedente) if precedente else None
    adopted = adoption.adopt(reading.read(reponses), version, reading.day_of(date), previous=before, summary=resume)
    typer.echo(f"{adopted.dated} : {adoption.save(adopted, sortie, ecraser=ecraser)}")
    for line in adopted.history[-1].changes:
        typer.echo(f"- {line}")


@app.command()
def comparer(
    avant: Path = typer.Argument(..., metavar="A", help=_CHARTER),
    apres: Path = typer.Argument(..., metavar="B", help=_CHARTER),
    sortie: Path | None = typer.Option(None, "--sortie", metavar="FICHIER", help=_OUT),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    ecraser: bool = typer.Option(False, "--ecraser", help=_OVERWRITE),
) -> None:
    """Compare deux versions : articles ajoutés, retirés, changés."""
    from formation.charter import comparison, reading

    found = comparison.compare(reading.read(avant), reading.read(apres))
    _show(found, sortie, json_=json_, ecraser=ecraser)


@app.command()
def verifier(
    charte: Path = typer.Option(..., "--charte", metavar="CHARTE", help=_CHARTER),
    projet: Path = typer.Option(..., "--projet", metavar="PROJET", help="Réponses sur le projet (questions p_…)."),
    sortie: Path | None = typer.Option(None, "--sortie", metavar="FICHIER", help=_OUT),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    ecraser: bool = typer.Option(False, "--ecraser", help=_OVERWRITE),
) -> None:
    """Confronte un projet à une charte : engagements tenus, rompus, à éclaircir."""
    from formation.charter import checking, reading

    found = checking.check_project(reading.read(charte), reading.read_project(projet))
    _show(found, sortie, json_=json_, ecraser=ecraser)


def _show(found: object, out: Path | None, *, json_: bool, ecraser: bool) -> None:
    import json
    import sys
    from typing import Any, cast

    from formation.workshop import documents

    result = cast(Any, found)
    if out is not None:
        documents.write(result.document(), out, ecraser=ecraser, data=result.to_dict())
        sys.stderr.write(f"Fichier écrit : {out}\n")
    if json_:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(documents.to_text(result.document()), nl=False)
