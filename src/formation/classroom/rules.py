"""Règles d’un exercice : réponses à trou, contrôles d’une seule ligne, paragraphes à relire."""

import ast
import re
from collections.abc import Iterator

from formation.classroom.exercise import BEGIN, END, Cell
from formation.classroom.models import IDENTIFIER

Problem = tuple[int, str]


def check_cells(name: str, cells: list[Cell]) -> list[Problem]:
    """Vérifie les cellules d’un exercice.

    Parameters
    ----------
    name : str
        Nom de l’exercice.
    cells : list of Cell
        Cellules dans l’ordre du fichier.

    Returns
    -------
    list of (int, str)
        Ligne et explication de chaque erreur.
    """
    problems = [*_duplicates(cells), *_order(cells)]
    blanks = {variable for cell in cells if cell.kind == "reponse" for variable in _blank_names(cell)}
    headings = _headings(cells)
    for cell in cells:
        if cell.kind == "reponse":
            problems += _check_answer(cell)
        elif cell.kind == "controle":
            problems += _check_control(cell, blanks, headings)
        elif cell.kind != "texte":
            problems += _parses(cell.line, cell.source, "cette cellule")
    if not any(cell.kind == "controle" for cell in cells):
        problems.append((0, f"l’exercice « {name} » n’a aucun contrôle noté."))
    return problems


def _duplicates(cells: list[Cell]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for cell in cells:
        if cell.name in seen:
            yield cell.line, f"« {cell.name} » est déjà le nom de la cellule de la ligne {seen[cell.name]}."
        seen.setdefault(cell.name, cell.line)
        if cell.kind == "reponse" and re.fullmatch(IDENTIFIER, cell.name) is None:
            yield cell.line, f"« reponse : {cell.name} » : minuscules, chiffres et traits bas, sans accent."


def _order(cells: list[Cell]) -> Iterator[Problem]:
    if not any(cell.kind == "preparation" and "checks" in cell.source for cell in cells):
        yield 0, "aucune cellule « preparation » n’importe les contrôles : from formation import checks."
    if cells and (cells[0].kind != "texte" or not cells[0].source.startswith("# ")):
        yield cells[0].line, "le carnet commence par un titre « # … »."


def _headings(cells: list[Cell]) -> set[str]:
    text = "\n".join(cell.source for cell in cells if cell.kind == "texte")
    return {_bare(match) for match in re.findall(r"^#{1,6}\s+(.+)$", text, re.MULTILINE)}


def _bare(heading: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", heading).replace("’", "'").split()).casefold()


def _parses(line: int, source: str, what: str) -> list[Problem]:
    try:
        ast.parse(source)
    except SyntaxError as error:
        return [(line + (error.lineno or 1), f"{what} n’est pas du Python correct ({error.msg}).")]
    return []


def _check_answer(cell: Cell) -> Iterator[Problem]:
    markers = [line.strip() for line in cell.source.splitlines() if "SOLUTION" in line]
    if not markers or markers != [BEGIN, END] * (len(markers) // 2):
        yield cell.line, f"réponse « {cell.name} » : la solution s’écrit entre « {BEGIN} » et « {END} »."
        return
    yield from _parses(cell.line, cell.solved, f"la solution de « {cell.name} »")
    broken = _parses(cell.line, cell.blank, f"le trou de « {cell.name} », une fois la solution ôtée,")
    yield from broken
    if not broken and not _blank_names(cell):
        yield (
            cell.line,
            (
                f"réponse « {cell.name} » : il manque le trou laissé au stagiaire, "
                "« variable = ... » ou une fonction dont le corps est « ... »."
            ),
        )


def _blank_names(cell: Cell) -> set[str]:
    try:
        body = ast.parse(cell.blank).body
    except SyntaxError:
        return set()
    names = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is ...:
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _check_control(cell: Cell, blanks: set[str], headings: set[str]) -> Iterator[Problem]:
    control = cell.control
    if control is None:
        return
    verb = "expect_function" if control.type == "fonction" else "expect"
    variable = _called_variable(cell.source, verb, control.nom)
    if variable is None:
        yield (
            cell.line,
            f'contrôle « {control.nom} » : écrivez une seule ligne, checks.{verb}("{control.nom}", variable).',
        )
    elif variable not in blanks:
        yield (
            cell.line,
            f"contrôle « {control.nom} » : aucune cellule de réponse ne laisse le trou « {variable} = ... ».",
        )
    if _bare(control.relire) not in headings:
        yield (
            cell.line,
            f"contrôle « {control.nom} » : « relire » cite un titre absent du carnet, « {control.relire} ».",
        )
    for trap in control.pieges:
        yield from _parses(cell.line, trap.calcul, f"le calcul d’un piège de « {control.nom} »")
    expressions = [*(trap.valeur for trap in control.pieges), *control.cas, *control.equivalents]
    for text in expressions:
        try:
            ast.parse(text.strip(), mode="eval")
        except SyntaxError:
            yield cell.line, f"contrôle « {control.nom} » : « {text} » n’est pas une expression Python."


def _called_variable(source: str, verb: str, name: str) -> str | None:
    try:
        match ast.parse(source).body:
            case [
                ast.Expr(
                    ast.Call(
                        func=ast.Attribute(value=ast.Name(id="checks"), attr=attribute),
                        args=[ast.Constant(value=given), ast.Name(id=variable)],
                        keywords=[],
                    )
                )
            ] if attribute == verb and given == name:
                return variable
    except SyntaxError:
        return None
    return None
