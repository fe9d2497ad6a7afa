"""Commandes du serveur partagé : `python deploiement/serveur.py VERBE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from reglages import Settings, read_settings

from formation.checks.failure import french
from formation.errors import FormationError

app = typer.Typer(
    help="Installer et tenir un serveur de formation partagé.", no_args_is_help=True, rich_markup_mode=None
)
Course = Annotated[
    Path | None, typer.Argument(metavar="[DOSSIER]", help="Dossier du cours ; par défaut celui des réglages.")
]
Names = Annotated[list[str] | None, typer.Option("--devoir", metavar="NOM", help="Ce devoir seulement ; répétable.")]


def _say(text: str) -> None:
    typer.echo(french(text))


def _tell(said: dict[str, list[str]]) -> None:
    for line in (line for lines in said.values() for line in lines):
        _say(line)


def _course(folder: Path | None, settings: Settings) -> Path:
    return folder or settings.folder("DOSSIER_COURS")


@app.command()
def installer(
    stagiaires: Annotated[
        int, typer.Option("--stagiaires", metavar="N", min=0, max=500, help="Comptes à créer, de 01 à N.")
    ] = 0,
    a_blanc: Annotated[bool, typer.Option("--a-blanc", help="Dire sans faire.")] = False,
) -> None:
    """Crée les comptes, les dossiers et la base qui manquent (droits d’administration)."""
    from comptes import need_root
    from installer import PASSWORDS, install

    if not a_blanc:
        need_root("installer")
    settings = read_settings()
    done = install(settings, stagiaires, typer.echo, dry=a_blanc)
    _say(f"{done} étape(s) {'à faire' if a_blanc else 'faites'}.")
    if settings["CONNEXION"] == "pam" and stagiaires and not a_blanc:
        _say(f"Mots de passe tirés : {settings.folder('ETAT') / PASSWORDS} ; remettez-les, puis effacez le fichier.")


@app.command()
def verifier() -> None:
    """Vérifie versions, droits et base ; lancé par root, essaie aussi ce qui doit être refusé."""
    from comptes import is_root
    from verifier import verify

    checks = verify(read_settings())
    for check in checks:
        typer.echo(str(check))
    wrong = sum(not check.good for check in checks)
    if not is_root():
        _say("Sans les droits d’administration, les essais sous les autres comptes ne sont pas faits.")
    _say(
        f"{len(checks)} vérifications, {wrong} à corriger." if wrong else f"{len(checks)} vérifications, toutes bonnes."
    )
    if wrong:
        raise typer.Exit(1)


@app.command()
def interface() -> None:
    """Refait la liste des devoirs en français, après une mise à jour de nbgrader."""
    from interface import build_interface

    _say(f"Interface écrite dans {build_interface(read_settings().folder('INTERFACE'))}.")


@app.command()
def brancher(dossier: Course = None) -> None:
    """Relie un cours à PostgreSQL et à l’échange, avant de le distribuer."""
    from cours import connect

    root = _course(dossier, read_settings())
    fresh = connect(root)
    _say(f"{root} : {'branché' if fresh else 'déjà branché'}. Ensuite : formation atelier distribuer {root}")


@app.command()
def publier(dossier: Course = None, devoir: Names = None) -> None:
    """Met les copies vierges à disposition des stagiaires, dans la liste des devoirs."""
    from cours import publish

    settings = read_settings()
    _say(f"Devoirs publiés : {', '.join(publish(_course(dossier, settings), settings, devoir))}.")


@app.command()
def collecter(dossier: Course = None, devoir: Names = None) -> None:
    """Collecte les rendus ; écarte ceux d’un autre compte et les liens."""
    from cours import gather

    settings = read_settings()
    root = _course(dossier, settings)
    said = gather(root, settings, devoir)
    _tell(said)
    copies = sum(1 for name in said for _ in (root / "submitted").glob(f"*/{name}"))
    _say(f"{copies} copie(s) dans {root / 'submitted'}. Ensuite : formation atelier corriger {root}")


@app.command()
def rendre(dossier: Course = None, devoir: Names = None) -> None:
    """Rend les retours écrits par « formation atelier corriger »."""
    from cours import hand_back

    settings = read_settings()
    said = hand_back(_course(dossier, settings), settings, devoir)
    _tell(said)
    _say(f"Retours rendus : {', '.join(said)}.")


@app.command()
def sauvegarder(
    fichier: Annotated[Path, typer.Argument(metavar="FICHIER", help="Fichier neuf, lisible par vous seul.")],
) -> None:
    """Sauvegarde le carnet de notes."""
    from carnet import save

    size = save(read_settings(), fichier)
    _say(f"Carnet de notes sauvegardé : {fichier}, {max(1, round(size / 1000))} Ko de données personnelles.")


@app.command()
def restaurer(
    fichier: Annotated[Path, typer.Argument(metavar="FICHIER", help="Fichier écrit par « sauvegarder ».")],
) -> None:
    """Remet le carnet de notes dans l’état d’une sauvegarde."""
    from carnet import restore

    restore(read_settings(), fichier)
    _say(f"Carnet de notes remis dans l’état de {fichier}.")


@app.command()
def effacer(
    confirmer: Annotated[
        str, typer.Option("--confirmer", metavar="EFFACER", help="Le mot EFFACER ; sinon, rien n’est effacé.")
    ] = "",
) -> None:
    """Dit ce qui porte des données de stagiaires ; avec --confirmer EFFACER, l’efface (Hub arrêté)."""
    from comptes import need_root
    from effacer import WORD, erase

    need_root("effacer")
    erase(read_settings(), confirmer, typer.echo)
    if confirmer != WORD:
        _say(f"Rien n’est effacé. Pour effacer : --confirmer {WORD}.")
    _say("Les sauvegardes et le journal du système sont à effacer à part.")


def main() -> None:
    """Point d’entrée : erreurs attendues en français, code 2."""
    from typer.main import get_command

    from formation.cli import _french

    command = _french.translate_command(get_command(app), "serveur.py")
    try:
        code = command.main(standalone_mode=False)
    except FormationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    except typer.TyperException as error:
        message = _french.usage_message(error)
        sys.stderr.write(f"{message or error.format_message()}\n")
        raise SystemExit(0 if message is None else 2) from None
    raise SystemExit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
