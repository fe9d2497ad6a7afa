"""Appels qui exécutent un texte ou relisent un objet sérialisé : requêtes, formules, magies, fichiers."""

import ast
import re
from collections.abc import Collection, Iterator

from formation.checks.wording import shorten
from formation.classroom.grading import suspects

MAGIC_VERBS = ("run_line_magic", "run_cell_magic", "magic", "system", "getoutput")
_AT = re.compile(r"@\s*\w+\s*[.(\[]|__|@\s*[^\w\s]")
_CALL = re.compile(r"([\w.]+)\s*\(")


def literal(node: ast.AST | None) -> str | None:
    """Texte d’une constante, None pour toute autre expression.

    Parameters
    ----------
    node : AST or None
        Expression.

    Returns
    -------
    str or None
    """
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def evaluated(node: ast.Call, path: str) -> Iterator[str]:
    """Appels à qui l’on donne un texte que la bibliothèque exécute.

    Parameters
    ----------
    node : Call
        Appel.
    path : str
        Chemin pointé de ce qui est appelé, vide s’il est inconnu.

    Yields
    ------
    str
        Raison.
    """
    verb = node.func.attr if isinstance(node.func, ast.Attribute) else path.rpartition(".")[2]
    first = node.args[0] if node.args else next((one.value for one in node.keywords if one.arg == "expr"), None)
    if isinstance(node.func, ast.Attribute) and verb in suspects.EVALUATED and not path:
        text = literal(first)
        if text is None and first is not None:
            yield f"appelle {verb}() avec un texte calculé, qui peut contenir du code."
        elif text is not None and _AT.search(text):
            yield f"appelle {verb}() avec un texte qui contient du code."
        if any(one.arg in (None, "local_dict", "global_dict", "resolvers", "target") for one in node.keywords):
            yield f"choisit les noms que lit {verb}()."
    elif isinstance(node.func, ast.Attribute) and verb in suspects.LATE:
        yield from _by_name(verb, first)
    for one in node.keywords:
        yield from _option(one)
    if path in suspects.PICKLED and len(node.args) > 2:
        yield f"appelle « {path} », qui peut relire un objet sérialisé."
    if path.startswith(suspects.FORMULAS):
        yield from _formula(node)


def _by_name(verb: str, first: ast.expr | None) -> Iterator[str]:
    text = literal(first)
    computed = isinstance(first, (ast.BinOp, ast.JoinedStr))
    if computed or (text is not None and (text in suspects.EVALUATED or text.startswith("_"))):
        yield f"appelle {verb}() avec un nom de méthode inattendu."


def _option(one: ast.keyword) -> Iterator[str]:
    harmless = isinstance(one.value, ast.Constant) and not one.value.value
    if one.arg == "allow_pickle" and not harmless:
        yield "relit un objet sérialisé (allow_pickle), qui peut contenir du code."
    elif one.arg == "data_home":
        yield "relit des données d’un dossier choisi (data_home)."
    elif one.arg == "eval_str" and not harmless:
        yield "évalue des annotations (eval_str)."


def _formula(node: ast.Call) -> Iterator[str]:
    given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "formula")]
    for expression in given:
        text = literal(expression)
        if text is None or any(name not in suspects.FORMULA_CALLS for name in _CALL.findall(text)):
            yield "donne une formule calculée, ou qui appelle une fonction inattendue."


def magic(path: str, node: ast.Call) -> Iterator[str]:
    """Magie d’IPython, telle que la cellule traduite l’appelle.

    Parameters
    ----------
    path : str
        `get_ipython().run_line_magic`, par exemple.
    node : Call
        Appel.

    Yields
    ------
    str
        Raison.
    """
    verb = path.rpartition(".")[2]
    if verb not in MAGIC_VERBS:
        return
    texts = [text for text in map(literal, node.args) if text is not None]
    words = " ".join(texts).split()
    command = words[0].lstrip("%") if words else ""
    if verb in ("system", "getoutput"):
        if command not in suspects.COMMANDS:
            yield "lance une commande du système."
        return
    argument = words[1] if len(words) > 1 else ""
    limited = suspects.LIMITED_MAGICS.get(command, "")
    if command not in suspects.MAGICS or len(texts) < len(node.args) or not argument.startswith(limited):
        yield f"emploie la magie « {shorten(f'{command} {argument}'.strip(), 40) or 'inconnue'} »."


def writes(node: ast.Call, path: str, files: Collection[str]) -> Iterator[str]:
    """Écritures dans un fichier de l’énoncé, que le test relira peut-être.

    Parameters
    ----------
    node : Call
        Appel.
    path : str
        Chemin pointé de ce qui est appelé.
    files : collection of str
        Noms des fichiers du formateur.

    Yields
    ------
    str
        Raison.
    """
    texts = [arg.value for arg in _arguments(node) if isinstance(arg, ast.Constant)]
    targets = sorted(text for text in texts if isinstance(text, str) and text.removeprefix("./") in files)
    verb = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    written = verb.startswith(suspects.WRITERS) or (verb == "open" and any(map(_writing_mode, texts)))
    if targets and written:
        yield f"écrit dans « {targets[0]} », un fichier de l’énoncé."
    elif path in suspects.FILE_ACTIONS and files:
        yield "déplace ou efface un fichier."


def _arguments(call: ast.Call) -> list[ast.expr]:
    """Arguments d’un appel, et ceux de `Path(…)` s’il en part."""
    found = [*call.args, *(keyword.value for keyword in call.keywords)]
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    path = isinstance(owner, ast.Call) and "Path" in (getattr(owner.func, "id", ""), getattr(owner.func, "attr", ""))
    return found + (_arguments(owner) if path and isinstance(owner, ast.Call) else [])


def _writing_mode(text: object) -> bool:
    return (
        isinstance(text, str) and 0 < len(text) <= 3 and set(text) <= set("rwaxbt+") and bool(set(text) & set("wax+"))
    )
