"""`formation quiz` : lister les quiz, les exporter vers une plateforme de formation, les vérifier."""

from __future__ import annotations

import json
from pathlib import Path

import typer

app = typer.Typer(
    help="Quiz du cours : lister, exporter vers Moodle (XML ou GIFT) ou en paquets SCORM 1.2, vérifier.",
    no_args_is_help=True,
)

_JSON = typer.Option(False, "--json", help="Écrit le résultat en JSON.")
_CHAPTERS = typer.Option(
    [],
    "--chapitre",
    metavar="NOM",
    help="Sujet (eau), page (book/cas/eau) ou dernier mot d’une page (chef-de-file) ; à répéter. Aucun : tous.",
)


@app.command()
def lister(chapitre: list[str] = _CHAPTERS, json_: bool = _JSON) -> None:
    """Liste les chapitres qui portent un quiz, avec leur nombre de questions."""
    from formation.lms import choose

    chapters = choose(chapitre)
    if json_:
        shown = [
            {
                "nom": chapter.slug,
                "page": chapter.page,
                "titre": chapter.title,
                "partie": chapter.part,
                "questions": [item.id for item in chapter.items],
            }
            for chapter in chapters
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    part = ""
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            typer.echo(f"{part}")
        typer.echo(f"  {chapter.slug:28} {len(chapter.items):3} questions   {chapter.title}")
    typer.echo(f"{len(chapters)} chapitres, {sum(len(chapter.items) for chapter in chapters)} questions.")


@app.command()
def exporter(
    sortie: Path = typer.Argument(
        ..., metavar="SORTIE", help="Fichier .xml (moodle), .txt (gift) ; dossier, ou .zip pour un chapitre (scorm)."
    ),
    format_: str = typer.Option("moodle", "--format", metavar="FORMAT", help="moodle, gift ou scorm."),
    chapitre: list[str] = _CHAPTERS,
    adresse_livre: str = typer.Option(
        "", "--adresse-livre", metavar="ADRESSE", help="Adresse du livre publié : « À relire » devient un lien."
    ),
    seuil: int = typer.Option(60, "--seuil", metavar="POURCENT", help="SCORM : part de réponses justes à atteindre."),
    sans_seuil: bool = typer.Option(False, "--sans-seuil", help="SCORM : le quiz est terminé ou non, rien de plus."),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer des fichiers."),
) -> None:
    """Exporte les quiz ; au moindre défaut, rien n’est écrit."""
    from formation.cli._progress import progress
    from formation.lms import export
    from formation.numbers import plural

    written = export(
        sortie,
        format_,
        chapitre,
        overwrite=ecraser,
        address=adresse_livre,
        threshold=None if sans_seuil else seuil,
        tell=progress(),
    )
    size = sum(path.stat().st_size for path in written)
    where = sortie if len(written) > 1 else written[0]
    typer.echo(f"{plural(len(written), 'fichier écrit', 'fichiers écrits')} : {where} ({size / 1000:.0f} ko).")
    typer.echo("Marche à suivre sur la plateforme : page « Vers Moodle ou une autre plateforme » du livre.")


@app.command()
def notes(
    session: Path = typer.Argument(..., metavar="SESSION", help="Dossier d’une session notée."),
    sortie: Path = typer.Argument(..., metavar="SORTIE", help="Tableau .csv à importer dans Moodle."),
    ecraser: bool = typer.Option(False, "--ecraser", help="Accepte de remplacer le fichier."),
) -> None:
    """Écrit les notes des quiz d’une session, sur 100, pour le carnet de notes de Moodle."""
    from formation.classroom.exports import moodle_table, write_csv
    from formation.errors import ExportImpossible
    from formation.session import compute, open_session

    opened = open_session(session)
    if sortie.exists() and not ecraser:
        raise ExportImpossible(f"{sortie} : déjà là. Choisissez un autre nom, ou ajoutez --ecraser pour le remplacer.")
    done = compute(opened)
    columns = {
        "Positionnement (sur 100)": {one: _hundred(outcome.placement_score) for one, outcome in done.items()},
        "Évaluation finale (sur 100)": {one: _hundred(outcome.final_score) for one, outcome in done.items()},
    }
    table = moodle_table({person.id: person.email for person in opened.participants}, columns, {})
    write_csv(sortie, table.header, table.rows)
    by = "Adresse de courriel" if "Adresse de courriel" in table.header else "Identifiant"
    typer.echo(f"Tableau pour Moodle écrit dans {sortie} : {len(table.rows)} lignes.")
    typer.echo(f"À l’import : séparateur point-virgule, encodage UTF-8, associer « {by} ».")
    if table.left_out:
        typer.echo(f"Sans adresse, laissés hors du tableau : {', '.join(table.left_out[:5])}.")


def _hundred(score: tuple[int, int] | None) -> float | None:
    return None if not score or not score[1] else round(100 * score[0] / score[1], 2)


@app.command()
def verifier(json_: bool = _JSON) -> None:
    """Vérifie toute la banque : forme des questions, et ce qui trahirait la bonne réponse."""
    from formation.questions import load
    from formation.questions.checks import figures, problems

    bank = load()
    found = problems(bank)
    measured = figures(bank)
    if json_:
        shown = {
            "valide": not found,
            "chiffres": {figure.name: figure.value for figure in measured},
            "problemes": [{"lieu": problem.where, "texte": problem.text} for problem in found],
        }
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        raise typer.Exit(2 if found else 0)
    for figure in measured:
        typer.echo(f"{figure.label} : {figure.shown}")
    for problem in found:
        typer.echo(f"- {problem.where} : {problem.text}", err=True)
    if found:
        typer.echo(f"{len(found)} défauts à corriger dans les fichiers quiz.yml.", err=True)
        raise typer.Exit(2)
    typer.echo("Aucun défaut trouvé.")
