"""`formation securite` : juger ses alertes, rejouer les alertes sur ses densités, compter sur ses vignettes."""

from __future__ import annotations

from pathlib import Path

import typer

app = typer.Typer(help="Cas de la sécurité : ce que voit une caméra qui compte la foule.", no_args_is_help=True)

_JSON = "Écrit le résultat en JSON."
_REPORT = "Écrit aussi un rapport .html ou .csv."
_ZONE = "Fuseau des heures sans décalage : Europe/Paris, UTC, +01:00…"


@app.command()
def essayer(
    alertes: Path | None = typer.Option(
        None, "--alertes", metavar="FICHIER", help="Votre journal : horodatage, confirmee (1, 0 ou vide), id_camera."
    ),
    mesures: Path | None = typer.Option(
        None, "--mesures", metavar="FICHIER", help="Vos densités : horodatage, id_camera, densite, evenement."
    ),
    heures: float | None = typer.Option(None, "--heures", help="Heures de veille d’un opérateur pendant ce journal."),
    veilles: Path | None = typer.Option(
        None, "--veilles", metavar="FICHIER", help="Vos veilles (debut, fin, operateurs), au lieu de --heures."
    ),
    rarete: list[float] = typer.Option(
        [], "--rarete", metavar="FOIS", help="Ailleurs, danger tant de fois plus rare. Répétez l’option."
    ),
    manques: int | None = typer.Option(
        None, "--manques", help="Dangers connus par ailleurs et que l’outil n’a pas signalés."
    ),
    seuil: float = typer.Option(
        4.2, "--seuil", min=0.1, max=12, metavar="NOMBRE", help="Seuil à rejouer, en personnes par m²."
    ),
    fuseau: str = typer.Option("Europe/Paris", "--fuseau", metavar="FUSEAU", help=_ZONE),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Juge votre journal d’alertes, ou rejoue les alertes sur vos densités. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.securite import own_alarms, own_data, own_measures, own_report

    if (alertes is None) == (mesures is None):
        raise own_data.EssaiImpossible(
            "Donnez un fichier et un seul : --alertes pour un journal d’alertes, ou --mesures pour des densités. "
            "Exemple : formation securite essayer --alertes journal.csv --heures 96"
        )
    if mesures is not None and (heures is not None or veilles is not None or rarete or manques is not None):
        raise own_data.EssaiImpossible(
            "--heures, --veilles, --rarete et --manques vont avec --alertes : les densités disent elles-mêmes combien "
            "d’heures elles couvrent. Retirez ces options, ou donnez un journal d’alertes."
        )
    if rapport is not None:
        reports.check_destination(rapport, alertes, mesures, veilles, overwrite=ecraser)
    if alertes is not None:
        result = own_data.own(
            alertes,
            heures,
            watches=veilles,
            rarer=(1, *rarete) if rarete else own_alarms.RARER,
            missed=manques,
            zone=fuseau,
        )
    else:
        result = own_measures.own_densities(str(mesures), threshold=seuil, zone=fuseau)
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))
    if rapport is not None:
        own_report.write(result, rapport)


@app.command()
def compter(
    vignettes: Path = typer.Option(
        ..., "--vignettes", metavar="NPZ|DOSSIER", help="Vos vignettes, 256 pixels de large au plus."
    ),
    comptages: Path = typer.Option(
        ...,
        "--comptages",
        metavar="FICHIER",
        help="Vos comptages : fichier ou rang, nb_personnes, surface_m2, condition.",
    ),
    surface: float = typer.Option(
        64, "--surface", min=1, max=10_000, metavar="M2", help="Surface vue par une vignette, en m²."
    ),
    json_: bool = typer.Option(False, "--json", help=_JSON),
    rapport: Path | None = typer.Option(None, "--rapport", metavar="FICHIER", help=_REPORT),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Compare le compteur du cours à vos comptages à l’œil. Rien n’est écrit sans --rapport."""
    from formation import reports
    from formation.securite import own_counting, own_report

    if rapport is not None:
        reports.check_destination(rapport, vignettes, comptages, overwrite=ecraser)
    result = own_counting.own_counts(vignettes, comptages, surface=surface)
    typer.echo(own_report.to_json(result) if json_ else own_report.to_text(result))
    if rapport is not None:
        own_report.write(result, rapport)


@app.command()
def comparer(
    json_: bool = typer.Option(False, "--json", help=_JSON),
) -> None:
    """Compare les méthodes sur les soirées de test du cours, lieu par lieu."""
    from formation.securite import evaluation, own_report

    table = evaluation.evaluate()
    typer.echo(
        table.to_json(orient="records", force_ascii=False, indent=2) if json_ else own_report.evaluation_text(table)
    )
