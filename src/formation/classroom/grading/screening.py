"""Relire le code d’un stagiaire avant de croire un test réussi dans son propre processus.

Une lecture du texte ne prouve rien : elle signale ce qu’une réponse honnête n’emploie pas,
pour qu’une personne regarde. Elle s’ajoute aux canaris et à l’examen des types, qui se font à l’exécution.
"""

import ast
import builtins
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from formation.checks.failure import french
from formation.checks.wording import shorten
from formation.classroom.grading import late, reach, shapes, suspects
from formation.classroom.grading.names import (
    bound,
    given,
    imported,
    loaded,
    locals_read,
    parse,
    simple_assignments,
)

MAX_REASONS = 8
MAX_CHARACTERS = 300_000
_QUOTED = suspects.ATTRIBUTES | suspects.COMPARISONS
_INSIDE = re.compile(
    r"__(globals|builtins|code|closure|subclasses|dict|import|getattribute|reduce|self|mro|bases|base|loader)__"
    r"|\bf_(back|globals|builtins|locals|code)\b|\b(tb|gi|cr)_frame\b"
)
_BUILTINS = frozenset(dir(builtins))
_FOLLOWED_CALLS = suspects.CALLS | {"getattr", "setattr"}


def screen(
    sources: Sequence[str],
    test_source: str,
    *,
    trusted: Sequence[str] = (),
    reference: Sequence[str] = (),
    files: Collection[str] = (),
    shipped: Mapping[str, str | None] | None = None,
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
    shipped : mapping of str to str or None, optional
        Modules joints à la copie : chemin → texte, None s’il ne se lit pas ; relus comme les cellules.

    Returns
    -------
    list of str
        Raisons en français, avec la ligne en cause ; vide si rien n’est à signaler.

    Examples
    --------
    >>> screen(["total = abs(-3)"], "assert total == 3")
    []
    >>> reasons = screen(["abs = lambda x: 3"], "assert abs(total) == 3")
    >>> len(reasons), "remplace" in reasons[0]
    (1, True)
    """
    modules = {name: text for name, text in (shipped or {}).items() if name not in files}
    if sum(map(len, sources)) + sum(len(text or "") for text in modules.values()) > MAX_CHARACTERS:
        return [french("Le code est trop long pour être relu par la machine.")]
    known = {name.partition(".")[0] for name in map(_top, files)} | {_top(name).partition(".")[0] for name in modules}
    ours = given(trusted)
    roots = {path.split(".")[0] for path in _imports_of([*trusted, *reference])}
    wanted = _Context(
        loaded(test_source), ours, frozenset(PurePosixPath(name).name for name in files), frozenset(known | roots)
    )
    reading = _Reading(wanted)
    found = [finding for source in sources for finding in reading.read(source)]
    usual = {key for source in reference for key, _, _ in _Reading(wanted).read(source)} if found else set()
    by_line: dict[str, str] = {}
    for key, where, text in found:
        if key not in usual:
            by_line.setdefault(where, french(f"{where} : {text}"))
    reasons = list(by_line.values())
    reasons += [french(text) for name, source in modules.items() for text in _module_reasons(name, source, wanted)]
    return list(dict.fromkeys(reasons))[:MAX_REASONS]


def _top(name: str) -> str:
    return PurePosixPath(name).parts[0] if name else ""


def _imports_of(sources: Sequence[str]) -> Iterator[str]:
    for source in sources:
        tree = parse(source)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module


@dataclass(frozen=True, slots=True)
class _Context:
    """Noms que le test lit, ce que le formateur a défini, et les modules que l’on peut importer."""

    used: frozenset[str]
    given: dict[str, str]
    files: frozenset[str]
    known: frozenset[str]


def _module_reasons(name: str, source: str | None, context: _Context) -> Iterator[str]:
    """Raisons de relire un module joint à la copie."""
    stem = _top(name).partition(".")[0]
    if reach.shadows(stem):
        yield f"Le fichier joint « {shorten(name, 60)} » prend le nom d’une bibliothèque."
    elif source is None:
        yield f"Le fichier joint « {shorten(name, 60)} » peut être exécuté, et ne se lit pas."
    else:
        reading = _Reading(_Context(frozenset(), {}, context.files, context.known))
        for _, where, text in reading.read(source):
            yield f"« {shorten(name, 60)} », {where} : {text}"


Finding = tuple[str, str, str]


@dataclass(slots=True)
class _Reading:
    """Lecture de cellules successives : les noms importés y restent connus d’une cellule à l’autre."""

    context: _Context
    aliases: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    hidden: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    called: frozenset[int] = frozenset()
    listed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        natures = self.context.given.items()
        self.aliases.update({name: nature[7:] for name, nature in natures if nature.startswith("import ")})
        self.modules |= {name for name, path in self.aliases.items() if "." not in path}

    def read(self, source: str) -> list[Finding]:
        try:
            tree = parse(source)
            return [] if tree is None else self._findings(tree, source.splitlines())
        except (RecursionError, MemoryError, ValueError):
            return [("illisible", "Une cellule", "est trop imbriquée pour être relue.")]

    def _findings(self, tree: ast.Module, lines: list[str]) -> list[Finding]:
        nodes = list(ast.walk(tree))
        followed = self._learn(nodes)
        self.hidden = locals_read(tree, {*self.aliases, *_FOLLOWED_CALLS}, followed)
        self.seen = frozenset(id(one) for node in nodes for one in self._consumed(node, nodes))
        self.called = frozenset(id(node.func) for node in nodes if isinstance(node, ast.Call))
        self.listed = shapes.looped(nodes)
        found = [(node, text) for node in nodes for text in self._look(node)]
        found += [(node, text) for name, node in bound(tree.body) for text in self._rebinding(name, node)]
        listed = [*((text, _where(node, lines), text) for node, text in found), *self._inner(nodes)]
        self.modules -= {name for node in tree.body for name in shapes.plainly_bound(node) if name not in followed}
        return listed

    def _learn(self, nodes: list[ast.AST]) -> set[str]:
        """Suit les noms importés ; rend ceux qu’une affectation fait suivre."""
        followed = set()
        for node in nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.aliases.update(imported(node))
                if isinstance(node, ast.Import):
                    self.modules |= {name for name, _ in imported(node)}
        for node in nodes:
            for target, value in simple_assignments(node):
                path = self._path(value)
                if path:
                    self.aliases[target] = path
                    followed.add(target)
        return followed

    def _path(self, node: ast.AST) -> str:
        """Chemin pointé d’un nom venu d’un import : « numpy.testing.assert_allclose » ; vide sinon."""
        parts: list[str] = []
        while True:
            step = _step(node)
            if step is None:
                break
            parts.append(step[0])
            node = step[1]
        if isinstance(node, ast.Name) and node.id in self.aliases and id(node) not in self.hidden:
            return ".".join([self.aliases[node.id], *reversed(parts)])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_ipython":
            return ".".join(["get_ipython()", *reversed(parts)])
        return ""

    def _consumed(self, node: ast.AST, nodes: list[ast.AST]) -> Iterator[ast.AST]:
        """Emplois d’un module qui ne le cachent pas : lire un de ses éléments, le renommer, l’afficher."""
        if isinstance(node, ast.Attribute):
            yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in suspects.SEEING:
            yield from node.args
        elif isinstance(node, ast.Expr):
            yield node.value
        elif not isinstance(node, (ast.For, ast.comprehension)) or shapes.only_described(node.target, nodes):
            yield from (value for _, value in simple_assignments(node))

    def _look(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from self._imports(node)
        elif isinstance(node, ast.ClassDef):
            yield from shapes.class_reasons(node)
        elif isinstance(node, ast.Call):
            yield from self._call_reasons(node)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute_reasons(node)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            path = self._path(node.value)
            if path and not any(part in suspects.SETTINGS for part in path.split(".")):
                yield f"modifie « {path} », d’une bibliothèque."
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from self._name_reasons(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in _QUOTED or _INSIDE.search(node.value):
                yield f"cite « {shorten(node.value, 40)} » comme un texte."
        elif isinstance(node, ast.MatchClass):
            yield from (text for name in node.kwd_attrs for text in shapes.named(name))

    def _name_reasons(self, node: ast.Name) -> Iterator[str]:
        name = node.id
        if id(node) in self.hidden:
            return
        dunder = name.startswith("__") and name.endswith("__") and name not in suspects.PLAIN_NAMES | suspects.CALLS
        if name in suspects.NAMES or dunder:
            yield f"lit « {name} », propre à l’interpréteur."
        elif name in suspects.CALLS:
            yield f"emploie {name}()."
        elif name in ("getattr", "setattr", "get_ipython"):
            if id(node) not in self.called:
                yield f"emploie « {name} » autrement que par un appel."
        elif name in suspects.ANYWHERE and name not in self.aliases:
            yield f"emploie « {name} »."
        elif name in self.modules and id(node) not in self.seen:
            yield f"donne le module « {self.aliases.get(name, name)} » comme une valeur."

    def _imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        for alias in node.names:
            module = f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else alias.name
            full = f"{module}.{alias.name}" if isinstance(node, ast.ImportFrom) else module
            reasons = list(reach.forbidden(full))
            yield from reasons
            if alias.name == "*" and not module.startswith(suspects.STARS):
                yield f"importe tous les noms de « {module} »."
            why = reach.unexpected(full, self.context.known)
            if why and not reasons:
                yield why

    def _attribute_reasons(self, node: ast.Attribute) -> Iterator[str]:
        path = self._path(node)
        if path.startswith("get_ipython()"):
            if path.count(".") == 1 and node.attr not in late.MAGIC_VERBS:
                yield f"touche à l’interpréteur par « {path} »."
            return
        yield from shapes.named(node.attr)
        if not isinstance(node.ctx, ast.Load):
            if path and not any(part in suspects.SETTINGS for part in path.split(".")):
                yield f"remplace « {path} », d’une bibliothèque."
            elif node.attr in suspects.COMPARISONS:
                yield f"remplace « {node.attr} » d’une classe."
        elif path:
            yield from reach.forbidden(path)
            if path in suspects.SUBMODULES and id(node) not in self.seen:
                yield f"donne le module « {path} » comme une valeur."
        if node.attr in suspects.EVALUATED and id(node) not in self.called and not path:
            yield f"emploie « {node.attr} » autrement que par un appel."

    def _call_reasons(self, node: ast.Call) -> Iterator[str]:
        name = node.func.id if isinstance(node.func, ast.Name) and id(node.func) not in self.hidden else ""
        if name == "type" and len(node.args) > 1:
            yield "fabrique une classe avec type()."
        elif name in ("setattr", "getattr"):
            yield from self._by_name(name, node.args)
        elif name == "get_ipython" and id(node) not in self.seen:
            yield "donne l’interpréteur comme une valeur."
        path = self._path(node.func)
        yield from late.writes(node, path, self.context.files)
        yield from late.evaluated(node, path)
        if path.startswith("get_ipython()"):
            yield from late.magic(path, node)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in suspects.MUTATORS and path.count(".") > 1:
            root, settings = path.split(".")[0], any(part in suspects.SETTINGS for part in path.split("."))
            if root in suspects.INNARDS and not settings and self._path(node.func.value) not in ("numpy", "pandas"):
                yield f"modifie « {path.rpartition('.')[0]} », d’une bibliothèque."

    def _by_name(self, verb: str, args: list[ast.expr]) -> Iterator[str]:
        name = late.literal(args[1]) if len(args) > 1 else None
        if verb == "setattr":
            if name is None or self._path(args[0]):
                yield "appelle setattr() sur une bibliothèque ou avec un nom calculé."
        elif name is not None:
            yield from shapes.named(name)
            yield from reach.forbidden(f"{self._path(args[0])}.{name}") if self._path(args[0]) else ()
        elif not (len(args) > 1 and isinstance(args[1], ast.Name) and args[1].id in self.listed):
            yield "appelle getattr() avec un nom calculé."

    def _rebinding(self, name: str, node: ast.AST) -> Iterator[str]:
        nature = self.context.given.get(name, "")
        if isinstance(node, (ast.Import, ast.ImportFrom)) and f"import {dict(imported(node)).get(name)}" == nature:
            return
        used = name in self.context.used
        if name in suspects.ALWAYS_KEPT and not isinstance(node, (ast.Import, ast.ImportFrom)):
            yield f"remplace « {name} »."
        elif used and name in _BUILTINS:
            yield f"remplace « {name} », dont le test se sert."
        elif used and (nature.startswith("import ") or nature == "définition"):
            yield f"remplace « {name} », donné par l’énoncé et dont le test se sert."
        elif used and nature == "donnée" and not shapes.continues(name, node):
            yield f"remplace « {name} », une donnée de l’énoncé dont le test se sert."
        elif not nature and used and isinstance(node, ast.Assign) and name in _USUAL_MODULES:
            yield f"remplace « {name} », dont le test se sert."

    def _inner(self, nodes: list[ast.AST]) -> Iterator[Finding]:
        """Code écrit dans une magie (`%time`, `%%capture`) : relu comme une cellule."""
        for node in nodes:
            if isinstance(node, ast.Call) and self._path(node.func).startswith("get_ipython().run_"):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if texts and texts[0] in suspects.CODE_MAGICS:
                    yield from (finding for text in texts[1:] for finding in self.read(text))


_USUAL_MODULES = ("np", "pd", "plt", "numpy", "pandas", "math", "formation")


def _step(node: ast.AST) -> tuple[str, ast.AST] | None:
    """Élément lu et objet où il est lu : `objet.nom` ou `getattr(objet, "nom")`."""
    if isinstance(node, ast.Attribute):
        return node.attr, node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        name = late.literal(node.args[1]) if len(node.args) > 1 else None
        return (name, node.args[0]) if name is not None else None
    return None


def _where(node: ast.AST, lines: list[str]) -> str:
    line = getattr(node, "lineno", 0)
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return f"« {shorten(text, 60)} » (ligne {line})" if text else f"Ligne {line}"
