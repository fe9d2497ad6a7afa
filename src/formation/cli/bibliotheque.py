"""`formation bibliotheque` : vérifier, ranger, chercher, exporter et publier des fiches de projets."""

from __future__ import annotations

import json
from pathlib import Path

import typer

app = typer.Typer(
    help="Bibliothèque des projets d’IA : vérifier, ranger, chercher, exporter et publier des fiches.",
    no_args_is_help=True,
)

_JSON = typer.Option(False, "--json", help="Écrit le résultat en JSON.")
_FOLDER = typer.Option(
    None, "--dossier", metavar="DOSSIER", help="Votre bibliothèque ; par défaut, celle de la formation."
)
_FILES = typer.Argument(..., metavar="FICHIER…", help="Fiches : .yml, .json, .csv, .xlsx ou .ods.")
_TITLE = "Bibliothèque des projets d’IA"
_OUTPUT = typer.Option(None, "--sortie", metavar="FICHIER", help="Fichier à écrire ; aucun : à l’écran.")
_REPLACE = typer.Option(False, "--ecraser", help="Accepte de remplacer un fichier.")


@app.command()
def verifier(fichiers: list[Path] = _FILES, json_: bool = _JSON) -> None:
    """Vérifie des fiches, sans rien écrire ; tous les problèmes sont dits d’un coup."""
    from formation.library import reading
    from formation.numbers import plural

    reports = reading.check(fichiers)
    if json_:
        shown = [
            {
                "fichier": report.path.name,
                "fiches": [record.id for record in report.records],
                "problemes": [problem.to_dict() for problem in report.problems],
            }
            for report in reports
        ]
        _dump({"valide": not any(report.problems for report in reports), "fichiers": shown})
        raise typer.Exit(2 if any(report.problems for report in reports) else 0)
    reading.raise_problems(reports)
    count = sum(len(report.records) for report in reports)
    typer.echo(f"{plural(count, 'fiche conforme', 'fiches conformes')} au schéma. Rien n’a été écrit.")


@app.command()
def modele(
    fichier: Path | None = typer.Argument(None, metavar="FICHIER", help="Fichier à écrire ; aucun : à l’écran."),
    remplacer: bool = _REPLACE,
) -> None:
    """Écrit un modèle de fiche à remplir, chaque champ expliqué."""
    from formation.library import collection, writing

    if fichier is None:
        typer.echo(writing.template(), nl=False)
        return
    collection.write(fichier, writing.template(), replace=remplacer)
    typer.echo(f"Modèle écrit : {fichier}. Remplissez-le, puis : formation bibliotheque verifier {fichier}")


@app.command()
def creer(dossier: Path = typer.Argument(..., metavar="DOSSIER", help="Dossier à créer.")) -> None:
    """Crée la bibliothèque d’une collectivité : un dossier, un modèle, un mode d’emploi."""
    from formation.library import collection

    for path in collection.create(dossier):
        typer.echo(f"Écrit : {path}")


@app.command()
def ajouter(
    fichiers: list[Path] = _FILES,
    dossier: Path = typer.Option(..., "--dossier", metavar="DOSSIER", help="Bibliothèque qui reçoit les fiches."),
    remplacer: bool = _REPLACE,
) -> None:
    """Range des fiches dans une bibliothèque ; au moindre défaut, rien n’est écrit."""
    from formation.library import collection

    for path in collection.add(fichiers, dossier, replace=remplacer):
        typer.echo(f"Rangée : {path}")


