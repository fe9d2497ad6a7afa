"""Relire le code d’un stagiaire avant de croire un test réussi dans son propre processus.

Une lecture du texte ne prouve rien : elle signale ce qu’une réponse honnête n’emploie pas,
pour qu’une personne regarde. Elle s’ajoute aux canaris et à l’examen des types, qui se font à l’exécution.
"""

import ast
import builtins
import importlib.util
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

from formation.checks.failure import french
from formation.checks.wording import shorten
from formation.classroom.grading import suspects
from formation.classroom.grading.names import bound, given, imported, loaded, parse, simple_assignments

MAX_REASONS = 8
MAX_CHARACTERS = 300_000
_MAGIC_VERBS = ("run_line_magic", "run_cell_magic", "magic", "system", "getoutput")
_QUOTED = suspects.ATTRIBUTES | suspects.COMPARISONS
_BUILTINS = frozenset(dir(builtins))


def screen(
    sources: Sequence[str],
    test_source: str,
    *,
    trusted: Sequence[str] = (),
    reference: Sequence[str] = (),
    files: Collection[str] = (),
) -> list[str]:
    """Relit les cellules d’un stagiaire et dit ce qui mérite un regard.

    Parameters
    ----------
    sources : sequence of str
        Cellules de code du stagiaire, dans l’ordre.
    test_source : str
        Cellule de test réussie, partie cachée comprise.
    trusted : sequence of str
        Cellules verrouillées du formateur : ce qu’elles définissent ne se remplace pas.
    reference : sequence of str
        Réponses du formateur : ce qu’elles emploient elles-mêmes n’est pas signalé.
    files : collection of str
        Fichiers posés à côté du carnet par le formateur : ses modules s’importent, ses données ne se réécrivent pas.

    Returns
    -------
    list of str
        Raisons en français, avec la ligne en cause ; vide si rien n’est à signaler.

    Examples
    --------
    >>> screen(["total = abs(-3)"], "assert total == 3")
    []
    >>> print(screen(["abs = lambda x: 3"], "assert abs(total) == 3")[0])
    « abs = lambda x: 3 » (ligne 1)...remplace « abs », dont le test se sert.
    """
    if sum(map(len, sources)) > MAX_CHARACTERS:
        return [french("Le code est trop long pour être relu par la machine.")]
    wanted = _Context(loaded(test_source), given(trusted), frozenset(PurePosixPath(name).name for name in files))
    reading = _Reading(wanted)
    found = [finding for source in sources for finding in reading.read(source)]
    usual = {key for source in reference for key, _, _ in _Reading(wanted).read(source)} if found else set()
    reasons = [french(f"{where} : {text}") for key, where, text in found if key not in usual]
    return list(dict.fromkeys(reasons))[:MAX_REASONS]


@dataclass(frozen=True, slots=True)
class _Context:
    """Noms que le test lit, et ce que le formateur a défini."""

    used: frozenset[str]
    given: dict[str, str]
    files: frozenset[str]


Finding = tuple[str, str, str]


