"""Ce qu’un test nbgrader demande au carnet : valeurs, fonctions du stagiaire, données de l’énoncé."""

import ast
import builtins
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from formation.classroom.grading.branches import prefix_of, skipped
from formation.classroom.grading.names import bound, given
from formation.classroom.grading.types import NotebookSnapshot

_BUILTINS = frozenset(dir(builtins)) | {"display"}
# un test qui lit l’espace de noms, l’historique ou le clavier n’a de sens que dans le carnet
_INNER: frozenset[str] = frozenset(
    ("get_ipython", "In", "Out", "_", "__", "___", "globals", "locals", "vars", "dir", "eval", "exec", "input")
)
# avec une fonction du stagiaire : ce qui regarde ses sorties ou son texte, qu’un appel à distance ne rend pas
_WATCHING: frozenset[str] = frozenset(
    ("redirect_stdout", "redirect_stderr", "StringIO", "stdout", "stdin", "patch", "mock", "inspect", "capture_output")
)
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Needs:
    """Noms qu’un test lit sans les définir.

    Parameters
    ----------
    values : tuple of str
        Variables du stagiaire.
    functions : tuple of str
        Fonctions du stagiaire : le test ne fait que les appeler.
    data : tuple of str
        Données de l’énoncé, que le stagiaire a pu compléter.
    unsure : bool
        Vrai si une de ces données ne se refait pas sans le code du stagiaire.
    """

    values: tuple[str, ...]
    functions: tuple[str, ...]
    data: tuple[str, ...]
    unsure: bool = False

    def taken(self, mode: str) -> list[str]:
        """Variables à prendre dans la copie.

        Parameters
        ----------
        mode : str
            « énoncé » : celles du stagiaire ; « copie » : aussi les données de l’énoncé.

        Returns
        -------
        list of str
        """
        return [*self.values, *(self.data if mode == "copie" else ())]


@dataclass(slots=True)
class Ground:
    """Terrain du formateur : ce qui se refait sans aucun code de stagiaire.

    Attributes
    ----------
    cells : list of str
        Cellules à exécuter après le début commun.
    natures : dict
        Nom → nature, au sens de `names.given`.
    unsure : set of str
        Données de l’énoncé qui ne se refont pas, ou qui changent en cours de carnet.
    definitions : dict
        Fonction ou classe du formateur → son texte.
    """

    cells: list[str] = field(default_factory=list)
    natures: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    definitions: dict[str, str] = field(default_factory=dict)

    def add(self, source: str, *, run: bool) -> None:
        """Ajoute une cellule du formateur.

        Parameters
        ----------
        source : str
            Texte.
        run : bool
            Vrai si la cellule est déjà exécutée par le début commun.
        """
        natures = given([source])
        for statement in _body(source):
            for name, _ in bound([statement]):
                if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                    self.definitions[name] = ast.unparse(statement)
        for name in _placeholders(source):
            natures.pop(name, None)
        data = {name for name, nature in natures.items() if nature == "donnée"}
        if not run and (data & set(self.natures) or not self._alone(source)):
            self.unsure |= data
            natures = {name: nature for name, nature in natures.items() if name not in data}
            source = "\n".join(ast.unparse(one) for one in _body(source) if isinstance(one, _DEFINITIONS))
        self.natures |= natures
        if source.strip() and not run:
            self.cells.append(source)

    def _alone(self, source: str) -> bool:
        read = global_names(source)
        return read is not None and read <= _BUILTINS | set(self.natures)


def ground_of(notebook: NotebookSnapshot) -> Ground:
    """Relève le terrain du formateur.

    Parameters
    ----------
    notebook : NotebookSnapshot
        Carnet.

    Returns
    -------
    Ground
    """
    ground = Ground()
    prefix = prefix_of(notebook)
    for _, source in prefix:
        ground.add(source, run=True)
    rest = [cell for cell in notebook.base if cell["cell_type"] == "code"][len(prefix) :]
    for cell in rest:
        if skipped(cell.get("metadata", {})):
            continue
        known = notebook.cells.get(cell["name"])
        if known is None:
            # le stagiaire peut la changer
            ground.unsure |= {name for name, nature in given([cell["source"]]).items() if nature == "donnée"}
        elif not known.locked:
            continue
        elif notebook.kind(known.name) == "interne":
            kept = [ast.unparse(one) for one in _body(known.source) if isinstance(one, _DEFINITIONS)]
            if kept:
                ground.add("\n".join(kept), run=False)
        else:
            ground.add(known.source, run=False)
    return ground


def needs(source: str, ground: Ground) -> Needs | None:
    """Dit ce qu’un test demande au carnet.

    Parameters
    ----------
    source : str
        Test, partie cachée comprise.
    ground : Ground
        Terrain du formateur.

    Returns
    -------
    Needs or None
        None si le test ne peut pas se refaire hors du carnet.
    """
    wanted = global_names(source)
    if wanted is None or wanted & _INNER:
        return None
    todo, seen = list(wanted - _BUILTINS), set(_BUILTINS)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += (global_names(ground.definitions[name]) or set()) if name in ground.definitions else ()
    names = seen - _BUILTINS
    known = {name for name in names if name in ground.natures and name not in ground.unsure}
    data = {name for name in known if ground.natures[name] == "donnée"} | (names & ground.unsure)
    own = names - known - data
    tree = ast.parse(source)
    called = {name for name in own if _only_called(tree, name)}
    if called and not _callable_from_afar(tree, called):
        return None
    values = own - called
    return Needs(tuple(sorted(values)), tuple(sorted(called)), tuple(sorted(data)), bool(names & ground.unsure))


@lru_cache(maxsize=1024)
def global_names(source: str) -> frozenset[str] | None:
    r"""Noms qu’un texte lit sans les définir lui-même.

    Parameters
    ----------
    source : str
        Code.

    Returns
    -------
    frozenset of str or None
        None si ce n’est pas du Python pur (magie, erreur de syntaxe).

    Examples
    --------
    >>> sorted(global_names("a = b\nassert all(c > a for c in d)"))
    ['all', 'b', 'd']
    """
    try:
        top = symtable.symtable(source, "<test>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None
    made = {one.get_name() for one in top.get_symbols() if one.is_assigned() or one.is_imported()}
    read = {one.get_name() for table in _tables(top) for one in table.get_symbols() if _is_read(table, one)}
    return frozenset(read - made)


def _is_read(table: symtable.SymbolTable, one: symtable.Symbol) -> bool:
    if table.get_type() == "module":
        return one.is_referenced()
    return one.is_global() and one.is_referenced()


def _tables(top: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield top
    for inner in top.get_children():
        yield from _tables(inner)


def _body(source: str) -> Sequence[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _placeholders(source: str) -> set[str]:
    """Noms que le formateur laisse vides, à remplir par le stagiaire : `total = None`, `total = ...`."""
    return {
        target.id
        for one in _body(source)
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant) and one.value.value in (None, ...)
        for target in one.targets
        if isinstance(target, ast.Name)
    }


def _only_called(tree: ast.Module, name: str) -> bool:
    called = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == name]
    read = [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id == name]
    return len(called) == len(read) > 0


def _callable_from_afar(tree: ast.Module, called: set[str]) -> bool:
    for node in ast.walk(tree):
        names = {getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "module", "")}
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.name for alias in node.names}
        if names & _WATCHING:
            return False
        # appelée pour son effet et non pour ce qu’elle rend
        alone = node.value if isinstance(node, ast.Expr) and node is not tree.body[-1] else None
        if isinstance(alone, ast.Call) and getattr(alone.func, "id", "") in called:
            return False
    return True
