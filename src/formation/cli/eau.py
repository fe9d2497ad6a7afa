"""`formation eau` : comparer les méthodes, essayer le jouet sur son propre réseau."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(help="Cas de l’eau : quels tronçons écouter d’abord.", no_args_is_help=True)


@app.command()
def essayer(
    troncons: Path = typer.Option(
        ..., "--troncons", metavar="FICHIER", help="Vos conduites : id_troncon et longueur_m suffisent."
    ),
    defaillances: Path = typer.Option(
        ..., "--defaillances", metavar="FICHIER", help="Vos casses et fuites : id_troncon et date_signalement."
    ),
    annees_test: int = typer.Option(2, "--annees-test", help="Dernières années complètes gardées pour juger."),
    json_: bool = typer.Option(False, "--json", help="Écrit le résultat en JSON."),
    rapport: Path | None = typer.Option(
        None, "--rapport", metavar="FICHIER", help="Écrit aussi un rapport .html ou .csv."
    ),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Essaie les références et le modèle jouet sur votre réseau. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.eau import own_data, own_report

    if rapport is not None:
        reports.check_destination(rapport, troncons, defaillances, overwrite=ecraser)
    result = own_data.own(troncons, defaillances, test_years=annees_test)
    if rapport is not None:
        own_report.write(result, rapport)
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))


@app.command()
def comparer(
    json_: bool = typer.Option(False, "--json", help="Écrit le résultat en JSON."),
) -> None:
    """Compare les méthodes sur les données du cours (2024–2025)."""
    from formation.eau import evaluation, own_report

    table = evaluation.evaluate()
    typer.echo(table.to_json(orient="records", force_ascii=False, indent=2) if json_ else own_report.table_text(table))
