"""Un exercice en mémoire : ses cellules, ses réponses, ses contrôles."""

import ast
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formation.classroom.models import Control, Header

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True, slots=True)
class Cell:
    """Une cellule d’un exercice.

    Parameters
    ----------
    kind : str
        texte, preparation, exemple, libre, reponse ou controle.
    name : str
        Identifiant stable dans le carnet (`grade_id` de nbgrader).
    source : str
        Texte ou code, solution comprise.
    line : int
        Ligne du fichier où elle commence.
    control : Control, optional
        Déclaration du contrôle.
    """

    kind: str
    name: str
    source: str
    line: int
    control: Control | None = None

    @property
    def blank(self) -> str:
        """Code laissé au stagiaire : la cellule sans sa solution."""
        return strip_solution(self.source)

    @property
    def solved(self) -> str:
        """Code de la solution, marqueurs ôtés."""
        return "\n".join(line for line in self.source.splitlines() if line.strip() not in (BEGIN, END))

    @property
    def variable(self) -> str:
        """Variable contrôlée, deuxième argument de `expect`."""
        call = ast.parse(self.source).body[0].value  # type: ignore[attr-defined]
        return str(call.args[1].id)


@dataclass(frozen=True, slots=True)
class Exercise:
    """Un exercice lu et validé."""

    name: str
    path: Path
    header: Header
    cells: tuple[Cell, ...]
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[Cell, ...]:
        """Cellules de réponse."""
        return tuple(cell for cell in self.cells if cell.kind == "reponse")

    @property
    def controls(self) -> dict[str, Control]:
        """Contrôles notés, par nom."""
        return {cell.control.nom: cell.control for cell in self.cells if cell.control is not None}

    @property
    def version(self) -> str:
        """Empreinte de ce que le stagiaire reçoit ; les solutions n’y entrent pas."""
        public = "\x00".join(cell.blank if cell.kind == "reponse" else cell.source for cell in self.cells)
        return hashlib.sha256(public.encode()).hexdigest()[:12]

    @property
    def points(self) -> float:
        """Total des points."""
        return sum(control.points for control in self.controls.values())


def strip_solution(source: str) -> str:
    r"""Ôte d’une cellule tout ce qui est entre les marqueurs de solution.

    Parameters
    ----------
    source : str
        Code de la cellule.

    Returns
    -------
    str

    Examples
    --------
    >>> strip_solution("a = ...\n### BEGIN SOLUTION\na = 1\n### END SOLUTION")
    'a = ...'
    """
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            inside = True
        elif line.strip() == END:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)
