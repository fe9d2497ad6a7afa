"""`formation atelier` : inscrire, lire les résultats, les analyser, récrire les retours, relire."""

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

Session = Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier de la session.")]
Json = Annotated[bool, typer.Option("--json", help="Résultat pour une machine.")]
Base = Annotated[
    str | None, typer.Option("--base", metavar="URL", help="Carnet de notes ; par défaut, celui de la session.")
]
Replace = Annotated[bool, typer.Option("--ecraser", help="Accepte de remplacer les fichiers écrits.")]
Copies = list[str] | None


app = typer.Typer(rich_markup_mode=None)


def _open(folder: Path, url: str | None) -> tuple[Path, str]:
    from formation.classroom.grading.settings import read_settings

    settings = read_settings(folder, db_url=url)
    return settings.root, settings.db_url


@app.command()
def inscrire(
    dossier: Session,
    liste: Annotated[
        Path, typer.Argument(metavar="LISTE", help="Tableau : identifiant, et si on les a nom, prénom, courriel.")
    ],
    base: Base = None,
    en_json: Json = False,
) -> None:
    """Inscrit les stagiaires d’une liste. Leurs noms restent au carnet de notes, sur cette machine."""
    from formation.classroom.reports import say, say_json
    from formation.classroom.roster import NOTE, enrol, read_roster

    learners, remarks = read_roster(liste)
    done = enrol(_open(dossier, base)[1], learners, remarks)
    if en_json:
        say_json(done.to_json())
        return
    counts = (("Inscrits", done.added), ("mis à jour", done.updated), ("déjà là", done.unchanged))
    say(", ".join(f"{label} : {len(names)}" for label, names in counts) + ".")
    for remark in done.remarks:
        say(f"  {remark}")
    say(NOTE)


@app.command()
def resultats(
    dossier: Session,
    base: Base = None,
    en_json: Json = False,
    en_csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FICHIER", help="Tableau détaillé pour tableur français.")
    ] = None,
    pour_moodle: Annotated[
        Path | None, typer.Option("--moodle", metavar="FICHIER", help="Tableau à importer dans Moodle.")
    ] = None,
    ecraser: Replace = False,
) -> None:
    """Affiche les points par stagiaire et la réussite de chaque contrôle."""
    from formation.classroom.course import Course
    from formation.classroom.exports import DETAIL, detail, write_csv
    from formation.classroom.reports import print_results, say, say_json
    from formation.classroom.results import read_results

    _free(en_csv, pour_moodle, overwrite=ecraser)
    root, url = _open(dossier, base)
    results = read_results(Course(root), url)
    if en_json:
        say_json(results.to_json())
    elif en_csv is None and pour_moodle is None:
        print_results(results)
    if en_csv is not None:
        write_csv(en_csv, DETAIL, detail(results))
        _tell(say, f"Résultats écrits dans {en_csv}.", quiet=en_json)
    if pour_moodle is not None:
        _moodle(results, url, pour_moodle, quiet=en_json)


def _free(*files: Path | None, overwrite: bool) -> None:
    """Refuse avant de rien écrire un tableau déjà là, ou deux tableaux du même nom."""
    from formation.classroom.errors import AtelierImpossible

    wanted = [file for file in files if file is not None]
    if len({file.absolute() for file in wanted}) < len(wanted):
        raise AtelierImpossible(f"« {wanted[0]} » est demandé deux fois. Donnez un nom à chaque tableau.")
    taken = [f"« {file} »" for file in wanted if file.exists()]
    if taken and not overwrite:
        raise AtelierImpossible(
            f"{', '.join(taken)} : déjà là. Rien n’a été écrit. Donnez un autre nom, ou ajoutez --ecraser."
        )


def _tell(say: Any, text: str, *, quiet: bool) -> None:
    if not quiet:
        say(text)


def _moodle(results: Any, url: str, path: Path, *, quiet: bool) -> None:
    from formation.classroom.exports import moodle, write_csv
    from formation.classroom.marks import read_learners
    from formation.classroom.reports import say

    table = moodle(results, read_learners(url))
    write_csv(path, table.header, table.rows)
    by = "Adresse de courriel" if "Adresse de courriel" in table.header else "Identifiant"
    _tell(say, f"Tableau pour Moodle écrit dans {path}.", quiet=quiet)
    _tell(say, f"À l’import : séparateur point-virgule, encodage UTF-8, associer « {by} ».", quiet=quiet)
    if table.left_out:
        names = ", ".join(table.left_out[:5])
        text = f"Sans adresse, laissés hors du tableau : {len(table.left_out)}, dont {names}. Complétez la liste."
        _tell(say, text, quiet=quiet)
    if table.held:
        names = ", ".join(f"{copy.learner} ({copy.exercise})" for copy in table.held[:5])
        _tell(say, f"Notes provisoires, sans note dans le tableau : {len(table.held)}, dont {names}.", quiet=quiet)


