"""La ligne de commande `formation` : chaque verbe n’est importé que lorsqu’on l’appelle."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from formation.cli import _french as french
from formation.errors import FormationError

# verbe : (module, aide). L’aide est ici pour que « formation --help » n’importe aucun verbe.
VERBS = {
    "donnees": ("formation.cli.donnees", "Lister, vérifier, valider, exporter ou refaire les données."),
    "usagers": ("formation.cli.usagers", "Cas de l’accueil téléphonique : assistant, file d’attente, phrases."),
    "securite": ("formation.cli.securite", "Cas de la sécurité : densité d’une foule et fausses alertes."),
    "dechets": ("formation.cli.dechets", "Cas des cantines : combien de repas préparer."),
    "eau": ("formation.cli.eau", "Cas de l’eau : quels tronçons écouter d’abord."),
    "risques": ("formation.cli.risques", "Cas des crues éclair : alerter 30, 60 ou 120 minutes avant."),
    "mobilites": ("formation.cli.mobilites", "Cas du stationnement : mesurer des parkings vus du ciel."),
    "comite": ("formation.cli.comite", "Comité de la donnée : vérifier une jointure, mesurer ce qu’elle apporte."),
    "besoin": ("formation.cli.besoin", "Outil « Faut-il une IA ? » : une fiche motivée."),
    "droit": ("formation.cli.droit", "Outil « Trier au regard du droit » : classe, analyse d’impact, mentions."),
    "nis2": ("formation.cli.nis2", "Outil « NIS 2 » : suis-je concerné, et que faire en trois ans."),
    "marche": ("formation.cli.marche", "Outil « Marché public » : noter des offres, bilan environnemental compris."),
    "charte": ("formation.cli.charte", "Outil « Charte éthique » : écrire la charte, y confronter un projet."),
    "ingenierie": ("formation.cli.ingenierie", "Outil « Ingénierie » : où en est la collectivité, avec qui avancer."),
    "concertation": ("formation.cli.concertation", "Outil « Concertation » : lire des contributions d’habitants."),
    "bibliotheque": ("formation.cli.bibliotheque", "Bibliothèque des projets : vérifier, ajouter, chercher, publier."),
    "atelier": ("formation.cli.atelier", "Préparer et corriger une session de formation."),
    "parcours": ("formation.cli.parcours", "Lire, vérifier ou écrire un parcours de formation."),
    "session": ("formation.cli.session", "Préparer une session, l’évaluer, la clore, l’effacer."),
    "diapos": ("formation.cli.diapos", "Lister, vérifier ou exporter les diapositives."),
    "quiz": ("formation.cli.quiz", "Exporter les quiz vers Moodle, GIFT ou SCORM."),
    "livre": ("formation.cli.livre", "Construire ou afficher le livre."),
}
USAGE_ERROR = 2
INTERRUPTED = 130


class LazyGroup(TyperGroup):
    """Groupe de verbes importés au premier appel."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Verbes, dans l’ordre de la table.

        Parameters
        ----------
        ctx : Context
            Contexte de la commande, sans usage ici.

        Returns
        -------
        list of str
            Noms des verbes.
        """
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Importe le verbe demandé ; `None` s’il n’existe pas.

        Parameters
        ----------
        ctx : Context
            Contexte de la commande, sans usage ici.
        cmd_name : str
            Verbe demandé.

        Returns
        -------
        Command or None
            La commande, en français.
        """
        if cmd_name not in VERBS:
            return None
        module = VERBS[cmd_name][0]
        try:
            app = import_module(module).app
        except ModuleNotFoundError as error:
            if error.name == module:
                raise FormationError(
                    f"Le verbe « {cmd_name} » n’est pas encore disponible dans cette version."
                ) from None
            raise FormationError(
                f"Le verbe « {cmd_name} » a besoin de la bibliothèque « {error.name} », qui n’est pas installée. "
                'Installez tout le nécessaire : pip install "formation-ia-territoires[livre,atelier]"'
            ) from None
        return french.translate_command(get_command(app), cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Écrit la liste des verbes sans en importer un seul.

        Parameters
        ----------
        ctx : Context
            Contexte de la commande, sans usage ici.
        formatter : HelpFormatter
            Page d’aide en cours d’écriture.
        """
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in VERBS.items()])


def main(arguments: Sequence[str] | None = None) -> None:
    """Point d’entrée de la commande `formation`.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments ; par défaut ceux du terminal.

    Raises
    ------
    SystemExit
        Toujours, avec le code de sortie : 0 si tout va bien, 2 pour une erreur expliquée, 130 si on interrompt.
    """
    from typer import Abort, TyperException

    group = LazyGroup(
        name="formation",
        help="Ce que l’IA peut et ne peut pas faire pour une collectivité : données, cas, ateliers et livre.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    french.translate_command(group, "formation")
    for stream in (sys.stdout, sys.stderr):
        # Un terminal Windows en cp1252 n’affiche pas tous les caractères : on remplace plutôt que d’échouer.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = group.main(args=arguments, prog_name="formation", standalone_mode=False)
    except FormationError as error:
        _stop(str(error), USAGE_ERROR)
    except TyperException as error:
        message = french.usage_message(error)
        if message is None:  # verbe sans argument : l’aide est la réponse
            sys.stdout.write(f"{error.format_message()}\n")
            raise SystemExit(0) from None
        _stop(message, USAGE_ERROR)
    except (Abort, KeyboardInterrupt):
        _stop("Interrompu.", INTERRUPTED)
    if code == INTERRUPTED:
        _stop("Interrompu.", INTERRUPTED)
    raise SystemExit(code if isinstance(code, int) else 0)


def _stop(message: str, code: int) -> None:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(code) from None
