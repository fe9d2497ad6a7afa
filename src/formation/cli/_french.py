"""Met en français l’aide et les erreurs d’usage que la bibliothèque de commandes écrit en anglais."""

from __future__ import annotations

import re
from difflib import get_close_matches
from types import MethodType
from typing import Any

_HELP = (
    (r"^Usage: ", "Usage : "),
    (r"^Options:$", "Options :"),
    (r"^Arguments:$", "Arguments :"),
    (r"^Commands:$", "Commandes :"),
    (r"\[OPTIONS\]", "[OPTIONS]"),
    (r"COMMAND \[ARGS\]\.\.\.", "COMMANDE [ARGUMENTS]…"),
    # dans une fenêtre étroite, ces mots sont coupés d’une ligne à l’autre
    (r"Show\s+this\s+message\s+and\s+exit\.", "Affiche cette aide."),
    (r"; x(?:>=|<=|>|<)[^\]]*\]", "]"),
    (r"\]\.\.\.$", "]…"),
    (r"\[default:\s+", "[par défaut : "),
    (r"[\[(]([^\[\]()]*)required([^\[\]()]*)[\])]", r"[\1obligatoire\2]"),
    (r"<(?:list\[)?str\]?>", "TEXTE"),
    (r"<(?:list\[)?int\]?>", "ENTIER"),
    (r"<(?:list\[)?float\]?>", "NOMBRE"),
    (r"<(?:list\[)?path\]?>", "CHEMIN"),
    (r" \{(\[?[A-ZÀ-Ý_=]+\]?…?)\}", r" \1"),
)

_PARAMETER = (
    (r"^Value error, '(.*)' is not one of (.*?)\.?$", r"« \1 » n’est pas dans la liste : \2."),
    (r"^Input should be a valid integer.*", "ce n’est pas un nombre entier."),
    (r"^Input should be a valid (?:number|decimal).*", "ce n’est pas un nombre."),
    (r"^Input should be greater than or equal to (\S+?)\.?$", r"la valeur doit être au moins \1."),
    (r"^Input should be less than or equal to (\S+?)\.?$", r"la valeur doit être au plus \1."),
    (r"^Input should be greater than (\S+?)\.?$", r"la valeur doit être plus grande que \1."),
    (r"^Input should be (.*)$", r"valeurs acceptées : \1."),
    (r"^'?(.*?)'? is not a valid (?:int|integer)( range)?\.$", r"« \1 » n’est pas un nombre entier."),
    (r"^'?(.*?)'? is not a valid (?:float|number)( range)?\.$", r"« \1 » n’est pas un nombre."),
    (r"^'?(.*?)'? is not one of (.*)\.$", r"« \1 » n’est pas dans la liste : \2."),
    (r"^(\S+) is not in the range (.*)\.$", r"« \1 » est hors de l’intervalle \2."),
    (r"(?i)^(?:file|path|directory) '(.*)' does not exist\.$", r"« \1 » n’existe pas."),
    (r"(?i)^file '(.*)' is a directory\.$", r"« \1 » est un dossier, pas un fichier."),
    (r"(?i)^directory '(.*)' is a file\.$", r"« \1 » est un fichier, pas un dossier."),
    (r"(?i)^(?:file|path|directory) '(.*)' is not readable\.$", r"« \1 » n’est pas lisible : vérifiez vos droits."),
)


def translate_help(text: str) -> str:
    """Traduit une page d’aide."""
    for pattern, replacement in _HELP:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text


def translate_command(command: Any, name: str) -> Any:
    """Fait parler français une commande et toutes ses sous-commandes."""
    command.name = name
    command.rich_markup_mode = None
    command.params = [param for param in command.params if param.name not in ("install_completion", "show_completion")]
    original = command.get_help
    command.get_help = MethodType(lambda _self, ctx: translate_help(original(ctx)), command)
    for child_name, child in getattr(command, "commands", {}).items():
        translate_command(child, child_name)
    return command


def usage_message(error: Any) -> str | None:
    """Phrase française pour une erreur d’usage, suivie de la marche à suivre ; `None` si l’aide suffit."""
    kind, ctx = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        return None
    path = ctx.command_path if ctx is not None else "formation"
    return f"{_explain(kind, error, ctx)} Pour l’aide : {path} --help"


def _explain(kind: str, error: Any, ctx: Any) -> str:
    message = str(getattr(error, "message", "") or "")
    if kind == "NoSuchOption":
        known = ", ".join(error.possibilities or ())
        return f"L’option « {error.option_name} » n’existe pas." + (f" Options proches : {known}." if known else "")
    if kind == "MissingParameter":
        param = error.param
        what = "l’argument" if getattr(param, "param_type_name", "") == "argument" else "l’option"
        return f"Il manque {what} « {_name(param)} »."
    if kind == "BadParameter":
        for pattern, replacement in _PARAMETER:
            if re.match(pattern, message):
                message = re.sub(pattern, replacement, message)
                break
        return f"Valeur refusée pour « {_name(error.param)} » : {message}"
    missing = re.match(r"^No such command '(.*?)'", message)
    if missing:
        known_commands = ctx.command.list_commands(ctx) if ctx is not None else []
        close = get_close_matches(missing.group(1), known_commands, n=1)
        hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
        return f"Le verbe « {missing.group(1)} » n’existe pas.{hint} Verbes : {', '.join(known_commands)}."
    if message.startswith("Got unexpected extra argument"):
        extra = message.replace("(s)", "", 1).partition("(")[2].rstrip(")")
        return f"Argument en trop : {extra}."
    if message.startswith("Missing command"):
        return "Il manque le verbe."
    if "requires an argument" in message:
        return f"L’option « {getattr(error, 'option_name', '')} » attend une valeur."
    return message


def _name(param: Any) -> str:
    if param is None:
        return "?"
    options = [option for option in getattr(param, "opts", []) if option.startswith("-")]
    return str(options[0] if options else (param.metavar or param.name or "").upper())
