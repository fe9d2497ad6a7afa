"""`formation atelier` : préparer, distribuer, corriger une session."""

import os
import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer

from formation.cli import atelier_suivi, diagnostic

app = typer.Typer(help="Préparer et corriger une session de formation.", no_args_is_help=True, rich_markup_mode=None)

Session = Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier de la session.")]
Names = Annotated[
    list[str] | None,
    typer.Option("--exercice", "-e", metavar="NOM", help="Nom, début de nom ou cas ; répétable. Par défaut : tous."),
]
Sources = Annotated[
    Path | None, typer.Option("--sources", metavar="DOSSIER", help="Dossier des exercices ; par défaut, ceux du cours.")
]
Engine = Literal["rapide", "nbgrader"]
Mode = Literal["strict", "degrade"]
Json = Annotated[bool, typer.Option("--json", help="Résultat pour une machine.")]
Progress = Annotated[
    Literal["barre", "json"],
    typer.Option("--progression", help="barre, ou json : une étape par ligne sur la sortie d’erreur."),
]


@app.command()
def creer(dossier: Session, exercice: Names = None, sources: Sources = None) -> None:
    """Crée une session à partir des exercices du cours, ou met ses exercices à jour."""
    from formation.checks.wording import count
    from formation.classroom.course import create_course
    from formation.classroom.reports import progress, say
    from formation.classroom.sources import exercise_paths

    paths = exercise_paths(sources, tuple(exercice or ()))
    with progress("Créer") as tell:
        course = create_course(dossier, paths, tell)
    say(f"Session prête dans {dossier} : {count(len(course.exercises), 'exercice')}.")
    say(f"Ensuite : formation atelier distribuer {shlex.quote(str(dossier))}")


@app.command()
def distribuer(dossier: Session, progression: Progress = "barre") -> None:
    """Fabrique les copies vierges, sans aucune réponse, et un ZIP à envoyer par exercice."""
    from formation.checks.wording import count
    from formation.classroom.course import open_course
    from formation.classroom.release import release_course
    from formation.classroom.reports import progress, say

    course = open_course(dossier)
    with progress("Distribuer", as_json=progression == "json") as tell:
        archives = release_course(course, tell)
    say(f"{count(len(archives), 'archive')} à envoyer dans {dossier / 'a-distribuer'}.")
    say("Chaque stagiaire rend son carnet dans un dossier stagiaire-01, stagiaire-02… (jamais son nom).")
    say(f"Ensuite : formation atelier collecter {shlex.quote(str(dossier))} COPIES")


@app.command()
def collecter(
    dossier: Session,
    copies: Annotated[Path, typer.Argument(metavar="COPIES", help="Dossier ou ZIP : stagiaire-01/exercice.ipynb…")],
    en_json: Json = False,
) -> None:
    """Rassemble les copies rendues ; dit ce qui est pris, ce qui est refusé et pourquoi."""
    from formation.classroom.collect import collect
    from formation.classroom.course import open_course
    from formation.classroom.reports import print_collected, say, say_json

    collected = collect(open_course(dossier), copies)
    if en_json:
        say_json(collected.to_json())
    else:
        print_collected(collected)
        if collected.taken:
            say(f"Ensuite : formation atelier corriger {shlex.quote(str(dossier))}")
    if not collected.taken:
        raise typer.Exit(1)


@app.command()
def corriger(
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier d’une session ou d’un cours nbgrader.")],
    ouvriers: Annotated[
        int | None, typer.Option("--ouvriers", metavar="N", help="Ouvriers ; par défaut, un par cœur.")
    ] = None,
    moteur: Annotated[
        Engine, typer.Option("--moteur", help="rapide, ou nbgrader : le moteur d’origine, sans bac à sable.")
    ] = "rapide",
    bac_a_sable: Annotated[
        Mode,
        typer.Option("--bac-a-sable", help="strict, ou degrade : sans les couches qui manquent."),
    ] = "strict",
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="URL", help="Carnet de notes, par exemple postgresql://compte@serveur/base."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option("--dask", metavar="ADRESSE", help="Ordonnanceur Dask, par exemple tcp://127.0.0.1:8786."),
    ] = None,
    devoir: Annotated[
        list[str] | None, typer.Option("--devoir", metavar="NOM", help="Ce devoir seulement ; répétable.")
    ] = None,
    stagiaire: Annotated[
        list[str] | None, typer.Option("--stagiaire", metavar="ID", help="Ce stagiaire seulement ; répétable.")
    ] = None,
    delai_cellule: Annotated[
        float | None,
        typer.Option("--delai-cellule", metavar="S", min=0.1, help="Temps permis à une cellule, en secondes."),
    ] = None,
    memoire: Annotated[
        int | None, typer.Option("--memoire", metavar="MO", min=50, help="Mémoire permise à un carnet, en Mo.")
    ] = None,
    tout: Annotated[bool, typer.Option("--tout", help="Reprendre aussi les copies déjà corrigées.")] = False,
    en_json: Json = False,
    progression: Progress = "barre",
) -> None:
    """Corrige les copies dans un bac à sable et écrit un retour HTML par copie.

    On peut interrompre à tout instant : ce qui est inscrit le reste, la même commande finit le travail.
    """
    if moteur == "nbgrader":
        _refuse_fast_options(
            {
                "--base": base,
                "--dask": dask,
                "--ouvriers": ouvriers,
                "--delai-cellule": delai_cellule,
                "--memoire": memoire,
                "--bac-a-sable": bac_a_sable if bac_a_sable != "strict" else None,
            }
        )
    # les ouvriers naissent par fork : numpy ne doit pas lancer de fils d’exécution avant eux
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from formation.classroom.grading.run import grade_course
    from formation.classroom.reports import print_graded, progress, say, say_json

    with progress("Corriger", quiet=en_json, as_json=progression == "json") as tell:
        report = grade_course(
            dossier,
            workers=ouvriers,
            engine=moteur,
            mode=bac_a_sable,
            again=tout,
            db_url=base,
            dask=dask,
            learners=stagiaire,
            assignments=devoir,
            cell_s=delai_cellule,
            memory_mb=memoire,
            tell=tell,
            warn=lambda text: typer.echo(text, err=True),
        )
    if en_json:
        say_json(report.to_json())
    else:
        print_graded(report)
        session = (dossier / "session.json").is_file()
        suite = f" Ensuite : formation atelier resultats {shlex.quote(str(dossier))}" if session else ""
        say(f"Retours aux stagiaires : {dossier / 'feedback'}.{suite}")
    if report.interrupted:
        raise typer.Exit(130)
    if report.failed or report.blocked:
        raise typer.Exit(1)