@app.command()
def rechercher(
    mots: list[str] = typer.Argument(None, metavar="MOTS…", help="Mots à trouver, tous ; accents et casse ignorés."),
    besoin: list[str] = typer.Option([], "--besoin", metavar="VALEUR", help="À répéter pour en admettre plusieurs."),
    taille: list[str] = typer.Option([], "--taille", metavar="VALEUR", help="Taille de la collectivité."),
    cout: list[str] = typer.Option([], "--cout", metavar="VALEUR", help="Tranche de coût."),
    maturite: list[str] = typer.Option([], "--maturite", metavar="VALEUR", help="État du projet."),
    secteur: list[str] = typer.Option([], "--secteur", metavar="VALEUR", help="Secteur."),
    dossier: Path | None = _FOLDER,
    json_: bool = _JSON,
) -> None:
    """Cherche des fiches : plein texte et filtres. Une valeur inconnue fait dire toutes les valeurs."""
    from formation.library import collection, search
    from formation.library.vocabulary import label
    from formation.numbers import plural

    library = collection.load(dossier)
    filters = {"besoin": besoin, "taille": taille, "cout": cout, "maturite": maturite, "secteur": secteur}
    found = search.search(library.records, " ".join(mots or []), filters)
    if json_:
        _dump([record.model_dump() for record in found])
        return
    for record in found:
        facts = [
            f"{title} : {', '.join(label(name, value) for value in search.values(record, name))}"
            for name, title in search.FILTERS.items()
        ]
        typer.echo(f"{record.titre}\n  {record.id} · {' · '.join(facts)}")
    typer.echo(f"{plural(len(found), 'fiche')} sur {len(library)}.")
    if not found:
        typer.echo("Retirez un filtre ou un mot, ou n’écrivez que le début d’un mot.")


@app.command()
def exporter(
    format_: str = typer.Option(..., "--format", metavar="FORMAT", help="csv, json, html, dcat ou sqlite."),
    sortie: Path | None = _OUTPUT,
    dossier: Path | None = _FOLDER,
    titre: str = typer.Option(_TITLE, "--titre", help="Nom de la bibliothèque, pour html et dcat."),
    editeur: str = typer.Option(
        "Formation à l’IA des collectivités territoriales", "--editeur", help="Qui publie, pour dcat."
    ),
    remplacer: bool = _REPLACE,
) -> None:
    """Exporte toutes les fiches."""
    from formation.library import cards, collection, database, exports
    from formation.numbers import plural

    exports.check_format(format_, sortie)
    library = collection.load(dossier)
    if format_ == "sqlite":
        database.build(library, Path(str(sortie)), replace=remplacer)
    else:
        text = {
            "csv": lambda: exports.to_csv(library),
            "json": lambda: exports.to_json(library),
            "html": lambda: cards.page(library, titre),
            "dcat": lambda: exports.to_dcat(library.records, title=titre, publisher=editeur),
        }[format_]()
        if sortie is None:
            typer.echo(text, nl=False)
            return
        collection.write(sortie, text, replace=remplacer)
    typer.echo(f"{plural(len(library), 'fiche écrite', 'fiches écrites')} : {sortie}")


@app.command()
def schema(
    sortie: Path | None = typer.Argument(None, metavar="FICHIER", help="Fichier à écrire ; aucun : à l’écran."),
    remplacer: bool = _REPLACE,
) -> None:
    """Écrit le schéma JSON d’une fiche (Draft 2020-12)."""
    from formation.library import collection
    from formation.library import schema as published

    text = published.to_text()
    if sortie is None:
        typer.echo(text, nl=False)
        return
    collection.write(sortie, text, replace=remplacer)
    typer.echo(f"Schéma écrit : {sortie}")


@app.command()
def servir(
    dossier: Path | None = _FOLDER,
    port: int = typer.Option(8448, "--port", min=0, max=65_535, help="Premier port essayé ; 0 : un port libre."),
    titre: str = typer.Option(_TITLE, "--titre", help="Nom affiché."),
    base: Path | None = typer.Option(
        None, "--base", metavar="FICHIER", help="Garde la base SQLite ici ; par défaut, elle est effacée à l’arrêt."
    ),
) -> None:
    """Publie les fiches avec Datasette, sur cette machine : facettes, plein texte, interface JSON."""
    from formation.library import collection, publication

    publication.serve(collection.load(dossier), title=titre, port=port, say=typer.echo, base=base)


def _dump(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
