"""`formation risques` : comparer les méthodes, essayer le jouet sur ses propres mesures, contrôler un radar."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(help="Cas des crues éclair : combien de minutes d’avance.", no_args_is_help=True)

_JSON = "Écrit le résultat en JSON."
_REPORT = "Écrit aussi un rapport .html ou .csv."


@app.command()
def essayer(
    mesures: Path = typer.Option(
        ...,
        "--mesures",
        metavar="FICHIER",
        help="Vos pluies et débits : date_heure, pluie_mm_h, debit_m3_s, id_bassin.",
    ),
    seuil: list[str] = typer.Option(
        [], "--seuil", metavar="M3S", help="Débit d’alerte : 12,5 pour tous, ou B1=12,5 (à répéter)."
    ),
    fuseau: str | None = typer.Option(
        None, "--fuseau", metavar="FUSEAU", help="Heures du fichier : UTC, Europe/Paris, Indian/Reunion, +01:00…"
    ),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Essaie deux références, une droite et le modèle jouet sur vos mesures. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.risques import own_data, own_report

    if rapport is not None:
        reports.check_destination(rapport, mesures, overwrite=ecraser)
    result = own_data.own(mesures, thresholds=seuil, zone=fuseau)
    if rapport is not None:
        own_report.write(result, rapport)
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))


@app.command()
def radar(
    images: Path = typer.Option(
        ..., "--images", metavar="FICHIER", help="Vos images : NPZ, tableau pluie_mm_h (images × lignes × colonnes)."
    ),
    forme: str = typer.Option("24x24", "--forme", metavar="LxC", help="Lignes et colonnes d’une image."),
    pas: int = typer.Option(5, "--pas", min=1, max=60, help="Minutes entre deux images."),
    lacunes: bool = typer.Option(False, "--lacunes", help="Accepte les trous et les compte, au lieu de s’arrêter."),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Contrôle une suite d’images radar : forme, trous, valeurs impossibles. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.risques import own_radar, own_report

    if rapport is not None:
        reports.check_destination(rapport, images, overwrite=ecraser)
    result = own_radar.own(images, size=own_radar.grid_size(forme), step_min=pas, gaps=lacunes)
    if rapport is not None:
        own_report.write(result, rapport)
    typer.echo(own_report.to_json(result) if json_ else own_report.radar_text(result))


@app.command()
def comparer(
    json_: bool = typer.Option(False, "--json", help=_JSON),
) -> None:
    """Compare les méthodes sur les épisodes de test du cours, à 30, 60 et 120 minutes."""
    from formation.risques import evaluation, own_report

    table = evaluation.evaluate()
    typer.echo(
        table.to_json(orient="records", force_ascii=False, indent=2) if json_ else own_report.evaluation_text(table)
    )
