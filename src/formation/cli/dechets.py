"""`formation dechets` : comparer les méthodes, essayer le jouet sur la fréquentation de sa ville."""

from __future__ import annotations

from pathlib import Path

import typer

from formation.cli._progress import progress

app = typer.Typer(help="Cas des cantines : combien de repas préparer.", no_args_is_help=True)


@app.command()
def essayer(
    frequentation: Path = typer.Option(
        ...,
        "--frequentation",
        metavar="FICHIER",
        help="Une ligne par restaurant et par jour : site, date, servis, prévus.",
    ),
    menus: list[Path] = typer.Option([], "--menus", metavar="FICHIER", help="Menus : date et plat. Répétez l’option."),
    greves: Path | None = typer.Option(None, "--greves", metavar="FICHIER", help="Jours de grève : date."),
    effectifs: Path | None = typer.Option(
        None, "--effectifs", metavar="FICHIER", help="Effectifs : école, année scolaire, effectif."
    ),
    sites: Path | None = typer.Option(
        None, "--sites", metavar="FICHIER", help="Correspondances : nom lu, nom retenu (vide pour écarter)."
    ),
    doublons: str | None = typer.Option(
        None, "--doublons", metavar="CHOIX", help="premier, dernier, additionner, maximum ou identiques."
    ),
    prevision_faite_a: int | None = typer.Option(
        None, "--prevision-faite-a", metavar="JOURS", min=0, help="Jours avant le service où vos agents prévoient."
    ),
    json_: bool = typer.Option(False, "--json", help="Écrit le résultat en JSON."),
    rapport: Path | None = typer.Option(
        None, "--rapport", metavar="FICHIER", help="Écrit aussi un rapport .html ou .csv."
    ),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Compare agents, tableur et modèle sur vos cantines, à 15 et 70 jours. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.dechets import own_data, own_report

    if rapport is not None:
        reports.check_destination(rapport, frequentation, *menus, greves, effectifs, sites, overwrite=ecraser)
    result = own_data.own(
        frequentation,
        menus=menus,
        strikes=greves,
        enrolment=effectifs,
        sites=sites,
        duplicates=doublons,
        forecast_lead_days=prevision_faite_a,
        progress=progress(),
    )
    # Le résultat se lit d’abord : un disque plein ne doit pas faire perdre l’essai.
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))
    if rapport is not None:
        own_report.write(result, rapport)


@app.command()
def comparer(
    horizon: int = typer.Option(15, "--horizon", min=1, max=300, help="Jours entre la commande et le service."),
    json_: bool = typer.Option(False, "--json", help="Écrit le résultat en JSON."),
) -> None:
    """Compare les méthodes sur les données du cours (2024–2025)."""
    from formation.dechets import evaluation, own_report

    table = evaluation.evaluate(horizon)
    typer.echo(
        table.to_json(orient="records", force_ascii=False, indent=2) if json_ else own_report.course_table(table)
    )
