"""`formation mobilites` : essayer le modèle sur ses photos, ranger ses parkings devant le seuil, comparer."""

from __future__ import annotations

from pathlib import Path

import typer

from formation.cli._progress import progress

app = typer.Typer(help="Cas du stationnement : mesurer des parkings vus du ciel.", no_args_is_help=True)

_JSON = "Écrit le résultat en JSON."
_REPORT = "Écrit aussi un rapport .html ou .csv."


@app.command()
def essayer(
    images: Path = typer.Option(
        ..., "--images", metavar="FICHIER|DOSSIER", help="Vos photos aériennes : PNG, JPEG ou TIFF, à 20 cm par pixel."
    ),
    masques: Path | None = typer.Option(
        None,
        "--masques",
        metavar="FICHIER|DOSSIER",
        help="Vos masques, de mêmes noms : 0 fond, 1 route, 2 bâti, 3 parking, 4 véhicule.",
    ),
    resolution: float | None = typer.Option(
        None, "--resolution", metavar="M", help="Côté d’un pixel, en mètres, si rien ne le dit à côté des photos."
    ),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Essaie le modèle sur vos photos ; avec des masques, le juge. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.mobilites import own_data, own_report

    if rapport is not None:
        reports.check_destination(rapport, images, masques, overwrite=ecraser)
    result = own_data.own(images, masques, resolution=resolution, progress=progress())
    # Le résultat se lit d’abord : un disque plein ne doit pas faire perdre l’essai.
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))
    if rapport is not None:
        own_report.write(result, rapport)


@app.command()
def seuil(
    parkings: Path = typer.Option(
        ...,
        "--parkings",
        metavar="FICHIER",
        help="Votre liste : surface_m2 ou nb_places, id_parking, erreur_pct.",
    ),
    seuil_: float = typer.Option(1500, "--seuil", metavar="M2", help="Seuil de surface, en m²."),
    erreur: float | None = typer.Option(
        None, "--erreur", metavar="POURCENT", help="Écart type des surfaces sans erreur dite, en pour cent."
    ),
    cout_controle: float | None = typer.Option(
        None, "--cout-controle", metavar="NOMBRE", help="Prix d’une visite de terrain ; 150 par hypothèse."
    ),
    cout_oubli: float | None = typer.Option(
        None, "--cout-oubli", metavar="NOMBRE", help="Prix d’une obligation oubliée ; 3000 par hypothèse."
    ),
    cout_a_tort: float | None = typer.Option(
        None, "--cout-a-tort", metavar="NOMBRE", help="Prix d’une obligation annoncée à tort ; 1500 par hypothèse."
    ),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Range vos parkings devant le seuil et dit lesquels mesurer d’abord. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.mobilites import own_report, own_threshold

    if rapport is not None:
        reports.check_destination(rapport, parkings, overwrite=ecraser)
    asked = {"controle": cout_controle, "oubli": cout_oubli, "a_tort": cout_a_tort}
    costs = {name: value for name, value in asked.items() if value is not None}
    result = own_threshold.own_parks(parkings, threshold=seuil_, error_pct=erreur, costs=costs)
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))
    if rapport is not None:
        own_report.write(result, rapport)


@app.command()
def comparer(
    json_: bool = typer.Option(False, "--json", help=_JSON),
) -> None:
    """Compare les méthodes sur les tuiles de test du cours."""
    from formation.mobilites import evaluation, own_report

    table = evaluation.evaluate()
    typer.echo(
        table.to_json(orient="records", force_ascii=False, indent=2) if json_ else own_report.evaluation_text(table)
    )