@dataclass(slots=True)
class _Reading:
    """Lecture de cellules successives : les noms importés y restent connus d’une cellule à l’autre."""

    context: _Context
    aliases: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = self.context.given.items()
        self.aliases.update({name: nature[7:] for name, nature in given if nature.startswith("import ")})

    def read(self, source: str) -> list[Finding]:
        try:
            tree = parse(source)
            return [] if tree is None else self._findings(tree, source.splitlines())
        except (RecursionError, MemoryError, ValueError):
            return [("illisible", "Une cellule", "est trop imbriquée pour être relue.")]

    def _findings(self, tree: ast.Module, lines: list[str]) -> list[Finding]:
        nodes = list(ast.walk(tree))
        self._learn(nodes)
        found = [(node, text) for node in nodes for text in self._look(node)]
        found += [(node, text) for name, node in bound(tree.body) for text in self._rebinding(name, node)]
        return [*((text, _where(node, lines), text) for node, text in found), *self._inner(nodes)]

    def _learn(self, nodes: list[ast.AST]) -> None:
        for node in nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.aliases.update(imported(node))
        for node in nodes:
            for target, value in simple_assignments(node):
                path = self._path(value)
                if path:
                    self.aliases[target] = path

    def _path(self, node: ast.AST) -> str:
        """Chemin pointé d’un nom venu d’un import : « numpy.testing.assert_allclose » ; vide sinon."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.aliases:
            return ".".join([self.aliases[node.id], *reversed(parts)])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_ipython":
            return ".".join(["get_ipython()", *reversed(parts)])
        return ""

    def _look(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from self._imports(node)
        elif isinstance(node, ast.ClassDef):
            yield from _class_reasons(node)
        elif isinstance(node, ast.Call):
            yield from self._call_reasons(node)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute_reasons(node)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            path = self._path(node.value)
            if path and not any(part in suspects.SETTINGS for part in path.split(".")):
                yield f"modifie « {path} », d’une bibliothèque."
        elif isinstance(node, ast.Name):
            yield from self._name_reasons(node)
        elif isinstance(node, ast.Constant) and node.value in _QUOTED:
            yield f"cite « {node.value} » comme un texte."

    def _name_reasons(self, node: ast.Name) -> Iterator[str]:
        if node.id in suspects.NAMES and isinstance(node.ctx, ast.Load):
            yield f"lit « {node.id} », propre à l’interpréteur."

    def _imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        for name, path in imported(node):
            full = path if isinstance(node, ast.ImportFrom) else next(a.name for a in node.names if _binds(a, name))
            yield from _forbidden(full)
            if name == "*" and not full.startswith(suspects.STARS):
                yield f"importe tous les noms de « {full.removesuffix('.*')} »."
            root = full.split(".")[0]
            local = f"{root}.py" in self.context.files or f"import {root}" in self._roots()
            if not local and not _installed(root):
                yield f"importe « {root or full} », qui n’est pas une bibliothèque installée."

    def _roots(self) -> set[str]:
        natures = self.context.given.values()
        return {f"import {nature[7:].split('.')[0]}" for nature in natures if nature.startswith("import ")}

    def _attribute_reasons(self, node: ast.Attribute) -> Iterator[str]:
        path = self._path(node)
        if path.startswith("get_ipython()"):
            if path.count(".") == 1 and node.attr not in _MAGIC_VERBS:
                yield f"touche à l’interpréteur par « {path} »."
            return
        if node.attr in suspects.ATTRIBUTES:
            yield f"emploie « {node.attr} », qui donne accès à l’intérieur de Python."
        if not isinstance(node.ctx, ast.Load):
            if path and not any(part in suspects.SETTINGS for part in path.split(".")):
                yield f"remplace « {path} », d’une bibliothèque."
            elif node.attr in suspects.COMPARISONS:
                yield f"remplace « {node.attr} » d’une classe."
        elif path:
            yield from _forbidden(path)

    def _call_reasons(self, node: ast.Call) -> Iterator[str]:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in suspects.CALLS:
            yield f"appelle {name}()."
        elif name == "type" and len(node.args) > 1:
            yield "fabrique une classe avec type()."
        elif name in ("setattr", "getattr"):
            yield from self._by_name(name, node.args)
        yield from self._writes(node)
        path = self._path(node.func)
        if path.startswith("get_ipython()"):
            yield from _magic_reasons(path, node)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in suspects.MUTATORS and path.count(".") > 1:
            root, settings = path.split(".")[0], any(part in suspects.SETTINGS for part in path.split("."))
            if root in suspects.INNARDS and not settings and self._path(node.func.value) not in ("numpy", "pandas"):
                yield f"modifie « {path.rpartition('.')[0]} », d’une bibliothèque."

    def _writes(self, node: ast.Call) -> Iterator[str]:
        """Écritures dans un fichier de l’énoncé, que le test relira peut-être."""
        texts = [arg.value for arg in _arguments(node) if isinstance(arg, ast.Constant)]
        targets = sorted(
            text for text in texts if isinstance(text, str) and text.removeprefix("./") in self.context.files
        )
        verb = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        written = verb.startswith(suspects.WRITERS) or (verb == "open" and any(map(_writing_mode, texts)))
        if targets and written:
            yield f"écrit dans « {targets[0]} », un fichier de l’énoncé."
        elif self._path(node.func) in suspects.FILE_ACTIONS and self.context.files:
            yield "déplace ou efface un fichier."

    def _by_name(self, verb: str, args: list[ast.expr]) -> Iterator[str]:
        literal = len(args) > 1 and isinstance(args[1], ast.Constant)
        from_library = bool(args and self._path(args[0]))
        if verb == "setattr" and (from_library or not literal):
            yield "appelle setattr() sur une bibliothèque ou avec un nom calculé."
        simple = literal or (len(args) > 1 and isinstance(args[1], ast.Name) and not from_library)
        if verb == "getattr" and not simple:
            yield "appelle getattr() avec un nom calculé."

    def _rebinding(self, name: str, node: ast.AST) -> Iterator[str]:
        nature = self.context.given.get(name, "")
        if isinstance(node, (ast.Import, ast.ImportFrom)) and f"import {dict(imported(node)).get(name)}" == nature:
            return
        used = name in self.context.used
        if name in suspects.ALWAYS_KEPT and not isinstance(node, (ast.Import, ast.ImportFrom)):
            yield f"remplace « {name} »."
        elif used and name in _BUILTINS:
            yield f"remplace « {name} », dont le test se sert."
        elif used and (nature.startswith("import ") or nature == "définition"):
            yield f"remplace « {name} », donné par l’énoncé et dont le test se sert."
        elif used and nature == "donnée" and not _continues(name, node):
            yield f"remplace « {name} », une donnée de l’énoncé dont le test se sert."
        elif not nature and used and isinstance(node, ast.Assign) and self._shadows_module(name):
            yield f"remplace « {name} », dont le test se sert."

    def _shadows_module(self, name: str) -> bool:
        return name in ("np", "pd", "plt", "numpy", "pandas", "math", "formation")

    def _inner(self, nodes: list[ast.AST]) -> Iterator[Finding]:
        """Code écrit dans une magie (`%time`, `%%capture`) : relu comme une cellule."""
        for node in nodes:
            if isinstance(node, ast.Call) and self._path(node.func).startswith("get_ipython().run_"):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if texts and texts[0] in suspects.CODE_MAGICS:
                    yield from (finding for text in texts[1:] for finding in self.read(text))


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


def _binds(alias: ast.alias, name: str) -> bool:
    return name in (alias.asname, alias.name, alias.name.split(".")[0])


def _where(node: ast.AST, lines: list[str]) -> str:
    line = getattr(node, "lineno", 0)
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return f"« {shorten(text, 60)} » (ligne {line})" if text else f"Ligne {line}"


def _forbidden(path: str) -> Iterator[str]:
    for module in suspects.MODULES:
        if path == module or path.startswith(f"{module}."):
            yield f"emploie « {module} »."
            return
    parts = path.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        if parts[cut] in suspects.MEMBERS.get(".".join(parts[:cut]), ()):
            yield f"emploie « {'.'.join(parts[: cut + 1])} »."
            return


@cache
def _installed(root: str) -> bool:
    if root in sys.stdlib_module_names or root in sys.builtin_module_names:
        return True
    if root in suspects.KNOWN:
        return True
    try:
        return bool(root) and importlib.util.find_spec(root) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _class_reasons(node: ast.ClassDef) -> Iterator[str]:
    defined = {name for name, _ in bound(node.body)}
    bases = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases}
    lying = defined & suspects.COMPARISONS
    if bases & suspects.VALUE_BASES:
        lying |= {name for name in defined - suspects.PLAIN_DUNDERS if name.startswith("__")}
    if lying:
        yield f"la classe « {node.name} » définit {', '.join(sorted(lying))}."
    if any(keyword.arg == "metaclass" for keyword in node.keywords):
        yield f"la classe « {node.name} » a une métaclasse."


def _magic_reasons(path: str, node: ast.Call) -> Iterator[str]:
    verb = path.rpartition(".")[2]
    if verb not in _MAGIC_VERBS:
        return
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    words = " ".join(texts).split()
    command = words[0].lstrip("%") if words else ""
    if verb in ("system", "getoutput"):
        if command not in suspects.COMMANDS:
            yield "lance une commande du système."
        return
    argument = words[1] if len(words) > 1 else ""
    limited = suspects.LIMITED_MAGICS.get(command, "")
    if command not in suspects.MAGICS or len(texts) < len(node.args) or not argument.startswith(limited):
        yield f"emploie la magie « {shorten(f'{command} {argument}'.strip(), 40) or 'inconnue'} »."


def _continues(name: str, node: ast.AST) -> bool:
    """Vrai si une donnée de l’énoncé est seulement relue, complétée ou triée, non remplacée."""
    value = getattr(node, "value", None)
    if isinstance(node, (ast.AugAssign, ast.Delete, ast.For, ast.With)) or value is None:
        return True
    for inner in ast.walk(value):
        if isinstance(inner, ast.Name) and inner.id == name:
            return True
        if isinstance(inner, ast.Attribute) and inner.attr.startswith(("read_", "load")):
            return True
    return False