@app.command()
def analyser(
    dossier: Session,
    base: Base = None,
    rapport: Annotated[
        Path | None, typer.Option("--rapport", metavar="FICHIER", help="Page .html ou tableau .csv.")
    ] = None,
    ecraser: Replace = False,
    en_json: Json = False,
) -> None:
    """Dit quels contrôles sont ratés, lesquels distinguent, quelles erreurs reviennent, quoi reprendre."""
    from formation.classroom.exports import write_csv, write_text
    from formation.classroom.grading.snapshot import read_assignments
    from formation.classroom.items import HEADER, analyse, page, sections
    from formation.classroom.marks import read_marks
    from formation.classroom.reports import say, say_json
    from formation.reports import check_destination, text_table

    if rapport is not None:
        check_destination(rapport, overwrite=ecraser)
    root, url = _open(dossier, base)
    items = analyse(root, read_assignments(root, url), read_marks(url))
    seen = [item for item in items if item.copies]
    if en_json:
        say_json([item.to_json() for item in items])
    elif not seen:
        say("Aucune copie corrigée par le moteur rapide ; celui d’origine ne garde pas le détail des contrôles.")
        say(f"Lancez : formation atelier corriger {shlex.quote(str(dossier))}")
    elif rapport is None:
        for part in sections(seen):
            say(f"\n{part.title}")
            say(text_table(part.header, part.rows) if part.rows else "")
            for text in (*part.paragraphs, *part.points):
                say(f"  {text}")
    if rapport is not None:
        if rapport.suffix.lower() == ".csv":
            write_csv(rapport, HEADER, [item.row() for item in items])
        else:
            write_text(rapport, page(items))
        _tell(say, f"Analyse écrite dans {rapport}.", quiet=en_json)


@app.command()
def retours(dossier: Session, base: Base = None, en_json: Json = False) -> None:
    """Récrit les retours avec les notes et les commentaires donnés à la main."""
    from formation.classroom.feedback_files import rewrite
    from formation.classroom.reports import say, say_json

    root, url = _open(dossier, base)
    done = rewrite(root, url)
    if en_json:
        say_json({"pages": [str(path) for path in done.pages], "sans_detail": [list(key) for key in done.without]})
        return
    say(f"Retours écrits : {len(done.pages)}, dans {dossier / 'feedback'}.")
    if done.without:
        names = ", ".join(f"{learner} ({name})" for learner, name in done.without[:5])
        say(f"Sans détail gardé, laissés tels quels : {len(done.without)}, dont {names}.")
        again = f"formation atelier corriger {shlex.quote(str(dossier))} --moteur nbgrader --tout"
        say(f"Pour les refaire avec le moteur d’origine : {again}")


@app.command()
def relire(
    dossier: Session,
    accepter: Annotated[
        Copies, typer.Option("--accepter", metavar="COPIE", help="stagiaire-07:devoir ; garde les points. Répétable.")
    ] = None,
    refuser: Annotated[
        Copies, typer.Option("--refuser", metavar="COPIE", help="stagiaire-07:devoir ; met 0. Répétable.")
    ] = None,
    motif: Annotated[
        str, typer.Option("--motif", metavar="TEXTE", help="Commentaire montré au stagiaire en cas de refus.")
    ] = "",
    base: Base = None,
    en_json: Json = False,
) -> None:
    """Liste les copies à relire et pourquoi ; `--accepter` et `--refuser` décident, et la décision est gardée."""
    from formation.classroom.errors import AtelierImpossible
    from formation.classroom.feedback_files import rewrite
    from formation.classroom.reports import say, say_json
    from formation.classroom.review import ACCEPT, JOURNAL, REFUSE, decide, export_journal, keys_of, queue

    both = sorted(set(accepter or ()) & set(refuser or ()))
    if both:
        raise AtelierImpossible(f"Acceptées et refusées à la fois : {', '.join(both)}. Choisissez ; rien n’est changé.")
    root, url = _open(dossier, base)
    decided = []
    if accepter:
        decided += decide(root, url, accepter, ACCEPT)
    if refuser:
        decided += decide(root, url, refuser, REFUSE, motif)
    if decided:
        rewrite(root, url, keys_of(decided))
    waiting = queue(root, url)
    export_journal(root, url)
    if en_json:
        say_json({"decidees": [case.name for case in decided], "en_attente": [case.to_json() for case in waiting]})
        return
    for case in decided:
        say(f"✓ {case.name} : décision inscrite au carnet de notes, retour récrit.")
    if decided:
        say(f"Journal des décisions : {root / 'corrections' / JOURNAL}")
    _print_queue(dossier, waiting)


def _print_queue(dossier: Path, waiting: list[Any]) -> None:
    from formation.classroom.reports import say

    if not waiting:
        say("Aucune copie n’attend de décision.")
        return
    to_decide = [case for case in waiting if case.state != "à noter"]
    if to_decide:
        say(f"Copies à décider : {len(to_decide)}.")
    for case in to_decide:
        say(f"\n{case.name} : {case.state}")
        for reason in case.reasons:
            say(f"  {reason}")
        for point in case.points:
            say(f"  carnet {point.notebook}, cellule {point.cell} : {' ; '.join(point.reasons)}")
    _print_by_hand(waiting)
    if to_decide:
        name, folder = shlex.quote(to_decide[0].name), shlex.quote(str(dossier))
        say(f"\nLisez le code dans {dossier / 'autograded'} sans l’exécuter : ouvrez le carnet, ne lancez rien.")
        if to_decide[0].state not in ("refusée", "échec"):
            say(f"Garder les points : formation atelier relire {folder} --accepter {name}")
        say(f'Mettre 0 : formation atelier relire {folder} --refuser {name} --motif "…"')


def _print_by_hand(waiting: list[Any]) -> None:
    from formation.classroom.reports import SHOWN, say
    from formation.numbers import plural

    places: dict[tuple[str, str, str], list[str]] = {}
    for case in waiting:
        for point in case.by_hand:
            places.setdefault((case.assignment, point.notebook, point.cell), []).append(case.learner)
    if places:
        say("\nÀ noter à la main, dans formgrader (jupyter lab, puis Formgrader) :")
    for (assignment, notebook, cell), learners in places.items():
        rest = f" et {plural(len(learners) - SHOWN, 'autre')}" if len(learners) > SHOWN else ""
        say(f"  {assignment}, carnet {notebook}, cellule {cell} : {', '.join(learners[:SHOWN])}{rest}")
