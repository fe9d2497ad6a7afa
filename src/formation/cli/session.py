"""`formation session` : préparer une session, dire où elle en est, l’effacer."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from formation.cli import session_suivi, session_tableau

app = typer.Typer(
    help="Préparer une session, l’évaluer, la clore, l’effacer.", no_args_is_help=True, rich_markup_mode=None
)

Pathway = Annotated[
    str, typer.Argument(metavar="PARCOURS", help="Nom d’un parcours (formation parcours lister) ou fichier .yml.")
]
Folder = Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier de la session.")]
Roster = Annotated[
    Path,
    typer.Option(
        "--stagiaires", metavar="LISTE", help="CSV, XLSX ou ODS : nom, prénom, courriel, organisation, fonction."
    ),
]
Dates = Annotated[
    list[str],
    typer.Option(
        "--dates", metavar="DATES", help="2027-01-14 ou 14/01/2027, heure en option (2027-01-14@18:30) ; répétable."
    ),
]
Title = Annotated[str, typer.Option("--titre", help="Titre ; par défaut, celui du parcours.")]
Organisation = Annotated[str, typer.Option("--organisme", help="Organisme de formation, en tête des documents.")]
Place = Annotated[str, typer.Option("--lieu", help="Adresse, salle, ou lien de visioconférence.")]
Mode = Annotated[str, typer.Option("--modalite", help="présentiel, distanciel ou mixte.")]
Trainers = Annotated[list[str] | None, typer.Option("--formateur", metavar="NOM", help="Nom ; répétable.")]
Keep = Annotated[
    int, typer.Option("--effacer-apres", metavar="JOURS", help="Jours entre la fin et l’effacement des données.")
]
Holiday = Annotated[bool, typer.Option("--malgre-ferie", help="Garder un jour férié ou un dimanche.")]
Json = Annotated[bool, typer.Option("--json", help="Résultat pour une machine.")]
ERASE_AFTER = 180


@app.command()
def creer(
    parcours: Pathway,
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier neuf à créer.")],
    stagiaires: Roster,
    dates: Dates,
    titre: Title = "",
    organisme: Organisation = "",
    lieu: Place = "",
    modalite: Mode = "",
    formateur: Trainers = None,
    effacer_apres: Keep = ERASE_AFTER,
    malgre_ferie: Holiday = False,
    en_json: Json = False,
) -> None:
    """Crée le dossier d’une session : conducteur, diapositives, livret, quiz, émargement, convocation, exercices."""
    from formation.classroom.reports import progress, say, say_json
    from formation.numbers import plural
    from formation.session.creation import create_session
    from formation.session.request import Request

    request = Request(
        parcours,
        stagiaires,
        dates,
        dossier,
        titre,
        organisme,
        lieu,
        modalite,
        tuple(formateur or ()),
        effacer_apres,
        malgre_ferie,
    )
    with progress("Préparer", quiet=en_json) as tell:
        created = create_session(request, tell)
    session = created.session
    if en_json:
        say_json(
            {
                "dossier": str(dossier),
                "parcours": session.pathway.parcours,
                "stagiaires": len(session.participants),
                "fichiers": created.files,
                "effacer_le": session.erase_on.isoformat() if session.erase_on else None,
                "remarques": list(created.remarks),
            }
        )
        return
    people = plural(len(session.participants), "stagiaire")
    say(f"Session prête dans {dossier} : {people}, {created.files} fichiers.")
    for remark in created.remarks:
        say(f"  À vérifier : {remark}")
    say(f"Données personnelles à effacer à partir du {session.erase_on:%d/%m/%Y}.")
    say(f"Ensuite : ouvrez {dossier / 'LISEZ-MOI.html'}")


@app.command()
def completer(
    dossier: Folder,
    organisme: Annotated[str | None, typer.Option("--organisme", help="Organisme de formation.")] = None,
    lieu: Annotated[str | None, typer.Option("--lieu", help="Adresse, salle, ou lien de visioconférence.")] = None,
    formateur: Trainers = None,
    en_json: Json = False,
) -> None:
    """Donne le lieu, l’organisme ou les formateurs après coup, et refait les documents qui les disent."""
    from formation.classroom.reports import say, say_json
    from formation.session.completing import complete_session

    done = complete_session(dossier, organisation=organisme, place=lieu, trainers=formateur)
    if en_json:
        say_json({"refaits": list(done.rewritten), "gardes": list(done.kept)})
        return
    say(f"Refaits : {', '.join(done.rewritten)}.")
    for name in done.kept:
        say(f"  Gardé, car ce n’est plus celui de la création : {name}. Corrigez-le à la main.")
    if any((dossier / "5-rendre").glob("attestations/*.pdf")):
        say(f"Attestations et certificats sont déjà là : formation session cloturer {shlex.quote(str(dossier))}")


@app.command()
def verifier(
    parcours: Pathway,
    stagiaires: Roster,
    dates: Dates,
    titre: Title = "",
    modalite: Mode = "",
    effacer_apres: Keep = ERASE_AFTER,
    malgre_ferie: Holiday = False,
    en_json: Json = False,
) -> None:
    """Vérifie parcours, liste et dates comme le ferait creer, sans rien écrire."""
    from formation.classroom.reports import say, say_json
    from formation.numbers import plural
    from formation.session.closures import weekday
    from formation.session.request import Request, prepare

    ready = prepare(
        Request(
            parcours,
            stagiaires,
            dates,
            title=titre,
            mode=modalite,
            erase_after=effacer_apres,
            despite_holiday=malgre_ferie,
        )
    )
    slots = [f"{weekday(slot.date)}, {slot.label}, {slot.hours}" for slot in ready.slots]
    if en_json:
        say_json(
            {
                "parcours": ready.pathway.parcours,
                "stagiaires": [one.id for one in ready.participants],
                "demi_journees": slots,
                "remarques": list(ready.remarks),
            }
        )
        return
    say(f"Tout convient : {ready.title}, {plural(len(ready.participants), 'stagiaire')}.")
    for slot in slots:
        say(f"  {slot}")
    for remark in ready.remarks:
        say(f"  À vérifier : {remark}")


@app.command("modele-liste")
def modele_liste(
    fichier: Annotated[Path, typer.Argument(metavar="FICHIER", help="Fichier .csv à écrire.")],
    ecraser: Annotated[bool, typer.Option("--ecraser", help="Remplace le fichier s’il existe.")] = False,
) -> None:
    """Écrit une liste de stagiaires modèle, à ouvrir dans un tableur et à remplir."""
    from formation.classroom.reports import say
    from formation.session.participants import write_sample

    write_sample(fichier, overwrite=ecraser)
    say(f"Liste modèle écrite dans {fichier}. Remplacez les lignes d’exemple ; l’identifiant peut rester vide.")
    say(f"Ensuite : formation session verifier PARCOURS --stagiaires {shlex.quote(str(fichier))} --dates AAAA-MM-JJ")


@app.command()
def etat(dossier: Folder, en_json: Json = False) -> None:
    """Dit ce qui est fait, ce qui manque, et combien de jours restent avant l’effacement."""
    from formation.classroom.reports import say, say_json
    from formation.session.standing import state

    found = state(dossier)
    if en_json:
        say_json(found.to_json())
        return
    for line in found.lines():
        say(line)


@app.command()
def effacer(
    dossier: Folder,
    oui: Annotated[bool, typer.Option("--oui", help="Ne pas demander de confirmation.")] = False,
    seulement_si_echu: Annotated[
        bool, typer.Option("--seulement-si-echu", help="Ne rien faire avant la date d’effacement (tâche planifiée).")
    ] = False,
    en_json: Json = False,
) -> None:
    """Efface les données personnelles d’une session ; garde des résultats anonymes."""
    from formation.classroom.reports import say, say_json
    from formation.session.retention import erase, plan_erasure

    plan = plan_erasure(dossier)
    if seulement_si_echu and not plan.due:
        if en_json:
            say_json({"efface": False, "raison": plan.waiting})
        else:
            say(plan.waiting)
        return
    if not oui:
        for line in plan.lines():
            typer.echo(line, err=True)
        if typer.prompt("Tapez effacer pour continuer", default="", show_default=False, err=True).strip() != "effacer":
            say("Rien n’a été effacé.")
            raise typer.Exit(1)
    done = erase(dossier)
    if en_json:
        say_json(done.to_json())
        return
    for line in done.lines():
        say(line)


app.add_typer(session_suivi.app)
app.add_typer(session_tableau.app)
