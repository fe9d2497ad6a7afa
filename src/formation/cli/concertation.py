"""`formation concertation` : lire des contributions d’habitants, comparer les façons de les résumer."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(help="Outil « Concertation » : lire des contributions d’habitants.", no_args_is_help=True)

_JSON = "Écrit le résultat en JSON."


@app.command()
def analyser(
    fichier: Path = typer.Argument(..., metavar="FICHIER", help="Vos contributions : CSV, TSV, XLSX ou ODS."),
    texte: str | None = typer.Option(None, "--texte", metavar="COLONNE", help="Colonne des textes."),
    canal: str | None = typer.Option(None, "--canal", metavar="COLONNE", help="Colonne du canal (réunion, papier…)."),
    groupes: int | None = typer.Option(None, "--groupes", help="Nombre de groupes ; par défaut, choisi par l’outil."),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(
        None, "--rapport", metavar="FICHIER", help="Écrit aussi un rapport .html à imprimer, ou .csv."
    ),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Range vos contributions en groupes et dit lesquelles lire. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.citoyens import own_data, own_report
    from formation.cli._progress import progress

    if rapport is not None:
        reports.check_destination(rapport, fichier, overwrite=ecraser)
    result = own_data.analyse(fichier, text=texte, channel=canal, groups=groupes, progress=progress())
    if rapport is not None:
        own_report.write(result, rapport)
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))


@app.command()
def comparer(json_: bool = typer.Option(False, "--json", help=_JSON)) -> None:
    """Compare, sur les contributions du cours, les façons d’écrire la note de synthèse."""
    from formation import reports
    from formation.citoyens import coverage
    from formation.numbers import number

    table = coverage.compare(coverage.Corpus.released())
    if json_:
        typer.echo(table.to_json(orient="records", force_ascii=False, indent=2))
        return
    header = ("façon de faire", "textes lus", "heures à deux", "thèmes courants (9)", "voix minoritaires (4)")
    rows = [
        (row["methode"], *(number(row[name], places) for name, places in _PLACES.items()))
        for row in table.to_dict(orient="records")
    ]
    typer.echo(reports.text_table(header, rows))


_PLACES = {"lus": 0, "heures": 1, "courants": 1, "minoritaires": 1}
