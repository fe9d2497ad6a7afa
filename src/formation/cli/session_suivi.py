"""`formation session` : noter les réponses, jouer à blanc, clore, écrire le rapport."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

Folder = Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier de la session.")]
Json = Annotated[bool, typer.Option("--json", help="Résultat pour une machine.")]

SHOWN = 20

app = typer.Typer(rich_markup_mode=None)


@app.command()
def noter(
    dossier: Folder,
    fichiers: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FICHIER]…", help="Réponses .json ou tableaux remis ; sans eux, relit 4-recueillir."),
    ] = None,
    malgre_tout: Annotated[
        bool, typer.Option("--malgre-tout", help="Noter ce qui est bon et laisser le reste.")
    ] = False,
    en_json: Json = False,
) -> None:
    """Réunit les réponses rendues et saisies, les vérifie toutes, puis les note. Peut être relancé."""
    from formation.classroom.reports import say, say_json
    from formation.session.answers import note
    from formation.session.model import open_session

    noted = note(open_session(dossier), fichiers or (), keep_going=malgre_tout)
    if en_json:
        say_json(noted.to_json())
    else:
        _say_noted(noted)
        say(f"Ensuite : formation session cloturer {shlex.quote(str(dossier))}")
    if noted.refused:
        raise typer.Exit(1)


def _say_noted(noted: Any) -> None:
    from formation.classroom.reports import say
    from formation.numbers import plural

    say(
        f"Noté : {plural(noted.placement, 'positionnement')}, "
        f"{plural(noted.final, 'évaluation finale', 'évaluations finales')}, "
        f"{plural(noted.forms, 'feuille')} de satisfaction, {plural(noted.presence, 'présence')}."
    )
    for label, lines in (("Laissés de côté", noted.refused), ("À savoir", noted.remarks)):
        if lines:
            say(f"{label} : {len(lines)}.")
        for line in lines[:SHOWN]:
            say(f"  {line}")
        if len(lines) > SHOWN:
            say(f"  et {len(lines) - SHOWN} de plus, à relire une fois celles-ci corrigées.")


@app.command()
def cloturer(
    dossier: Folder,
    malgre_tout: Annotated[
        bool, typer.Option("--malgre-tout", help="Clore en l’état : ce qui manque sera dit non évalué ou inconnu.")
    ] = False,
    en_json: Json = False,
) -> None:
    """Calcule, écrit attestations, certificats, rapport et preuves dans 5-rendre. Peut être refait."""
    from formation.classroom.reports import say, say_json
    from formation.cli._progress import progress
    from formation.session.closing import ClotureIncomplete, close
    from formation.session.model import open_session

    session = open_session(dossier)
    try:
        closed = close(session, anyway=malgre_tout, tell=progress())
    except ClotureIncomplete as error:
        if en_json or not sys.stdin.isatty():
            raise
        say("\n".join(["Il manque :", *(f"  {one}" for one in error.missing)]))
        if not typer.confirm("Clore en l’état ?", default=False):
            raise typer.Exit(1) from None
        closed = close(session, anyway=True, tell=progress())
    if en_json:
        say_json(closed.to_json())
        return
    for one in closed.missing:
        say(f"À savoir : {one}")
    say(f"Session close dans {dossier / '5-rendre'} : {closed.papers} papiers, le rapport, les résultats, les preuves.")
    if closed.kept:
        say(f"Gardés tels quels : {', '.join(closed.kept[:5])}.")
    say("Une réponse de plus ? Déposez-la, puis relancez la même commande.")


@app.command()
def rapport(
    dossier: Folder,
    sortie: Annotated[
        Path | None, typer.Option("--sortie", metavar="DOSSIER", help="Dossier où écrire ; par défaut, 5-rendre.")
    ] = None,
    ecraser: Annotated[
        bool, typer.Option("--ecraser", help="Remplace les fichiers déjà là, hors de 5-rendre.")
    ] = False,
    en_json: Json = False,
) -> None:
    """Écrit le rapport et le tableau des résultats, sans les papiers : utile pendant la session."""
    from formation.classroom.reports import say, say_json
    from formation.session.closing import write_alone
    from formation.session.model import open_session

    noted, written = write_alone(open_session(dossier), sortie or dossier / "5-rendre", overwrite=ecraser)
    if en_json:
        say_json([str(path) for path in written])
    else:
        for line in noted.refused:
            say(f"Laissé de côté : {line}")
        say("Écrits : " + ", ".join(str(path) for path in written))


@app.command()
def simuler(
    dossier: Folder,
    graine: Annotated[int, typer.Option("--graine", metavar="N", help="Graine du tirage.")] = 447,
    en_json: Json = False,
) -> None:
    """Joue la session avec des stagiaires simulés, pour une répétition ; tout ce qui en sort est marqué « essai »."""
    from formation.classroom.reports import say, say_json
    from formation.cli._progress import progress
    from formation.session.model import open_session
    from formation.session.simulation_run import play_trial

    played = play_trial(open_session(dossier), graine, progress())
    if en_json:
        say_json(played.to_json())
    else:
        say("ESSAI : stagiaires simulés. Le dossier en garde la marque (ESSAI.txt).")
        _say_noted(played.noted)
        if played.copies:
            say(f"Copies corrigées : {played.copies}.")
        say(f"{played.idle} ne rend rien ; {played.absent} manque la première demi-journée, en tout ou partie.")
        say(f"Ensuite : formation session cloturer {shlex.quote(str(dossier))} --malgre-tout")
    for line in played.failed:
        say(f"Échec : {line}")
    if played.failed:
        raise typer.Exit(1)
