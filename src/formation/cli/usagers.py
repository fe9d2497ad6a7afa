"""`formation usagers` : interroger l’assistant, essayer ses propres énoncés ou ses propres appels."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(help="Cas des usagers : un assistant au standard de la mairie.", no_args_is_help=True)

_JSON = "Écrit le résultat en JSON."
_REPORT = "Écrit aussi un rapport .html ou .csv."


@app.command()
def demander(
    phrase: str = typer.Argument(
        ..., metavar="PHRASE", help="Ce qu’une personne dirait au téléphone, entre guillemets."
    ),
    seuil: float | None = typer.Option(
        None, "--seuil", min=0.0, max=1.0, help="Confiance à partir de laquelle répondre."
    ),
    json_: bool = typer.Option(False, "--json", help=_JSON),
) -> None:
    """Pose une phrase à l’assistant : intention, confiance, décision, et la fiche citée."""
    from formation.usagers import assistant, own_report

    reply = assistant.ask(phrase, threshold=seuil)
    typer.echo(own_report.to_json(reply) if json_ else str(reply))


@app.command()
def essayer(
    enonces: Path = typer.Option(
        ..., "--enonces", metavar="FICHIER", help="Vos phrases et leurs intentions : CSV, TSV, XLSX ou ODS."
    ),
    test: Path | None = typer.Option(
        None, "--test", metavar="FICHIER", help="Phrases pour juger, dans un fichier à part."
    ),
    texte: str | None = typer.Option(None, "--texte", metavar="COLONNE", help="Colonne des phrases."),
    intention: str | None = typer.Option(None, "--intention", metavar="COLONNE", help="Colonne des intentions."),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Essaie les références et le modèle jouet sur vos énoncés. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.usagers import own_data, own_report

    if rapport is not None:
        reports.check_destination(rapport, enonces, test, overwrite=ecraser)
    result = own_data.own(enonces, test, text=texte, label=intention)
    if rapport is not None:
        own_report.write(result, rapport)
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))


@app.command()
def appels(
    fichier: Path = typer.Option(..., "--fichier", metavar="FICHIER", help="Vos appels : CSV, TSV, XLSX ou ODS."),
    agents: int = typer.Option(2, "--agents", min=1, help="Agents présents, pour leur occupation."),
    ecarter: bool = typer.Option(False, "--ecarter", help="Écarte les lignes fautives au lieu de s’arrêter."),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Compte les tentatives et les personnes de votre fichier d’appels. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.usagers import own_calls, own_report

    if rapport is not None:
        reports.check_destination(rapport, fichier, overwrite=ecraser)
    result = own_calls.own(fichier, agents=agents, drop=ecarter)
    if rapport is not None:
        own_report.write(result, rapport)
    typer.echo(own_report.to_json(result) if json_ else own_report.calls_text(result))


@app.command()
def comparer(
    json_: bool = typer.Option(False, "--json", help=_JSON),
) -> None:
    """Compare les méthodes sur les phrases du cours, jamais vues puis mélangées."""
    from formation.usagers import evaluation, own_report

    table = evaluation.evaluate()
    typer.echo(
        table.to_json(orient="records", force_ascii=False, indent=2) if json_ else own_report.evaluation_text(table)
    )