def _refuse_fast_options(given: dict[str, object]) -> None:
    from formation.classroom.errors import AtelierImpossible

    unused = [name for name, value in given.items() if value is not None]
    if unused:
        raise AtelierImpossible(
            f"Sans effet avec --moteur nbgrader : {', '.join(unused)}. Ce moteur suit nbgrader_config.py, exécute une "
            "copie à la fois et n’a pas de bac à sable. Ôtez ces options, ou prenez --moteur rapide."
        )


@app.command()
def demo(
    dossier: Annotated[
        Path | None,
        typer.Argument(metavar="[DOSSIER]", help="Dossier neuf à garder ; par défaut, un dossier provisoire."),
    ] = None,
    exercices: Annotated[
        str, typer.Option("--exercices", metavar="NOMBRE", help="Nombre d’exercices, ou « tous ».")
    ] = "3",
    copies: Annotated[int, typer.Option("--copies", min=1, max=200, help="Nombre de copies.")] = 12,
    sources: Sources = None,
) -> None:
    """Joue une session entière avec des copies tirées des banques et vérifie chaque note."""
    from formation.classroom.reports import print_demo

    if not print_demo(dossier, exercices, copies, sources):
        raise typer.Exit(1)


@app.command()
def exercices(dossier: Session, exercice: Names = None, sources: Sources = None) -> None:
    """Pose les exercices dans un dossier, pour s’exercer seul. N’écrase jamais un travail commencé."""
    from formation.classroom.practice import hand_out
    from formation.classroom.reports import say
    from formation.classroom.sources import exercise_paths

    notes = {
        "neuf": "",
        "gardé": " : déjà là, gardé tel quel",
        "à côté": " : l’exercice a changé, sa nouvelle version est posée à côté de votre travail",
    }
    for path, state in hand_out(exercise_paths(sources, tuple(exercice or ())), dossier):
        say(f"{path}{notes[state]}")
    say(f"Pour commencer : jupyter lab {dossier}. Pour vérifier une copie : formation atelier essayer COPIE.ipynb")


@app.command()
def essayer(
    copie: Annotated[Path, typer.Argument(metavar="COPIE", help="Carnet .ipynb à essayer.")],
    sources: Sources = None,
    en_json: Json = False,
) -> None:
    """Note une copie sur-le-champ, dans un bac à sable si cette machine le permet ; sinon, avec vos droits."""
    from formation.classroom.practice import enclosure, try_copy
    from formation.classroom.reports import print_try, say, say_json

    policy, sentence = enclosure()
    if not en_json:
        say(sentence)
    trial = try_copy(copie, sources, policy)
    if en_json:
        say_json(trial.to_json())
    else:
        print_try(trial)


@app.command()
def prouver(
    exercices: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EXERCICE]…", help="Noms, débuts de nom, cas ou fichiers ; par défaut, tous."),
    ] = None,
    sources: Sources = None,
    detail: Annotated[bool, typer.Option("--detail", help="Montrer chaque message.")] = False,
    en_json: Json = False,
) -> None:
    """Vérifie que chaque réponse des banques obtient ce qu’elle doit obtenir (pour les auteurs)."""
    from formation.classroom.reports import print_proofs
    from formation.classroom.sources import exercise_paths

    if not print_proofs(exercise_paths(sources, tuple(exercices or ())), detail=detail, as_json=en_json):
        raise typer.Exit(1)


app.add_typer(diagnostic.app)


app.add_typer(atelier_suivi.app)
