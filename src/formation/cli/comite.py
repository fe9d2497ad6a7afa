"""`formation comite` : vérifier une jointure avant de la faire, mesurer ce qu’elle apporte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from formation.cli._progress import progress
from formation.errors import DonneesInvalides

app = typer.Typer(
    help="Comité de la donnée : joindre sans se tromper, et mesurer avant de signer.", no_args_is_help=True
)

_JSON = typer.Option(False, "--json", help="Écrit le résultat en JSON.")
_REPORT = typer.Option(None, "--rapport", metavar="FICHIER", help="Écrit aussi un compte rendu .html ou .csv.")
_KEYS = typer.Option(
    ...,
    "--cle",
    metavar="COLONNE",
    help="Clé ; gauche=droite si le nom change. Répétez l’option pour une clé à plusieurs.",
)
_PAD = typer.Option(False, "--completer-zeros", help="Complète les codes qui ont perdu leurs zéros de tête.")
_LOOSE = typer.Option(False, "--rapprocher", help="Ignore casse, accents, espaces et tirets de la clé.")
_WITHOUT = typer.Option([], "--sans", metavar="COLONNE", help="Colonne à ne pas lire. À répéter.")
_DELAY = typer.Option(0, "--decalage", metavar="JOURS", help="Joint la valeur de N jours plus tôt (clé avec une date).")


@app.command()
def joindre(
    gauche: Path = typer.Option(..., "--gauche", metavar="FICHIER", help="Table à compléter : CSV, XLSX ou ODS."),
    droite: Path = typer.Option(..., "--droite", metavar="FICHIER", help="Table à lui joindre."),
    cle: list[str] = _KEYS,
    ecrire: Path | None = typer.Option(None, "--ecrire", metavar="FICHIER", help="Écrit le résultat, s’il est sain."),
    remplacer: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer les fichiers écrits."),
    completer_zeros: bool = _PAD,
    rapprocher: bool = _LOOSE,
    plusieurs: bool = typer.Option(False, "--plusieurs", help="Accepte plusieurs lignes de droite pour une de gauche."),
    trouvees_seulement: bool = typer.Option(
        False, "--trouvees-seulement", help="Ne garde que les lignes qui ont une correspondance."
    ),
    orphelins: float = typer.Option(
        0.05, "--orphelins", metavar="PART", help="Part de lignes sans correspondance admise."
    ),
    effectif: str | None = typer.Option(
        None, "--effectif", metavar="COLONNE", help="Colonne qui compte des personnes."
    ),
    groupe: list[str] = typer.Option(
        [], "--groupe", metavar="COLONNE", help="Groupe à compter, si une ligne est une personne."
    ),
    seuil: int = typer.Option(5, "--seuil", metavar="N", help="Plus petit effectif admis."),
    petits: str = typer.Option(
        "refuser", "--petits", metavar="CHOIX", help="Petits effectifs : refuser, masquer ou garder."
    ),
    personnelles: bool = typer.Option(
        False, "--accepter-donnees-personnelles", help="Garde les colonnes qui ont l’air de données personnelles."
    ),
    sans: list[str] = _WITHOUT,
    decalage: int = _DELAY,
    json_: bool = _JSON,
    rapport: Path | None = _REPORT,
) -> None:
    """Vérifie une jointure avant de la faire. Rien n’est réparé ni écrit sans qu’on le demande."""
    from formation import reports
    from formation.comite import own_join, own_report, own_writing

    if ecrire is not None:
        own_writing.check_destination(ecrire, gauche, droite, replace=remplacer)
    if rapport is not None:
        reports.check_destination(rapport, gauche, droite, ecrire, overwrite=remplacer)
    choices = own_join.Choices(
        pad=completer_zeros,
        loose=rapprocher,
        many=plusieurs,
        matched_only=trouvees_seulement,
        unmatched=orphelins,
        threshold=seuil,
        count=effectif,
        groups=tuple(groupe),
        small=petits,
        personal=personnelles,
        without=tuple(sans),
        delay_days=decalage,
    )
    try:
        result = own_join.join(gauche, droite, cle, choices=choices, progress=progress())
    except DonneesInvalides as error:
        if not json_:
            raise
        raise _refused(error) from None
    if ecrire is not None and result.frame is not None:
        own_writing.write(result.frame, ecrire, keys=result.keys, replace=remplacer)
    result.facts["ecrit"] = None if ecrire is None else str(ecrire)
    typer.echo(own_report.to_json(result) if json_ else own_report.join_text(result, ecrire))
    if rapport is not None:
        own_report.write_join(result, rapport, ecrire)


@app.command()
def mesurer(
    table: Path = typer.Option(..., "--table", metavar="FICHIER", help="Table qui contient la réponse."),
    avec: Path = typer.Option(..., "--avec", metavar="FICHIER", help="Table dont on veut mesurer l’apport."),
    cle: list[str] = _KEYS,
    cible: str = typer.Option(..., "--cible", metavar="COLONNE", help="Colonne à prévoir : une quantité, ou 0 et 1."),
    date: str | None = typer.Option(
        None, "--date", metavar="COLONNE", help="Date de chaque ligne : apprend sur le passé, juge sur la suite."
    ),
    groupe: str | None = typer.Option(
        None, "--groupe", metavar="COLONNE", help="Lieu de chaque ligne : juge sur des lieux jamais vus."
    ),
    decalage: int = _DELAY,
    completer_zeros: bool = _PAD,
    rapprocher: bool = _LOOSE,
    sans: list[str] = _WITHOUT,
    json_: bool = _JSON,
    rapport: Path | None = _REPORT,
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le rapport."),
) -> None:
    """Mesure une prévision sans puis avec la table jointe, sur des blocs jamais appris. Rien n’est écrit."""
    from formation import reports
    from formation.comite import own_join, own_measure, own_report

    if rapport is not None:
        reports.check_destination(rapport, table, avec, overwrite=ecraser)
    choices = own_join.Choices(
        pad=completer_zeros,
        loose=rapprocher,
        unmatched=1.0,
        without=tuple(sans),
        delay_days=decalage,
        measuring=True,
    )
    try:
        result = own_measure.measure(
            table, avec, cle, cible, date=date, group=groupe, choices=choices, progress=progress()
        )
    except DonneesInvalides as error:
        if not json_:
            raise
        raise _refused(error) from None
    typer.echo(own_report.to_json(result) if json_ else own_report.measure_text(result))
    if rapport is not None:
        own_report.write_measure(result, rapport)


@app.command()
def jointures(json_: bool = _JSON) -> None:
    """Liste les jointures mesurées du cours : celles qui gagnent, celles qui ne gagnent rien, les pièges."""
    from formation import comite
    from formation.comite import own_report

    progress()(1, 1, "mesure des jointures du cours, une trentaine de secondes")
    table = comite.results()
    typer.echo(table.to_json(orient="records", force_ascii=False, indent=2) if json_ else own_report.course_text(table))


def _refused(error: DonneesInvalides) -> typer.Exit:
    """Écrit le refus pour une machine ; le code est celui d’une erreur expliquée."""
    check = getattr(error, "check", None)
    found: dict[str, Any] = {"saine": False, "problemes": [item.to_dict() for item in error.problems]}
    found |= {"remarques": error.remarques} if check is None else check.to_dict()
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2, default=int))
    return typer.Exit(2)
